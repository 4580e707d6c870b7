"""Amendments and terminations: acts of the same convention, with their own signatories and their own rows.

An amendment never touches a signed row: it brings rows that replace it or remove it. What is in force is read from
the signed acts (`TermQuerySet.current`), so is the consolidated text.
"""

import datetime
import uuid
from dataclasses import replace as with_values

from django.db import models, transaction
from django.db.models import Max

from conventions.domain import changes, journal, reading
from conventions.domain.context import AgreementContext
from conventions.domain.drafting import clauses, people
from conventions.enums import EDITABLE_STATES, ActKind, ActState, SigningPath, TermKind
from conventions.models import Act, Convention
from conventions.models.terms import Term


def start_amendment(convention: Convention, *, by, reason: str, ends_on: datetime.date | None = None) -> Act:
    """A draft amendment; `ends_on` (plain date) extends the term, possibly after a gap.

    Raises ValueError, in French, when the convention is not signed or was terminated.
    """
    return _start(convention, ActKind.AMENDMENT, by=by, reason=reason, values=_extension(convention, ends_on))


def start_termination(convention: Convention, *, by, reason: str, effective_on: datetime.date) -> Act:
    """A draft termination that takes effect on a plain date. Raises ValueError as `start_amendment`."""
    values = {"term_kind": "", "effective_on": effective_on}
    return _start(convention, ActKind.TERMINATION, by=by, reason=reason, values=values)


def _extension(convention: Convention, ends_on: datetime.date | None) -> dict:
    if ends_on is None:
        return {"term_kind": ""}
    row = Convention.objects.with_status().get(pk=convention.pk)
    return {"term_kind": TermKind.DATES, "starts_on": row.current_start, "ends_on": ends_on}


def _start(convention: Convention, kind: ActKind, *, by, reason: str, values: dict) -> Act:
    with transaction.atomic():
        locked = Convention.objects.select_for_update(of=("self",)).get(pk=convention.pk)
        initial = Act.objects.get(convention=locked, rank=0)
        _check_can_start(locked, initial)
        rank = (locked.acts.aggregate(last=Max("rank"))["last"] or 0) + 1
        act = Act.objects.create(
            convention=locked,
            kind=kind,
            rank=rank,
            path=SigningPath.INK,
            prepared_by=by,
            reason=reason,
            place=initial.place,
            **values,
        )
        people.propose_signatories(
            act, list(locked.parties.select_related("partner").order_by("position", "pk"))
        )
        clauses.choose_clauses(act)
        journal.record(
            "avenant_commence" if kind == ActKind.AMENDMENT else "resiliation_commencee",
            by=by,
            convention=locked,
            details={"acte": act.pk, "rang": rank, "motif": reason},
        )
    return act


def _check_can_start(convention: Convention, initial: Act) -> None:
    if initial.state != ActState.SIGNED:
        raise ValueError(
            "La convention n’est pas signée : modifiez son brouillon plutôt que de faire un avenant."
        )
    if is_terminated(convention):
        raise ValueError("La convention est résiliée : préparez une nouvelle convention.")


def is_terminated(convention: Convention) -> bool:
    """A termination is signed, whatever its day of effect."""
    return convention.acts.filter(kind=ActKind.TERMINATION, state=ActState.SIGNED).exists()


def lines_in_force(convention: Convention) -> dict[type[Term], list]:
    """What the signed acts promise today, table by table."""
    return {
        model: list(model.objects.current().filter(act__convention=convention).order_by("position", "pk"))
        for model in changes.TERM_MODELS
    }


def replace_line(act: Act, row, *, by, **values):
    """In a draft amendment, a row that takes over a signed one with some columns changed. Return it."""
    return _take_over(act, row, by=by, event="ligne_remplacee", values=values)


def remove_line(act: Act, row, *, by):
    """In a draft amendment, a row that ends a signed one. Return it."""
    return _take_over(act, row, by=by, event="ligne_supprimee", values={"removed": True})


def _take_over(act: Act, row, *, by, event: str, values: dict):
    if act.kind != ActKind.AMENDMENT or act.state not in EDITABLE_STATES:
        raise ValueError("Seul un avenant en préparation peut modifier une ligne signée.")
    with transaction.atomic():
        in_force = type(row).objects.current().filter(act__convention=act.convention_id)
        if not in_force.filter(pk=row.pk).exists():
            raise ValueError("Cette ligne n’est plus en vigueur. Rechargez la page.")
        copied = {
            field.name: getattr(row, field.name)
            for field in row._meta.concrete_fields
            if not field.primary_key and field.name not in ("act", "replaces", "removed")
        }
        new = type(row)(**(copied | values | {"act": act, "replaces": row}))
        new.full_clean(exclude=["replaces", "act"])
        new.save()
        clauses.align(act)
        changed = {
            row._meta.model_name: [
                changes.describe(row),
                changes.REMOVED if new.removed else changes.describe(new),
            ]
        }
        journal.record(event, by=by, convention=act.convention, changes=changed, details={"acte": act.pk})
    return new


def add_line(act: Act, model: type[models.Model], *, by, **values):
    """In a draft amendment, a promise that no signed act holds. Return its row."""
    if act.kind != ActKind.AMENDMENT or act.state not in EDITABLE_STATES:
        raise ValueError("Seul un avenant en préparation peut recevoir une ligne.")
    with transaction.atomic():
        row = model(act=act, line=uuid.uuid4(), **values)
        row.full_clean(exclude=["act"])
        row.save()
        clauses.align(act)
        told = {str(model._meta.model_name): [None, changes.describe(row)]}
        journal.record(
            "ligne_ajoutee", by=by, convention=act.convention, changes=told, details={"acte": act.pk}
        )
    return row


def consolidated_context(convention: Convention) -> AgreementContext:
    """The convention as its signed acts make it today: the initial text, the lines and duration in force."""
    initial = Act.objects.get(convention=convention, rank=0)
    base = reading.agreement_context(initial, is_draft=False)
    rows = lines_in_force(convention)
    in_force = reading.line_contexts(convention, rows)
    last = convention.acts.signed().exclude(term_kind="").order_by("-rank").first()
    return with_values(base, term=reading.term_context(last or initial), **in_force)
