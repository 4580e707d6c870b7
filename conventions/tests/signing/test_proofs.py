"""What is left of a ceremony: attestation, journal, dossier, archives, and what `/verifier/` says on the way."""

import datetime
import hashlib
import io
import json
import subprocess
import zipfile

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from conventions.domain.acts.lifecycle import apply
from conventions.domain.documents import storage, verification
from conventions.domain.documents.verification import Verdict
from conventions.enums import ActState, AttachmentKind, DocumentKind, Event
from conventions.exchange.archives.dossier import NoDossier, dossier_response
from conventions.formats import show_code
from conventions.models import SignatureAct
from conventions.tests import attacks
from conventions.tests import factories as f
from conventions.tests.signing import world as worlds
from conventions.tests.signing.people import signs_with_account, signs_with_code
from conventions.tests.signing.test_entries import as_url, png
from conventions.tests.signing.test_links import refrozen, text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf, pytest.mark.slow]


@pytest.fixture
def signed(world, keep, mailoutbox, sign_in_staff):
    """Signed by all, the president with a drawing; sealed and attested."""

    def make():
        signs_with_code(world, mailoutbox, drawing=as_url(png()))
        for user in world.directors:
            signs_with_account(sign_in_staff(user), world, user)
        assert world.refreshed().state == ActState.SIGNED
        return world

    return keep("signed with a drawing", make)


def attested(act):
    return act.documents.get(kind=DocumentKind.ATTESTATION)


def dossier(act) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(dossier_response(act).streaming_content)))


def test_attestation_encloses_the_very_bytes_of_the_signed_document(signed):
    reader = PdfReader(io.BytesIO(storage.read_bytes(attested(signed.act))))
    enclosed = {name: contents[0] for name, contents in reader.attachments.items()}
    assert enclosed["document-signe.pdf"] == storage.read_bytes(signed.act.signed_document)
    lines = json.loads(enclosed["journal.json"])
    assert lines["acte"] == signed.act.reference


def test_drawing_is_in_the_attestation_and_the_dossier_under_the_hash_they_tell(signed):
    document = attested(signed.act)
    reader = PdfReader(io.BytesIO(storage.read_bytes(document)))
    told = document.snapshot["data"]["signatures"][0]
    drawing = reader.attachments["dessin-signature-1.png"][0]
    assert hashlib.sha256(drawing).hexdigest() == told["drawing_sha256"]
    assert told["drawing_sha256"] in "".join("".join(page.extract_text() for page in reader.pages).split())
    with dossier(signed.act) as archive:
        assert archive.read("dessin-signature-1.png") == drawing
        assert [name for name in archive.namelist() if name.endswith(".png")] == ["dessin-signature-1.png"]


def test_attestation_tells_of_a_link_and_of_an_end_of_text_only_when_they_were_seen(signed):
    """The president came by a link, the directors by their account; no browser told that it showed the end."""
    told = attested(signed.act).snapshot["data"]["signatures"]
    assert [{"link_opened", "end_shown"} & set(row) for row in told] == [{"link_opened"}, set(), set()]
    text = text_of_pdf(attested(signed.act))
    assert text.count("ouvert le") == 1
    assert text.count("affichage non constaté") == 3


def text_of_pdf(document) -> str:
    pages = PdfReader(io.BytesIO(storage.read_bytes(document))).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_code_of_the_attestation_names_it_and_the_act_it_attests(signed, client):
    document = attested(signed.act)
    assert document.code not in ("", signed.act.frozen_document.code)
    assert show_code(document.code) in text_of_pdf(document)
    shown = client.get(reverse("public:verify_code", args=[document.code])).content.decode()
    plain = " ".join(shown.replace("\xa0", " ").split())
    assert f"Attestation de signature de la convention n° {signed.act.reference}" in plain
    assert document.sha256 in shown
    assert signed.act.signed_document.sha256 not in shown


