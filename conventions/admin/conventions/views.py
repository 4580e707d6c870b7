"""Creation in five fields, the one page, renewal. Each: right → form → one verb → redirect."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions import leaving, panel
from conventions.admin.conventions.access import (
    act_of,
    acts_of,
    convention_of,
    page_url,
    render_page,
)
from conventions.admin.conventions.merge import closed_texts, merge
from conventions.admin.conventions.page import Page
from conventions.domain.acts import drafting, lifecycle
from conventions.domain.people import kept_texts
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import PartnerNature
from conventions.formats import counted
from conventions.forms.choosing import SEARCH
from conventions.forms.creation import CreateForm, RepriseForm
from conventions.forms.events import DoubtForm
from conventions.forms.refusals import refuse, told_on_form, told_on_page
from conventions.models import Act, Convention, User

ADD, PREVIEW = "_ajouter", "_apercu"
SCOPE = "_ouvert"  # which parts of the page were open when it was shown
CLOSED = "Ce dossier ne se modifie plus. Ce que vous avez écrit est gardé ici, pour être copié."


def create(page: PartnersModelAdmin, request: SignedInRequest) -> HttpResponse:
    return _create(page, request, CreateForm, "Nouvelle convention")


def create_reprise(page: PartnersModelAdmin, request: SignedInRequest) -> HttpResponse:
    return _create(page, request, RepriseForm, "Reprise d’un acte déjà signé")


def _create(
    page: PartnersModelAdmin, request: SignedInRequest, form_class: type[CreateForm], title: str
) -> HttpResponse:
    if not page.has_add_permission(request):
        raise PermissionDenied
    form = form_class(request.POST or None, user=request.user)
    if form.is_valid():
        with told_on_form(form, field="partner"):
            convention = _create_from(form, by=request.user)
            messages.success(request, _("Le dossier est créé. Complétez-le sur cette page."))
            return HttpResponseRedirect(page_url(convention))
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": title,
        "form": form,
        "is_reprise": form_class is RepriseForm,
        "errors": form.errors,
    }
    return TemplateResponse(request, "admin/conventions/convention/create.html", context)


def _create_from(form: CreateForm, *, by: User) -> Convention:
    data = form.cleaned_data
    with transaction.atomic():
        partner = form.found or drafting.create_partner(
            form.new_partner_name, nature=PartnerNature(data["partner_nature"] or "association"), by=by
        )
        return drafting.create_convention(
            by=by,
            partner=partner,
            kind=data["kind"],
            title=data["title"],
            officer=data["officer"],
            origin=form.origin,
            **form.act_values(),
        )


def change(page: PartnersModelAdmin, request: SignedInRequest, pk: int | str) -> HttpResponse:
    """The one page: shown, then saved whole through `drafting.save`."""
    convention = convention_of(page, request, pk)
    acts = acts_of(convention)
    act = act_of(convention, request, acts)
    if request.method != "POST":
        return _show(page, request, Page(convention, act, request.user), acts)
    if drafting.scope_of(act, request.user):
        return _post(page, request, convention, act, acts)
    if "kept_desk" not in request.__dict__:  # this page was never open to this person
        raise PermissionDenied
    refuse(request, CLOSED)
    return HttpResponseRedirect(page_url(convention, act))


def _post(
    page: PartnersModelAdmin, request: SignedInRequest, convention: Convention, act: Act, acts: list[Act]
) -> HttpResponse:
    data: QueryDict = request.POST
    if ADD in data:
        data = _one_more(data)
    sheet = Page(convention, act, request.user, data, request.FILES)
    if SEARCH in data:
        sheet.seek()
    if {ADD, PREVIEW, SEARCH, kept_texts.RESUME} & data.keys() or _is_closed(data, sheet):
        valid_paste = sheet.paste_form is not None and sheet.paste_form.is_valid()
        return _show_unsaved(page, request, sheet, acts, previewed=PREVIEW in data and valid_paste)
    onward = leaving.asked(data, convention, act)
    if onward is not None and not sheet.has_changed():
        _forget(request)
        return onward.go(request)
    if onward is not None and onward.saves_nothing:
        return _show_unsaved(page, request, sheet, acts, stopped=onward.label)
    return _save_then(page, request, sheet, acts, onward)


def _save_then(
    page: PartnersModelAdmin,
    request: SignedInRequest,
    sheet: Page,
    acts: list[Act],
    onward: leaving.Onward | None,
) -> HttpResponse:
    """Save, then do what the button asks; or show what is wrong."""
    if sheet.is_valid():
        with told_on_page(request):
            try:
                _save(request, sheet)
            except drafting.Conflict as conflict:
                return _show_conflict(page, request, sheet, acts, conflict)
            return (
                onward.go(request) if onward else HttpResponseRedirect(page_url(sheet.convention, sheet.act))
            )
    sheet.keep_files()
    return _show(page, request, sheet, acts, failed=True, stopped=onward.label if onward else "")


def _is_closed(data: QueryDict, sheet: Page) -> bool:
    """Whether a part of the page was closed, or opened, since it was shown: one looks before one saves."""
    return data.get(SCOPE, sheet.scope.mark) != sheet.scope.mark


def _show_unsaved(
    page: PartnersModelAdmin, request: SignedInRequest, sheet: Page, acts: list[Act], **state: Any
) -> TemplateResponse:
    """As it was typed, without a word on what is wrong with it."""
    sheet.hush()
    sheet.keep_files()
    return _show(page, request, sheet, acts, unsaved=True, **state)


def _forget(request: SignedInRequest) -> None:
    """What this page had kept of its form is saved: it stands in the way of nothing that follows."""
    desk = request.__dict__.pop("kept_desk", None)
    if desk is not None:
        kept_texts.forget(desk)


def _save(request: SignedInRequest, sheet: Page) -> None:
    """The whole page, its files with it. Raises Conflict, Locked."""
    with transaction.atomic():
        saved = drafting.save(sheet.edit(), by=request.user, version=_version(request.POST))
        files = sheet.attach_files()
    _forget(request)
    messages.success(request, _saved_text(sheet.convention, saved, files))
    if sheet.paste_form is not None and (told := sheet.paste_form.told):
        messages.warning(request, told)


def _version(data: QueryDict) -> int:
    text = data.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _saved_text(before: Convention, after: Convention, files: int) -> str:
    if after.version != before.version:
        return "Le dossier est enregistré."
    if files:
        told = counted(files, "fichier est rattaché", "fichiers sont rattachés")
        return f"{told} au dossier. Rien d’autre n’avait changé."
    return "Rien n’avait changé."


def _one_more(data: QueryDict) -> QueryDict:
    """One more empty line in the lines named by the button; how a page without script adds one."""
    changed = data.copy()
    name = f"{data[ADD]}-TOTAL_FORMS"
    count = data.get(name, "")
    if count.isdecimal() and len(count) < 10:
        changed[name] = str(int(count) + 1)
    return changed


def _show_conflict(
    page: PartnersModelAdmin,
    request: SignedInRequest,
    sheet: Page,
    acts: list[Act],
    conflict: drafting.Conflict,
) -> HttpResponse:
    sheet.keep_files()
    data, meetings = merge(sheet, conflict)
    fresh = convention_of(page, request, conflict.convention.pk)
    again = Page(fresh, act_of(fresh, request), request.user, data)
    again.is_valid()
    return _show(page, request, again, acts, meetings=meetings, authors=conflict.authors, unsaved=True)


def _show(
    page: PartnersModelAdmin, request: SignedInRequest, sheet: Page, acts: list[Act], **state: Any
) -> TemplateResponse:
    failed, convention = state.get("failed", False), sheet.convention
    context = {
        **{name: state.get(name, "") for name in ("previewed", "stopped")},
        "is_nav_sidebar_enabled": False,
        "sheet": sheet,
        "version": sheet.data["version"] if sheet.data and "version" in sheet.data else convention.version,
        "meetings": state.get("meetings", []),
        "authors": state.get("authors", []),
        "failed": failed,
        "faults": _faults(sheet) if failed else [],
        "unsaved": state.get("unsaved", False),
        "left_out": _left_out(request, sheet),
        "refused_doubt": state.get("refused_doubt"),
        "pending": list(sheet.pending) if sheet.scope.file else [],
        **panel.context(request, sheet, acts),
    }
    status = 409 if context["meetings"] else 200
    return render_page(
        page, request, convention, "change", convention.title, act=sheet.act, status=status, **context
    )


def _left_out(request: SignedInRequest, sheet: Page) -> list[str]:
    """What comes back for parts that were closed meanwhile: shown to be copied, and kept."""
    found = closed_texts(sheet) if sheet.data is not None else []
    if found:
        request.__dict__.pop("kept_source", None)
    return found


def _faults(sheet: Page) -> list[tuple[str, str]]:
    """(anchor, title) of the sections that hold a fault."""
    return [(section.anchor, section.title) for section in sheet.sections if section.has_errors]


def renew(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponseRedirect:
    """A new file for what follows, prefilled from this one."""
    convention = convention_of(page, request, pk)
    if not permissions.can_edit_conventions(request.user) or request.method != "POST":
        raise PermissionDenied
    with told_on_page(request):
        made = drafting.renew(convention, by=request.user)
        messages.success(
            request,
            _("Le renouvellement est préparé. Titre, dates et montants sont proposés : vérifiez-les."),
        )
        return HttpResponseRedirect(page_url(made))
    return HttpResponseRedirect(page_url(convention))


def refresh_clauses(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponseRedirect:
    """Propose the articles again; those written by hand stay."""
    convention = convention_of(page, request, pk)
    act = act_of(convention, request)
    if request.method != "POST":
        raise PermissionDenied
    with told_on_page(request):
        changed = drafting.refresh_clauses(act, by=request.user)
        text = (
            "Les articles suivent de nouveau le dossier."
            if changed
            else "Les articles suivaient déjà le dossier."
        )
        messages.success(request, text)
    return HttpResponseRedirect(page_url(convention, act, "#articles"))


def replace_signatory(
    page: PartnersModelAdmin, request: SignedInRequest, pk: int, signatory: int
) -> HttpResponseRedirect:
    """Put the deputy in the place of an absent signatory of OPT-NC."""
    convention = convention_of(page, request, pk)
    act = act_of(convention, request)
    if request.method != "POST" or not permissions.can_edit_conventions(request.user):
        raise PermissionDenied
    with told_on_page(request):
        person = drafting.replace_by_deputy(act, signatory, by=request.user)
        messages.success(request, f"{person}, {person.title}, signe maintenant cet acte.")
    return HttpResponseRedirect(page_url(convention, act, "#parties"))


def set_doubt_aside(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    """Say why a doubt of the act is no trouble; a reason that will not do is shown again."""
    convention = convention_of(page, request, pk)
    acts = acts_of(convention)
    act = act_of(convention, request, acts)
    if request.method != "POST" or not permissions.can_move_acts(request.user):
        raise PermissionDenied
    form = DoubtForm(_doubt_told(request))
    if form.is_valid():
        with told_on_page(request):
            told = form.cleaned_data
            lifecycle.set_aside(act, told["doubt"], reason=told["reason"], by=request.user)
            messages.success(request, "C’est noté au journal, avec votre raison.")
        return HttpResponseRedirect(page_url(convention, act, "#doutes"))
    return _show(page, request, Page(convention, act, request.user), acts, refused_doubt=form)


def _doubt_told(request: SignedInRequest) -> dict[str, str]:
    """The doubt and its reason, from its own form or from the page's."""
    code = request.GET.get("doute", "")
    reason = request.POST.get(f"{leaving.REASON}{code}", "")
    return {"doubt": code, "reason": reason} if code else request.POST.dict()
