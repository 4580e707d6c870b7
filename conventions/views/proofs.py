"""« Confirmez que c’est vous »: a verb asked for a fresh proof. What was typed, and its files, wait on the page.

The page sends everything again to the same address, with the proof: right, the request goes on as if nothing had been
asked. Here too, staff whose days without a second factor are over are led to « Mon compte ».
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.datastructures import MultiValueDict

from conventions.domain.foundation.one_time_codes import leaves_in
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.requests import SignedInRequest, signed_in
from conventions.domain.people.security import grace, proofs, proving, second_factor
from conventions.domain.people.security.proofs import ProofNeeded, Way
from conventions.domain.space import kept_files
from conventions.forms.accounts import ProofForm

TYPED, SEND, FIRST, FILES, ENROL = (
    "preuve",  # what proves
    "preuve_envoyer",  # the button that asks for a code
    "preuve_pour",  # the method of the request that was stopped
    "preuve_fichier",  # « field:key » of a file kept meanwhile
    "preuve_ajout",  # an administrator adds a second factor first
)
OWN = {TYPED, SEND, FIRST, FILES, ENROL, "csrfmiddlewaretoken"}
# Typed once more: no page repeats them.
SECRET = {"password", "old_password", "new_password1", "new_password2", "code"}
# What « Mon compte » is made of, and the ways in and out.
ACCOUNT = {
    f"admin:{name}"
    for name in (
        "account", "account_factor", "account_factor_start", "account_session_close", "account_sessions_close",
        "second_factor", "password_change", "password_change_done", "login", "logout", "invitation", "jsi18n",
    )
} | {"portal:sign_out", "portal:presence"}  # fmt: skip
OVER = "Vos sept jours sans second facteur sont passés : ajoutez-en un pour continuer."
ADD_FIRST = "Ajoutez d’abord votre second facteur, puis écrivez ici un code de l’application."
NOT_KEPT = "Le fichier joint n’a pas pu être gardé : il faudra remplir la page de nouveau."


class ProofDoor:
    """Answers ProofNeeded; hears the proof; closes all but « Mon compte » once the days are over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with proofs.within(request.session):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple, kwargs: dict
    ) -> HttpResponseBase | None:
        """After the check of the form's token: nobody else's page gives a proof."""
        if request.session.session_key is None or SESSION_KEY not in request.session:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name not in ACCOUNT and grace.is_over(request.session):
            return _to_account(signed_in(request))
        if request.method == "POST" and not {TYPED, SEND}.isdisjoint(request.POST):
            return _heard(signed_in(request))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ProofNeeded) or not request.user.is_authenticated:
            return None
        return _stopped(signed_in(request), enrol=exception.strong)


def _to_account(request: SignedInRequest) -> HttpResponseRedirect:
    if second_factor.factor_of(request.user) is not None:
        return HttpResponseRedirect(reverse("admin:second_factor"))
    messages.warning(request, OVER)
    return HttpResponseRedirect(reverse("admin:account"))


def _stopped(request: SignedInRequest, *, enrol: bool) -> HttpResponse:
    """The page that asks; a code leaves at once for who sent something, and would wait for it."""
    told, kept, first = "", [], str(request.method)
    if request.method == "POST":
        try:
            kept = _kept(request)
        except Refused as refusal:
            told, first = f"{NOT_KEPT} {refusal}", "GET"
        if proving.way_of(request.user) == Way.CODE:
            told = _send(request) or told
    return _page(request, request.POST, first=first, kept=kept, told=told, enrol=enrol)


def _heard(request: SignedInRequest) -> HttpResponseBase | None:
    """Try the proof. Right: the request goes on without it, files and all; None says so."""
    post, kept = request.POST, request.POST.getlist(FILES)
    first, enrol = post.get(FIRST, "GET"), ENROL in post
    if SEND in post:
        told = _send(request)
    elif enrol and proving.must_enrol(request.user):
        told = ADD_FIRST
    else:
        told = _try(request)
        if not told and first != "POST":
            return HttpResponseRedirect(request.get_full_path())
        if not told:
            _as_first_sent(request, kept)
            return None
    return _page(request, post, first=first, kept=kept, told=told, enrol=enrol)


