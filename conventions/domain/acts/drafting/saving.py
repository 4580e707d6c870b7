"""Save the page of a convention: one transaction, one journal line, never over a colleague's work unseen."""

import contextlib
import json
from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts.content import loading
from conventions.domain.acts.drafting import chronology, clauses, signatories, usual_duties
from conventions.domain.acts.drafting.edits import CLAUSE, Edit, RowEdit, may_follow
from conventions.domain.acts.drafting.newcomers import create_partner, free_slug
from conventions.domain.acts.drafting.page_content import (
    ACT_SIGNING,
    CONVENTION_FILE,
    CONVENTION_PUBLIC,
    CONVENTION_TERMS,
    ROWS,
    ROWS_BY_KEY,
    changed_lines,
    content_in_hand,
    differences,
    is_personal,
    tables_moved,
)
from conventions.domain.acts.drafting.scope import scope_of
from conventions.domain.equipment import reserving
from conventions.domain.foundation.refusals import Refused
from conventions.enums import PartnerNature
from conventions.models import (
    Act,
    Attachment,
    BoardDecision,
    Ceremony,
    Convention,
    EquipmentTerm,
    JournalEntry,
    Partner,
    Party,
    Project,
    User,
)
from conventions.reference.clauses import CLOSING

HELD = (
    "Un autre acte ou un suivi s’appuie sur une ligne que vous retirez : annulez d’abord ce qui s’y rattache."
)
# Of a line of the journal that tells of annexes: who had filed those papers.
FILED_BY = "deposants"
# What a change must begin with to be among the texts by which a convention is found.
SEARCHED = (
    *(f"convention.{name}" for name in ("title", "purpose", "source_kind_wording", "edition", "project")),
    "act.old_reference",
    "party.",
)


class Conflict(Refused):
    """Someone saved since the page was opened. `changes` is {key: [before, after]} of all that they changed."""

    def __init__(self, convention: Convention, changes: dict[str, list], authors: list[str]) -> None:
        super().__init__("Quelqu’un a enregistré ce dossier pendant que vous le modifiiez.")
        self.convention, self.changes, self.authors = convention, changes, authors


class Locked(Refused):
    """A part of the page that this person may not change, or not any more; str() says it in French."""


def save(edit: Edit, *, by: User, version: int) -> Convention:
    """Write the page that was opened at `version`; return the convention with its new version.

    Order: lock, version, rights, read what will be written, write, keep untouched articles in line with the file (the
    closing formula with the way of signing, always), read that again, journal. What is not written is not read.
    Raises Conflict (nothing written, the changes of others told), Locked.
    """
    with transaction.atomic():
        stored, act = lock(edit.act)
        if stored.version != version:
            raise Conflict(stored, *changes_since(stored, version))
        check_scope(_parts(edit), act, by=by)
        row = loading.beside(act) if may_follow(stored, act, edit) else None
        follows = row is not None and clauses.are_as_proposed(act, row=row)
        aligns = follows or ("path" in edit.act_fields and edit.act.path != act.path)
        reports = usual_duties.tables(act, edit.rows)
        written = [*(row.key for row in edit.rows if row), *reports, *([CLAUSE] if aligns else [])]
        tables = tables_moved(written)
        before = content_in_hand(stored, act, tables=tables, links=edit.links, row=row)
        with usual_duties.reports_following(act) if reports else contextlib.nullcontext():
            _write(edit, stored, act, before, by=by)
        if act.is_reprise and edit.act_fields:
            chronology.settle(stored)
        _read_again(act, tables)
        now = None
        if aligns:
            now = loading.beside(act) if row is None else loading.after(row, act, tables)
            if clauses.align(act, only="" if follows else CLOSING, row=now):
                now = loading.after(now, act, {CLAUSE})
        changes = differences(before, content_in_hand(stored, act, tables=tables, links=edit.links, row=now))
        if changes:
            stored.version = version + 1
            _store(stored, edit, changes)
            lines, filers = changed_lines(changes, before), _filers(changes, act)
            tell(
                "convention_modifiee",
                changes,
                by=by,
                convention=stored,
                act=act,
                lines=lines,
                filers=filers,
                holds_chain=True,
            )
        elif edit.convention_fields:
            stored.save_unsearched([*edit.convention_fields, "updated_at"])
    return stored


def _store(stored: Convention, edit: Edit, changes: dict[str, list]) -> None:
    if any(key.startswith(SEARCHED) for key in changes):
        stored.save()
    else:
        stored.save_unsearched([*edit.convention_fields, "version", "updated_at"])


