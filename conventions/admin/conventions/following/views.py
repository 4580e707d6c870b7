"""Views of the page « Suivi »: it is read at one address; each fact is posted to its own."""

from contextlib import nullcontext
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import convention_of, page_url, render_page
from conventions.admin.conventions.following.fact import Fact, require
from conventions.admin.conventions.following.facts import FACTS
from conventions.admin.conventions.following.page import Page, make_form
from conventions.admin.conventions.tones import STATUS_TONES
from conventions.domain import following
from conventions.domain.documents import attachments, kept_files
from conventions.domain.following import FollowUp, follow_up
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import ConventionStatus
from conventions.exchange.columns import partners_of
from conventions.formats import show_xpf
from conventions.forms.following import FactForm
from conventions.forms.refusals import told_on_form
from conventions.models import Attachment, Convention

NOT_YET = "Le suivi commence à la signature."


def addresses() -> list[tuple]:
    """(address below the convention's, view, end of its name)."""
    own = [
        (f"<int:pk>/suivi/{fact.address}", partial(_record, fact), f"follow_{code}")
        for code, fact in FACTS.items()
    ]
    return [("<int:pk>/suivi/", show, "follow"), *own]


def show(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    """What was promised, what happened, what is awaited."""
    convention = convention_of(page, request, pk)
    sheet = follow_up(convention)
    if not sheet.acts:
        messages.info(request, NOT_YET)
        return HttpResponseRedirect(page_url(convention))
    return _answer(page, request, Page(sheet, request.user, request.GET))


def _record(
    fact: Fact, page: PartnersModelAdmin, request: SignedInRequest, pk: int, row: int | None = None
) -> HttpResponse:
    """Right → form → one verb → back to the page, at its section. A GET goes back to the page."""
    convention = convention_of(page, request, pk)
    if request.method != "POST":
        return HttpResponseRedirect(_url(convention, fact))
    require(fact, request.user)
    sheet = follow_up(convention)
    if not sheet.acts:
        raise PermissionDenied(NOT_YET)
    target = fact.row_of(sheet, row) if fact.rows and row is not None else None
    if fact.rows and target is None:
        raise Http404("Cette ligne n’est pas dans cette convention.")
    form = make_form(fact, sheet, request.user, target, data=request.POST, files=request.FILES)
    if form.is_valid() and _do(fact, sheet, form, target, request):
        return HttpResponseRedirect(_url(convention, fact))
    kept = _keep(fact, form, request, convention)
    return _answer(page, request, Page(sheet, request.user, {}, posted=(fact.code, row, form), kept=kept))


def _do(fact: Fact, sheet: FollowUp, form: FactForm, target: Any, request: SignedInRequest) -> bool:
    """Whether it was done; a refusal stands beside its field."""
    values = {name: value for name, value in form.cleaned_data.items() if name not in ("file", "kept")}
    # A remise is rendered outside any transaction: only facts with a file, or several at once, need one here.
    with told_on_form(form) as attempt, transaction.atomic() if fact.file_kind else nullcontext():
        if fact.file_kind:
            values["attachment"] = _file(fact, form, request, sheet.convention)
        told = fact.do(sheet, values, request.user, target)
    if attempt.refusal is not None:
        return False
    messages.success(request, told)
    if fact.anchor == "versements":
        _warn(request, sheet)
    return True


def _warn(request: SignedInRequest, sheet: FollowUp) -> None:
    """A sum beyond what is granted is told, never refused."""
    beyond = following.excess(sheet.convention)
    if beyond:
        text = f"Les versements dépassent de {show_xpf(beyond)} ce qui est accordé. Vérifiez les montants."
        messages.warning(request, text)


def _file(fact: Fact, form: FactForm, request: SignedInRequest, convention: Convention) -> Attachment | None:
    """The file sent now, else the one kept from a form that had failed."""
    upload = form.cleaned_data.get("file")
    if upload:
        return attachments.file_upload(upload, kind=fact.file_kind, by=request.user, convention=convention)
    row = _kept(fact, request, convention)
    return attachments.attach(row, by=request.user, convention=convention) if row is not None else None


def _keep(fact: Fact, form: FactForm, request: SignedInRequest, convention: Convention) -> Attachment | None:
    """A readable file of a form that failed is kept, to be attached when it goes through."""
    if not fact.file_kind:
        return None
    upload = request.FILES.get("file")
    if upload is None or "file" in form.errors:
        return _kept(fact, request, convention)
    return kept_files.keep(
        upload, by=request.user, convention=convention, kind=fact.file_kind, form=fact.code
    )


def _kept(fact: Fact, request: SignedInRequest, convention: Convention) -> Attachment | None:
    key = request.POST.get("kept", "")
    return kept_files.kept_of(key, by=request.user, convention=convention, form=fact.code)


def _url(convention: Convention, fact: Fact) -> str:
    return reverse("admin:conventions_convention_follow", args=[convention.pk]) + f"#{fact.anchor}"


def _answer(page: PartnersModelAdmin, request: SignedInRequest, sheet: Page) -> TemplateResponse:
    convention = sheet.sheet.convention
    status = ConventionStatus(convention.status)
    context = {
        "is_nav_sidebar_enabled": False,
        "partners": partners_of(convention),
        "status_label": str(status.label),
        "status_tone": STATUS_TONES[status],
        "failed": sheet.posted is not None,
        "failed_anchor": f"form-{sheet.posted[0]}" if sheet.posted else "",
        **sheet.context(),
    }
    return render_page(page, request, convention, "follow", f"Suivi : {convention.title}", **context)
