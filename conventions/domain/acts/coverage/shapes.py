"""The shapes of the law of coverage: where a value is printed, why it is not, what is refused before freezing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from conventions.domain.documents.context import AgreementContext
from conventions.models import Act

# A text to be read in the act; several in a tuple: one of these.
Said = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """An act with its lines (`loading.loaded`), and what was frozen of it: names of parties as they were then."""

    act: Act
    context: AgreementContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """`where`: in French, where a reader finds it. `words`: what the text must hold, of a row and its case.

    `since`: the first layout that prints it; earlier acts are told apart. `apart`: it stands away from the rest of its
    row. `refused`: what the checklist asks for before freezing, where the value is empty or cannot be.
    """

    where: str
    words: Callable[[Any, Case], Iterable[Said]]
    since: int = 0
    apart: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Internal:
    """No contracting party reads it in the act; `why`: a sentence, in French."""

    why: str


@dataclass(frozen=True, slots=True)
class Barred:
    """An act that has it does not freeze; `sentence`: what the checklist says, in French."""

    sentence: str


Declaration = Printed | Internal | Barred


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One value that the text of an act must hold. `table` and `row` in French, `field` its label."""

    table: str
    row: str
    field: str
    said: Said
    since: int
    key: str  # « Funding.amount »

    @property
    def words(self) -> str:
        return self.said if isinstance(self.said, str) else self.said[0]

    def __str__(self) -> str:
        return f"{self.table} « {self.row} », {self.field} : « {self.words} »"
