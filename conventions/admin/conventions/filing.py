"""« Classer l’exemplaire signé »: the short way, one file of one act, with what the paper says of each signature."""

from django.contrib import messages
from django.core.files.storage import storages
from django.http import HttpResponseRedirect

from conventions.admin.conventions import wording
from conventions.admin.conventions.access import page_url, render_page
from conventions.domain.acts import lifecycle, scans
from conventions.domain.documents import attachments
from conventions.domain.foundation.refusals import Refused
from conventions.enums import AttachmentKind, Event
from conventions.forms.refusals import told_on_form
from conventions.forms.scans import OneCopyForm
from conventions.models import Attachment


def file_signed_copy(page, request, convention, act):
    """GET asks; POST files. A readable file is kept at once: a wrong date does not have it chosen again."""
    asked = request.method == "POST" and "_confirmer" in request.POST
    kept = _received(request, convention) if asked else None
    content = _bytes(kept) if kept else b""
    form = OneCopyForm(*((request.POST, request.FILES) if asked else ()), act=act, found=_pages(content))
    if asked and form.is_valid() and _file(form, act, content, by=request.user):
        kept.delete()  # its bytes are now those of the document
        messages.success(request, wording.done(Event.FILE_SCAN, act))
        return HttpResponseRedirect(page_url(convention, act))
    title, explanation = wording.name(Event.FILE_SCAN, act), wording.explanation(Event.FILE_SCAN, act)
    context = {"explanation": explanation, "form": form, "asked": asked, "kept": kept}
    return render_page(page, request, convention, "signed_copy", title, act=act, **context)


def _file(form: OneCopyForm, act, content: bytes, *, by) -> bool:
    """Whether it was done; a refusal stands in the form."""
    with told_on_form(form) as attempt:
        lifecycle.apply(act, Event.FILE_SCAN, by=by, scan=content, **form.details())
    return attempt.refusal is None


def _received(request, convention) -> Attachment | None:
    """The file sent now when it can be read, else the one kept from a form that had failed."""
    upload = request.FILES.get("scan")
    if upload is None:
        return _kept(request, convention)
    try:
        scans.count_pages(upload.read(), as_it_is=True)
        return attachments.file_upload(
            upload, kind=AttachmentKind.SCAN, by=request.user, convention=convention, pending=True
        )
    except Refused:
        return None  # the field itself says what is wrong with it


def _kept(request, convention) -> Attachment | None:
    key = request.POST.get("kept", "")
    if not (key.isdecimal() and len(key) < 10):
        return None
    rows = Attachment.objects.filter(convention=convention, pending=True, uploaded_by=request.user)
    return rows.filter(pk=key, kind=AttachmentKind.SCAN).first()


def _bytes(kept: Attachment) -> bytes:
    with storages["private"].open(kept.storage_name) as file:
        return file.read()


def _pages(content: bytes) -> int | None:
    return scans.count_pages(content) if content else None
