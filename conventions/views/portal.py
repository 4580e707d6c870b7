"""The space of the associations: their conventions, the text they signed, their PDFs."""

import functools

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from conventions.domain import documents, space
from conventions.domain.notifications import catalogue, preferences
from conventions.forms.preferences import MailChoicesForm


def in_space(view):
    """Signed in, read-only, and never kept by a shared computer's cache."""
    return require_GET(never_cache(login_required(view)))


def of_convention(view):
    """Gives the view the reader's file of the convention; not theirs: 404."""

    @in_space
    @functools.wraps(view)
    def found(request, slug, **kwargs):
        file = space.file_for(request.user, slug)
        if file is None:
            raise Http404
        return view(request, file, **kwargs)

    return found


@in_space
def home(request):
    if request.user.is_staff:
        return render(request, "portal/staff.html")
    return render(request, "portal/home.html", {"groups": space.home(request.user)})


@of_convention
def convention(request, file):
    page = {"file": file, "overview": space.overview(file), "tab": "overview"}
    return render(request, "portal/convention.html", page)


@of_convention
def support(request, file):
    page = {"file": file, "support": space.support(file), "tab": "support"}
    return render(request, "portal/support.html", page)


@of_convention
def agreement(request, file, rank=None):
    """The text, made from what is stored with the document: never from live rows."""
    reading = space.reading(file, rank)
    if reading is None:
        raise Http404
    return render(request, "portal/agreement.html", {"file": file, "reading": reading, "tab": "text"})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def mails(request):
    """« Mes courriels »: opening the page changes nothing, a link in a mail may lead here."""
    if request.user.is_staff:
        return redirect("admin:mail_preferences")
    kinds = catalogue.chosen_by(request.user)
    form = MailChoicesForm(request.POST or None, kinds=kinds, chosen=preferences.choices_of(request.user))
    if request.method == "POST" and form.is_valid():
        preferences.choose(request.user, form.cleaned_data)
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("portal:mails")
    return render(request, "portal/mails.html", {"form": form})


@require_GET
@login_required
def document(request, pk):
    """Stored bytes of a PDF of one's own: no render; the browser may keep it, and asks before showing it again."""
    found = space.document_for(request.user, pk)
    if found is None:
        raise Http404
    try:
        return documents.download_response(found, request=request)
    except documents.DamagedDocument:
        return _damaged(request, found)


@never_cache
def _damaged(request, found):
    page = {"document": found, "officer": found.act.convention.officer}
    return render(request, "portal/damaged.html", page, status=503)
