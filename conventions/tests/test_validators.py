import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.migrations.writer import MigrationWriter

from conventions import validators
from conventions.formats import FileKind, files
from conventions.validators import UploadValidator, accept_attribute, validate_upload


def office_file(*parts, mimetype=None):
    """A real ZIP archive with these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype is not None:
            archive.writestr("mimetype", mimetype)
        for part in parts:
            archive.writestr(part, "<xml/>")
    return buffer.getvalue()


CONTENTS = {
    "pdf": b"%PDF-1.7\n%%EOF",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "xlsx": office_file("[Content_Types].xml", "xl/workbook.xml"),
    "docx": office_file("[Content_Types].xml", "word/document.xml"),
    "odt": office_file("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
    "csv": "nature;marque\nordinateur;é".encode(),
}


def upload(name, content):
    return SimpleUploadedFile(name, content)


def refusal(name, content, kinds=validators.DOCUMENT_KINDS, **options):
    with pytest.raises(ValidationError) as caught:
        validate_upload(upload(name, content), kinds, **options)
    return caught.value


@pytest.mark.parametrize("kind", list(CONTENTS))
def test_upload_of_each_kind_is_recognised_by_its_bytes(kind):
    file = upload(f"Pièce jointe.{kind.upper()}", CONTENTS[kind])
    assert validate_upload(file, [kind]).kind == kind
    assert file.tell() == 0


@pytest.mark.parametrize("kind", list(CONTENTS))
def test_upload_of_a_kind_not_asked_for_is_refused(kind):
    others = [other for other in CONTENTS if other != kind]
    assert refusal(f"a.{kind}", CONTENTS[kind], others).code == "wrong_kind"


def test_upload_jpg_is_jpeg():
    assert validate_upload(upload("photo.jpg", CONTENTS["jpeg"]), validators.IMAGE_KINDS).kind == "jpeg"


def test_upload_csv_of_windows_is_accepted():
    assert validate_upload(upload("a.csv", "désignation;marque".encode("cp1252")), ["csv"]) == FileKind(
        "csv", "windows-1252"
    )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.exe", b"MZ\x90\x00", "wrong_kind"),
        ("a.pdf", b"not a pdf", "wrong_kind"),
        ("a.csv", b"a;b\x00\x01", "wrong_kind"),
        ("a.csv", b"<script>alert(1)</script>", "wrong_kind"),
        ("a.zip", office_file("readme.txt"), "wrong_kind"),
        ("a.docx", b"PK\x03\x04 truncated", "wrong_kind"),
        ("a.xlsx", office_file("xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        ("a.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
        ("a.png", b"\xef\xbb\xbf <SVG onload='x'>", "svg"),
        ("a.svg", "<svg/>".encode("utf-16"), "svg"),
    ],
)
def test_upload_that_is_not_what_it_should_be_is_refused(name, content, code):
    assert refusal(name, content).code == code


def test_upload_refused_says_which_formats_are_accepted():
    assert refusal("a.txt", b"texte", ["pdf", "png"]).messages == [
        "Ce type de fichier n’est pas accepté. Enregistrez-le ou imprimez-le en PDF, puis envoyez ce PDF. "
        "Formats acceptés\u00a0: PDF ou PNG."
    ]


def test_upload_too_large_is_refused_with_both_sizes():
    error = refusal("a.pdf", CONTENTS["pdf"] + b" " * (3 * 1024 * 1024), max_bytes=2_621_440)
    assert (error.code, error.messages) == (
        "too_large",
        [
            "Ce fichier est trop lourd (3\u00a0Mo). La taille maximale est de 2,5\u00a0Mo. "
            "Réduisez-le ou partagez-le en plusieurs fichiers."
        ],
    )


def test_upload_limit_comes_from_the_settings(settings):
    settings.UPLOAD_MAX_BYTES = len(CONTENTS["pdf"])
    assert validate_upload(upload("a.pdf", CONTENTS["pdf"]), ["pdf"]).kind == "pdf"
    assert refusal("a.pdf", CONTENTS["pdf"] + b" ").code == "too_large"


def test_upload_archive_that_unpacks_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MAX_UNZIPPED_BYTES", 5)
    assert refusal("a.xlsx", CONTENTS["xlsx"]).code == "wrong_kind"


def test_upload_validator_is_written_in_migrations_and_compared():
    validator = UploadValidator(("pdf",), max_bytes=10)
    assert MigrationWriter.serialize(validator)[0] == (
        "conventions.validators.UploadValidator(('pdf',), max_bytes=10)"
    )
    assert validator == UploadValidator(["pdf"], max_bytes=10)
    assert validator != UploadValidator(("pdf",))
    assert hash(validator) == hash(UploadValidator(("pdf",), max_bytes=10))


def test_upload_validator_checks_a_field_value():
    with pytest.raises(ValidationError):
        UploadValidator(("pdf",))(upload("a.png", CONTENTS["png"]))
    assert UploadValidator()(upload("a.png", CONTENTS["png"])) is None


def test_accept_attribute_lists_the_extensions():
    assert accept_attribute(["jpeg", "pdf"]) == ".jfif,.jpe,.jpeg,.jpg,.pdf,.pjp,.pjpeg"


@pytest.mark.parametrize(
    ("validate", "good", "wrong", "code"),
    [
        (validators.validate_ridet, "733089", "07330890012", "too_long"),
        (validators.validate_rna, "W9N1004321", "W1", "rna"),
        (validators.validate_siret, "73282932000074", "73282932000075", "siret_checksum"),
    ],
)
def test_identifier_wrong_is_refused_with_its_code(validate, good, wrong, code):
    assert validate(good) is None
    with pytest.raises(ValidationError) as caught:
        validate(wrong)
    assert caught.value.code == code