def _read_again(act: Act, tables: set[str]) -> None:
    """What the act names in a table that was written is read at its next use, not remembered."""
    written = {ROWS_BY_KEY[key].model for key in tables}
    for column in act._meta.fields:
        if column.is_relation and column.related_model in written:
            act._state.fields_cache.pop(column.name, None)


def _filers(changes: dict[str, list], act: Act) -> list[int]:
    """Who had filed the papers of the annexes, once these change: their pages are terms now, as if typed."""
    if not any(key.startswith("annex.") for key in changes):
        return []
    rows = Attachment.objects.filter(annexes__act=act, uploaded_by__isnull=False)
    return sorted(set(rows.values_list("uploaded_by", flat=True)))


def lock(act: Act) -> tuple[Convention, Act]:
    """The convention and its act, locked in this transaction in the order of every verb, fresh."""
    row = loading.locked(act, "convention__officer", "convention__renews", "convention__press_contact")
    return row.convention, row


def check_scope(parts: set[str], act: Act, *, by: User) -> None:
    """Raise Locked when one of these parts is closed to this person in the act's present state."""
    scope = scope_of(act, by)
    closed = {part for part in parts if not scope.allows(part)}
    if not closed:
        return
    if closed & {"terms", "identity", "signing", "equipment", "clauses"} and not act.is_editable:
        state = act.get_state_display()
        raise Locked(f"Cet acte est maintenant « {state} » : ses termes ne se modifient plus.")
    raise Locked("Votre rôle ne permet pas de modifier cette partie du dossier.")


def _parts(edit: Edit) -> set[str]:
    found = {ROWS_PARTS[row.key] for row in edit.rows if row}
    columns = {"identity": CONVENTION_TERMS, "file": CONVENTION_FILE, "public": CONVENTION_PUBLIC}
    found |= {part for part, names in columns.items() if set(names) & set(edit.convention_fields)}
    if edit.links:
        found.add("file")
    found |= {"signing" if name in ACT_SIGNING else "terms" for name in edit.act_fields}
    return found


ROWS_PARTS = {rows.key: rows.part for rows in ROWS}


def _write(edit: Edit, stored: Convention, act: Act, before: dict[str, Any], *, by: User) -> None:
    _add_new_things(edit)
    _add_partners(edit, by=by)
    for name in edit.convention_fields:
        setattr(stored, name, getattr(edit.convention, name))
    for name in edit.act_fields:
        setattr(act, name, getattr(edit.act, name))
    if edit.act_fields:
        act.save(update_fields=[*edit.act_fields, "updated_at"])
    removes = any(row.removed for row in edit.rows)  # other lines may go with these
    for row in sorted(filter(None, edit.rows), key=lambda row: _ROW_ORDER.index(row.key)):
        if row.key == str(EquipmentTerm._meta.model_name):
            reserving.release_lines(
                [item for item in row.removed if item.pk], by=by, words=reserving.LINE_GONE
            )
        _write_rows(row, stored, act, None if removes else before)
    for name, values in edit.links.items():
        getattr(stored, name).set(values)


_ROW_ORDER = [rows.key for rows in ROWS]


def _write_rows(row: RowEdit, stored: Convention, act: Act, before: dict[str, Any] | None) -> None:
    """Removed lines go first, so that a line may take the place of one that leaves. `before`: the lines that stand,
    read under this lock; None when some have gone since."""
    model = next(rows.model for rows in ROWS if rows.key == row.key)
    owner = next(rows.owner for rows in ROWS if rows.key == row.key)
    mine = model._default_manager.filter(**{owner: stored if owner == "convention" else act})
    try:
        mine.filter(pk__in=[item.pk for item in row.removed]).delete()
    except ProtectedError as error:
        raise Refused(HELD) from error
    if row.key == "signatory":
        signatories.link_representatives([*row.added, *row.changed])
    known = set(mine.values_list("pk", flat=True)) if before is None else _lines_of(row.key, before)
    for item in row.changed:
        if item.pk in known:  # another convention's line, or one a colleague removed, is left alone
            item.save()
    for item in row.added:
        setattr(item, owner, stored if owner == "convention" else act)
        if isinstance(item, Party) and act.rank:
            item.joined_by = act  # of the acts before, it is no party
    for item in row.added:
        if item.pk:  # a party that an amendment without effect had brought
            item.save()
    _add_rows(model, [item for item in row.added if not item.pk], first=len(known))


