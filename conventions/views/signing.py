"""Signing online: open the invitation, read, sign, decline, ask for a correction.

A page of an act is shown to its signatory alone: whoever opened the link of the mail in this browser, or the signed-in
user whose mandate signs. Anybody else gets a 404. Nothing is ever done by a GET.
"""

import contextlib
import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conventions import permissions
from conventions.domain.acts import signing
from conventions.domain.documents import annexes, storage
from conventions.domain.people.requests import View, signed_in
from conventions.domain.space.text import annexes_of, articles_of, brief_of, frozen_text
from conventions.formats import act_words
from conventions.forms.refusals import told_on_page
from conventions.forms.signing import ReasonForm, SignForm
from conventions.models import SignatureRequest, User
from conventions.views.ceremony import Ceremony, attempt, done, entry_of
from conventions.views.presenting_signing import invitation_page, reading_page, thanks_page, waiting_lines

SESSION_KEY = "signing"
MAX_GRANTS = 20
Response = TypeVar("Response", bound=HttpResponseBase)
STEPS = ("Lire", "Signer", "C’est fait")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail: it only tells what awaits. The button opens the text."""
    try:
        asked = signing.by_token(token)
    except signing.LinkRefused as refusal:
        return _over(request, refusal)
    if request.method == "POST":
        signing.open_request(asked, by=_user(request))
        _grant(request, asked)
        return redirect("signing:read", pk=asked.pk)
    return _private(render(request, "signing/invitation.html", invitation_page(asked)))


def _grant(request: HttpRequest, asked: SignatureRequest) -> None:
    """This browser may see the request, for as long as the link it came by is the last one sent."""
    grants = dict(request.session.get(SESSION_KEY, {}))
    grants[str(asked.pk)] = asked.token_hash
    request.session[SESSION_KEY] = dict(list(grants.items())[-MAX_GRANTS:])


def _user(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _asked(request: HttpRequest, pk: int) -> SignatureRequest:
    """The request to sign, for its signatory; Http404 for anybody else."""
    asked = signing.for_reader(pk)
    if asked is None or not (_has_link(request, asked) or signing.is_signatory(request.user, asked)):
        raise Http404("Cette page n’existe pas, ou n’est pas à vous.")
    return asked


def _has_link(request: HttpRequest, asked: SignatureRequest) -> bool:
    held = request.session.get(SESSION_KEY, {}).get(str(asked.pk), "")
    if not (held and asked.token_hash) or signing.is_worn(asked):
        return False
    return constant_time_compare(held, asked.token_hash)


def _private(response: Response) -> Response:
    """No trace elsewhere: links hold a secret. « no-referrer » would make browsers post « Origin: null », refused."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _over(request: HttpRequest, refusal: signing.LinkRefused) -> HttpResponse:
    """A link that opens nothing any more: why, and what to do."""
    status = 404 if refusal.why == "inconnue" else 410
    return _private(render(request, "signing/over.html", {"refusal": refusal}, status=status))


