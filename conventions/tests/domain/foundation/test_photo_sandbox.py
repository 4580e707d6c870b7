"""HEIC photos of phones become JPEG in a process apart, upright, without what they say of where they were taken."""

import io

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from conventions.domain.documents import attachments, pictures
from conventions.domain.foundation import photo_sandbox
from conventions.domain.foundation.label_sandbox import UnreadablePhoto
from conventions.domain.foundation.refusals import Refused


def heic(size=(320, 200), *, turn: int = 1, **told) -> bytes:
    """A photo, its left half red; `turn`: as EXIF says how it was held."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = turn, "SECRET-MAKER"
    made = io.BytesIO()
    pillow_heif.from_pillow(picture).save(made, quality=90, exif=exif.tobytes(), **told)
    return made.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def test_a_photo_of_a_phone_becomes_a_jpeg_of_the_same_picture():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = opened(photo_sandbox.jpeg_of(heic(icc_profile=profile)))
    assert (made.format, made.size, made.info["icc_profile"]) == ("JPEG", (320, 200), profile)
    left, right = made.getpixel((20, 100)), made.getpixel((300, 100))
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]


def test_a_photo_held_askew_stands_upright_and_tells_nothing():
    sent = SimpleUploadedFile("IMG_1.HEIC", heic(turn=6), "image/heic")
    file = attachments.inspect_picture(sent)
    made = opened(file.content)
    assert (file.name, file.kind.kind, made.size) == ("IMG_1.HEIC.jpg", "jpeg", (200, 320))
    assert b"SECRET" not in file.content
    assert not made.getexif()
    top, foot = made.getpixel((100, 20)), made.getpixel((100, 300))
    assert top[0] > 200
    assert foot[2] > 200


@pytest.mark.parametrize("content", [b"", b"no picture", heic()[:-200], b"\0\0\0\x18ftypheic" + bytes(400)])
def test_a_damaged_photo_is_refused_in_words(content):
    with pytest.raises(UnreadablePhoto, match="abîmée"):
        photo_sandbox.jpeg_of(content)


@pytest.mark.parametrize(("pixels", "is_refused"), [(320 * 200, True), (320 * 200 + 1, False)])
def test_a_photo_of_too_many_dots_is_refused_before_they_are_read(monkeypatch, pixels, is_refused):
    monkeypatch.setattr(photo_sandbox, "MAX_PIXELS", pixels)
    if not is_refused:
        assert photo_sandbox.jpeg_of(heic())
        return
    with pytest.raises(Refused, match="trop grande"):
        attachments.inspect_picture(SimpleUploadedFile("IMG_1.HEIC", heic(), "image/heic"))


def test_a_logo_or_an_annex_is_made_of_what_a_phone_took():
    flat = pictures.flat(photo_sandbox.jpeg_of(heic()), too_large="", unreadable="")
    assert flat.size == (320, 200)
