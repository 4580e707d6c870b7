"""« Imprimer » : the copies of an act to sign in ink, and what to do with them once printed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import act_of, convention_of, page_url, render_page
from conventions.domain.acts.paper import copies
from conventions.domain.people.requests import SignedInRequest
from conventions.formats import act_words
from conventions.forms.refusals import told_on_page
from conventions.models import Act, Convention


def print_copies(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    """GET tells how to print and sign; POST makes the copies, once."""
    convention = convention_of(page, request, pk)
    act = act_of(convention, request)
    if not copies.is_printable(act) or act.frozen_document is None:
        raise Http404(copies.NOT_FROZEN)
    if request.method == "POST":
        return _make(request, convention, act)
    words, pages = act_words(act.kind), act.frozen_document.page_count
    context: dict[str, Any] = {
        "words": words,
        "signed": words.agree("signé"),
        "pages": pages,
        "is_odd": pages % 2 == 1,
        "copies": copies.copies_to_make(act),
        "made": copies.copies_of(act),
        "people": act.signatories.select_related("party__partner"),
        "may_print": permissions.can_print_copies(request.user),
        "may_file": permissions.can_file_scans(request.user),
    }
    return render_page(page, request, convention, "print", f"Imprimer {words.the}", act=act, **context)


def print_url(convention: Convention, act: Act) -> str:
    query = f"?acte={act.rank}" if act.rank else ""
    return reverse("admin:conventions_convention_print", args=[convention.pk]) + query


def _make(request: SignedInRequest, convention: Convention, act: Act) -> HttpResponseRedirect:
    if not permissions.can_print_copies(request.user):
        raise PermissionDenied
    with told_on_page(request):
        copies.print_copies(act, by=request.user)
        return HttpResponseRedirect(print_url(convention, act))
    return HttpResponseRedirect(page_url(convention, act))
