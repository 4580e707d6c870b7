"""Each rule of the database is broken once: by a plain INSERT or UPDATE, then by the form that explains it."""

import datetime

import factory
import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from conventions.domain.foundation import triggers
from conventions.enums import (
    ActKind,
    ActOrigin,
    ActState,
    AmountStatus,
    LetterKind,
    SignatureMethod,
    TemplateState,
    TermKind,
)
from conventions.models.terms import AMOUNT_MESSAGE, NO_AMOUNT_MESSAGE, Term
from conventions.tests import factories as f
from conventions.tests.test_models.broken import MONEY, Broken
from conventions.tests.test_models.broken import twice as _twice

pytestmark = pytest.mark.django_db
DAY, BEFORE = datetime.date(2026, 3, 2), datetime.date(2026, 3, 1)


def _session() -> Session:
    return Session.objects.create(session_key="a" * 32, expire_date=timezone.now())


SIGNED = {"state": ActState.SIGNED}
SIGNED_PAPER = {"kind": "pv_signe", "made_from": factory.SubFactory(f.DocumentFactory)}
TERMS = {
    "funding": f.FundingFactory,
    "instalmentterm": f.InstalmentTermFactory,
    "inkind": f.InKindFactory,
    "equipmentterm": f.EquipmentTermFactory,
    "clause": f.ClauseFactory,
    "obligation": f.ObligationFactory,
    "budgetline": f.BudgetLineFactory,
    "indicator": f.IndicatorFactory,
}
AMOUNTS = ("funding", "inkind", "equipmentterm", "budgetline")
CASES = [
    _twice("board_decision_once", f.BoardDecisionFactory, "number", "decided_on"),
    _twice("act_rank_once", f.ActFactory, "convention", amendment=True),
    _twice("act_number_once", f.ActFactory, "number", state="a_signer"),
    Broken("act_initial_is_rank_zero", f.ActFactory, {"rank": 3}),
    Broken("act_dates_in_order", f.ActFactory, {"starts_on": DAY, "ends_on": BEFORE}),
    Broken("act_open_ended_has_no_end", f.ActFactory, {"term_kind": TermKind.OPEN_ENDED}),
    Broken("act_frozen_has_its_document", f.ActFactory, {"state": ActState.TO_SIGN}),
    Broken("act_draft_has_no_document", f.ActFactory, {"state": ActState.APPROVED}, {"state": "a_signer"}),
    Broken("act_signed_iff_its_document", f.ActFactory, {"signed_on": DAY}),
    Broken("act_reprise_has_no_number", f.ActFactory, {"origin": ActOrigin.REPRISE}, {"state": "a_signer"}),
    Broken("act_signed_says_when", f.ActFactory, {"signed_on": None}, {"reprise": True}),
    Broken("act_ended_iff_dated", f.ActFactory, {"ended_at": timezone.now()}),
    Broken("act_ground_is_of_a_termination", f.ActFactory, {"ground": "faute"}),
    _twice("clause_template_version_once", f.ClauseTemplateFactory, "code", state=TemplateState.RETIRED),
    _twice("letter_template_version_once", f.LetterTemplateFactory, "code", "version"),
    Broken(
        "letter_template_one_in_force",
        f.LetterTemplateFactory,
        {"copy": ("code",)},
        {
            "state": TemplateState.IN_FORCE,
            "code": factory.Iterator([LetterKind.NOTICE, LetterKind.NOTIFICATION]),
        },
    ),
    Broken("letter_sent_says_how", f.FormalLetterFactory, {"sent_on": DAY}),
    Broken("letter_received_after_sent", f.FormalLetterFactory, {"received_on": DAY}),
    Broken("clause_template_one_in_force", f.ClauseTemplateFactory, {"copy": ("code",), "version": 2}),
    Broken("convention_not_renewing_itself", f.ConventionFactory, {"self": "renews"}),
    _twice("party_once_per_convention", f.PartyFactory, "convention", "partner"),
    Broken("document_has_one_owner", f.DocumentFactory, {"act": None}),
    Broken("delegation_dates_in_order", f.DelegationFactory, {"starts_on": DAY, "ends_on": BEFORE}),
    Broken("delegation_not_oneself", f.DelegationFactory, {"same": ("deputy", "absent")}),
    Broken(
        "address_change_two_people",
        f.AddressChangeFactory,
        {"same": ("approved_by", "asked_by")},
        {"asked_by": factory.SubFactory(f.UserFactory)},
    ),
    Broken("delegation_title_iff_deputy", f.DelegationFactory, {"printed_title": ""}),
    _twice("delegation_one_without_end", f.DelegationFactory, "absent", ends_on=None),
    _twice("document_version_once_per_act", f.DocumentFactory, "act"),
    _twice("document_version_once_per_ceremony", f.DocumentFactory, "ceremony", act=None),
    _twice("handover_signed_document_once", f.DocumentFactory, "made_from", **SIGNED_PAPER),
    Broken("handover_signature_says_how", f.HandoverSignatureFactory, {"consent": ""}),
    _twice("sealed_revision_once", f.SealedRevisionFactory, "document"),
    Broken("attachment_has_an_owner", f.AttachmentFactory, {"convention": None}),
    Broken("photo_children_need_consent", f.PhotoFactory, {"shows_children": True}),
    Broken("payment_amount_positive", f.PaymentFactory, {"amount": 0}),
    Broken("payment_event_amount_positive", f.PaymentEventFactory, {"amount": 0}),
    Broken("payment_event_says_amount", f.PaymentEventFactory, {"kind": "paye", "amount": None}),
    Broken("bank_account_used_not_retired", f.BankAccountFactory, {"retired_on": timezone.localdate()}),
    _twice("equipment_item_device_once", f.EquipmentItemFactory, "device"),
    _twice("device_serial_once", f.DeviceFactory, "maker_key", "serial_key"),
    _twice(
        "device_tag_once",
        f.DeviceFactory,
        "tag_key",
        inventory_tag=factory.Sequence(lambda n: f"INV-FICTIF-{n}"),
    ),
    Broken("device_known_amount_given", f.DeviceFactory, {"status": AmountStatus.KNOWN, "amount": None}),
    Broken("device_unknown_amount_empty", f.DeviceFactory, {"status": AmountStatus.UNKNOWN, "amount": 5}),
    Broken("device_weight_positive", f.DeviceFactory, {"weight_grams": 0}),
    _twice("medium_serial_in_one_device", f.MediumFactory, "serial_key"),
    _twice("sanitisation_file_once", f.SanitisationFactory, "medium", sha256="a" * 64),
    _twice("journal_sequence_once", f.JournalEntryFactory, "chain"),
    Broken("partner_one_opt", f.PartnerFactory, {"is_opt": True}),
    _twice("partner_ridet_once", f.PartnerFactory, "ridet_normalised"),
    Broken("partner_not_merged_into_itself", f.PartnerFactory, {"self": "merged_into"}),
    Broken(
        "representative_mandate_in_order",
        f.RepresentativeFactory,
        {"mandate_start": DAY, "mandate_end": BEFORE},
    ),
    _twice("bank_account_once_per_partner", f.BankAccountFactory, "partner", "iban_fingerprint"),
    _twice("sheet_version_once", f.PublicSheetFactory, "convention", is_current=False),
    Broken("sheet_one_current", f.PublicSheetFactory, {"copy": ("convention",), "version": 2}),
    _twice("sheet_slug_once", f.PublicSheetFactory, "slug"),
    _twice("sheet_partner_once", f.PublicSheetPartnerFactory, "sheet", "partner"),
    Broken("press_release_has_one_subject", f.PressReleaseFactory, {"convention": None}),
    Broken("press_release_published_has_its_pdf", f.PressReleaseFactory, {"state": "publie"}),
    *(
        Broken(f"{name}_is_somebody", factory, {"first_name": "", "last_name": "", "title": ""})
        for name, factory in (("signatory", f.SignatoryFactory), ("attendee", f.AttendeeFactory))
    ),
    _twice("declared_year_once_per_source", f.DeclaredYearFactory, "year", "source"),
    Broken("declared_year_declares", f.DeclaredYearFactory, {"partnerships": None}),
    *MONEY,
    _twice("threshold_once_per_date", f.LegalThresholdFactory, "code", "effective_from"),
    _twice("one_live_request_per_signatory", f.SignatureRequestFactory, "document", "signatory"),
    _twice("signature_token_once", f.SignatureRequestFactory, "token_hash"),
    _twice("one_signature_per_signatory", f.SignatureActFactory, "document", "signatory"),
    Broken("instalment_percent_in_range", f.InstalmentTermFactory, {"percent": 101}),
    Broken("instalment_at_a_date_has_one", f.InstalmentTermFactory, {"condition_kind": "date"}),
    Broken(
        "instalment_other_says_what", f.InstalmentTermFactory, {"condition_kind": "autre", "condition": ""}
    ),
    Broken(
        "instalment_awaits_what_it_names",
        f.InstalmentTermFactory,
        {"condition_kind": "signature"},
        {"obligation": factory.SubFactory(f.ObligationFactory), "condition_kind": "remise"},
    ),
    Broken(
        "equipmentterm_return_after_start",
        f.EquipmentTermFactory,
        {"transfer": "pret", "starts_on": DAY, "return_on": BEFORE},
    ),
    Broken("equipmentterm_given_does_not_return", f.EquipmentTermFactory, {"custody": "l’association"}),
    _twice("annex_once_per_act", f.AnnexFactory, "act", "attachment"),
    Broken("annex_was_read", f.AnnexFactory, {"page_count": 0}),
    Broken("budgetline_income_has_funders", f.BudgetLineFactory, {"funder": "fonds propres"}),
    Broken(
        "budgetline_one_funder",
        f.BudgetLineFactory,
        {"funder": "fonds propres"},
        {"side": "recette", "party": factory.SubFactory(f.PartyFactory)},
    ),
    Broken(
        "funding_of_a_party_is_not_opt_s",
        f.FundingFactory,
        {"figure": "accorde"},
        {"figure": "cofinancement", "party": factory.SubFactory(f.PartyFactory)},
    ),
    Broken("partner_year_end_is_a_day", f.PartnerFactory, {"year_end_day": 30}),
    Broken("inkind_return_after_start", f.InKindFactory, {"starts_on": DAY, "return_on": BEFORE}),
    Broken("equipmentterm_quantity_positive", f.EquipmentTermFactory, {"quantity": 0}),
    Broken("equipmentterm_one_per_serial", f.EquipmentTermFactory, {"quantity": 2, "serial": "S1"}),
    Broken("job_finished_iff_dated", f.JobFactory, {"state": "termine"}),
    Broken(
        "thread_closed_waits_for_nobody",
        f.ThreadFactory,
        {"closed_at": timezone.now(), "waits_for_staff": True},
    ),
    _twice("kept_file_one_a_form", f.KeptFileFactory, "user", "form"),
    _twice("kept_text_one_a_page", f.KeptTextFactory, "user", "form", "tab"),
    _twice("mail_preference_once", f.MailPreferenceFactory, "user", "letter"),
    _twice("held_mail_once", f.HeldMailFactory, "mail", "user"),
    Broken("mail_sent_iff_dated", f.OutgoingMailFactory, {"state": "envoye"}),
    _twice("agreement_line_code_once", f.AgreementLineFactory, "template", "code"),
    Broken(
        "agreement_template_one_in_force",
        f.AgreementTemplateFactory,
        {"copy": ("code",), "version": 2},
        {"state": TemplateState.IN_FORCE},
    ),
    _twice("agreement_template_version_once", f.AgreementTemplateFactory, "code"),
    _twice("correction_once_per_section", f.CorrectionFactory, "act", "section", "asked_at"),
    Broken("correction_says_what", f.CorrectionFactory, {"note": ""}),
    Broken("correction_settled_by_someone", f.CorrectionFactory, {"settled_at": timezone.now()}),
    _twice("document_code_once", f.DocumentFactory, "code", code=factory.Sequence(lambda n: f"{n:013d}")),
    Broken("online_signature_says_how", f.SignatureActFactory, {"method": SignatureMethod.EMAIL_CODE}),
    _twice("recovery_code_once", f.RecoveryCodeFactory, "factor", "code_hash"),
    _twice("network_tries_once", f.NetworkTriesFactory, "kind", "network_key"),
    _twice("columnmapping_one_per_set", f.ColumnMappingFactory, "headings_key"),
    Broken("columnmapping_has_headings", f.ColumnMappingFactory, {"headings_key": ""}),
    Broken("scan_batch_ended_iff_dated", f.ScanBatchFactory, {"ended_at": timezone.now()}),
    Broken("scan_batch_purged_once_ended", f.ScanBatchFactory, {"purged_at": timezone.now()}),
    Broken("scan_file_once_per_batch", f.ScanFileFactory, {"copy": ("batch", "sha256"), "position": 9}),
    _twice("scan_file_position_once", f.ScanFileFactory, "batch", "position"),
    Broken("bankproposal_decided_is_dated", f.BankProposalFactory, {"decided_at": timezone.now()}),
    Broken("bankproposal_refused_with_reason", f.BankProposalFactory, {"reason": "Illisible."}),
    Broken("bankproposal_number_or_file", f.BankProposalFactory, {"iban_masked": ""}),
    Broken("mandateproposal_decided_is_dated", f.MandateProposalFactory, {"decided_at": timezone.now()}),
    Broken("mandateproposal_refused_with_reason", f.MandateProposalFactory, {"reason": "Illisible."}),
    Broken(
        "mandateproposal_in_order", f.MandateProposalFactory, {"mandate_start": DAY, "mandate_end": BEFORE}
    ),
    Broken("mandateproposal_president_has_proof", f.MandateProposalFactory, {"attachment": None}),
    Broken("message_text_or_erased", f.MessageFactory, {"body": ""}),
    Broken("handover_missing_is_acknowledged", f.HandoverFactory, {"missing": "Un clavier."}),
    Broken("report_refused_with_reason", f.ReportReceivedFactory, {"refused_on": DAY}),
    _twice("scan_page_once", f.ScanPageFactory, "file", "number"),
    Broken(
        "scan_page_placed_or_set_aside",
        f.ScanPageFactory,
        {"set_aside": True},
        {"part": factory.SubFactory(f.ScanPartFactory)},
    ),
    Broken("scan_page_turns_by_quarters", f.ScanPageFactory, {"turn": 45}),
    _twice("received_file_once", f.ReceivedFileFactory, "document", "sha256"),
    _twice("scan_part_once_per_copy", f.ScanPartFactory, "batch", "act"),
    Broken(
        "user_session_ended_opens_nothing",
        f.UserSessionFactory,
        {"ended_at": timezone.now()},
        {"session": factory.LazyFunction(lambda: _session())},
    ),
    *[_twice(f"{name}_line_once_per_act", factory, "act", "line") for name, factory in TERMS.items()],
    *[Broken(f"{name}_removal_names_a_row", factory, {"removed": True}) for name, factory in TERMS.items()],
    *[
        Broken(f"{name}_known_amount_given", TERMS[name], {"status": AmountStatus.KNOWN, "amount": None})
        for name in AMOUNTS
    ],
    *[
        Broken(
            f"{name}_amount_is_its_product",
            TERMS[name],
            {"status": AmountStatus.KNOWN, "amount": 7, "quantity": 2, "unit_price": 3, "serial": ""}
            if name == "equipmentterm"
            else {"status": AmountStatus.KNOWN, "amount": 7, "quantity": 2, "unit_price": 3},
        )
        for name in AMOUNTS
    ],
    *[
        Broken(
            f"{name}_unit_price_positive",
            TERMS[name],
            {"status": AmountStatus.UNKNOWN, "amount": None, "unit_price": 0},
        )
        for name in AMOUNTS
    ],
    *[
        Broken(f"{name}_unknown_amount_empty", TERMS[name], {"status": AmountStatus.UNKNOWN, "amount": 0})
        for name in AMOUNTS
    ],
]
BY_NAME = {case.constraint: case for case in CASES}


