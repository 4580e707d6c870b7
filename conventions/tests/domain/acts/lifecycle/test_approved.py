"""The text that was validated is the text that is frozen: what it reads beside the rows of the act included."""

import datetime
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts.lifecycle import ContentChanged, apply, choice_of
from conventions.enums import ActState, AttachmentKind, Event
from conventions.models import Act, Attachment, Clause, JournalEntry, Partner
from conventions.reference.clauses import VISAS
from conventions.tests import factories as f
from conventions.tests.admin.conventions.browser_post import form_data
from conventions.tests.conftest import sign_in
from conventions.tests.domain.acts.lifecycle.samples import an_act

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture
def desk():
    return sign_in("gestionnaire")


@pytest.fixture
def act():
    """Waits for the lawyer; one of its visas is the request for support, once it is filed."""
    act = an_act(Event.APPROVE)
    body = "vu {{ demande }} ;\n\nvu la {{ deliberation }} ;"
    Clause.objects.create(act=act, code=VISAS, heading="Visas", body=body, position=0)
    return act


def approved(act: Act) -> Act:
    return apply(act, Event.APPROVE, by=f.UserFactory(role="juriste"))


def save(desk, act: Act, **fields):
    """What an officer types on the page of the act, and sends."""
    url = reverse("admin:conventions_convention_change", args=[act.convention_id])
    answer = desk.post(url, form_data(desk.get(url)) | fields)
    assert answer.status_code == 302
    return Act.objects.get(pk=act.pk)


def file_paper(desk, act: Act, kind: AttachmentKind) -> Act:
    upload = SimpleUploadedFile("demande.pdf", f.small_pdf("Demande (fictif)"), "application/pdf")
    found = save(desk, act, uploads=[upload], upload_kind=kind.value)
    assert Attachment.objects.get(convention=act.convention).kind == kind
    return found


def refused(desk, act: Act) -> str:
    with pytest.raises(ContentChanged) as refusal:
        apply(act, Event.FREEZE, by=desk.user)
    act.refresh_from_db()
    assert (act.state, act.frozen_document, act.number) == (ActState.APPROVED, None, None)
    return str(refusal.value)


def test_paper_filed_after_validation_that_a_visa_names_asks_for_a_new_reading(desk, act):
    act = file_paper(desk, approved(act), AttachmentKind.PROJECT)
    told = refused(desk, act)
    assert told.startswith("Le texte a changé depuis sa validation : les visas.")
    assert told.endswith("Reprenez l’acte, puis faites-le relire.")
    act = apply(act, Event.TAKE_BACK, by=desk.user, reason="La demande est arrivée.")
    act = approved(apply(act, Event.SUBMIT, by=desk.user))
    frozen = apply(act, Event.FREEZE, by=desk.user)
    assert "vu la demande de soutien" in frozen.frozen_document.snapshot["data"]["visas"][0]


def test_paper_removed_after_validation_asks_for_it_too(desk, act):
    act = approved(file_paper(desk, act, AttachmentKind.PROJECT))
    Attachment.objects.filter(convention=act.convention).delete()
    assert "les visas" in refused(desk, act)


def test_paper_that_the_text_does_not_read_changes_nothing(desk, act):
    act = file_paper(desk, approved(act), AttachmentKind.OTHER)
    assert apply(act, Event.FREEZE, by=desk.user).state == ActState.TO_SIGN


def test_request_that_no_visa_names_changes_nothing(desk, act):
    Clause.objects.filter(act=act, code=VISAS).update(body="vu la {{ deliberation }} ;")
    act = file_paper(desk, approved(act), AttachmentKind.PROJECT)
    assert apply(act, Event.FREEZE, by=desk.user).state == ActState.TO_SIGN


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", "Association renommée (fictif)"), ("address", "9, rue inventée"), ("legal_form", "syndicat (fictif)"),
     ("designation", "le Club")],
)  # fmt: skip
def test_partner_that_changed_since_is_read_again(desk, act, column, value):
    act = approved(act)
    Partner.objects.filter(is_opt=False).update(**{column: value})
    assert "les parties" in refused(desk, act)


def test_data_protection_contact_is_part_of_what_was_read(desk, act, settings):
    act = approved(act)
    settings.DPO_CONTACT = "autre@opt.example"
    assert "les termes" in refused(desk, act)


def test_what_stays_open_after_validation_is_not_read_again(desk, act):
    act = approved(act)
    decision = f.BoardDecisionFactory(number="99", decided_on=datetime.date(2026, 6, 1))
    act = save(desk, act, place="Koné", board_decision=str(decision.pk), path="en_ligne")
    frozen = apply(save(desk, act, path="papier"), Event.FREEZE, by=desk.user)
    data = frozen.frozen_document.snapshot["data"]
    assert (data["place"], data["board_decision"]["number"]) == ("Koné", "99")


def test_number_given_by_a_freezing_that_failed_is_no_change(desk, act):
    act = approved(act)
    Act.objects.filter(pk=act.pk).update(number="2026-777")
    assert apply(act, Event.FREEZE, by=desk.user).number == "2026-777"


def test_act_validated_before_the_journal_kept_its_text_is_frozen_as_before(desk):
    assert apply(an_act(Event.FREEZE), Event.FREEZE, by=desk.user).state == ActState.TO_SIGN


def test_journal_keeps_digests_and_no_word_of_the_text(desk, act):
    approved(act)
    kept = json.loads(JournalEntry.objects.get(event="valider").payload)["details"]["texte"]
    assert {"parties", "clauses", "fundings"} <= set(kept)
    assert all(len(digest) == 16 for digest in kept.values())


def test_file_tells_the_day_its_text_was_frozen(desk, act):
    frozen = apply(approved(act), Event.FREEZE, by=desk.user)
    assert frozen.frozen_document.snapshot["data"]["made_on"] == timezone.localdate().isoformat()


def test_button_says_beforehand_that_the_text_is_no_more_the_one_that_was_read(desk, act):
    act = approved(act)
    assert choice_of(act, Event.FREEZE, user=desk.user).allowed
    act = file_paper(desk, act, AttachmentKind.PROJECT)
    choice = choice_of(act, Event.FREEZE, user=desk.user)
    assert not choice.allowed
    assert choice.reason == refused(desk, act)
    page = desk.get(reverse("admin:conventions_convention_change", args=[act.convention_id])).content.decode()
    assert "Le texte a changé depuis sa validation : les visas." in page