def _page(
    request: HttpRequest,
    template: str,
    asked: SignatureRequest,
    *,
    step: int,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    act = asked.act
    steps = [
        {"title": title, "state": "done" if rank < step else "current" if rank == step else "next"}
        for rank, title in enumerate(STEPS)
    ]
    shared = {
        "asked": asked,
        "act": act,
        "convention": act.convention,
        "words": act_words(act.kind),
        "steps": steps,
        "officer": act.convention.officer,
        "with_account": signing.signs_with_account(asked),
    }
    return _private(render(request, template, shared | context, status=status))


def _of_signatory(view: View) -> View:
    """Gives the view the request to sign; a link that is over has its own page."""

    @functools.wraps(view)
    def found(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        asked = _asked(request, pk)
        try:
            return view(request, asked, **kwargs)
        except signing.LinkRefused as refusal:
            return _over(request, refusal)

    return found


def _has_turn(request: HttpRequest, asked: SignatureRequest) -> bool:
    """Whether this person may sign now; why not, as a message. Raises LinkRefused."""
    signing.refuse_if_over(asked)
    with told_on_page(request, messages.WARNING) as attempt:
        signing.refuse_unless_turn(asked)
    return attempt.refusal is None


@never_cache
@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    """What waits for the signed-in person's signature, ceremony by ceremony."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    return _private(render(request, "signing/todo.html", waiting_lines(request.user)))


@never_cache
@require_safe
@_of_signatory
def read(request: HttpRequest, asked: SignatureRequest) -> HttpResponse:
    signing.refuse_if_over(asked)
    if hasattr(asked, "act_of_signature"):
        return redirect("signing:thanks", pk=asked.pk)
    page = reading_page(asked) | {
        "text": frozen_text(asked.document),
        "brief": brief_of(asked.document, asked.signatory.party.partner.name),
        "articles": articles_of(asked.document),
        "annexes": annexes_of(asked.document),
    }
    return _page(request, "signing/read.html", asked, step=0, **page)


@never_cache
@require_safe
@_of_signatory
def document(request: HttpRequest, asked: SignatureRequest) -> HttpResponseBase:
    """The very bytes to be signed."""
    signing.refuse_if_over(asked)
    return _private(storage.download_response(asked.document, request=request, inline=True))


@require_safe
@_of_signatory
def annex(request: HttpRequest, asked: SignatureRequest, number: int) -> HttpResponseBase:
    """The bytes of an annex of the text to be signed."""
    signing.refuse_if_over(asked)
    response = annexes.download_response(asked.document, number, request=request)
    if response is None:
        raise Http404("Cet acte n’a pas d’annexe de ce numéro.")
    return _private(response)


@require_POST
def reached_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The browser saw the end of the text."""
    asked = _asked(request, pk)
    with contextlib.suppress(signing.LinkRefused):
        signing.mark_read(asked, by=_user(request))
    return HttpResponse(status=204)


@sensitive_post_parameters("code", "drawing")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_signatory
def sign(request: HttpRequest, asked: SignatureRequest) -> HttpResponse:
    """One page: name, consent, a drawing for those who wish; then the code, or the account's second factor."""
    if not _has_turn(request, asked):
        return redirect("signing:read", pk=asked.pk)
    if signing.signs_with_account(asked):
        return _sign_with_account(request, asked)
    return _sign_with_code(request, asked)


def _ceremony(request: HttpRequest, asked: SignatureRequest) -> Ceremony:
    user, shown = _user(request), asked.document.sha256
    return Ceremony(
        sentence=signing.consent_sentence(asked.act, asked.signatory),
        person=str(asked.signatory),
        shown=shown,
        check=lambda entry: signing.refuse_unless_signable(asked, entry),
        ask=lambda: signing.ask_code(asked, shown_sha256=shown, by=user),
        sign=lambda entry, digits: signing.sign_with_code(asked, entry, digits=digits, by=user),
        live=lambda: signing.live_code(asked),
        address=signing.masked_address(signing.address_of(asked)),
    )


def _sign_with_code(request: HttpRequest, asked: SignatureRequest) -> HttpResponse:
    ceremony = _ceremony(request, asked)
    tried = attempt(request, ceremony)
    if tried.signed:
        return redirect("signing:thanks", pk=asked.pk)
    return _sign_page(request, asked, **tried.shown(ceremony))


def _sign_with_account(request: HttpRequest, asked: SignatureRequest) -> HttpResponse:
    verified = permissions.has_second_factor(request)
    if not verified:
        return redirect(f"{reverse('admin:second_factor')}?{urlencode({'next': request.path})}")
    form = _ceremony(request, asked).form(SignForm, request, bound=request.method == "POST")
    if form.is_bound and form.is_valid():
        entry = entry_of(form)
        if done(
            form,
            lambda: signing.sign_with_account(
                asked, entry, by=signed_in(request).user, second_factor=verified
            ),
        ):
            return redirect("signing:thanks", pk=asked.pk)
    return _sign_page(request, asked, form=form)


def _sign_page(request: HttpRequest, asked: SignatureRequest, **context: Any) -> HttpResponse:
    brief = brief_of(asked.document, asked.signatory.party.partner.name)
    return _page(request, "signing/sign.html", asked, step=1, brief=brief, **context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_signatory
def decline(request: HttpRequest, asked: SignatureRequest) -> HttpResponse:
    """Say no, and why: everybody is told."""
    label, help_text = "Pourquoi ?", "Toutes les parties liront cette raison."
    return _leave(request, asked, signing.decline, "signing/decline.html", label=label, help_text=help_text)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_signatory
def correct(request: HttpRequest, asked: SignatureRequest) -> HttpResponse:
    """Ask for a change before signing."""
    label, help_text = "Que faut-il corriger ?", "Dites où (article, nom, montant) et ce qu’il faudrait lire."
    return _leave(
        request, asked, signing.ask_correction, "signing/correct.html", label=label, help_text=help_text
    )


def _leave(
    request: HttpRequest, asked: SignatureRequest, verb: Callable[..., object], template: str, **texts: str
) -> HttpResponse:
    if not _has_turn(request, asked):
        return redirect("signing:read", pk=asked.pk)
    form = ReasonForm(request.POST or None, **texts)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        if done(form, lambda: verb(asked, reason=reason, by=_user(request))):
            return _private(render(request, "signing/told.html", {"convention": asked.act.convention}))
    return _page(request, template, asked, step=1, form=form)


@never_cache
@require_safe
def thanks(request: HttpRequest, pk: int) -> HttpResponse:
    """Signed: what was done, what comes next, where the document will be."""
    asked = _asked(request, pk)
    if not hasattr(asked, "act_of_signature"):
        return redirect("signing:read", pk=asked.pk)
    return _page(request, "signing/thanks.html", asked, step=3, **thanks_page(asked, request.user))
