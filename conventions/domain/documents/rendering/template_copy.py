"""What the reading copy of an act's template prints: its articles, every variant, fields as named blanks."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from conventions.domain.documents.merge_fields import FIELD, REGISTRY
from conventions.domain.documents.rendering.letterhead import heading
from conventions.domain.documents.rendering.text import compose, paragraphs

# Around the name of a field while the text is laid out; no text of ours holds them.
_OPEN, _CLOSE = "\ue010", "\ue011"
_BLANK = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyArticle:
    """One text of one article; `when` says in words when it is chosen."""

    heading: str
    body: str
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCopy:
    """A template of act, ready to print. `since`: « en vigueur depuis le 25 novembre 2026 »."""

    name: str
    version: int
    since: str
    kinds: str
    articles: tuple[CopyArticle, ...]
    note: str = ""


def page(copy: TemplateCopy) -> dict[str, Any]:
    """The template context of a reading copy."""
    return {
        "doc": {
            **heading(copy.name, "Modèle d’acte", f"version {copy.version}, {copy.since}"),
            "running": compose(f"Modèle · {copy.name} · version {copy.version}"),
            "description": compose(f"Modèle d’acte : {copy.name}, version {copy.version}"),
        },
        "kinds": compose(copy.kinds),
        "note": compose(copy.note),
        "articles": [
            {
                "heading": compose(article.heading),
                "when": compose(article.when),
                "blocks": [_block(block) for block in paragraphs(FIELD.sub(_named, article.body))],
            }
            for article in copy.articles
        ],
    }


def as_json(copy: TemplateCopy) -> bytes:
    return json.dumps(asdict(copy), ensure_ascii=False, sort_keys=True).encode()


def _named(found: re.Match[str]) -> str:
    field = REGISTRY.get(found[1])
    return f"{_OPEN}{field.label if field else found[1]}{_CLOSE}"


def _block(block: dict[str, Any]) -> dict[str, Any]:
    if block["kind"] == "list":
        items = [" ".join(pair) for pair in block["ordered"]] or block["items"]
        return {"kind": "list", "items": [_parts(item) for item in items]}
    return {"kind": "text", "parts": _parts(block["text"])}


def _parts(text: str) -> list[tuple[bool, str]]:
    """(whether it is a blank, text) in reading order."""
    return [(rank % 2 == 1, part) for rank, part in enumerate(_BLANK.split(text)) if part]
