"""Contexts to plain JSON and back, and the hash of what was frozen."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import types
import typing
from datetime import date

from conventions.domain.documents.context.agreement import AgreementContext, HandoverContext
from conventions.domain.documents.context.attestation import AttestationContext
from conventions.domain.documents.context.common import LATER
from conventions.domain.documents.context.letter import LetterContext
from conventions.domain.documents.context.public import PressReleaseContext, PublicSheetContext

SNAPSHOT_VERSION = 1

Context = (
    AgreementContext
    | AttestationContext
    | HandoverContext
    | LetterContext
    | PressReleaseContext
    | PublicSheetContext
)
_ROOTS: dict[str, type] = {
    cls.__name__: cls
    for cls in (
        AgreementContext,
        AttestationContext,
        HandoverContext,
        LetterContext,
        PressReleaseContext,
        PublicSheetContext,
    )
}


class SnapshotError(ValueError):
    """A stored snapshot that is not one of ours."""


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [f for f in dataclasses.fields(value) if not _is_absent(f, value)]
        return {f.name: _plain(getattr(value, f.name)) for f in fields}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def _is_absent(field: dataclasses.Field, value: object) -> bool:
    """Whether a value declared `later` still has its default, as in what was frozen before it existed."""
    return LATER in field.metadata and getattr(value, field.name) == field.default


# A few classes, which never change. Resolved for each value, their types took seven eighths of a reading (see
# docs/benchmarks.md).
@functools.cache
def _types_of(cls: type) -> dict[str, typing.Any]:
    """The type of each field of a class of contexts."""
    return typing.get_type_hints(cls)


def _restore(hint: typing.Any, value: typing.Any) -> typing.Any:
    if isinstance(hint, types.UnionType):
        if value is None:
            return None
        (hint,) = (arm for arm in typing.get_args(hint) if arm is not type(None))
    if typing.get_origin(hint) is tuple:
        return tuple(_restore(typing.get_args(hint)[0], item) for item in value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = _types_of(hint)
        return hint(**{name: _restore(hints[name], item) for name, item in value.items()})
    if hint is date:
        return date.fromisoformat(value)
    if (hint is int and isinstance(value, bool)) or not isinstance(value, hint):
        raise SnapshotError(f"{value!r} is not {hint.__name__}")
    return value


def to_snapshot(ctx: Context) -> dict[str, object]:
    """Plain JSON values of a context, with its type and the version of this format."""
    return {"type": type(ctx).__name__, "version": SNAPSHOT_VERSION, "data": _plain(ctx)}


def from_snapshot(snapshot: dict[str, typing.Any]) -> Context:
    """The context a snapshot was made from; raises `SnapshotError` on anything else."""
    cls = _ROOTS.get(str(snapshot.get("type")))
    if cls is None or snapshot.get("version") != SNAPSHOT_VERSION:
        raise SnapshotError("unknown snapshot type or version")
    try:
        return _restore(cls, snapshot["data"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SnapshotError(str(error)) from error


def canonical_json(ctx: Context) -> bytes:
    """UTF-8 JSON with sorted keys and no spare space: one spelling per context."""
    return json.dumps(to_snapshot(ctx), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def context_hash(ctx: Context) -> str:
    """SHA-256 (hexadecimal) of the canonical JSON."""
    return hashlib.sha256(canonical_json(ctx)).hexdigest()
