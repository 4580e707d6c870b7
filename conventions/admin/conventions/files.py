"""Downloads of a convention: the draft as it would print, stored documents, filed attachments."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import act_of, convention_of
from conventions.domain.acts.content import assembling
from conventions.domain.documents import annexes, attachments, kept_files, logos, storage
from conventions.domain.documents.rendering import render_agreement
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import BEFORE_FREEZING_STATES
from conventions.exchange.archives.dossier import NoDossier, dossier_response
from conventions.models import Annex, Document, Photo, ReceivedFile


def preview(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The draft as a PDF marked BROUILLON; a frozen act shows its stored document."""
    convention = convention_of(page, request, pk)
    act = act_of(convention, request)
    if act.frozen_document:
        return storage.download_response(act.frozen_document, request=request, inline=True)
    if act.state not in BEFORE_FREEZING_STATES:
        raise Http404("Cet acte n’a pas de document.")
    context = assembling.agreement_context(act)
    pdf = render_agreement(context, logos=logos.bytes_of(context))
    name = f"brouillon-{convention.slug[:80]}.pdf"
    return HttpResponse(
        pdf.content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def document(page: PartnersModelAdmin, request: SignedInRequest, pk: int, document: int) -> HttpResponseBase:
    """Stored bytes of one of the convention's documents."""
    convention = convention_of(page, request, pk)
    rows = Document.objects.select_related("act__convention", "ceremony")
    row = get_object_or_404(rows, pk=document, act__convention=convention)
    return storage.download_response(row, request=request)


def received(page: PartnersModelAdmin, request: SignedInRequest, pk: int, file: int) -> HttpResponseBase:
    """A scan as it came, of which a document shows the pages: to be kept, never shown inside the site."""
    convention = convention_of(page, request, pk)
    rows = ReceivedFile.objects.select_related("document__act__convention", "document__ceremony")
    row = get_object_or_404(rows, pk=file, document__act__convention=convention)
    return storage.download_response(row, request=request)


def photo(page: PartnersModelAdmin, request: SignedInRequest, pk: int, photo: int) -> HttpResponseBase:
    """A picture of the convention, shown in its page."""
    row = get_object_or_404(Photo, pk=photo, convention=convention_of(page, request, pk))
    return storage.picture_response(row, request=request)


def dossier(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The signed document, its attestation, the journal's lines and the annexes, as one ZIP."""
    convention = convention_of(page, request, pk)
    try:
        return dossier_response(act_of(convention, request))
    except NoDossier as refusal:
        raise Http404(str(refusal)) from refusal


def attachment(page: PartnersModelAdmin, request: SignedInRequest, pk: int, file: int) -> HttpResponseBase:
    convention = convention_of(page, request, pk)
    row = get_object_or_404(kept_files.readable(by=request.user, convention=convention), pk=file)
    return attachments.download_response(row, by=request.user)


def annex(page: PartnersModelAdmin, request: SignedInRequest, pk: int, annex: int) -> HttpResponseBase:
    """An annex as it will be under the seal: the pages that readers see, whatever else the filed paper holds."""
    rows = Annex.objects.select_related("attachment", "act")
    row = get_object_or_404(rows, pk=annex, act__convention=convention_of(page, request, pk))
    return storage.download_response(row, request=request, filename=annexes.file_name(row), inline=True)
