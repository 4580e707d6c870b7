"""Acts that wait for a step, and who prepared them."""

import datetime
from collections.abc import Callable

from django.db.models import Q
from django.utils import timezone

from conventions.domain.worklist.tasks import Rule, Scope, Task
from conventions.enums import ActOrigin, ActState, Role, SigningPath
from conventions.formats import elide
from conventions.models import Act

S = ActState
AWAITING_INK = (S.TO_SIGN, S.PARTLY_SIGNED)
SEALABLE = (*AWAITING_INK, S.TO_SEAL, S.SIGNED)
ROLE_WORDS = {
    Role.LAWYER: "le juridique",
    Role.DIRECTOR: "la direction",
    Role.ACCOUNTANT: "l’agent comptable",
    Role.OFFICER: "un chargé de partenariats",
}


def open_acts(scope: Scope) -> list[Act]:
    """Acts that wait for a step, with their convention; one query."""
    unattested = Q(origin=ActOrigin.REPRISE, state=S.SIGNED, attested_at=None)
    waiting = Q(state__in=[S.DRAFT, S.TO_CORRECT, S.IN_REVIEW, S.APPROVED, *AWAITING_INK])
    unsealed = Q(path=SigningPath.ONLINE, state__in=SEALABLE) & ~Q(seal_error="")
    rows = (
        Act.objects.of_open_files()
        .filter(waiting | unattested | unsealed)
        .select_related("convention", "convention__officer")
    )
    return list(scope.of(rows).order_by("updated_at", "pk"))


def act_task(act: Act, rule: Rule, preparers: frozenset[int] = frozenset(), *, why: str = "") -> Task:
    moment = getattr(act, rule.since) or act.updated_at
    officer = act.convention.officer
    told = (
        rule.why(act)
        if rule.why
        else (f"Dossier {elide('de', str(officer))}" if officer else "Sans chargé·e de dossier")
    )
    return Task(
        title=act_title(act),
        key=str(act.pk),
        why=why or told,
        page=rule.page,
        pk=act.convention_id,
        rank=act.rank,
        event=rule.event,
        anchor="" if rule.event else "etat-acte",
        since=day_of(moment),
        officer=act.convention.officer_id,
        not_for=preparers,
        owed="signature" if rule.awaits_partner else "",
        is_demo=act.convention.is_demo,
    )


def act_title(act: Act) -> str:
    if act.rank == 0:
        return act.convention.title
    return f"{act.convention.title} ({act.get_kind_display()} {act.rank})"


def day_of(moment: datetime.datetime) -> datetime.date:
    return timezone.localtime(moment).date()


def new_in(*states: str, path: SigningPath | None = None) -> Callable[[Act], bool]:
    def accepts(act: Act) -> bool:
        return act.origin == ActOrigin.NEW and act.state in states and (path is None or act.path == path)

    return accepts


def unsealed(act: Act) -> bool:
    """Signed online, and its seal, or that of its attestation, failed."""
    return act.path == SigningPath.ONLINE and act.state in SEALABLE and act.seal_error != ""


def reprise_in(state: str) -> Callable[[Act], bool]:
    return lambda act: act.origin == ActOrigin.REPRISE and act.state == state


def seal_fault(act: Act) -> str:
    return act.seal_error


def correction(act: Act) -> str:
    return act.correction_note or "Le juridique demande une correction"


def waits_for(rule: Rule) -> str:
    """« Attend le juridique ou la direction : vous avez préparé ce dossier »."""
    people = " ou ".join(words for role, words in ROLE_WORDS.items() if role in rule.roles)
    return f"Attend une autre personne, {people} : {rule.done_by_reader}"
