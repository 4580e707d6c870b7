"""Envelopes: what a year may spend, and on what. Moves and charges are insert-only; every sum is derived."""

from itertools import combinations
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.models.media import recorder
from conventions.money_enums import MoveKind

SCOPES = {
    "theme": _("thème"),
    "kind": _("type de convention"),
    "province": _("territoire"),
    "project": _("projet"),
}
TWO_LEGS = (MoveKind.TRANSFER, MoveKind.CARRY_OVER)
ONE_SCOPE_MESSAGE = _(
    "Une enveloppe porte sur un thème, un type, une province ou un projet : choisissez-en un seul, ou aucun."
)
YEAR_BOUNDS = (MinValueValidator(1990), MaxValueValidator(2100))


def _scoped(to: str, label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        f"conventions.{to}",
        verbose_name=label,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="envelopes",
    )


def _at_most_one() -> Q:
    found = Q()
    for first, second in combinations(SCOPES, 2):
        found &= Q(**{f"{first}__isnull": True}) | Q(**{f"{second}__isnull": True})
    return found


class Envelope(models.Model):
    """A budget of one year, for everything or for one theme, kind, province or project."""

    year = models.PositiveSmallIntegerField(_("exercice"), validators=YEAR_BOUNDS)
    label = models.CharField(_("libellé"), max_length=160)
    theme = _scoped("Theme", SCOPES["theme"])
    kind = _scoped("Kind", SCOPES["kind"])
    province = _scoped("Area", SCOPES["province"])
    project = _scoped("Project", SCOPES["project"])
    recorded_by = recorder(_("ouverte par"))
    recorded_at = models.DateTimeField(_("ouverte le"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("enveloppe")
        verbose_name_plural = _("enveloppes")
        ordering = ["-year", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "label"],
                name="envelope_once_a_year",
                violation_error_message=_("Une enveloppe de cet exercice porte déjà ce libellé."),
            ),
            models.CheckConstraint(
                condition=_at_most_one(),
                name="envelope_one_scope",
                violation_error_message=ONE_SCOPE_MESSAGE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.year})"

    @property
    def scope(self) -> str:
        """What it is for: « thème : solidarité »; everything otherwise. Its own relations are read."""
        for name, label in SCOPES.items():
            if row := getattr(self, name):
                return f"{label} : {row}"
        return "toutes les conventions"


class EnvelopeMove(models.Model):
    """What was voted, transferred, carried over, cut or added. `amount` is signed, in whole XPF; never changed.

    A transfer and a carry-over are two moves of one decision, that name each other's envelope.
    """

    envelope = models.ForeignKey(
        Envelope, verbose_name=_("enveloppe"), on_delete=models.PROTECT, related_name="moves"
    )
    kind = models.CharField(_("mouvement"), max_length=10, choices=MoveKind)
    amount = models.BigIntegerField(_("montant (F CFP)"))
    other = models.ForeignKey(
        Envelope,
        verbose_name=_("autre enveloppe"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decision = models.CharField(_("décision n°"), max_length=80, blank=True)
    decided_on = models.DateField(_("décidé le"))
    recorded_by = recorder(_("enregistré par"))
    recorded_at = models.DateTimeField(_("enregistré le"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("mouvement d’enveloppe")
        verbose_name_plural = _("mouvements d’enveloppes")
        ordering = ["envelope", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=(MoveKind.VOTED, MoveKind.ADDED), amount__gt=0)
                | Q(kind=MoveKind.CUT, amount__lt=0)
                | (Q(kind__in=TWO_LEGS) & ~Q(amount=0)),
                name="envelope_move_sign",
                violation_error_message=_("Un mouvement d’enveloppe est d’au moins 1 F CFP."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TWO_LEGS, other__isnull=False)
                | (~Q(kind__in=TWO_LEGS) & Q(other__isnull=True)),
                name="envelope_move_other",
                violation_error_message=_("Un transfert ou un report va d’une enveloppe à une autre."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.decided_on:%d/%m/%Y}"


class EnvelopeMoveText(models.Model):
    """Why a move was decided, in free words: erasable, never changed."""

    move = models.OneToOneField(
        EnvelopeMove, verbose_name=_("mouvement"), on_delete=models.PROTECT, related_name="text"
    )
    reason = models.CharField(_("motif"), max_length=500)

    class Meta:
        verbose_name = _("motif d’un mouvement")
        verbose_name_plural = _("motifs des mouvements")

    def __str__(self) -> str:
        return str(self.move_id)


class ChargeQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """The last charge of each line, where it names an envelope."""
        later = Charge.objects.filter(line=OuterRef("line"), pk__gt=OuterRef("pk"))
        return self.filter(envelope__isnull=False).exclude(Exists(later))


class Charge(models.Model):
    """« Imputation »: a line of funding counts in an envelope. Never changed: the last one counts.

    Without an envelope, it takes the line out of the one before.
    """

    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        related_name="charges",
    )
    line = models.UUIDField(_("ligne de financement"))
    envelope = models.ForeignKey(
        Envelope,
        verbose_name=_("enveloppe"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="charges",
    )
    recorded_by = recorder(_("enregistré par"))
    recorded_at = models.DateTimeField(_("enregistré le"), default=timezone.now, editable=False)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name = _("imputation")
        verbose_name_plural = _("imputations")
        ordering = ["pk"]
        indexes = [models.Index(fields=["line", "id"], name="charge_of_line")]

    def __str__(self) -> str:
        return str(self.line)


class ClosedYear(models.Model):
    """A budget year that the accountant closed: what still happens to it needs a reason. Never reopened."""

    year = models.PositiveSmallIntegerField(_("exercice"), unique=True, validators=YEAR_BOUNDS)
    closed_on = models.DateField(_("clos le"))
    recorded_by = recorder(_("clos par"))
    recorded_at = models.DateTimeField(_("enregistré le"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("exercice clos")
        verbose_name_plural = _("exercices clos")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)
