"""Pages beside a partner's form: bank accounts, attachments, merging. Each: right → form → one verb → redirect."""

from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.domain.documents import attachments, logos
from conventions.domain.people import bank_accounts, partners
from conventions.domain.people.requests import SignedInRequest, View
from conventions.formats import show_iban
from conventions.forms.partners import AttachmentForm, BankAccountForm, LogoForm, MergeForm
from conventions.forms.refusals import told_on_form
from conventions.models import Attachment, BankAccount, Partner
from conventions.permissions import Rule

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, WithAnnotations

    class Shown(TypedDict):
        shown: str
        is_revealed: bool
        advice: str

    ShownAccount = WithAnnotations[BankAccount, Shown]


def urls(page: PartnersModelAdmin) -> list[tuple[str, View, str]]:
    """(address, view, name) of the pages beside the form of `page`, a PartnerAdmin."""
    return [
        ("<int:pk>/comptes/", partial(bank, page), "partner_bank"),
        (
            "<int:pk>/comptes/<int:account>/voir/",
            require_POST(partial(bank_reveal, page)),
            "partner_bank_reveal",
        ),
        ("<int:pk>/comptes/<int:account>/usage/", require_POST(partial(bank_use, page)), "partner_bank_use"),
        ("<int:pk>/pieces/", partial(files, page), "partner_files"),
        ("<int:pk>/pieces/<int:file>/", partial(file_download, page), "partner_file"),
        ("<int:pk>/logo/", partial(logo, page), "partner_logo"),
        ("<int:pk>/logo/image/", partial(logo_picture, page), "partner_logo_picture"),
        ("<int:pk>/logo/retirer/", require_POST(partial(logo_removed, page)), "partner_logo_removed"),
        ("<int:pk>/fusionner/", partial(merge, page), "partner_merge"),
    ]


def partner_of(
    page: PartnersModelAdmin, request: SignedInRequest, pk: int, rule: Rule | None = None
) -> Partner:
    """The partner of a page beside its form. Raises PermissionDenied or Http404."""
    if not page.has_view_permission(request) or (rule is not None and not rule(request.user)):
        raise PermissionDenied
    return get_object_or_404(Partner, pk=pk)


def _sent(request: SignedInRequest) -> tuple[QueryDict | None, MultiValueDict | None]:
    """Data and files of a form that was sent, else none: an empty one that was sent is checked too."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def render_page(
    page: PartnersModelAdmin,
    request: HttpRequest,
    partner: Partner,
    template: str,
    title: "StrOrPromise",
    **context: Any,
) -> TemplateResponse:
    """A page beside the form of a partner."""
    shared = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": partner,
        "title": title,
        "partner_url": reverse("admin:conventions_partner_change", args=[partner.pk]),
    }
    return TemplateResponse(request, f"admin/conventions/partner/{template}.html", {**shared, **context})


def bank(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    """Masked accounts of a partner, and the form that adds one."""
    partner = partner_of(page, request, pk)
    form = BankAccountForm(*_sent(request), initial={"holder": partner.name})
    if request.method == "POST":
        if not _may_edit(page, request, partner):
            raise PermissionDenied
        if form.is_valid() and _add_account(request, partner, form):
            messages.success(request, _("Le compte bancaire est enregistré."))
            return HttpResponseRedirect(request.path)
    return _bank_page(page, request, partner, form)


def _may_edit(page: PartnersModelAdmin, request: SignedInRequest, partner: Partner) -> bool:
    return permissions.can_edit_partners(request.user) and page.is_open(partner)


def _add_account(request: SignedInRequest, partner: Partner, form: BankAccountForm) -> bool:
    data = form.cleaned_data
    with told_on_form(form) as attempt, transaction.atomic():
        known = {name: data[name] for name in ("number", "holder", "bank_name")}
        account = bank_accounts.add_account(partner, **known, by=request.user)
        if data["file"]:
            attachments.file_statement(data["file"], account, by=request.user)
    return attempt.refusal is None


def bank_reveal(page: PartnersModelAdmin, request: SignedInRequest, pk: int, account: int) -> HttpResponse:
    """The number in full, once, by POST: nothing of it stays in an address or in the history of the browser."""
    partner = partner_of(page, request, pk, permissions.can_see_bank_details)
    row = get_object_or_404(BankAccount, pk=account, partner=partner)
    number = show_iban(bank_accounts.reveal(row, by=request.user))
    form = BankAccountForm(initial={"holder": partner.name})
    response = _bank_page(page, request, partner, form, {row.pk: number})
    response["Cache-Control"] = "no-store"
    return response


def _bank_page(
    page: PartnersModelAdmin,
    request: SignedInRequest,
    partner: Partner,
    form: BankAccountForm,
    revealed: dict[int, str] | None = None,
) -> TemplateResponse:
    return render_page(
        page,
        request,
        partner,
        "bank",
        _("Comptes bancaires"),
        form=form if _may_edit(page, request, partner) else None,
        accounts=_accounts(partner, revealed or {}),
        may_see=permissions.can_see_bank_details(request.user),
    )


def _accounts(partner: Partner, revealed: dict[int, str]) -> list["ShownAccount"]:
    """The partner's accounts; `shown` is the number in full where asked for, else masked; `advice`, what to do."""
    rows = cast("list[ShownAccount]", list(partner.bank_accounts.select_related("attachment")))
    for row in rows:
        row.shown = revealed.get(row.pk, row.iban_masked)
        row.is_revealed = row.pk in revealed
        row.advice = bank_accounts.advice_on(row)
    return rows


