"""« Adresses de connexion »: a lost mailbox; one of staff asks for another address, a second one approves."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.admin.partner_pages import partner_of, render_page
from conventions.domain.people.requests import SignedInRequest, View
from conventions.domain.space import addresses
from conventions.forms.partners import LostAddressForm
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.models import AddressChange, Partner, Representative, User

TOLD = {
    "approuver": "L’adresse est approuvée : elle comptera deux jours plus tard. L’ancienne est prévenue.",
    "annuler": "Le changement est annulé : l’adresse reste la même.",
}
VERBS = {"approuver": addresses.approve, "annuler": addresses.cancel}


def urls(page: PartnersModelAdmin) -> list[tuple[str, View, str]]:
    """(address, view, name) of the pages of a partner's sign-in addresses."""
    return [
        ("<int:pk>/adresses/", partial(show, page), "partner_addresses"),
        (
            "<int:pk>/adresses/<int:change>/<str:verb>/",
            require_POST(partial(decide, page)),
            "partner_address_decide",
        ),
    ]


def _people(partner: Partner) -> list[Representative]:
    """In office, with an account: one row a person."""
    rows = Representative.objects.in_office().filter(partner=partner, user__is_staff=False)
    return list({row.user_id: row for row in rows.select_related("user")}.values())


def show(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    """Each person's address, what is asked or planned, and the form that asks."""
    partner = partner_of(page, request, pk, permissions.can_edit_partners)
    people = _people(partner)
    sent = request.POST if request.method == "POST" else None
    form = LostAddressForm(sent, people=[(row.user_id, str(row)) for row in people if row.user_id])
    if sent is not None and form.is_valid():
        data = form.cleaned_data
        with told_on_form(form):
            user = User.objects.get(pk=data["person"])
            addresses.ask_for(user, data["email"], reason=data["reason"], by=request.user)
            messages.success(request, "C’est demandé : une autre personne doit maintenant l’approuver.")
            return HttpResponseRedirect(request.path)
    known = [row.user_id for row in people]
    waiting = AddressChange.objects.filter(user__in=known).select_related("user", "asked_by", "approved_by")
    shown = {
        "people": people,
        "to_approve": waiting.to_approve(),
        "planned": [{"row": row, "day": addresses.day_of(row)} for row in waiting.planned()],
        "form": form if people else None,
    }
    return render_page(page, request, partner, "addresses", "Adresses de connexion", **shown)


def decide(
    page: PartnersModelAdmin, request: SignedInRequest, pk: int, change: int, verb: str
) -> HttpResponse:
    """« Approuver », by somebody else than who asked, or « Annuler »."""
    partner = partner_of(page, request, pk, permissions.can_edit_partners)
    if verb not in VERBS:
        raise Http404
    known = [row.user_id for row in _people(partner)]
    row = get_object_or_404(AddressChange.objects.select_related("user"), pk=change, user__in=known)
    with told_on_page(request):
        VERBS[verb](row, by=request.user)
        messages.success(request, TOLD[verb])
    return HttpResponseRedirect(reverse("admin:partner_addresses", args=[pk]))
