"""« Exporter les PDF »: conventions chosen in the list, then the version, then one ZIP.

To hook it, name the action: `actions = [export_documents_action]`, or add it in `get_actions` for those who may
(`permissions.can_export_documents`; the action checks it again). No address is needed: as with Django's own
confirmation pages, the choice posts back to the list.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.domain import journal
from conventions.domain.people.requests import SignedInRequest
from conventions.exchange.archives import ArchivePlan, ArchiveVersion, archive_plan, archive_response
from conventions.formats import NBSP, show_number
from conventions.models import Convention, User

EVENT = "documents_exportes"


class ChoiceForm(forms.Form):
    """Which version; the signed one asks for a promise."""

    version = forms.ChoiceField(choices=ArchiveVersion, label=_("Version"))
    kept_inside = forms.BooleanField(
        required=False,
        label=_("Je garde cette archive dans les services de l’OPT-NC."),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        values = self.cleaned_data
        if values.get("version") == ArchiveVersion.SIGNED and not values.get("kept_inside"):
            message = _("Cochez cette case pour télécharger les exemplaires signés.")
            self.add_error("kept_inside", message)
        return values


@admin.action(description=_("Exporter les PDF"))
def export_documents_action(
    modeladmin: admin.ModelAdmin, request: SignedInRequest, queryset: QuerySet[Convention]
) -> HttpResponseBase:
    """First the choice, then the archive. One journal line names what left, and in which version."""
    if not permissions.can_export_documents(request.user):
        raise PermissionDenied
    keys = list(queryset.values_list("pk", flat=True))
    form = ChoiceForm(request.POST if "version" in request.POST else None)
    if not form.is_bound or not form.is_valid():
        return _choice_page(modeladmin, request, keys, form)
    plan = archive_plan(keys, ArchiveVersion(form.cleaned_data["version"]))
    if not plan.present:
        form.add_error("version", _("Aucune des conventions choisies n’a de document dans cette version."))
        return _choice_page(modeladmin, request, keys, form)
    _write_journal(plan, by=request.user)
    return archive_response(plan)


def _write_journal(plan: ArchivePlan, *, by: User) -> None:
    details = {
        "exemplaires": str(plan.version.label),
        "conventions": sorted({entry.convention.pk for entry in plan.present}),
        "documents": sorted(entry.document.pk for entry in plan.present if entry.document),
    }
    with transaction.atomic():
        journal.record(EVENT, by=by, details=details)


def _choice_page(
    modeladmin: admin.ModelAdmin, request: SignedInRequest, keys: list[int], form: ChoiceForm
) -> TemplateResponse:
    public, signed = (archive_plan(keys, version) for version in ArchiveVersion)
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": _("Exporter les PDF"),
        "opts": modeladmin.opts,
        "form": form,
        "public": public,
        "public_size": shown_size(public.size),
        "signed": signed,
        "signed_size": shown_size(signed.size),
        "count": len(keys),
        "keys": keys,
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "action_name": export_documents_action.__name__,
        "media": modeladmin.media,
    }
    return TemplateResponse(request, "admin/exports/choice.html", context)


def shown_size(size: int) -> str:
    """« 412 ko », « 3,1 Mo »."""
    if size < 1_000_000:
        return f"{show_number(max(1, round(size / 1000)) if size else 0)}{NBSP}ko"
    return f"{size / 1_000_000:.1f}".replace(".", ",") + f"{NBSP}Mo"
