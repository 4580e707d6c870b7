"""What a draft amendment does to a line: take it over changed, remove it, add one, or think better of it.

Each verb locks the convention and the act, checks the right to that part of the page, writes one row, brings the
amendment's own articles in line, raises the convention's version (whoever has the page open is told) and journals.
Raises Refused for a line that cannot be changed, `drafting.Locked` for a part closed to this person.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError

from conventions.domain import journal
from conventions.domain.acts.content import changes
from conventions.domain.acts.drafting import chronology, clauses
from conventions.domain.acts.drafting.page_content import ROWS_BY_KEY
from conventions.domain.acts.drafting.saving import check_scope, lock
from conventions.domain.equipment import reserving
from conventions.domain.foundation.refusals import Refused, refusal_of
from conventions.enums import ActKind, ActState
from conventions.models import Act, Clause, EquipmentTerm, User
from conventions.models.terms import ADDED_ARTICLE, Row

ONLY_AMENDMENTS = "Seul un avenant en préparation peut modifier une ligne signée."
NOT_IN_FORCE = "Cette ligne n’est plus en vigueur. Rechargez la page."
ALREADY_CHANGED = "Cet avenant change déjà cette ligne. Rechargez la page."
AWAITED = "Un versement attend cet engagement : changez d’abord sa condition."
FOLLOWED = "Un acte plus récent change cette ligne : annulez d’abord ce changement."
NOT_OF_THE_ACT = "Ce changement n’est plus dans l’avenant. Rechargez la page."


def replace_line(act: Act, row: Row, /, *, by: User, **values: Any) -> Row:
    """A row that takes over a signed one with some columns changed. Return it."""
    return _take_over(act, row, by=by, event="ligne_remplacee", values=values)


def remove_line(act: Act, row: Row, *, by: User) -> Row:
    """A row that ends a signed one. Return it."""
    return _take_over(act, row, by=by, event="ligne_supprimee", values={"removed": True})


def add_line(act: Act, model: type[Row], /, *, by: User, **values: Any) -> Row:
    """A promise that no signed act holds. Return its row. `values` are columns, of which one may be called `model`."""
    if model is Clause:
        values = {"code": ADDED_ARTICLE} | values
    with _amended(act, model, by=by) as locked:
        row = model(act=locked, line=uuid.uuid4(), **values)
        _save(row)
        _tell(locked, row, None, changes.describe(row), by=by, event="ligne_ajoutee")
    return row


def change_line(act: Act, row: Row, /, *, by: User, **values: Any) -> Row:
    """Other values for a row that the draft holds: one it adds, or one that replaces a signed row. Return it."""
    with _amended(act, type(row), by=by) as locked:
        own = _own(locked, row)
        before = changes.REMOVED if own.removed else changes.describe(own)
        for name, value in ({"removed": False} | values).items():
            setattr(own, name, value)
        _save(own)
        _tell(locked, own, before, changes.describe(own), by=by, event="ligne_modifiee")
    return own


def undo_change(act: Act, row: Row, *, by: User) -> None:
    """Take a change out of the draft: the signed line stays as it is, an added line is gone."""
    with _amended(act, type(row), by=by) as locked:
        own = _own(locked, row)
        before = changes.REMOVED if own.removed else changes.describe(own)
        after = changes.describe(own.replaces) if own.replaces else None
        _tell(locked, own, before, after, by=by, event="changement_annule", drop=True)


def copied(row: Row) -> dict:
    """The columns of a row that a row taking it over begins with."""
    return {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in ("act", "replaces", "removed")
    }


def _take_over(act: Act, row: Row, *, by: User, event: str, values: dict) -> Row:
    with _amended(act, type(row), by=by) as locked:
        rows = type(row).objects
        in_force = (
            rows.before(locked)
            if locked.is_reprise
            else rows.current().filter(act__convention=locked.convention_id)
        )
        if not in_force.filter(pk=row.pk).exists():
            raise Refused(NOT_IN_FORCE)
        if type(row).objects.filter(act=locked, line=row.line).exists():
            raise Refused(ALREADY_CHANGED)
        new = type(row)(**(copied(row) | values | {"act": locked, "replaces": row}))
        _save(new)
        if locked.is_reprise and locked.state == ActState.SIGNED:
            chronology.settle(locked.convention)
        after = changes.REMOVED if new.removed else changes.describe(new)
        _tell(locked, new, changes.describe(row), after, by=by, event=event)
    return new


@contextmanager
def _amended(act: Act, model: type[models.Model], *, by: User) -> Iterator[Act]:
    """The draft amendment, locked with its convention, open to this person for this table."""
    if act.kind != ActKind.AMENDMENT:
        raise Refused(ONLY_AMENDMENTS)
    with transaction.atomic():
        _convention, locked = lock(act)
        if not locked.is_editable:
            raise Refused(ONLY_AMENDMENTS)
        check_scope({ROWS_BY_KEY[str(model._meta.model_name)].part}, locked, by=by)
        yield locked


def _own(act: Act, row: Row) -> Row:
    found = type(row)._default_manager.select_related("replaces").filter(act=act, pk=row.pk).first()
    if found is None:
        raise Refused(NOT_OF_THE_ACT)
    return cast(Row, found)


def _save(row: Row) -> None:
    """Raises Refused, field by field, for values that the row does not take."""
    try:
        row.full_clean(exclude=["replaces", "act"])
    except ValidationError as error:
        raise refusal_of(error) from error
    row.save()


def _drop(row: Row, *, by: User) -> None:
    """What a later act of paper made of the line, it makes of the line before.

    Raises Refused for a duty that a payment waits for, or a line that a later act changes and nothing precedes.
    """
    model: Any = type(row)
    for follower in model._default_manager.filter(replaces=row).select_related("act"):
        if row.replaces_id is None or not follower.act.is_editable:
            raise Refused(FOLLOWED)
        follower.replaces_id = row.replaces_id
        follower.save(update_fields=["replaces"])
    if isinstance(row, EquipmentTerm):
        reserving.release_lines([row], by=by, words=reserving.LINE_GONE)
    try:
        row.delete()
    except ProtectedError as error:
        raise Refused(AWAITED) from error


def _tell(
    act: Act, row: Row, before: str | None, after: str | None, *, by: User, event: str, drop: bool = False
) -> None:
    """Drop the row if asked, bring the amendment's own articles in line, raise the version, write the journal.

    An act of paper has the articles that its source gives.
    """
    if drop:
        _drop(row, by=by)
    if not act.is_reprise:
        clauses.align(act)
    convention = act.convention
    convention.version += 1
    convention.save(update_fields=["version", "updated_at"])
    journal.record(
        event,
        by=by,
        convention=convention,
        changes={str(row._meta.model_name): [before, after]},
        details={"acte": act.pk, "version": convention.version},
    )