def _lines_of(key: str, content: dict[str, Any]) -> set[int]:
    return {int(pk) for table, _dot, pk in (name.partition(".") for name in content) if table == key}


def _add_rows(model: type[models.Model], items: list, *, first: int) -> None:
    if "position" in {column.name for column in model._meta.fields}:
        for rank, item in enumerate(items, start=first):
            item.position = item.position or rank
    if model._meta.model_name == "photo":  # its file is stored by save()
        for item in items:
            item.save()
        return
    model._default_manager.bulk_create(items)


def _add_new_things(edit: Edit) -> None:
    new = edit.new
    if new.project:
        holder = edit.convention.parties.filter(partner__is_opt=False).first()
        edit.convention.project = Project.objects.create(
            name=new.project,
            holder=holder.partner if holder else None,
            is_demo=edit.convention.is_demo,
        )
    if new.decision_date:
        values = {"number": new.decision_number, "decided_on": new.decision_date}
        edit.act.board_decision = BoardDecision.objects.filter(
            **values
        ).first() or BoardDecision.objects.create(**values, is_demo=edit.convention.is_demo)
    if new.ceremony_title:
        edit.act.ceremony = Ceremony.objects.create(
            title=new.ceremony_title,
            slug=free_slug(Ceremony, new.ceremony_title),
            held_on=new.ceremony_date,
            place=edit.act.place,
            is_demo=edit.convention.is_demo,
        )


def _add_partners(edit: Edit, *, by: User) -> None:
    """Parties and final beneficiaries met on this page: each is made once, or found again by its name."""
    parties = [row for rows in edit.rows if rows.key == "party" for row in [*rows.added, *rows.changed]]
    for party in parties:
        if party.partner.pk is None:
            party.partner = _met(party.partner.name, party.partner.nature, by=by)
    if edit.new.beneficiaries and "final_beneficiaries" in edit.links:
        met = [_met(name, PartnerNature.OTHER, by=by) for name in edit.new.beneficiaries]
        edit.links["final_beneficiaries"] = [*edit.links["final_beneficiaries"], *met]


def _met(name: str, nature: str, *, by: User) -> Partner:
    known = Partner.objects.others().lookalikes(name).first()
    return known or create_partner(name, nature=PartnerNature(nature), by=by)


def tell(
    event: str,
    changes: dict[str, list],
    *,
    by: User,
    convention: Convention,
    act: Act,
    lines: dict[str, str] | None = None,
    filers: Sequence[int] = (),
    holds_chain: bool = False,
) -> None:
    """The journal line; names and addresses of people go to its erasable side.

    `lines` names those that changed; `filers`: users whose papers became annexes, who prepare the act by that;
    `holds_chain`: see `journal.record`.
    """
    named = lines or {}
    personal: dict[str, Any] = {key: pair for key, pair in changes.items() if is_personal(key)}
    signatories = {key: name for key, name in named.items() if is_personal(key)}
    if signatories:
        personal["lignes"] = signatories
    things = {key: name for key, name in named.items() if key not in signatories}
    journal.record(
        event,
        by=by,
        convention=convention,
        changes={key: pair for key, pair in changes.items() if key not in personal},
        personal=personal,
        details={"acte": act.pk, "version": convention.version}
        | ({"lignes": things} if things else {})
        | ({FILED_BY: list(filers)} if filers else {}),
        at=timezone.now(),
        holds_chain=holds_chain,
    )


def changes_since(convention: Convention, version: int) -> tuple[dict[str, list], list[str]]:
    """What was saved after this version: {key: [first before, last after]}, and who did."""
    merged: dict[str, list] = {}
    authors: dict[str, None] = {}
    lines = JournalEntry.objects.filter(convention=convention).select_related("actor", "personal")
    for line in lines.order_by("sequence"):
        payload = json.loads(line.payload)
        if payload["details"].get("version", 0) <= version:
            continue
        authors[str(line.actor) if line.actor else "l’application"] = None
        side = getattr(line, "personal", None)
        told: dict[str, Any] = {**payload["changes"], **(side.data if side else {})}
        pairs = {key: pair for key, pair in told.items() if isinstance(pair, list)}
        for key, (before, after) in pairs.items():
            merged[key] = [merged[key][0] if key in merged else before, after]
    return {key: pair for key, pair in merged.items() if pair[0] != pair[1]}, list(authors)
