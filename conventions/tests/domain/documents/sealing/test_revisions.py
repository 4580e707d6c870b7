"""From a frozen online act to its signed document: one revision per signature, exactly once."""

import hashlib
import subprocess

import pytest
from django.db import IntegrityError, transaction
from pypdf.generic import ContentStream

from conventions.domain import journal
from conventions.domain.documents import archives, sealing, storage
from conventions.enums import ActState, DocumentKind
from conventions.models import Document, JournalEntry, SealedRevision
from conventions.tests import online
from conventions.tests.pdf.reading import plain, poppler, reader, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def test_freezing_an_online_act_certifies_its_document():
    act = online.frozen_act()
    document = act.frozen_document
    content = storage.read_bytes(document)
    rendered = content[: document.render_size]
    revision = document.revisions.get()
    assert hashlib.sha256(rendered).hexdigest() == document.render_sha256
    assert (revision.revision, revision.sha256, revision.size) == (0, document.sha256, len(content))
    assert revision.certificate_fingerprint == sealing.seal_key().fingerprint
    assert revision.time_source == "heure du serveur"
    assert list(archives.changed_renders(sample=1, progress=lambda *_: None)) == []


def test_freezing_an_ink_act_seals_nothing():
    act = online.frozen_act(act__path="papier")
    assert act.frozen_document.sha256 == act.frozen_document.render_sha256
    assert SealedRevision.objects.count() == 0


def test_signed_act_has_a_seal_per_signature_and_every_revision_begins_with_the_one_before():
    act = online.signed_act()
    first, second, third = online.contents(act)
    assert second.startswith(first)
    assert third.startswith(second)
    rows = list(SealedRevision.objects.values_list("revision", "signature__signatory__order"))
    assert rows == [(0, None), (1, 1), (2, 2)]


def test_signed_file_is_valid_for_pdfsig_and_its_last_seal_covers_all(tmp_path):
    content = online.contents(online.signed_act())[-1]
    told = poppler("pdfsig", content, tmp_path, "-nocert")
    assert told.count("Signature is Valid") == 3
    assert told.count("- Total document signed") == 1
    assert "is not signed" not in told


def test_signed_file_keeps_every_font_embedded_its_tags_and_its_pdf_version(tmp_path):
    content = online.contents(online.signed_act())[-1]
    lines = poppler("pdffonts", content, tmp_path).splitlines()[2:]
    assert {line.split()[-5] for line in lines} == {"yes"}
    info = poppler("pdfinfo", content, tmp_path)
    assert "Tagged:          yes" in info
    assert "PDF version:     1.7" in info
    path = tmp_path / "signed.pdf"
    path.write_bytes(content)
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0


def test_vignette_says_who_signed_when_how_and_where_to_verify(at):
    with at(2026, 3, 2, 9, 5):
        act = online.frozen_act()
        person = act.signatories.last()
        online.sign(act, person)
        sealing.apply_seals(act.frozen_document)
    seal = reader(online.contents(act)[-1]).get_fields()["signature-2"]["/V"]
    assert f"Signature de M. {person}, président" in plain(seal["/Reason"])
    assert (plain(seal["/Name"]), seal["/Location"]) == (f"M. {person}", "Nouméa")
    drawn = _appearance_text(online.contents(act)[-1], "signature-2")
    assert f"M. {person}" in drawn
    assert "Signé le 2 mars 2026, 9 h 05 (Nouméa)" in drawn
    assert "Identité vérifiée par un code envoyé par courriel" in drawn
    told = _figures(online.contents(act)[-1], "signature-2")
    assert told == [
        f"M. {person}, {person.title}. Signé le 2 mars 2026, 9 h 05 (Nouméa). "
        "Identité vérifiée par un code envoyé par courriel."
    ]
    assert _figures(online.contents(act)[-1], "signature-1") == []  # nobody has signed there


def _figures(content: bytes, name: str) -> list[str]:
    """What is said of the figures in the appearance of a field that the structure knows, whatever form holds them."""
    found: list[str] = []

    def walk(form) -> None:
        stream = ContentStream(form, pdf)
        found.extend(
            plain(row[0][1]["/Alt"])
            for row in stream.operations
            if row[1] == b"BDC" and row[0][0] == "/Figure"
        )
        for inner in form.get("/Resources", {}).get("/XObject", {}).values():
            if inner.get_object().get("/Subtype") == "/Form":
                walk(inner.get_object())

    pdf = reader(content)
    (widget,) = [
        row.get_object()
        for page in pdf.pages
        for row in page.get("/Annots", [])
        if row.get_object().get("/T") == name
    ]
    assert "/StructParent" in widget
    walk(widget["/AP"]["/N"].get_object())
    return found


