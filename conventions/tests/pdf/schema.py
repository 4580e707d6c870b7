"""The JSON Schema of the terms: written by `python -m conventions.tests.pdf.schema`; a strict check of a value by it.

No validator is among our parts: this one knows the few words that our schema uses, and refuses any other.
"""

import datetime
import json
import re
import sys
from typing import Any

KNOWN = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "type", "properties", "required", "items", "enum",
    "const", "anyOf", "additionalProperties", "pattern", "format",
}  # fmt: skip
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def faults(value: Any, schema: dict, root: dict | None = None, at: str = "") -> list[str]:
    """What of a value the schema refuses, with its place; empty when it follows it."""
    root = schema if root is None else root
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        return faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    if "anyOf" in schema:
        tried = [faults(value, arm, root, at) for arm in schema["anyOf"]]
        return [] if [] in tried else min(tried, key=len)
    if "const" in schema:
        return [] if value == schema["const"] else [f"{at}: {value!r}"]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{at}: {value!r}"]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is_a(value, kind) for kind in kinds):
        return [f"{at}: {value!r} is no {schema['type']}"]
    return [*_string(value, schema, at), *_object(value, schema, root, at), *_array(value, schema, root, at)]


def _is_a(value: Any, kind: str) -> bool:
    """True is no integer."""
    return isinstance(value, TYPES[kind]) and (kind != "integer" or not isinstance(value, bool))


def _string(value: Any, schema: dict, at: str) -> list[str]:
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return [f"{at}: {value!r}"]
    if schema.get("format") == "date":
        datetime.date.fromisoformat(value)
    return []


def _object(value: Any, schema: dict, root: dict, at: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    known = schema["properties"]
    assert schema["additionalProperties"] is False
    found = [f"{at}.{name}: missing" for name in schema["required"] if name not in value]
    found += [f"{at}.{name}: unknown" for name in value if name not in known]
    for name in value.keys() & known.keys():
        found += faults(value[name], known[name], root, f"{at}.{name}")
    return found


def _array(value: Any, schema: dict, root: dict, at: str) -> list[str]:
    if not isinstance(value, list):
        return []
    return [
        fault
        for rank, item in enumerate(value)
        for fault in faults(item, schema["items"], root, f"{at}[{rank}]")
    ]


def main() -> int:
    import django

    django.setup()
    from conventions.domain.documents.rendering import terms

    terms.SCHEMA_FILE.write_text(json.dumps(terms.schema(), ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
