"""What a document says, as frozen values: the last read of live rows ends here.

Rendering, merging and hashing work on these dataclasses alone, never on models, so that the
same context gives the same bytes wherever and whenever it is rendered. Amounts are XPF
integers, `None` when unknown (never 0). Dates are plain dates in Nouméa. `to_snapshot` and
`from_snapshot` are exact inverses; `context_hash` identifies what was frozen.
"""

from conventions.domain.documents.context.agreement import (
    AgreementContext,
    AmendedActContext,
    AnnexContext,
    BudgetLineContext,
    ChangeContext,
    ClauseContext,
    ConsolidatedActContext,
    ConsolidatedContext,
    EquipmentContext,
    FundingContext,
    HandoverContext,
    HandoverItemContext,
    IndicatorContext,
    InKindContext,
    InstalmentContext,
    ObligationContext,
    PartyContext,
)
from conventions.domain.documents.context.attestation import (
    AttestationContext,
    AttestedEventContext,
    AttestedFileContext,
    AttestedSignatureContext,
)
from conventions.domain.documents.context.common import (
    AttendeeContext,
    BoardDecisionContext,
    CeremonyContext,
    PartialDate,
    SignatoryContext,
    SourceContext,
    TermContext,
)
from conventions.domain.documents.context.letter import LetterContext
from conventions.domain.documents.context.public import (
    PressContactContext,
    PressItemContext,
    PressReleaseContext,
    PublicActContext,
    PublicFundingContext,
    PublicPartyContext,
    PublicSheetContext,
    PublicSupportContext,
    SectionContext,
)
from conventions.domain.documents.context.snapshot import (
    Context,
    SnapshotError,
    canonical_json,
    context_hash,
    from_snapshot,
    to_snapshot,
)

__all__ = [
    "AgreementContext",
    "AmendedActContext",
    "AnnexContext",
    "AttendeeContext",
    "AttestationContext",
    "AttestedEventContext",
    "AttestedFileContext",
    "AttestedSignatureContext",
    "BoardDecisionContext",
    "BudgetLineContext",
    "CeremonyContext",
    "ChangeContext",
    "ClauseContext",
    "ConsolidatedActContext",
    "ConsolidatedContext",
    "Context",
    "EquipmentContext",
    "FundingContext",
    "HandoverContext",
    "HandoverItemContext",
    "InKindContext",
    "IndicatorContext",
    "InstalmentContext",
    "LetterContext",
    "ObligationContext",
    "PartialDate",
    "PartyContext",
    "PressContactContext",
    "PressItemContext",
    "PressReleaseContext",
    "PublicActContext",
    "PublicFundingContext",
    "PublicPartyContext",
    "PublicSheetContext",
    "PublicSupportContext",
    "SectionContext",
    "SignatoryContext",
    "SnapshotError",
    "SourceContext",
    "TermContext",
    "canonical_json",
    "context_hash",
    "from_snapshot",
    "to_snapshot",
]
