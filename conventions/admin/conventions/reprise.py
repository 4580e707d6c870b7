"""The scan of a paper signed before the application, added to a reprise that nobody has attested yet."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import act_of, convention_of, page_url, render_page
from conventions.domain.acts.paper import inspecting
from conventions.domain.acts.scans import reprises
from conventions.domain.people.requests import SignedInRequest
from conventions.forms.refusals import told_on_form
from conventions.forms.scans import RepriseScanForm


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
