"""From rows to plans: dates, amounts, serial numbers. The same day gives the same plan (fixed seed, no clock)."""

# ruff: noqa: E501 (one row or one sentence a line)

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from conventions.demonstration.plan.fictive import goods, variety
from conventions.demonstration.plan.fictive.amended import AMENDED
from conventions.demonstration.plan.fictive.days import months_after, weekday
from conventions.demonstration.plan.fictive.duties import (
    handover_of,
    later_acts_of,
    obligations_of,
    reports_of,
)
from conventions.demonstration.plan.fictive.editions import (
    CEREMONY,
    DAY,
    EDITIONS,
    SHOWCASE,
    Y1,
    Y2,
    Y3,
    Y4,
    Edition,
)
from conventions.demonstration.plan.fictive.money import fundings_of, instalments_of, payments_of
from conventions.demonstration.plan.fictive.partners import PARTNERS
from conventions.demonstration.plan.fictive.programmes import PROGRAMMES, SHOWCASE_KEY
from conventions.demonstration.plan.fictive.showcase import showcase
from conventions.demonstration.plan.fictive.varied import partners
from conventions.demonstration.plan.shapes import (
    Calendar,
    CeremonyPlan,
    ConventionPlan,
    DecisionPlan,
    FictivePlan,
    Person,
    Programme,
)
from conventions.enums import ActState, AttachmentKind, ConventionStatus, TermKind
from conventions.reference.places import PLACES

SEED = 988
NOUMEA = "Nouméa"
ATTACHMENTS = (
    (AttachmentKind.PROJECT, "Présentation du projet"),
    (AttachmentKind.BUDGET, "Budget prévisionnel"),
)
ENDED = (ActState.CANCELLED, ActState.DECLINED, ActState.EXPIRED, ActState.ABANDONED)
# The furthest step of each state before freezing.
STEPS = {ActState.DRAFT: 0, ActState.IN_REVIEW: 1, ActState.TO_CORRECT: 2, ActState.APPROVED: 2}

CEREMONY_PLACE = NOUMEA


def plan(today: date) -> FictivePlan:
    """Every invented convention, in the order in which they were frozen."""
    rng = Random(SEED)
    built = [_convention(row, today, rng, rank) for rank, row in enumerate((SHOWCASE, *EDITIONS))]
    built = [*_linked(built), *variety.conventions(today)]
    built.sort(key=lambda row: (row.calendar.frozen_on or row.calendar.created_on, row.key))
    return FictivePlan(
        today=today,
        partners=partners(),
        programmes=PROGRAMMES | variety.PROGRAMMES,
        decisions=_decisions(today),
        ceremonies=(_ceremony(today), _signing_day(today)),
        conventions=tuple(built),
    )


def _convention(row: Edition, today: date, rng: Random, rank: int) -> ConventionPlan:
    programme = PROGRAMMES[row.programme]
    start = _start(row, today)
    end = months_after(start, row.months) if row.term == "dates" else None
    schedule = _calendar(row, start, today)
    fundings = fundings_of(row, start, end, programme)
    signed_on = schedule.ended_on if row.state == ActState.SIGNED else None
    plan_row = ConventionPlan(
        key=f"{programme.key}-{start.year}-{start.month:02d}",
        programme=programme.key,
        title=f"{programme.title} – {start.year}" if programme.dated else programme.title,
        kind=programme.kind,
        state=row.state,
        status=row.status,
        calendar=schedule,
        **_term(row, start, end),
        place=_place(row, rng.choice((NOUMEA, NOUMEA, _town(programme)))),
        reason=row.reason,
        preamble=_preamble(programme),
        fundings=fundings,
        instalments=instalments_of(row, fundings, signed_on or start, end),
        in_kind=goods.in_kind(row, start, end),
        equipment=goods.equipment(row, rng, start),
        obligations=obligations_of(programme),
        reports=reports_of(row, start, end, today),
        payments=payments_of(row, fundings, signed_on, start, today),
        handover=handover_of(row, signed_on, today, rank),
        later=later_acts_of(row, start, end, fundings, today),
        ceremony=row.ceremony,
        board_decision=f"d{start.year}" if start <= today + timedelta(days=60) else f"d{today.year}",
        closed_on=_closed_on(row, end, today),
        review=_review(row),
        published=row.published,
        press=row.press,
        attachments=ATTACHMENTS,
        interests_note=row.interests,
        officer=rank % 2,
        online=row.online,
    )
    further = showcase if programme.key == SHOWCASE_KEY else AMENDED.get(row.amendment)
    return further(plan_row, today) if further else plan_row


def _term(row: Edition, start: date, end: date | None) -> dict[str, Any]:
    """The duration: between two dates, open-ended, or in words."""
    if row.term == "libelle":
        return {"term_kind": TermKind.WORDING, "term_wording": "1 an, renouvelable d’un commun accord"}
    kind = TermKind.DATES if row.term == "dates" else TermKind.OPEN_ENDED
    return {"term_kind": kind, "starts_on": start, "ends_on": end}


def _town(programme: Programme) -> str:
    """Where the partner lives, when one signs « à » there; else Nouméa."""
    commune = next(partner.commune for partner in PARTNERS if partner.slug == programme.partner)
    name = next((place.name for place in PLACES if place.slug == commune), NOUMEA)
    return NOUMEA if name.startswith("Île") else name


