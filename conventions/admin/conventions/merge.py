"""Two people on the same page: what a colleague saved, put beside what was typed, line by line.

Where only the colleague changed a field, their value is taken up; where both did, what was typed stays and theirs is
shown beside. Saving again is then done knowingly.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict

from conventions.admin.conventions.page import Page
from conventions.domain import journal
from conventions.domain.acts import drafting
from conventions.domain.acts.drafting.page_content import CONVENTION_LINKS
from conventions.formats import NBSP, show_xpf

KEPT = "Votre saisie est gardée."
TAKEN = "Repris dans votre page."
NOTHING = "(vide)"


@dataclass(frozen=True)
class Meeting:
    """One thing a colleague changed: what it is, theirs, what was typed, what happens at the next save."""

    label: str
    theirs: str
    yours: str
    outcome: str
    clash: bool


def merge(page: Page, conflict: drafting.Conflict) -> tuple[QueryDict, list[Meeting]]:
    """The data to show again, and what to tell. `page` is the valid page that could not be saved."""
    data = cast(QueryDict, page.data).copy()
    fresh = Page(conflict.convention, type(page.act).objects.get(pk=page.act.pk), page.user)
    meetings = [_meet(page, fresh, data, key, *pair) for key, pair in conflict.changes.items()]
    data["version"] = str(conflict.convention.version)
    return data, meetings


def _meet(page: Page, fresh: Page, data: QueryDict, key: str, before: Any, after: Any) -> Meeting:
    label = drafting.change_label(key)
    place = _place(page, fresh, key)
    if place is None:
        whole = after if before is None else before if after is None else ""
        label = f"{label} «{NBSP}{whole}{NBSP}»" if whole else label
        return Meeting(label, _text(after), "", _without_place(before, after), False)
    if key.endswith(".amount"):
        return _settle(label, place, before, after, data, _money)
    return _settle(label, place, before, after, data, _text)


def _settle(
    label: str, place: tuple[Any, str, Any], before: Any, after: Any, data: QueryDict, text: Callable
) -> Meeting:
    """Take up theirs where only they changed; keep what was typed where both did."""
    typed, name, current = place
    if _same(typed, after):
        return Meeting(label, text(after), text(typed), "Vous avez écrit la même chose.", False)
    if _same(typed, before):
        _put(data, name, current)
        return Meeting(label, text(after), text(before), TAKEN, False)
    return Meeting(label, text(after), text(typed), KEPT, True)


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
    """As a browser would have posted it."""
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


def _same(one: Any, other: Any) -> bool:
    return (one or None) == (other or None) or str(one) == str(other)


def _without_place(before: Any, after: Any) -> str:
    if before is None:
        return "Ligne ajoutée : elle reste."
    if after is None:
        return "Ligne retirée : la vôtre revient en fin de liste ; supprimez-la si c’est voulu."
    return "Enregistré ; votre page ne le change pas."


def _money(value: Any) -> str:
    return show_xpf(value) if isinstance(value, int) else NOTHING


def _text(value: Any) -> str:
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    text = str(value).rpartition(" (#")[0] if str(value).endswith(")") and " (#" in str(value) else str(value)
    return text if len(text) <= 400 else f"{text[:400]}{NBSP}…"
