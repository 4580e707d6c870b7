"""The demonstration: accounts, the real published cases, and invented conventions in every state.

Two steps: `load_start`, all that the first page needs, and `load_invented`, which may take place while the site runs;
`load` does both. They go through the verbs that people use, so that journals, numbers, four eyes and documents are
real; each event takes place on its own day. Every step looks first at what is there: a second load adds nothing, and
one that was interrupted goes on.
"""

from collections.abc import Callable

from django.db import transaction

from conventions.demonstration import progress
from conventions.demonstration.loading import (
    accounts,
    communication,
    facts,
    files,
    formal,
    online,
    partners,
    reprises,
    space,
    stock,
    templates,
)
from conventions.demonstration.loading.accounts import AccountLine, DemonstrationClosed, Team, account_lines
from conventions.demonstration.plan.fictive import SHOWCASE_KEY
from conventions.demonstration.plan.fictive import plan as fictive_plan
from conventions.demonstration.plan.shapes import ConventionPlan, FictivePlan
from conventions.enums import ActState
from conventions.models import BoardDecision, Ceremony, Convention, PublicSheet

__all__ = [
    "AccountLine",
    "DemonstrationClosed",
    "Team",
    "account_lines",
    "has_conventions",
    "load",
    "load_invented",
    "load_start",
]

Say = Callable[[str], None]


def has_conventions() -> bool:
    """Is there any convention, whatever it is?"""
    return Convention.objects.exists()


def load(*, say: Say, limit: int | None = None) -> dict[str, int]:
    """Load what is missing, telling each step in French through `say`; returns how many were added.

    `limit` keeps the showcase, those whose lines are amended, and that many of each state (for tests).
    Raises DemonstrationClosed unless settings.DEMO.
    """
    return {"cas": load_start(say=say), "fictives": load_invented(say=say, limit=limit)}


def load_start(*, say: Say) -> int:
    """What the first page needs: accounts, partners, published cases. Returns how many cases were added.

    Raises DemonstrationClosed unless settings.DEMO.
    """
    accounts.require_demo()
    plan = fictive_plan(progress.begin())
    say("Comptes et partenaires")
    accounts.load_staff()
    team = Team()
    partners.load_partners(plan, team)
    templates.put_in_force(team.lawyer)
    accounts.give_second_factors()
    say("Cas publiés")
    return len(reprises.load_cases(team))


def load_invented(*, say: Say, limit: int | None = None) -> int:
    """The invented conventions, after the start, and what goes with them. Returns how many were added.

    The site and its worker may run meanwhile. Raises DemonstrationClosed unless settings.DEMO.
    """
    accounts.require_demo()
    plan, team, added = fictive_plan(progress.begin()), Team(), 0
    rows = _kept(plan.conventions, limit)
    with progress.told() as tell, communication.without_past_mails(plan.today):
        _decisions_and_ceremonies(plan)
        for rank, row in enumerate(rows, start=1):
            added += _load_one(row, plan, team)
            tell(rank, len(rows))
            if rank % 10 == 0 or rank == len(rows):
                say(f"Conventions fictives : {rank} sur {len(rows)}")
        for ceremony in plan.ceremonies:
            if ceremony.held_on <= plan.today:
                communication.announce_ceremony(ceremony, team)
        facts.send_lately(team, plan.today)
        stock.fill(team, plan.today)
        space.play(team, plan.today)
    return added


def _kept(rows: tuple[ConventionPlan, ...], limit: int | None) -> list[ConventionPlan]:
    """All of them; or the showcase, the amended ones, and the latest `limit` of each state and way of signing."""
    if limit is None:
        return list(rows)
    seen: dict[tuple[str, bool], int] = {}
    kept = []
    for row in reversed(rows):
        like = (row.state, row.online is None)
        seen[like] = seen.get(like, 0) + 1
        amended = any(act.edits for act in row.later)
        if seen[like] <= limit or row.programme == SHOWCASE_KEY or amended:
            kept.append(row)
    return kept[::-1]


def _decisions_and_ceremonies(plan: FictivePlan) -> None:
    for row in plan.decisions:
        values = {"decided_on": row.decided_on, "title": row.title, "is_demo": True}
        BoardDecision.objects.get_or_create(number=row.number, defaults=values)
    for ceremony in plan.ceremonies:
        values = {
            "title": ceremony.title,
            "held_on": ceremony.held_on,
            "place": ceremony.place,
            "public_summary": ceremony.summary,
            "is_demo": True,
        }
        Ceremony.objects.get_or_create(slug=ceremony.key, defaults=values)


def _load_one(row: ConventionPlan, plan: FictivePlan, team: Team) -> bool:
    """One invented convention in one transaction, with its documents; then what the public reads of it."""
    found = Convention.objects.filter(title=row.title, is_demo=True).filter(acts__starts_on=row.starts_on)
    convention = found.first()
    added = convention is None
    if convention is None:
        with transaction.atomic():
            convention = _play(row, plan, team)
    if row.online:
        online.seal(convention)
    signed = row.state == ActState.SIGNED
    if signed and row.published and not PublicSheet.objects.filter(convention=convention).exists():
        communication.publish_page(convention, row, team)
    if signed and row.programme == SHOWCASE_KEY:
        formal.write_letters(convention, team, plan.today)
    communication.announce(convention, row, team)
    return added


def _play(row: ConventionPlan, plan: FictivePlan, team: Team) -> Convention:
    officer = team.officers[row.officer]
    convention = files.draft_file(row, plan, team, _renewed(row, plan))
    act = files.bring_to_state(convention.acts.get(), row, team, officer)
    if act.state == ActState.SIGNED:
        facts.record_facts(convention, row, team)
        for later in row.later:
            files.add_later_act(convention, later, team, officer)
    return convention


def _renewed(row: ConventionPlan, plan: FictivePlan) -> Convention | None:
    old = next((other for other in plan.conventions if other.key == row.renews), None)
    if old is None:
        return None
    found = Convention.objects.filter(title=old.title, is_demo=True, acts__starts_on=old.starts_on)
    return found.first()
