"""The vignette of an electronic signature: drawn once, placed by the seal in the box of the signatory."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone

from conventions.domain.documents.rendering.engine import draw
from conventions.domain.documents.rendering.text import compose
from conventions.domain.documents.rendering.verify import qr_image
from conventions.formats import long_date, show_code

SIZES = (
    "",
    "small",
    "smaller",
    "smallest",
)  # of its letters: the first in which all its lines stand in the field


@dataclass(frozen=True, slots=True, kw_only=True)
class VignetteContext:
    """What the vignette says. `signed_at` is the moment of the signature; `method` how the person signed."""

    name: str
    title: str
    signed_at: datetime
    method: str
    code: str
    address: str  # of the verification page, read by the QR
    drawing: bytes = b""  # PNG of the signature drawn; empty without one


def render_vignette(ctx: VignetteContext) -> bytes:
    """A PDF of one page, the size of a signature field, fonts embedded."""
    local = timezone.localtime(ctx.signed_at)
    page = {
        "name": compose(ctx.name),
        "title": compose(ctx.title),
        "moment": compose(f"Signé le {long_date(local.date())}, {local.hour} h {local:%M} (Nouméa)"),
        "method": compose(ctx.method),
        "code": compose(f"Vérifier : code {show_code(ctx.code)}"),
        "qr": qr_image(ctx.address),
        "drawing": f"data:image/png;base64,{b64encode(ctx.drawing).decode()}" if ctx.drawing else "",
    }
    who = ", ".join(part for part in (page["name"], page["title"]) if part)
    return draw(
        *(render_to_string("pdf/vignette.html", page | {"size": size}) for size in SIZES),
        alt=f"{who}. {page['moment']}. {page['method']}.",
    )
