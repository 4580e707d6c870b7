"""Every table, one file per aggregate."""

from conventions.models import lookups  # noqa: F401 - a lookup registers as it loads
from conventions.models.accounts import NetworkTries, ProofCode, RecoveryCode, SecondFactor, UserSession
from conventions.models.acts import Act
from conventions.models.annexes import Annex
from conventions.models.board import BoardDecision, Ceremony
from conventions.models.bounds import Bounds
from conventions.models.budget import BudgetLine, Indicator
from conventions.models.clauses import AgreementLine, AgreementTemplate, ClauseTemplate
from conventions.models.conventions import Convention, Party
from conventions.models.corrections import Correction
from conventions.models.delegations import Delegation
from conventions.models.documents import Attachment, Document, Photo, SealedRevision, Source
from conventions.models.envelopes import Charge, ClosedYear, Envelope, EnvelopeMove, EnvelopeMoveText
from conventions.models.equipment import Device, DeviceEvent, DeviceEventText, EquipmentItem
from conventions.models.facts import Handover, ReportReceived, Return, Review
from conventions.models.imports import ColumnMapping, SheetImport
from conventions.models.journal import JournalDigest, JournalEntry, JournalPersonal
from conventions.models.kept_texts import KeptText
from conventions.models.letters import FormalLetter, LetterTemplate
from conventions.models.media import Medium, Sanitisation
from conventions.models.money import Payment, PaymentEvent, PaymentEventText, PaymentPosition
from conventions.models.numbering import NumberCounter
from conventions.models.partners import BankAccount, Partner, Project, Representative
from conventions.models.payment_files import PaperRule, PaymentFile
from conventions.models.people import LoginCode, User
from conventions.models.publication import PressRelease, PublicSheet, PublicSheetFunding, PublicSheetPartner
from conventions.models.reference import (
    Area,
    DeclaredYear,
    Kind,
    LegalThreshold,
    Plan,
    PressContact,
    SupportKind,
    Theme,
    Value,
)
from conventions.models.scans import ReceivedFile, ScanBatch, ScanFile, ScanPage, ScanPart
from conventions.models.service import ClockWatch, SweepStep
from conventions.models.signatories import Attendee, Signatory
from conventions.models.signing import (
    HandoverCode,
    HandoverSignature,
    SignatureAct,
    SignatureCode,
    SignatureRequest,
)
from conventions.models.space import (
    AddressChange,
    BankProposal,
    KeptFile,
    MandateProposal,
    Message,
    Thread,
)
from conventions.models.support import EquipmentTerm, InKind
from conventions.models.terms import Clause, Funding, InstalmentTerm, Obligation
from conventions.models.work import HeldMail, Job, MailPreference, OutgoingMail

__all__ = [
    "Act",
    "AddressChange",
    "AgreementLine",
    "AgreementTemplate",
    "Annex",
    "Area",
    "Attachment",
    "Attendee",
    "BankAccount",
    "BankProposal",
    "BoardDecision",
    "Bounds",
    "BudgetLine",
    "Ceremony",
    "Charge",
    "Clause",
    "ClauseTemplate",
    "ClockWatch",
    "ClosedYear",
    "ColumnMapping",
    "Convention",
    "Correction",
    "DeclaredYear",
    "Delegation",
    "Device",
    "DeviceEvent",
    "DeviceEventText",
    "Document",
    "Envelope",
    "EnvelopeMove",
    "EnvelopeMoveText",
    "EquipmentItem",
    "EquipmentTerm",
    "FormalLetter",
    "Funding",
    "Handover",
    "HandoverCode",
    "HandoverSignature",
    "HeldMail",
    "InKind",
    "Indicator",
    "InstalmentTerm",
    "Job",
    "JournalDigest",
    "JournalEntry",
    "JournalPersonal",
    "KeptFile",
    "KeptText",
    "Kind",
    "LegalThreshold",
    "LetterTemplate",
    "LoginCode",
    "MailPreference",
    "MandateProposal",
    "Medium",
    "Message",
    "NetworkTries",
    "NumberCounter",
    "Obligation",
    "OutgoingMail",
    "PaperRule",
    "Partner",
    "Party",
    "Payment",
    "PaymentEvent",
    "PaymentEventText",
    "PaymentFile",
    "PaymentPosition",
    "Photo",
    "Plan",
    "PressContact",
    "PressRelease",
    "Project",
    "ProofCode",
    "PublicSheet",
    "PublicSheetFunding",
    "PublicSheetPartner",
    "ReceivedFile",
    "RecoveryCode",
    "ReportReceived",
    "Representative",
    "Return",
    "Review",
    "Sanitisation",
    "ScanBatch",
    "ScanFile",
    "ScanPage",
    "ScanPart",
    "SealedRevision",
    "SecondFactor",
    "SheetImport",
    "Signatory",
    "SignatureAct",
    "SignatureCode",
    "SignatureRequest",
    "Source",
    "SupportKind",
    "SweepStep",
    "Theme",
    "Thread",
    "User",
    "UserSession",
    "Value",
]
