"""Terms of the project itself: its budget, heading by heading, and what will tell whether it succeeded."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import AmountStatus, BudgetSide, FundingStanding
from conventions.formats import due_phrase
from conventions.models.terms import Computed, Term, amount_constraints, computation_constraints

NOT_INCOME_MESSAGE = _(
    "Une dépense n’a pas de financeur : choisissez « recette », ou retirez le financeur et sa réponse."
)
TWO_FUNDERS_MESSAGE = _(
    "Choisissez une partie à la convention, ou écrivez un autre financeur : pas les deux."
)


class BudgetLine(Computed, Term):
    """A heading of the project's budget: what it costs, or who pays for it. Never public."""

    side = models.CharField(_("sens"), max_length=7, choices=BudgetSide, default=BudgetSide.EXPENSE)
    heading = models.CharField(_("poste"), max_length=200)
    budget_year = models.PositiveSmallIntegerField(_("exercice"), null=True, blank=True)
    status = models.CharField(_("statut"), max_length=14, choices=AmountStatus, default=AmountStatus.KNOWN)
    amount = models.PositiveBigIntegerField(_("montant (F CFP)"), null=True, blank=True)
    party = models.ForeignKey(
        "conventions.Party",
        verbose_name=_("apporté par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="budget_lines",
    )
    funder = models.CharField(
        _("autre financeur"),
        max_length=200,
        blank=True,
        help_text=_("S’il n’est pas partie à la convention. Par exemple « fonds propres »."),
    )
    standing = models.CharField(
        _("réponse"), max_length=8, choices=FundingStanding, blank=True, default=FundingStanding.UNSAID
    )

    class Meta(Term.Meta):
        abstract = False
        verbose_name = _("ligne du budget")
        verbose_name_plural = _("lignes du budget")
        constraints = [
            *Term.Meta.constraints,
            *amount_constraints("budgetline"),
            *computation_constraints("budgetline"),
            models.CheckConstraint(
                condition=Q(side=BudgetSide.INCOME) | Q(party__isnull=True, funder="", standing=""),
                name="budgetline_income_has_funders",
                violation_error_message=NOT_INCOME_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=True) | Q(funder=""),
                name="budgetline_one_funder",
                violation_error_message=TWO_FUNDERS_MESSAGE,
            ),
        ]

    def __str__(self) -> str:
        return self.heading


class Indicator(Term):
    """What will be measured, to reach how much, by when; a target that is no number is said in words."""

    name = models.CharField(
        _("indicateur"), max_length=200, help_text=_("Par exemple « enfants accueillis au dojo ».")
    )
    target = models.PositiveIntegerField(_("cible"), null=True, blank=True)
    unit = models.CharField(_("unité"), max_length=40, blank=True)
    target_wording = models.CharField(
        _("cible en toutes lettres"),
        max_length=160,
        blank=True,
        help_text=_("Si elle n’est pas un nombre entier. Par exemple « une fréquentation stable »."),
    )
    due_on = models.DateField(_("échéance"), null=True, blank=True)
    due_wording = models.CharField(_("échéance en toutes lettres"), max_length=160, blank=True)

    class Meta(Term.Meta):
        abstract = False
        verbose_name = _("indicateur")
        verbose_name_plural = _("indicateurs")

    def __str__(self) -> str:
        return self.name

    @property
    def due(self) -> str:
        """By when, in words; may be empty."""
        return due_phrase(self.due_on, self.due_wording)