def test_every_stage_of_a_signed_act_comes_back_as_a_paper(signed, as_role):
    """The frozen text, each seal, the signed document, the attestation that encloses it: sent by a stranger."""
    sealed = [storage.read_bytes(row) for row in signed.act.frozen_document.revisions.order_by("revision")]
    made = [storage.read_bytes(row) for row in signed.act.documents.order_by("pk")]
    assert (len(sealed), len(made)) == (4, 3)
    president = f.PresidentFactory()
    convention = f.ConventionFactory(
        partner=president.mandates.get().partner, act="signe", act__number="2025-001",
        act__obligations=[{}] * 7,
    )  # fmt: skip
    lines = convention.acts.get().obligation_set.order_by("pk")
    doors = [reverse("portal:report", args=[convention.slug, line.pk]) for line in lines]
    client = as_role(president)
    for door, content in zip(doors, [*sealed, *made], strict=True):
        page = client.post(door, {"file": SimpleUploadedFile("acte.pdf", attacks.attach(content))})
        assert "fichiers joints" in page.content.decode()
        assert client.post(door, {"file": SimpleUploadedFile("acte.pdf", content)}).status_code == 302
    kept = {row.sha256 for row in convention.attachments.all()}
    assert kept == {hashlib.sha256(content).hexdigest() for content in [*sealed, *made]}


def test_lines_of_the_journal_verify_with_the_rule_that_comes_with_them(signed):
    with dossier(signed.act) as archive:
        told = json.loads(archive.read("journal.json"))
    assert told["regle"].startswith("hash = SHA-256 de : previous_hash, chaine, sequence et payload")
    assert len(told["lignes"]) >= 9
    for line in told["lignes"]:
        parts = (line["previous_hash"], told["chaine"], str(line["sequence"]), line["payload"])
        assert hashlib.sha256("\n".join(parts).encode()).hexdigest() == line["hash"]
    assert PRIVATE.isdisjoint(json.dumps(told, ensure_ascii=False).split('"'))


PRIVATE = {"presidence@niaouli.invalid", "Léa Wabealo", "Léa WABEALO"}


def test_journal_of_the_dossier_is_the_one_of_the_attestation(signed):
    reader = PdfReader(io.BytesIO(storage.read_bytes(attested(signed.act))))
    with dossier(signed.act) as archive:
        assert archive.read("journal.json") == reader.attachments["journal.json"][0]


def test_attestation_of_a_second_version_tells_why_the_first_signatures_do_not_count(
    world, mailoutbox, sign_in_staff
):
    signs_with_code(world, mailoutbox)
    apply(world.refreshed(), Event.CORRECT_BEFORE_SIGNING, by=world.officer, reason="Une date.")
    worlds.freeze(world)
    signs_with_code(world, mailoutbox)
    for user in world.directors:
        signs_with_account(sign_in_staff(user), world, user)
    events = [row["text"] for row in attested(world.refreshed()).snapshot["data"]["events"]]
    assert events.count("Texte repris : les signatures d’avant ne comptent plus") == 1
    assert len(attested(world.act).snapshot["data"]["signatures"]) == 3


def test_dossier_says_what_each_of_its_files_is(signed):
    with dossier(signed.act) as archive:
        told, names = archive.read("LISEZMOI.txt").decode("utf-8-sig"), archive.namelist()
    assert f"{names[0]} : la convention, telle que les parties l’ont signée\r\n" in told
    assert f"{names[1]} : qui a signé, quand, et comment cette personne a été reconnue\r\n" in told
    assert "dessin-signature-1.png : une signature dessinée" in told
    assert "journal.json : les lignes du journal" in told
    assert "annexes/" not in told


def test_dossier_checks_and_holds_neither_bank_details_nor_internal_papers(signed, tmp_path):
    for kind in AttachmentKind:
        f.AttachmentFactory(convention=signed.convention, kind=kind, pending=False)
    with dossier(signed.act) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path)
    check = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert check.returncode == 0
    assert len([name for name in names if name.startswith("annexes/")]) == 2
    assert len(names) == 4 + 2 + 2


def test_dossier_leaves_out_what_was_filed_after_the_signature(signed):
    """A budget of the amendment to come is not of this act, nor for the president who left meanwhile."""
    kept = f.AttachmentFactory(convention=signed.convention, kind=AttachmentKind.BUDGET)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1), tick=False):
        f.AttachmentFactory(convention=signed.convention, kind=AttachmentKind.BUDGET)
        with dossier(signed.act) as archive:
            annexes = [archive.read(name) for name in archive.namelist() if name.startswith("annexes/")]
    assert [hashlib.sha256(content).hexdigest() for content in annexes] == [kept.sha256]


def test_dossier_before_the_end_says_that_there_is_none(world):
    with pytest.raises(NoDossier, match="La convention n’est pas encore signée"):
        dossier_response(world.act)


# --- the archives ---


def problems() -> list[str]:
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verifier_archives", stderr=said)
    return said.getvalue().splitlines()