def bank_use(
    page: PartnersModelAdmin, request: SignedInRequest, pk: int, account: int
) -> HttpResponseRedirect:
    """Say that an account is no longer used, or is again."""
    partner = partner_of(page, request, pk, permissions.can_edit_partners)
    row = get_object_or_404(BankAccount, pk=account, partner=partner)
    bank_accounts.set_active(row, not row.active, by=request.user)
    messages.success(
        request, _("Le compte est utilisé.") if row.active else _("Le compte n’est plus utilisé.")
    )
    return HttpResponseRedirect(reverse("admin:partner_bank", args=[pk]))


def files(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    """Attachments of a partner, and the form that files one."""
    partner = partner_of(page, request, pk)
    may_edit = _may_edit(page, request, partner)
    form = AttachmentForm(*_sent(request))
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied
        if form.is_valid():
            data = form.cleaned_data
            row = attachments.file_upload(
                data["file"], kind=data["kind"], title=data["title"], by=request.user, partner=partner
            )
            messages.success(request, _("La pièce est classée : %(what)s.") % {"what": row.recognised})
            return HttpResponseRedirect(request.path)
    rows = partner.attachments.filter(pending=False).select_related("uploaded_by")
    shown = form if may_edit else None
    return render_page(page, request, partner, "files", _("Pièces jointes"), form=shown, files=rows)


def file_download(page: PartnersModelAdmin, request: SignedInRequest, pk: int, file: int) -> HttpResponseBase:
    partner = partner_of(page, request, pk)
    row = get_object_or_404(Attachment, pk=file, partner=partner)
    return attachments.download_response(row, by=request.user)


def logo(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    """The picture that acts print in their letterhead, and the form that gives one."""
    partner = partner_of(page, request, pk)
    may_edit = _may_edit(page, request, partner)
    form = LogoForm(*_sent(request))
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied
        if form.is_valid():
            with told_on_form(form, field="file"):
                logos.give(partner, form.cleaned_data["file"], by=request.user)
                messages.success(request, _("Le logo est enregistré. Les actes à figer le porteront."))
                return HttpResponseRedirect(request.path)
    shown = form if may_edit else None
    return render_page(page, request, partner, "logo", _("Logo"), form=shown)


def logo_picture(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponseBase:
    partner = partner_of(page, request, pk)
    if partner.logo is None:
        raise Http404("Ce partenaire n’a pas de logo.")
    return logos.response(partner.logo, request=request)


def logo_removed(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponseRedirect:
    """Acts to come print none."""
    partner = partner_of(page, request, pk)
    if not _may_edit(page, request, partner):
        raise PermissionDenied
    logos.remove(partner, by=request.user)
    messages.success(request, _("Le logo n’est plus imprimé. Les actes déjà figés gardent le leur."))
    return HttpResponseRedirect(reverse("admin:partner_logo", args=[pk]))


def merge(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    """Merge this file into another, after a confirmation."""
    partner = partner_of(page, request, pk, permissions.can_edit_partners)
    if partner.merged_into_id is not None or partner.is_opt:
        raise PermissionDenied
    form = MergeForm(*_sent(request), source=partner)
    if request.method == "POST" and form.is_valid():
        with told_on_form(form, field="target"):
            kept = partners.merge(partner, form.cleaned_data["target"], by=request.user)
            messages.success(request, _("Les deux fiches sont fusionnées. Voici celle qui reste."))
            return HttpResponseRedirect(reverse("admin:conventions_partner_change", args=[kept.pk]))
    similar = partners.lookalikes(
        partner.name, acronym=partner.acronym, ridet=partner.ridet, excluding=partner
    )
    moved = partners.merge_summary(partner)
    return render_page(
        page, request, partner, "merge", _("Fusionner deux fiches"), form=form, moved=moved, similar=similar
    )
