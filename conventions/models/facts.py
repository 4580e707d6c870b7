"""Facts: what happened after signature. Recorded later, insert-only, each pointing at a term's row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Fact(models.Model):
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("enregistré par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("enregistré le"), auto_now_add=True)
    note = models.CharField(_("note"), max_length=255, blank=True)

    class Meta:
        abstract = True


class Handover(Fact):
    """A remise of equipment: devices, date, place, who received; its PV is a document."""

    act = models.ForeignKey(
        "conventions.Act", verbose_name=_("acte"), on_delete=models.PROTECT, related_name="handovers"
    )
    items = models.ManyToManyField(
        "conventions.EquipmentItem", verbose_name=_("appareils"), blank=True, related_name="handovers"
    )
    handed_on = models.DateField(_("remis le"))
    place = models.CharField(_("lieu"), max_length=160, blank=True)
    given_by = models.CharField(_("remis par"), max_length=160, blank=True)
    received_by = models.CharField(_("reçu par"), max_length=160, blank=True)
    document = models.ForeignKey(
        "conventions.Document",
        verbose_name=_("procès-verbal"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    acknowledged_at = models.DateTimeField(_("accusé de réception"), null=True, blank=True, editable=False)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    missing = models.CharField(_("ce qui manque"), max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = _("remise de matériel")
        verbose_name_plural = _("remises de matériel")
        ordering = ["-handed_on", "pk"]
        indexes = [models.Index(fields=["acknowledged_at"], name="handover_acknowledged")]
        constraints = [
            models.CheckConstraint(
                condition=Q(missing="") | Q(acknowledged_at__isnull=False),
                name="handover_missing_is_acknowledged",
            )
        ]

    def __str__(self) -> str:
        return f"Remise du {self.handed_on:%d/%m/%Y}"


class Return(Fact):
    """A loan that came back."""

    in_kind = models.ForeignKey(
        "conventions.InKind", verbose_name=_("prêt"), on_delete=models.PROTECT, related_name="returns"
    )
    returned_on = models.DateField(_("rendu le"))
    quantity = models.PositiveIntegerField(_("quantité"), null=True, blank=True)
    condition = models.CharField(_("état constaté"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("restitution")
        verbose_name_plural = _("restitutions")
        ordering = ["-returned_on", "pk"]

    def __str__(self) -> str:
        return f"Restitution du {self.returned_on:%d/%m/%Y}"


class ReportReceived(Fact):
    """A report that an obligation asked for."""

    obligation = models.ForeignKey(
        "conventions.Obligation",
        verbose_name=_("engagement"),
        on_delete=models.PROTECT,
        related_name="reports",
    )
    received_on = models.DateField(_("reçu le"))
    attachment = models.ForeignKey(
        "conventions.Attachment",
        verbose_name=_("pièce"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    spent = models.PositiveBigIntegerField(_("dépenses justifiées (F CFP)"), null=True, blank=True)
    accepted_on = models.DateField(_("accepté le"), null=True, blank=True)
    refused_on = models.DateField(_("redemandé le"), null=True, blank=True)
    refusal = models.CharField(_("motif"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("compte rendu reçu")
        verbose_name_plural = _("comptes rendus reçus")
        ordering = ["-received_on", "pk"]
        indexes = [
            models.Index(
                fields=["obligation"], condition=Q(accepted_on=None, refused_on=None), name="report_to_accept"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(refused_on__isnull=True, refusal="")
                | (Q(refused_on__isnull=False, accepted_on__isnull=True) & ~Q(refusal="")),
                name="report_refused_with_reason",
                violation_error_message=_("Dites pourquoi ce compte rendu est à renvoyer."),
            )
        ]

    def __str__(self) -> str:
        return f"Reçu le {self.received_on:%d/%m/%Y}"


class Review(Fact):
    """What the office concludes of a convention, before renewing it or not."""

    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        related_name="reviews",
    )
    reviewed_on = models.DateField(_("date du bilan"))
    conclusion = models.TextField(_("conclusion"))
    renew = models.BooleanField(_("renouvellement proposé"), null=True, blank=True)

    class Meta:
        verbose_name = _("bilan")
        verbose_name_plural = _("bilans")
        ordering = ["-reviewed_on", "pk"]

    def __str__(self) -> str:
        return f"Bilan du {self.reviewed_on:%d/%m/%Y}"