def test_archives_of_a_signed_act_are_whole_and_nothing_is_an_orphan(signed):
    said = io.StringIO()
    call_command("verifier_archives", stdout=said)
    assert "sans ligne" not in said.getvalue()


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_changed_intermediate_revision_is_named(signed, rank):
    row = signed.act.frozen_document.revisions.get(revision=rank)
    with open(storages["private"].path(row.storage_name), "r+b") as file:
        file.seek(200)
        file.write(b"XYZ")
    assert any(f"Révision scellée {row.pk} : son fichier a été modifié." in line for line in problems())


def test_changed_or_lost_drawing_is_named(signed):
    row = SignatureAct.objects.exclude(drawing_sha256="").get()
    with open(storages["private"].path(row.drawing_name), "r+b") as file:
        file.write(b"X")
    assert problems() == [f"Signature {row.pk} : son dessin a été modifié."]
    storages["private"].delete(row.drawing_name)
    assert problems() == [f"Signature {row.pk} : son dessin a disparu."]


def test_drawing_without_a_signature_is_only_told(signed):
    name = f"drawings/00/{'0' * 64}.png"
    storage.put_bytes(b"PNG", name)
    said = io.StringIO()
    call_command("verifier_archives", stdout=said)
    assert said.getvalue().splitlines()[0] == f"Pour information. Fichier sans ligne, gardé : {name}"


# --- verification along the ceremony ---


def page_of_code(code: str) -> str:
    return text_of(Client().get(f"/verifier/{code}/"))


def of_file(content: bytes, tmp_path) -> tuple[Verdict, str]:
    """The verdict of the page's domain, and what the command says."""
    path, said = tmp_path / "essai.pdf", io.StringIO()
    path.write_bytes(content)
    try:
        call_command("verifier_pdf", str(path), stdout=said, stderr=said)
    except CommandError as error:
        said.write(str(error))
    return verification.of_file(content).verdict, said.getvalue()


def agrees(content: bytes, verdict: Verdict, tmp_path) -> None:
    found, said = of_file(content, tmp_path)
    assert (found, verification.wording(verdict).title in said) == (verdict, True)


def test_verification_follows_the_ceremony(world, mailoutbox, sign_in_staff, tmp_path):
    frozen, code = world.act.frozen_document, world.act.frozen_document.code
    first = storage.read_bytes(frozen)
    agrees(first, Verdict.PENDING, tmp_path)
    assert "En attente de 3 signatures" in page_of_code(code)
    signs_with_code(world, mailoutbox)
    agrees(first, Verdict.INTERMEDIATE, tmp_path)
    assert "En attente de 2 signatures" in page_of_code(code)
    for user in world.directors:
        signs_with_account(sign_in_staff(user), world, user)
    content = storage.read_bytes(world.refreshed().signed_document)
    agrees(content, Verdict.CONFORMING, tmp_path)
    agrees(storage.read_bytes(attested(world.act)), Verdict.CONFORMING, tmp_path)
    for attack, verdict in (
        (attacks.flip_a_byte, Verdict.ALTERED),
        (attacks.paint_over, Verdict.CHANGED_AFTER),
        (attacks.append_bytes, Verdict.CHANGED),
        (attacks.strip_signatures, Verdict.STRIPPED),
    ):
        agrees(attack(content), verdict, tmp_path)
    page = page_of_code(code)
    assert ("En attente" in page, "presidence@" in page) == (False, False)


def test_verification_of_a_replaced_text_says_so(world, tmp_path):
    code, former = world.act.frozen_document.code, storage.read_bytes(world.act.frozen_document)
    refrozen(world)
    agrees(former, Verdict.REPLACED, tmp_path)
    assert "Remplacé par la version 2" in page_of_code(code)
    assert not verification.wording(Verdict.REPLACED).is_sound


def test_verification_of_a_cancelled_act_says_so(world, mailoutbox, tmp_path):
    code, content = world.act.frozen_document.code, storage.read_bytes(world.act.frozen_document)
    signs_with_code(world, mailoutbox)
    last = storage.read_bytes(world.act.frozen_document.revisions.get(revision=1))
    apply(world.refreshed(), Event.CANCEL, by=world.officer, reason="Une raison interne.")
    for bytes_of in (content, last):
        agrees(bytes_of, Verdict.ENDED, tmp_path)
    page = page_of_code(code)
    assert ("Annulé" in page, "Une raison interne" in page) == (True, False)
