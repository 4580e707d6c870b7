"""Terms: what an act promises. Signed terms never change; an amendment brings rows that replace them."""

import uuid
from collections.abc import Iterable
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import (
    ENDED_STATES,
    ActState,
    AmountStatus,
    DatePrecision,
    FundingFigure,
    InKindKind,
    ObligationKind,
)
from conventions.formats import due_phrase, long_date, pickup_phrase
from conventions.models.acts import Act

AMOUNT_GIVEN = (AmountStatus.KNOWN, AmountStatus.CAPPED)
AMOUNT_ABSENT = (AmountStatus.UNKNOWN, AmountStatus.NOT_APPLICABLE, AmountStatus.TO_BE_SET)
NO_AMOUNT_MESSAGE = _("Donnez le montant, ou choisissez un autre statut que « connu » ou « plafonné ».")
AMOUNT_MESSAGE = _(
    "Un montant inconnu, sans objet ou à déterminer reste vide. Retirez-le ou changez le statut."
)

_COUNTABLE = Q(status=AmountStatus.KNOWN, amount__isnull=False)


class TermQuerySet(models.QuerySet):
    def of_act(self, act: Act) -> Self:
        return self.filter(act=act)

    def current(self) -> Self:
        """Rows of signed acts that no signed act replaces, nor removes."""
        replaced = self.model._default_manager.filter(replaces=OuterRef("pk"), act__state=ActState.SIGNED)
        return self.filter(act__state=ActState.SIGNED, removed=False).exclude(Exists(replaced))

    def foreseen(self) -> Self:
        """Rows of the acts that are still alive in a convention of which nothing is signed."""
        signed = Act.objects.filter(convention=OuterRef("act__convention"), state=ActState.SIGNED)
        alive = self.filter(removed=False).exclude(act__state__in=[ActState.SIGNED, *ENDED_STATES])
        return alive.exclude(Exists(signed))

    def publishable(self) -> Self:
        return self.filter(publishable=True)

    # Of rows with an amount: what a sum counts and leaves out, as `formats.tally` does of rows already read.
    def stated(self) -> Self:
        """Without « sans objet », which is no line."""
        return self.exclude(status=AmountStatus.NOT_APPLICABLE)

    def countable(self) -> Self:
        """Known amounts only."""
        return self.filter(_COUNTABLE)

    def left_out(self) -> Self:
        return self.stated().exclude(_COUNTABLE)


class Term(models.Model):
    """A line of an act. `line` names the promise across acts; `replaces` points at the row it takes over."""

    act = models.ForeignKey(
        "conventions.Act", verbose_name=_("acte"), on_delete=models.PROTECT, related_name="%(class)s_set"
    )
    line = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="replaced_by"
    )
    replaces_id: int | None
    removed = models.BooleanField(_("supprimé par cet acte"), default=False, editable=False)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["act", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["act", "line"], name="%(class)s_line_once_per_act"),
            models.CheckConstraint(
                condition=Q(removed=False) | Q(replaces__isnull=False), name="%(class)s_removal_names_a_row"
            ),
        ]


Row = TypeVar("Row", bound=Term)


def in_force(rows: Iterable[Row]) -> list[Row]:
    """`current` among rows already read: those neither replaced nor removed by another of them, in their order.

    For a text that is not signed yet, or a reader who does not read every act.
    """
    found = list(rows)
    replaced = {row.replaces_id for row in found}
    return [row for row in found if row.pk not in replaced and not row.removed]


def amount_constraints(name: str) -> list[models.BaseConstraint]:
    """A known or capped amount is given; an unknown one is never a number, least of all 0."""
    return [
        models.CheckConstraint(
            condition=~Q(status__in=AMOUNT_GIVEN) | Q(amount__isnull=False),
            name=f"{name}_known_amount_given",
            violation_error_message=NO_AMOUNT_MESSAGE,
        ),
        models.CheckConstraint(
            condition=~Q(status__in=AMOUNT_ABSENT) | Q(amount__isnull=True),
            name=f"{name}_unknown_amount_empty",
            violation_error_message=AMOUNT_MESSAGE,
        ),
    ]


class FundingQuerySet(TermQuerySet):
    def granted(self) -> Self:
        """OPT-NC's own money."""
        return self.filter(figure=FundingFigure.GRANTED)

    def last_signed(self) -> Self:
        """The last wording of each line in signed acts; of a line that an act removed, the one before."""
        later = Funding.objects.filter(
            line=OuterRef("line"),
            act__state=ActState.SIGNED,
            removed=False,
            act__rank__gt=OuterRef("act__rank"),
        ).filter(act__convention=OuterRef("act__convention"))
        return self.filter(act__state=ActState.SIGNED, removed=False).exclude(Exists(later))


class Funding(Term):
    """An amount in whole XPF for one budget year; unknown is null, never 0."""

    figure = models.CharField(
        _("de quoi s’agit-il"), max_length=14, choices=FundingFigure, default=FundingFigure.GRANTED
    )
    budget_year = models.PositiveSmallIntegerField(_("exercice"), null=True, blank=True)
    status = models.CharField(_("statut"), max_length=14, choices=AmountStatus, default=AmountStatus.KNOWN)
    amount = models.PositiveBigIntegerField(_("montant (F CFP)"), null=True, blank=True)
    publishable = models.BooleanField(
        _("publiable"), default=True, help_text=_("Sinon le public lit « montant non communiqué ».")
    )
    label = models.CharField(_("libellé"), max_length=200, blank=True)

    objects: ClassVar = FundingQuerySet.as_manager()

    class Meta(Term.Meta):
        abstract = False
        verbose_name = _("financement")
        verbose_name_plural = _("financements")
        constraints = [*Term.Meta.constraints, *amount_constraints("funding")]

    def __str__(self) -> str:
        return self.label or f"{self.get_figure_display()} {self.budget_year or ''}".strip()


