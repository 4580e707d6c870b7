"""« Vérifier un document »: what a visitor sees, by code, by file, by hash; and what is never shown."""

import hashlib
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from conventions.domain.documents import storage, verification
from conventions.enums import DocumentKind, SignatureMethod
from conventions.formats import show_code
from conventions.models import JournalEntry, NetworkTries
from conventions.tests.factories import ActFactory, DocumentFactory, SignatureActFactory
from conventions.tests.factories.documents import small_pdf

pytestmark = pytest.mark.django_db
CODE = "7K3M9QTRV2X4B"


@pytest.fixture
def document():
    """The frozen text of an act to be signed on paper."""
    act = ActFactory(state="a_signer", path="papier", fundings=[{"amount": 7_654_321}])
    return DocumentFactory(act=act, kind=DocumentKind.HANDOVER, code=CODE)


def post(client, **data):
    return client.post("/verifier/fichier/", data)


def text(response) -> str:
    return " ".join(response.content.decode().replace("\u202f", " ").replace("\xa0", " ").split())


@pytest.mark.parametrize("typed", ["7k3m-9qtr-v2x4b", " 7K3M 9QTR V2X4B ", "7K3M9QTRV2X4B"])
def test_code_leads_to_its_page_however_it_is_typed(client, document, typed):
    response = client.get("/verifier/", {"code": typed})
    assert (response.status_code, response["Location"]) == (302, f"/verifier/{CODE}/")


def test_code_in_the_address_is_made_canonical(client, document):
    assert client.get(f"/verifier/{show_code(CODE).lower()}/")["Location"] == f"/verifier/{CODE}/"


def test_page_of_a_code_tells_the_reference_the_partner_and_the_state(client, document):
    shown = text(client.get(f"/verifier/{CODE}/"))
    assert document.act.number in shown
    assert str(document.act.convention.parties.last().partner) in shown
    assert "En attente de 2 signatures" in shown


def test_page_of_a_printed_copy_tells_which(client, document):
    assert "exemplaire 2, page 3" in text(client.get(f"/verifier/{CODE}/?e=2&p=3"))


@pytest.mark.parametrize("query", ["?e=<b>&p=x", "?e=99999", "?e=²"])
def test_copy_that_is_no_number_is_ignored(client, document, query):
    assert "exemplaire" not in text(client.get(f"/verifier/{CODE}/{query}")).split("<h1>")[0]


def test_page_shows_no_amount_no_mail_and_no_document(client, document):
    for person in document.act.signatories.all():
        person.email = "secret@exemple.invalid"
        person.save()
    response = client.get(f"/verifier/{CODE}/")
    assert "7 654 321" not in text(response)
    assert "secret@exemple.invalid" not in text(response)
    assert re.findall(r'href="[^"]*pdf"', response.content.decode()) == []


def test_each_signatory_is_told_with_how_he_signed():
    act = ActFactory(state="partiellement_signe", path="papier")
    first = act.signatories.first()
    SignatureActFactory(document=act.frozen_document, signatory=first, method=SignatureMethod.INK)
    facts = verification.facts.facts_of(act.frozen_document)
    assert [signer.how for signer in facts.signers] == ["à l’encre, sur papier, le 2 mars 2026", ""]
    assert facts.state == "En attente de 1 signature".replace(" signature", "\u00a0signature")


def test_unknown_code_keeps_what_was_typed_and_says_what_to_check(client):
    response = client.get(f"/verifier/{CODE}/")
    assert response.status_code == 404
    assert f'value="{show_code(CODE)}"' in response.content.decode()
    assert "Aucun document ne porte ce code" in text(response)


def test_malformed_code_is_explained(client):
    response = client.get("/verifier/", {"code": "1234"})
    assert "Ce code n’a pas la bonne forme" in text(response)


