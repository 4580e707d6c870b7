"""The shapes of demonstration data: plain values, read by `conventions.demonstration.loading`.

Days are plain dates in Nouméa, amounts whole XPF. What is unknown is None or empty, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from conventions.enums import (
    ActKind,
    ActState,
    AmountStatus,
    Civility,
    ConventionStatus,
    DatePrecision,
    FundingFigure,
    GrammaticalGender,
    ObligationKind,
    PartnerNature,
    PartyRole,
    TermKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who speaks for a partner. `days` bound the mandate, from today; None: unknown or still running."""

    first_name: str
    last_name: str
    title: str
    civility: str = Civility.NONE
    email: str = ""
    from_day: int | None = None
    to_day: int | None = None
    usual: bool = True
    account: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPartner:
    """A party; `slug` is the address of its page and its key in the data."""

    slug: str
    name: str
    acronym: str = ""
    nature: str = PartnerNature.ASSOCIATION
    gender: str = GrammaticalGender.FEMININE
    designation: str = ""
    commune: str = ""
    country: str = ""
    address: str = ""
    address_is_public: bool = False
    ridet: str = ""
    rna: str = ""
    email: str = ""
    phone: str = ""
    presentation: str = ""
    purpose: str = ""
    people: tuple[Person, ...] = ()
    has_account: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What a partner does, for which it is supported; one convention a year, sometimes several."""

    key: str
    partner: str
    title: str
    kind: str
    project: str
    place: str
    areas: tuple[str, ...]
    themes: tuple[str, ...]
    values: tuple[str, ...]
    purpose: str
    summary: str
    story: str
    dated: bool = True
    others: tuple[tuple[str, str], ...] = ()  # further parties: (partner, role)
    beneficiaries: tuple[str, ...] = ()
    edition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingPlan:
    amount: int | None
    status: str = AmountStatus.KNOWN
    figure: str = FundingFigure.GRANTED
    budget_year: int | None = None
    publishable: bool = True
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentPlan:
    label: str
    condition_kind: str
    condition: str = ""
    due_on: date | None = None
    amount: int | None = None
    percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InKindPlan:
    kind_id: str
    description: str
    quantity: int | None = None
    unit: str = ""
    status: str = AmountStatus.UNKNOWN
    amount: int | None = None
    publishable: bool = True
    starts_on: date | None = None
    return_on: date | None = None
    conditions: str = ""
    returned_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentPlan:
    nature: str
    quantity: int | None = 1
    brand: str = ""
    model: str = ""
    serial: str = ""
    inventory_tag: str = ""
    purchased_on: date | None = None
    purchased_on_precision: str = DatePrecision.MONTH
    status: str = AmountStatus.UNKNOWN
    amount: int | None = None
    pickup_place: str = ""
    pickup_by: date | None = None
    holds_data: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationPlan:
    """A duty typed beside the usual ones, which every new convention has."""

    kind: str
    text: str
    due_on: date | None = None
    due_wording: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPlan:
    """When the usual paper of a kind came, and when it was accepted."""

    kind: str
    received_on: date
    accepted_on: date | None = None
    spent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPlan:
    """A payment against the instalment of this rank (from 0), or the whole."""

    amount: int
    sent_on: date
    paid_on: date | None = None
    instalment: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPlan:
    """Equipment set aside, erased, handed over; a None date: not done yet."""

    set_aside_on: date
    erased_on: date | None = None
    handed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When things happened to an act; a None date: not yet."""

    created_on: date
    submitted_on: date | None = None
    reviewed_on: date | None = None
    frozen_on: date | None = None
    ended_on: date | None = None  # signed, or ended without signature


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEdit:
    """What an amendment does to a line in force: other values, a text added at the end of an article, or its removal.

    `line`: its rank among the lines in force of the table (from 0), or the code of an article.
    """

    table: str
    line: int | str
    values: tuple[tuple[str, str | int | date | None], ...] = ()
    text: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterAct:
    """An amendment or a termination: the lines it adds, those that it changes."""

    kind: ActKind
    reason: str
    calendar: Calendar
    starts_on: date | None = None
    ends_on: date | None = None
    effective_on: date | None = None
    fundings: tuple[FundingPlan, ...] = ()
    instalments: tuple[InstalmentPlan, ...] = ()
    in_kind: tuple[InKindPlan, ...] = ()
    edits: tuple[LineEdit, ...] = ()

    @property
    def state(self) -> ActState:
        return ActState.SIGNED if self.calendar.ended_on else ActState.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class ConventionPlan:
    """One fictitious convention, with the state and the status it must have once loaded."""

    key: str
    programme: str
    title: str
    kind: str
    state: ActState
    status: ConventionStatus
    calendar: Calendar
    term_kind: str = TermKind.DATES
    starts_on: date | None = None
    ends_on: date | None = None
    term_wording: str = ""
    place: str = "Nouméa"
    reason: str = ""
    preamble: tuple[str, ...] = ()
    fundings: tuple[FundingPlan, ...] = ()
    instalments: tuple[InstalmentPlan, ...] = ()
    in_kind: tuple[InKindPlan, ...] = ()
    equipment: tuple[EquipmentPlan, ...] = ()
    obligations: tuple[ObligationPlan, ...] = ()
    typed: tuple[tuple[str, dict[str, Any]], ...] = ()  # (table, values) of lines as the page holds them
    reports: tuple[ReportPlan, ...] = ()
    payments: tuple[PaymentPlan, ...] = ()
    handover: HandoverPlan | None = None
    later: tuple[LaterAct, ...] = ()
    renews: str = ""
    ceremony: str = ""
    board_decision: str = ""
    closed_on: date | None = None
    review: str = ""
    published: bool = False
    press: str = ""  # « publie », « brouillon », « embargo »
    attachments: tuple[tuple[str, str], ...] = ()  # (kind, title)
    edition: str = ""
    interests_note: str = ""
    officer: int = 0
    online: int | None = None  # how many have signed online; None: on paper


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonyPlan:
    key: str
    title: str
    held_on: date
    place: str
    summary: str
    attendees: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPlan:
    key: str
    number: str
    decided_on: date
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlan:
    title: str
    publisher: str = ""
    published_on: date | None = None
    fact: str = ""
    wording: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signed a reprise, for which party (its slug, or « opt »)."""

    party: str
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlan:
    """A real convention signed before the application, as published."""

    key: str
    slug: str
    title: str
    kind: str
    parties: tuple[tuple[str, str], ...]
    sources: tuple[SourcePlan, ...]
    source_kind_wording: str = ""
    purpose: str = ""
    public_summary: str = ""
    public_story: str = ""
    project: str = ""
    project_place: str = ""
    project_area: str = ""
    project_description: str = ""
    areas: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    plan: str = ""
    press_contact: bool = False
    term_kind: str = TermKind.UNKNOWN
    term_wording: str = ""
    starts_on: date | None = None
    starts_on_precision: str = DatePrecision.DAY
    signed_on: date | None = None
    signed_on_wording: str = ""
    ceremony: str = ""
    board_decision: date | None = None
    signers: tuple[Signer, ...] = ()
    attendees: tuple[Person, ...] = ()
    fundings: tuple[FundingPlan, ...] = ()
    in_kind: tuple[InKindPlan, ...] = ()
    equipment: tuple[EquipmentPlan, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FictivePlan:
    """Everything invented, for one day taken as today."""

    today: date
    partners: tuple[DemoPartner, ...]
    programmes: dict[str, Programme]
    decisions: tuple[DecisionPlan, ...]
    ceremonies: tuple[CeremonyPlan, ...]
    conventions: tuple[ConventionPlan, ...] = field(default=())


__all__ = [
    "ActKind",
    "Calendar",
    "CasePlan",
    "CeremonyPlan",
    "ConventionPlan",
    "DecisionPlan",
    "DemoPartner",
    "EquipmentPlan",
    "FictivePlan",
    "FundingPlan",
    "HandoverPlan",
    "InKindPlan",
    "InstalmentPlan",
    "LaterAct",
    "LineEdit",
    "ObligationKind",
    "ObligationPlan",
    "PartyRole",
    "PaymentPlan",
    "Person",
    "Programme",
    "ReportPlan",
    "Signer",
    "SourcePlan",
]
