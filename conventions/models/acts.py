"""Acts: what is drafted, frozen, signed. A convention has one initial act, then amendments and terminations."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import (
    EDITABLE_STATES,
    FROZEN_STATES,
    ActKind,
    ActOrigin,
    ActState,
    DatePrecision,
    SigningOrder,
    SigningPath,
    TerminationGround,
    TermKind,
)
from conventions.models.bounds import Bounds
from conventions.models.search import years_between


class ActQuerySet(models.QuerySet):
    def signed(self) -> Self:
        return self.filter(state=ActState.SIGNED)

    def signed_terminations(self) -> Self:
        """They end their convention, whatever their day of effect."""
        return self.signed().filter(kind=ActKind.TERMINATION)

    def frozen(self) -> Self:
        return self.filter(state__in=FROZEN_STATES)

    def editable(self) -> Self:
        return self.filter(state__in=EDITABLE_STATES)

    def of_open_files(self) -> Self:
        """Those of a convention of which some act waits for a step: the past is not read."""
        return self.filter(convention__in=Bounds.objects.filter(is_open=True).conventions())

    def keys_of_files(self) -> models.QuerySet:
        """The keys of their conventions, for a condition on keys."""
        return self.order_by().values_list("convention", flat=True)

    def years(self) -> list[int]:
        """From the latest to the first in which a file was signed, or began."""
        initial = self.filter(rank=0)
        return years_between((initial, "signed_on"), (initial.filter(signed_on=None), "starts_on"))


class Act(models.Model):
    """One legal act. Its state is written by `lifecycle.apply` alone; its terms lock when frozen."""

    convention = models.ForeignKey(
        "conventions.Convention", verbose_name=_("convention"), on_delete=models.PROTECT, related_name="acts"
    )
    kind = models.CharField(_("type d’acte"), max_length=12, choices=ActKind, default=ActKind.INITIAL)
    rank = models.PositiveSmallIntegerField(
        _("rang"), default=0, help_text=_("0 pour la convention, puis 1, 2…")
    )
    origin = models.CharField(_("origine"), max_length=10, choices=ActOrigin, default=ActOrigin.NEW)
    path = models.CharField(
        _("mode de signature"), max_length=10, choices=SigningPath, blank=True, default=SigningPath.UNDECIDED
    )
    signing_order = models.CharField(
        _("ordre des signatures en ligne"),
        max_length=16,
        choices=SigningOrder,
        default=SigningOrder.IN_TURN,
    )
    state = models.CharField(
        _("état"), max_length=20, choices=ActState, default=ActState.DRAFT, editable=False
    )
    # Null, not blank: unique where it is given.
    number = models.CharField(_("numéro"), max_length=20, null=True, blank=True, editable=False)  # noqa: DJ001
    old_reference = models.CharField(
        _("ancienne référence"),
        max_length=80,
        blank=True,
        help_text=_("Pour un acte signé avant l’application."),
    )

    term_kind = models.CharField(
        _("durée"),
        max_length=14,
        choices=TermKind,
        blank=True,
        default=TermKind.DATES,
        help_text=_("Un avenant qui ne change pas la durée la laisse vide."),
    )
    starts_on = models.DateField(_("prise d’effet"), null=True, blank=True)
    starts_on_precision = models.CharField(
        _("précision du début"), max_length=6, choices=DatePrecision, default=DatePrecision.DAY
    )
    ends_on = models.DateField(_("fin"), null=True, blank=True)
    ends_on_precision = models.CharField(
        _("précision de la fin"), max_length=6, choices=DatePrecision, default=DatePrecision.DAY
    )
    term_wording = models.CharField(
        _("durée en toutes lettres"),
        max_length=160,
        blank=True,
        help_text=_("Par exemple « 1 an renouvelable »."),
    )
    effective_on = models.DateField(
        _("date d’effet de la résiliation"),
        null=True,
        blank=True,
        help_text=_("Pour une résiliation seulement."),
    )

    ground = models.CharField(
        _("cause de la résiliation"),
        max_length=16,
        choices=TerminationGround,
        blank=True,
        default=TerminationGround.AGREEMENT,
        help_text=_("Décidée par une seule partie, la résiliation n’est signée que par elle."),
    )
    ended_by = models.ForeignKey(
        "conventions.Party",
        verbose_name=_("partie qui résilie"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    notice_on = models.DateField(
        _("mise en demeure ou préavis reçu le"),
        null=True,
        blank=True,
        help_text=_("Le jour où l’autre partie a reçu la lettre : le délai court de ce jour."),
    )

    signed_on = models.DateField(_("signé le"), null=True, blank=True)
    signed_on_precision = models.CharField(
        _("précision de la date de signature"), max_length=6, choices=DatePrecision, default=DatePrecision.DAY
    )
    signed_on_wording = models.CharField(
        _("date selon la source"),
        max_length=120,
        blank=True,
        help_text=_("Les mots de la source, si la date est imprécise."),
    )
    place = models.CharField(_("lieu de signature"), max_length=120, blank=True, default="Nouméa")
    board_decision = models.ForeignKey(
        "conventions.BoardDecision",
        verbose_name=_("délibération"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="acts",
    )
    ceremony = models.ForeignKey(
        "conventions.Ceremony",
        verbose_name=_("cérémonie"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="acts",
    )
    preamble = models.TextField(
        _("préambule"),
        blank=True,
        help_text=_(
            "« Considérant… » : le projet est à l’initiative du partenaire. Un paragraphe par ligne."
        ),
    )
    reason = models.TextField(
        _("motif"),
        blank=True,
        help_text=_("Celui d’une résiliation s’imprime ; celui d’un avenant reste dans le dossier."),
    )
    object_text = models.TextField(
        _("objet de l’avenant"),
        blank=True,
        help_text=_("Imprimé dans l’article « Objet ». Laissé vide, il est tiré de ce que l’avenant change."),
    )
    agreement_template = models.ForeignKey(
        "conventions.AgreementTemplate",
        verbose_name=_("modèle"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="acts",
    )

    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("préparé par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="acts_prepared",
    )
    submitted_at = models.DateTimeField(_("soumis le"), null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(_("validé le"), null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("validé par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="acts_approved",
    )
    frozen_at = models.DateTimeField(_("figé le"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("terminé sans signature le"), null=True, blank=True, editable=False)
    end_reason = models.TextField(_("motif de fin"), blank=True, editable=False)
    correction_note = models.TextField(_("correction demandée"), blank=True, editable=False)
    read_sequence = models.PositiveIntegerField(
        _("dernière ligne du journal lue par le juridique"), null=True, blank=True, editable=False
    )
    seal_error = models.CharField(
        _("pourquoi le sceau attend"), max_length=255, blank=True, default="", editable=False
    )
    attested_at = models.DateTimeField(
        _("reprise attestée le"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Une reprise se complète tant qu’elle n’est pas attestée."),
    )
    frozen_document = models.ForeignKey(
        "conventions.Document",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    signed_document = models.ForeignKey(
        "conventions.Document",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("acte")
        verbose_name_plural = _("actes")
        ordering = ["convention", "rank"]
        indexes = [models.Index(fields=["rank", "signed_on", "starts_on"], name="act_by_year")]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "rank"],
                name="act_rank_once",
                violation_error_message=_("Un acte de ce rang existe déjà pour cette convention."),
            ),
            models.UniqueConstraint(fields=["number"], name="act_number_once"),
            models.CheckConstraint(
                condition=Q(kind=ActKind.INITIAL, rank=0) | (~Q(kind=ActKind.INITIAL) & Q(rank__gt=0)),
                name="act_initial_is_rank_zero",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="act_dates_in_order",
                violation_error_message=_(
                    "La date de fin précède la prise d’effet. Corrigez l’une des deux dates."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(term_kind=TermKind.OPEN_ENDED) | Q(ends_on__isnull=True),
                name="act_open_ended_has_no_end",
                violation_error_message=_(
                    "Une durée indéterminée n’a pas de date de fin. Retirez la date ou changez la durée."
                ),
            ),
            models.CheckConstraint(
                condition=Q(origin=ActOrigin.REPRISE)
                | ~Q(state__in=FROZEN_STATES)
                | (
                    Q(frozen_document__isnull=False, frozen_at__isnull=False, number__isnull=False)
                    & ~Q(path="")
                ),
                name="act_frozen_has_its_document",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FROZEN_STATES)
                | Q(frozen_document__isnull=True, signed_document__isnull=True),
                name="act_draft_has_no_document",
            ),
            models.CheckConstraint(
                condition=Q(origin=ActOrigin.REPRISE)
                | (Q(state=ActState.SIGNED) & Q(signed_document__isnull=False, signed_on__isnull=False))
                | (~Q(state=ActState.SIGNED) & Q(signed_document__isnull=True, signed_on__isnull=True)),
                name="act_signed_iff_its_document",
            ),
            models.CheckConstraint(
                condition=~Q(origin=ActOrigin.REPRISE)
                | (
                    Q(state__in=[ActState.DRAFT, ActState.SIGNED, ActState.ABANDONED])
                    & Q(number__isnull=True)
                ),
                name="act_reprise_has_no_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=ActState.SIGNED) | Q(signed_on__isnull=False) | ~Q(signed_on_wording=""),
                name="act_signed_says_when",
                violation_error_message=_(
                    "Donnez la date de signature, ou les mots de la source si elle est inconnue."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[ActState.ABANDONED, ActState.CANCELLED, ActState.DECLINED, ActState.EXPIRED],
                    ended_at__isnull=False,
                )
                | (
                    ~Q(
                        state__in=[
                            ActState.ABANDONED,
                            ActState.CANCELLED,
                            ActState.DECLINED,
                            ActState.EXPIRED,
                        ]
                    )
                    & Q(ended_at__isnull=True)
                ),
                name="act_ended_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(kind=ActKind.TERMINATION)
                | Q(ground=TerminationGround.AGREEMENT, ended_by__isnull=True, notice_on__isnull=True),
                name="act_ground_is_of_a_termination",
                violation_error_message=_("Seule une résiliation a une cause, un auteur et un préavis."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().capitalize()} {self.reference}".strip()

    @property
    def reference(self) -> str:
        """Its number, its old reference, or nothing for a draft."""
        return self.number or self.old_reference

    @property
    def is_editable(self) -> bool:
        """May its terms still change? A reprise stays open until someone attests it."""
        if self.is_reprise:
            return self.state in (ActState.DRAFT, ActState.SIGNED) and self.attested_at is None
        return self.state in EDITABLE_STATES

    @property
    def is_unilateral(self) -> bool:
        """A termination that one party decides alone."""
        return self.kind == ActKind.TERMINATION and self.ground != TerminationGround.AGREEMENT

    @property
    def is_reprise(self) -> bool:
        return self.origin == ActOrigin.REPRISE
