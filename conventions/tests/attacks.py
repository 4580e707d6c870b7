"""What may be done to a sealed file, for tests: each attack takes its bytes and gives others."""

import io
import re
import subprocess
import tempfile
from pathlib import Path

from conventions.domain.documents.sealing import authority, signing


def flip_a_byte(content: bytes) -> bytes:
    """In the middle of a compressed page."""
    place = content.index(b"stream\n") + 400
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def flip_in_the_last_seal(content: bytes) -> bytes:
    """In the signature itself: the last digits of the container before its padding."""
    start = content.rindex(b"/Contents <") + len(b"/Contents <")
    place = start + len(content[start : content.index(b">", start)].rstrip(b"0")) - 40
    digit = b"0" if content[place : place + 1] != b"0" else b"1"
    return content[:place] + digit + content[place + 1 :]


def paint_over(content: bytes) -> bytes:
    """An incremental update that draws a white box with an amount over the first page; pdfsig still says valid."""
    from pyhanko.pdf_utils.generic import ArrayObject, StreamObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    box = writer.add_object(StreamObject(stream_data=b"q 1 1 1 rg 60 400 400 60 re f Q"))
    page["/Contents"] = ArrayObject([page.raw_get("/Contents"), box])
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))
    return _written(writer)


def annotate(content: bytes) -> bytes:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                [generic.NumberObject(n) for n in (50, 700, 300, 750)]
            ),
            generic.pdf_name("/Contents"): generic.pdf_string("5 000 000 F CFP"),
        }
    )
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", []), writer.add_object(note)])
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))
    return _written(writer)


def _written(writer) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def rewrite_with_pypdf(content: bytes) -> bytes:
    from pypdf import PdfWriter

    out = io.BytesIO()
    PdfWriter(clone_from=io.BytesIO(content)).write(out)
    return out.getvalue()


def append_bytes(content: bytes) -> bytes:
    return content + b"% une ligne de plus\n"


def strip_signatures(content: bytes) -> bytes:
    """The text without its seals, as a PDF that still says where it comes from."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(content))
    for page in writer.pages:
        page.pop("/Annots", None)
    del writer.root_object["/AcroForm"]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def encrypt(content: bytes, *, user: str = "secret") -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(user, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    """A PDF of 300 kB whose object stream unfolds to some 300 MB."""
    import zlib

    packed = zlib.compress(b"1 0 " + b" " * 300_000_000, 9)
    head = b"%PDF-1.7\n"
    stream = b"2 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    body = head + stream + packed + b"\nendstream\nendobj\n"
    rows = bytes([0, 0, 0, 0]) + bytes([2, 0, 2, 0]) + bytes([1, 0, len(head), 0])
    rows += (
        b"\1" + len(body).to_bytes(2, "big", signed=False)[-2:] + b"\0" if len(body) < 65536 else b"\0\0\0\0"
    )
    table = b"3 0 obj\n<</Type/XRef/Size 4/W[1 2 1]/Root 1 0 R/Length %d>>\nstream\n" % len(rows)
    return body + table + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def seal_again_with_a_namesake(content: bytes, folder: Path, settings) -> bytes:
    """Signatures removed, then a certification by another authority of the very same name."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    writer = IncrementalPdfFileWriter(io.BytesIO(strip_signatures(content)))
    append_signature_field(writer, SigFieldSpec("sceau"))
    bare = _written(writer)
    kept, settings.DATA_DIR = settings.DATA_DIR, folder
    authority.create_embedded(folder / "sceau")
    try:
        key = authority._embedded(folder / "sceau")
        return signing._sign(bare, key, field_name="sceau", reason="Sceau", certify=True)
    finally:
        settings.DATA_DIR = kept


def sign_a_free_field(content: bytes, folder: Path) -> bytes:
    """A stranger fills a field that waits for its signatory: DocMDP allows it, the certificate is not ours."""
    authority.create_embedded(folder / "sceau")
    key = authority._embedded(folder / "sceau")
    return signing._sign(content, key, field_name="signature-2", reason="Signature")


