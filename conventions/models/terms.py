"""Terms: what an act promises. Signed terms never change; an amendment brings rows that replace them."""

import uuid
from collections.abc import Iterable
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import (
    ENDED_STATES,
    ActOrigin,
    ActState,
    AmountStatus,
    FundingFigure,
    InstalmentCondition,
    ObligationKind,
)
from conventions.formats import condition_phrase, due_phrase
from conventions.models.acts import Act

AMOUNT_GIVEN = (AmountStatus.KNOWN, AmountStatus.CAPPED)
AMOUNT_ABSENT = (AmountStatus.UNKNOWN, AmountStatus.NOT_APPLICABLE, AmountStatus.TO_BE_SET)
NO_AMOUNT_MESSAGE = _("Donnez le montant, ou choisissez un autre statut que « connu » ou « plafonné ».")
AMOUNT_MESSAGE = _(
    "Un montant inconnu, sans objet ou à déterminer reste vide. Retirez-le ou changez le statut."
)

PRODUCT_MESSAGE = _(
    "Le montant n’est pas la quantité multipliée par le prix unitaire. Corrigez l’un des trois."
)
NO_PRICE_MESSAGE = _("Le prix unitaire est au moins 1 F CFP. Laissez-le vide s’il n’est pas connu.")

# What a sum adds.
COUNTABLE = Q(status=AmountStatus.KNOWN, amount__isnull=False)


class TermQuerySet(models.QuerySet):
    def of_act(self, act: Act) -> Self:
        return self.filter(act=act)

    def current(self) -> Self:
        """Rows of signed acts that no signed act replaces, nor removes."""
        replaced = self.model._default_manager.filter(replaces=OuterRef("pk"), act__state=ActState.SIGNED)
        return self.filter(act__state=ActState.SIGNED, removed=False).exclude(Exists(replaced))

    def before(self, act: Act) -> Self:
        """Rows of the acts that come before this one, recorded or being typed, that none of them replaces."""
        known = Q(act__state=ActState.SIGNED) | Q(act__state=ActState.DRAFT, act__origin=ActOrigin.REPRISE)
        older = known & Q(act__convention=act.convention_id, act__rank__lt=act.rank)
        replaced = self.model._default_manager.filter(older, replaces=OuterRef("pk"))
        return self.filter(older, removed=False).exclude(Exists(replaced))

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
        return self.filter(COUNTABLE)

    def left_out(self) -> Self:
        return self.stated().exclude(COUNTABLE)


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


class Computed(models.Model):
    """What an amount may carry: so many, at a price each. The whole of an amount is their product."""

    quantity = models.PositiveIntegerField(_("quantité"), null=True, blank=True)
    unit = models.CharField(_("unité"), max_length=40, blank=True)
    unit_price = models.PositiveBigIntegerField(
        _("prix unitaire (F CFP)"), null=True, blank=True, help_text=_("Multiplié par la quantité.")
    )

    class Meta:
        abstract = True


def computation_constraints(name: str) -> list[models.BaseConstraint]:
    """An amount that carries a price is the quantity times that price."""
    product = Q(quantity__isnull=False, amount=F("quantity") * F("unit_price"))
    return [
        models.CheckConstraint(
            condition=Q(unit_price__isnull=True) | Q(amount__isnull=True) | product,
            name=f"{name}_amount_is_its_product",
            violation_error_message=PRODUCT_MESSAGE,
        ),
        models.CheckConstraint(
            condition=Q(unit_price__isnull=True) | Q(unit_price__gt=0),
            name=f"{name}_unit_price_positive",
            violation_error_message=NO_PRICE_MESSAGE,
        ),
    ]


NOT_OPT_MESSAGE = _(
    "Ce que l’OPT-NC accorde ne vient d’aucune autre partie : changez de quoi il s’agit, ou retirez la partie."
)


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