def _try(request: SignedInRequest) -> str:
    """Why the proof is refused; empty when it is right."""
    form = ProofForm(request.POST, way=proving.way_of(request.user))
    if not form.is_valid():
        return str(form.errors[TYPED][0])
    try:
        proving.prove(request, form.cleaned_data[TYPED])
    except Refused as refusal:
        return str(refusal)
    return ""


def _send(request: SignedInRequest) -> str:
    """Why no code leaves; empty when one does."""
    try:
        proving.ask_code(request.user, request.session)
    except Refused as refusal:
        return str(refusal)
    return ""


def _as_first_sent(request: SignedInRequest, kept: list[str]) -> None:
    """Without the proof, with the files."""
    post = request.POST.copy()
    for name in OWN - {"csrfmiddlewaretoken"}:
        post.pop(name, None)
    request.POST = post  # type: ignore[assignment]  # the stubs want it immutable
    files: MultiValueDict = MultiValueDict()
    for name, upload in _found(request, kept):
        files.appendlist(name, upload)
    request._files = files  # type: ignore[attr-defined]  # FILES has no other way in


# --- files --------------------------------------------------------------------------------------------------
def _desk(request: SignedInRequest, name: str, rank: int) -> kept_files.Desk:
    return kept_files.Desk(request.user, f"preuve:{rank}:{name}"[:40])


def _kept(request: SignedInRequest) -> list[str]:
    """Keep the files of a request that is stopped. Raises Refused for one that would be refused anyway."""
    found = []
    for name, uploads in request.FILES.lists():
        for rank, upload in enumerate(uploads):
            upload.seek(0)
            found.append(f"{rank}:{_desk(request, name, rank).keep(upload).pk}:{name}")
    return found


def _found(request: SignedInRequest, kept: list[str]) -> Iterator[tuple[str, ContentFile]]:
    for word in kept:
        rank, _colon, rest = word.partition(":")
        key, _colon, name = rest.partition(":")
        row = _desk(request, name, int(rank)).find(key) if rank.isascii() and rank.isdecimal() else None
        if row is not None:
            yield name, kept_files.as_upload(row)


# --- the page -----------------------------------------------------------------------------------------------
def _page(
    request: SignedInRequest, post: QueryDict, *, first: str, kept: list[str], told: str, enrol: bool
) -> HttpResponse:
    user = request.user
    page = {
        "form": ProofForm(way=proving.way_of(user), told=told),
        "title": "Confirmez que c’est vous",
        "hidden": list(_hidden(post)) if first == "POST" else [],
        "own": [(FIRST, first), *((FILES, word) for word in kept), *([(ENROL, "1")] if enrol else [])],
        "again": first == "POST",
    }
    page |= _of_staff(request, enrol) if user.is_staff else _of_association(request)
    template = "admin/account/proof.html" if user.is_staff else "portal/proof.html"
    response = render(request, template, page, status=403)
    add_never_cache_headers(response)
    return response


def _of_staff(request: SignedInRequest, enrol: bool) -> dict[str, Any]:
    from django.contrib import admin

    shown = admin.site.each_context(request)
    return {**shown, "enrol": enrol and proving.must_enrol(request.user), "back": reverse("admin:index")}


def _of_association(request: SignedInRequest) -> dict[str, Any]:
    """Where the code goes, and whether one is on its way."""
    code = proving.waiting_code(request.user, request.session)
    later = leaves_in(code) if code else ""
    address, back = request.user.email, reverse("portal:home")
    return {"ready": code is not None, "later": later, "address": address, "back": back}


def _hidden(post: QueryDict) -> Iterator[tuple[str, str]]:
    for name, values in post.lists():
        if name not in OWN and name not in SECRET:
            yield from ((name, str(value)) for value in values)
