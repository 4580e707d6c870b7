"""Events, previews, downloads, renewal: from the page, by those who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.enums import ActState
from conventions.models import Convention
from conventions.tests.factories import ActFactory, ConventionFactory, SourceFactory, small_pdf


def event_url(convention, event):
    return reverse("admin:conventions_convention_event", args=[convention.pk, event])


def test_incomplete_draft_is_not_submitted_and_says_what_is_missing(
    as_role, officer, draft, page_of, the_act
):
    client = as_role(officer)
    page = client.get(page_of(draft))
    assert {item.code for item in page.context["checklist"]} >= {"objet", "soutien"}
    refused = client.post(event_url(draft, "soumettre"), follow=True)
    the_act.refresh_from_db()
    assert (the_act.state, refused.status_code) == (ActState.DRAFT, 200)
    assert [str(message)[:9] for message in refused.context["messages"]] == ["Il manque"]


def complete(draft, the_act):
    from conventions.tests.factories import BoardDecisionFactory, FundingFactory

    the_act.board_decision = BoardDecisionFactory()
    the_act.save()
    draft.purpose = "Soutenir le dojo."
    draft.save()
    FundingFactory(act=the_act)


def test_complete_draft_is_submitted_from_its_button(as_role, officer, draft, the_act):
    complete(draft, the_act)
    response = as_role(officer).post(event_url(draft, "soumettre"))
    the_act.refresh_from_db()
    assert (response.status_code, the_act.state) == (302, ActState.IN_REVIEW)


def test_abandoning_asks_for_a_reason_on_its_own_page(as_role, officer, draft, the_act):
    client = as_role(officer)
    assert client.get(event_url(draft, "abandonner")).context["choice"].destructive is True
    empty = client.post(event_url(draft, "abandonner"), {"_confirmer": "1", "reason": ""})
    assert list(empty.context["form"].errors) == ["reason"]
    client.post(event_url(draft, "abandonner"), {"_confirmer": "1", "reason": "Doublon."})
    the_act.refresh_from_db()
    assert (the_act.state, the_act.end_reason) == (ActState.ABANDONED, "Doublon.")


def test_event_that_does_not_exist_is_not_found(as_role, officer, draft):
    assert as_role(officer).post(event_url(draft, "dissoudre")).status_code == 404


def test_event_without_its_place_says_what_it_waits_for(as_role, officer, draft, the_act):
    answer = as_role(officer).post(event_url(draft, "figer"), follow=True)
    the_act.refresh_from_db()
    told = [str(message) for message in answer.context["messages"]]
    assert (the_act.state, told) == (
        ActState.DRAFT,
        [
            "Cette action n’est plus possible\u00a0: l’acte a changé d’état. "
            "Elle demande l’état «\u00a0validé\u00a0»."
        ],
    )


@pytest.mark.parametrize("role", ["juriste", "communication", "lecture"])
def test_submitting_is_for_officers(as_role, draft, the_act, role):
    complete(draft, the_act)
    as_role(role).post(event_url(draft, "soumettre"))
    the_act.refresh_from_db()
    assert the_act.state == ActState.DRAFT


def test_signed_copy_is_filed_with_its_date(as_role, officer):
    convention = ConventionFactory(act=ActState.TO_SIGN)
    client = as_role(officer)
    url = event_url(convention, "classer_scan")
    wrong = {"_confirmer": "1", "signed_on": "2999-01-01", "scan": SimpleUploadedFile("a.pdf", b"not a pdf")}
    page = client.post(url, wrong)
    assert sorted(page.context["form"].errors) == ["scan", "signed_on"]
    scan = SimpleUploadedFile("a.pdf", small_pdf("signé"), "application/pdf")
    today = f"{timezone.localdate()}"
    client.post(url, {"_confirmer": "1", "signed_on": today, "scan": scan})
    act = convention.acts.get()
    assert (act.state, f"{act.signed_on}") == (ActState.SIGNED, today)
    document = reverse("admin:conventions_convention_document", args=[convention.pk, act.signed_document_id])
    stored = b"".join(as_role("lecture").get(document).streaming_content)
    assert stored == small_pdf("signé")


def test_document_of_another_convention_is_not_found(as_role, officer):
    one, other = ConventionFactory(act=ActState.SIGNED), ConventionFactory(act=ActState.SIGNED)
    document = other.acts.get().signed_document_id
    url = reverse("admin:conventions_convention_document", args=[one.pk, document])
    assert as_role(officer).get(url).status_code == 404


@pytest.mark.pdf
def test_draft_preview_is_a_pdf_for_every_reader(as_role, draft):
    url = reverse("admin:conventions_convention_preview", args=[draft.pk])
    response = as_role("lecture").get(url)
    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")


def test_reprise_is_recorded_once_it_has_a_source(as_role, officer, page_of):
    convention = ConventionFactory(act=None)
    act = ActFactory(convention=convention, origin="reprise", signed_on_wording="courant 2021")
    client = as_role(officer)
    assert [item.code for item in client.get(page_of(convention)).context["checklist"]] == ["sources"]
    SourceFactory(convention=convention)
    client.post(event_url(convention, "enregistrer_reprise"))
    act.refresh_from_db()
    assert act.state == ActState.SIGNED


def test_renewal_is_a_new_file_linked_to_the_last(as_role, officer, page_of):
    convention = ConventionFactory(act=ActState.SIGNED, purpose="Soutenir le dojo.")
    url = reverse("admin:conventions_convention_renew", args=[convention.pk])
    client = as_role(officer)
    response = client.post(url)
    made = Convention.objects.get(renews=convention)
    assert response.url == page_of(made)
    assert client.post(url).url == page_of(convention)
    assert Convention.objects.filter(renews=convention).count() == 1
    assert as_role("juriste").post(url).status_code == 403


def test_renewal_is_shown_on_both_files_and_offered_once(as_role, officer, page_of):
    convention = ConventionFactory(act=ActState.SIGNED)
    client = as_role(officer)
    assert "Préparer le renouvellement" in client.get(page_of(convention)).text
    client.post(reverse("admin:conventions_convention_renew", args=[convention.pk]))
    made = Convention.objects.get(renews=convention)
    old, new = client.get(page_of(convention)).text, client.get(page_of(made)).text
    assert "Préparer le renouvellement" not in old
    assert f'Renouvelée par <a href="{page_of(made)}">' in old
    assert f'Renouvelle <a href="{page_of(convention)}">' in new


def test_renewal_of_a_terminated_convention_is_not_offered(as_role, officer, page_of):
    convention = ConventionFactory(act=ActState.SIGNED)
    ActFactory(convention=convention, termination=True, state=ActState.SIGNED)
    client = as_role(officer)
    assert "Préparer le renouvellement" not in client.get(page_of(convention)).text
    client.post(reverse("admin:conventions_convention_renew", args=[convention.pk]))
    assert not Convention.objects.filter(renews=convention).exists()


def test_page_of_each_state_is_shown(as_role, page_of):
    client = as_role("direction")
    labels = []
    for state in ActState:
        if state == ActState.TO_SEAL:
            continue
        page = client.get(page_of(ConventionFactory(act=state)))
        labels.append(page.context["state_label"])
    named = [str(state.label).capitalize() for state in ActState if state != ActState.TO_SEAL]
    assert labels == [f"{label}e" if label.endswith("é") else label for label in named]
