"""« Demandes »: what a partner proposed from its space, beside what is in force; accepted, or refused with a reason."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.admin.partner_pages import partner_of, render_page
from conventions.domain.people.requests import SignedInRequest, View
from conventions.domain.space import proposals
from conventions.enums import MandateKind, ProposalState
from conventions.formats import show_iban
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.forms.space import AcceptForm, RefuseForm
from conventions.models import BankProposal, MandateProposal, Partner

SHOWN = 20
MODELS: dict[str, type[BankProposal | MandateProposal]] = {"rib": BankProposal, "mandat": MandateProposal}
CHECK_ACCOUNT = (
    "J’ai vérifié ce compte auprès de l’association, par un numéro ou une adresse que je connaissais."
)
CHECK_PROOF = "J’ai ouvert la pièce : elle nomme cette personne, à cette date."
CHECK_READER = "L’association confirme que cette personne peut lire son espace."
# Of the form that failed: the sort of the proposal, its key, the form as it was typed.
Failed = tuple[str, int, AcceptForm | RefuseForm]


def urls(page: PartnersModelAdmin) -> list[tuple[str, View, str]]:
    """(address, view, name) of the pages of a partner's proposals."""
    decide_one = sensitive_post_parameters("number")(require_POST(partial(decide, page)))
    return [
        ("<int:pk>/demandes/", partial(show, page), "partner_proposals"),
        ("<int:pk>/demandes/<str:sort>/<int:row>/", decide_one, "partner_decide"),
        ("<int:pk>/demandes/rib/<int:row>/voir/", require_POST(partial(reveal, page)), "partner_proposed"),
    ]


def show(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(page, request, partner_of(page, request, pk))


def reveal(page: PartnersModelAdmin, request: SignedInRequest, pk: int, row: int) -> HttpResponse:
    """The number in full, once, by POST: nothing of it stays in an address or in the history of the browser."""
    partner = partner_of(page, request, pk, permissions.can_see_bank_details)
    proposal = get_object_or_404(BankProposal, pk=row, partner=partner)
    with told_on_page(request):
        number = proposals.read_proposed(proposal, by=request.user)
        response = _page(page, request, partner, numbers={proposal.pk: show_iban(number)})
        response["Cache-Control"] = "no-store"
        return response
    return HttpResponseRedirect(reverse("admin:partner_proposals", args=[pk]))


def decide(page: PartnersModelAdmin, request: SignedInRequest, pk: int, sort: str, row: int) -> HttpResponse:
    """« Accepter » or « Refuser », by the button pressed."""
    partner = partner_of(page, request, pk)
    if not permissions.can_decide_proposals(request.user):
        raise PermissionDenied
    if sort not in MODELS:
        raise Http404
    rows: QuerySet[BankProposal | MandateProposal] = MODELS[sort].objects.filter(partner=partner)
    proposal = get_object_or_404(rows, pk=row)
    form = _form(proposal, sort, request.POST, accepting="accepter" in request.POST)
    if form.is_valid() and _do(request, proposal, form):
        return HttpResponseRedirect(reverse("admin:partner_proposals", args=[pk]))
    return _page(page, request, partner, failed=(sort, row, form))


def _form(
    proposal: BankProposal | MandateProposal,
    sort: str,
    data: QueryDict | None = None,
    *,
    accepting: bool,
    with_former: bool = True,
) -> AcceptForm | RefuseForm:
    prefix = f"{sort}-{proposal.pk}"
    if not accepting:
        return RefuseForm(data, prefix=prefix)
    return AcceptForm(
        data,
        prefix=prefix,
        check=_check(proposal),
        with_number=isinstance(proposal, BankProposal) and not proposal.iban_encrypted,
        with_former=isinstance(proposal, BankProposal) and with_former,
    )


def _check(proposal: BankProposal | MandateProposal) -> str:
    if isinstance(proposal, BankProposal):
        return CHECK_ACCOUNT
    return CHECK_PROOF if proposal.kind == MandateKind.PRESIDENT else CHECK_READER


def _do(
    request: SignedInRequest, proposal: BankProposal | MandateProposal, form: AcceptForm | RefuseForm
) -> bool:
    data = form.cleaned_data
    with told_on_form(form) as attempt:
        if isinstance(form, RefuseForm):
            proposals.refuse(proposal, reason=data["reason"], by=request.user)
            messages.success(request, "La demande est refusée. L’association reçoit votre motif.")
        elif isinstance(proposal, BankProposal):
            number, retire = data.get("number", ""), data["retire"]
            proposals.accept_account(proposal, number=number, retire=retire, by=request.user)
            messages.success(request, "Le compte est enregistré : l’agent comptable peut l’utiliser.")
        else:
            person = proposals.accept_person(proposal, by=request.user)
            messages.success(request, f"{person} représente maintenant ce partenaire, aux dates indiquées.")
    return attempt.refusal is None


def _page(
    page: PartnersModelAdmin,
    request: SignedInRequest,
    partner: Partner,
    failed: Failed | None = None,
    numbers: dict[int, str] | None = None,
) -> TemplateResponse:
    accounts = list(partner.bank_accounts.filter(active=True))
    rows = [(sort, row) for sort in MODELS for row in _rows(sort, partner)]
    waiting = [(sort, row) for sort, row in rows if row.state == ProposalState.WAITING]
    past = [pair for pair in rows if pair not in waiting]
    numbers = numbers or {}
    shown = {
        "waiting": [
            _waiting(*pair, failed, number=numbers.get(pair[1].pk, ""), with_former=bool(accounts))
            for pair in waiting
        ],
        "past": sorted(past, key=lambda pair: pair[1].decided_at, reverse=True),
        "accounts": accounts,
        "people": list(partner.representatives.in_office().filter(usual_signatory=True)),
        "may_decide": permissions.can_decide_proposals(request.user),
        "may_see": permissions.can_see_bank_details(request.user),
    }
    return render_page(page, request, partner, "proposals", "Demandes de l’association", **shown)


def _rows(sort: str, partner: Partner) -> QuerySet[Any]:
    model = MODELS[sort]
    rows: QuerySet[Any] = model.objects.filter(partner=partner).select_related(
        "attachment", "sent_by", "decided_by"
    )
    if model is MandateProposal:
        rows = rows.select_related("replaces")
    return rows[:SHOWN]


def _waiting(
    sort: str, row: BankProposal | MandateProposal, failed: Failed | None, *, number: str, with_former: bool
) -> dict:
    """A proposal with its two forms; the one that failed as it was typed."""
    accept = _form(row, sort, accepting=True, with_former=with_former)
    refuse = _form(row, sort, accepting=False)
    shown = {"sort": sort, "row": row, "accept": accept, "refuse": refuse, "number": number}
    if failed and failed[:2] == (sort, row.pk):
        shown["refuse" if isinstance(failed[2], RefuseForm) else "accept"] = failed[2]
    return shown
