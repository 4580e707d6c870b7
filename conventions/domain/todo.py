"""What waits for somebody: « à faire cette semaine », read from the live rows, by role.

`sections(user, today=…, mine=…)`: one query per kind of task, whatever the number of rows. Nothing here is stored:
a task disappears when it is done.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from conventions.enums import (
    ActOrigin,
    ActState,
    ConventionStatus,
    ObligationKind,
    PressState,
    Role,
    SigningPath,
)
from conventions.formats import NBSP
from conventions.models import (
    Act,
    Convention,
    EquipmentTerm,
    Handover,
    InKind,
    InstalmentTerm,
    Obligation,
    Party,
    Payment,
    PressRelease,
    PublicSheet,
    ReportReceived,
    Representative,
    Return,
)

SOON_DAYS = 30
MANDATE_DAYS = 60
S = ActState
AWAITING_INK = (S.TO_SIGN, S.PARTLY_SIGNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do. `page` and `pk` name the row to open; `anchor` its section. Dates are plain dates in Nouméa."""

    title: str
    why: str = ""
    page: str = "convention"
    pk: int = 0
    anchor: str = ""
    since: datetime.date | None = None
    due: datetime.date | None = None
    is_demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Tasks of one kind: what to do with each (`action`), the most urgent first."""

    code: str
    title: str
    action: str
    tasks: list[Task] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose tasks: one officer's files, or everybody's; on which day."""

    today: datetime.date
    officer_id: int | None = None

    def of(self, rows, path: str = "convention"):
        """Narrow rows to the officer's files, through the path to their convention."""
        if self.officer_id is None:
            return rows
        return rows.filter(**{f"{path}__officer" if path else "officer": self.officer_id})


