"""Photos of labels: codes are read in a process apart, in the order of the photo; nothing is guessed."""

import io

import pytest
import segno
from PIL import Image

from conventions.domain.foundation.label_sandbox import UnreadablePhoto, codes_of
from conventions.domain.foundation.refusals import Refused


def qr(text: str) -> Image.Image:
    stream = io.BytesIO()
    segno.make(text, micro=False).save(stream, kind="png", scale=6, border=4)
    return Image.open(stream).convert("L")


def photo(pictures: list[Image.Image], *, turn: float = 0, kind: str = "JPEG", across: int = 3) -> bytes:
    page = Image.new("L", (across * 420 + 60, (len(pictures) + across - 1) // across * 420 + 60), 255)
    for rank, picture in enumerate(pictures):
        page.paste(picture, (40 + rank % across * 420, 40 + rank // across * 420))
    stream = io.BytesIO()
    page.rotate(turn, fillcolor=255, expand=True).save(stream, kind)
    return stream.getvalue()


def test_twelve_labels_of_a_photo_held_askew_are_read_line_by_line():
    serials = [f"5CG{rank:04d}XYZ" for rank in range(12)]
    assert codes_of(photo([qr(serial) for serial in serials], turn=3)) == serials


def test_the_same_label_twice_counts_once():
    assert codes_of(photo([qr("5CG0001"), qr("5CG0001"), qr("5CG0002")])) == ["5CG0001", "5CG0002"]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_of_photo_are_read(kind):
    assert codes_of(photo([qr("PF2ABC12")], kind=kind)) == ["PF2ABC12"]


def test_a_photo_without_a_code_gives_nothing():
    assert codes_of(photo([Image.new("L", (300, 300), 90)])) == []


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", photo([qr("X1234")])[:800], b"\x89PNG\r\n\x1a\n" + bytes(400)]
)
def test_a_damaged_photo_is_refused_in_words(content):
    with pytest.raises(UnreadablePhoto, match="abîmée"):
        codes_of(content)


def test_a_photo_of_too_many_dots_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr("conventions.domain.foundation.label_sandbox.MAX_PIXELS", 1000)
    with pytest.raises(Refused, match="trop grande"):
        codes_of(photo([qr("X1234")]))
