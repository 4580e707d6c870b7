"""The invitations of an act signed online, for staff: send again, correct an address. Nobody here sees a link."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import convention_of, page_url, render_page
from conventions.domain.acts import signing
from conventions.domain.people.requests import SignedInRequest
from conventions.formats import elide
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.forms.signing import AddressForm
from conventions.models import SignatureRequest


def send_again(page: PartnersModelAdmin, request: SignedInRequest, pk: int, row: int) -> HttpResponseRedirect:
    """A new mail with a new link; the former one stops working."""
    asked = _asked(page, request, pk, row)
    if request.method != "POST":
        raise PermissionDenied
    with told_on_page(request):
        signing.send_again(asked, by=request.user)
        text = f"Un nouveau courriel part pour {asked.signatory}. Le lien d’avant ne s’ouvrira plus."
        messages.success(request, text)
    return _back(asked)


def correct_address(page: PartnersModelAdmin, request: SignedInRequest, pk: int, row: int) -> HttpResponse:
    """Another address for the same invitation: nothing starts over."""
    asked = _asked(page, request, pk, row)
    form = AddressForm(request.POST or None, initial={"email": signing.address_of(asked)})
    if form.is_valid():
        with told_on_form(form):
            signing.correct_address(asked, form.cleaned_data["email"], by=request.user)
            messages.success(request, f"L’adresse {elide('de', str(asked.signatory))} est corrigée.")
            return _back(asked)
    act = asked.act
    context: dict[str, Any] = {
        "person": asked.signatory,
        "form": form,
        "back": page_url(act.convention, act, "#signatures"),
    }
    return render_page(page, request, act.convention, "address", _("Corriger l’adresse"), act=act, **context)


def _asked(page: PartnersModelAdmin, request: SignedInRequest, pk: int, row: int) -> SignatureRequest:
    """The invitation, of this very convention. Raises PermissionDenied or Http404."""
    convention = convention_of(page, request, pk)
    if not permissions.can_edit_conventions(request.user):
        raise PermissionDenied
    asked = signing.for_reader(row)
    if asked is None or asked.act.convention_id != convention.pk:
        raise Http404("Cette invitation n’existe pas.")
    return asked


def _back(asked: SignatureRequest) -> HttpResponseRedirect:
    act = asked.act
    return HttpResponseRedirect(page_url(act.convention, act, "#signatures"))
