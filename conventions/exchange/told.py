"""Conventions as an export of thousands reads them: what its columns ask of a row, under the same names.

An instance of a model for each row, each of its parties and acts took two thirds of the time of a long export. Here
six queries read a batch of rows as plain values; who and what many rows share is read once.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Model, QuerySet

from conventions.models import Act, Convention, Kind, Party, User

BATCH = 1_000
OF_ROW = (
    "pk", "title", "purpose", "is_demo", "status_code", "granted_known", "granted_unknown", "is_signed",
    "current_start", "current_end", "kind_id", "officer_id",
)  # fmt: skip
OF_ACT = (
    "rank", "state", "number", "old_reference", "starts_on", "ends_on",
    "signed_on", "signed_on_precision", "signed_on_wording",
)  # fmt: skip


class Loaded(list):
    """The rows of a relation, as the manager of a model's instance gives them."""

    def all(self) -> "Loaded":
        return self


@dataclass(slots=True)
class Named:
    name: str


@dataclass(slots=True)
class ToldPartner:
    name: str
    acronym: str
    is_opt: bool


@dataclass(slots=True)
class ToldParty:
    partner: ToldPartner


@dataclass(slots=True)
class ToldAct:
    rank: int
    state: str
    number: str
    old_reference: str
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    signed_on: datetime.date | None
    signed_on_precision: str
    signed_on_wording: str

    reference = Act.reference


@dataclass(slots=True)
class ToldConvention:
    kind: Kind
    officer: User | None
    pk: int
    title: str
    purpose: str
    is_demo: bool
    status_code: str
    granted_known: int | None
    granted_unknown: int | None
    is_signed: bool
    current_start: datetime.date | None
    current_end: datetime.date | None
    acts: Loaded = field(default_factory=Loaded)
    parties: Loaded = field(default_factory=Loaded)
    areas: Loaded = field(default_factory=Loaded)
    values: Loaded = field(default_factory=Loaded)


def told_conventions(rows: QuerySet) -> Iterator[ToldConvention]:
    """Each of these rows `with_status`, `with_granted`, in their order; read by batches, whatever their number."""
    kinds, officers = _Shared(Kind), _Shared(User)
    found: Iterator[Any] = rows.prefetch_related(None).values_list(*OF_ROW).iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        kinds.need(kind for *_row, kind, _officer in batch)
        officers.need(officer for *_row, officer in batch)
        told = [
            ToldConvention(kinds[kind], officers[officer] if officer else None, *row)
            for *row, kind, officer in batch
        ]
        _hang(told)
        yield from told


def _hang(told: list[ToldConvention]) -> None:
    """On each row, its acts, parties, areas and values."""
    keys = [row.pk for row in told]
    acts: Iterable[Any] = (
        Act.objects.filter(convention__in=keys).order_by("rank").values_list("convention", *OF_ACT)
    )
    parties: Iterable[Any] = Party.objects.filter(convention__in=keys).values_list(
        "convention", "partner__name", "partner__acronym", "partner__is_opt"
    )
    of_acts = _by_key((key, ToldAct(*rest)) for key, *rest in acts)
    of_parties = _by_key((key, ToldParty(ToldPartner(*rest))) for key, *rest in parties)
    of_areas, of_values = _names("areas", keys), _names("values", keys)
    for row in told:
        row.acts, row.parties = of_acts[row.pk], of_parties[row.pk]
        row.areas, row.values = of_areas[row.pk], of_values[row.pk]


def _names(relation: str, keys: list[int]) -> dict[int, Loaded]:
    """The names at the other end, in its own order."""
    other: Any = Convention._meta.get_field(relation)
    name = other.m2m_reverse_field_name()
    links = other.remote_field.through._default_manager.filter(convention__in=keys)
    return _by_key(
        (key, Named(text)) for key, text in links.order_by(name).values_list("convention", f"{name}__name")
    )


def _by_key(pairs: Iterable[tuple[int, Any]]) -> dict[int, Loaded]:
    found: dict[int, Loaded] = defaultdict(Loaded)
    for key, value in pairs:
        found[key].append(value)
    return found


class _Shared(dict[int, Any]):
    """Rows of a model that many others point to, each read once."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__()
        self._model = model

    def need(self, keys: Iterable[int | None]) -> None:
        if missing := {key for key in keys if key} - self.keys():
            self.update(self._model._default_manager.in_bulk(missing))
