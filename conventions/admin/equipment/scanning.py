"""Labels that a reader types or a photo shows, and labels to stick: no mouse, no script needed."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse

from conventions import permissions
from conventions.admin.equipment.together import chosen
from conventions.domain.equipment import choosing, gestures, scanning
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people import kept_texts
from conventions.domain.people.requests import SignedInRequest
from conventions.formats import capitalise
from conventions.forms.refusals import told_on_form
from conventions.forms.stock import LabelsForm, ScanForm

if TYPE_CHECKING:
    from conventions.admin.equipment.listing import DeviceAdmin


def page(model_admin: "DeviceAdmin", request: SignedInRequest) -> HttpResponse:
    """What was read, device by device: found, to be asked, read twice; then what to do with those found."""
    if not permissions.can_edit_equipment(request.user):
        raise PermissionDenied
    form = ScanForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    context: dict[str, Any] = {"title": "Lire des étiquettes", "form": form, "here": request.get_full_path()}
    if form.is_bound and form.is_valid():
        with told_on_form(form, field="lines"):
            context |= _read(form)
            _forget(request)
    shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
    return TemplateResponse(request, "admin/conventions/device/scan.html", shared | context)


def _read(form: ScanForm) -> dict[str, Any]:
    lines = form.cleaned_data["lines"]
    if photo := form.cleaned_data["photo"]:
        lines = "\n".join([*filter(None, [lines]), *scanning.codes_of_photo(photo)])
    scanned = scanning.read_lines(lines)
    rows = choosing.chosen([device.pk for device in scanned.found])
    return {
        "scanned": scanned,
        "lines": lines,
        "lots": choosing.lots(rows),
        "keys": choosing.written(row.device.pk for row in rows),
        "found": choosing.how_many(rows) if rows else "",
        "gestures": [
            gesture
            for gesture in gestures.GESTURES.values()
            if any(not gesture.obstacle(row) for row in rows)
        ],
    }


def _forget(request: SignedInRequest) -> None:
    """The labels were read, and are on the page: they are not offered again as unsaved."""
    desk = request.__dict__.pop("kept_desk", None)
    if desk is not None:
        kept_texts.forget(desk)


def read_one(model_admin: "DeviceAdmin", request: SignedInRequest) -> HttpResponse:
    """{"said": sentence, "sure": whether it is one device}: what a screen reader says as a label is read."""
    if not permissions.can_edit_equipment(request.user):
        raise PermissionDenied
    try:
        scanned = scanning.read_lines(request.GET.get("etiquette", "")[:400])
    except Refused as refusal:
        return JsonResponse({"said": str(refusal), "sure": False})
    if not scanned.labels:
        return JsonResponse({"said": "", "sure": False})
    label = scanned.labels[0]
    if label.device is None:
        return JsonResponse({"said": label.doubt, "sure": False})
    return JsonResponse({"said": f"{capitalise(label.device.name)}, {label.device}", "sure": True})


def labels(model_admin: "DeviceAdmin", request: SignedInRequest) -> HttpResponse:
    """Which devices, and where the first label goes on a sheet already begun."""
    rows = chosen(request)
    if isinstance(rows, HttpResponse):
        return rows
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "Imprimer les étiquettes",
        "form": LabelsForm(),
        "lots": choosing.lots(rows),
        "found": choosing.how_many(rows),
        "keys": choosing.written(row.device.pk for row in rows),
    }
    return TemplateResponse(request, "admin/conventions/device/labels.html", context)


def labels_pdf(model_admin: "DeviceAdmin", request: SignedInRequest) -> HttpResponse:
    """24 a sheet; `?debut=5` leaves the first four places."""
    if not permissions.can_read_conventions(request.user):
        raise PermissionDenied
    rows = chosen(request)
    if isinstance(rows, HttpResponse):
        return rows
    form = LabelsForm(request.GET)
    first = form.cleaned_data["debut"] or 1 if form.is_valid() else 1
    made = scanning.labels_of([row.device for row in rows], skipped=first - 1)
    headers = {
        "Content-Disposition": 'inline; filename="etiquettes.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(made, content_type="application/pdf", headers=headers)
