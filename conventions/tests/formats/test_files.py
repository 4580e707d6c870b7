"""Files of all programs, made here as those programs make them: the bytes decide."""

import io
import struct
import zipfile

import pytest
from PIL import Image

from conventions.formats import FormatError, kind_of_file, name_for, picture_alone, show_file
from conventions.formats.files import CONTENT_TYPES, EXTENSIONS, LABELS

MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
WORD, SHEET = MAIN.format("wordprocessingml.document"), MAIN.format("spreadsheetml.sheet")
TABLE = "Nom;Objet;Montant\r\nForêt à vivre;Achat d’un « canoë »;45 000,00\r\nChœur d’Ouvéa;goûter;2 M\r\n"


def archive(**parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def office(part: str, content_type: str, **more) -> bytes:
    types = f'<Types><Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    return archive(**{"[Content_Types].xml": types, part: "<x/>", **more})


def open_document(kind: str, **more) -> bytes:
    return archive(mimetype=f"application/vnd.oasis.opendocument.{kind}", **{"content.xml": "<x/>"}, **more)


def ole(*names: str, book: bytes = b"") -> bytes:
    """A file of Office before 2007: header, table of sectors, directory, one stream."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(30, b"\0") + struct.pack("<H", 9)
    header = header.ljust(44, b"\0") + struct.pack("<II", 1, 1)
    header = header.ljust(68, b"\0") + struct.pack("<II", 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    header = header.ljust(512, b"\xff")
    table = struct.pack("<III", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE).ljust(512, b"\xff")
    directory = b""
    for rank, name in enumerate(("Root Entry", *names)):
        text = name.encode("utf-16-le") + b"\0\0"
        entry = text.ljust(64, b"\0") + struct.pack("<HB", len(text), 2 if rank else 5)
        directory += entry.ljust(116, b"\0") + struct.pack("<II", 2, 512) + b"\0" * 4
    return header + table + directory.ljust(512, b"\0")[:512] + book.ljust(512, b"\0")


def sheet_of_book(kind: int) -> bytes:
    name = struct.pack("<IBBB", 0, 0, kind, 1) + b"\0A"
    return (
        struct.pack("<HH", 0x0809, 0)
        + struct.pack("<HH", 0x0085, len(name))
        + name
        + struct.pack("<HH", 10, 0)
    )


def picture(form: str, **options) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((60, 40), 80).convert("RGB").save(out, form, **options)
    return out.getvalue()


KINDS = {
    "Word": (office("word/document.xml", WORD), "docx"),
    "Word Online": (office("word/document2.xml", WORD), "docx"),
    "Word, another folder": (office("doc/main.xml", WORD), "docx"),
    "Word, types in UTF-16": (archive(**{"[Content_Types].xml": f'<a t="{WORD}"/>'.encode("utf-16")}), "docx"),
    "Word, model": (office("word/document.xml", WORD.replace(".document.", ".template.")), "docx"),
    "Word with macros": (office("a.xml", "application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
    "Word with a program": (office("word/document.xml", WORD, **{"word/vbaProject.bin": "x"}), "macros"),
    "Excel": (office("xl/workbook.xml", SHEET), "xlsx"),
    "Excel of another program": (office("xl/workbook22.xml", SHEET), "xlsx"),
    "Excel with macros": (archive(**{"xl/workbook.xml": "<x/>", "xl/vbaProject.bin": b"x"}), "macros"),
    "Excel with macros of 1992": (office("xl/workbook.xml", SHEET, xl__macrosheets__sheet1="x"), "macros"),
    "Writer": (open_document("text"), "odt"),
    "Writer, model": (open_document("text-template"), "odt"),
    "Calc": (open_document("spreadsheet"), "ods"),
    "Calc without its first part": (
        archive(**{"META-INF/manifest.xml": '<f m="application/vnd.oasis.opendocument.spreadsheet"/>'}), "ods"),
    "Calc with macros": (open_document("spreadsheet", Basic__a="x"), "macros"),
    "Calc with a password": (
        open_document("spreadsheet", **{"META-INF/manifest.xml": "<encryption-data/>"}), "encrypted"),
    "Impress": (open_document("presentation"), "unknown"),
    "PowerPoint": (office("ppt/presentation.xml", MAIN.format("presentationml.presentation")), "unknown"),
    "other archive": (archive(a="x"), "unknown"),
    "Word 97": (ole("1Table", "WordDocument"), "doc"),
    "Word 97 with macros": (ole("WordDocument", "Macros"), "macros"),
    "Excel 97": (ole("Workbook", book=sheet_of_book(0)), "xls"),
    "Excel 95": (ole("Book", book=sheet_of_book(0)), "xls"),
    "Excel 97 with a program": (ole("Workbook", "_VBA_PROJECT_CUR"), "macros"),
    "Excel 97 with macros of 1992": (ole("Workbook", book=sheet_of_book(1)), "macros"),
    "Excel with a password": (ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
    "message of Outlook": (ole("__substg1.0_0037001F"), "unknown"),
    "cut Excel 97": (ole("Workbook")[:700], "unknown"),
    "TIFF of a scanner": (picture("TIFF"), "tiff"),
    "TIFF of another": (b"MM\x00*\x00\x00\x00\x08", "tiff"),
    "large TIFF": (b"II+\x00\x08\x00", "tiff"),
    "HEIC": (b"\x00\x00\x00\x18ftypheic", "heic"),
    "HEIF": (b"\x00\x00\x00\x18ftypmif1", "heic"),
    "JPEG": (picture("JPEG"), "jpeg"),
    "page of the Web before a PDF": (b"<html>%PDF-1.7", "markup"),
    "PDF after 1,025 bytes": (b"\n" * 1024 + b"\1%PDF-1.7", "unknown"),
    "PDF after 1,024 bytes": (b"\n" * 1024 + b"%PDF-1.7", "pdf"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "kind"), KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("name", ["a.jfif", "a", "a.csv"])
def test_bytes_decide_and_not_the_name(content, kind, name):
    file = io.BytesIO(content)
    assert (kind_of_file(file, name).kind, file.tell()) == (kind, 0)


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (TABLE.encode(), "UTF-8"),
        (TABLE.encode("utf-8-sig"), "UTF-8"),
        (TABLE.encode("utf-16"), "UTF-16"),
        (TABLE.encode("utf-16-le"), "UTF-16"),
        (TABLE.encode("utf-16-be"), "UTF-16"),
        (TABLE.encode("utf-32"), "UTF-32"),
        (TABLE.encode("cp1252"), "windows-1252"),
        (TABLE.replace("\r\n", "\r").encode("mac_roman"), "macintosh"),
        (TABLE.replace("’", "'").replace("œ", "oe").encode("cp850"), "IBM850"),
        (TABLE.replace(";", "\t").encode("utf-16"), "UTF-16"),
        (("sep=;\r\n" + TABLE).encode("cp1252"), "windows-1252"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "sans nom"])
def test_table_of_text_is_read_in_any_encoding(content, charset, name):
    found = kind_of_file(io.BytesIO(content), name)
    assert (found.kind, found.charset) == ("csv", charset)
    assert show_file(found.content_type, 12_000) == f"Tableau CSV ({charset}), 12\u00a0ko"


@pytest.mark.parametrize(
    "content", [b"a;b\x00\x01", b"MZ\x90\x00\x03", b"", b"\x7fELF\x02\x01\x01\x00", b"un mot"]
)
def test_other_bytes_are_no_table(content):
    assert kind_of_file(io.BytesIO(content), "a.txt").kind == "unknown"


def test_each_kind_has_its_words_its_type_and_its_names():
    assert LABELS.keys() == CONTENT_TYPES.keys() == EXTENSIONS.keys()
    assert show_file(CONTENT_TYPES["ods"], 12_000) == "Classeur LibreOffice, 12\u00a0ko"
    assert show_file("application/octet-stream", 1_400_000) == "Fichier, 1,4\u00a0Mo"


@pytest.mark.parametrize(
    ("kind", "name", "out"),
    [
        ("jpeg", "IMG.JFIF", "IMG.JFIF"),
        ("pdf", "facture.exe", "facture.exe.pdf"),
        ("ods", "budget", "budget.ods"),
    ],
)
def test_file_goes_out_under_a_name_of_its_kind(kind, name, out):
    assert name_for(kind, name) == out


def told_picture(form: str, turn: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = turn, "SECRET"
    exif.get_ifd(0x8825)[1] = "SECRET"
    return picture(form, exif=exif)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turn", [1, 3, 6, 8])
def test_photo_loses_what_it_tells_and_keeps_its_dots_and_its_turn(form, turn):
    content = told_picture(form, turn)
    alone = picture_alone(form.lower(), content)
    before, after = (Image.open(io.BytesIO(one)) for one in (content, alone))
    assert before.tobytes() == after.tobytes()
    assert dict(after.getexif()) == ({0x0112: turn} if turn != 1 else {})
    assert (b"SECRET" in content, b"SECRET" in alone) == (True, False)
    assert picture_alone(form.lower(), alone) == alone


def test_what_follows_the_end_of_a_photo_is_left_out():
    content = picture("JPEG", progressive=True)
    assert picture_alone("jpeg", content + b"film de l'appareil") == picture_alone("jpeg", content)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_photo_that_is_cut_is_refused(form):
    content = told_picture(form, 6)
    for end in (20, len(content) // 2, len(content) - 3):
        with pytest.raises(FormatError, match="incomplète"):
            picture_alone(form.lower(), content[:end])


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def heic(note: bytes, dots: bytes) -> bytes:
    """A photo of a telephone: two items, the picture and its notes."""
    items = b"".join(
        box(b"infe", b"\x02\0\0\0" + struct.pack(">HH4s", number, 0, kind) + b"\0")
        for number, kind in ((1, b"hvc1"), (2, b"Exif"))
    )
    head = box(b"ftyp", b"heic\0\0\0\0")

    def meta(start: int) -> bytes:
        places = struct.pack(">HH", 0x4400, 2)
        for number, offset, length in ((1, start, len(dots)), (2, start + len(dots), len(note))):
            places += struct.pack(">HHHII", number, 0, 1, offset, length)
        listed = box(b"iinf", bytes(4) + struct.pack(">H", 2) + items)
        return box(b"meta", bytes(4) + listed + box(b"iloc", bytes(4) + places))

    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + box(b"mdat", dots + note)


def test_photo_of_a_telephone_loses_its_notes_in_place():
    content = heic(b"GPS SECRET", b"dots")
    assert picture_alone("heic", content) == heic(bytes(10), b"dots")
    with pytest.raises(FormatError, match="incomplète"):
        picture_alone("heic", content[:-3])


def test_scan_and_paper_are_given_back_whole():
    for kind in ("pdf", "tiff", "docx", "csv"):
        assert picture_alone(kind, b"tel quel") == b"tel quel"
