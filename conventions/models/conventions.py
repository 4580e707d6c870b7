"""A convention: its parties, and its status derived from its signed acts by one SQL annotation."""

import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.enums import (
    SHOWN_TO_PARTNERS_STATES,
    ActKind,
    ActState,
    ConventionStatus,
    PartyRole,
    TermKind,
)
from conventions.models.acts import Act
from conventions.models.bounds import Bounds
from conventions.models.partners import Representative
from conventions.models.people import User
from conventions.models.search import Searchable, SearchableQuerySet

RENEWAL_NOTICE_DAYS = 90


class ConventionQuerySet(SearchableQuerySet):
    def for_user(self, user: User | AnonymousUser) -> Self:
        """What this user may see: staff everything; others the conventions of partners they speak for today,
        and those they signed themselves; anonymous nothing."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if permissions.can_read_conventions(user):
            return self
        if user.is_staff:
            return self.none()
        mandates = Representative.objects.with_access(user)
        shown = Act.objects.filter(
            state__in=SHOWN_TO_PARTNERS_STATES, convention__parties__partner__in=mandates.values("partner")
        )
        signed = Act.objects.filter(state=ActState.SIGNED, signatories__representative__user=user)
        # By keys: an « or » of conditions on each row would read every convention.
        return self.filter(pk__in=shown.keys_of_files().union(signed.keys_of_files()))

    def with_status(self, *, on: datetime.date | None = None) -> Self:
        """Annotate `status_code`, `current_start`, `current_end` (plain dates in Nouméa), `last_start`.

        `last_start` begins the last period: an extension after a gap is « à venir » until then.

        The one source of a convention's status: property, list and filter all read this.
        """
        day = on or timezone.localdate()
        ended = Q(bounds__terminated_on__lte=day) | Q(bounds__is_over=True)
        renewed = Convention.objects.filter(renews=OuterRef("pk"), bounds__is_signed=True)
        begun, unended = Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True)
        terms = Act.objects.signed().filter(convention=OuterRef("pk")).exclude(kind=ActKind.TERMINATION)
        covers = terms.exclude(term_kind="").filter(begun, unended | Q(ends_on__gte=day))
        return self.annotate(
            current_start=F("bounds__first_start"),
            last_start=F("bounds__last_start"),
            current_end=F("bounds__last_end"),
            status_code=Case(
                When(ended, then=Value(ConventionStatus.TERMINATED.value)),
                When(closed_on__isnull=False, then=Value(ConventionStatus.CLOSED.value)),
                When(~Q(bounds__is_alive=True), then=Value(ConventionStatus.DROPPED.value)),
                When(bounds__is_signed=False, then=Value(ConventionStatus.PREPARING.value)),
                When(Q(last_start__gt=day) & ~Exists(covers), then=Value(ConventionStatus.UPCOMING.value)),
                When(current_end__lt=day, then=Value(ConventionStatus.LAPSED.value)),
                When(
                    Q(current_end__lte=_notice(day)) & ~Exists(renewed),
                    then=Value(ConventionStatus.TO_RENEW.value),
                ),
                When(
                    Q(current_end__isnull=True) & ~Q(bounds__last_term_kind=TermKind.OPEN_ENDED),
                    then=Value(ConventionStatus.UNKNOWN_TERM.value),
                ),
                default=Value(ConventionStatus.RUNNING.value),
            ),
        )

    def in_state(self, status: str, *, on: datetime.date | None = None) -> Self:
        """Conventions whose derived status is this one, first narrowed to few by a column with an index."""
        day = on or timezone.localdate()
        rows, kept = self.with_status(on=day), Bounds.objects.all()
        if status == ConventionStatus.TERMINATED:
            over = (
                kept.filter(terminated_on__lte=day)
                .conventions()
                .union(kept.filter(is_over=True).conventions())
            )
            rows = rows.filter(pk__in=over)
        elif status != ConventionStatus.CLOSED:
            rows = rows.filter(closed_on=None)
        if status in (ConventionStatus.RUNNING, ConventionStatus.UNKNOWN_TERM, ConventionStatus.PREPARING):
            lasting = kept.filter(Q(last_end__gte=day) | Q(last_end=None))
            rows = rows.filter(pk__in=lasting.conventions())
        if status == ConventionStatus.TO_RENEW:
            rows = rows.filter(pk__in=kept.filter(last_end__range=(day, _notice(day))).conventions())
        return rows.filter(status_code=status)

    def to_publish(self) -> Self:
        """Signed, and no page was ever made of it."""
        return self.filter(pk__in=Bounds.objects.filter(to_publish=True).conventions())

    def of_officer(self, user: User) -> Self:
        return self.filter(officer=user)


def _notice(day: datetime.date) -> datetime.date:
    """The last end that calls for a renewal on this day."""
    return day + datetime.timedelta(days=RENEWAL_NOTICE_DAYS)


class Convention(Searchable):
    """The file of one support, from request to close; its content stands in its acts."""

    title = models.CharField(_("titre"), max_length=200)
    slug = models.SlugField(_("adresse de la page"), max_length=160, unique=True)
    kind = models.ForeignKey(
        "conventions.Kind", verbose_name=_("nature"), on_delete=models.PROTECT, related_name="conventions"
    )
    source_kind_wording = models.CharField(
        _("nature selon la source"),
        max_length=160,
        blank=True,
        help_text=_("Les mots du document ou de la presse, s’ils diffèrent."),
    )
    purpose = models.CharField(
        _("objet"),
        max_length=256,
        blank=True,
        help_text=_("256 caractères au plus : il sert aussi aux données ouvertes."),
    )
    project = models.ForeignKey(
        "conventions.Project",
        verbose_name=_("projet"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conventions",
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("chargé·e de dossier"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conventions_in_charge",
        limit_choices_to={"is_staff": True, "is_active": True},
    )
    renews = models.ForeignKey(
        "self",
        verbose_name=_("renouvelle"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="renewals",
    )
    edition = models.CharField(
        _("édition"), max_length=60, blank=True, help_text=_("Par exemple « 12e édition ».")
    )
    partners = models.ManyToManyField(
        "conventions.Partner",
        verbose_name=_("partenaires"),
        through="conventions.Party",
        related_name="conventions",
    )
    final_beneficiaries = models.ManyToManyField(
        "conventions.Partner",
        verbose_name=_("bénéficiaires finaux"),
        blank=True,
        related_name="benefits",
        help_text=_("S’ils ne sont pas parties à la convention."),
    )
    areas = models.ManyToManyField(
        "conventions.Area", verbose_name=_("territoires"), blank=True, related_name="conventions"
    )
    themes = models.ManyToManyField(
        "conventions.Theme", verbose_name=_("thèmes"), blank=True, related_name="conventions"
    )
    values = models.ManyToManyField(
        "conventions.Value", verbose_name=_("valeurs"), blank=True, related_name="conventions"
    )
    plan = models.ForeignKey(
        "conventions.Plan",
        verbose_name=_("plan stratégique"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conventions",
    )
    press_contact = models.ForeignKey(
        "conventions.PressContact",
        verbose_name=_("contact presse"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conventions",
    )
    public_summary = models.TextField(
        _("résumé public"),
        blank=True,
        help_text=_("Deux ou trois phrases pour la liste et le haut de la page."),
    )
    public_story = models.TextField(
        _("récit public"),
        blank=True,
        help_text=_("Pourquoi ce soutien : le projet, ce qu’il change, pour qui."),
    )
    interests_note = models.TextField(
        _("liens d’intérêts"),
        blank=True,
        help_text=_("Par exemple un signataire qui siège aussi chez un co-financeur. Interne."),
    )
    notes = models.TextField(_("notes internes"), blank=True)
    closed_on = models.DateField(_("close le"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("convention fictive"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifiée le"), auto_now=True)

    # Read by `with_status()`.
    status_code: str
    current_start: datetime.date | None
    current_end: datetime.date | None
    last_start: datetime.date | None

    objects: ClassVar = ConventionQuerySet.as_manager()

    class Meta(Searchable.Meta):
        abstract = False
        verbose_name = _("convention")
        verbose_name_plural = _("conventions")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(renews=F("id")), name="convention_not_renewing_itself"),
        ]
        indexes = [
            *Searchable.Meta.indexes,
            models.Index(fields=["-created_at", "-id"], name="convention_newest"),
            # What is not closed stays few.
            models.Index(fields=["-created_at", "-id"], condition=Q(closed_on=None), name="convention_open"),
        ]

    def __str__(self) -> str:
        return self.title

    def search_source(self) -> list[str]:
        return [self.title, self.purpose, self.source_kind_wording, self.edition, *self._linked_texts()]

    def _linked_texts(self) -> list[str]:
        """Names of partners, project and act numbers, so that one search box finds them all."""
        if not self.pk:
            return []
        texts = list(self.acts.values_list("number", "old_reference"))
        names = [
            (party.partner.name, party.partner.acronym)
            for party in self.parties.select_related("partner")
            if not party.partner.is_opt
        ]
        project = [(self.project.name, self.project.place)] if self.project else []
        return [text for row in [*names, *texts, *project] for text in row if text]

    def get_absolute_url(self) -> str:
        return reverse("public:convention_detail", args=[self.slug])

    @property
    def status(self) -> ConventionStatus:
        """Derived status; one query unless the row came from `with_status()`."""
        code = self.__dict__.get("status_code")
        if code is None:
            row = Convention.objects.with_status().only("pk").get(pk=self.pk)
            code = row.status_code
        return ConventionStatus(code)


class PartyQuerySet(models.QuerySet["Party"]):
    def standing(self) -> Self:
        """Those of the signed text: one that a draft amendment brings is not among them yet."""
        return self.filter(Q(joined_by=None) | Q(joined_by__state=ActState.SIGNED))


class Party(models.Model):
    """One side of a convention; `joined_by`: the amendment that brought it, none for those of the first act."""

    convention = models.ForeignKey(
        Convention, verbose_name=_("convention"), on_delete=models.PROTECT, related_name="parties"
    )
    partner = models.ForeignKey(
        "conventions.Partner", verbose_name=_("partenaire"), on_delete=models.PROTECT, related_name="parties"
    )
    role = models.CharField(_("rôle"), max_length=16, choices=PartyRole, default=PartyRole.BENEFICIARY)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    joined_by = models.ForeignKey(
        "conventions.Act",
        models.PROTECT,
        related_name="joined_parties",
        null=True,
        blank=True,
        editable=False,
    )

    objects: ClassVar = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("partie")
        verbose_name_plural = _("parties")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "partner"],
                name="party_once_per_convention",
                violation_error_message=_("Ce partenaire est déjà partie à cette convention."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} – {self.get_role_display()}"

    def is_of(self, act: "Act") -> bool:
        """Whether an act of its convention names it: from the one that brought it, once signed, to the last."""
        if self.joined_by is None or self.joined_by_id == act.pk:
            return True
        return self.joined_by.state == ActState.SIGNED and self.joined_by.rank < act.rank
