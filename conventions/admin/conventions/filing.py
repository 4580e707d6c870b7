"""« Classer l’exemplaire signé »: the short way, one file of one act, with what the paper says of each signature."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect

from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import page_url, render_page
from conventions.domain.acts import lifecycle
from conventions.domain.acts.lifecycle import wording
from conventions.domain.acts.paper import inspecting
from conventions.domain.documents import kept_files, storage
from conventions.domain.foundation.pdf_sandbox import InspectedPdf
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import AttachmentKind, Event
from conventions.forms.refusals import told_on_form
from conventions.forms.scans import OneCopyForm
from conventions.models import Act, Attachment, Convention, User
from conventions.validators import validate_upload

FORM = Event.FILE_SCAN.value


def file_signed_copy(
    page: PartnersModelAdmin, request: SignedInRequest, convention: Convention, act: Act
) -> HttpResponse:
    """GET asks; POST files. A file that may be filed is kept at once: a wrong date does not have it chosen again."""
    asked = request.method == "POST" and "_confirmer" in request.POST
    kept, scan, refusal = _received(request, convention, act) if asked else (None, None, "")
    form = OneCopyForm(
        *((request.POST, request.FILES) if asked else ()),
        act=act,
        found=scan.page_count if scan else None,
        refusal=refusal,
    )
    if kept and scan and form.is_valid() and _file(form, act, scan, by=request.user):
        kept_files.drop(kept, by=request.user)  # its bytes are now those of the document
        messages.success(request, wording.done(Event.FILE_SCAN, act))
        for told in scan.told:
            messages.info(request, told)
        return HttpResponseRedirect(page_url(convention, act))
    title, explanation = wording.name(Event.FILE_SCAN, act), wording.explanation(Event.FILE_SCAN, act)
    context: dict[str, Any] = {"explanation": explanation, "form": form, "asked": asked, "kept": kept}
    return render_page(page, request, convention, "signed_copy", title, act=act, **context)


def _file(form: OneCopyForm, act: Act, scan: InspectedPdf, *, by: User) -> bool:
    """Whether it was done; a refusal stands in the form."""
    with told_on_form(form) as attempt:
        lifecycle.apply(act, Event.FILE_SCAN, by=by, scan=scan, **form.details())
    return attempt.refusal is None


def _received(
    request: SignedInRequest, convention: Convention, act: Act
) -> tuple[Attachment | None, InspectedPdf | None, str]:
    """The file sent now, else the one kept from a form that had failed; its bytes once read, or what is wrong."""
    upload = request.FILES.get("scan")
    kept = None
    if upload is None:
        key = request.POST.get("kept", "")
        kept = kept_files.kept_of(key, by=request.user, convention=convention, form=FORM)
    try:
        content = storage.read_bytes(kept) if kept else _pdf(upload)
        name = str(upload.name) if upload else kept.original_name if kept else ""
        scan = inspecting.inspected(content, act=act, name=name) if content else None
    except Refused as refusal:
        return None, None, str(refusal)
    if scan is not None and upload is not None:
        kept = kept_files.keep(
            upload, by=request.user, convention=convention, kind=AttachmentKind.SCAN, form=FORM
        )
    return kept, scan, ""


def _pdf(upload: UploadedFile | None) -> bytes:
    """Nothing of a file of another kind or too heavy: the field itself says what is wrong with it."""
    if upload is None:
        return b""
    try:
        validate_upload(upload, ("pdf",))
    except ValidationError:
        return b""
    upload.seek(0)
    return upload.read()
