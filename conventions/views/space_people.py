"""The association and oneself in the space: who has access, who is declared, contacts, one's sign-in address."""

import functools
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from conventions import permissions
from conventions.domain import space
from conventions.domain.foundation.one_time_codes import CodeOver, leaves_in
from conventions.domain.people.requests import SignedInRequest, View
from conventions.domain.people.security import proofs
from conventions.domain.space import addresses, contact_details, proposals
from conventions.enums import MandateKind
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.forms.sign_in import CodeForm, EmailForm
from conventions.forms.space import ContactForm, PersonForm, PhoneForm
from conventions.models import MandateProposal, Partner, Representative, User
from conventions.views.space_sending import desk, sent

TITLES = {
    MandateKind.PRESIDENT: "Déclarer un changement de présidence",
    MandateKind.READER: "Donner accès à un collègue",
}


def of_partner(view: View) -> View:
    """Gives the view the partner and the mandate of who is in office there; otherwise 404."""

    @never_cache
    @login_required
    @require_http_methods(["GET", "POST"])
    @functools.wraps(view)
    def found(request: SignedInRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        partner = Partner.objects.active().others().filter(slug=slug).first()
        mandate = space.mandate_for(request.user, partner) if partner else None
        if partner is None or mandate is None or request.user.is_staff:
            raise Http404
        return view(request, partner, mandate, **kwargs)

    return found


def _only_who_acts(request: SignedInRequest, mandate: Representative) -> None:
    if not permissions.can_act_for_partner(request.user, mandate):
        raise Http404


@of_partner
def association(request: SignedInRequest, partner: Partner, mandate: Representative) -> HttpResponse:
    """Who has access, what waits for an answer, the public contact."""
    page = {
        "partner": partner,
        "acts": permissions.can_act_for_partner(request.user, mandate),
        "people": Representative.objects.in_office().filter(partner=partner).select_related("user"),
        "proposals": MandateProposal.objects.filter(partner=partner)[:10],
        "accounts": partner.bank_accounts.filter(active=True),
    }
    return render(request, "portal/association.html", page)


def _tell(request: SignedInRequest, doubts: list[str]) -> None:
    for doubt in doubts:
        messages.warning(request, doubt)


@of_partner
def public_contact(request: SignedInRequest, partner: Partner, mandate: Representative) -> HttpResponse:
    _only_who_acts(request, mandate)
    form = ContactForm(request.POST or None, instance=Partner.objects.get(pk=partner.pk),
                       initial={"version": partner.version})  # fmt: skip
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        with told_on_form(form):
            contact_details.change_public_contact(
                partner, values, version=values.pop("version"), by=request.user
            )
            messages.success(request, "Le contact de l’association est enregistré.")
            _tell(request, form.warnings())
            return redirect("portal:association", slug=partner.slug)
    lead = "Ces informations servent à l’OPT-NC. Le public ne lit que ce qui est publié sur votre page."
    return _form_page(request, form, "Contact de l’association", lead, partner=partner)


@of_partner
def person(request: SignedInRequest, partner: Partner, mandate: Representative, kind: str) -> HttpResponse:
    """Declare a new president, or a colleague who will read."""
    _only_who_acts(request, mandate)
    if request.method == "GET":
        proofs.require(request.user)
    role = MandateKind(kind)
    mandates = Representative.objects.in_office().filter(partner=partner)
    form = PersonForm(*sent(request), kind=role, mandates=mandates, desk=desk(request, role, partner.pk),
                      initial={"replaces": mandate})  # fmt: skip
    if form.is_bound and form.is_valid() and _declare(request, form, partner, role):
        form.desk.clear()
        messages.success(request, "C’est envoyé. L’OPT-NC vérifie, puis vous répond par courriel.")
        return redirect("portal:association", slug=partner.slug)
    if form.is_bound:
        form.keep_file()
    lead = (
        "Rien ne change tant que l’OPT-NC n’a pas accepté. Ensuite l’accès passe d’une personne à l’autre au jour "
        "dit ; ce qui est déjà signé reste signé."
        if role == MandateKind.PRESIDENT
        else "Cette personne lira les conventions, sans rien pouvoir envoyer ni signer."
    )
    return _form_page(request, form, TITLES[role], lead, partner=partner, button="Envoyer la demande")


def _declare(request: SignedInRequest, form: PersonForm, partner: Partner, role: MandateKind) -> bool:
    data = dict(form.cleaned_data)
    upload, replaces = data.pop("file") or None, data.pop("replaces", None)
    with told_on_form(form) as attempt:
        proposals.declare_person(
            partner, proposals.Person(**data), kind=role, replaces=replaces, upload=upload, by=request.user
        )
    return attempt.refusal is None


def _form_page(
    request: SignedInRequest,
    form: BaseForm,
    title: str,
    lead: str,
    *,
    partner: Partner | None = None,
    button: str = "Enregistrer",
    **context: Any,
) -> HttpResponse:
    back = reverse("portal:association", args=[partner.slug]) if partner else reverse("portal:me")
    label = "Mon association" if partner else "Mon compte"
    page = {"form": form, "title": title, "lead": lead, "button": button, "back": back, "back_label": label}
    return render(request, "portal/form.html", {**page, **context})


def _of_associations(view: View) -> View:
    """Signed in, and not staff: they have their own pages."""

    @never_cache
    @login_required
    @require_http_methods(["GET", "POST"])
    @functools.wraps(view)
    def found(request: SignedInRequest) -> HttpResponseBase:
        if request.user.is_staff:
            raise Http404
        return view(request)

    return found


@_of_associations
def me(request: SignedInRequest) -> HttpResponse:
    """One's phone, and the address one signs in with."""
    form = PhoneForm(request.POST or None, initial={"phone": request.user.phone})
    if request.method == "POST" and form.is_valid():
        contact_details.change_phone(request.user, form.cleaned_data["phone"])
        messages.success(request, "Votre téléphone est enregistré.")
        _tell(request, form.warnings())
        return redirect("portal:me")
    mandates = Representative.objects.with_access(request.user).select_related("partner")
    page = {"form": form, "mandates": mandates, "planned": _planned(request.user)}
    return render(request, "portal/me.html", page)


def _planned(user: User) -> dict[str, str] | None:
    change = addresses.planned(user)
    return {"email": change.email, "day": addresses.day_of(change)} if change else None


@_of_associations
def my_address(request: SignedInRequest) -> HttpResponse:
    """Ask for a new sign-in address: the old one is proven first, then a code leaves for the new one."""
    planned = addresses.planned(request.user)
    if planned is not None:
        messages.warning(request, addresses.PLANNED)
        return redirect("portal:me")
    proofs.require(request.user)
    form = EmailForm(request.POST or None)
    form.fields["email"].label, form.fields["email"].help_text = "Votre nouvelle adresse", ""
    if form.is_bound and form.is_valid():
        with told_on_form(form):
            addresses.ask(request.user, form.cleaned_data["email"])
            return redirect("portal:my_address_code")
    lead = (
        f"Vous entrez aujourd’hui avec {request.user.email}. Un code sera envoyé à la nouvelle adresse. "
        "Elle comptera deux jours plus tard ; d’ici là, rien ne change."
    )
    page = {"form": form, "title": "Changer d’adresse de connexion", "lead": lead, "button": "Recevoir un code",
            "back": reverse("portal:me"), "back_label": "Mon compte"}  # fmt: skip
    return render(request, "portal/form.html", page)


@sensitive_post_parameters("code")
@_of_associations
def my_address_code(request: SignedInRequest) -> HttpResponse:
    change = addresses.pending(request.user)
    form = CodeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with told_on_form(form) as attempt:
            confirmed = addresses.confirm(request.user, form.cleaned_data["code"])
            told = f"C’est noté : {confirmed.email} ouvrira votre espace à partir du {addresses.day_of(confirmed)}."
            messages.success(request, f"{told} Votre adresse actuelle est prévenue.")
            return redirect("portal:me")
        if isinstance(attempt.refusal, CodeOver):
            messages.error(request, str(attempt.refusal))
            return redirect("portal:my_address")
    if change is None:
        messages.warning(request, "Aucun code n’est attendu. Donnez d’abord votre nouvelle adresse.")
        return redirect("portal:my_address")
    later = leaves_in(change)
    lead = f"Un code {f'part dans {later}' if later else 'vient de partir'} pour {change.email}."
    return _form_page(request, form, "Regardez vos courriels", lead, button="Confirmer cette adresse")


@require_POST
@_of_associations
def my_address_cancel(request: SignedInRequest) -> HttpResponse:
    """Keep the address one has: the change planned is dropped."""
    change = addresses.planned(request.user)
    if change is not None:
        with told_on_page(request):
            addresses.cancel(change, by=request.user)
            messages.success(request, "Le changement est annulé : votre adresse reste la même.")
    return redirect("portal:me")
