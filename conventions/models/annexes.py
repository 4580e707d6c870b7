"""Received files that an act takes as annexes: under its seal, in an order, with a title."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conventions.models.documents import bytes_name


class Annex(models.Model):
    """A filed paper that the act makes a part of itself.

    `sha256`, `size`, `page_count` are those of the PDF that is embedded: the filed one, or its pages as readers show
    them (`domain.documents.annexes`). The database refuses any change once the act is frozen.
    """

    act = models.ForeignKey(
        "conventions.Act", verbose_name=_("acte"), on_delete=models.PROTECT, related_name="annexes"
    )
    attachment = models.ForeignKey(
        "conventions.Attachment",
        verbose_name=_("pièce du dossier"),
        on_delete=models.PROTECT,
        related_name="annexes",
    )
    title = models.CharField(_("titre"), max_length=200)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, editable=False)
    size = models.PositiveIntegerField(_("taille (octets)"), editable=False)
    page_count = models.PositiveSmallIntegerField(_("pages"), editable=False)

    class Meta:
        verbose_name = _("annexe")
        verbose_name_plural = _("annexes")
        ordering = ["act", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["act", "attachment"],
                name="annex_once_per_act",
                violation_error_message=_("Cette pièce est déjà une annexe de l’acte."),
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(sha256="") & Q(page_count__gt=0, size__gt=0),
                name="annex_was_read",
                violation_error_message=_(
                    "Choisissez de nouveau le fichier de cette annexe : il n’a pas été lu."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def storage_name(self) -> str:
        """Name of the embedded bytes in private storage."""
        return bytes_name(self.sha256)
