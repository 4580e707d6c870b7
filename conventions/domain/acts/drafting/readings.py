"""Values for people to read: a block of the page that is closed shows texts, never disabled fields."""

import datetime
from collections.abc import Iterable

from django.db import models
from django.utils.text import capfirst

from conventions.domain.acts.content import assembling
from conventions.domain.acts.drafting.page_content import Rows
from conventions.domain.documents import merge_fields
from conventions.formats import as_value, show_amount, show_date, show_number, show_xpf
from conventions.models import Act, Convention, EquipmentTerm, InKind


def shown(instance: models.Model, name: str) -> str:
    """A column's value for the reader; an unknown amount says so; nothing is said of what is empty."""
    column = _column(instance, name)
    if column.many_to_many:
        return ", ".join(str(item) for item in getattr(instance, name).all())
    value = getattr(instance, name)
    if column.choices:
        return str(capfirst(getattr(instance, f"get_{name}_display")())) if value else ""
    if isinstance(column, models.FileField):
        return str(value.name).rpartition("/")[2]
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime.date):
        return show_date(value, getattr(instance, f"{name}_precision", "jour"))
    if isinstance(column, models.PositiveBigIntegerField):
        return _amount(instance, name, value)
    if type(column) is models.PositiveIntegerField and value is not None:
        return show_number(value)
    return "" if value is None else str(value)


def _column(owner: models.Model | type[models.Model], name: str) -> models.Field:
    columns = (*owner._meta.fields, *owner._meta.many_to_many)
    return next(column for column in columns if column.name == name)


def _amount(instance: models.Model, name: str, value: int | None) -> str:
    """In words where the row has a status; a payment has none, nor has the price of one unit."""
    status = getattr(instance, "status", "")
    if status and name == "amount":
        said = show_amount(value, status)
        return as_value(said) if isinstance(instance, InKind | EquipmentTerm) else said
    return "" if value is None else show_xpf(value)


def shown_fields(convention: Convention, act: Act, names: Iterable[str]) -> list[tuple[str, str]]:
    """(label, text) of the columns that hold something."""
    found = []
    for name in names:
        owner = _owner(convention, act, name)
        if owner is None or name.endswith("_precision"):
            continue
        text = shown(owner, name)
        if text:
            found.append((str(capfirst(_column(owner, name).verbose_name)), text))
    return found


def _owner(convention: Convention, act: Act, name: str) -> models.Model | None:
    for owner in (convention, act):
        if name in {column.name for column in (*owner._meta.fields, *owner._meta.many_to_many)}:
            return owner
    return None


def shown_rows(rows: Rows, items: Iterable[models.Model]) -> tuple[list[str], list[list[str]]]:
    """Headings and texts of lines; columns that no line fills are left out."""
    names = [
        name for name in rows.fields if name not in ("position", "order") and not name.endswith("_precision")
    ]
    table = [[shown(item, name) for name in names] for item in items]
    used = [index for index in range(len(names)) if any(line[index] for line in table)]
    headings = [str(capfirst(_column(rows.model, names[index]).verbose_name)) for index in used]
    return headings, [[line[index] for index in used] for line in table]


def shown_articles(row: Act) -> tuple[list[str], list[list[str]]]:
    """Articles of a `loaded` act as they read once filled in; a table of the document is named, not drawn."""
    articles = assembling.agreement_context(row, row=row).clauses
    return ["Article", "Texte"], [[article.heading, _named_tables(article.body)] for article in articles]


def _named_tables(body: str) -> str:
    return merge_fields.FIELD.sub(lambda found: f"[{merge_fields.REGISTRY[found[1]].label}]", body)