def _start(row: Edition, today: date) -> date:
    """The first of a month: each programme has its own season, save where the status leaves no room."""
    season = 0
    if row.start in (Y1, Y2, Y3, Y4):
        season = list(PROGRAMMES).index(row.programme) * 29 % 100
    return (today + timedelta(days=row.start + season)).replace(day=1)


def _calendar(row: Edition, start: date, today: date) -> Calendar:
    """Counted back from the signature; for a draft, from today."""
    if row.state in STEPS:
        last = today - timedelta(days=4)
        steps = STEPS[row.state]
        return Calendar(
            created_on=weekday(last - timedelta(days=20 + 6 * steps)),
            submitted_on=weekday(last - timedelta(days=8)) if steps else None,
            reviewed_on=weekday(last) if steps == 2 else None,
        )
    if row.online is not None:  # its links must still open: everything is of today
        frozen = today
        ended = today if row.state == ActState.SIGNED else None
    elif row.state == ActState.TO_SIGN:
        frozen = weekday(today - timedelta(days=6 if row.start < 28 else 22))
        ended = None
    else:
        ended = _signature_day(row, start, today)
        frozen = weekday(ended - timedelta(days=12))
    return Calendar(
        created_on=weekday(frozen - timedelta(days=45)),
        submitted_on=weekday(frozen - timedelta(days=20)),
        reviewed_on=weekday(frozen - timedelta(days=9)),
        frozen_on=frozen,
        ended_on=ended,
    )


def _signature_day(row: Edition, start: date, today: date) -> date:
    if row.ceremony:
        return _ceremony_day(today)
    offset = 40 if row.signed_after_start else -12 - len(row.programme) % 11
    return weekday(min(start + timedelta(days=offset), today - timedelta(days=3)))


def _place(row: Edition, usual: str) -> str:
    """Where it is signed; conventions of one ceremony are signed where it is held."""
    return CEREMONY_PLACE if row.ceremony else usual


def _ceremony_day(today: date) -> date:
    return weekday(today - timedelta(days=100))


def _closed_on(row: Edition, end: date | None, today: date) -> date | None:
    if row.status != ConventionStatus.CLOSED or end is None:
        return None
    return weekday(min(date(end.year + 1, 8, 10), today - timedelta(days=10)))


def _review(row: Edition) -> str:
    if row.status != ConventionStatus.CLOSED:
        return ""
    return "Objectifs atteints, comptes justifiés. Le partenaire tient ses engagements (exemple fictif)."


def _preamble(programme: Programme) -> tuple[str, ...]:
    return (
        f"Considérant que le projet « {programme.project} » est à l’initiative du bénéficiaire, qui en garde la conduite ;",
        "Considérant que ce projet rejoint les valeurs que l’OPT-NC porte dans ses partenariats,",
    )


def _linked(rows: list[ConventionPlan]) -> list[ConventionPlan]:
    """A convention of the same programme, signed and ended before, is the one renewed."""
    found = []
    for row in rows:
        before = [
            old for old in rows
            if old.programme == row.programme and old.state == ActState.SIGNED and old.ends_on and row.starts_on
            and old.ends_on < row.starts_on + timedelta(days=45) and old.key != row.key
        ]  # fmt: skip
        last = max(before, key=lambda old: old.ends_on or date.min, default=None)
        if last and row.state not in ENDED:
            row = replace(row, renews=last.key)
        found.append(row)
    return found


def _decisions(today: date) -> tuple[DecisionPlan, ...]:
    first = date(today.year - 5, 1, 1).year
    return tuple(
        DecisionPlan(
            key=f"d{year}",
            number=f"FICTIF-{year}-01",
            decided_on=min(date(year - 1, 10, 15), today - timedelta(days=60)),
            title=f"Partenariats de l’année {year} (fictif)",
        )
        for year in range(first, today.year + 2)
    )


def _ceremony(today: date) -> CeremonyPlan:
    return CeremonyPlan(
        key=CEREMONY,
        title="Quatre partenariats pour la jeunesse et le lagon (fictif)",
        held_on=_ceremony_day(today),
        place=CEREMONY_PLACE,
        summary=(
            "Le même jour, l’OPT-NC signe avec quatre associations imaginaires : elles replantent la mangrove, ouvrent "
            "une salle d’étude, apprennent le code aux collégiennes et les gestes qui sauvent aux écoliers."
        ),
        attendees=(
            Person(civility="mme", first_name="Joséphine", last_name="AOUTA", title="invitée (fictif)"),
            Person(civility="m", first_name="Tevaite", last_name="MARURAI", title="invité (fictif)"),
        ),
    )


def _signing_day(today: date) -> CeremonyPlan:
    """A day to come, when everything is signed online."""
    return CeremonyPlan(
        key=DAY,
        title="Journée de signature (fictif)",
        held_on=weekday(today + timedelta(days=9)),
        place=CEREMONY_PLACE,
        summary="Quatre associations imaginaires et l’OPT-NC signent en ligne, le même jour.",
    )


__all__ = ["plan"]
