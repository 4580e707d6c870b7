"""What someone typed in a form and has not saved: apart from every file, for its author alone."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class KeptText(models.Model):
    """One form that one person has open: what is typed there, encrypted, until it is saved, closed or thirty days old.

    `form` is the address that the form posts to, `tab` the page of the browser: two pages of one form are two rows.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("écrit par"),
        on_delete=models.CASCADE,
        related_name="kept_texts",
    )
    form = models.CharField(_("formulaire"), max_length=300)
    tab = models.CharField(_("page ouverte"), max_length=16)
    typed_encrypted = models.TextField(editable=False)
    kept_at = models.DateTimeField(_("gardé le"), default=timezone.now)

    class Meta:
        verbose_name = _("texte gardé")
        verbose_name_plural = _("textes gardés")
        ordering = ["-kept_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "form", "tab"], name="kept_text_one_a_page")]
        indexes = [models.Index(fields=["kept_at"], name="kept_text_kept_at")]

    def __str__(self) -> str:
        return f"{self.form} ({self.kept_at:%d/%m/%Y})"
