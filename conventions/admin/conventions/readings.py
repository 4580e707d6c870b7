"""Values for people to read: a block of the page that is closed shows texts, never disabled fields."""

import datetime
from collections.abc import Iterable
from typing import cast

from django.db import models
from django.utils.text import capfirst

from conventions.domain.acts.content import assembling
from conventions.domain.acts.drafting.page_content import Rows
from conventions.domain.documents import merge_fields
from conventions.enums import ActState, ConventionStatus
from conventions.formats import act_words, show_amount, show_date, show_xpf
from conventions.models import Act, Convention

STATE_TONES = {
    ActState.DRAFT: "neutral",
    ActState.IN_REVIEW: "info",
    ActState.TO_CORRECT: "warn",
    ActState.APPROVED: "info",
    ActState.TO_SIGN: "warn",
    ActState.PARTLY_SIGNED: "warn",
    ActState.TO_SEAL: "info",
    ActState.SIGNED: "ok",
    ActState.ABANDONED: "done",
    ActState.CANCELLED: "bad",
    ActState.DECLINED: "bad",
    ActState.EXPIRED: "bad",
}
STATUS_TONES = {
    ConventionStatus.PREPARING: "neutral",
    ConventionStatus.UPCOMING: "info",
    ConventionStatus.RUNNING: "ok",
    ConventionStatus.TO_RENEW: "warn",
    ConventionStatus.LAPSED: "done",
    ConventionStatus.UNKNOWN_TERM: "plain",
    ConventionStatus.CLOSED: "done",
    ConventionStatus.TERMINATED: "bad",
    ConventionStatus.DROPPED: "done",
}


def shown(instance: models.Model, name: str) -> str:
    """A column's value for the reader; an unknown amount says so; nothing is said of what is empty."""
    column = cast(models.Field, instance._meta.get_field(name))
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
        return _amount(instance, value)
    return "" if value is None else str(value)


def _amount(instance: models.Model, value: int | None) -> str:
    """In words where the row has a status; a share or a payment has none."""
    status = getattr(instance, "status", "")
    if status:
        return show_amount(value, status)
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
            found.append((str(capfirst(cast(models.Field, owner._meta.get_field(name)).verbose_name)), text))
    return found


def _owner(convention: Convention, act: Act, name: str) -> models.Model | None:
    for owner in (convention, act):
        if name in {column.name for column in (*owner._meta.fields, *owner._meta.many_to_many)}:
            return owner
    return None


def shown_rows(rows: Rows, items: Iterable[models.Model]) -> tuple[list[str], list[list[str]]]:
    """Headings and texts of lines; columns that no line fills are left out."""
    names = [name for name in rows.fields if name not in ("position", "order")]
    table = [[shown(item, name) for name in names] for item in items]
    used = [index for index in range(len(names)) if any(line[index] for line in table)]
    headings = [
        str(capfirst(cast(models.Field, rows.model._meta.get_field(names[index])).verbose_name))
        for index in used
    ]
    return headings, [[line[index] for index in used] for line in table]


def state_wording(act: Act) -> str:
    """« brouillon », « signé » or « signée »: the state, in the gender of the act."""
    label = str(act.get_state_display())
    return act_words(act.kind).agree(label) if label.endswith("é") else label


def shown_articles(act: Act) -> tuple[list[str], list[list[str]]]:
    """Articles as they read once filled in; a table of the document is named, not drawn."""
    articles = assembling.agreement_context(act).clauses
    return ["Article", "Texte"], [[article.heading, _named_tables(article.body)] for article in articles]


def _named_tables(body: str) -> str:
    return merge_fields.FIELD.sub(lambda found: f"[{merge_fields.REGISTRY[found[1]].label}]", body)