def _appearance_text(content: bytes, name: str) -> str:
    """The words drawn in a field."""
    pages = reader(content).pages
    widgets = [row.get_object() for page in pages for row in page.get("/Annots", [])]
    (widget,) = (row for row in widgets if row.get("/T") == name)
    return plain(pages[0].extract_xform_text(widget["/AP"]["/N"].get_object()))


def test_seal_asked_twice_is_set_once():
    act = online.frozen_act()
    signature = online.sign(act, act.signatories.first())
    once = sealing.apply_seal(signature)
    assert sealing.apply_seal(signature) == once
    assert SealedRevision.objects.filter(signature=signature).count() == 1


def test_signature_cannot_bear_two_seals():
    act = online.signed_act()
    last = SealedRevision.objects.last()
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedRevision.objects.create(
            document=last.document, signature=last.signature, revision=9, size=1, sha256="0" * 64,
            certificate_fingerprint="0" * 64,
        )  # fmt: skip
    assert act.frozen_document.revisions.count() == 3


def test_seal_made_while_another_was_inserted_is_made_again(monkeypatch):
    """Two workers: the second finds that the file grew under it, and seals the longer one."""
    act = online.frozen_act()
    first, second = (online.sign(act, person) for person in act.signatories.all())
    real = sealing.signing.seal_signature
    calls = []

    def slow(content, **values):
        calls.append(values["field"])
        if len(calls) == 1:
            sealing.apply_seal(first)
        return real(content, **values)

    monkeypatch.setattr(sealing.signing, "seal_signature", slow)
    row = sealing.apply_seal(second)
    assert calls == ["signature-2", "signature-1", "signature-2"]
    assert (row.revision, row.signature) == (2, second)
    assert online.contents(act)[2].startswith(online.contents(act)[1])


def test_signed_document_is_inserted_once_with_the_last_bytes():
    act = online.signed_act()
    signed = sealing.signed_document(act.frozen_document)
    assert sealing.signed_document(act.frozen_document) == signed
    assert (signed.kind, signed.sha256) == (DocumentKind.SIGNED, SealedRevision.objects.last().sha256)
    assert storage.read_bytes(signed) == online.contents(act)[-1]
    assert Document.objects.filter(kind=DocumentKind.SIGNED).count() == 1


def test_document_with_a_signature_missing_is_not_signed():
    act = online.frozen_act()
    online.sign(act, act.signatories.first())
    sealing.apply_seals(act.frozen_document)
    with pytest.raises(sealing.SealRefused, match="Il manque encore une signature"):
        sealing.signed_document(act.frozen_document)
    assert act.state == ActState.TO_SIGN


def test_document_waiting_for_its_seals_is_listed_until_they_are_set():
    act = online.frozen_act()
    assert sealing.documents_to_seal() == []
    online.sign(act, act.signatories.first())
    assert sealing.documents_to_seal() == [act.frozen_document_id]
    sealing.apply_seals(act.frozen_document)
    assert sealing.documents_to_seal() == []


def test_each_seal_leaves_its_line_in_the_journal():
    act = online.signed_act()
    lines = JournalEntry.objects.filter(convention=act.convention, event="sceau_pose")
    assert lines.count() == 3
    assert journal.broken_links(f"convention:{act.convention_id}") == []


def test_field_is_that_of_the_box_of_the_person():
    act = online.frozen_act()
    fields = [sealing.field_of(act.frozen_document, person) for person in act.signatories.all()]
    assert fields == ["signature-1", "signature-2"]


def test_person_who_is_not_in_the_frozen_document_has_no_field():
    act, other = online.frozen_act(), online.frozen_act()
    with pytest.raises(sealing.SealRefused, match="pas d’emplacement de signature"):
        sealing.field_of(act.frozen_document, other.signatories.first())


def test_text_of_a_signed_file_is_that_of_the_frozen_one():
    act = online.signed_act()
    first, last = online.contents(act)[0], online.contents(act)[-1]
    assert text_of(last) == text_of(first)
