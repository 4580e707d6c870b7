"""« Exporter les PDF »: conventions chosen in the list, then the version, then one ZIP.

To hook it, name the action: `actions = [export_documents_action]`, or add it in `get_actions` for those who may
(`permissions.can_export_documents`; the action checks it again). No address is needed: as with Django's own
confirmation pages, the choice posts back to the list.
"""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.domain.people.requests import SignedInRequest
from conventions.exchange.archives import ArchiveVersion, archive_plan, export_archive
from conventions.formats import show_size
from conventions.forms.archives import ArchiveForm
from conventions.models import Convention


@admin.action(description=_("Exporter les PDF"))
def export_documents_action(
    modeladmin: admin.ModelAdmin, request: SignedInRequest, queryset: QuerySet[Convention]
) -> HttpResponseBase:
    """First the choice, then the archive. One journal line names what left, and in which version."""
    if not permissions.can_export_documents(request.user):
        raise PermissionDenied
    keys = list(queryset.values_list("pk", flat=True))
    form = ArchiveForm(request.POST if "version" in request.POST else None)
    if not form.is_bound or not form.is_valid():
        return _choice_page(modeladmin, request, keys, form)
    plan = archive_plan(keys, ArchiveVersion(form.cleaned_data["version"]))
    if not plan.present:
        form.add_error("version", _("Aucune des conventions choisies n’a de document dans cette version."))
        return _choice_page(modeladmin, request, keys, form)
    return export_archive(plan, by=request.user)


def _choice_page(
    modeladmin: admin.ModelAdmin, request: SignedInRequest, keys: list[int], form: ArchiveForm
) -> TemplateResponse:
    public, signed = (archive_plan(keys, version) for version in ArchiveVersion)
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": _("Exporter les PDF"),
        "opts": modeladmin.opts,
        "form": form,
        "public": public,
        "public_size": show_size(public.size),
        "signed": signed,
        "signed_size": show_size(signed.size),
        "count": len(keys),
        "keys": keys,
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "action_name": export_documents_action.__name__,
        "media": modeladmin.media,
    }
    return TemplateResponse(request, "admin/exports/choice.html", context)
