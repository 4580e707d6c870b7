"""What a colleague saved meanwhile, found in the posted form; `drafting.reconciling` says what becomes of it."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from conventions.admin.conventions.page import Page
from conventions.domain import journal
from conventions.domain.acts import drafting
from conventions.domain.acts.drafting.page_content import CONVENTION_LINKS, ROWS_BY_KEY
from conventions.domain.people import kept_texts
from conventions.forms import choosing


def merge(page: Page, conflict: drafting.Conflict) -> tuple[QueryDict, list[drafting.Meeting]]:
    """The data to show again, and what to tell. `page` is the valid page that could not be saved."""
    data = cast(QueryDict, page.data).copy()
    fresh = Page(conflict.convention, type(page.act).objects.get(pk=page.act.pk), page.user)
    meetings = [_meet(page, fresh, data, key, *pair) for key, pair in conflict.changes.items()]
    data["version"] = str(conflict.convention.version)
    return data, meetings


def closed_texts(page: Page) -> list[str]:
    """The texts posted for parts that are not open to this person any more, unless they are those stored."""
    single = [form for form in page.forms if form not in page.formsets.values()]
    ends = ("", choosing.TYPED, choosing.TOLD)
    known = {form.add_prefix(name) + end for form in single for name in form.fields for end in ends} | {
        "version"
    }
    left = [
        (name, values)
        for name, values in kept_texts.typed(cast(QueryDict, page.data))
        if name not in known and name.partition("-")[0] not in page.formsets
    ]
    keys = {name.partition("-")[0] for name, _values in left} & set(ROWS_BY_KEY)
    rows = [row for key in keys for row in ROWS_BY_KEY[key].of(page.convention, page.act).values()]
    stored = [vars(page.convention), vars(page.act), *rows]
    texts = {"".join(str(value).split()) for row in stored for value in row.values()}
    return [text for text in kept_texts.words(left) if "".join(text.split()) not in texts]


def _meet(page: Page, fresh: Page, data: QueryDict, key: str, before: Any, after: Any) -> drafting.Meeting:
    place = _place(page, fresh, key)
    if place is None:
        return drafting.meet_aside(key, before, after)
    typed, name, current = place
    meeting = drafting.meet(key, before, after, typed)
    if meeting.takes_theirs:
        _put(data, name, current)
    return meeting


def _place(page: Page, fresh: Page, key: str) -> tuple[Any, str, Any] | None:
    """(typed value, name in the form, stored value as the form shows it); None when the page has no such field."""
    parts = key.split(".")
    if parts[0] in ("convention", "act"):
        form = page.convention_form if parts[0] == "convention" else page.act_form
        other = fresh.convention_form if parts[0] == "convention" else fresh.act_form
        return _field(form, other, parts[1])
    if len(parts) < 3:
        return None
    mine, theirs = (_line(side, parts[0], parts[1]) for side in (page, fresh))
    return _field(mine, theirs, parts[2]) if mine is not None and theirs is not None else None


def _line(page: Page, key: str, pk: str) -> forms.ModelForm | None:
    formset = page.formsets.get(key)
    forms = formset.initial_forms if formset is not None else []
    return next((form for form in forms if str(form.instance.pk) == pk), None)


def _field(form: forms.ModelForm, fresh: forms.ModelForm, name: str) -> tuple[Any, str, Any] | None:
    if name not in form.fields or name not in fresh.fields:
        return None
    if name in CONVENTION_LINKS:
        typed: Any = sorted(str(item) for item in form.cleaned_data[name])
    else:
        typed = journal.field_values(form.instance, [name])[name]
    return typed, form.add_prefix(name), fresh[name].value()


def _put(data: QueryDict, name: str, value: Any) -> None:
    """As a browser would have posted it; what was typed to choose another is set aside."""
    data.pop(name + choosing.TYPED, None)
    if value is True:
        data[name] = "on"
    elif value in (None, False, ""):
        data.pop(name, None)
        if value != False:  # noqa: E712  (an unticked box is not posted at all)
            data[name] = ""
    elif isinstance(value, list | tuple):
        data.setlist(name, [str(getattr(item, "pk", item)) for item in value])
    else:
        data[name] = value.isoformat() if hasattr(value, "isoformat") else str(value)