class Funding(Computed, Term):
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
    party = models.ForeignKey(
        "conventions.Party",
        verbose_name=_("promis par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fundings",
        help_text=_("La partie qui apporte cette somme, quand ce n’est pas l’OPT-NC."),
    )

    objects: ClassVar = FundingQuerySet.as_manager()

    class Meta(Term.Meta):
        abstract = False
        verbose_name = _("financement")
        verbose_name_plural = _("financements")
        constraints = [
            *Term.Meta.constraints,
            *amount_constraints("funding"),
            *computation_constraints("funding"),
            models.CheckConstraint(
                condition=Q(party__isnull=True) | ~Q(figure=FundingFigure.GRANTED),
                name="funding_of_a_party_is_not_opt_s",
                violation_error_message=NOT_OPT_MESSAGE,
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.get_figure_display()} {self.budget_year or ''}".strip()


# The conditions that something owed can fulfil.
AWAITING = (
    InstalmentCondition.REPORT,
    InstalmentCondition.PROOFS,
    InstalmentCondition.HANDOVER,
    InstalmentCondition.DECISION,
    InstalmentCondition.OTHER,
)
# Those that say nothing by themselves: the date or the words do.
UNNAMED = (InstalmentCondition.UNSAID, InstalmentCondition.DATE, InstalmentCondition.OTHER)
NO_DATE_MESSAGE = _("Donnez la date de ce versement, ou choisissez une autre condition.")
NO_WORDS_MESSAGE = _("Dites sous quelle condition, en quelques mots.")
NOT_AWAITING_MESSAGE = _(
    "Ce versement n’attend aucun engagement : retirez l’engagement, ou choisissez une autre condition."
)


class InstalmentTerm(Term):
    """One payment promised: an amount or a share, when, on which condition."""

    funding_line = models.UUIDField(_("financement"), null=True, blank=True, editable=False)
    label = models.CharField(
        _("versement"), max_length=160, help_text=_("Par exemple « premier versement ».")
    )
    amount = models.PositiveBigIntegerField(_("montant (F CFP)"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(_("part (%)"), null=True, blank=True)
    due_on = models.DateField(_("échéance"), null=True, blank=True)
    condition_kind = models.CharField(
        _("versé"), max_length=14, choices=InstalmentCondition, blank=True, default=InstalmentCondition.UNSAID
    )
    obligation = models.ForeignKey(
        "conventions.Obligation",
        verbose_name=_("engagement attendu"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="instalments",
        help_text=_("Celui qui, une fois tenu, fait verser."),
    )
    condition = models.CharField(
        _("précision"), max_length=255, blank=True, help_text=_("Par exemple « sur présentation du RIB ».")
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
            models.CheckConstraint(
                condition=~Q(condition_kind=InstalmentCondition.DATE) | Q(due_on__isnull=False),
                name="instalment_at_a_date_has_one",
                violation_error_message=NO_DATE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=~Q(condition_kind=InstalmentCondition.OTHER) | ~Q(condition=""),
                name="instalment_other_says_what",
                violation_error_message=NO_WORDS_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(obligation__isnull=True) | Q(condition_kind__in=AWAITING),
                name="instalment_awaits_what_it_names",
                violation_error_message=NOT_AWAITING_MESSAGE,
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def due(self) -> str:
        """When, on which condition: « sur présentation du bilan, et au plus tard le 30 juin 2027 »; may be empty."""
        return due_phrase(self.due_on, self.condition_words)

    @property
    def condition_words(self) -> str:
        """On which condition, its date apart: « sur compte rendu accepté, visé par le trésorier »; may be empty."""
        label = "" if self.condition_kind in UNNAMED else str(self.get_condition_kind_display())
        return condition_phrase(label, self.condition)


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
    proof = models.CharField(
        _("ce qui en fait foi"),
        max_length=255,
        blank=True,
        help_text=_("Par exemple « factures acquittées, visées par le trésorier »."),
    )

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
