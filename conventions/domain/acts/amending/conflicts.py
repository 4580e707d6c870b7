"""Two amendments in preparation at once: the one signed first may take over a line that the other also changes.

The other is told on its page and in its checklist, and redoes its change on the line in force. Under lock, an act whose
lines were taken over cannot be signed; a trigger of the database says the same (`foundation.triggers`).
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Value

from conventions.domain.acts.amending.lines import NOT_OF_THE_ACT, _amended, _own, _save, _tell, copied
from conventions.domain.acts.content import changes
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState
from conventions.formats import NBSP, act_words
from conventions.models import Act, User
from conventions.models.terms import Row, Term

STILL_IN_FORCE = "Cette ligne est toujours en vigueur : il n’y a rien à reprendre."
TAKEN_OVER = (
    "Un autre acte, signé depuis, a remplacé une ligne que cet avenant change. Reprenez l’avenant pour le modifier, "
    "puis refaites le changement sur la ligne en vigueur."
)


@dataclass(frozen=True)
class Conflict:
    """A change of a draft whose signed line another act took over; `current` is the line in force, or None."""

    row: Any
    current: Any
    taker: Act

    @property
    def key(self) -> str:
        return str(self.row._meta.model_name)

    @property
    def name(self) -> str:
        return f"{str(self.row._meta.verbose_name).capitalize()} «{NBSP}{self.row.replaces}{NBSP}»"

    @property
    def told(self) -> str:
        """« L’avenant 2026-014-A1, signé depuis, a changé cette ligne. »"""
        words = act_words(self.taker.kind)
        who = f"{words.the} {self.taker.reference}".strip()
        verb = "a supprimé" if self.current is None else "a changé"
        return f"{who[:1].upper()}{who[1:]}, {words.agree('signé')} depuis, {verb} cette ligne."

    @property
    def to_do(self) -> str:
        if self.current is None:
            return f"{self.name} n’est plus en vigueur{NBSP}: retirer ce changement."
        return f"{self.name} a changé depuis{NBSP}: reprendre la modification sur la ligne en vigueur."

    @property
    def in_force(self) -> str:
        return changes.describe(self.current) if self.current is not None else changes.REMOVED


def conflicts_of(act: Act) -> list[Conflict]:
    """Every change of an unsigned act that a signed one overtook; one query when there is none.

    An act of paper is never overtaken: once recorded, it takes its place in time (`drafting.chronology`).
    """
    if act.state == ActState.SIGNED or act.is_reprise:
        return []
    return [found for model in _overtaken_models(act) for found in _of_model(act, model)]


def _overtaken(act: Act, model: Any) -> Any:
    others = model.objects.filter(replaces=OuterRef("replaces"), act__state=ActState.SIGNED).exclude(act=act)
    return model.objects.filter(Exists(others), act=act)


def _overtaken_models(act: Act) -> list[type[Term]]:
    asked: list[Any] = [
        _ranked(_overtaken(act, model), rank) for rank, model in enumerate(changes.TERM_MODELS)
    ]
    found = {rank for (rank,) in asked[0].union(*asked[1:])}
    return [model for rank, model in enumerate(changes.TERM_MODELS) if rank in found]


def _ranked(rows: Any, rank: int) -> Any:
    return rows.order_by().annotate(rank=Value(rank)).values_list("rank")


def _of_model(act: Act, model: Any) -> list[Conflict]:
    rows = list(_overtaken(act, model).select_related("replaces").order_by("position", "pk"))
    signed = model.objects.filter(act__state=ActState.SIGNED, act__convention=act.convention_id)
    later = {row.replaces_id: row for row in signed.exclude(replaces=None).select_related("act")}
    found = []
    for row in rows:
        taker = last = later[row.replaces_id]
        while last.pk in later:
            last = later[last.pk]
        found.append(Conflict(row, None if last.removed else last, taker.act))
    return found


def redo_on_line_in_force(act: Act, row: Row, *, by: User) -> Row | None:
    """The same change on the line in force: what the draft changed stays, the rest is read from that line.

    A line that is no longer promised leaves the draft with its change. Return the row, or None.
    """
    with _amended(act, type(row), by=by) as locked:
        own = _own(locked, row)
        found = next((one for one in _of_model(locked, type(row)) if one.row.pk == own.pk), None)
        if found is None or own.replaces is None:
            raise Refused(STILL_IN_FORCE if own.replaces_id else NOT_OF_THE_ACT)
        if found.current is None:
            _tell(locked, own, changes.describe(own), None, by=by, event="changement_annule", drop=True)
            return None
        before, after = copied(own.replaces), copied(found.current)
        for name, value in copied(own).items():
            if value == before[name]:
                setattr(own, name, after[name])
        own.replaces = found.current
        _save(own)
        told = changes.REMOVED if own.removed else changes.describe(own)
        _tell(locked, own, changes.describe(found.current), told, by=by, event="ligne_reprise")
    return own


def require_lines_in_force(act: Act) -> None:
    """Raise Refused when an act about to be signed would replace a row already replaced.

    The caller holds the convention (`loading.locked`): of two acts signed at the same moment, the second waits and is
    refused.
    """
    if _overtaken_models(act):
        raise Refused(TAKEN_OVER)
