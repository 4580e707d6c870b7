"""The page of a device: what it is, its data, what happened to it, who has it; entering and correcting it."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from conventions import permissions
from conventions.admin.equipment import tones
from conventions.domain.documents import attachments, storage
from conventions.domain.equipment import choosing, gestures, media, photographs, sheet, stock
from conventions.domain.people.requests import SignedInRequest
from conventions.formats import capitalise
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.forms.stock import CorrectForm, DeviceForm, MediumForm, PhotoForm, told_device
from conventions.models import Attachment, Device, Medium

if TYPE_CHECKING:
    from conventions.admin.equipment.listing import DeviceAdmin


def show(model_admin: "DeviceAdmin", request: SignedInRequest, object_id: str) -> HttpResponse:
    """What is known of it, as a story; each gesture that may be done is a door."""
    may_edit = permissions.can_edit_equipment(request.user)
    if not permissions.can_read_conventions(request.user) or (request.method == "POST" and not may_edit):
        raise PermissionDenied
    rows = choosing.chosen([int(object_id)]) if object_id.isdecimal() and len(object_id) < 16 else []
    if not rows:
        return model_admin.gone(request, object_id)
    row = rows[0]
    found = [gesture for gesture in gestures.GESTURES.values() if not gesture.obstacle(row)]
    context = {
        "row": row,
        "badges": [tones.state_badge(row.state), tones.media_badge(row.media_state)],
        "facts": sheet.facts(row.device),
        "media": sheet.media_of(row.device),
        "story": sheet.story(row.device),
        "notes": sheet.notes(row.device),
        "gestures": found if may_edit else [],
        "may_edit": may_edit,
    }
    return _answer(model_admin, request, "page", capitalise(row.device.name), device=row.device, **context)


def enter(model_admin: "DeviceAdmin", request: SignedInRequest) -> HttpResponse:
    """One device; a whole inventory is imported."""
    _require(request)
    scanned = {"serial": request.GET.get("serie", "")[:80]}
    form = DeviceForm(request.POST if request.method == "POST" else None, initial=scanned)
    if form.is_bound and form.is_valid():
        with told_on_form(form, field="serial"):
            (device,) = stock.enter([stock.Entry(**form.values())], by=request.user)
            messages.success(request, "L’appareil est entré au stock.")
            return HttpResponseRedirect(_url(device))
    back = reverse("admin:conventions_device_changelist")
    more = {"button": "Entrer au stock", "back": back, "form": form}
    return _answer(model_admin, request, "form", "Entrer un appareil", device=None, **more)


def correct(model_admin: "DeviceAdmin", request: SignedInRequest, pk: int) -> HttpResponse:
    """What was mistyped; its story keeps that it was corrected."""
    _require(request)
    device = get_object_or_404(Device, pk=pk)
    first = told_device(device) | {"version": device.version}
    form = CorrectForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        with told_on_form(form):
            stock.correct(device, form.values(), version=form.cleaned_data["version"], by=request.user)
            messages.success(request, "La fiche est corrigée.")
            return HttpResponseRedirect(_url(device))
    more = {"button": "Enregistrer", "back": _url(device), "form": form}
    return _answer(model_admin, request, "form", "Corriger la fiche", device=device, **more)


def photograph(model_admin: "DeviceAdmin", request: SignedInRequest, pk: int) -> HttpResponse:
    """Its photo, which loses what it says beside its picture."""
    _require(request)
    device = get_object_or_404(Device, pk=pk)
    form = PhotoForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        with told_on_form(form):
            photographs.photograph(device, form.cleaned_data["file"], by=request.user)
            messages.success(request, "La photo est enregistrée.")
            return HttpResponseRedirect(_url(device))
    more = {"button": "Enregistrer la photo", "back": _url(device), "form": form, "has_file": True}
    return _answer(model_admin, request, "form", "Photo de l’appareil", device=device, **more)


def picture(model_admin: "DeviceAdmin", request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The photo, to be shown."""
    if not permissions.can_read_conventions(request.user):
        raise PermissionDenied
    device = get_object_or_404(Device.objects.select_related("photo"), pk=pk)
    if device.photo is None:
        raise Http404("Cet appareil n’a pas de photo.")
    return storage.picture_response(device.photo, request=request, filename="appareil")


def paper(model_admin: "DeviceAdmin", request: SignedInRequest, pk: int, file: int) -> HttpResponseBase:
    """A paper of the device, downloaded: the certificate that proves a try."""
    if not permissions.can_read_conventions(request.user):
        raise PermissionDenied
    row = get_object_or_404(Attachment, pk=file, device__pk=pk)
    return attachments.download_response(row, by=request.user)


def list_medium(model_admin: "DeviceAdmin", request: SignedInRequest, pk: int) -> HttpResponse:
    """One medium, as its label says."""
    _require(request)
    device = get_object_or_404(Device, pk=pk)
    form = MediumForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with told_on_form(form, field="serial"):
            media.add([media.NewMedium(device=device, **form.values())], by=request.user)
            messages.success(request, "Le support est enregistré.")
            return HttpResponseRedirect(_url(device))
    more = {"button": "Enregistrer le support", "back": _url(device), "form": form}
    return _answer(model_admin, request, "form", "Relever un support de données", device=device, **more)


def medium_left(
    model_admin: "DeviceAdmin", request: SignedInRequest, pk: int, medium: int, fate: str
) -> HttpResponse:
    """« retire » or « detruit », today, by who says so. A GET goes back to the page."""
    _require(request)
    row = get_object_or_404(Medium.objects.select_related("device"), pk=medium, device__pk=pk)
    if fate not in ("retire", "detruit"):
        raise Http404("Ce geste n’existe pas.")
    if request.method == "POST":
        with told_on_page(request):
            today = timezone.localdate()
            if fate == "retire":
                media.remove([row], on=today, by=request.user)
            else:
                media.destroy([row], on=today, agent=str(request.user), by=request.user)
            messages.success(request, f"Support {row.get_kind_display()} : c’est enregistré.")
    return HttpResponseRedirect(_url(row.device))


def _require(request: SignedInRequest) -> None:
    if not permissions.can_edit_equipment(request.user):
        raise PermissionDenied


def _url(device: Device) -> str:
    return reverse("admin:conventions_device_change", args=[device.pk])


def _answer(
    model_admin: "DeviceAdmin",
    request: SignedInRequest,
    template: str,
    title: str,
    *,
    device: Device | None,
    **context: Any,
) -> TemplateResponse:
    shared = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "original": device,
        "device": device,
        "here": request.get_full_path(),
    }
    return TemplateResponse(request, f"admin/conventions/device/{template}.html", shared | context)
