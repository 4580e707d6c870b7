"""Factories for every model. Names are invented and say so: « (fictif) ». Values follow a counter, never chance.

    UserFactory(role="gestionnaire")          a member of staff      UserFactory(superuser=True)
    PresidentFactory(partner=partner)         a user who speaks for a partner today (mandate, access)
    ConventionFactory()                       OPT-NC and a beneficiary, a draft act with its two signatories
    ConventionFactory(act="signe", act__fundings=[{"amount": 500_000}], act__equipment=[{"quantity": 10}])
    ConventionFactory(act=None)               no act at all
    ActFactory(convention=…, state="a_signer")    any state, its facts and documents with it
    ActFactory(convention=…, amendment=True, rank=1, state="signe", reason="…")
    ConventionFactory(reprise=True)           signed on paper before the application
    FundingFactory(act=draft, unknown=True)   an amount nobody knows

Terms lock with their act: give the terms to ActFactory, or add them to a draft and then call `settle(act, state)`.
"""

from conventions.tests.factories.acts import (
    ActFactory,
    AttendeeFactory,
    BoardDecisionFactory,
    CeremonyFactory,
    ConventionFactory,
    CorrectionFactory,
    NumberCounterFactory,
    PartyFactory,
    SignatoryFactory,
    settle,
)
from conventions.tests.factories.documents import (
    AttachmentFactory,
    DocumentFactory,
    PhotoFactory,
    SealedRevisionFactory,
    SignatureActFactory,
    SignatureCodeFactory,
    SignatureRequestFactory,
    SourceFactory,
    small_pdf,
)
from conventions.tests.factories.facts import (
    EquipmentItemFactory,
    ErasureFactory,
    HandoverFactory,
    PaymentFactory,
    ReportReceivedFactory,
    ReturnFactory,
    ReviewFactory,
)
from conventions.tests.factories.people import (
    BankAccountFactory,
    DelegationFactory,
    LoginCodeFactory,
    PartnerFactory,
    PresidentFactory,
    ProjectFactory,
    RecoveryCodeFactory,
    RepresentativeFactory,
    SecondFactorFactory,
    UserFactory,
    UserSessionFactory,
    opt_partner,
)
from conventions.tests.factories.publication import (
    HeldMailFactory,
    JobFactory,
    JournalDigestFactory,
    JournalEntryFactory,
    JournalPersonalFactory,
    MailPreferenceFactory,
    OutgoingMailFactory,
    PressReleaseFactory,
    PublicSheetFactory,
    PublicSheetFundingFactory,
    PublicSheetPartnerFactory,
)
from conventions.tests.factories.reference import (
    AreaFactory,
    KindFactory,
    LegalThresholdFactory,
    PlanFactory,
    PressContactFactory,
    ThemeFactory,
    ValueFactory,
)
from conventions.tests.factories.scans import (
    ScanBatchFactory,
    ScanFileFactory,
    ScanPageFactory,
    ScanPartFactory,
)
from conventions.tests.factories.space import (
    AddressChangeFactory,
    BankProposalFactory,
    MandateProposalFactory,
    MessageFactory,
    ThreadFactory,
)
from conventions.tests.factories.terms import (
    AgreementLineFactory,
    AgreementTemplateFactory,
    ClauseFactory,
    ClauseTemplateFactory,
    EquipmentTermFactory,
    FundingFactory,
    InKindFactory,
    InstalmentTermFactory,
    ObligationFactory,
)

__all__ = [
    "ActFactory",
    "AddressChangeFactory",
    "AgreementLineFactory",
    "AgreementTemplateFactory",
    "AreaFactory",
    "AttachmentFactory",
    "AttendeeFactory",
    "BankAccountFactory",
    "BankProposalFactory",
    "BoardDecisionFactory",
    "CeremonyFactory",
    "ClauseFactory",
    "ClauseTemplateFactory",
    "ConventionFactory",
    "CorrectionFactory",
    "DelegationFactory",
    "DocumentFactory",
    "EquipmentItemFactory",
    "EquipmentTermFactory",
    "ErasureFactory",
    "FundingFactory",
    "HandoverFactory",
    "HeldMailFactory",
    "InKindFactory",
    "InstalmentTermFactory",
    "JobFactory",
    "JournalDigestFactory",
    "JournalEntryFactory",
    "JournalPersonalFactory",
    "KindFactory",
    "LegalThresholdFactory",
    "LoginCodeFactory",
    "MailPreferenceFactory",
    "MandateProposalFactory",
    "MessageFactory",
    "NumberCounterFactory",
    "ObligationFactory",
    "OutgoingMailFactory",
    "PartnerFactory",
    "PartyFactory",
    "PaymentFactory",
    "PhotoFactory",
    "PlanFactory",
    "PresidentFactory",
    "PressContactFactory",
    "PressReleaseFactory",
    "ProjectFactory",
    "PublicSheetFactory",
    "PublicSheetFundingFactory",
    "PublicSheetPartnerFactory",
    "RecoveryCodeFactory",
    "ReportReceivedFactory",
    "RepresentativeFactory",
    "ReturnFactory",
    "ReviewFactory",
    "ScanBatchFactory",
    "ScanFileFactory",
    "ScanPageFactory",
    "ScanPartFactory",
    "SealedRevisionFactory",
    "SecondFactorFactory",
    "SignatoryFactory",
    "SignatureActFactory",
    "SignatureCodeFactory",
    "SignatureRequestFactory",
    "SourceFactory",
    "ThemeFactory",
    "ThreadFactory",
    "UserFactory",
    "UserSessionFactory",
    "ValueFactory",
    "opt_partner",
    "settle",
    "small_pdf",
]