def act_on_opening(content: bytes) -> bytes:
    """The same pages with a script that runs as the file opens: what a careless editor adds, or a malicious one."""
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter(clone_from=io.BytesIO(content))
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('payez ici');")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(key): value for key, value in script.items()}
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def attach(content: bytes) -> bytes:
    """A file slipped in by an incremental update, as « joindre un fichier » does."""
    from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    piece = EmbeddedFileObject.from_file_data(writer, data=b"MZ not what it says")
    embed_file(writer, FileSpec(file_spec_string="facture.exe", embedded_data=piece))
    return _written(writer)


def script_after(content: bytes) -> bytes:
    """A script added by an incremental update: every seal still covers its own bytes."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    action = {"/S": generic.pdf_name("/JavaScript"), "/JS": generic.pdf_string("app.alert(1)")}
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {generic.pdf_name(key): value for key, value in action.items()}
    )
    writer.update_root()
    return _written(writer)


def cut(content: bytes) -> bytes:
    """A download that stopped half-way."""
    return content[: len(content) // 2]


def cut_before_the_seals(content: bytes) -> bytes:
    """Stopped so early that nothing of a seal is left."""
    return content[: content.index(b"/ByteRange") - 200]


def flip_at(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def flip_in_seal(content: bytes, rank: int) -> bytes:
    """In bytes that this seal covers and no seal before it does: its reason, in clear."""
    ends = [row.end() for row in re.finditer(rb"%%EOF\n", content)]
    start = [0, *ends[-3:]][rank] if rank else 0
    return flip_at(content, content.index(b"/Reason", start) + 10)


def change_range(content: bytes) -> bytes:
    """The last seal says that it covers other bytes."""
    place = content.rindex(b"/ByteRange [0 ") + len(b"/ByteRange [0 ")
    return content[:place] + (b"1" if content[place : place + 1] != b"1" else b"2") + content[place + 1 :]


def fill_the_room(content: bytes) -> bytes:
    """In the room that is left after the last signature, which nothing protects."""
    start = content.rindex(b"/Contents <")
    end = content.index(b">", start)
    return content[: end - 8] + b"DEADBEEF" + content[end:]


def small_digits(content: bytes) -> bytes:
    """The last signature written with other signs of the same value."""
    start = content.rindex(b"/Contents <") + len(b"/Contents <")
    end = content.index(b">", start)
    return content[:start] + content[start:end].lower() + content[end:]


def update(content: bytes, change) -> bytes:
    """Any incremental update: `change(writer)` says which."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    return _written(writer)


def hide_the_seals(writer) -> None:
    del writer.root["/AcroForm"]
    writer.update_root()


def turn_the_page(writer) -> None:
    from pyhanko.pdf_utils.generic import NumberObject

    writer.root["/Pages"]["/Kids"][0].get_object()["/Rotate"] = NumberObject(180)
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))


def drop_a_page(writer) -> None:
    del writer.root["/Pages"]["/Kids"][-1]
    writer.mark_update(writer.root.raw_get("/Pages"))


def rename(writer) -> None:
    from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name, pdf_string

    writer.set_info(DictionaryObject({pdf_name("/Title"): pdf_string("Autre titre")}))


def stamp(content: bytes, folder: Path) -> bytes:
    """A document time stamp from an authority that is not ours, as any archiving service adds."""
    from asn1crypto import keys, pem, x509
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfTimeStamper
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

    home = folder / "horodatage"
    if not home.exists():
        authority.create_embedded(home)
    certificate, key = (pem.unarmor((home / name).read_bytes())[2] for name in ("sceau.pem", "sceau.key"))
    clock = DummyTimeStamper(x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(key))
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    return PdfTimeStamper(clock).timestamp_pdf(writer, "sha256").getvalue()


def sign_elsewhere(content: bytes, folder: Path) -> bytes:
    """A foreign document with a foreign signature."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    home = folder / "ailleurs"
    if not home.exists():
        authority.create_embedded(home)
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    append_signature_field(writer, SigFieldSpec("Signature1"))
    key = authority._embedded(home)
    return signing._sign(
        _written(writer), key, field_name="Signature1", reason="Bon pour accord", vignette=""
    )


def run_qpdf(content: bytes, *options: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.pdf", Path(folder) / "b.pdf"
        source.write_bytes(content)
        subprocess.run(["qpdf", *options, str(source), str(target)], check=True, capture_output=True)
        return target.read_bytes()
