"""Publication: public sheets and press releases."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conventions import permissions
from conventions.admin.base import JournalledForm, Task, badge, marked
from conventions.admin.exports import ExportedList
from conventions.admin.lists import KeysFirst, YearMenu
from conventions.domain import publication
from conventions.domain.documents import storage
from conventions.domain.people.requests import SignedInRequest, signed_in
from conventions.enums import PressState
from conventions.exchange import lists
from conventions.formats import long_date
from conventions.forms.press import PressReleaseForm, PressSubjectForm
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.models import Kind, PressRelease, PublicSheet
from conventions.models.publication import PublicSheetQuerySet, under_embargo

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TONES = {PressState.DRAFT: "neutral", PressState.PUBLISHED: "ok", PressState.WITHDRAWN: "done"}


class SheetStateFilter(admin.SimpleListFilter):
    title = _("état")
    parameter_name = "etat"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [("en_ligne", _("en ligne")), ("embargo", _("sous embargo")), ("retirees", _("retirées"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "en_ligne":
            return cast(PublicSheetQuerySet, queryset).published()
        if self.value() == "embargo":
            return queryset.filter(under_embargo(), withdrawn_at=None)
        return queryset.exclude(withdrawn_at=None) if self.value() == "retirees" else queryset


class SignedIn(YearMenu):
    field, lookup = "year", "exact"


class KindFilter(admin.SimpleListFilter):
    title = _("nature")
    parameter_name = "nature"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [(kind.slug, capfirst(kind.name)) for kind in Kind.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind_slug=self.value()) if self.value() else queryset


class Dated(YearMenu):
    field = "dateline"


@admin.register(PublicSheet)
class PublicSheetAdmin(ExportedList):
    """Sheets are made by publishing a convention; here they are looked at, made again or withdrawn."""

    task, task_order = Task.PUBLICATION, 10
    export_columns = lists.SHEET_COLUMNS
    view_rule = permissions.can_read_conventions
    change_form_template = "admin/conventions/publicsheet/change_form.html"
    list_display = ["title_told", "kind_label", "signed", "state_told", "version", "published_at"]
    list_filter = [SheetStateFilter, SignedIn, KindFilter]
    search_fields = ["search_key"]
    normalised_search = True
    fieldsets = [
        (_("Fiche"), {"fields": ["title_told", "summary", "kind_label", "signed"]}),
        (
            _("Publication"),
            {"fields": ["state_told", "version", "published_at", "published_by", "embargo_until"]},
        ),
    ]
    readonly_fields = ["title_told", "signed", "state_told"]

    def export_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related(None).select_related("published_by").defer("data")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysFirst

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super().get_queryset(request).filter(is_current=True).select_related("published_by", "document")
        )

    @admin.display(description=_("titre"), ordering="title")
    def title_told(self, sheet: PublicSheet) -> str:
        return marked(sheet.title, sheet)

    @admin.display(description=_("signée le"), ordering="signed_on")
    def signed(self, sheet: PublicSheet) -> "StrOrPromise":
        return long_date(sheet.signed_on) if sheet.signed_on else _("date non communiquée")

    @admin.display(description=_("état"))
    def state_told(self, sheet: PublicSheet) -> str:
        state = lists.sheet_state(sheet)
        return badge({lists.WITHDRAWN: "done", lists.EMBARGOED: "warn"}.get(state, "ok"), state)

    def get_urls(self) -> list[URLPattern]:
        pages = [("publier", self.publish_view), ("retirer", self.withdraw_view)]
        wrapped = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(require_POST(view)), name=f"sheet_{name}")
            for name, view in pages
        ]
        return [
            *wrapped,
            path("<int:pk>/pdf/", self.admin_site.admin_view(self.pdf_view), name="sheet_pdf"),
            *super().get_urls(),
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: PublicSheet | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        context["may_publish"] = permissions.can_publish(request.user)
        context["is_online"] = obj is not None and obj.withdrawn_at is None
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def publish_view(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._verb(
            request,
            pk,
            lambda sheet: publication.publish(sheet.convention, by=request.user),
            _("La page publique est à jour."),
        )

    def withdraw_view(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._verb(
            request,
            pk,
            lambda sheet: publication.withdraw(sheet.convention, by=request.user),
            _("La page publique est retirée."),
        )

    def _verb(
        self, request: SignedInRequest, pk: int, act: Callable[[PublicSheet], object], told: "StrOrPromise"
    ) -> HttpResponseRedirect:
        if not permissions.can_publish(request.user):
            raise PermissionDenied
        sheet = get_object_or_404(PublicSheet.objects.select_related("convention"), pk=pk)
        with told_on_page(request):
            act(sheet)
            messages.success(request, told)
        current = PublicSheet.objects.get(convention=sheet.convention, is_current=True)
        return HttpResponseRedirect(reverse("admin:conventions_publicsheet_change", args=[current.pk]))

    def pdf_view(self, request: SignedInRequest, pk: int) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        sheet = get_object_or_404(PublicSheet.objects.select_related("document"), pk=pk)
        if sheet.document is None:
            raise Http404
        return storage.download_response(sheet.document, request=request, inline=True)


@admin.register(PressRelease)
class PressReleaseAdmin(ExportedList):
    task, task_order = Task.PUBLICATION, 20
    export_columns = lists.RELEASE_COLUMNS
    view_rule = permissions.can_read_conventions
    add_rule = change_rule = permissions.can_publish
    form = PressReleaseForm
    change_form_template = "admin/conventions/pressrelease/change_form.html"
    list_display = ["title_told", "dateline", "subject", "state_told"]
    list_filter = ["state", Dated]
    list_select_related = ["convention", "ceremony"]
    search_fields = ["title"]
    fieldsets = [
        (_("Texte"), {"fields": ["title", "standfirst", "body"]}),
        (_("Publication"), {"fields": [("place", "dateline"), "contact", "embargo_until"]}),
    ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysFirst

    def journal_links(self, obj: PressRelease) -> dict[str, Any]:
        return {"convention": obj.convention} if obj.convention_id else {}

    def save_model(self, request: HttpRequest, obj: PressRelease, form: JournalledForm, change: bool) -> None:
        obj.version += 1
        super().save_model(request, obj, form, change)

    @admin.display(description=_("titre"), ordering="title")
    def title_told(self, release: PressRelease) -> str:
        return marked(release.title, release)

    @admin.display(description=_("à propos de"))
    def subject(self, release: PressRelease) -> str:
        return str(release.convention or release.ceremony)

    @admin.display(description=_("état"), ordering="state")
    def state_told(self, release: PressRelease) -> str:
        state = lists.release_state(release)
        return badge("warn" if state == lists.EMBARGOED else TONES[PressState(release.state)], state)

    def get_urls(self) -> list[URLPattern]:
        posts = [("publier", self.publish_view), ("retirer", self.withdraw_view)]
        wrapped = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(require_POST(view)), name=f"release_{name}")
            for name, view in posts
        ]
        preview = self.admin_site.admin_view(self.preview_view)
        return [*wrapped, path("<int:pk>/apercu/", preview, name="release_preview"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Choose the subject; the first text is written from the data, then edited."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PressSubjectForm(
            request.POST if request.method == "POST" else None, initial=request.GET.dict()
        )
        if request.method == "POST" and form.is_valid():
            with told_on_form(form):
                release = publication.draft_press_release(by=signed_in(request).user, **form.cleaned_data)
                messages.success(request, _("Voici un premier texte, écrit d’après le dossier. Relisez-le."))
                return HttpResponseRedirect(
                    reverse("admin:conventions_pressrelease_change", args=[release.pk])
                )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Préparer un communiqué"),
            "form": form,
        }
        return TemplateResponse(request, "admin/conventions/pressrelease/add_form.html", context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: PressRelease | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        context["may_publish"] = permissions.can_publish(request.user)
        context["is_published"] = obj is not None and obj.state == PressState.PUBLISHED
        context["held_back"] = publication.held_back(obj) if obj is not None else ""
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def publish_view(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._verb(request, pk, publication.publish_press_release, _("Le communiqué est publié."))

    def withdraw_view(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._verb(
            request, pk, publication.withdraw_press_release, _("Le communiqué est retiré du site.")
        )

    def _verb(
        self, request: SignedInRequest, pk: int, act: Callable[..., object], told: "StrOrPromise"
    ) -> HttpResponseRedirect:
        if not permissions.can_publish(request.user):
            raise PermissionDenied
        release = get_object_or_404(PressRelease, pk=pk)
        with told_on_page(request):
            act(release, by=request.user)
            messages.success(request, told)
        return HttpResponseRedirect(reverse("admin:conventions_pressrelease_change", args=[pk]))

    def preview_view(self, request: SignedInRequest, pk: int) -> HttpResponse:
        """The PDF as it would be published, marked as a draft; nothing is stored."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        release = get_object_or_404(PressRelease, pk=pk)
        content = publication.preview_press_release(release)
        headers = {"Content-Disposition": f'inline; filename="{release.slug}-brouillon.pdf"'}
        return HttpResponse(content, content_type="application/pdf", headers=headers)
