"""A photo of a file: kept to the dot, without what it says of where, when and by whom it was taken."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from conventions.forms.evidence import PhotoForm
from conventions.tests.formats.test_files import picture, told_picture


def form(name, content) -> PhotoForm:
    values = {"alternative_text": "Le dojo", "credit": "OPT-NC"}
    return PhotoForm(values, {"image": SimpleUploadedFile(name, content, "image/jpeg")})


@pytest.mark.parametrize("turn", [1, 6])
def test_photo_is_kept_to_the_dot_and_tells_nothing(turn):
    content = told_picture("JPEG", turn)
    sent = form("photo.jfif", content)
    assert sent.is_valid(), sent.errors
    kept = sent.cleaned_data["image"].read()
    assert b"SECRET" not in kept
    assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(content)).tobytes()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (picture("JPEG")[:-20], "incomplète"),
        (picture("TIFF"), "Enregistrez-la en PNG ou en JPEG"),
        (b"\x00\x00\x00\x18ftypheic", "incomplète"),
    ],
)
def test_photo_that_no_page_would_show_is_refused_with_what_to_do(content, told):
    (message,) = form("photo.jpg", content).errors["image"]
    assert told in message
