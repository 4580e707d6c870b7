"""Public pages travel compressed and may be kept a minute; nothing that holds a secret does either."""

import gzip

import pytest

from conventions.domain import publication
from conventions.enums import ActState, Role
from conventions.tests import factories

pytestmark = pytest.mark.django_db
ASKS = {"headers": {"accept-encoding": "gzip, br"}}
KEPT = "public, max-age=60"
PAGES = [
    "/",
    "/conventions/",
    "/conventions/?q=dojo",
    "/chiffres/",
    "/partenaires/",
    "/presse/",
    "/confidentialite/",
]


@pytest.mark.parametrize("address", PAGES)
def test_page_of_the_public_site_is_compressed_and_kept_a_minute(client, address):
    plain, sent = client.get(address), client.get(address, **ASKS)
    assert sent["Content-Encoding"] == "gzip"
    assert gzip.decompress(sent.content) == plain.content
    assert len(sent.content) < len(plain.content) / 2
    assert "Content-Encoding" not in plain
    for answer in (plain, sent):
        assert answer["Cache-Control"] == KEPT
        assert {"Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}
    assert "Accept-Encoding" in sent["Vary"]


def test_list_as_a_file_is_compressed_as_it_streams(client):
    by = factories.UserFactory(role=Role.COMMUNICATION)
    publication.publish(factories.ConventionFactory(act=ActState.SIGNED), by=by)
    plain = b"".join(client.get("/conventions/?format=csv").streaming_content)
    sent = client.get("/conventions/?format=csv", **ASKS)
    assert sent["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(sent.streaming_content)) == plain
    assert sent["Cache-Control"] == KEPT


def test_page_that_did_not_change_is_not_sent_again_even_compressed(client):
    tag = client.get("/presse/", **ASKS)["ETag"]
    again = client.get("/presse/", headers={"accept-encoding": "gzip", "if-none-match": tag})
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", KEPT)


def test_reader_with_a_session_receives_nothing_compressed_nor_kept(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("lectrice", "lectrice@opt.invalid"))
    for address in PAGES:
        answer = client.get(address, **ASKS)
        assert "Content-Encoding" not in answer, address
        assert "public" not in answer.get("Cache-Control", ""), address


def test_page_with_a_form_token_is_neither_compressed_nor_kept(client):
    answer = client.get("/verifier/", **ASKS)
    assert "csrftoken" in answer.cookies
    assert "Content-Encoding" not in answer
    assert "no-store" in answer["Cache-Control"]


def test_message_left_by_another_page_is_not_kept_for_others(client):
    client.force_login(factories.UserFactory())
    client.post("/espace/deconnexion/")
    assert "messages" in client.cookies
    assert not client.cookies["sessionid"].value
    page = client.get("/", **ASKS)
    assert "Vous êtes déconnecté." in page.content.decode()
    assert "Content-Encoding" not in page
    assert "Cache-Control" not in page


def test_refusal_and_missing_page_are_not_kept(client):
    for address in ("/conventions/inconnue/", "/presse/inconnu/", "/adresse-inconnue/"):
        answer = client.get(address, **ASKS)
        assert answer.status_code == 404
        assert "Cache-Control" not in answer, address
