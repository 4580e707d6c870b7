"""The first page: the conventions of someone, under the partner they speak for."""

from __future__ import annotations

from dataclasses import dataclass

from conventions.domain.space.access import File, Reader, conventions_for, files_for
from conventions.domain.space.rows import read
from conventions.domain.space.todo import Todo, answers, todo
from conventions.domain.space.wording import Situation, situation
from conventions.enums import ActState
from conventions.formats import search_key, typeset
from conventions.models import Partner, Party, Representative, Signatory


@dataclass(frozen=True, slots=True)
class Card:
    slug: str
    title: str
    meta: str
    is_demo: bool
    situation: Situation


@dataclass(frozen=True, slots=True)
class Group:
    """A partner and its conventions; `in_office` is False for what only a past mandate gives."""

    partner: str
    slug: str
    in_office: bool
    cards: tuple[Card, ...]


_FIRST = {"warn": 0, "info": 1, "ok": 2, "neutral": 3}


@dataclass(frozen=True, slots=True)
class Home:
    """What waits for this person in all the conventions and the answers to read, then the conventions by partner."""

    todo: tuple[Todo, ...]
    groups: tuple[Group, ...]


def home(user: Reader) -> Home:
    """Conventions of a person by partner: partners in office first, what waits for a signature on top."""
    files = [file for file in files_for(user, conventions_for(user)) if file.acts]
    partners = _partners(user, files)
    found: dict[tuple[bool, str, str], list[Card]] = {}
    for file in files:
        name, slug = partners.get(file.convention.pk, ("", ""))
        found.setdefault((not file.in_office, name, slug), []).append(_card(file))
    groups = [
        Group(partner, slug, not former, tuple(sorted(cards, key=_urgency)))
        for (former, partner, slug), cards in sorted(found.items(), key=lambda item: _alphabetical(*item[0]))
    ]
    rows = read(user, files)
    return Home((*todo(user, files, rows), *answers(files, rows)), tuple(groups))


def _alphabetical(former: bool, partner: str, slug: str) -> tuple[bool, str, str]:
    """Mandates that run first; « du Banian » before « Kaori », whatever the capitals and accents."""
    return former, search_key(partner), slug


def _urgency(card: Card) -> int:
    return _FIRST.get(card.situation.tone, 9)


def _card(file: File) -> Card:
    convention = file.convention
    number = f"n° {file.reference}" if file.reference else ""
    meta = " · ".join(part for part in (str(convention.kind).capitalize(), number) if part)
    return Card(
        convention.slug, typeset(convention.title), typeset(meta), convention.is_demo, situation(file)
    )


def _partners(user: Reader, files: list[File]) -> dict[int, tuple[str, str]]:
    """Convention → name and address of the partner for which this person reads it: two queries."""
    ids = [file.convention.pk for file in files]
    mandates = Representative.objects.with_access(user).values("partner")
    rows = Party.objects.filter(convention__in=ids, partner__in=mandates).select_related("partner")
    signed = Signatory.objects.filter(
        act__convention__in=ids, act__state=ActState.SIGNED, representative__user=user.pk
    ).select_related("act", "party__partner")
    names = {row.act.convention_id: _name(row.party.partner) for row in signed}
    return names | {row.convention_id: _name(row.partner) for row in rows}


def _name(partner: Partner) -> tuple[str, str]:
    return typeset(partner.name), partner.slug
