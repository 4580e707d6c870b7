"""Payments: a case, what happened to it, and where it stands. The application records; it never pays.

A case and its events are insert-only (`foundation.triggers`); names and free words stand in an erasable side row. A
position is what the events of one case come to: `domain.money.cases` alone writes both, in one transaction.
"""

import uuid
from typing import Any, ClassVar, Final, Self, cast

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.models.facts import Fact
from conventions.models.media import recorder
from conventions.models.terms import Funding, FundingQuerySet
from conventions.money_enums import SPENT, STANDING, PaymentEventKind, PaymentState

# What was paid and did not come back, of a payment, in SQL.
NET: Final = F("position__paid_amount") - F("position__reversed_amount")


class PaymentQuerySet(models.QuerySet):
    def in_state(self, *states: str) -> Self:
        return self.filter(position__state__in=states)

    def standing(self) -> Self:
        """Sent or paid; those sent back, rejected or given up count nowhere."""
        return self.in_state(*STANDING)

    def waiting(self) -> Self:
        """Sent to the accountant, neither paid nor sent back."""
        return self.in_state(PaymentState.SENT)

    def paid(self) -> Self:
        return self.in_state(*SPENT)

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

    def with_reasons(self) -> Self:
        """With the words of the last event of each: why it was sent back."""
        return self.select_related("position__last_event__text")


def _on_a_line(fundings: FundingQuerySet) -> Q:
    """Payments tied to the line of one of these rows, by themselves or by their instalment."""
    lines = fundings.values("line")
    return Q(funding__line__in=lines) | Q(funding=None, instalment__funding_line__in=lines)


class PaymentManager(models.Manager.from_queryset(PaymentQuerySet)):  # type: ignore[misc]  # made on the spot
    """With their position and its account: nothing is said of a payment without them."""

    def get_queryset(self) -> PaymentQuerySet:
        rows = super().get_queryset().select_related("position__bank_account__partner", "position__sent_by")
        return cast(PaymentQuerySet, rows)


