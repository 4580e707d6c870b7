"""The terms of an act for programs: the JSON embedded in its PDF, and the JSON Schema that it follows.

Made from the frozen content alone, so that an act frozen before this existed reads in the same way. The schema is drawn
from the dataclasses of the content and kept in a file (`SCHEMA_FILE`): once published, a version never changes; another
shape takes another number, and the file of the former one stays. Amounts are whole francs CFP; a missing amount is
null, never 0. What only serves the office is left out.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import types
import typing
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.html import strip_tags

from conventions.domain.documents.context import AgreementContext, to_snapshot
from conventions.domain.documents.context.common import LATER
from conventions.domain.documents.rendering import agreement
from conventions.enums import ActKind, AmountStatus, BudgetSide, DatePrecision, FundingFigure, Transfer

VERSION = 1
SCHEMA_ID = f"urn:opt-nc:partenaires:acte:{VERSION}"
SCHEMA_FILE = Path(__file__).with_name(f"acte-{VERSION}.schema.json")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
CURRENCY = "XPF"
UNITS = {
    "amount": "franc CFP, nombre entier",
    "date": "ISO 8601, jour à Nouméa",
    "size": "octet",
    "sha256": "SHA-256, hexadécimal",
}
# Of no use to the parties, or told otherwise: « articles » are the clauses as they are printed.
LEFT_OUT = frozenset(
    {
        "is_draft",
        "publishable",
        "changed",
        "variant",
        "clauses",
        "sources",
        "has_request",
        "made_on",
        "from_act",
    }
)
_CHOICES: dict[str, Any] = {
    "act_kind": ActKind,
    "figure": FundingFigure,
    "precision": DatePrecision,
    "side": BudgetSide,
    "status": AmountStatus,
    "transfer": Transfer,
}
_SIMPLE = {str: "string", int: "integer", bool: "boolean"}


def terms_json(ctx: AgreementContext) -> bytes:
    """UTF-8 JSON with sorted keys: the same content gives the same bytes."""
    return json.dumps(terms(ctx), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def terms(ctx: AgreementContext) -> dict[str, Any]:
    """The terms as `SCHEMA_FILE` describes them."""
    data = typing.cast(dict[str, Any], _shown(to_snapshot(ctx)["data"]))
    return {
        "schema": SCHEMA_ID,
        "version": VERSION,
        "currency": CURRENCY,
        "units": UNITS,
        "act": data | {"articles": _articles(ctx)},
    }


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shown(item) for name, item in value.items() if name not in LEFT_OUT}
    return [_shown(item) for item in value] if isinstance(value, list) else value


def _articles(ctx: AgreementContext) -> list[dict[str, Any]]:
    """Each article as printed, without a field left to fill in; the closing formula bears no number."""
    page = agreement.page(ctx)
    found = [
        {"number": article["number"], "heading": article["heading"], "text": _text(article["blocks"])}
        for article in page["articles"]
    ]
    closing = [{"number": None, "heading": "", "text": _text(page["closing"])}] if page["closing"] else []
    return [{**one, "heading": _plain(one["heading"])} for one in (*found, *closing)]


def _text(blocks: list[dict[str, Any]]) -> list[str]:
    """A line for each paragraph, each item of a list, each row of a table."""
    lines: list[str] = []
    for block in blocks:
        if block["kind"] == "table":
            table = block["table"]
            lines.append(_plain(" | ".join(column.label for column in table.columns)))
            lines += [_plain(" | ".join(" ".join(cell) for cell in row)) for row in table.rows]
        else:
            lines += map(_plain, block.get("items") or [block["text"]])
    return lines


def _plain(text: Any) -> str:
    return re.sub(r"\s+", " ", strip_tags(str(text))).strip()


@functools.cache
def published() -> bytes:
    """The schema as it is served, whole."""
    return SCHEMA_FILE.read_bytes()


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `terms`, drawn from the dataclasses of the content."""
    shapes: dict[str, Any] = {}
    act = _shape(AgreementContext, shapes)
    shapes["AgreementContext"]["properties"]["articles"] = {"type": "array", "items": _ARTICLE}
    shapes["AgreementContext"]["required"].append("articles")
    fixed = {"schema": SCHEMA_ID, "version": VERSION, "currency": CURRENCY, "units": UNITS}
    return {
        "$schema": DIALECT,
        "$id": SCHEMA_ID,
        "title": "Termes d’un acte de partenariat de l’OPT-NC",
        "description": "Montants en francs CFP entiers (XPF) ; null : inconnu. Dates ISO 8601. « files » : les annexes "
        "reçues, incorporées au PDF, avec l’empreinte SHA-256 de chacune.",
        "type": "object",
        "properties": {name: {"const": value} for name, value in fixed.items()} | {"act": act},
        "required": [*fixed, "act"],
        "additionalProperties": False,
        "$defs": dict(sorted(shapes.items())),
    }


_ARTICLE = {
    "type": "object",
    "properties": {
        "number": {"type": ["integer", "null"]},
        "heading": {"type": "string"},
        "text": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["number", "heading", "text"],
    "additionalProperties": False,
}


def _shape(hint: Any, shapes: dict[str, Any], name: str = "") -> dict[str, Any]:
    if isinstance(hint, types.UnionType):
        (known,) = (arm for arm in typing.get_args(hint) if arm is not type(None))
        return {"anyOf": [_shape(known, shapes, name), {"type": "null"}]}
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": _shape(typing.get_args(hint)[0], shapes, name)}
    if hint is date:
        return {"type": "string", "format": "date"}
    if name in _CHOICES:
        return {"enum": ["", *filter(None, _CHOICES[name].values)]}
    if name == "sha256":
        return {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    if not dataclasses.is_dataclass(hint):
        return {"type": _SIMPLE[hint]}
    key = typing.cast(type, hint).__name__
    if key not in shapes:
        shapes[key] = {}
        hints = typing.get_type_hints(hint)
        fields = [field for field in dataclasses.fields(hint) if field.name not in LEFT_OUT]
        shapes[key] = {
            "type": "object",
            "properties": {field.name: _shape(hints[field.name], shapes, field.name) for field in fields},
            "required": [field.name for field in fields if LATER not in field.metadata],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{key}"}
