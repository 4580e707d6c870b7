"""The space of the associations: their conventions, the text they signed, their PDFs."""

import functools
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from conventions.domain import space
from conventions.domain.acts import amending
from conventions.domain.documents import annexes, storage
from conventions.domain.documents.rendering import consolidated_html
from conventions.domain.foundation import mail_catalogue
from conventions.domain.mails import preferences
from conventions.domain.people.requests import SignedInRequest, View
from conventions.domain.space.access import File
from conventions.exchange.archives.dossier import dossier_response
from conventions.forms.preferences import MailChoicesForm


def in_space(view: View) -> View:
    """Signed in, read-only, and never kept by a shared computer's cache."""
    return require_GET(never_cache(login_required(view)))


def of_convention(view: View) -> View:
    """Gives the view the reader's file of the convention; not theirs: 404."""

    @in_space
    @functools.wraps(view)
    def found(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        file = space.file_for(request.user, slug)
        if file is None:
            raise Http404
        return view(request, file, **kwargs)

    return found


@in_space
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_staff:
        return render(request, "portal/staff.html")
    return render(request, "portal/home.html", {"home": space.home(request.user)})


@of_convention
def convention(request: HttpRequest, file: File) -> HttpResponse:
    """Everything about a convention, what waits for the reader first."""
    page = space.page(request.user, file)
    return render(request, "portal/convention.html", {"file": file, "page": page, "tab": "overview"})


@of_convention
def support(request: HttpRequest, file: File) -> HttpResponse:
    """The page of the support is now a part of the convention's."""
    return redirect(reverse("portal:convention", args=[file.convention.slug]) + "#argent")


@of_convention
def text_in_force(request: HttpRequest, file: File) -> HttpResponse:
    """The text as the signed acts make it today, for who is in office and only once an amendment is signed."""
    if not (file.in_office and len(file.signed_acts) > 1):
        raise Http404
    text = consolidated_html(amending.consolidated(file.convention))
    page = {"file": file, "text": text, "acting": space.partner_for(request.user, file), "tab": "text"}
    return render(request, "portal/text_in_force.html", page)


@of_convention
def copy(request: HttpRequest, file: File) -> HttpResponse:
    """What to show other funders: the public version, or the signed documents with what they disclose."""
    page = {"file": file, "copies": space.copies_of(file), "tab": "overview"}
    return render(request, "portal/copy.html", page)


@of_convention
def dossier(request: HttpRequest, file: File, rank: int) -> HttpResponseBase:
    """The ZIP of a signed act: document, attestation, journal, annexes."""
    act = next((act for act in file.signed_acts if act.rank == rank), None)
    if act is None or act.signed_document is None:
        raise Http404
    return dossier_response(act)


@of_convention
def agreement(request: HttpRequest, file: File, rank: int | None = None) -> HttpResponse:
    """The text, made from what is stored with the document: never from live rows."""
    acting = space.partner_for(request.user, file)
    reading = space.reading(file, rank, party=acting.name if acting else "")
    if reading is None:
        raise Http404
    page = {
        "file": file,
        "reading": reading,
        "acting": acting,
        "tab": "text",
        "asked": space.asked_to_sign(request.user, file, reading),
    }
    return render(request, "portal/agreement.html", page)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def mails(request: SignedInRequest) -> HttpResponse:
    """« Mes courriels »: opening the page changes nothing, a link in a mail may lead here."""
    if request.user.is_staff:
        return redirect("admin:mail_preferences")
    kinds = mail_catalogue.chosen_by(request.user)
    form = MailChoicesForm(request.POST or None, kinds=kinds, chosen=preferences.choices_of(request.user))
    if request.method == "POST" and form.is_valid():
        preferences.choose(request.user, form.cleaned_data)
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("portal:mails")
    return render(request, "portal/mails.html", {"form": form})


@require_GET
@login_required
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Stored bytes of a PDF of one's own: no render; the browser may keep it, and asks before showing it again."""
    found = space.document_for(request.user, pk)
    if found is None:
        raise Http404
    return storage.download_response(found, request=request)


@require_safe
@login_required
def annex(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """An annex of a frozen text of one's own, by the document that names it."""
    found = space.document_for(request.user, pk)
    response = annexes.download_response(found, number, request=request) if found else None
    if response is None:
        raise Http404
    return response
