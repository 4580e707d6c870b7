"""Pages beside a partner's form: bank accounts, attachments, merging. Each: right → form → one verb → redirect."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conventions import permissions
from conventions.domain.documents import attachments
from conventions.domain.people import bank_accounts, partners
from conventions.formats import show_iban
from conventions.forms.partners import AttachmentForm, BankAccountForm, MergeForm
from conventions.forms.refusals import told_on_form
from conventions.models import Attachment, BankAccount, Partner


def urls(page):
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
        ("<int:pk>/fusionner/", partial(merge, page), "partner_merge"),
    ]


def partner_of(page, request, pk, rule=None) -> Partner:
    """The partner of a page beside its form. Raises PermissionDenied or Http404."""
    if not page.has_view_permission(request) or (rule is not None and not rule(request.user)):
        raise PermissionDenied
    return get_object_or_404(Partner, pk=pk)


def _sent(request):
    """Data and files of a form that was sent, else none: an empty one that was sent is checked too."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def render_page(page, request, partner, template, title, **context):
    """A page beside the form of a partner."""
    shared = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": partner,
        "title": title,
        "partner_url": reverse("admin:conventions_partner_change", args=[partner.pk]),
    }
    return TemplateResponse(request, f"admin/conventions/partner/{template}.html", {**shared, **context})


def bank(page, request, pk):
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


def _may_edit(page, request, partner) -> bool:
    return permissions.can_edit_partners(request.user) and page.is_open(partner)


def _add_account(request, partner, form) -> bool:
    data = form.cleaned_data
    with told_on_form(form) as attempt, transaction.atomic():
        known = {name: data[name] for name in ("number", "holder", "bank_name")}
        account = bank_accounts.add_account(partner, **known, by=request.user)
        if data["file"]:
            attachments.file_statement(data["file"], account, by=request.user)
    return attempt.refusal is None


def bank_reveal(page, request, pk, account):
    """The number in full, once, by POST: nothing of it stays in an address or in the history of the browser."""
    partner = partner_of(page, request, pk, permissions.can_see_bank_details)
    row = get_object_or_404(BankAccount, pk=account, partner=partner)
    number = show_iban(bank_accounts.reveal(row, by=request.user))
    form = BankAccountForm(initial={"holder": partner.name})
    response = _bank_page(page, request, partner, form, {row.pk: number})
    response["Cache-Control"] = "no-store"
    return response


def _bank_page(page, request, partner, form, revealed=None):
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


def _accounts(partner, revealed):
    """The partner's accounts; `shown` is the number in full where asked for, else masked; `advice`, what to do."""
    rows = list(partner.bank_accounts.select_related("attachment"))
    for row in rows:
        row.shown = revealed.get(row.pk, row.iban_masked)
        row.is_revealed = row.pk in revealed
        row.advice = bank_accounts.advice_on(row)
    return rows


def bank_use(page, request, pk, account):
    """Say that an account is no longer used, or is again."""
    partner = partner_of(page, request, pk, permissions.can_edit_partners)
    row = get_object_or_404(BankAccount, pk=account, partner=partner)
    bank_accounts.set_active(row, not row.active, by=request.user)
    messages.success(
        request, _("Le compte est utilisé.") if row.active else _("Le compte n’est plus utilisé.")
    )
    return HttpResponseRedirect(reverse("admin:partner_bank", args=[pk]))


def files(page, request, pk):
    """Attachments of a partner, and the form that files one."""
    partner = partner_of(page, request, pk)
    may_edit = _may_edit(page, request, partner)
    form = AttachmentForm(*_sent(request))
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied
        if form.is_valid():
            data = form.cleaned_data
            attachments.file_upload(
                data["file"], kind=data["kind"], title=data["title"], by=request.user, partner=partner
            )
            messages.success(request, _("La pièce est classée."))
            return HttpResponseRedirect(request.path)
    rows = partner.attachments.filter(pending=False).select_related("uploaded_by")
    shown = form if may_edit else None
    return render_page(page, request, partner, "files", _("Pièces jointes"), form=shown, files=rows)


def file_download(page, request, pk, file):
    partner = partner_of(page, request, pk)
    row = get_object_or_404(Attachment, pk=file, partner=partner)
    return attachments.download_response(row, by=request.user)


def merge(page, request, pk):
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
