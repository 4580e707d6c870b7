"""« En bref »: what a frozen text says of most use to whoever signs it: how much, from when until when, what one owes.

Words are those of the text itself: same amounts, same duration, same duties.
"""

from __future__ import annotations

from collections.abc import Iterable

from conventions.domain.documents.context import (
    AgreementContext,
    ChangeContext,
    EquipmentContext,
    ObligationContext,
    PartyContext,
)
from conventions.domain.documents.durations import term_in_words
from conventions.domain.documents.merge_fields import show_partial
from conventions.domain.documents.promises import (
    beneficiary_duties,
    brought_by,
    duties_of,
    given,
    granted,
    lent,
    opt_duties,
    other_parties,
)
from conventions.domain.documents.rendering.blocks import contribution_line, duty_line, thing_line
from conventions.domain.documents.rendering.text import compose
from conventions.enums import ActKind, PartyRole
from conventions.formats import bare_label, capitalise, counted, tally

ONE_LINE = 120  # characters
SHOWN = 6  # lines of one kind; the rest is in the text
UNTOLD = "Non précisé dans ce texte"
Fact = tuple[str, list[str]]


def in_brief(ctx: AgreementContext, party: str = "") -> list[Fact]:
    """(label, lines) of each fact, ready to show. `party`: name of the reader's party; empty when nobody knows it.

    What the text does not say is left out, except the duration of a convention, which is then said unknown.
    """
    mine = _party(ctx, party) or _only_other(ctx)
    label, duties = _duties(ctx, mine)
    pairs = (
        ("Ce qui change", [_change(line) for line in ctx.changes]),
        ("Combien", _money(ctx)),
        ("En nature", [bare_label(thing_line(line)) for line in ctx.in_kind]),
        ("Matériel", _equipment(ctx)),
        _term(ctx),
        (label, duties),
    )
    return [(label, _shown(lines)) for label, lines in pairs if lines]


def _party(ctx: AgreementContext, name: str) -> PartyContext | None:
    """OPT-NC's name is printed with its acronym."""
    found = (one for one in ctx.parties if name and (one.name == name or one.name.startswith(f"{name} (")))
    return next(found, None)


def _only_other(ctx: AgreementContext) -> PartyContext | None:
    """The other party, where there are two: it needs no name to be told apart."""
    found = [party for party in ctx.parties if party.role != PartyRole.OPT]
    return found[0] if len(found) == 1 else None


def _change(line: ChangeContext) -> str:
    """What is agreed now, where it fits on a line."""
    return f"{line.label} : {line.after}" if 0 < len(line.after) <= ONE_LINE else line.label


def _money(ctx: AgreementContext) -> list[str]:
    """What OPT-NC grants; an amendment tells its money among what it changes."""
    if ctx.changes:
        return []
    found = tally((line.amount, line.status) for line in granted(ctx)).words
    count = len(ctx.instalments)
    return [f"{found}, en {counted(count, 'versement')}" if count > 1 else found] if found else []


def _equipment(ctx: AgreementContext) -> list[str]:
    pairs = (
        (given(ctx), ("appareil donné", "appareils donnés")),
        (lent(ctx), ("appareil prêté", "appareils prêtés")),
    )
    return [_devices(lines, words) for lines, words in pairs if lines]


def _devices(lines: tuple[EquipmentContext, ...], words: tuple[str, str]) -> str:
    """A quantity that nobody gave is said, never counted as one."""
    known = [line.quantity for line in lines if line.quantity is not None]
    told = counted(sum(known), *words) if known else ""
    unknown = len(lines) - len(known)
    missing = f"{counted(unknown, 'ligne')} sans quantité connue ({words[1]})" if unknown else ""
    return " et ".join(part for part in (told, missing) if part)


def _term(ctx: AgreementContext) -> Fact:
    if ctx.act_kind == ActKind.TERMINATION:
        return "Fin de la convention", [show_partial(ctx.term.end)] if ctx.term.end else []
    told = term_in_words(ctx.term)
    unknown = [UNTOLD] if ctx.act_kind == ActKind.INITIAL else []
    return "De quand à quand", [told] if told else unknown


def _duties(ctx: AgreementContext, mine: PartyContext | None) -> tuple[str, list[str]]:
    """Those of the reader's party; those of the beneficiary where nobody knows who reads."""
    if mine is None:
        return "Engagements du bénéficiaire", _lines(beneficiary_duties(ctx))
    if mine.role == PartyRole.OPT:
        return "Engagements de l’OPT-NC", _lines(opt_duties(ctx))
    if mine in other_parties(ctx):
        brought = [contribution_line(line) for line in brought_by(ctx, mine)]
        return "Vos engagements", [*brought, *_lines(duties_of(ctx, mine))]
    return "Vos engagements", _lines(
        line for line in beneficiary_duties(ctx) if line.party in ("", mine.short_name)
    )


def _lines(duties: Iterable[ObligationContext]) -> list[str]:
    return [bare_label(duty_line(line)) for line in duties]


def _shown(lines: list[str]) -> list[str]:
    left = len(lines) - SHOWN
    more = [f"et {left} autres, dans le texte"] if left > 1 else lines[SHOWN:]
    return [compose(capitalise(line)) for line in [*lines[:SHOWN], *more]]
