"""The seal of a form whose text is kept, and the offer of what was typed there before."""

from typing import Any

from django import template
from django.http import HttpRequest

from conventions.domain.people import kept_texts
from conventions.domain.people.kept_texts import SHOW, Desk
from conventions.models import KeptText, User

register = template.Library()


@register.inclusion_tag("components/_kept_mark.html", takes_context=True)
def kept_mark(context: template.Context, form: str = "") -> dict[str, Any]:
    """Inside a form: its seal. `form`: the address it posts to, when that is not the page's own."""
    request, user = _reader(context)
    if user is None or context.get("is_popup"):
        return {"desk": None}
    desk = _desk(request, user, form)
    resumed = bool(desk.source) or request.method == "POST"
    return {"desk": desk, "unsaved": resumed}


@register.inclusion_tag("components/_kept_offers.html", takes_context=True)
def kept_offers(context: template.Context, form: str = "", closed: bool = False) -> dict[str, Any]:
    """Before a form: what its reader typed there and did not save. `closed`: the form may not be sent any more."""
    request, user = _reader(context)
    if user is None or context.get("is_popup"):
        return {"rows": []}
    address = kept_texts.form_of(form or request.get_full_path())
    here = _desk(request, user, form)
    known = {here.tab, getattr(getattr(request, "kept_source", None), "tab", "")}
    rows = [row for row in _waiting(request, user) if row.form == address and row.tab not in known]
    if not rows:
        return {"rows": []}
    return {
        "rows": [(row, _reading(row, request), _words(row, user, request, closed=closed)) for row in rows],
        "closed": closed,
        "form": form or request.get_full_path(),
        "token": here.token,
        "csrf_token": context.get("csrf_token"),
    }


def _reader(context: template.Context) -> tuple[HttpRequest, User | None]:
    request = getattr(context, "request", None) or context["request"]
    user = getattr(request, "user", None)
    return request, user if user is not None and user.is_authenticated else None


def _desk(request: HttpRequest, user: User, form: str) -> Desk:
    """The same for both tags, and for the answer to a form that was refused."""
    made: dict[str, Desk] = request.__dict__.setdefault("kept_desks", {})
    address = kept_texts.form_of(form or request.get_full_path())
    if address not in made:
        posted: Desk | None = getattr(request, "kept_desk", None)
        if posted is not None and posted.form == address:
            made[address] = posted
        else:
            # A form shown in answer to another is found again at its own address.
            page = form if form and request.method == "POST" else request.get_full_path()
            desk = kept_texts.open_desk(user, form=address, page=page)
            source: KeptText | None = getattr(request, "kept_source", None)
            made[address] = desk.of(source) if source is not None and source.form == address else desk
    return made[address]


def _waiting(request: HttpRequest, user: User) -> list[KeptText]:
    """Read once, however many forms the page has."""
    if "kept_waiting" not in request.__dict__:
        request.__dict__["kept_waiting"] = kept_texts.waiting(user)
    found: list[KeptText] = request.__dict__["kept_waiting"]
    return found


def _reading(row: KeptText, request: HttpRequest) -> str:
    """Where its text is shown on this page."""
    asked = request.GET.copy()
    asked[SHOW] = str(row.pk)
    return f"?{asked.urlencode()}"


def _words(row: KeptText, user: User, request: HttpRequest, *, closed: bool) -> list[str]:
    """The texts to copy: when they are asked for, or when nothing else can be done with them."""
    if not closed and request.GET.get(SHOW) != str(row.pk):
        return []
    whole = kept_texts.find(user, form=row.form, key=str(row.pk))
    return kept_texts.words(kept_texts.content(whole)) if whole is not None else []
