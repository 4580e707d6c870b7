"""Public sheets and press releases in the admin: communication alone publishes."""

import pytest
from django.urls import reverse

from conventions.domain import publication
from conventions.enums import PressState, Role
from conventions.models import PressRelease, PublicSheet
from conventions.tests.factories import CeremonyFactory, ConventionFactory, PressReleaseFactory

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"admin:{name}", args=args)


@pytest.fixture
def communication(as_role):
    return as_role(Role.COMMUNICATION)


def test_release_is_written_from_the_file_then_edited(communication):
    convention = ConventionFactory(act="signe")
    response = communication.post(page("conventions_pressrelease_add"), {"convention": convention.pk})
    release = PressRelease.objects.get()
    assert response.url == page("conventions_pressrelease_change", release.pk)
    assert release.convention == convention
    data = {
        "title": "Un titre revu",
        "body": release.body,
        "dateline": release.dateline.isoformat(),
        "version": 1,
    }
    assert communication.post(response.url, data).status_code == 302
    release.refresh_from_db()
    assert (release.title, release.version) == ("Un titre revu", 2)


@pytest.mark.parametrize("both", [True, False])
def test_release_has_one_subject(communication, both):
    convention, ceremony = ConventionFactory(act="signe"), CeremonyFactory()
    data = {"convention": convention.pk, "ceremony": ceremony.pk} if both else {}
    response = communication.post(page("conventions_pressrelease_add"), data)
    assert response.status_code == 200
    assert "Choisissez une convention ou une cérémonie" in response.content.decode()
    assert PressRelease.objects.count() == 0


def test_release_of_an_empty_ceremony_is_refused_in_words(communication):
    response = communication.post(page("conventions_pressrelease_add"), {"ceremony": CeremonyFactory().pk})
    assert "Aucune convention n’est rattachée à cette cérémonie" in response.content.decode()


def test_second_editor_of_a_release_is_told(as_role):
    release = PressReleaseFactory()
    first, second = as_role(Role.COMMUNICATION), as_role(Role.COMMUNICATION)
    address = page("conventions_pressrelease_change", release.pk)
    data = {"body": release.body, "standfirst": release.standfirst, "dateline": release.dateline.isoformat()}
    data |= {"place": release.place, "contact": release.contact_id or "", "version": 1}
    assert first.post(address, data | {"title": "De la première"}).status_code == 302
    response = second.post(address, data | {"title": "De la seconde"})
    assert response.status_code == 200
    (line,) = response.context["adminform"].form.meanwhile
    assert (line.label, line.stored, line.typed, line.adopted) == (
        "Titre",
        "De la première",
        "De la seconde",
        False,
    )


@pytest.mark.pdf
def test_release_is_previewed_published_and_withdrawn(communication):
    convention = ConventionFactory(act="signe")
    release = publication.draft_press_release(by=communication.user, convention=convention)
    preview = communication.get(page("release_preview", release.pk))
    assert preview.content.startswith(b"%PDF")
    communication.post(page("release_publier", release.pk))
    release.refresh_from_db()
    assert release.state == PressState.PUBLISHED
    communication.post(page("release_retirer", release.pk))
    release.refresh_from_db()
    assert release.state == PressState.WITHDRAWN


def test_release_before_signature_is_refused_in_words(communication):
    release = publication.draft_press_release(
        by=communication.user, convention=ConventionFactory(act="a_signer")
    )
    response = communication.post(page("release_publier", release.pk), follow=True)
    release.refresh_from_db()
    assert release.state == PressState.DRAFT
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


@pytest.mark.pdf
def test_sheet_is_withdrawn_and_published_again(communication):
    sheet = publication.publish(ConventionFactory(act="signe"), by=communication.user)
    communication.post(page("sheet_retirer", sheet.pk))
    sheet.refresh_from_db()
    assert sheet.withdrawn_at is not None
    communication.post(page("sheet_publier", sheet.pk))
    current = PublicSheet.objects.get(convention=sheet.convention, is_current=True)
    assert (current.version, current.withdrawn_at) == (2, None)
    pdf = communication.get(page("sheet_pdf", current.pk))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.COMMUNICATION}))
def test_other_roles_publish_nothing(as_role, role):
    client, release = as_role(role), PressReleaseFactory()
    assert client.post(page("release_publier", release.pk)).status_code == 403
    assert client.post(page("release_retirer", release.pk)).status_code == 403
    assert client.get(page("conventions_pressrelease_add")).status_code == 403
    assert client.post(page("sheet_publier", 1)).status_code == 403


def test_publishing_needs_a_post(communication):
    release = PressReleaseFactory(convention=ConventionFactory(act="signe"))
    assert communication.get(page("release_publier", release.pk)).status_code == 405


@pytest.mark.parametrize(("state", "closed"), [("a_signer", True), ("signe", False)])
def test_release_cannot_be_published_before_the_signature_and_the_page_says_why(communication, state, closed):
    release = PressReleaseFactory(convention=ConventionFactory(act=state))
    response = communication.get(page("conventions_pressrelease_change", release.pk))
    assert bool(response.context["held_back"]) is closed
    text = response.content.decode()
    assert ("Publiez-le après la dernière signature." in text) is closed
    assert ('class="btn" disabled>Publier</button>' in text) is closed
