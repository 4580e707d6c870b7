"""A stored file that is damaged: one answer on every route that gives stored bytes, and administrators told once."""

import re

import pytest
from django.conf import settings
from django.core import mail as django_mail
from django.urls import reverse

from conventions.domain.mails import delivery
from conventions.models import OutgoingMail
from conventions.tests import factories as f
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES
from conventions.tests.matrix.visits import address

pytestmark = pytest.mark.django_db
SAID = "Ce fichier est abîmé, il ne peut pas être remis"
KNOWN = {
    "superuser": {
        "admin:conventions_convention_attachment",
        "admin:conventions_convention_document",
        "admin:conventions_convention_photo",
        "admin:conventions_convention_preview",
        "admin:partner_file",
        "admin:scan_picture",
        "admin:scan_thumbnail",
        "admin:sheet_pdf",
        "public:convention_pdf",
        "public:press_pdf",
    },
    "president": {"portal:document", "signing:document"},
}


def stored() -> dict:
    """{file: bytes} of all that is kept."""
    roots = (settings.PRIVATE_ROOT, settings.MEDIA_ROOT)
    return {path: path.read_bytes() for root in roots for path in root.rglob("*") if path.is_file()}


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def serving(client, world) -> dict[str, str]:
    """{name: address} of the routes whose answer holds the bytes of a kept file."""
    found = {}
    for name, line in LINES.items():
        if line.page:
            continue
        url = address(name, world)
        with worlds.undone():
            body = body_of(client.get(url))
        if any(content in body for content in stored().values()):
            found[name] = url
    return found


HARMS = {
    "tampered": lambda path, content: path.write_bytes(content + b" "),
    "cut": lambda path, content: path.write_bytes(content[: len(content) // 2]),
    "lost": lambda path, _content: path.unlink(),
}


@pytest.mark.slow
@pytest.mark.parametrize("who", KNOWN)
def test_every_route_that_gives_stored_bytes_gives_one_answer_to_damage(who):
    world = worlds.build(who)
    client = world.clients[who]
    routes, files = serving(client, world), stored()
    assert set(routes) >= KNOWN[who]
    wrong = {}
    for harm, spoil in HARMS.items():
        for path, content in files.items():
            spoil(path, content)
        for name, url in routes.items():
            response = client.get(url)
            if (response.status_code, SAID in body_of(response).decode(errors="replace")) != (503, True):
                wrong[harm, name] = response.status_code
        for path, content in files.items():
            path.write_bytes(content)
    assert wrong == {}


def test_administrators_are_told_once(as_role, django_capture_on_commit_callbacks):
    attachment = f.AttachmentFactory()
    (settings.PRIVATE_ROOT / attachment.storage_name).write_bytes(b"%PDF-1.7 autre chose")
    administrator = f.UserFactory(superuser=True, email="informatique@opt.invalid")
    client = as_role(administrator)
    url = reverse("admin:conventions_convention_attachment", args=[attachment.convention_id, attachment.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert [client.get(url).status_code for _ in range(3)] == [503] * 3
    assert list(OutgoingMail.objects.values_list("template", flat=True)) == ["fichier_abime"]
    delivery.deliver(OutgoingMail.objects.get().pk)
    (mail,) = django_mail.outbox
    assert (mail.to, attachment.storage_name in re.sub(r"\s+", "", mail.body)) == (
        ["informatique@opt.invalid"],
        True,
    )
    assert attachment.title not in mail.body