class InstalmentTerm(Term):
    """One payment promised: an amount or a share, when, on which condition."""

    funding_line = models.UUIDField(_("financement"), null=True, blank=True, editable=False)
    label = models.CharField(
        _("versement"), max_length=160, help_text=_("Par exemple « premier versement ».")
    )
    amount = models.PositiveBigIntegerField(_("montant (F CFP)"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(_("part (%)"), null=True, blank=True)
    due_on = models.DateField(_("échéance"), null=True, blank=True)
    condition = models.CharField(
        _("condition"), max_length=255, blank=True, help_text=_("Par exemple « à la signature, sur RIB ».")
    )

    class Meta(Term.Meta):
        abstract = False
        verbose_name = _("versement prévu")
        verbose_name_plural = _("versements prévus")
        constraints = [
            *Term.Meta.constraints,
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=1, percent__lte=100),
                name="instalment_percent_in_range",
                violation_error_message=_("La part est un nombre entier de 1 à 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def due(self) -> str:
        """When, on which condition: « sur présentation du bilan, et au plus tard le 30 juin 2027 »; may be empty."""
        return due_phrase(self.due_on, self.condition)


class InKind(Term):
    """Support other than money: gift, loan, telecom service, premises, stamp, skills."""

    kind = models.CharField(_("type"), max_length=12, choices=InKindKind, default=InKindKind.GIFT)
    description = models.CharField(_("désignation"), max_length=255)
    quantity = models.PositiveIntegerField(_("quantité"), null=True, blank=True)
    unit = models.CharField(_("unité"), max_length=40, blank=True)
    status = models.CharField(_("valeur"), max_length=14, choices=AmountStatus, default=AmountStatus.UNKNOWN)
    amount = models.PositiveBigIntegerField(_("valeur estimée (F CFP)"), null=True, blank=True)
    publishable = models.BooleanField(_("valeur publiable"), default=True)
    starts_on = models.DateField(_("à partir du"), null=True, blank=True)
    return_on = models.DateField(_("retour prévu le"), null=True, blank=True)
    conditions = models.CharField(_("conditions"), max_length=255, blank=True)

    class Meta(Term.Meta):
        abstract = False
        verbose_name = _("soutien en nature")
        verbose_name_plural = _("soutiens en nature")
        constraints = [
            *Term.Meta.constraints,
            *amount_constraints("inkind"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(return_on__isnull=True)
                | Q(return_on__gte=F("starts_on")),
                name="inkind_return_after_start",
                violation_error_message=_(
                    "Le retour précède le début du prêt. Corrigez l’une des deux dates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def due(self) -> str:
        """When it comes back, in words; empty when nobody said."""
        return f"à rendre le {long_date(self.return_on)}" if self.return_on else ""


class EquipmentTerm(Term):
    """A line of the equipment annex: one serial, or a lot with its quantity (null when unknown)."""

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
        verbose_name = _("matériel donné")
        verbose_name_plural = _("matériels donnés")
        constraints = [
            *Term.Meta.constraints,
            *amount_constraints("equipmentterm"),
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
    def pickup(self) -> str:
        """Where and before when it is fetched; may be empty."""
        return pickup_phrase(self.pickup_place, self.pickup_by)


# The code of an article that an amendment adds to the convention: the amendment's own articles keep theirs.
ADDED_ARTICLE = "article-ajoute"


class ClauseQuerySet(TermQuerySet):
    """An amendment holds two sorts of articles: those of its own text, and those of the convention it changes."""

    def own(self) -> Self:
        return self.filter(replaces=None).exclude(code=ADDED_ARTICLE)

    def of_convention(self) -> Self:
        return self.filter(Q(act__rank=0) | Q(replaces__isnull=False) | Q(code=ADDED_ARTICLE))


class Clause(Term):
    """An article of an act, copied from a template in force and possibly changed."""

    code = models.SlugField(_("code"), max_length=60)
    heading = models.CharField(_("titre de l’article"), max_length=200)
    body = models.TextField(
        _("texte"), help_text=_("Les champs {{ … }} sont remplis à l’édition du document.")
    )
    template = models.ForeignKey(
        "conventions.ClauseTemplate",
        verbose_name=_("modèle"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="clauses",
    )

    objects: ClassVar = ClauseQuerySet.as_manager()

    class Meta(Term.Meta):
        abstract = False
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def __str__(self) -> str:
        return self.heading

    @property
    def is_own(self) -> bool:
        """Is it an article of its act's own text? (`ClauseQuerySet.own`, for a row already read.)"""
        return self.replaces_id is None and self.code != ADDED_ARTICLE

    @property
    def differs_from_template(self) -> bool:
        return self.template is None or self.body.strip() != self.template.body.strip()


class Obligation(Term):
    """Something a party owes after signature: a report, visibility, a return."""

    kind = models.CharField(_("type"), max_length=14, choices=ObligationKind, default=ObligationKind.OTHER)
    party = models.ForeignKey(
        "conventions.Party",
        verbose_name=_("à la charge de"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
    )
    text = models.CharField(_("engagement"), max_length=500)
    due_on = models.DateField(_("échéance"), null=True, blank=True)
    due_wording = models.CharField(_("échéance en toutes lettres"), max_length=160, blank=True)

    class Meta(Term.Meta):
        abstract = False
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")

    def __str__(self) -> str:
        return self.text

    @property
    def due(self) -> str:
        """By when, in words: « dans les six mois, et au plus tard le 30 juin 2027 »; may be empty."""
        return due_phrase(self.due_on, self.due_wording)
