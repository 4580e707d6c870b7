"""What a signatory gives when signing: a typed name, a consent, perhaps a drawing. Checked before any writing."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conventions.domain.acts import handover
from conventions.domain.acts.requests.refusals import SigningRefused
from conventions.domain.documents import storage
from conventions.formats import HANDOVER_WORDS, act_words, counted, elide, name_keys, typeset
from conventions.models import Act, Handover, Representative, Signatory
from conventions.models.signing import drawing_name

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

DRAWING_BYTES = 400_000
DRAWING_SIDE = 2_000  # pixels
TOO_WIDE = "Ce dessin est trop grand. Signez dans le cadre, ou laissez-le vide."
SEEN, INK = 200, 60  # grey levels darker than this are seen on paper; pixels of a stroke, at least
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was typed: the printed name, the consent given, the SHA-256 of the document that was shown."""

    typed_name: str
    consents: bool
    shown_sha256: str
    drawing: bytes = b""


Person = Signatory | Representative


def consent_sentence(paper: Act | Handover, person: Person) -> str:
    """The sentence that who signs an act, or the procès-verbal of a remise, agrees to; kept word for word."""
    if isinstance(paper, Act):
        act, words, reference, received = paper, act_words(paper.kind), paper.reference, ""
    else:
        act, words, reference = paper.act, HANDOVER_WORDS, handover.reference_of(paper)
        received = f", j’ai reçu {counted(paper.items.count(), 'appareil')}"
    number = f" n° {reference}" if reference else ""
    partner = person.party.partner if isinstance(person, Signatory) else person.partner
    signed = f"{'la' if words.gender == 'f' else 'le'} signe"
    return typeset(
        f"J’ai lu {words.the}{number}, « {act.convention.title} »{received}, et je {signed} pour "
        f"« {partner.name} », en qualité {elide('de', person.title)}."
    )


def faults(entry: Entry, person: Person) -> dict[str, str]:
    """{field: what to do} for what will not do; empty when the entry stands."""
    found = {}
    if not entry.consents:
        found["consents"] = "Cochez la phrase pour dire que vous êtes d’accord."
    if not is_name_of(entry.typed_name, person):
        found["typed_name"] = f"Tapez votre prénom et votre nom, comme dans le texte : {person}."
    if entry.drawing:
        try:
            check_drawing(entry.drawing)
        except SigningRefused as refusal:
            found["drawing"] = str(refusal)
    return found


def is_name_of(typed: str, person: Person) -> bool:
    """First and last name in either order, as anybody would type them (`formats.name_keys`)."""
    first, last = person.first_name, person.last_name
    return not name_keys(typed).isdisjoint(name_keys(f"{first} {last}") | name_keys(f"{last} {first}"))


def _pixels_only(content: bytes) -> bytes:
    """The chunks that make the pixels: a comment, packed or not, is never read."""
    kept, start = bytearray(PNG), len(PNG)
    while start + 12 <= len(content) and not kept.endswith(b"IEND\xaeB`\x82"):
        end = start + 12 + int.from_bytes(content[start : start + 4], "big")
        if content[start + 4 : start + 8] in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            kept += content[start:end]
        start = end
    return bytes(kept)


def _size(content: bytes) -> tuple[int, int]:
    """Width and height that the first chunk announces, before anything is unpacked."""
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _is_drawn_on(picture: Picture) -> bool:
    """Whether somebody would see something of it on white paper: more than a dot."""
    from PIL import Image

    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return sum(paper.convert("L").histogram()[:SEEN]) >= INK


def check_drawing(content: bytes) -> bytes:
    """The drawing as a clean PNG: pixels alone, nothing else of the file; empty when nothing is drawn on it.

    Raises SigningRefused.
    """
    from PIL import Image, UnidentifiedImageError

    if len(content) > DRAWING_BYTES:
        raise SigningRefused("Ce dessin est trop lourd. Signez de nouveau dans le cadre, ou laissez-le vide.")
    if not content.startswith(PNG):
        raise SigningRefused("Le dessin doit être une image PNG. Signez dans le cadre, ou laissez-le vide.")
    content = _pixels_only(content)
    if max(_size(content)) > DRAWING_SIDE:
        raise SigningRefused(TOO_WIDE)
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            if max(picture.size) > DRAWING_SIDE:  # another size, in a chunk further on
                raise SigningRefused(TOO_WIDE)
            pixels = picture.convert("RGBA")
            clean = Image.frombytes("RGBA", pixels.size, pixels.tobytes())  # no profile, no comment
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise SigningRefused(
            "Ce dessin est illisible. Signez de nouveau, ou laissez le cadre vide."
        ) from error
    if not _is_drawn_on(clean):
        return b""
    output = io.BytesIO()
    clean.save(output, "PNG", optimize=True)
    return output.getvalue()


def store_drawing(content: bytes) -> str:
    """The clean drawing in private storage, before the row that names it; its SHA-256, empty without one."""
    clean = check_drawing(content) if content else b""
    if not clean:
        return ""
    digest = hashlib.sha256(clean).hexdigest()
    storage.put_bytes(clean, drawing_name(digest))
    return digest
