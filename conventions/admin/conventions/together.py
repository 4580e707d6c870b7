"""« Faire avancer »: one event for the conventions chosen in the list. What will happen, then a job with its report."""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import page_url
from conventions.domain.acts import batch
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import Event
from conventions.forms.together import TogetherForm
from conventions.models import Convention

MOST = 100


@admin.action(description=_("Faire avancer"))
def advance_action(
    page: PartnersModelAdmin, request: SignedInRequest, queryset: QuerySet[Convention]
) -> HttpResponse | None:
    """Choose the event, read row by row what it will do, confirm: three answers of the same page."""
    form = TogetherForm(request.POST if "event" in request.POST else None)
    if queryset.count() > MOST:
        page.message_user(request, f"Choisissez {MOST} conventions au plus.", level="ERROR")
        return None
    rows, event = [], None
    if form.is_valid():
        event = Event(form.cleaned_data["event"])
        rows = batch.foresee(queryset, event, user=request.user)
        if "_confirmer" in request.POST and any(row.allowed for row in rows):
            with transaction.atomic():
                job = batch.start(rows, event, by=request.user)
            return HttpResponseRedirect(reverse("jobs:detail", args=[job.pk]))
    keys = list(queryset.values_list("pk", flat=True))
    context = {**page.admin_site.each_context(request), "opts": page.opts, **_shown(rows), "keys": keys}
    context |= {"title": _("Faire avancer"), "form": form, "event": event}
    return TemplateResponse(request, "admin/conventions/convention/together.html", context)


def _shown(rows: list[batch.Row]) -> dict:
    """What each convention will do, and what makes the list's own form call the action again."""
    return {
        "rows": [(row, page_url(row.convention, row.act)) for row in rows],
        "ready": sum(row.allowed for row in rows),
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "action_name": advance_action.__name__,
    }
