"""Labels to stick on devices: a QR code, and what a person reads beside it; 24 on an A4 sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from conventions.domain.documents.rendering.engine import LABEL_SHEET, write_marks
from conventions.domain.documents.rendering.text import compose
from conventions.formats import elide

A_SHEET = 24  # three across, eight down, as the sheet of styles lays them
OWNER = "OPT-NC"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelContext:
    """One label: `address` is what its code opens, `name` what the device is."""

    address: str
    tag: str
    serial: str
    name: str


def render_labels(labels: Sequence[LabelContext], *, skipped: int = 0) -> bytes:
    """A PDF of the labels, in their order. `skipped`: places already used on the first sheet, from 0 to 23."""
    return write_marks(
        render_to_string("pdf/labels.html", {"leaves": list(_leaves(labels, skipped))}), sheet=LABEL_SHEET
    )


def _leaves(labels: Sequence[LabelContext], skipped: int) -> Iterator[list[dict[str, Any]]]:
    places: list[LabelContext | None] = [*([None] * (skipped % A_SHEET)), *labels]
    for first in range(0, len(places), A_SHEET):
        leaf = places[first : first + A_SHEET]
        yield [_label(label) if label is not None else {} for label in leaf]


def _label(label: LabelContext) -> dict[str, Any]:
    """What it says."""
    words = (
        ("tag", label.tag),
        ("serial", f"N° {label.serial}" if label.serial else ""),
        ("name", label.name),
    )
    return {
        "qr": _dots(label.address),
        "alt": compose(f"Code {elide('de', label.tag or label.serial or label.name)}"),
        "owner": OWNER,
        "lines": [(css, compose(text)) for css, text in words if text],
    }


def _dots(address: str) -> str:
    """A QR code as a picture of dots: a drawing costs a hundred times as long to lay out, and a sheet holds 24."""
    import segno

    return segno.make(address, error="m", micro=False).png_data_uri(scale=8, border=0)
