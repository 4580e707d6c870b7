"""Text typed and not saved: kept when a form is refused, when its session is over, when its page says so; then offered.

Without script the form itself brings its text, whatever becomes of it; with script (`js/keep.js`) its page sends it now
and then. `{% kept_mark %}` seals a form, `{% kept_offers %}` offers what waits (`domain.people.kept_texts`).
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from conventions.domain.people import kept_texts
from conventions.domain.people.kept_texts import DROP, KEEP, PAGE, RESUME, Desk
from conventions.domain.people.requests import SignedInRequest, signed_in
from conventions.forms.refusals import was_refused

KEPT = "Ce que vous avez écrit est gardé. Connectez-vous : il vous sera proposé."
BACK = "Votre texte est revenu dans le formulaire. Il n’est pas encore enregistré."
OVER = "Ce texte n’est plus gardé : il a été enregistré, ou effacé au bout de trente jours."
DROPPED = "Le texte non enregistré est effacé."


class KeptTexts:
    """What a sealed form brings is kept until it is saved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        desk: Desk | None = getattr(request, "kept_desk", None)
        if desk is not None:
            _settle(request, desk, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """After the check of the form's token, before its page."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        if not {KEEP, RESUME, DROP, PAGE} & set(request.POST):
            return None
        desk = desk_of(request)
        if desk is not None and not request.user.is_authenticated:
            return _later(request, desk)
        if desk is not None and request.user.pk == desk.user_id:
            return _gesture(signed_in(request), desk)
        return _refuse(request)


def desk_of(request: HttpRequest) -> Desk | None:
    """The desk whose seal this form carries, at this address."""
    seal = request.POST.get(PAGE, "")
    return kept_texts.desk_of(seal, address=request.get_full_path(), owner=request.user.pk)


def _refuse(request: HttpRequest) -> HttpResponseBase | None:
    """No seal of theirs: a form goes its way and nothing is kept, a gesture stops here."""
    if KEEP in request.POST:
        return JsonResponse({"kept": False})
    return HttpResponseRedirect(request.get_full_path()) if {RESUME, DROP} & set(request.POST) else None


def _gesture(request: SignedInRequest, desk: Desk) -> HttpResponseBase | None:
    """Keep, take up again, or forget; None lets the form go to its page."""
    data = request.POST
    if KEEP in data:
        return JsonResponse({"kept": kept_texts.keep(desk, kept_texts.typed(data))})
    if DROP in data:
        kept_texts.drop(request.user, form=desk.form, key=data[DROP])
        messages.info(request, DROPPED)
        return HttpResponseRedirect(desk.page)
    if RESUME in data:
        return _resume(request, desk)
    request.kept_desk = desk  # type: ignore[attr-defined]  # read by the tag and by the answer
    return None


def _resume(request: SignedInRequest, desk: Desk) -> HttpResponseBase | None:
    """The text goes to its page as if it had just been posted; a form never saves it (`forms.typed`)."""
    row = kept_texts.find(request.user, form=desk.form, key=request.POST[RESUME])
    found = kept_texts.content(row) if row is not None else []
    if row is None or not found:
        messages.warning(request, OVER)
        return HttpResponseRedirect(desk.page)
    again = kept_texts.as_posted(found)
    again[RESUME] = str(row.pk)
    request.POST = again  # type: ignore[assignment]  # the stubs want one that nobody may change
    request.kept_source = row  # type: ignore[attr-defined]  # read by the tag
    messages.info(request, BACK)
    return None


def _settle(request: HttpRequest, desk: Desk, response: HttpResponseBase) -> None:
    """Saved, it leads elsewhere; all other answers leave the text unsaved."""
    if 300 <= response.status_code < 400 and not was_refused(request):
        kept_texts.forget(desk)
    else:
        kept_texts.keep(desk, kept_texts.typed(request.POST))


def _later(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The session is over: the text waits for its author, who signs in."""
    author = kept_texts.keep_for_later(desk, kept_texts.typed(request.POST))
    if KEEP in request.POST:
        return JsonResponse({"kept": author is not None})
    if author is not None:
        messages.info(request, KEPT)
    of_staff = desk.page.startswith(reverse("admin:index"))
    return redirect_to_login(desk.page, reverse("admin:login" if of_staff else settings.LOGIN_URL))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is no longer valid: its text is kept if the form was sealed, else shown; nothing was done."""
    desk = desk_of(request)
    mine = desk is not None and (not request.user.is_authenticated or request.user.pk == desk.user_id)
    author = kept_texts.keep_for_later(desk, kept_texts.typed(request.POST)) if desk and mine else None
    if KEEP in request.POST:
        return JsonResponse({"kept": author is not None})
    context = {
        "kept": author is not None,
        "page": desk.page if desk and author else request.get_full_path(),
        "texts": [] if author else kept_texts.words(kept_texts.typed(request.POST, sealed=False)),
    }
    return render(request, "403_csrf.html", context, status=403)
