"""The scan of a paper signed before the application, added to a reprise that nobody has attested yet."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse

from conventions import permissions
from conventions.admin.conventions.access import act_of, convention_of, page_url
from conventions.domain.acts.scans import reprises
from conventions.forms.scans import RepriseScanForm


def scan(page, request, pk):
    """GET asks; POST keeps the file with the reprise."""
    convention = convention_of(page, request, pk)
    if not permissions.can_edit_conventions(request.user):
        raise PermissionDenied
    act = act_of(convention, request)
    if not reprises.accepts_scan(act):
        raise Http404(reprises.CLOSED)
    form = RepriseScanForm(request.POST or None, request.FILES or None)
    if form.is_valid() and _file(form, act, by=request.user):
        messages.success(request, "Le scan est classé avec la reprise.")
        return HttpResponseRedirect(page_url(convention, act))
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": convention,
        "title": "Ajouter le scan du papier signé",
        "convention": convention,
        "act": act,
        "form": form,
        "back": page_url(convention, act),
    }
    return TemplateResponse(request, "admin/conventions/convention/reprise_scan.html", context)


def _file(form: RepriseScanForm, act, *, by) -> bool:
    """Whether it was done; a refusal stands in the form."""
    data = form.cleaned_data
    try:
        reprises.file_scan(act, by=by, scan=data["scan"].read(), signed_on=data["signed_on"])
    except ValueError as refusal:
        form.add_error("scan", str(refusal))
        return False
    return True
