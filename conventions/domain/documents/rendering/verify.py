"""The QR code and the code by which anyone verifies a document, as its pages show them."""

from __future__ import annotations

from conventions.domain.documents.rendering.text import compose
from conventions.formats import show_code


def qr_image(address: str) -> str:
    """A QR code that opens this address, as the `data:` address of a drawing without margin."""
    import segno

    return segno.make(address, error="m", micro=False).svg_data_uri(border=0, dark="#16282e")


def verify_block(code: str, address: str) -> dict[str, str] | None:
    """What `pdf/base.html` prints beside the title; None for what was made before it had a code."""
    if not (code and address):
        return None
    shown = show_code(code)
    return {
        "qr": qr_image(address),
        "alt": compose(f"Code QR de vérification, {address}"),
        "text": compose(f"Code de ce document : {shown}"),
    }


def running_code(code: str) -> str:
    """The code as the foot of each page says it; empty without one."""
    return f"vérification {show_code(code)}" if code else ""