def own_models():
    return apps.get_app_config("conventions").get_models()


def all_constraints() -> dict[str, tuple[type[models.Model], models.BaseConstraint]]:
    return {rule.name: (model, rule) for model in own_models() for rule in model._meta.constraints}


def test_every_constraint_is_broken_once():
    assert set(BY_NAME) == set(all_constraints())
    assert len(BY_NAME) == len(CASES)


@pytest.fixture
def unlocked():
    """The locks on frozen rows step aside until the test is rolled back: here the constraints are tried."""
    triggers.remove()


@pytest.mark.usefixtures("unlocked")
@pytest.mark.parametrize("case", CASES, ids=str)
def test_database_refuses(case):
    model, rule = all_constraints()[case.constraint]
    row, columns = _broken_row(case)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        model._base_manager.filter(pk=row.pk).update(**columns)
    assert _names(refusal.value, rule, model), str(refusal.value)


def _broken_row(case):
    row = case.factory(**_given(case))
    columns = dict(case.columns)
    if "self" in columns:
        columns[columns.pop("self")] = row
    if "same" in columns:
        name, other = columns.pop("same")
        columns[name] = getattr(row, other)
    copied = columns.pop("copy", ())
    if copied:
        first = case.factory(**_given(case, row))
        columns = {name: getattr(first, name) for name in copied} | columns
    return row, columns


