"""The real cases, recorded as reprises: what the sources say, and nothing else."""

import datetime

from django.db import transaction

from conventions.demonstration.loading.accounts import Team
from conventions.demonstration.plan import cases
from conventions.demonstration.plan.shapes import CasePlan, Person
from conventions.domain import journal
from conventions.domain.acts import drafting, lifecycle
from conventions.domain.publication import draft_press_release, publish
from conventions.enums import ActOrigin, Event, PartyRole
from conventions.formats import typeset
from conventions.models import (
    Act,
    Area,
    Attendee,
    BoardDecision,
    Ceremony,
    Convention,
    EquipmentTerm,
    Funding,
    InKind,
    Kind,
    Partner,
    Party,
    Plan,
    PressContact,
    Project,
    Signatory,
    Source,
    Theme,
    Value,
)

DECISION_TITLE = "Don de matériel informatique à plusieurs associations"


def load_cases(team: Team) -> list[Convention]:
    """Every case that is not there yet, recorded then published."""
    return [load_case(row, team) for row in cases.CASES if not _loaded(row)]


def _loaded(row: CasePlan) -> bool:
    return Convention.objects.filter(slug=row.slug).exists()


def load_case(row: CasePlan, team: Team) -> Convention:
    """One case in one transaction: drafted, filled in, recorded, published."""
    officer = team.officers[0]
    with transaction.atomic():
        convention = drafting.create_convention(
            by=officer,
            partner=_partner(row.parties[1][0]),
            kind=Kind.objects.get(slug=row.kind),
            title=row.title,
            starts_on=None,
            ends_on=None,
            officer=officer,
            origin=ActOrigin.REPRISE,
        )
        act = convention.acts.get()
        _fill_convention(convention, row)
        parties = _add_parties(convention, row)
        _fill_act(act, row)
        _add_people(act, row, parties)
        _add_terms(act, row)
        journal.record("reprise_completee", by=officer, convention=convention, details={"cas": row.key})
        lifecycle.apply(act, Event.RECORD_REPRISE, by=officer)
    convention = Convention.objects.get(pk=convention.pk)
    publish(convention, by=team.communication)
    if row.press_contact:  # a text of ours, left as a draft: OPT-NC published its own on the day
        draft_press_release(by=team.communication, convention=convention)
    return convention


def _partner(slug: str) -> Partner:
    return Partner.objects.opt() if slug == cases.OPT else Partner.objects.get(slug=slug)


def _fill_convention(convention: Convention, row: CasePlan) -> None:
    contact = PressContact.objects.get(email=cases.PRESS_CONTACT["email"]) if row.press_contact else None
    convention.slug = row.slug
    convention.source_kind_wording = typeset(row.source_kind_wording)
    convention.purpose = typeset(row.purpose)
    convention.public_summary = typeset(row.public_summary)
    convention.public_story = typeset(row.public_story)
    convention.notes = row.notes
    convention.press_contact = contact
    convention.plan = Plan.objects.get(slug=row.plan) if row.plan else None
    convention.project = _project(row)
    convention.save()
    convention.areas.set(Area.objects.filter(slug__in=row.areas))
    convention.themes.set(Theme.objects.filter(slug__in=row.themes))
    convention.values.set(Value.objects.filter(slug__in=row.values))
    for source in row.sources:
        Source.objects.create(
            convention=convention,
            title=typeset(source.title),
            publisher=source.publisher,
            published_on=source.published_on,
            fact=source.fact,
            wording=source.wording,
        )


def _project(row: CasePlan) -> Project | None:
    if not row.project:
        return None
    return Project.objects.create(
        name=row.project,
        holder=_partner(row.parties[1][0]),
        place=row.project_place,
        area=Area.objects.filter(slug=row.project_area).first(),
        description=typeset(row.project_description),
    )


def _add_parties(convention: Convention, row: CasePlan) -> dict[str, Party]:
    """The first two were made with the file; the others follow, each with its role."""
    for rank, (slug, role) in enumerate(row.parties[2:], start=2):
        Party.objects.create(
            convention=convention, partner=_partner(slug), role=PartyRole(role), position=rank
        )
    parties = convention.parties.select_related("partner")
    return {(cases.OPT if party.partner.is_opt else party.partner.slug): party for party in parties}


def _fill_act(act: Act, row: CasePlan) -> None:
    act.term_kind = row.term_kind
    act.term_wording = row.term_wording
    act.starts_on, act.starts_on_precision = row.starts_on, row.starts_on_precision
    act.signed_on, act.signed_on_wording = row.signed_on, row.signed_on_wording
    act.place = ""
    act.ceremony = _ceremony() if row.ceremony else None
    act.board_decision = _decision(row.board_decision) if row.board_decision else None
    act.save()


def _ceremony() -> Ceremony:
    plan = cases.CEREMONY
    values = {
        "title": plan.title,
        "held_on": plan.held_on,
        "place": plan.place,
        "public_summary": typeset(plan.summary),
    }
    return Ceremony.objects.get_or_create(slug=plan.key, defaults=values)[0]


def _decision(decided_on: datetime.date) -> BoardDecision:
    return BoardDecision.objects.get_or_create(
        number="", decided_on=decided_on, defaults={"title": DECISION_TITLE}
    )[0]


def _add_people(act: Act, row: CasePlan, parties: dict[str, Party]) -> None:
    """Those who signed, where the source says so; otherwise those it cites, as present."""
    Signatory.objects.bulk_create(
        Signatory(act=act, party=parties[signer.party], order=rank, **_named(signer.person))
        for rank, signer in enumerate(row.signers, start=1)
    )
    Attendee.objects.bulk_create(
        Attendee(act=act, position=rank, **_named(person)) for rank, person in enumerate(row.attendees)
    )


def _named(person: Person) -> dict[str, str]:
    return {
        "civility": person.civility,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "title": person.title,
    }


def _add_terms(act: Act, row: CasePlan) -> None:
    Funding.objects.bulk_create(
        Funding(
            act=act,
            figure=line.figure,
            status=line.status,
            amount=line.amount,
            budget_year=line.budget_year,
            publishable=line.publishable,
            label=line.label,
        )
        for line in row.fundings
    )
    InKind.objects.bulk_create(
        InKind(
            act=act,
            kind_id=line.kind_id,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            conditions=line.conditions,
        )
        for line in row.in_kind
    )
    EquipmentTerm.objects.bulk_create(
        EquipmentTerm(act=act, nature=line.nature, quantity=line.quantity) for line in row.equipment
    )
