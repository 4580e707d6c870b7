"""The whole ceremony as its people live it: a president on a link, two signatories of OPT-NC, the seals, the proof."""

import io
import subprocess
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from conventions.domain import journal
from conventions.domain.acts.signing import attestation, sealing
from conventions.domain.documents import storage
from conventions.enums import ActState, DocumentKind
from conventions.exchange.archives.dossier import dossier_response
from conventions.models import SignatureAct
from conventions.tests.signing.world import code_in, frozen, link_in

PRESIDENT = "presidence@niaouli.invalid"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]


def sign_as_president(mailbox, name="Léa Wabealo"):
    """Open the link, read, ask for the code, sign; the last page."""
    client = Client()
    link = link_in(next(mail for mail in mailbox if mail.to == [PRESIDENT]))
    assert client.get(link).status_code == 200
    page = client.post(link, follow=True)
    read = page.request["PATH_INFO"]
    assert "Lisez le texte" in page.content.decode()
    sign = read + "signature/"
    shown = client.get(sign).context["form"]["shown"].value()
    entry = {"shown": shown, "typed_name": name, "consents": "on", "drawing": ""}
    client.post(sign, entry | {"_code": "1"})
    return client.post(sign, entry | {"code": code_in(mailbox[-1])}, follow=True)


def sign_as_director(client, world, user):
    asked = world.request_of(user)
    entry = {
        "shown": asked.document.sha256,
        "typed_name": str(asked.signatory),
        "consents": "on",
        "drawing": "",
    }
    return client.post(reverse("signing:sign", args=[asked.pk]), entry, follow=True)


def test_ceremony_from_invitation_to_dossier(mailoutbox, sign_in_staff, tmp_path):
    world = frozen()
    assert mailoutbox[-1].to == [PRESIDENT]
    done = sign_as_president(mailoutbox)
    assert "Votre signature est enregistrée" in done.content.decode()
    assert world.refreshed().state == ActState.PARTLY_SIGNED
    for user in world.directors:
        asked = [mail.to for mail in mailoutbox if mail.subject.startswith("À signer")]
        assert asked[-1] == [user.email]
        sign_as_director(sign_in_staff(user), world, user)
    act = world.refreshed()
    assert (act.state, act.seal_error) == (ActState.SIGNED, "")
    methods = list(SignatureAct.objects.order_by("pk").values_list("method", flat=True))
    assert methods == ["code", "compte", "compte"]
    pdf = tmp_path / "signe.pdf"
    pdf.write_bytes(storage.read_bytes(act.signed_document))
    told = subprocess.run(["pdfsig", "-nocert", str(pdf)], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature is Valid") == 4
    assert told.count("  - Total document signed") == 1
    stated = act.documents.get(kind=DocumentKind.ATTESTATION)
    assert stated.snapshot["data"]["files"][-1]["sha256"] == act.signed_document.sha256
    assert attestation.unattested() == []
    archive = zipfile.ZipFile(io.BytesIO(b"".join(dossier_response(act).streaming_content)))
    archive.extractall(tmp_path / "dossier")
    check = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"],
        cwd=tmp_path / "dossier",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (check.returncode, len(check.stdout.splitlines())) == (0, 4)
    assert journal.broken_links(f"convention:{act.convention_id}") == []


def test_ceremony_seal_key_missing_waits_then_finishes_once(mailoutbox, sign_in_staff, settings):
    world = frozen(order="ensemble")
    settings.SEAL_CERTIFICATE = "/nulle/part.pem"
    sign_as_president(mailoutbox)
    for user in world.directors:
        sign_as_director(sign_in_staff(user), world, user)
    act = world.refreshed()
    assert act.state == ActState.TO_SEAL
    assert act.seal_error.startswith("SEAL_CERTIFICATE : le fichier /nulle/part.pem est absent")
    settings.SEAL_CERTIFICATE = ""
    assert sealing.finish() == 1
    act = world.refreshed()
    assert (act.state, act.seal_error) == (ActState.SIGNED, "")
    assert act.frozen_document.revisions.count() == 4
    assert (sealing.finish(), act.documents.filter(kind=DocumentKind.ATTESTATION).count()) == (0, 1)
