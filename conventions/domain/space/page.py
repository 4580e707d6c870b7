"""The page of a convention: what waits, where it stands, what it brings, each row read once."""

from __future__ import annotations

from dataclasses import dataclass

from conventions.domain.space.access import File, Reader
from conventions.domain.space.overview import Overview, overview
from conventions.domain.space.rows import read
from conventions.domain.space.support import Support, support
from conventions.domain.space.todo import Todo, todo
from conventions.models import Partner


@dataclass(frozen=True, slots=True)
class Page:
    """`acting`: the partner for which the reader may send something, if any."""

    todo: tuple[Todo, ...]
    overview: Overview
    support: Support
    acting: Partner | None


def page(user: Reader, file: File) -> Page:
    """Everything about one convention, for one reader: twelve queries at most."""
    rows = read(user, [file])
    mine = rows.mine(file)
    return Page(
        todo=tuple(todo(user, [file], rows)),
        overview=overview(file, rows),
        support=support(file, rows),
        acting=mine.partner if mine else None,
    )
