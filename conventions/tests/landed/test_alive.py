"""What was begun before the house was arranged anew goes on with today's code."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from conventions.domain import following
from conventions.domain.acts import drafting, signing
from conventions.domain.acts.lifecycle import apply
from conventions.domain.documents import storage, verification
from conventions.domain.documents.rendering import LAYOUT
from conventions.domain.documents.verification import Verdict
from conventions.enums import ActState, DocumentKind, Event, SigningPath
from conventions.models import Act, BoardDecision, Funding, OutgoingMail, Payment, SignatureRequest, User
from conventions.tests.factories import small_pdf
from conventions.tests.landed.reading import PARTLY_SIGNED, SHOWCASE, act_of, verified

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DRAFT = "Paniers et devoirs – 2027"
APPROVED = "Un point numérique à Port-Corail – 2027"
ON_PAPER = "Les cuisines de la vallée – 2026"


@pytest.fixture
def officer(world):
    """Whatever he does with today's code, the archives hold together afterwards."""
    yield staff("gestionnaire")
    assert verified()[-1].startswith("Tout concorde")


def staff(name: str) -> User:
    return User.objects.get(username=name)


def completed(act: Act, officer) -> Act:
    """What a first draft has not yet, saved from its page."""
    act.path, act.board_decision = SigningPath.INK, BoardDecision.objects.filter(is_demo=True).first()
    edit = drafting.Edit(convention=act.convention, act=act, act_fields=("path", "board_decision"))
    drafting.save(edit, by=officer, version=act.convention.version)
    return Act.objects.get(pk=act.pk)


def frozen(act: Act, officer) -> Act:
    act = apply(act, Event.SUBMIT, by=officer)
    act = apply(act, Event.APPROVE, by=staff("juriste"))
    return apply(act, Event.FREEZE, by=officer)


def filed(act: Act, officer) -> Act:
    signed = {"scan": small_pdf("signé"), "signed_on": timezone.localdate(), "confirmed_pages": 1}
    return apply(act, Event.FILE_SCAN, by=officer, **signed)


def test_draft_is_saved_then_frozen(officer):
    act = frozen(completed(act_of(DRAFT), officer), officer)
    assert (act.state, act.frozen_document.tool_versions["layout"]) == (ActState.TO_SIGN, str(LAYOUT))


def test_approved_act_is_frozen(officer):
    assert apply(act_of(APPROVED), Event.FREEZE, by=officer).state == ActState.TO_SIGN


def test_amendment_begun_then_replaces_the_line_it_changes(officer):
    act = Act.objects.get(convention__title=SHOWCASE, rank=1)
    assert filed(frozen(completed(act, officer), officer), officer).state == ActState.SIGNED
    old = Funding.objects.get(act=act).replaces
    current = Funding.objects.current().filter(act__convention=act.convention_id)
    assert old not in current
    assert current.get(line=old.line).amount == old.amount + 100_000


def test_act_that_awaited_its_scan_receives_it(officer):
    act = filed(act_of(ON_PAPER), officer)
    assert (act.state, act.signed_document.kind) == (ActState.SIGNED, DocumentKind.SCAN)


def test_act_that_awaited_signatures_online_receives_them(officer, django_capture_on_commit_callbacks):
    """The seals of then stay below those of today: one file, conforming."""
    before = storage.read_bytes(act_of(PARTLY_SIGNED).frozen_document.revisions.latest("revision"))
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            sign_next(act_of(PARTLY_SIGNED))
    act = act_of(PARTLY_SIGNED)
    signed = storage.read_bytes(act.signed_document)
    assert (act.state, signed.startswith(before)) == (ActState.SIGNED, True)
    assert verification.of_file(signed).verdict == Verdict.CONFORMING
    assert act.documents.filter(kind=DocumentKind.ATTESTATION).count() == 1


def sign_next(act: Act) -> None:
    waiting = SignatureRequest.objects.filter(document=act.frozen_document, act_of_signature=None)
    asked = signing.for_reader(waiting.earliest("rank", "pk").pk)
    entry = signing.Entry(typed_name=str(asked.signatory), consents=True, shown_sha256=asked.document.sha256)
    signing.open_request(asked)
    signing.mark_read(asked)
    signing.sign_with_account(asked, entry, by=asked.signatory.representative.user, second_factor=True)


def test_payment_that_waited_is_sent_back(officer):
    payment = Payment.objects.waiting().get()
    following.send_back(payment, reason="RIB périmé (fictif).", by=staff("comptable"))
    assert not Payment.objects.waiting().exists()
    assert Payment.objects.standing().count() == Payment.objects.count() - 1


def test_sweep_sends_the_mails_that_waited(officer, mailoutbox):
    waiting = OutgoingMail.objects.to_send().count()
    call_command("balayer", stdout=io.StringIO())
    assert (waiting > 20, OutgoingMail.objects.to_send().count(), OutgoingMail.objects.failed().count()) == (
        True,
        0,
        0,
    )
    assert len(mailoutbox) > 20
