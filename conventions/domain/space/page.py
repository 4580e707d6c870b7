"""The page of a convention: what waits, where it stands, what it brings, each row read once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conventions.domain.acts import letters
from conventions.domain.space.access import File, Reader
from conventions.domain.space.overview import Duty, Overview, overview
from conventions.domain.space.rows import read
from conventions.domain.space.support import Support, support
from conventions.domain.space.todo import Todo, todo
from conventions.formats import capitalise, counted, duty_phrase, typeset
from conventions.models import FormalLetter, Partner, User

DUTIES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Page:
    """`brief`: (label, lines) of « en bref »; `acting`: the partner for which the reader may send, if any."""

    brief: tuple[tuple[str, list[str]], ...]
    todo: tuple[Todo, ...]
    overview: Overview
    support: Support
    acting: Partner | None
    letters: tuple[FormalLetter, ...]
    offers_receipt: bool


def offers_receipt(file: File) -> bool:
    """Whether the convention is a mécénat in force or past: its beneficiary issues a receipt."""
    return file.convention.kind.slug == "mecenat" and bool(file.signed_acts)


def page(user: Reader, file: File) -> Page:
    """Everything about one convention, for one reader: twelve queries at most."""
    rows = read(user, [file])
    mine = rows.mine(file)
    stands, brings = overview(file, rows), support(file, rows)
    return Page(
        brief=tuple(_brief(stands, brings)) if file.source_acts else (),
        todo=tuple(todo(user, [file], rows)),
        overview=stands,
        support=brings,
        acting=mine.partner if mine else None,
        letters=tuple(letters.letters_for(user, file.acts)) if isinstance(user, User) else (),
        offers_receipt=mine is not None and offers_receipt(file),
    )


def _brief(stands: Overview, brings: Support) -> Iterator[tuple[str, list[str]]]:
    """How much, from when until when, what the reader's side still owes: the words of the sections below."""
    money = [typeset(f"{label} : {words}") for label, words, _known in brings.money]
    if money:
        yield "Combien", money
    goods = [line.what for line in brings.in_kind] + [brings.equipment_total]
    if goods := [capitalise(line) for line in goods if line]:
        yield "En nature", goods[:DUTIES_SHOWN] + _more(len(goods))
    yield "De quand à quand", [capitalise(stands.period) or "Durée non communiquée"]
    if stands.our_duties:
        left = [duty for duty in stands.our_duties if duty.open] or list(stands.our_duties)
        yield "Vos engagements", [_duty(duty) for duty in left[:DUTIES_SHOWN]] + _more(len(left))


def _duty(duty: Duty) -> str:
    return capitalise(duty_phrase(duty.text, duty.due))


def _more(count: int) -> list[str]:
    left = count - DUTIES_SHOWN
    return [f"Et {counted(left, 'autre')}, plus bas"] if left > 0 else []
