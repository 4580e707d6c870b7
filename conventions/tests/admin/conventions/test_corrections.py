"""Corrections section by section, from the request to the second reading."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts import lifecycle
from conventions.domain.acts.review.corrections import settle, shown_corrections
from conventions.domain.acts.review.second_reading import since_last_reading
from conventions.domain.documents import attachments
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, Event
from conventions.models import Act, Attachment
from conventions.tests.admin.conventions.browser_post import form_data
from conventions.tests.domain.acts.lifecycle.samples import an_act, details_of
from conventions.tests.factories import ConventionFactory, PartnerFactory, UserFactory, small_pdf

pytestmark = pytest.mark.django_db


def url_of(act, event) -> str:
    return reverse("admin:conventions_convention_event", args=[act.convention_id, event])


def page_of(act) -> str:
    return reverse("admin:conventions_convention_change", args=[act.convention_id])


@pytest.fixture
def lawyer():
    return UserFactory(role="juriste")


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


@pytest.fixture
def act(lawyer):
    """Sent back by a lawyer, with a note on two sections."""
    act = an_act(Event.APPROVE)
    return lifecycle.apply(act, Event.REQUEST_CORRECTION, by=lawyer, **details_of(Event.REQUEST_CORRECTION))


def test_request_names_sections_and_opens_the_draft(as_role, lawyer):
    act = an_act(Event.APPROVE)
    told = {
        "_confirmer": "1",
        "reason": "Deux points.",
        "note_duree": "Fin au 31.",
        "note_soutien": "En deux fois.",
    }
    as_role(lawyer).post(url_of(act, "demander_correction"), told)
    act.refresh_from_db()
    notes = [(row.section, row.note) for row in shown_corrections(act)]
    assert (act.state, act.is_editable, notes) == (
        ActState.TO_CORRECT,
        True,
        [("duree", "Fin au 31."), ("soutien", "En deux fois.")],
    )


def test_page_shows_each_note_in_its_section(as_role, act):
    sections = as_role("gestionnaire").get(page_of(act)).context["sheet"].sections
    noted = {section.anchor: section.correction.note for section in sections if section.correction}
    assert noted == {"duree": "Fin au 31 décembre.", "soutien": "En deux fois."}


def test_mail_lists_the_sections(act, mailoutbox):
    from conventions.domain.mails.delivery import BUILDERS

    Act.objects.filter(pk=act.pk).update(prepared_by=UserFactory(role="gestionnaire"))
    letter = BUILDERS["correction_demandee"]({"act": act.pk})[0]
    assert letter.context["notes"] == [
        ("Durée", "Fin au 31 décembre."),
        ("Soutien de l’OPT-NC", "En deux fois."),
    ]


def test_officer_marks_a_note_as_done(as_role, officer, act):
    row = shown_corrections(act)[0]
    url = reverse("admin:conventions_convention_correction", args=[act.convention_id, row.pk])
    as_role(officer).post(url)
    row.refresh_from_db()
    assert (row.settled_by, act.convention.journal.latest("sequence").event) == (officer, "correction_faite")


def test_note_of_another_convention_is_not_found(as_role, officer, act):
    other = ConventionFactory()
    row = shown_corrections(act)[0]
    url = reverse("admin:conventions_convention_correction", args=[other.pk, row.pk])
    assert as_role(officer).post(url).status_code == 404


def test_note_is_not_marked_once_the_act_is_read_again(officer, act):
    row = shown_corrections(act)[0]
    lifecycle.apply(act, Event.SUBMIT, by=officer)
    with pytest.raises(Refused, match="n’est plus à corriger"):
        settle(row, by=officer)


def tell(act, by, changes, **details):
    journal.record(
        "convention_modifiee",
        by=by,
        convention=act.convention,
        changes=changes,
        details={"acte": act.pk, "version": 2, **details},
    )


def test_second_reading_is_of_what_changed_since_the_first(officer, act):
    tell(act, officer, {"act.ends_on": ["2027-09-22", "2027-12-01"], "convention.notes": ["", "Vu."]})
    tell(act, officer, {"act.ends_on": ["2027-12-01", "2027-12-31"], "act.place": ["Nouméa", "Koné"]})
    tell(act, officer, {"act.place": ["Koné", "Nouméa"]})
    tell(act, officer, {"act.reason": ["", "Autre acte"]}, acte=act.pk + 1)
    found = since_last_reading(act)
    assert ([change.label for change in found.changes], found.authors) == (["Fin"], (str(officer),))


def test_second_reading_tells_the_papers_filed_and_what_the_parties_became(officer, act):
    paper = SimpleUploadedFile("demande.pdf", small_pdf("Demande (fictif)"))
    attachments.file_upload(
        paper, kind="projet", title="Demande (fictif)", by=officer, convention=act.convention
    )
    partner = act.convention.parties.get(role="beneficiaire").partner
    for before, after in (("", "association (fictif)"), ("association (fictif)", "fondation (fictif)")):
        changes = {"legal_form": [before, after], "notes": [before, after]}
        journal.record("partenaire_modifie", by=officer, partner=partner, changes=changes)
    journal.record("partenaire_modifie", by=officer, partner=PartnerFactory(), changes={"name": ["A", "B"]})
    found = since_last_reading(act)
    told = [
        (change.label, "".join(piece.text for piece in change.pieces).strip()) for change in found.changes
    ]
    assert told == [
        ("Pièce jointe", "Demande (fictif) (projet ou dossier de demande)"),
        (f"{partner}, forme juridique, telle que l’acte l’imprime", "fondation (fictif)"),
    ]
    assert found.authors == (str(officer),)


def test_request_of_the_direction_is_no_reading_of_a_lawyer():
    act = an_act(Event.REQUEST_CORRECTION)
    director = UserFactory(role="direction")
    act = lifecycle.apply(act, Event.REQUEST_CORRECTION, by=director, reason="Trop long.")
    assert since_last_reading(act) is None


def test_second_approval_shows_the_difference_and_is_of_what_was_shown(as_role, lawyer, officer, act):
    tell(act, officer, {"act.ends_on": ["2027-09-22", "2027-12-31"]})
    lifecycle.apply(act, Event.SUBMIT, by=officer)
    client = as_role(lawyer)
    asked = client.post(url_of(act, "valider"))
    seen = asked.context["rereading"].seen
    assert [change.label for change in asked.context["rereading"].changes] == ["Fin"]
    act.refresh_from_db()
    tell(act, officer, {"act.place": ["Nouméa", "Koné"]})
    again = client.post(url_of(act, "valider"), {"_confirmer": "1", "vu": f"{seen}"})
    assert again.context["form"].non_field_errors() == [
        "Le dossier a changé pendant votre lecture. Relisez la différence, puis confirmez."
    ]
    client.post(url_of(act, "valider"), {"_confirmer": "1", "vu": f"{again.context['rereading'].seen}"})
    act.refresh_from_db()
    assert act.state == ActState.APPROVED


# -- before signature -------------------------------------------------------------------------------------
def test_correction_before_signature_keeps_the_number_and_revokes_the_links(officer):
    act = an_act(Event.CORRECT_BEFORE_SIGNING)
    paper = act.frozen_document
    after = lifecycle.apply(act, Event.CORRECT_BEFORE_SIGNING, by=officer, reason="Une faute.")
    after.refresh_from_db()
    assert (after.state, after.number, after.frozen_document) == (ActState.TO_CORRECT, act.number, None)
    assert paper.signature_requests.filter(revoked_at=None).count() == 0
    assert after.signatories.exclude(signed_on=None).count() == 0


# -- files ------------------------------------------------------------------------------------------------
def test_scan_of_a_form_that_failed_is_kept_and_used(as_role, officer):
    act, client = an_act(Event.FILE_SCAN), as_role(officer)
    scan = SimpleUploadedFile("acte.pdf", small_pdf("signé"), "application/pdf")
    page = client.post(url_of(act, "classer_scan"), {"_confirmer": "1", "scan": scan})
    kept = page.context["kept"]
    assert (kept.original_name, kept.pending, list(page.context["form"].errors)) == (
        "acte.pdf",
        True,
        ["signed_on"],
    )
    today = f"{timezone.localdate()}"
    client.post(url_of(act, "classer_scan"), {"_confirmer": "1", "kept": kept.pk, "signed_on": today})
    act.refresh_from_db()
    assert (act.state, Attachment.objects.count()) == (ActState.SIGNED, 0)


def test_scan_that_waits_for_its_form_is_not_attached_by_the_page(as_role, officer):
    act, client = an_act(Event.FILE_SCAN), as_role(officer)
    scan = SimpleUploadedFile("acte.pdf", small_pdf("signé"), "application/pdf")
    kept = client.post(url_of(act, "classer_scan"), {"_confirmer": "1", "scan": scan}).context["kept"]
    page = page_of(act)
    shown = client.get(page)
    assert kept.original_name not in shown.content.decode()
    assert client.post(page, form_data(shown)).status_code == 302
    kept.refresh_from_db()
    assert kept.pending
    today = f"{timezone.localdate()}"
    client.post(url_of(act, "classer_scan"), {"_confirmer": "1", "kept": kept.pk, "signed_on": today})
    assert (type(act).objects.get(pk=act.pk).state, Attachment.objects.count()) == (ActState.SIGNED, 0)


def test_scan_kept_by_someone_else_is_not_taken(as_role, officer):
    act = an_act(Event.FILE_SCAN)
    scan = SimpleUploadedFile("acte.pdf", small_pdf("signé"), "application/pdf")
    page = as_role("gestionnaire").post(url_of(act, "classer_scan"), {"_confirmer": "1", "scan": scan})
    stolen = {"_confirmer": "1", "kept": page.context["kept"].pk, "signed_on": f"{timezone.localdate()}"}
    answer = as_role(officer).post(url_of(act, "classer_scan"), stolen)
    assert list(answer.context["form"].errors) == ["scan"]


def test_page_to_approve_shows_how_the_articles_differ_from_their_template(as_role):
    act = an_act(Event.APPROVE)
    page = as_role("juriste").get(
        reverse("admin:conventions_convention_event", args=[act.convention_id, "valider"])
    )
    text = page.content.decode()
    assert (text.count('id="relecture"'), page.context["review"].told in text) == (1, True)
