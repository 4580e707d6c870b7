"""Files that people send: whatever they are, one sentence at worst."""

import io

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from conventions.domain.acts import scans
from conventions.domain.foundation import jobs, pdf_sandbox
from conventions.enums import JobState, ScanState
from conventions.models import JournalEntry, ScanBatch
from conventions.tests.domain.acts.scans.scanner import drawn
from conventions.tests.factories import ScanBatchFactory, ScanFileFactory, small_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def written(writer: pypdf.PdfWriter) -> bytes:
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def blank_pdf(pages: int = 1) -> pypdf.PdfWriter:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    return writer


def encrypted() -> bytes:
    writer = blank_pdf()
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def with_script() -> bytes:
    """A script that runs when the file is opened."""
    writer = blank_pdf()
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('x')")}
    )
    writer.root_object[NameObject("/OpenAction")] = action
    return written(writer)


def with_attachment() -> bytes:
    writer = blank_pdf()
    writer.add_attachment("virus.exe", b"MZ")
    return written(writer)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (encrypted(), "protégé par un mot de passe"),
        (b"%PDF-1.7\ncut", "abîmé"),
        (b"", "abîmé"),
        (written(pypdf.PdfWriter()), "abîmé|aucune page"),
    ],
)
def test_file_that_cannot_be_read_says_why(received, content, message):
    batch = received(content or b"%PDF-")
    (file,) = scans.batch_sheet(batch).refused
    assert batch.state == ScanState.TO_FILE
    with pytest.raises(scans.UnreadablePdf, match=message):
        scans.count_pages(content or b"%PDF-")
    assert file.error != ""


def test_one_bad_file_does_not_hold_the_others_back(received):
    batch = received(b"%PDF-1.7\ncut", drawn(["Une page"]))
    sheet = scans.batch_sheet(batch)
    assert (len(sheet.refused), len(sheet.waiting)) == (1, 1)


def test_batch_beyond_the_limit_of_pages_leaves_the_file_out(received, settings):
    settings.SCAN_MAX_PAGES = 2
    batch = received(written(blank_pdf(2)), drawn(["Une page"]))
    (file,) = scans.batch_sheet(batch).refused
    assert file.error == "Ce lot dépasse 2\u00a0pages. Envoyez ce fichier à part, ou en plusieurs morceaux."


def test_page_of_an_absurd_size_is_drawn_small(received):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(14_400, 14_400)
    (told,) = [line for line in pdf_sandbox.read_pages(written(writer)) if "page" in line]
    assert told["blank"] is True


def test_process_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(pdf_sandbox, "MAX_SECONDS", 0)
    with pytest.raises(scans.UnreadablePdf, match="trop de mémoire ou de temps"):
        list(pdf_sandbox.read_pages(drawn(["Une page"])))


def hidden(*, key: str = "/S", value: str = "/JavaScript", under: tuple[str, ...]) -> bytes:
    """A dictionary that acts, at the end of a path of names from the catalogue of the file."""
    writer = blank_pdf()
    holder = writer.root_object
    for name in under:
        held = DictionaryObject()
        holder[NameObject(name)] = writer._add_object(held)
        holder = held
    holder[NameObject(key)] = NameObject(value)
    return written(writer)


ACTING = "^Ce PDF contient (un script|des fichiers joints|une action qui part seule)"
HIDDEN = {
    "after another action": hidden(under=("/OpenAction", "/Next")),
    "in a bookmark": hidden(under=("/Outlines", "/First", "/A"), value="/Launch"),
    "in a field without a place on a page": hidden(under=("/AcroForm", "/Kid", "/AA", "/K")),
    "form that is a program": hidden(under=("/AcroForm",), key="/XFA", value="/x"),
    "file beside the list of files": hidden(under=("/AF", "/EF"), key="/F", value="/x"),
}


@pytest.mark.parametrize("content", HIDDEN.values(), ids=HIDDEN.keys())
def test_what_acts_is_found_wherever_it_hides(content):
    with pytest.raises(scans.UnreadablePdf, match=ACTING):
        pdf_sandbox.refuse_active(content)


def test_going_to_a_page_does_not_act():
    pdf_sandbox.refuse_active(hidden(under=("/OpenAction",), value="/GoTo"))


@pytest.mark.parametrize("content", [with_script(), with_attachment()])
def test_script_and_attachment_are_left_out_and_the_file_is_not_kept_whole(content):
    assert scans.count_pages(content) == 1
    with pytest.raises(scans.UnreadablePdf, match=ACTING):
        pdf_sandbox.refuse_active(content)
    assert [told["whole"] for told in pdf_sandbox.read_pages(content)] == [False]
    pdf_sandbox.refuse_active(pdf_sandbox.cut([(content, 1, 0)]))


def test_cut_page_keeps_its_drawing_and_loses_its_actions():
    writer = blank_pdf()
    page = writer.pages[0]
    page[NameObject("/AA")] = NumberObject(1)
    page[NameObject("/Annots")] = ArrayObject()
    kept = pypdf.PdfReader(io.BytesIO(pdf_sandbox.cut([(written(writer), 1, 90)])))
    assert {"/AA", "/Annots"} & set(kept.pages[0]) == set()
    assert (kept.pages[0].rotation, kept.metadata) == (90, None)


def test_same_file_sent_twice_counts_once(received):
    content = drawn(["Une page"])
    assert received(content, content).files.count() == 1


def test_receiving_is_told_in_the_journal_of_the_site(received, officer):
    batch = received(drawn(["Une page"]))
    entry = JournalEntry.objects.get(event="scans_recus")
    assert (entry.actor, entry.personal.data) == (officer, {"noms": ["scan-1.pdf"]})
    assert batch.files.get().sha256 in entry.payload


def test_reading_done_twice_changes_nothing(received):
    batch = received(drawn(["Une page"]))
    assert scans.read_batch(batch.job, {"batch": batch.pk}, lambda done, total: None) == {"pages": 0}
    assert batch.pages_of_batch().count() == 1


def test_reading_taken_up_after_a_crash_starts_again():
    batch = ScanBatchFactory(state=ScanState.READING)
    ScanFileFactory(batch=batch, pdf=drawn(["Une page"]))
    job = jobs.start_job("lecture_scans", owner=batch.created_by, label="x", arguments={"batch": batch.pk})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("conventions.domain.acts.scans.receiving._write", lambda *args: 1 / 0)
        assert jobs.run_job(job.pk).state == JobState.FAILED
    assert batch.pages_of_batch().count() == 0
    ScanBatch.objects.filter(pk=batch.pk).update(job=job)
    scans.read_again(batch, by=batch.created_by)
    batch.refresh_from_db()
    jobs.run_job(batch.job_id)
    assert (batch.pages_of_batch().count(), batch.files.get().page_count) == (1, 1)


def test_lost_bytes_are_told(received, settings):
    batch = ScanBatchFactory(state=ScanState.READING)
    file = ScanFileFactory(batch=batch, pdf=small_pdf("perdu"))
    (settings.PRIVATE_ROOT / file.storage_name).unlink()
    scans.read_batch(None, {"batch": batch.pk}, lambda done, total: None)
    assert batch.files.get().error == "Ce fichier a disparu du stockage. Envoyez-le de nouveau."
