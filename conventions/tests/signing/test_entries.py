"""What is typed and drawn: another name, no consent, a stale text; a heavy, hostile or broken drawing."""

import base64
import io
import struct
import zlib

import pytest
from django.core.files.storage import storages
from PIL import Image, ImageFile, PngImagePlugin

from conventions.domain.acts import signing
from conventions.domain.acts.signing.entries import DRAWING_BYTES, check_drawing
from conventions.models import SignatureAct
from conventions.tests.signing.test_codes import Desk
from conventions.tests.signing.test_links import text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]
URL = "data:image/png;base64,"


def png(size=(60, 20), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, (22, 40, 46, 255)).save(out, "PNG", **options)
    return out.getvalue()


def as_url(content: bytes, head: str = URL) -> str:
    return head + base64.b64encode(content).decode()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(content: bytes, kind: bytes, data: bytes) -> bytes:
    """A PNG with one more chunk after its header."""
    return content[:33] + chunk(kind, data) + content[33:]


def announcing(width: int, height: int, *, first: bytes = b"") -> bytes:
    """A few bytes that announce a huge picture; `first`: a chunk before the header."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1000)
    head = b"\x89PNG\r\n\x1a\n" + first + chunk(b"IHDR", header)
    return head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.fixture
def desk(world, mailoutbox):
    return Desk(world, mailoutbox)


def sign(desk, **changes):
    code = desk.ask()
    desk.entry |= changes
    return desk.post(code)


BAD = {
    "svg": as_url(
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "data:image/svg+xml;base64,"
    ),
    "svg under the name of a PNG": as_url(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "no base64": URL + "é" * 12,
    "base64 cut short": as_url(png())[:-3],
    "no data address": "https://exemple.invalid/dessin.png",
    "cut PNG": as_url(png()[:40]),
    "JPEG": as_url(b"\xff\xd8\xff\xe0" + b"0" * 40),
    "bomb of pixels": as_url(announcing(60_000, 60_000)),
    "large picture": as_url(announcing(9_500, 9_500)),
    "too wide": as_url(png((2_001, 10))),
    "too heavy": as_url(png() + b"0" * DRAWING_BYTES),
}


@pytest.mark.parametrize("drawing", BAD.values(), ids=BAD.keys())
def test_drawing_that_will_not_do_is_refused_and_the_rest_kept(desk, drawing):
    response = sign(desk, drawing=drawing)
    page = text_of(response)
    assert (response.status_code, SignatureAct.objects.exists()) == (200, False)
    assert f'value="{desk.entry["typed_name"]}"' in page
    assert page.count('class="invalid-feedback') == 1
    assert 'name="drawing" value=' not in page.replace('id="id_drawing"', "").replace("  ", " ")
    assert not storages["private"].exists("drawings")


def test_drawing_of_twenty_megabytes_is_refused_before_it_is_read(desk):
    response = sign(desk, drawing=URL + "A" * 20_000_000)
    assert (response.status_code, SignatureAct.objects.exists()) == (413, False)
    assert "trop lourd" in text_of(response)


def test_faulty_entry_does_not_use_the_code(desk, world):
    code = desk.ask()
    good = dict(desk.entry)
    desk.entry |= {"typed_name": "Jean Autre"}
    assert "Tapez votre prénom et votre nom, comme dans le texte : Léa WABEALO." in text_of(desk.post(code))
    desk.entry = good | {"consents": ""}
    del desk.entry["consents"]
    assert "Cochez la phrase" in text_of(desk.post(code))
    desk.entry = good
    assert desk.post(code).status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        "lea wabealo",
        "WABEALO Léa",
        "Léa  WABEALO",
        "Le\u0301a Wabealo",
        "Mme Léa\u202fWabealo\u202c",
        "Léa\0Wabealo",
    ],
)
def test_name_is_recognised_in_either_order_without_accents(desk, typed):
    assert sign(desk, typed_name=typed).status_code == 302


@pytest.mark.parametrize(
    "typed", ["", "Léa", "Wabealo", "Léa Wabealo Dupont", "Alix KADDOUR", "x" * 500, "Mme", "M. Léa"]
)
def test_another_name_is_refused(desk, typed):
    response = sign(desk, typed_name=typed)
    assert (response.status_code, SignatureAct.objects.exists()) == (200, False)


@pytest.mark.parametrize("shown", ["", "0" * 64, "0" * 65, "../../x"])
def test_stale_text_is_refused_with_what_to_do(desk, shown):
    response = sign(desk, shown=shown)
    assert (response.status_code, SignatureAct.objects.exists()) == (200, False)
    assert "Le texte affiché n’est plus celui qui est à signer." in text_of(response)


def test_drawing_keeps_its_pixels_and_nothing_else(desk):
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "<script>alert(1)</script>")
    hostile = png(pnginfo=told, icc_profile=b"<script>alert(2)</script>", exif=b"Exif\0\0<script>3</script>")
    hostile += b"<html><script>alert(4)</script>"
    assert sign(desk, drawing=as_url(hostile)).status_code == 302
    row = SignatureAct.objects.get()
    with storages["private"].open(row.drawing_name) as file:
        kept = file.read()
    assert b"script" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        picture.load()
        assert (picture.size, picture.info, picture.getpixel((3, 3))) == ((60, 20), {}, (22, 40, 46, 255))


@pytest.mark.parametrize("lenient", [True, False], ids=["with WeasyPrint loaded", "without"])
def test_bomb_in_a_comment_is_left_packed(monkeypatch, lenient):
    """WeasyPrint makes Pillow lenient for the whole process: the answer is the same before and after."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    packed = b"k\0\0" + zlib.compress(b" " * 80_000_000)
    assert check_drawing(with_chunk(png(), b"zTXt", packed)) == check_drawing(png())


def test_size_behind_a_chunk_that_says_another_is_seen():
    small = chunk(b"tEXt", struct.pack(">II", 1, 1))  # where a careless reader looks for width and height
    with pytest.raises(signing.SigningRefused, match="trop grand"):
        check_drawing(announcing(9_000, 9_000, first=small))


def test_same_drawing_gives_the_same_clean_bytes():
    assert check_drawing(png()) == check_drawing(png(icc_profile=b"x" * 100))


@pytest.mark.parametrize("colour", [(0, 0, 0, 0), (255, 255, 255, 255), (250, 250, 250, 200)])
def test_drawing_with_nothing_on_it_is_none(desk, colour):
    out = io.BytesIO()
    Image.new("RGBA", (600, 200), colour).save(out, "PNG")
    assert sign(desk, drawing=as_url(out.getvalue())).status_code == 302
    row = SignatureAct.objects.latest("pk")
    assert (row.drawing_sha256, row.drawing_name) == ("", "")
    assert not storages["private"].exists("drawings")


def test_refused_drawing_says_what_to_do():
    with pytest.raises(signing.SigningRefused, match="trop lourd"):
        check_drawing(png() + b"0" * DRAWING_BYTES)
