"""`apply` end to end: a convention goes from draft to signed, and nothing is written when something is wrong."""

import datetime

import pytest
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts.lifecycle import (
    ContentChanged,
    EventRefused,
    apply,
    available_events,
    effects,
    expire_overdue,
    missing_actions,
)
from conventions.domain.documents import storage
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, DocumentKind, Event
from conventions.models import Act, Document, JournalEntry, NumberCounter, SignatureAct
from conventions.tests.factories import (
    BoardDecisionFactory,
    ConventionFactory,
    SignatureRequestFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
CLAUSE = {
    "code": "objet",
    "heading": "Objet",
    "body": "L’OPT-NC soutient {{ du_beneficiaire }} : {{ objet }}",
}
FUNDING = {"amount": 2_000_000, "budget_year": 2026}


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


@pytest.fixture
def lawyer():
    return UserFactory(role="juriste")


@pytest.fixture
def act(officer):
    convention = ConventionFactory(
        act__clauses=[CLAUSE], act__fundings=[FUNDING], act__path="papier", act__prepared_by=officer
    )
    act = convention.acts.get()
    Act.objects.filter(pk=act.pk).update(board_decision=BoardDecisionFactory())
    act.refresh_from_db()
    return act


def frozen(act, officer, lawyer):
    act = apply(act, Event.SUBMIT, by=officer)
    act = apply(act, Event.APPROVE, by=lawyer)
    return apply(act, Event.FREEZE, by=officer)


@pytest.mark.pdf
def test_apply_from_draft_to_signed(act, officer, lawyer, at):
    with at(2026, 3, 2, 9):
        act = frozen(act, officer, lawyer)
        assert (act.state, act.number) == ("a_signer", "2026-001")
        paper = storage.read_bytes(act.frozen_document)
        assert act.frozen_document.snapshot["data"]["code"] == act.frozen_document.code != ""
        act = apply(act, Event.FILE_SCAN, by=officer, scan=paper, signed_on=datetime.date(2026, 3, 2))
    assert (act.state, act.signed_on) == ("signe", datetime.date(2026, 3, 2))
    assert act.signed_document.kind == DocumentKind.SCAN
    assert SignatureAct.objects.filter(document=act.frozen_document, method="encre").count() == 2
    assert [entry.event for entry in act.convention.journal.order_by("sequence")] == [
        "soumettre", "valider", "numero_attribue", "document_produit", "figer", "document_produit", "classer_scan",
    ]  # fmt: skip
    assert journal.broken_links(f"convention:{act.convention_id}") == []
    assert "2026 001" in act.convention.search_key


@pytest.mark.pdf
def test_take_back_keeps_the_number_and_the_next_freeze_is_version_two(act, officer, lawyer):
    act = frozen(act, officer, lawyer)
    number, first = act.number, act.frozen_document
    act = apply(act, Event.TAKE_BACK, by=officer, reason="Une date est fausse.")
    assert (act.state, act.number, act.frozen_document) == ("brouillon", number, None)
    act = frozen(act, officer, lawyer)
    assert (act.number, act.frozen_document.version) == (number, 2)
    assert act.frozen_document.code != first.code
    assert Document.objects.filter(pk=first.pk).exists()
    assert NumberCounter.objects.get().last == 1


def test_approve_by_the_one_who_submitted_is_refused_and_told_in_the_journal(act):
    both = UserFactory(roles=["gestionnaire", "juriste"])
    act = apply(act, Event.SUBMIT, by=both)
    with pytest.raises(EventRefused) as refusal:
        apply(act, Event.APPROVE, by=both)
    assert str(refusal.value) == "Vous avez préparé ce dossier : une autre personne doit le valider."
    assert Act.objects.get(pk=act.pk).state == ActState.IN_REVIEW


@pytest.mark.django_db(transaction=True)
def test_refused_approval_leaves_a_journal_line():
    both = UserFactory(superuser=True)
    convention = ConventionFactory(act=ActState.IN_REVIEW, act__prepared_by=both)
    with pytest.raises(EventRefused):
        apply(convention.acts.get(), Event.APPROVE, by=both)
    entry = JournalEntry.objects.get(convention=convention)
    assert (entry.event, entry.actor) == ("action_refusee", both)


@pytest.mark.pdf
def test_freeze_is_refused_when_the_content_changed_since_the_render(act, officer, lawyer):
    act = apply(act, Event.SUBMIT, by=officer)
    act = apply(act, Event.APPROVE, by=lawyer)
    prepared = effects.prepare(act, Event.FREEZE, by=officer)
    act.funding_set.update(amount=3_000_000)
    with pytest.raises(ContentChanged):
        effects.run(act, Event.FREEZE, by=officer, prepared=prepared, details={})
    assert Document.objects.count() == 0


def test_freeze_without_board_decision_lists_it_and_gives_no_number(act, officer, lawyer):
    Act.objects.filter(pk=act.pk).update(board_decision=None, state=ActState.APPROVED)
    act.refresh_from_db()
    with pytest.raises(EventRefused) as refusal:
        apply(act, Event.FREEZE, by=officer)
    assert [item.code for item in refusal.value.decision.missing] == ["deliberation"]
    assert NumberCounter.objects.count() == 0
    assert [entry.event for entry in JournalEntry.objects.all()] == ["action_refusee"]


def test_missing_actions_of_an_empty_draft(officer):
    convention = ConventionFactory(purpose="", act__signatories=None, act__term_kind="")
    codes = [item.code for item in missing_actions(convention.acts.get(), Event.SUBMIT)]
    parties = [f"signataire-{party.pk}" for party in convention.parties.all()]
    assert codes == ["objet", "soutien", "deliberation", "duree", *parties, "articles"]


def test_missing_actions_names_a_mandate_that_ended(act, lawyer):
    from conventions.tests.factories import RepresentativeFactory

    person = act.signatories.last()
    former = RepresentativeFactory(partner=person.party.partner, former=True)
    act.signatories.filter(pk=person.pk).update(representative=former)
    codes = [item.code for item in missing_actions(act, Event.FREEZE)]
    assert codes == [f"mandat-{person.pk}"]


def test_apply_without_the_reason_it_needs_is_refused(act, officer):
    with pytest.raises(EventRefused, match="Indiquez le motif"):
        apply(act, Event.ABANDON, by=officer)
    assert Act.objects.get(pk=act.pk).state == ActState.DRAFT


def test_abandon_dates_the_end_and_keeps_the_reason(act, officer):
    act = apply(act, Event.ABANDON, by=officer, reason="Projet retiré.")
    assert (act.state, act.end_reason) == ("abandonne", "Projet retiré.")
    assert act.ended_at is not None


@pytest.mark.pdf
@pytest.mark.parametrize("scan", [b"not a pdf", b"%PDF-1.7 cut"])
def test_file_scan_of_something_else_is_refused(act, officer, lawyer, scan):
    act = frozen(act, officer, lawyer)
    with pytest.raises(Refused, match="Ce PDF est abîmé et ne s’ouvre pas"):
        apply(act, Event.FILE_SCAN, by=officer, scan=scan, signed_on=timezone.localdate())
    assert Act.objects.get(pk=act.pk).state == ActState.TO_SIGN


def test_reprise_is_recorded_then_attested_by_someone_else(officer, lawyer):
    from conventions.tests.factories import SourceFactory

    convention = ConventionFactory(act=None)
    act = Act.objects.create(
        convention=convention, origin="reprise", signed_on=datetime.date(2023, 3, 14), prepared_by=officer
    )
    assert [item.code for item in missing_actions(act, Event.RECORD_REPRISE)] == ["sources"]
    SourceFactory(convention=convention)
    act = apply(act, Event.RECORD_REPRISE, by=officer)
    assert (act.state, act.is_editable, act.number) == ("signe", True, None)
    act = apply(act, Event.ATTEST_REPRISE, by=lawyer)
    assert act.is_editable is False


def test_available_events_of_a_draft_for_its_officer(act, officer):
    choices = {choice.event.value: choice.allowed for choice in available_events(act, user=officer)}
    assert choices == {"soumettre": True, "abandonner": True}


def test_available_events_for_a_reader_are_all_refused_with_a_reason(act):
    choices = available_events(act, user=UserFactory(role="lecture"))
    assert {choice.reason for choice in choices} == {"Réservé au rôle : chargé·e de partenariats."}


@pytest.mark.parametrize(
    ("days", "state"), [(-1, ActState.EXPIRED), (1, ActState.TO_SIGN), (None, ActState.TO_SIGN)]
)
def test_sweep_ends_an_act_only_when_its_last_link_has_lapsed(days, state):
    act = ConventionFactory(act=ActState.TO_SIGN, act__path="en_ligne").acts.get()
    ends = timezone.now() + datetime.timedelta(days=days) if days else None
    for person, lapse in zip(
        act.signatories.all(), (timezone.now() - datetime.timedelta(days=9), ends), strict=True
    ):
        SignatureRequestFactory(document=act.frozen_document, signatory=person, expires_at=lapse)
    assert expire_overdue() == (1 if state == ActState.EXPIRED else 0)
    act.refresh_from_db()
    assert (act.state, act.frozen_document.signature_requests.filter(revoked_at=None).count()) == (
        state,
        0 if state == ActState.EXPIRED else 2,
    )
    assert expire_overdue() == 0


def test_amendment_begun_from_the_convention_has_one_journal_line(officer):
    act = ConventionFactory(act=ActState.SIGNED).acts.get()
    began = apply(act, Event.START_AMENDMENT, by=officer, reason="Le projet s’étend.")
    assert (began.kind, began.rank, began.state) == ("avenant", 1, ActState.DRAFT)
    assert [line.event for line in act.convention.journal.all()] == ["avenant_commence"]


def test_closing_of_what_is_not_finished_asks_to_confirm(officer):
    act = ConventionFactory(act=ActState.SIGNED, act__instalments=[{}]).acts.get()
    today = timezone.localdate()
    with pytest.raises(Refused):
        apply(act, Event.CLOSE, by=officer, closed_on=today)
    apply(act, Event.CLOSE, by=officer, closed_on=today, confirmed=True)
    assert [line.event for line in act.convention.journal.all()] == ["convention_close"]
    with pytest.raises(EventRefused, match="La convention est close"):
        apply(act, Event.START_AMENDMENT, by=officer, reason="Trop tard.")
