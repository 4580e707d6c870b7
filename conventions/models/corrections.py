"""What a lawyer, or the direction, asks to correct in one section of an act."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import PageSection


class Correction(models.Model):
    """One note on one section of the page. All notes of one request have the same `asked_at`."""

    act = models.ForeignKey(
        "conventions.Act", verbose_name=_("acte"), on_delete=models.PROTECT, related_name="corrections"
    )
    section = models.CharField(_("rubrique"), max_length=12, choices=PageSection)
    note = models.TextField(_("à corriger"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("demandée par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections_asked",
    )
    asked_at = models.DateTimeField(_("demandée le"))
    settled_at = models.DateTimeField(_("faite le"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("faite par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections_settled",
    )

    class Meta:
        verbose_name = _("correction demandée")
        verbose_name_plural = _("corrections demandées")
        ordering = ["act", "-asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["act", "section", "asked_at"],
                name="correction_once_per_section",
                violation_error_message=_("Une seule note par rubrique : complétez celle qui existe."),
            ),
            models.CheckConstraint(
                condition=~Q(note=""),
                name="correction_says_what",
                violation_error_message=_("Écrivez ce qu’il faut corriger dans cette rubrique."),
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="correction_settled_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_section_display()} : {self.note}"
