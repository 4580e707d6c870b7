"""Facts: what happened after signature. Recorded later, insert-only, each pointing at a term's row."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conventions.models.terms import Funding, FundingQuerySet


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


class PaymentQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Sent or paid; those sent back count nowhere."""
        return self.filter(returned_on=None)

    def waiting(self) -> Self:
        """Sent to the accountant, neither paid nor sent back."""
        return self.standing().filter(paid_on=None)

    def paid(self) -> Self:
        return self.filter(paid_on__isnull=False)

    def of_budget_year(self, year: int | None) -> Self:
        """Those whose line belongs to this budget year; None: no line, or a line without a year."""
        lines = Funding.objects.last_signed()
        if year is not None:
            return self.filter(_on_a_line(lines.filter(budget_year=year)))
        return self.exclude(_on_a_line(lines.filter(budget_year__isnull=False)))

    def with_budget_year(self) -> Self:
        """Annotate `budget_line` (the line of funding, or that of the instalment) and `budget_year` (or None)."""
        lines = Funding.objects.last_signed().filter(line=OuterRef("budget_line"))
        return self.annotate(
            budget_line=Coalesce("funding__line", "instalment__funding_line"),
            budget_year=Subquery(lines.values("budget_year")[:1]),
        )


def _on_a_line(fundings: FundingQuerySet) -> Q:
    """Payments tied to the line of one of these rows, by themselves or by their instalment."""
    lines = fundings.values("line")
    return Q(funding__line__in=lines) | Q(funding=None, instalment__funding_line__in=lines)


class Payment(Fact):
    """A sum the accountant was sent, then paid or sent back. The application records; it never pays.

    Once recorded, only its end is added: paid, or sent back with a reason (`foundation.triggers` holds it). Its budget
    year is that of its line of funding, never its own.
    """

    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        related_name="payments",
    )
    funding = models.ForeignKey(
        "conventions.Funding",
        verbose_name=_("financement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
    )
    instalment = models.ForeignKey(
        "conventions.InstalmentTerm",
        verbose_name=_("versement prévu"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
    )
    bank_account = models.ForeignKey(
        "conventions.BankAccount",
        verbose_name=_("compte"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
    )
    amount = models.PositiveBigIntegerField(_("montant (F CFP)"))
    sent_on = models.DateField(_("transmis au comptable le"), null=True, blank=True)
    paid_on = models.DateField(_("payé le"), null=True, blank=True)
    reference = models.CharField(_("référence du mandat"), max_length=80, blank=True)
    returned_on = models.DateField(_("renvoyé le"), null=True, blank=True)
    return_reason = models.CharField(_("motif du renvoi"), max_length=500, blank=True)

    # Read by `with_budget_year()`.
    budget_line: uuid.UUID | None
    budget_year: int | None

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("versement")
        verbose_name_plural = _("versements")
        ordering = ["convention", "paid_on", "sent_on", "pk"]
        indexes = [
            models.Index(
                fields=["sent_on"], condition=Q(paid_on=None, returned_on=None), name="payment_waiting"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="payment_amount_positive",
                violation_error_message=_("Un versement est supérieur à 0 F CFP."),
            ),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=False) | Q(paid_on__isnull=False),
                name="payment_has_a_date",
                violation_error_message=_(
                    "Donnez la date de transmission au comptable ou la date de paiement."
                ),
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None, return_reason="")
                | (Q(returned_on__isnull=False, sent_on__isnull=False, paid_on=None) & ~Q(return_reason="")),
                name="payment_returned_unpaid_with_reason",
                violation_error_message=_("Un versement renvoyé n’est pas payé, et son renvoi a un motif."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference or str(self.paid_on or self.sent_on)

    @property
    def address(self) -> str:
        """Its place in the follow-up of its convention, with the form that records its payment open."""
        page = reverse("admin:conventions_convention_follow", args=[self.convention_id])
        return f"{page}?paye={self.pk}#versement-{self.pk}"


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
