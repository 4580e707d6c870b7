"""What was signed on paper before the application: its later acts, and the scan of each until someone attests it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import act_of, convention_of, page_url, render_page
from conventions.admin.conventions.layout import (
    SECTIONS_BY_KIND,
    BlockSpec,
    ChangesSpec,
    FieldsSpec,
    RowsSpec,
)
from conventions.domain.acts import amending, lifecycle
from conventions.domain.acts.content import loading
from conventions.domain.acts.drafting.page_content import ROWS_BY_KEY
from conventions.domain.acts.drafting.readings import shown_fields, shown_rows
from conventions.domain.acts.paper import inspecting
from conventions.domain.acts.scans import reprises
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import ActKind, PageSection, TermKind
from conventions.forms.past import PastActForm
from conventions.forms.refusals import told_on_form
from conventions.forms.scans import RepriseScanForm
from conventions.models import Act, Convention, Document


def record_act(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    """GET asks which act it was; POST begins it, in its place in time, and opens its page."""
    convention = convention_of(page, request, pk)
    if not permissions.can_edit_conventions(request.user):
        raise PermissionDenied
    form = PastActForm(request.POST or None)
    if form.is_valid():
        kind = ActKind(form.cleaned_data["kind"])
        with told_on_form(form, field="signed_on"):
            act = amending.record_past_act(convention, kind, by=request.user, **form.act_values())
            messages.success(
                request, "L’acte a pris sa place. Dites ce qu’il change, puis enregistrez la reprise."
            )
            return HttpResponseRedirect(page_url(convention, act))
    title = "Saisir un avenant ou une résiliation déjà signés"
    return render_page(page, request, convention, "past_act", title, form=form)


def scan_page(
    page: PartnersModelAdmin, request: SignedInRequest, pk: int, document: int, number: int
) -> HttpResponse:
    """One page of a document of the convention, as a picture to be read beside the facts."""
    convention = convention_of(page, request, pk)
    row = get_object_or_404(Document, pk=document, act__convention=convention)
    headers = {"ETag": f'"{row.sha256}-{number}"', "Cache-Control": "private, max-age=86400"}
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    try:
        picture = reprises.page_picture(row, number)
    except Refused as refusal:
        raise Http404(str(refusal)) from refusal
    if picture is None:
        raise Http404("Ce document n’a pas cette page.")
    headers["X-Content-Type-Options"] = "nosniff"
    return HttpResponse(picture, content_type="image/jpeg", headers=headers)


def attested(convention: Convention, act: Act) -> dict:
    """For `event.html`: the facts that somebody is about to attest, section by section, and the pages of the scan."""
    row = loading.loaded(act)
    tables = amending.tables_of(row) if act.kind == ActKind.AMENDMENT else {}
    sections = [
        (section.title, blocks)
        for section in SECTIONS_BY_KIND[ActKind(act.kind)]
        if section.section in ATTESTED
        and (blocks := [found for spec in section.blocks if (found := _facts(convention, act, spec, tables))])
    ]
    scan = act.signed_document
    return {
        "facts": sections,
        "scan": scan,
        "scan_pages": range(1, scan.page_count + 1) if scan else (),
        "advice": lifecycle.advice_on(act),
    }


# What no paper says: how this software would have had it signed; of a term in dates, the dates are the fact.
OF_THE_SOFTWARE = ("path", "signing_order")
ATTESTED = (
    PageSection.ESSENTIALS,
    PageSection.PARTIES,
    PageSection.TERM,
    PageSection.SUPPORT,
    PageSection.DUTIES,
    PageSection.PROJECT,
    PageSection.SIGNATURE,
    PageSection.ARTICLES,
    PageSection.SOURCES,
)


def _facts(convention: Convention, act: Act, spec: BlockSpec, tables: dict) -> dict | None:
    """What a block of the page holds, to be read; None for one that is empty."""
    if isinstance(spec, FieldsSpec):
        unsaid = OF_THE_SOFTWARE if act.term_kind != TermKind.DATES else (*OF_THE_SOFTWARE, "term_kind")
        names = [name for name, _span in spec.fields if not name.startswith("new_") and name not in unsaid]
        pairs = shown_fields(convention, act, names)
        return {"pairs": pairs} if pairs else None
    if isinstance(spec, ChangesSpec):
        lines = [line for line in tables[spec.key].lines if line.state != "kept"]
        return {"heading": spec.heading, "changes": lines} if lines else None
    if not isinstance(spec, RowsSpec):
        return None
    rows = ROWS_BY_KEY[spec.key]
    headings, lines = shown_rows(rows, rows.of(convention, act))
    return {"heading": spec.heading, "headings": headings, "rows": lines} if lines else None


def file_scan(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    """GET asks; POST keeps the file with the reprise."""
    convention = convention_of(page, request, pk)
    if not permissions.can_edit_conventions(request.user):
        raise PermissionDenied
    act = act_of(convention, request)
    if not reprises.accepts_scan(act):
        raise Http404(reprises.CLOSED)
    form = RepriseScanForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        data = form.cleaned_data
        with told_on_form(form, field="scan"):
            scan = inspecting.inspected(data["scan"].read(), act=act, name=data["scan"].name)
            reprises.file_scan(act, by=request.user, scan=scan, signed_on=data["signed_on"])
            messages.success(request, "Le scan est classé avec la reprise.")
            for told in scan.told:
                messages.info(request, told)
            return HttpResponseRedirect(page_url(convention, act))
    title = "Ajouter le scan du papier signé"
    return render_page(page, request, convention, "reprise_scan", title, act=act, form=form)
