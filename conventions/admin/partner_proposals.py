"""« Demandes »: what a partner proposed from its space, examined here: accepted, or refused with a reason."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from conventions import permissions
from conventions.admin.partner_pages import partner_of, render_page
from conventions.domain import proposals
from conventions.enums import ProposalState
from conventions.forms.space import DecisionForm
from conventions.models import BankProposal, MandateProposal

SHOWN = 20
MODELS = {"rib": BankProposal, "mandat": MandateProposal}


def urls(page):
    """(address, view, name) of the pages of a partner's proposals."""
    decide_one = sensitive_post_parameters("number")(require_POST(partial(decide, page)))
    return [
        ("<int:pk>/demandes/", partial(show, page), "partner_proposals"),
        ("<int:pk>/demandes/<str:sort>/<int:row>/", decide_one, "partner_decide"),
    ]


def show(page, request, pk):
    return _page(page, request, partner_of(page, request, pk))


def decide(page, request, pk, sort, row):
    """« Accepter » or « Refuser », by the button pressed."""
    partner = partner_of(page, request, pk)
    if not permissions.can_decide_proposals(request.user):
        raise PermissionDenied
    model = MODELS.get(sort, BankProposal)
    proposal = get_object_or_404(model, pk=row, partner=partner)
    form = DecisionForm(request.POST, with_number=_needs_number(proposal), prefix=f"{sort}-{row}")
    if form.is_valid() and _do(request, proposal, form):
        return HttpResponseRedirect(reverse("admin:partner_proposals", args=[pk]))
    return _page(page, request, partner, failed=(sort, row, form))


def _needs_number(proposal) -> bool:
    waits = proposal.state == ProposalState.WAITING
    return waits and isinstance(proposal, BankProposal) and not proposal.iban_encrypted


def _do(request, proposal, form) -> bool:
    if not {"accepter", "refuser"} & set(request.POST):
        form.add_error(None, "Choisissez « Accepter » ou « Refuser ».")
        return False
    try:
        if "refuser" in request.POST:
            proposals.refuse(proposal, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, "La demande est refusée. L’association reçoit votre motif.")
        elif isinstance(proposal, BankProposal):
            proposals.accept_account(proposal, number=form.cleaned_data.get("number", ""), by=request.user)
            messages.success(request, "Le compte est enregistré : l’agent comptable peut l’utiliser.")
        else:
            person = proposals.accept_person(proposal, by=request.user)
            messages.success(request, f"{person} représente maintenant ce partenaire, aux dates indiquées.")
    except proposals.DecisionRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


def _page(page, request, partner, failed=None):
    waiting, past = [], []
    for sort, model in MODELS.items():
        rows = model.objects.filter(partner=partner).select_related("attachment", "sent_by", "decided_by")
        if model is MandateProposal:
            rows = rows.select_related("replaces")
        for row in rows[:SHOWN]:
            if row.state != ProposalState.WAITING:
                past.append((sort, row))
                continue
            key = (sort, row.pk)
            form = DecisionForm(with_number=_needs_number(row), prefix=f"{sort}-{row.pk}")
            waiting.append((sort, row, failed[2] if failed and failed[:2] == key else form))
    return render_page(
        page,
        request,
        partner,
        "proposals",
        "Demandes de l’association",
        waiting=waiting,
        past=sorted(past, key=lambda pair: pair[1].decided_at, reverse=True),
        may_decide=permissions.can_decide_proposals(request.user),
        may_see=permissions.can_see_bank_details(request.user),
    )
