"""Whoever comes to the addresses of kept files, of the revocation list, of the demonstration; whatever is asked."""

import pytest
from django.test import Client
from django.urls import reverse

from conventions.domain.documents.sealing import authority
from conventions.models import JournalEntry
from conventions.tests import factories as f
from conventions.tests import online

pytestmark = pytest.mark.django_db
BEYOND = 2**63  # what no database holds as a key


@pytest.fixture
def files():
    """{name of the address: (convention, key of its file)}"""
    convention = f.ConventionFactory(act="signe")
    act = convention.acts.get()
    rows = {
        "received": f.ReceivedFileFactory(document=act.signed_document),
        "photo": f.PhotoFactory(convention=convention),
        "attachment": f.AttachmentFactory(convention=convention),
        "document": act.signed_document,
    }
    return {f"conventions_convention_{name}": (convention, row.pk) for name, row in rows.items()}


def url(name: str, convention: int, key: int) -> str:
    return reverse(f"admin:{name}", args=[convention, key])


def closed() -> Client:
    user = f.UserFactory(role="gestionnaire")
    client = Client()
    client.force_login(user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    return client


@pytest.mark.parametrize("who", ["anonymous", "president", "foreign president", "closed account"])
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_files_of_a_convention_are_for_the_staff_alone(as_role, files, who, method):
    convention = next(iter(files.values()))[0]
    partner = convention.parties.exclude(partner__is_opt=True).get().partner
    client = {
        "anonymous": Client,
        "president": lambda: as_role(f.PresidentFactory(partner=partner)),
        "foreign president": lambda: as_role(f.PresidentFactory()),
        "closed account": closed,
    }[who]()
    found = {
        name: getattr(client, method)(url(name, owner.pk, key)).status_code
        for name, (owner, key) in files.items()
    }
    assert set(found.values()) <= {302, 403, 404}, found


def test_keys_that_nobody_has_are_not_found(as_role, files):
    client = as_role("lecture")
    found = {
        (name, owner, key): client.get(url(name, owner, key)).status_code
        for name, (convention, _key) in files.items()
        for owner, key in ((convention.pk, 0), (convention.pk, BEYOND), (BEYOND, 1), (0, 0))
    }
    assert set(found.values()) == {404}, found


def test_a_file_is_not_found_by_way_of_another_convention(as_role, files):
    client, other = as_role("lecture"), f.ConventionFactory(act="signe").pk
    assert {client.get(url(name, other, key)).status_code for name, (_own, key) in files.items()} == {404}


@pytest.mark.parametrize("role", ["superuser", "gestionnaire", "lecture"])
def test_file_that_waits_for_a_form_is_for_its_sender_alone(as_role, role):
    waiting = f.AttachmentFactory(convention=f.ConventionFactory(), pending=True, uploaded_by=f.UserFactory())
    address = url("conventions_convention_attachment", waiting.convention_id, waiting.pk)
    assert as_role(role).get(address).status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_downloads_write_nothing_whatever_is_asked(as_role, files, method):
    client, before = as_role("gestionnaire"), JournalEntry.objects.count()
    found = {
        getattr(client, method)(url(name, own.pk, key)).status_code for name, (own, key) in files.items()
    }
    assert (found <= {200, 405}, JournalEntry.objects.count()) == (True, before)


def test_headers_of_a_file_are_those_of_its_content(as_role, files):
    client = as_role("lecture")
    for name, (own, key) in files.items():
        shown, asked = (getattr(client, method)(url(name, own.pk, key)) for method in ("get", "head"))
        assert asked["Content-Type"] == shown["Content-Type"]
        assert asked["X-Content-Type-Options"] == "nosniff"
        assert asked["Content-Disposition"].startswith("inline") == ("photo" in name)
        assert b"".join(asked.streaming_content) == b""


# -- the revocation list ----------------------------------------------------------------------------------
def test_list_is_the_same_for_all_and_asked_safely():
    online.give_keys()
    address, client = reverse("public:verify_revocations"), Client()
    told = client.get(address)
    assert (told.status_code, told["Content-Type"]) == (200, "application/pkix-crl")
    assert Client(headers={"host": "testserver"}).get(address, {"q": "1"}).content == told.content
    assert (client.head(address).status_code, client.head(address).content) == (200, b"")
    assert {getattr(client, verb)(address).status_code for verb in ("post", "put", "delete")} == {405}
    assert not told.cookies


def test_list_of_an_authority_that_cannot_be_read_tells_no_path():
    online.give_keys()
    key = authority.embedded_folder() / authority.AUTHORITY_KEY
    key.chmod(0o600)
    key.write_bytes(b"illisible")
    answer = Client().get(reverse("public:verify_revocations"))
    assert answer.status_code == 404
    assert str(authority.embedded_folder()) not in answer.content.decode()


# -- the demonstration ------------------------------------------------------------------------------------
@pytest.fixture
def demonstration(settings):
    settings.ROOT_URLCONF = "conventions.tests.demo_urls"
    settings.DEMO = True


@pytest.mark.parametrize("name", ["accounts", "mails"])
def test_demonstration_answers_this_machine_alone_and_reads_only(demonstration, name):
    address, client = reverse(f"demo:{name}"), Client()
    assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get(address, REMOTE_ADDR="rien").status_code == 404
    assert {getattr(client, verb)(address).status_code for verb in ("post", "put", "delete")} == {405}
    assert client.get(address, {"page": "-1", "q": "\x00\u202e"}).status_code == 200


def test_demonstration_is_not_found_outside_it(demonstration, settings):
    settings.DEMO = False
    assert Client().get("/demo/").status_code == 404
