"""The acts of a convention in the order of their days, in whatever order the archive gave them up.

The rank of an act is its place in time. A reprise recorded late takes its place among the others, and each line of a
term follows the one that the act before it left (`Term.replaces`).
"""

import datetime
from collections import defaultdict
from itertools import pairwise
from typing import Any

from conventions.domain.acts.content import changes
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ENDED_STATES, ActKind, ActState
from conventions.formats import act_words, last_day, moment, show_moment
from conventions.models import Act, Convention

ASIDE = 10_000  # above every rank, while they change places


def settle(convention: Convention, *, recording: Act | None = None) -> None:
    """Give each act its place, then each recorded line the line it follows.

    `recording`: the act that is about to be recorded. The caller holds the convention, in a transaction. Raises Refused
    for an act older than the convention, and where an act that cannot move, or a line that cannot change any more,
    stands in the way.
    """
    acts = list(convention.acts.exclude(state__in=ENDED_STATES).order_by("rank"))
    if not any(act.is_reprise for act in acts[1:]):
        return
    for act in acts[1:]:
        if act.is_reprise and (told := _too_early(act, acts[0])):
            raise Refused(told)
    _place(acts, convention)
    recorded = {act.pk: act for act in acts if act.state == ActState.SIGNED or act == recording}
    for model in changes.TERM_MODELS:
        _thread(recorded, model)


def _too_early(act: Act, initial: Act) -> str:
    """Why a later act cannot be that old; empty when it can, or when a day is not known."""
    mine, first = (moment(row.signed_on, row.signed_on_precision) for row in (act, initial))
    if mine is None or first is None or last_day(mine) >= first.date:
        return ""
    words = act_words(act.kind)
    return (
        f"{words.the[:1].upper()}{words.the[1:]} daterait d’avant la convention, signée {show_moment(first)} : "
        "corrigez l’une des deux dates."
    )


def _place(acts: list[Act], convention: Convention) -> None:
    """The initial act, the reprises by their days, what was drafted here; at last what was given up."""
    past = [act for act in acts[1:] if act.is_reprise]
    drafted = [act for act in acts[1:] if not act.is_reprise]
    given_up = list(convention.acts.filter(state__in=ENDED_STATES).order_by("rank"))
    wanted = enumerate([acts[0], *_by_day(past), *drafted, *given_up])
    moved = [(rank, act) for rank, act in wanted if act.rank != rank]
    for _rank, act in moved:
        if not act.is_reprise and (act.number or act.frozen_at):
            words = act_words(act.kind)
            raise Refused(
                f"{words.the[:1].upper()}{words.the[1:]} {act.reference} porte déjà son rang dans son texte : un acte "
                "plus ancien ne peut plus prendre place avant lui. Joignez le papier aux pièces du dossier."
            )
    for step in (ASIDE, 0):
        for rank, act in moved:
            Act.objects.filter(pk=act.pk).update(rank=step + rank)
            act.rank = step + rank


def _by_day(acts: list[Act]) -> list[Act]:
    """By the last day that each may be of; one whose day nobody knows stays after the one that it follows."""
    day = datetime.date.min
    found: list[tuple[datetime.date, bool, int, Act]] = []
    for act in acts:
        when = moment(act.signed_on, act.signed_on_precision)
        known = when or moment(act.effective_on) or moment(act.starts_on, act.starts_on_precision)
        day = last_day(known) if known else day
        found.append((day, act.kind == ActKind.TERMINATION, len(found), act))
    return [act for *_place, act in sorted(found, key=lambda one: one[:3])]


def _thread(recorded: dict[int, Act], model: Any) -> None:
    """Each line that several recorded acts hold follows that of the act before.

    The line that an act still being typed holds is not passed through: nothing of it counts yet.
    """
    lines: dict[Any, list[Any]] = defaultdict(list)
    for row in model._default_manager.filter(act__in=recorded).select_related("replaces"):
        row.act = recorded[row.act_id]
        lines[row.line].append(row)
    for chain in lines.values():
        chain.sort(key=lambda row: row.act.rank)
        if chain[0].replaces is not None and chain[0].replaces.act_id in recorded:
            _lead(chain[0])
        for before, row in pairwise(chain):
            if row.replaces_id != before.pk:
                _follow(row, before)


def _lead(row: Any) -> None:
    """The oldest act that holds a line brings it."""
    if row.removed or not row.act.is_editable:
        raise Refused(
            f"« {row} » serait changé avant d’être promis : corrigez la date d’un des actes, ou annulez ce changement."
        )
    row.replaces = None
    row.save(update_fields=["replaces"])


def _follow(row: Any, before: Any) -> None:
    if before.removed:
        raise Refused(
            f"« {before} » est supprimé par un acte plus ancien que celui qui le change : corrigez l’une des dates, ou "
            "annulez l’un de ces changements."
        )
    if not row.act.is_editable:
        words = act_words(row.act.kind)
        raise Refused(
            f"{words.the[:1].upper()}{words.the[1:]} {row.act.reference} change déjà « {before} », et ne se modifie "
            "plus. Dites dans le motif de cet acte ce qu’il changeait à cette ligne."
        )
    row.replaces = before
    row.save(update_fields=["replaces"])