class Payment(Fact):
    """A sum to pay, or paid: one case, from its preparation to its end. Never changed once recorded.

    Its budget year is that of its line of funding, never its own.
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
    amount = models.PositiveBigIntegerField(_("montant (F CFP)"))

    # Read by `with_budget_year()`.
    budget_line: uuid.UUID | None
    budget_year: int | None

    objects: ClassVar = PaymentManager()

    class Meta:
        verbose_name = _("versement")
        verbose_name_plural = _("versements")
        ordering = ["convention", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="payment_amount_positive",
                violation_error_message=_("Un versement est supérieur à 0 F CFP."),
            ),
        ]

    def __str__(self) -> str:
        return self.position.reference or str(self.paid_on or self.sent_on or self.amount)

    @property
    def address(self) -> str:
        """Its place in the follow-up of its convention, with the form that records its payment open."""
        page = reverse("admin:conventions_convention_follow", args=[self.convention_id])
        return f"{page}?paye={self.pk}#versement-{self.pk}"

    # What its position tells.
    @property
    def sent_on(self) -> Any:
        return self.position.sent_on

    @property
    def paid_on(self) -> Any:
        return self.position.paid_on

    @property
    def returned_on(self) -> Any:
        return self.position.returned_on

    @property
    def reference(self) -> str:
        return self.position.reference

    @property
    def bank_account(self) -> Any:
        return self.position.bank_account

    @property
    def return_reason(self) -> str:
        """Why it was sent back or rejected; read it of rows `with_reasons`."""
        return self.position.last_event.words.get("motif", "") if self.position.returned_on else ""


class PaymentEvent(models.Model):
    """What happened to a payment, on which day, told by whom. Never changed; `details` hold no personal data."""

    payment = models.ForeignKey(
        Payment, verbose_name=_("versement"), on_delete=models.PROTECT, related_name="events"
    )
    kind = models.CharField(_("événement"), max_length=16, choices=PaymentEventKind)
    happened_on = models.DateField(_("le"))
    recorded_at = models.DateTimeField(_("enregistré le"), default=timezone.now, editable=False)
    recorded_by = recorder(_("enregistré par"))
    amount = models.PositiveBigIntegerField(_("montant (F CFP)"), null=True, blank=True)
    reference = models.CharField(_("mandat ou titre"), max_length=80, blank=True)
    bank_account = models.ForeignKey(
        "conventions.BankAccount",
        verbose_name=_("compte"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payment_events",
    )
    details = models.JSONField(_("précisions"), default=dict, blank=True)

    class Meta:
        verbose_name = _("événement d’un versement")
        verbose_name_plural = _("événements des versements")
        ordering = ["payment", "pk"]
        indexes = [models.Index(fields=["kind", "happened_on"], name="payment_event_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0),
                name="payment_event_amount_positive",
                violation_error_message=_("Un montant est supérieur à 0 F CFP."),
            ),
            models.CheckConstraint(
                condition=~Q(
                    kind__in=[PaymentEventKind.PAID, PaymentEventKind.OVERPAID, PaymentEventKind.REVERSED]
                )
                | Q(amount__isnull=False),
                name="payment_event_says_amount",
                violation_error_message=_("Écrivez le montant."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.happened_on:%d/%m/%Y}"

    @property
    def words(self) -> dict[str, str]:
        """Names and free words, empty when there are none or they were erased."""
        text = getattr(self, "text", None)
        return text.data if text is not None else {}


class PaymentEventText(models.Model):
    """Names and free words of an event: erasable, never changed."""

    event = models.OneToOneField(
        PaymentEvent, verbose_name=_("événement"), on_delete=models.PROTECT, related_name="text"
    )
    data = models.JSONField(_("textes"))

    class Meta:
        verbose_name = _("texte d’un événement de versement")
        verbose_name_plural = _("textes des événements de versement")

    def __str__(self) -> str:
        return str(self.event_id)


class PaymentPosition(models.Model):
    """What the events of a payment come to. Sums are whole XPF; `holds` is the instalment that an open case holds."""

    payment = models.OneToOneField(
        Payment, on_delete=models.CASCADE, primary_key=True, related_name="position"
    )
    state = models.CharField(_("état"), max_length=12, choices=PaymentState)
    holds = models.UUIDField(_("versement prévu en cours"), null=True, unique=True)
    prepared_on = models.DateField(_("préparé le"), null=True)
    controlled_on = models.DateField(_("contrôlé le"), null=True)
    sent_on = models.DateField(_("transmis au comptable le"), null=True)
    sent_at = models.DateTimeField(_("transmission notée le"), null=True)
    sent_by = recorder(_("transmis par"))
    paid_on = models.DateField(_("payé le"), null=True)
    paid_amount = models.PositiveBigIntegerField(_("payé (F CFP)"), default=0)
    reference = models.CharField(_("référence du mandat"), max_length=80, default="", blank=True)
    returned_on = models.DateField(_("renvoyé ou rejeté le"), null=True)
    overpaid = models.PositiveBigIntegerField(_("trop-perçu (F CFP)"), default=0)
    reversed_amount = models.PositiveBigIntegerField(_("reversé (F CFP)"), default=0)
    bank_account = models.ForeignKey(
        "conventions.BankAccount",
        verbose_name=_("compte"),
        on_delete=models.PROTECT,
        null=True,
        related_name="payments",
    )
    account_read = models.TextField(_("ce qui a été confirmé du compte"), default="", blank=True)
    last_event = models.ForeignKey(
        PaymentEvent, verbose_name=_("dernier événement"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("position d’un versement")
        verbose_name_plural = _("positions des versements")
        indexes = [models.Index(fields=["state", "sent_on"], name="payment_by_state")]

    def __str__(self) -> str:
        return str(self.get_state_display())

    @property
    def net(self) -> int:
        """What was paid and did not come back, in XPF."""
        return self.paid_amount - self.reversed_amount

    @property
    def to_reverse(self) -> int:
        """What was paid too much and did not come back, in XPF."""
        return max(0, self.overpaid - self.reversed_amount)
