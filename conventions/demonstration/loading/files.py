"""Invented conventions, brought to their state through the verbs that people use, each on its own day."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model

from conventions.demonstration.loading import online, papers, typed
from conventions.demonstration.loading.accounts import Team
from conventions.demonstration.loading.clock import standing_at
from conventions.demonstration.loading.uploads import pdf_upload
from conventions.demonstration.plan import accounts
from conventions.demonstration.plan.fictive import SHOWCASE_KEY
from conventions.demonstration.plan.shapes import (
    ConventionPlan,
    FictivePlan,
    LaterAct,
    LineEdit,
    Person,
    Programme,
)
from conventions.domain.acts import amending, drafting, lifecycle
from conventions.domain.acts.drafting import Edit, RowEdit
from conventions.domain.documents import annexes, attachments, storage
from conventions.domain.foundation import pdf_sandbox
from conventions.enums import (
    ActState,
    AttachmentKind,
    Event,
    InstalmentCondition,
    ObligationKind,
    PartyRole,
    SigningOrder,
    SigningPath,
)
from conventions.formats import typeset
from conventions.models import (
    Act,
    Annex,
    Area,
    Attendee,
    BoardDecision,
    Ceremony,
    Clause,
    Convention,
    EquipmentTerm,
    Funding,
    InKind,
    InstalmentTerm,
    Kind,
    Obligation,
    Partner,
    Party,
    PressContact,
    Project,
    Signatory,
    Theme,
    User,
    Value,
)
from conventions.models.terms import Term

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ENDINGS = {
    ActState.DECLINED: Event.DECLINE,
    ActState.CANCELLED: Event.CANCEL,
    ActState.EXPIRED: Event.EXPIRE,
    ActState.ABANDONED: Event.ABANDON,
}
TERM_MODELS: dict[str, type[Term]] = {
    "fundings": Funding,
    "instalments": InstalmentTerm,
    "in_kind": InKind,
    "equipment": EquipmentTerm,
}
TABLES: dict[str, type[Term]] = TERM_MODELS | {"obligations": Obligation, "clauses": Clause}
LATER_LINES = ("fundings", "instalments", "in_kind")
# Told of a term, but facts of later: not columns of it.
NOT_COLUMNS = {"returned_on"}


def draft_file(row: ConventionPlan, plan: FictivePlan, team: Team, renews: Convention | None) -> Convention:
    """Create the file and fill in its page, on the days of its calendar."""
    programme = plan.programmes[row.programme]
    officer = team.officers[row.officer]
    with standing_at(row.calendar.created_on):
        convention = drafting.create_convention(
            by=officer,
            partner=Partner.objects.get(slug=programme.partner),
            kind=Kind.objects.get(slug=row.kind),
            title=row.title,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            officer=officer,
            renews=renews,
        )
        guests = [person for day in plan.ceremonies if day.key == row.ceremony for person in day.attendees]
        _attach(convention, row, officer)
        _save_page(convention, row, programme, guests, officer)
    return Convention.objects.get(pk=convention.pk)


def _save_page(
    convention: Convention, row: ConventionPlan, programme: Programme, guests: list[Person], officer: User
) -> None:
    """One save of the whole page, as from the admin: its journal line tells what was typed."""
    act = convention.acts.get()
    _set_convention(convention, row, programme)
    _set_act(act, row)
    edit = Edit(
        convention=convention,
        act=act,
        convention_fields=("purpose", "project", "press_contact", "interests_note", "public_summary", "public_story"),
        act_fields=(
            "path", "signing_order", "term_kind", "term_wording", "place", "preamble", "board_decision", "ceremony",
        ),
        links={
            "areas": list(Area.objects.filter(slug__in=programme.areas)),
            "themes": list(Theme.objects.filter(slug__in=programme.themes)),
            "values": list(Value.objects.filter(slug__in=programme.values)),
            "final_beneficiaries": list(Partner.objects.filter(slug__in=programme.beneficiaries)),
        },
        rows=_rows(act, row, programme, guests),
    )  # fmt: skip
    drafting.save(edit, by=officer, version=convention.version)


def _rows(act: Act, row: ConventionPlan, programme: Programme, guests: list[Person]) -> list[RowEdit]:
    further = _parties(act, programme)
    added = [party for edit in further if edit.key == "party" for party in edit.added]
    own = [*_terms(act, row, guests), *_annexes(act, row)]
    return typed.together([*further, *own, *typed.row_edits(act, row.typed, added)])


def _set_convention(convention: Convention, row: ConventionPlan, programme: Programme) -> None:
    convention.purpose = typeset(programme.purpose)
    convention.public_summary = typeset(programme.summary)
    convention.public_story = typeset(programme.story)
    convention.interests_note = row.interests_note
    convention.press_contact = PressContact.objects.get(email=accounts.PRESS_CONTACT["email"])
    convention.project = Project.objects.get_or_create(
        name=programme.project,
        holder=Partner.objects.get(slug=programme.partner),
        defaults={
            "place": programme.place,
            "area": Area.objects.filter(slug=programme.areas[0]).first(),
            "description": typeset(programme.summary),
            "is_demo": True,
        },
    )[0]


def _set_act(act: Act, row: ConventionPlan) -> None:
    """A first draft has no délibération nor way of signing yet: its page lists what is missing."""
    ready = row.state != ActState.DRAFT
    act.path = _path(row) if ready else SigningPath.UNDECIDED
    if row.ceremony and row.online is not None:
        act.signing_order = SigningOrder.TOGETHER
    act.term_kind = row.term_kind
    act.term_wording = row.term_wording
    act.place = row.place
    act.preamble = "\n".join(row.preamble)
    act.board_decision = BoardDecision.objects.get(number=decision_number(row)) if ready else None
    act.ceremony = Ceremony.objects.get(slug=row.ceremony) if row.ceremony else None


def _path(row: ConventionPlan) -> SigningPath:
    return SigningPath.INK if row.online is None else SigningPath.ONLINE


def decision_number(row: ConventionPlan) -> str:
    return f"FICTIF-{row.board_decision.removeprefix('d')}-01"


def _parties(act: Act, programme: Programme) -> list[RowEdit]:
    """Further parties, with who signs for each."""
    added: list[Model] = []
    people: list[Model] = []
    for rank, (slug, role) in enumerate(programme.others, start=2):
        party = Party(
            convention=act.convention,
            partner=Partner.objects.get(slug=slug),
            role=PartyRole(role),
            position=rank,
        )
        added.append(party)
        for person in party.partner.representatives.in_office():
            people.append(
                Signatory(
                    party=party,
                    order=rank + 2,
                    civility=person.civility,
                    first_name=person.first_name,
                    last_name=person.last_name,
                    title=person.title,
                    email=person.email,
                )
            )
    return [RowEdit(key="party", added=added), RowEdit(key="signatory", added=people)] if added else []


def _terms(act: Act, row: ConventionPlan, guests: list[Person]) -> list[RowEdit]:
    found = []
    for name, model in TERM_MODELS.items():
        lines: list[Model] = [
            model(**_columns(line), position=rank) for rank, line in enumerate(getattr(row, name), start=1)
        ]
        found.append(RowEdit(key=str(model._meta.model_name), added=lines))
    _await_report(act, found)
    beneficiary = act.convention.parties.get(role=PartyRole.BENEFICIARY)
    duties: list[Model] = [
        Obligation(**_columns(line), party=beneficiary, position=rank)
        for rank, line in enumerate(row.obligations, start=act.obligation_set.count())
    ]
    found.append(RowEdit(key="obligation", added=duties))
    present: list[Model] = [Attendee(**_person(person), act=act) for person in guests]
    found.append(RowEdit(key="attendee", added=present))
    return [edit for edit in found if edit]


def _await_report(act: Act, edits: list[RowEdit]) -> None:
    """A payment made once a report is accepted waits for the usual one."""
    report = act.obligation_set.filter(kind=ObligationKind.FINANCIAL_REPORT).first()
    for row in (row for edit in edits for row in edit.added):
        if isinstance(row, InstalmentTerm) and row.condition_kind == InstalmentCondition.REPORT:
            row.obligation = report


def _columns(line: "DataclassInstance") -> dict:
    names = [name for name in line.__dataclass_fields__ if name not in NOT_COLUMNS]
    values = {name: getattr(line, name) for name in names}
    return {name: typeset(value) if name == "text" else value for name, value in values.items()}


def _person(person: Person) -> dict[str, str]:
    return {name: getattr(person, name) for name in ("civility", "first_name", "last_name", "title")}


def _annexes(act: Act, row: ConventionPlan) -> list[RowEdit]:
    """The showcase takes the papers of its project under its seal."""
    if row.programme != SHOWCASE_KEY:
        return []
    filed = act.convention.attachments.filter(kind__in=(AttachmentKind.PROJECT, AttachmentKind.BUDGET))
    added: list[Model] = [
        annexes.take(Annex(act=act, attachment=paper, title=paper.title, position=rank))
        for rank, paper in enumerate(filed.order_by("pk"), start=1)
    ]
    return [RowEdit(key="annex", added=added)]


def _attach(convention: Convention, row: ConventionPlan, officer: User) -> None:
    for kind, title in row.attachments:
        words = f"Cette pièce accompagne la démonstration de la convention « {row.title} »."
        content = papers.sheet(title, words if row.programme == SHOWCASE_KEY else "Pièce de démonstration.")
        attachments.file_upload(
            pdf_upload(title, content),
            kind=kind,
            by=officer,
            title=f"{title} (fictif)",
            convention=convention,
        )


def bring_to_state(act: Act, row: ConventionPlan | LaterAct, team: Team, officer: User) -> Act:
    """Submit, review, freeze, end: as far as the plan says, each event on its day and by whom it behoves."""
    days, reason = row.calendar, row.reason
    if row.state == ActState.ABANDONED:
        return _at(days.ended_on, act, Event.ABANDON, by=officer, reason=reason)
    act = _at(days.submitted_on, act, Event.SUBMIT, by=officer)
    if row.state == ActState.TO_CORRECT:
        return _at(days.reviewed_on, act, Event.REQUEST_CORRECTION, by=team.lawyer, reason=reason)
    act = _at(days.reviewed_on, act, Event.APPROVE, by=team.lawyer)
    if isinstance(row, ConventionPlan) and row.online is not None:
        return online.play(act, row.online, by=officer)
    act = _at(days.frozen_on, act, Event.FREEZE, by=officer)
    if row.state in ENDINGS:
        return _at(days.ended_on, act, ENDINGS[row.state], by=officer, reason=reason)
    if row.state == ActState.SIGNED and days.ended_on is not None:
        act = _sign(act, days.ended_on, officer)
    return act


def _at(day: datetime.date | None, act: Act, event: Event, *, by: User | None, **details: Any) -> Act:
    """The event on its day; nothing when the day has not come."""
    if day is None:
        return act
    with standing_at(day):
        return lifecycle.apply(act, event, by=by, **details)


def _sign(act: Act, signed_on: datetime.date, officer: User) -> Act:
    """The paper comes back: its copy carries drawn signatures and says « fictif »."""
    paper = act.frozen_document
    if paper is None:
        raise ValueError(f"{act} has no frozen document to sign")
    people = act.signatories.order_by("party__position", "party", "order", "pk")
    scan = papers.signed_copy(
        storage.read_bytes(paper),
        names=[str(person) for person in people],
        signed_on=signed_on,
    )
    scan = pdf_sandbox.InspectedPdf(scan, page_count=paper.page_count)  # drawn here: nobody sent it
    return _at(signed_on, act, Event.FILE_SCAN, by=officer, scan=scan, signed_on=signed_on)


def add_later_act(convention: Convention, row: LaterAct, team: Team, officer: User) -> Act:
    """An amendment or a termination: its own signatories, articles and lines, then its own life."""
    with standing_at(row.calendar.created_on), transaction.atomic():
        act = _start_later_act(convention, row, officer)
        _save_later_page(act, row, officer)
        for edit in row.edits:
            _edit_line(act, edit, officer)
        for name in LATER_LINES:
            _add_lines(act, TERM_MODELS[name], getattr(row, name), officer)
    return bring_to_state(act, row, team, officer)


def _save_later_page(act: Act, row: LaterAct, officer: User) -> None:
    """The délibération; the first day, when the term runs again after a gap."""
    convention = Convention.objects.get(pk=act.convention_id)
    act.board_decision = convention.acts.get(rank=0).board_decision
    fields = ["board_decision"]
    if row.starts_on is not None:
        act.starts_on = row.starts_on
        fields.append("starts_on")
    edit = Edit(convention=convention, act=act, act_fields=tuple(fields))
    drafting.save(edit, by=officer, version=convention.version)


def _add_lines(act: Act, model: type[Term], lines: "Sequence[DataclassInstance]", officer: User) -> None:
    """After those of the convention."""
    first = len(_in_force(act, model)) + 1 if lines else 0
    for rank, line in enumerate(lines, start=first):
        amending.add_line(act, model, by=officer, position=rank, **_columns(line))


def _edit_line(act: Act, edit: LineEdit, officer: User) -> None:
    rows = _in_force(act, TABLES[edit.table])
    row = next(
        row for rank, row in enumerate(rows) if edit.line == (row.code if isinstance(row, Clause) else rank)
    )
    if edit.removed:
        amending.remove_line(act, row, by=officer)
        return
    values = dict(edit.values)
    if edit.text:
        values["body"] = f"{row.body}\n\n{typeset(edit.text)}"
    amending.replace_line(act, row, by=officer, **values)


def _in_force(act: Act, model: type[Term]) -> list:
    return amending.lines_in_force(act.convention)[model]


def _start_later_act(convention: Convention, row: LaterAct, officer: User) -> Act:
    reason = typeset(row.reason)
    if row.effective_on is not None:
        return amending.start_termination(
            convention, by=officer, reason=reason, effective_on=row.effective_on
        )
    return amending.start_amendment(convention, by=officer, reason=reason, ends_on=row.ends_on)
