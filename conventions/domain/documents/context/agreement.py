"""What the parties sign: agreements, amendments, terminations, handovers."""

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
from conventions.enums import (
    ActKind,
    ActOrigin,
    FundingFigure,
    ObligationKind,
    SigningPath,
    Transfer,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyContext:
    """One party as the agreement names it.

    `short_name` carries its article (« l’Association »); `gender` is that of the short name
    and drives « dénommé(e) » and « représenté(e) ».
    """

    role: str  # enums.PartyRole
    role_label: str
    name: str
    short_name: str
    nature: str = ""  # enums.PartnerNature
    nature_label: str = ""
    gender: str = "m"  # enums.GrammaticalGender
    plural: bool = False
    presentation: str = ""  # « association régie par la loi du 1er juillet 1901 »
    identifiers: tuple[str, ...] = ()  # « RIDET 0733089.001 », « RNA W9N1000000 »
    address: tuple[str, ...] = ()
    signatories: tuple[SignatoryContext, ...] = ()
    year_end_day: int | None = later(None)  # the day of each year that ends its accounts
    year_end_month: int | None = later(None)
    founding_texts: tuple[str, ...] = later(())  # « les statuts adoptés le 3 mars 2020 »
    logo: str = later("")  # SHA-256 of the picture that stands in the letterhead


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingContext:
    """One funding line of one budget year, in XPF."""

    amount: int | None
    status: str  # enums.AmountStatus
    budget_year: int | None = None
    label: str = ""
    figure: str = FundingFigure.GRANTED.value
    publishable: bool = False
    quantity: int | None = later(None)
    unit: str = later("")
    unit_price: int | None = later(None)  # quantity × unit_price is the amount
    party: str = later("")  # short name of the party that brings it, when it is not OPT-NC
    party_role: str = later("")  # enums.PartyRole
    from_act: str = later("")  # in a text in force: the later act that it comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentContext:
    """When a part of the funding is paid, and on which condition."""

    order: int
    amount: int | None = None
    percentage: int | None = None
    due: PartialDate | None = None
    condition: str = ""  # « label – condition », the date apart
    label: str = later("")
    condition_kind: str = later("")  # enums.InstalmentCondition
    words: str = later("")  # what was typed beside the kind
    obligation: str = later("")  # text of what it waits for
    from_act: str = later("")  # in a text in force: the later act that it comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class InKindContext:
    """Support in kind: premises, telecom service, loan, skills…"""

    kind: str  # models.SupportKind, by its slug
    kind_label: str
    label: str
    quantity: int | None = None
    unit: str = ""
    value: int | None = None
    return_on: PartialDate | None = None
    behaviour: str = later("")  # enums.SupportBehaviour
    status: str = later("")  # enums.AmountStatus, of its value
    amount: int | None = later(None)  # of its value, whatever its status; `value` is what is certain
    unit_price: int | None = later(None)
    conditions: str = later("")
    starts_on: PartialDate | None = later(None)
    custody: str = later("")  # who keeps it and takes care of it
    insurance: str = later("")
    state_given: str = later("")  # in what state it leaves
    from_act: str = later("")  # in a text in force: the later act that it comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentContext:
    """One line of the equipment annex. `quantity` is None when the source does not say."""

    number: int
    nature: str
    quantity: int | None = 1
    brand: str = ""
    model: str = ""
    serial: str = ""
    tag: str = ""
    purchased: PartialDate | None = None
    value: int | None = None  # estimated, for the whole line
    place: str = ""
    pickup_deadline: date | None = None
    transfer: str = Transfer.GIVEN.value  # don | pret
    status: str = later("")  # enums.AmountStatus, of its value
    amount: int | None = later(None)  # of its value, whatever its status; `value` is what is certain
    unit: str = later("")
    unit_price: int | None = later(None)
    holds_data: bool = later(True)
    return_on: PartialDate | None = later(None)
    starts_on: PartialDate | None = later(None)
    custody: str = later("")  # who keeps it and takes care of it
    insurance: str = later("")
    state_given: str = later("")  # in what state it leaves
    from_act: str = later("")  # in a text in force: the later act that it comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseContext:
    """One article, its merge fields already resolved."""

    code: str
    heading: str
    body: str
    variant: str = ""
    changed: bool = False  # differs from the template in force: shown to lawyers, never printed
    number: str = later("")  # in a text in force: that of the signed acts; else its rank among the articles


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationContext:
    """What a party owes: an action, a visibility, a report. `party` is its short name.

    `due_wording` goes with the date or stands alone; contexts frozen before it exist hold it in `due`.
    """

    party: str
    label: str
    kind: str = ObligationKind.OTHER.value
    due: PartialDate | None = None
    due_wording: str = later("")
    proof: str = later("")  # what shows that it was done
    party_role: str = later("")  # enums.PartyRole
    from_act: str = later("")  # in a text in force: the later act that it comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLineContext:
    """A heading of the project's budget. `funder`: short name of a party, or the name of somebody else."""

    side: str  # enums.BudgetSide
    heading: str
    amount: int | None
    status: str  # enums.AmountStatus
    budget_year: int | None = None
    quantity: int | None = None
    unit: str = ""
    unit_price: int | None = None
    funder: str = ""
    by_party: bool = False
    standing: str = ""  # enums.FundingStanding
    from_act: str = later("")  # in a text in force: the later act that it comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorContext:
    """What will be measured, to reach how much, by when."""

    name: str
    target: int | None = None
    unit: str = ""
    target_wording: str = ""
    due: PartialDate | None = None
    due_wording: str = ""
    from_act: str = later("")  # in a text in force: the later act that it comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexContext:
    """A received file that the act makes a part of itself: embedded in it, byte for byte."""

    number: int  # from 1, as the act names it
    title: str
    page_count: int
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedActContext:
    """The convention that an amendment or a termination acts upon."""

    reference: str | None
    title: str
    signed_on: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeContext:
    """One change made by an amendment: what was agreed (empty: nothing), what is agreed now (empty: no more).

    `label`: the sort of line; of an article, its title until now.
    """

    label: str
    before: str
    after: str
    term: str = later("")  # the table of the line; « duree », « partie » or « total » for what is no line
    place: str = later("")  # « l’article 3 « Soutien financier » », where the signed text says it
    number: str = later("")  # of an article
    heading: str = later("")  # of an article, from now on
    follows: str = later("")  # the number of the article after which a « bis » comes
    note: str = later("")  # a sentence of its own: the gap of a duration
    higher: bool | None = later(None)  # of a total that is a certain amount: is it raised, lowered?


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementContext:
    """Everything an agreement, an amendment or a termination prints."""

    title: str
    kind: str  # partenariat | mecenat | parrainage | subvention | mise_a_disposition | …
    kind_label: str  # « Convention de partenariat »
    parties: tuple[PartyContext, ...]
    reference: str | None = None
    act_kind: str = ActKind.INITIAL.value
    act_number: int | None = None
    origin: str = ActOrigin.NEW.value
    path: str = SigningPath.INK.value
    is_draft: bool = True
    version: int = 1
    project: str = ""
    object: str = ""
    visas: tuple[str, ...] = ()
    recitals: tuple[str, ...] = ()
    amends: AmendedActContext | None = None
    changes: tuple[ChangeContext, ...] = ()
    term: TermContext = field(default_factory=TermContext)
    fundings: tuple[FundingContext, ...] = ()
    instalments: tuple[InstalmentContext, ...] = ()
    in_kind: tuple[InKindContext, ...] = ()
    equipment: tuple[EquipmentContext, ...] = ()
    obligations: tuple[ObligationContext, ...] = ()
    clauses: tuple[ClauseContext, ...] = ()
    annexes: tuple[str, ...] = ()
    attendees: tuple[AttendeeContext, ...] = ()
    board_decision: BoardDecisionContext | None = None
    legal_basis: str = ""
    dpo_contact: str = ""
    place: str = ""
    signed_on: PartialDate | None = None
    ceremony: CeremonyContext | None = None
    sources: tuple[SourceContext, ...] = ()
    originals: int | None = None  # None: one for each party
    budget: tuple[BudgetLineContext, ...] = later(())
    indicators: tuple[IndicatorContext, ...] = later(())
    has_request: bool = later(False)  # the request for support is among the papers of the file
    files: tuple[AnnexContext, ...] = later(())  # annexes that were received, under the seal
    ground: str = later("")  # enums.TerminationGround
    ended_by: str = later("")  # short name of the party that ends the convention alone
    notice_on: PartialDate | None = later(None)  # the other party had the letter
    code: str = later("")  # by which anyone may verify the document; printed at the foot of each page
    made_on: date | None = later(None)  # the day its text was frozen; printed nowhere, told by the file


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolidatedActContext:
    """One signed act of a consolidated text: what it is called, when it was signed, what it changed."""

    name: str
    told: str
    signed_on: PartialDate | None = None
    ends_on: date | None = None  # of a termination
    removed: tuple[ChangeContext, ...] = ()  # lines, not articles: those keep their place
    files: tuple[AnnexContext, ...] = ()  # under its seal; those of the first act stand in its own article


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolidatedContext:
    """The text in force on a day, for information; `origins` goes with the articles (empty: as signed at first)."""

    on: date
    agreement: AgreementContext
    acts: tuple[ConsolidatedActContext, ...]
    duration: str = ""  # « du … au …, puis du … au … »
    duration_from: str = ""  # the later act that gave its last period
    gaps: tuple[str, ...] = ()  # « du … au … »: what no period covers
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverItemContext:
    """One item handed over, with the proof that its data were erased."""

    number: int
    nature: str
    brand: str = ""
    model: str = ""
    serial: str = ""
    tag: str = ""
    condition: str = ""
    bears_data: bool = True
    erasure_method: str = ""
    erased_on: date | None = None
    erased_by: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverContext:
    """The procès-verbal de remise signed by both sides."""

    title: str
    agreement_title: str
    giver: PartyContext
    receiver: PartyContext
    items: tuple[HandoverItemContext, ...]
    reference: str | None = None
    agreement_reference: str | None = None
    is_draft: bool = False
    transfer: str = Transfer.GIVEN.value  # don | pret
    handed_on: date | None = None  # None: left blank, filled in by hand
    return_on: PartialDate | None = None
    place: str = ""
    board_decision: BoardDecisionContext | None = None
    remarks: str = ""
    code: str = later("")  # by which anyone may verify it, and where
    address: str = later("")
    signed_on_screen: bool = later(False)  # it has the field of who receives, who may sign it there
    made_by: str = later("")  # for OPT-NC, by whose account