def _given(case, other=None):
    """Values of the factory; those that need a row are made here."""
    given = dict(case.given)
    if case.constraint == "document_version_once_per_ceremony":
        given["ceremony"] = f.CeremonyFactory()
    return given


def _names(error, rule, model) -> bool:
    """PostgreSQL and SQLite name a check; SQLite names a unique rule by its columns."""
    text = str(error)
    if rule.name in text:
        return True
    fields = getattr(rule, "fields", ())
    columns = [f"{model._meta.db_table}.{model._meta.get_field(name).column}" for name in fields]
    return bool(columns) and connection.vendor == "sqlite" and all(column in text for column in columns)


EXPLAINED = [case for case in CASES if case.constraint not in {"sheet_slug_once"}]


@pytest.mark.parametrize("case", EXPLAINED, ids=str)
def test_form_explains(case):
    """Where a rule has a message, validating the model gives it, in French, before the database refuses."""
    _, rule = all_constraints()[case.constraint]
    if rule.violation_error_message == rule.default_violation_error_message:
        return
    row, columns = _broken_row(case)
    for name, value in columns.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    assert str(rule.violation_error_message) in refusal.value.messages


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("act_dates_in_order", "La date de fin précède la prise d’effet. Corrigez l’une des deux dates."),
        ("funding_known_amount_given", str(NO_AMOUNT_MESSAGE)),
        ("funding_unknown_amount_empty", str(AMOUNT_MESSAGE)),
        ("party_once_per_convention", "Ce partenaire est déjà partie à cette convention."),
        ("payment_amount_positive", "Un versement est supérieur à 0 F CFP."),
        (
            "partner_ridet_once",
            "Un autre partenaire porte déjà ce RIDET. Vérifiez le numéro ou ouvrez ce partenaire.",
        ),
    ],
)
def test_message_of(name, message):
    assert str(all_constraints()[name][1].violation_error_message) == message


@pytest.mark.parametrize("model", Term.__subclasses__(), ids=lambda model: model.__name__)
def test_two_acts_may_carry_the_same_line(model):
    factory = TERMS[model._meta.model_name]
    first = factory()
    second = factory(line=first.line, replaces=first)
    assert (second.line, second.act == first.act) == (first.line, False)


def test_an_unknown_amount_is_empty_and_not_zero():
    funding = f.FundingFactory(unknown=True)
    assert (funding.amount, funding.status) == (None, AmountStatus.UNKNOWN)


@pytest.mark.parametrize("kind", [ActKind.AMENDMENT, ActKind.TERMINATION])
def test_only_the_initial_act_has_rank_zero(kind):
    act = f.ActFactory()
    with pytest.raises(IntegrityError, match="act_initial_is_rank_zero"), transaction.atomic():
        type(act).objects.filter(pk=act.pk).update(kind=kind)