def sections(user, *, today: datetime.date, mine: bool) -> list[Section]:
    """Non-empty sections for the user's roles (a superuser has them all), in the order of `RULES`."""
    scope = Scope(today, user.pk if mine else None)
    acts = _open_acts(scope)
    found = []
    for rule in RULES:
        if not user.is_superuser and rule.roles.isdisjoint(user.roles):
            continue
        tasks = (
            [_act_task(act, rule) for act in acts if rule.accepts(act)] if rule.accepts else rule.read(scope)
        )
        if tasks:
            ordered = sorted(tasks, key=lambda task: (task.due or task.since or today, task.title))
            found.append(Section(code=rule.code, title=rule.title, action=rule.action, tasks=ordered))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who a kind of task waits for, and where it is read: in the open acts, or by a query of its own."""

    code: str
    title: str
    action: str
    roles: frozenset[str]
    accepts: Callable[[Act], bool] | None = None
    since: str = "updated_at"
    why: Callable[[Act], str] | None = None
    read: Callable[[Scope], list[Task]] = lambda scope: []


def _open_acts(scope: Scope) -> list[Act]:
    """Acts that wait for a step, with their convention; one query."""
    unattested = Q(origin=ActOrigin.REPRISE, state=S.SIGNED, attested_at=None)
    waiting = Q(state__in=[S.DRAFT, S.TO_CORRECT, S.IN_REVIEW, S.APPROVED, *AWAITING_INK])
    rows = Act.objects.filter(waiting | unattested).select_related("convention", "convention__officer")
    return list(scope.of(rows).order_by("updated_at", "pk"))


def _act_task(act: Act, rule: Rule) -> Task:
    moment = getattr(act, rule.since) or act.updated_at
    officer = act.convention.officer
    told = rule.why(act) if rule.why else (f"Dossier de {officer}" if officer else "Sans chargé de dossier")
    return Task(
        title=_act_title(act),
        why=told,
        pk=act.convention_id,
        since=_day(moment),
        is_demo=act.convention.is_demo,
    )


def _act_title(act: Act) -> str:
    if act.rank == 0:
        return act.convention.title
    return f"{act.convention.title} ({act.get_kind_display()} {act.rank})"


def _day(moment: datetime.datetime) -> datetime.date:

    return timezone.localtime(moment).date()


def _convention_task(convention: Convention, why: str = "", **values) -> Task:
    return Task(title=convention.title, why=why, pk=convention.pk, is_demo=convention.is_demo, **values)


def _to_publish(scope: Scope) -> list[Task]:
    """Signed conventions that have no page yet."""
    signed = Act.objects.filter(convention=OuterRef("pk"), state=S.SIGNED, rank=0)
    sheets = PublicSheet.objects.filter(convention=OuterRef("pk"))
    rows = Convention.objects.filter(Exists(signed)).exclude(Exists(sheets)).annotate(day=_signed_on())
    return [_convention_task(row, "Signée, pas encore publiée", since=row.day) for row in scope.of(rows, "")]


def _signed_on():

    return Subquery(Act.objects.filter(convention=OuterRef("pk"), rank=0).values("signed_on")[:1])


def _press_drafts(scope: Scope) -> list[Task]:
    rows = PressRelease.objects.filter(state=PressState.DRAFT)
    return [
        Task(
            title=row.title,
            why="Texte à relire",
            page="pressrelease",
            pk=row.pk,
            since=row.dateline,
            is_demo=row.is_demo,
        )
        for row in rows
    ]


REPORTS = (ObligationKind.FINANCIAL_REPORT, ObligationKind.REVIEW, ObligationKind.RECEIPT)


def _reports_due(scope: Scope) -> list[Task]:
    """Reports that current obligations ask for and nobody received."""
    received = ReportReceived.objects.filter(obligation__line=OuterRef("line"))
    rows = (
        Obligation.objects.current()
        .filter(kind__in=REPORTS, due_on__lte=_soon(scope))
        .exclude(Exists(received))
    )
    rows = scope.of(rows, "act__convention").select_related("act__convention", "party__partner")
    return [
        _convention_task(
            row.act.convention, _from_party(row), due=row.due_on, page="suivi", anchor="comptes-rendus"
        )
        for row in rows
    ]


def _from_party(row: Obligation) -> str:
    label = str(row.get_kind_display()).capitalize()
    return f"{label}{NBSP}: {row.party.partner.short_name}" if row.party else label


def _loans_due(scope: Scope) -> list[Task]:
    returned = Return.objects.filter(in_kind__line=OuterRef("line"))
    rows = InKind.objects.current().filter(return_on__lte=_soon(scope)).exclude(Exists(returned))
    rows = scope.of(rows, "act__convention").select_related("act__convention")
    return [
        _convention_task(row.act.convention, row.description, due=row.return_on, page="suivi", anchor="prets")
        for row in rows
    ]


def _to_hand_over(scope: Scope) -> list[Task]:
    """Signed conventions whose equipment nobody handed over; a reprise tells the past, it waits for nobody."""
    handed = Handover.objects.filter(act__convention=OuterRef("act__convention"))
    rows = EquipmentTerm.objects.current().exclude(act__origin=ActOrigin.REPRISE).exclude(Exists(handed))
    rows = scope.of(rows, "act__convention").select_related("act__convention")
    found: dict[int, Task] = {}
    for row in rows:
        convention = row.act.convention
        task = _convention_task(
            convention,
            "Matériel à effacer puis à remettre",
            since=row.act.signed_on,
            due=row.pickup_by,
            page="suivi",
            anchor="materiel",
        )
        found.setdefault(convention.pk, task)
    return list(found.values())


def _renewals_due(scope: Scope) -> list[Task]:
    rows = Convention.objects.in_state(ConventionStatus.TO_RENEW, on=scope.today)
    return [
        _convention_task(row, "Fin proche, sans suite préparée", due=row.current_end)
        for row in scope.of(rows, "")
    ]


def _mandates_ending(scope: Scope) -> list[Task]:
    """Mandates that end soon, at partners with a convention in preparation or signed."""
    limit = scope.today + datetime.timedelta(days=MANDATE_DAYS)
    parties = Party.objects.filter(partner=OuterRef("partner"))
    live = scope.of(parties, "convention").exclude(convention__closed_on__isnull=False)
    rows = Representative.objects.filter(mandate_end__gte=scope.today, mandate_end__lte=limit)
    rows = rows.filter(Exists(live)).select_related("partner")
    return [
        Task(
            title=f"{row}, {row.title}",
            why=str(row.partner),
            page="partner",
            pk=row.partner_id,
            due=row.mandate_end,
            is_demo=row.partner.is_demo,
        )
        for row in rows
    ]


def _instalments_due(scope: Scope) -> list[Task]:
    """Instalments promised that were neither sent to the accountant nor paid."""
    paid = Payment.objects.filter(instalment__line=OuterRef("line"))
    rows = InstalmentTerm.objects.current().filter(due_on__lte=_soon(scope)).exclude(Exists(paid))
    rows = scope.of(rows, "act__convention").select_related("act__convention")
    return [
        _convention_task(
            row.act.convention, row.label.capitalize(), due=row.due_on, page="suivi", anchor="versements"
        )
        for row in rows
    ]


def _soon(scope: Scope) -> datetime.date:
    return scope.today + datetime.timedelta(days=SOON_DAYS)


def _new_in(*states: str, path: str | None = None) -> Callable[[Act], bool]:
    def accepts(act: Act) -> bool:
        return act.origin == ActOrigin.NEW and act.state in states and (path is None or act.path == path)

    return accepts


def _reprise_in(state: str) -> Callable[[Act], bool]:
    return lambda act: act.origin == ActOrigin.REPRISE and act.state == state


def _roles(*roles: Role) -> frozenset[str]:
    return frozenset(role.value for role in roles)


def _correction(act: Act) -> str:
    return act.correction_note or "Le juridique demande une correction"


_OFFICER, _LAWYER, _DIRECTOR = _roles(Role.OFFICER), _roles(Role.LAWYER), _roles(Role.DIRECTOR)

RULES: Iterable[Rule] = (
    Rule(code="corriger", title="À corriger", action="Corriger", roles=_OFFICER,
         accepts=_new_in(S.TO_CORRECT), why=_correction),
    Rule(code="relire", title="À relire et à valider", action="Relire", roles=_LAWYER,
         accepts=_new_in(S.IN_REVIEW), since="submitted_at"),
    Rule(code="figer", title="À mettre à la signature", action="Mettre à la signature", roles=_OFFICER,
         accepts=_new_in(S.APPROVED), since="approved_at"),
    Rule(code="signer", title="En attente de signature", action="Ouvrir", roles=_DIRECTOR,
         accepts=_new_in(*AWAITING_INK), since="frozen_at"),
    Rule(code="scan", title="Exemplaires signés à classer", action="Classer le scan", roles=_OFFICER,
         accepts=_new_in(*AWAITING_INK, path=SigningPath.INK), since="frozen_at"),
    Rule(code="attester", title="Reprises à attester", action="Vérifier", roles=_LAWYER | _DIRECTOR,
         accepts=_reprise_in(S.SIGNED)),
    Rule(code="versements", title="Versements à préparer", action="Ouvrir",
         roles=_roles(Role.OFFICER, Role.ACCOUNTANT), read=_instalments_due),
    Rule(code="comptes_rendus", title="Comptes rendus attendus", action="Relancer", roles=_OFFICER, read=_reports_due),
    Rule(code="prets", title="Prêts à rendre", action="Ouvrir", roles=_roles(Role.OFFICER, Role.LOGISTICS),
         read=_loans_due),
    Rule(code="remises", title="Matériel à remettre", action="Ouvrir", roles=_roles(Role.LOGISTICS, Role.OFFICER),
         read=_to_hand_over),
    Rule(code="publier", title="Conventions à publier", action="Publier", roles=_roles(Role.COMMUNICATION),
         read=_to_publish),
    Rule(code="communiques", title="Communiqués en préparation", action="Relire", roles=_roles(Role.COMMUNICATION),
         read=_press_drafts),
    Rule(code="renouveler", title="À renouveler dans les 90 jours", action="Préparer la suite", roles=_OFFICER,
         read=_renewals_due),
    Rule(code="mandats", title="Mandats qui se terminent", action="Mettre à jour", roles=_OFFICER,
         read=_mandates_ending),
    Rule(code="reprises", title="Reprises à enregistrer", action="Compléter", roles=_OFFICER,
         accepts=_reprise_in(S.DRAFT)),
    Rule(code="brouillons", title="Brouillons à compléter", action="Continuer", roles=_OFFICER,
         accepts=_new_in(S.DRAFT)),
)  # fmt: skip