def test_guessing_codes_is_stopped_after_thirty_misses(client, document):
    for number in range(30):
        client.get(f"/verifier/{number:013}/")
    assert client.get("/verifier/0000000000099/").status_code == 429
    assert client.get(f"/verifier/{CODE}/").status_code == 429
    assert client.get(f"/verifier/{CODE}/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_refusal_says_in_french_how_long_to_wait_and_what_to_do_meanwhile(client, document):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        for number in range(30):
            client.get(f"/verifier/{number:013}/")
        clock.shift(150)
        response = client.get("/verifier/0000000000099/")
    assert response["Retry-After"] == "450"
    assert "Réessayez dans 8 minutes." in text(response)
    assert 'href="/verifier/comment/"' in response.content.decode()


def test_right_codes_do_not_count(client, document):
    """A day of signing behind one address: everyone reads the QR code of a true document."""
    for _ in range(40):
        assert client.get(f"/verifier/{CODE}/").status_code == 200
    assert NetworkTries.objects.count() == 0


def test_code_of_another_form_does_not_count(client):
    for _ in range(3):
        assert client.get("/verifier/1234/").status_code == 404
    assert NetworkTries.objects.count() == 0


def test_hash_alone_finds_a_known_file(client, document):
    response = post(client, sha256=document.sha256)
    assert "Document connu, sans sceau" in text(response)
    assert document.act.number in text(response)


def test_unknown_hash_asks_for_the_file(client):
    response = post(client, sha256="0" * 64)
    assert "Empreinte inconnue" in text(response)
    assert "Envoyer le fichier" in text(response)


def test_file_is_verified_without_script_and_not_kept(client, document, settings):
    content = storage.read_bytes(document)
    lines = JournalEntry.objects.count()
    response = post(client, file=SimpleUploadedFile("acte.pdf", content, "application/pdf"))
    assert "Document connu, sans sceau" in text(response)
    assert hashlib.sha256(content).hexdigest() in text(response)
    assert JournalEntry.objects.count() == lines


def test_foreign_file_is_unknown(client):
    response = post(client, file=SimpleUploadedFile("x.pdf", small_pdf("Une facture")))
    assert "Inconnu" in text(response)
    assert "Que faire" in text(response)


def test_nothing_chosen_is_asked_for(client):
    assert "Choisissez un fichier PDF" in text(post(client))


@pytest.mark.parametrize("megabytes", [30, 60])
def test_heavy_upload_is_refused_before_it_is_read(client, megabytes):
    """Even above what the whole site takes, the page answers in its own words."""
    response = client.post(
        "/verifier/fichier/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=megabytes * 1024 * 1024,
    )
    assert response.status_code == 413
    assert "20 Mo" in text(response)


@pytest.mark.parametrize("length", ["abc", "-1", "١٢", ""])
def test_absurd_length_is_no_fault(client, length):
    response = client.post("/verifier/fichier/", b"", content_type="text/plain", CONTENT_LENGTH=length)
    assert "Choisissez un fichier PDF" in text(response)


@pytest.mark.parametrize("missing", ["SEAL_FORMER_CERTIFICATES", "SEAL_CERTIFICATE"])
def test_file_is_judged_although_a_certificate_is_missing(client, settings, missing):
    path = "/nulle/part/sceau.pem"
    setattr(settings, missing, [path] if missing.endswith("S") else path)
    response = post(client, file=SimpleUploadedFile("x.pdf", small_pdf("Une facture")))
    assert (response.status_code, "Inconnu" in text(response)) == (200, True)


def test_files_sent_one_after_the_other_are_slowed_down(client):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False):
        for _ in range(30):
            post(client, sha256="0" * 64)
        refused = post(client, sha256="0" * 64)
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert "Réessayez dans 10 minutes." in text(refused)


def test_authority_certificate_is_published_once_there_is_one(client):
    from conventions.tests import online

    assert client.get("/verifier/autorite.pem").status_code == 404
    online.give_keys()
    response = client.get("/verifier/autorite.pem")
    assert response.content == (online.keys() / "autorite.pem").read_bytes()


def test_reading_the_pages_makes_no_key(client, settings):
    for address in ("/verifier/", "/verifier/comment/", "/verifier/autorite.pem"):
        client.get(address)
    assert not (settings.DATA_DIR / "sceau").exists()


def test_how_page_gives_the_fingerprint_to_compare(client):
    from conventions.domain.documents import sealing
    from conventions.tests import online

    online.give_keys()
    assert sealing.fingerprint(sealing.seal_key().anchor) in text(client.get("/verifier/comment/"))
