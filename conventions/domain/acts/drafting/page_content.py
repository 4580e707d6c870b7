"""The content of a convention's page as plain values, to tell what a save changed.

Keys: « convention.title », « act.starts_on »; a line is « funding.12 » with its own fields, so that a change reads
« funding.12.amount » and an added or removed line reads « funding.12 ».
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst

from conventions.domain import journal
from conventions.domain.acts.content import loading
from conventions.models import (
    Act,
    Annex,
    Attachment,
    Attendee,
    BudgetLine,
    Clause,
    Convention,
    EquipmentTerm,
    Funding,
    Indicator,
    InKind,
    InstalmentTerm,
    Obligation,
    Party,
    Photo,
    Signatory,
    Source,
)

CONVENTION_TERMS = ("title", "kind", "source_kind_wording", "purpose", "project", "renews", "edition")
CONVENTION_FILE = ("officer", "plan", "interests_note", "notes")
CONVENTION_PUBLIC = ("public_summary", "public_story", "press_contact")
CONVENTION_LINKS = ("final_beneficiaries", "areas", "themes", "values")
ACT_TERMS = (
    "path",
    "signing_order",
    "old_reference",
    "term_kind",
    "starts_on",
    "starts_on_precision",
    "ends_on",
    "ends_on_precision",
    "term_wording",
    "effective_on",
    "ground",
    "ended_by",
    "notice_on",
    "signed_on",
    "signed_on_precision",
    "signed_on_wording",
    "place",
    "board_decision",
    "ceremony",
    "preamble",
    "reason",
    "object_text",
)
ACT_SIGNING = ("path", "signing_order", "place", "board_decision", "ceremony")


LOAN = ("starts_on", "return_on", "custody", "insurance", "state_given")


@dataclass(frozen=True)
class Rows:
    """A table of lines of the page: `owner` is the key it hangs on, `part` the part of the page it belongs to.

    `personal`: names and addresses of people, kept in the erasable side row of the journal.
    """

    model: type[models.Model]
    owner: str
    part: str
    fields: tuple[str, ...]
    personal: bool = False
    loads: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return str(self.model._meta.model_name)

    def of(self, convention: Convention, act: Act) -> models.QuerySet:
        """Its rows, in the order of the page, foreign keys loaded."""
        links = [name for name in self.fields if self.model._meta.get_field(name).is_relation]
        owner = {"convention": convention} if self.owner == "convention" else {"act": act}
        return self.model._default_manager.filter(**owner).select_related(*links, *self.loads, self.owner)


ROWS = (
    Rows(Party, "convention", "terms", ("partner", "role", "position"), loads=("joined_by",)),
    Rows(
        Signatory,
        "act",
        "terms",
        ("party", "civility", "first_name", "last_name", "title", "capacity", "email", "order"),
        personal=True,
        loads=("party__partner",),
    ),
    Rows(Attendee, "act", "terms", ("civility", "first_name", "last_name", "title"), personal=True),
    Rows(
        Funding,
        "act",
        "terms",
        (
            "figure",
            "budget_year",
            "status",
            "amount",
            "quantity",
            "unit",
            "unit_price",
            "publishable",
            "label",
            "party",
        ),
        loads=("party__partner",),
    ),
    Rows(
        InstalmentTerm,
        "act",
        "terms",
        ("label", "amount", "percent", "condition_kind", "due_on", "obligation", "condition"),
    ),
    Rows(
        InKind,
        "act",
        "terms",
        (
            "kind",
            "description",
            "quantity",
            "unit",
            "unit_price",
            "status",
            "amount",
            "publishable",
            *LOAN,
            "conditions",
        ),
    ),
    Rows(
        EquipmentTerm,
        "act",
        "equipment",
        (
            "nature",
            "transfer",
            "quantity",
            "brand",
            "model",
            "serial",
            "inventory_tag",
            "purchased_on",
            "purchased_on_precision",
            "unit",
            "unit_price",
            "status",
            "amount",
            "publishable",
            *LOAN,
            "pickup_place",
            "pickup_by",
            "holds_data",
        ),
    ),
    Rows(
        Obligation,
        "act",
        "terms",
        ("kind", "party", "text", "due_on", "due_wording", "proof"),
        loads=("party__partner",),
    ),
    Rows(
        BudgetLine,
        "act",
        "terms",
        (
            "side",
            "heading",
            "budget_year",
            "status",
            "amount",
            "quantity",
            "unit",
            "unit_price",
            "party",
            "funder",
            "standing",
        ),
        loads=("party__partner",),
    ),
    Rows(Indicator, "act", "terms", ("name", "target", "unit", "target_wording", "due_on", "due_wording")),
    Rows(Clause, "act", "clauses", ("position", "heading", "body"), loads=("template",)),
    Rows(
        Source,
        "convention",
        "file",
        (
            "title",
            "publisher",
            "url",
            "published_on",
            "published_on_precision",
            "fact",
            "wording",
            "publishable",
        ),
    ),
    Rows(Annex, "act", "terms", ("attachment", "title", "position"), personal=True),
    Rows(Attachment, "convention", "file", ("kind", "title"), personal=True),
    Rows(
        Photo,
        "convention",
        "public",
        (
            "alternative_text",
            "caption",
            "credit",
            "taken_on",
            "taken_on_precision",
            "shows_children",
            "consent",
            "publishable",
        ),
    ),
)
ROWS_BY_KEY = {rows.key: rows for rows in ROWS}


def read_content(convention: Convention, act: Act) -> dict[str, Any]:
    """Everything the page shows, read from the database; a constant number of queries."""
    stored = Convention.objects.select_related(
        "kind", "project", "officer", "renews", "plan", "press_contact"
    )
    row = stored.prefetch_related(*CONVENTION_LINKS).get(pk=convention.pk)
    current = Act.objects.select_related("board_decision", "ceremony").get(pk=act.pk)
    return content_in_hand(row, current, tables=ROWS_BY_KEY, links=CONVENTION_LINKS)


def content_in_hand(
    convention: Convention,
    act: Act,
    *,
    tables: Collection[str],
    links: Collection[str],
    row: Act | None = None,
) -> dict[str, Any]:
    """The columns of a convention and its act as these instances hold them; the lines of some tables and some links,
    read from the database, a query each, but those that `row`, the same act `loaded`, has read under the same lock."""
    names = [*CONVENTION_TERMS, *CONVENTION_FILE, *CONVENTION_PUBLIC]
    found = {f"convention.{name}": value for name, value in journal.field_values(convention, names).items()}
    found |= {
        f"convention.{name}": _names(getattr(convention, name).all())
        for name in CONVENTION_LINKS
        if name in links
    }
    found |= {f"act.{name}": value for name, value in journal.field_values(act, list(ACT_TERMS)).items()}
    for rows in (rows for rows in ROWS if rows.key in tables):
        read = loading.page_lines(row, rows.key) if row else None
        for line in rows.of(convention, act) if read is None else read:
            values = journal.field_values(line, list(rows.fields))
            found[f"{rows.key}.{line.pk}"] = {"": str(line), **values}
    return found


def tables_moved(keys: Iterable[str]) -> set[str]:
    """These tables, and those whose lines name a line of one of them, or go with it."""
    found = set(keys)
    for _step in ROWS:
        models_moved = {ROWS_BY_KEY[key].model for key in found}
        found |= {rows.key for rows in ROWS if models_moved & _named_by(rows.model)}
    return found


def _named_by(model: type[models.Model]) -> set[Any]:
    return {column.related_model for column in model._meta.fields if column.is_relation}


def _names(items: Iterable) -> list[str]:
    return sorted(str(item) for item in items)


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list]:
    """{key: [before, after]}; a line added or removed is told once, by what it is."""
    found: dict[str, list] = {}
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            pairs = journal.difference(old, new)
            found |= {f"{key}.{name}": pair for name, pair in pairs.items() if name}
        else:
            found[key] = [_told(old), _told(new)]
    return found


def changed_lines(changes: dict[str, list], before: dict[str, Any]) -> dict[str, str]:
    """{« funding.12 »: its name before}, for the lines of which columns changed: the journal names them."""
    keys = {".".join(parts[:2]) for key in changes if len(parts := key.split(".")) == 3}
    return {key: before[key][""] for key in sorted(keys)}


def _told(value: Any) -> Any:
    return value[""] if isinstance(value, dict) else value


def is_personal(key: str) -> bool:
    rows = ROWS_BY_KEY.get(key.split(".")[0])
    return rows is not None and rows.personal


def change_label(key: str) -> str:
    """« Financement : montant (F CFP) » for « funding.12.amount »; other keys as they are, in words."""
    parts = key.split(".")
    model = {"convention": Convention, "act": Act}.get(parts[0])
    if model is None and parts[0] in ROWS_BY_KEY:
        model = ROWS_BY_KEY[parts[0]].model
    if model is None:
        return str(capfirst(key.replace("_", " ")))
    if parts[0] in ("convention", "act"):
        return _column_label(model, parts[-1], capital=True)
    name = capfirst(model._meta.verbose_name)
    if len(parts) < 3:
        return str(name)
    return f"{name}\u00a0: {_column_label(model, parts[2])}"


def _column_label(model: type[models.Model], name: str, *, capital: bool = False) -> str:
    """The column's French label; its name when an old line tells of a column that is gone."""
    try:
        label = str(getattr(model._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        label = name.replace("_", " ")
    return str(capfirst(label)) if capital else label
