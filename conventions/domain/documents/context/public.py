"""What anybody may read.

These types have no field for a bank account, a private address or a figure that may not be
published: what does not exist cannot leak.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from conventions.domain.documents.context.common import (
    AttendeeContext,
    BoardDecisionContext,
    CeremonyContext,
    PartialDate,
    SignatoryContext,
    SourceContext,
    TermContext,
    later,
)
from conventions.enums import ActOrigin, AmountStatus, FundingFigure, Transfer
from conventions.formats import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPartyContext:
    name: str
    role_label: str
    role: str = ""  # enums.PartyRole
    slug: str = ""
    acronym: str = ""
    nature: str = ""  # enums.PartnerNature
    gender: str = "m"  # enums.GrammaticalGender
    nature_label: str = ""
    commune: str = ""
    presentation: str = ""
    signatories: tuple[SignatoryContext, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFundingContext:
    """A funding line the public may read; `amount` None reads « montant non communiqué »."""

    amount: int | None
    budget_year: int | None = None
    label: str = ""
    capped: bool = False
    outcome: bool = False  # depends on a result
    figure: str = FundingFigure.GRANTED.value
    to_be_set: bool = later(False)

    @property
    def stated(self) -> Amount:
        """Whole XPF or None, and the status that the public reads: not published and unknown are one."""
        marks = (
            (self.capped, AmountStatus.CAPPED),
            (self.outcome, AmountStatus.OUTCOME),
            (self.to_be_set, AmountStatus.TO_BE_SET),
            (self.amount is not None, AmountStatus.KNOWN),
        )
        return Amount(self.amount, next((status for holds, status in marks if holds), AmountStatus.UNKNOWN))

    @property
    def countable(self) -> bool:
        """Whether a sum may count it: communicated, and neither a ceiling nor a result to come."""
        return self.stated.certain is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSupportContext:
    """Support in kind as published: « 10 ordinateurs de bureautique réformés »."""

    label: str
    quantity: int | None = None
    kind: str = Transfer.GIVEN.value
    equipment: bool = False  # a line of the equipment annex, given


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicActContext:
    """One signed act, for the timeline: the convention, an amendment, a termination."""

    kind: str  # enums.ActKind
    label: str
    signed_on: PartialDate | None = None
    signed_wording: str = ""  # the source's words where it gives no date
    note: str = ""
    effective_on: date | None = None  # of a termination


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionContext:
    """A titled run of paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PressContactContext:
    name: str
    title: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSheetContext:
    """The published facts of one convention (public version, reconstitution of a reprise)."""

    title: str
    kind_label: str
    parties: tuple[PublicPartyContext, ...]
    reference: str | None = None
    origin: str = ActOrigin.NEW.value
    summary: str = ""
    object: str = ""
    project: str = ""
    area: str = ""
    sections: tuple[SectionContext, ...] = ()
    fundings: tuple[PublicFundingContext, ...] = ()
    supports: tuple[PublicSupportContext, ...] = ()
    term: TermContext = field(default_factory=TermContext)
    signed_on: PartialDate | None = None
    place: str = ""
    ceremony: CeremonyContext | None = None
    attendees: tuple[AttendeeContext, ...] = ()
    board_decision: BoardDecisionContext | None = None
    values: tuple[str, ...] = ()
    plan: str = ""
    sources: tuple[SourceContext, ...] = ()
    press_contacts: tuple[PressContactContext, ...] = ()
    published_on: date | None = None
    signed_wording: str = ""  # the source's words where it gives no date
    slug: str = ""
    project_place: str = ""
    kind_wording: str = ""  # the source's own words, where they differ
    edition: str = ""
    beneficiaries: tuple[str, ...] = ()  # final ones, who are not parties
    cofunders: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    acts: tuple[PublicActContext, ...] = ()
    ceremony_id: int | None = None
    is_demo: bool = False
    # Where an amendment goes on after an interruption: each period; `term` then runs from the first to the last.
    periods: tuple[TermContext, ...] = later(())
    closed_on: date | None = later(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PressItemContext:
    """One convention announced by a press release."""

    partner: str
    title: str
    support: str
    slug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PressReleaseContext:
    """A press release, for one convention or for the several of one ceremony."""

    headline: str
    lead: str
    is_draft: bool = False
    embargo: str = ""  # « Sous embargo jusqu’à la signature », nothing once lifted
    place: str = ""
    dated: PartialDate | None = None
    signatories: tuple[SignatoryContext, ...] = ()
    items: tuple[PressItemContext, ...] = ()
    sections: tuple[SectionContext, ...] = ()
    values: tuple[str, ...] = ()
    contacts: tuple[PressContactContext, ...] = ()
    is_demo: bool = False
