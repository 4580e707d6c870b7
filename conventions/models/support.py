"""Terms in goods and services: support in kind, and the lines of the equipment annex."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import AmountStatus, DatePrecision, SupportBehaviour, Transfer
from conventions.formats import as_phrase, long_date, pickup_phrase
from conventions.models.terms import (
    Computed,
    Term,
    TermQuerySet,
    amount_constraints,
    computation_constraints,
)


class Loan(models.Model):
    """What a loan says: from when to when, who takes care of it, who insures it, in what state it leaves."""

    starts_on = models.DateField(_("à partir du"), null=True, blank=True)
    return_on = models.DateField(_("retour prévu le"), null=True, blank=True)
    custody = models.CharField(
        _("garde et entretien"),
        max_length=255,
        blank=True,
        help_text=_("Par exemple « à la charge de l’association, dans un local fermé »."),
    )
    insurance = models.CharField(
        _("assurance"),
        max_length=255,
        blank=True,
        help_text=_("Par exemple « souscrite par l’association avant la remise »."),
    )
    state_given = models.CharField(
        _("état au départ"),
        max_length=255,
        blank=True,
        help_text=_("Par exemple « bon état, constaté à la remise »."),
    )

    class Meta:
        abstract = True

    @property
    def due(self) -> str:
        """When it comes back, in words; empty when nobody said."""
        return f"à rendre le {long_date(self.return_on)}" if self.return_on else ""

    @property
    def care(self) -> tuple[str, ...]:
        """Who keeps it, who insures it, in what state it left: « assurance : souscrite par l’association »."""
        said = (
            ("garde et entretien", self.custody),
            ("assurance", self.insurance),
            ("état au départ", self.state_given),
        )
        return tuple(f"{label} : {as_phrase(words)}" for label, words in said if words)


GIVEN_MESSAGE = _(
    "Ce matériel est donné : choisissez « prêté », ou retirez les dates, la garde, l’assurance et l’état."
)
RETURN_MESSAGE = _("Le retour précède le début du prêt. Corrigez l’une des deux dates.")


def loan_constraint(name: str) -> models.CheckConstraint:
    """A thing comes back after it left."""
    return models.CheckConstraint(
        condition=Q(starts_on__isnull=True) | Q(return_on__isnull=True) | Q(return_on__gte=F("starts_on")),
        name=f"{name}_return_after_start",
        violation_error_message=RETURN_MESSAGE,
    )


class InKindQuerySet(TermQuerySet):
    def lent(self) -> Self:
        """What comes back: of a kind that is lent, or with a day of return."""
        return self.filter(Q(kind__behaviour=SupportBehaviour.LOAN) | Q(return_on__isnull=False))


class InKindManager(models.Manager.from_queryset(InKindQuerySet)):  # type: ignore[misc]  # made on the spot
    """With their kind: nothing is said of a support without it."""

    def get_queryset(self) -> InKindQuerySet:
        return super().get_queryset().select_related("kind")


class InKind(Computed, Loan, Term):
    """Support other than money; how it behaves (given, lent, lasting, done once) is that of its kind."""

    kind = models.ForeignKey(
        "conventions.SupportKind",
        verbose_name=_("type"),
        on_delete=models.PROTECT,
        to_field="slug",
        db_column="kind",
        default="don",
        related_name="supports",
    )
    kind_id: str
    description = models.CharField(_("désignation"), max_length=255)
    status = models.CharField(_("valeur"), max_length=14, choices=AmountStatus, default=AmountStatus.UNKNOWN)
    amount = models.PositiveBigIntegerField(_("valeur estimée (F CFP)"), null=True, blank=True)
    publishable = models.BooleanField(_("valeur publiable"), default=True)
    conditions = models.CharField(_("conditions"), max_length=255, blank=True)

    objects: ClassVar = InKindManager()

    class Meta(Term.Meta):
        abstract = False
        verbose_name = _("soutien en nature")
        verbose_name_plural = _("soutiens en nature")
        constraints = [
            *Term.Meta.constraints,
            *amount_constraints("inkind"),
            *computation_constraints("inkind"),
            loan_constraint("inkind"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def is_lent(self) -> bool:
        """`InKindQuerySet.lent`, for a row already read."""
        return self.kind.is_lent or self.return_on is not None


class EquipmentTerm(Computed, Loan, Term):
    """A line of the equipment annex, given or lent: one serial, or a lot with its quantity (null when unknown)."""

    transfer = models.CharField(
        _("donné ou prêté"), max_length=4, choices=Transfer, blank=True, default=Transfer.GIVEN
    )
    nature = models.CharField(
        _("nature"), max_length=120, help_text=_("Par exemple « ordinateur de bureautique ».")
    )
    quantity = models.PositiveIntegerField(_("quantité"), null=True, blank=True, default=1)
    brand = models.CharField(_("marque"), max_length=80, blank=True)
    model = models.CharField(_("modèle"), max_length=120, blank=True)
    serial = models.CharField(_("numéro de série"), max_length=80, blank=True)
    inventory_tag = models.CharField(_("numéro d’inventaire"), max_length=80, blank=True)
    purchased_on = models.DateField(_("date d’achat"), null=True, blank=True)
    purchased_on_precision = models.CharField(
        _("précision"), max_length=6, choices=DatePrecision, default=DatePrecision.DAY
    )
    status = models.CharField(_("valeur"), max_length=14, choices=AmountStatus, default=AmountStatus.UNKNOWN)
    amount = models.PositiveBigIntegerField(_("valeur estimée (F CFP)"), null=True, blank=True)
    publishable = models.BooleanField(_("valeur publiable"), default=True)
    pickup_place = models.CharField(_("lieu d’enlèvement"), max_length=120, blank=True)
    pickup_by = models.DateField(_("à enlever avant le"), null=True, blank=True)
    holds_data = models.BooleanField(
        _("contient des données"),
        default=True,
        help_text=_("La remise est bloquée tant que l’effacement n’est pas fait."),
    )

    class Meta(Term.Meta):
        abstract = False
        verbose_name = _("matériel")
        verbose_name_plural = _("matériels")
        constraints = [
            *Term.Meta.constraints,
            *amount_constraints("equipmentterm"),
            *computation_constraints("equipmentterm"),
            loan_constraint("equipmentterm"),
            models.CheckConstraint(
                condition=Q(transfer=Transfer.LENT)
                | Q(starts_on__isnull=True, return_on__isnull=True, custody="", insurance="", state_given=""),
                name="equipmentterm_given_does_not_return",
                violation_error_message=GIVEN_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0),
                name="equipmentterm_quantity_positive",
                violation_error_message=_(
                    "La quantité est au moins 1. Laissez-la vide si elle est inconnue."
                ),
            ),
            models.CheckConstraint(
                condition=Q(serial="") | Q(quantity=1),
                name="equipmentterm_one_per_serial",
                violation_error_message=_("Un numéro de série désigne un seul appareil : la quantité est 1."),
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.nature, self.brand, self.model, self.serial) if part)

    @property
    def unlisted(self) -> str:
        """« séries non relevées »: of an act of paper that gave a lot without naming its devices; else empty."""
        named = self.serial or self.inventory_tag or self.quantity == 1
        return "séries non relevées" if self.act.is_reprise and not named else ""

    @property
    def pickup(self) -> str:
        """Where and before when it is fetched; may be empty."""
        return pickup_phrase(self.pickup_place, self.pickup_by)
