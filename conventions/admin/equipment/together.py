"""One page, one send for what is done to many devices: to which, which are left aside and why, then the form."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from conventions import permissions
from conventions.domain.acts.drafting import from_stock
from conventions.domain.equipment import choosing, gestures, lines
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.requests import SignedInRequest
from conventions.forms.fields import LoadedChoiceField, field_of
from conventions.forms.refusals import told_on_form
from conventions.forms.stock import FORMS, GestureForm
from conventions.models import BoardDecision, User

if TYPE_CHECKING:
    from conventions.admin.equipment.listing import DeviceAdmin

LIST = "admin:conventions_device_changelist"


def page(model_admin: "DeviceAdmin", request: SignedInRequest, code: str) -> HttpResponse:
    """`?appareils=1-12` are the devices; a POST does it to those that it may be done to."""
    gesture = gestures.GESTURES.get(code)
    if gesture is None:
        raise Http404("Ce geste n’existe pas.")
    if not permissions.can_edit_equipment(request.user):
        raise PermissionDenied
    rows = chosen(request)
    if isinstance(rows, HttpResponse):
        return rows
    form = _form(code, request.user, rows, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with told_on_form(form):
            told, job = gestures.carry_out(gesture, rows, form.packed(), by=request.user)
            if job is not None:
                return HttpResponseRedirect(reverse("jobs:detail", args=[job.pk]))
            messages.success(request, told)
            return HttpResponseRedirect(back_to(rows, request))
    return _answer(model_admin, request, gesture, rows, form)


def chosen(request: SignedInRequest) -> list[choosing.Chosen] | HttpResponse:
    """The devices that the address names; a message and the list when it names none."""
    try:
        rows = choosing.chosen(choosing.read(",".join(request.GET.getlist("appareils"))))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse(LIST))
    if not rows:
        messages.info(request, "Choisissez des appareils dans la liste, puis une action.")
        return HttpResponseRedirect(reverse(LIST))
    return rows


def back_to(rows: list[choosing.Chosen], request: SignedInRequest) -> str:
    """Where one came from: the follow-up of a convention, the one device, or the list."""
    convention = request.GET.get("suivi", "")
    if convention.isdecimal() and len(convention) < 16:
        return reverse("admin:conventions_convention_follow", args=[convention]) + "#materiel"
    if len(rows) == 1:
        return reverse("admin:conventions_device_change", args=[rows[0].device.pk])
    return reverse(LIST)


def _form(code: str, user: User, rows: list[choosing.Chosen], data: Any) -> GestureForm:
    form = FORMS[code](data, me=str(user))
    if "term" in form.fields:
        field = field_of(form, "term", LoadedChoiceField)
        field.label_of = lines.told
        field.load(lines.open_lines())
    if "act" in form.fields:
        field = field_of(form, "act", LoadedChoiceField)
        field.label_of = from_stock.told
        field.load(from_stock.open_acts())
    if "decision" in form.fields:
        field_of(form, "decision", LoadedChoiceField).load(BoardDecision.objects.all())
    return form


def _answer(
    model_admin: "DeviceAdmin",
    request: SignedInRequest,
    gesture: gestures.Gesture,
    rows: list[choosing.Chosen],
    form: GestureForm,
) -> TemplateResponse:
    foreseen = gestures.foresee(gesture, rows)
    able = [one.row for one in foreseen if not one.reason]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": gesture.title,
        "gesture": gesture,
        "form": form,
        "lots": choosing.lots(able),
        "able": choosing.how_many(able) if able else "",
        "aside": [one for one in foreseen if one.reason],
        "in_background": len(able) > gestures.AT_ONCE,
        "back": back_to(rows, request),
        "here": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/conventions/device/together.html", context)
