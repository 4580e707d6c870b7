"""The list of conventions: what they are, where they stand, what is known of their amounts."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db import models
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin, Task
from conventions.admin.conventions import (
    amending,
    events,
    files,
    filters,
    following,
    letters,
    messages,
    printing,
    publishing,
    reprise,
    signing,
    views,
)
from conventions.admin.conventions.together import advance_action
from conventions.admin.conventions.tones import STATUS_TONES
from conventions.admin.document_exports import export_documents_action
from conventions.admin.exports import ExportedList
from conventions.admin.lists import KeysFirst
from conventions.domain.acts import drafting
from conventions.domain.following.granted import granted_tally, totals, with_granted
from conventions.domain.people.requests import SignedInRequest, View, signed_in
from conventions.enums import ActState, ConventionStatus
from conventions.exchange.columns import (
    CONVENTION_COLUMNS,
    partners_of,
    reference_of,
    signed_on_text,
)
from conventions.exchange.told import ToldConvention, told_conventions
from conventions.formats import contract, counted, whole_number
from conventions.forms.conventions import ReassignForm
from conventions.forms.refusals import told_on_form
from conventions.models import Act, Convention, Party, User
from conventions.models.conventions import ConventionQuerySet

if TYPE_CHECKING:
    from conventions.domain.following.granted import GrantedConvention


# Long texts that no column of the list tells.
UNTOLD = ("public_summary", "public_story", "interests_note", "notes", "search_key")
TOLD_OF_PARTIES = ("convention", "position", "partner__name", "partner__acronym", "partner__is_opt")
TOLD_OF_ACTS = (
    "convention", "rank", "state", "number", "old_reference", "starts_on", "ends_on",
    "signed_on", "signed_on_precision", "signed_on_wording",
)  # fmt: skip


@admin.action(description=_("Confier à un·e collègue"))
def reassign_action(
    page: PartnersModelAdmin, request: SignedInRequest, queryset: QuerySet[Convention]
) -> HttpResponse | None:
    """Choose the colleague, confirm, hand over; the same page asks and answers."""
    if not permissions.can_reassign(request.user):
        page.message_user(request, _("Votre rôle ne permet pas de confier des dossiers."), level="ERROR")
        return None
    form = ReassignForm(request.POST if "to" in request.POST else None)
    if form.is_valid():
        with told_on_form(form, field="to"):
            moved = drafting.reassign(queryset, to=form.cleaned_data["to"], by=request.user)
            page.message_user(request, _moved_text(moved, form.cleaned_data["to"]), level="SUCCESS")
            return HttpResponseRedirect(request.get_full_path())
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": "Confier des dossiers",
        "form": form,
        "rows": queryset.select_related("officer"),
        "action": "reassign_action",
    }
    return TemplateResponse(request, "admin/conventions/convention/reassign.html", context)


def _moved_text(moved: int, colleague: User) -> str:
    whom = contract("à", str(colleague))
    if moved == 0:
        return f"Ces dossiers étaient déjà confiés {whom}."
    return f"{counted(moved, 'dossier confié', 'dossiers confiés')} {whom}."


class ToldOfPage(KeysFirst):
    def of_page(self, keys: list) -> dict:
        return cast(ConventionAdmin, self.model_admin).told(Convention.objects.all()).in_bulk(keys)


@admin.register(Convention)
class ConventionAdmin(ExportedList):
    task = Task.CONVENTIONS
    task_order = 10
    view_rule = permissions.can_read_conventions
    add_rule = permissions.can_edit_conventions
    normalised_search = True
    search_fields = ("search_key",)
    search_help_text = _("Titre, partenaire, référence, projet : sans se soucier des accents.")
    change_list_template = "admin/conventions/convention/change_list.html"
    list_display = (
        "name",
        "reference",
        "status_badge",
        "officer_name",
        "granted",
        "signed",
    )
    list_display_links = ("name",)
    list_filter = (
        filters.MineFilter,
        filters.StatusFilter,
        filters.YearFilter,
        filters.KindFilter,
        filters.ValueFilter,
        filters.ProvinceFilter,
        filters.OfficerFilter,
    )
    list_per_page = 30
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-created_at", "-pk")
    export_columns = CONVENTION_COLUMNS
    export_name = "conventions"

    # -- rights -------------------------------------------------------------------------------------------
    def has_change_permission(self, request: HttpRequest, obj: Convention | None = None) -> bool:
        """Some part of the page is open to most roles: the page itself says which."""
        user = request.user
        rules = (
            permissions.can_edit_conventions,
            permissions.can_edit_clauses,
            permissions.can_edit_equipment,
            permissions.can_publish,
        )
        return any(rule(user) for rule in rules)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if permissions.can_move_acts(request.user):
            actions["advance_action"] = self._action(advance_action)
        if permissions.can_reassign(request.user):
            actions["reassign_action"] = self._action(reassign_action)
        if permissions.can_export_documents(request.user):
            actions["export_documents_action"] = self._action(export_documents_action)
        return actions

    def _action(self, function: Callable[..., Any]) -> tuple[Callable[..., Any], str, str]:
        return function, function.__name__, getattr(function, "short_description", function.__name__)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ToldOfPage

    # -- rows ---------------------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Bare, to be counted and turned over; with what it tells when the list is sorted by it."""
        rows = cast(ConventionQuerySet, super().get_queryset(request)).for_user(request.user)
        return self.told(rows) if ORDER_VAR in request.GET else rows

    def told(self, rows: QuerySet) -> QuerySet:
        """With all that a line of the list shows."""
        return (
            with_granted(cast(ConventionQuerySet, rows).with_status())
            .defer(*UNTOLD)
            .select_related("kind", "officer")
            .prefetch_related(
                Prefetch("parties", Party.objects.select_related("partner").only(*TOLD_OF_PARTIES)),
                Prefetch("acts", Act.objects.order_by("rank").only(*TOLD_OF_ACTS)),
            )
        )

    def export_rows(self, queryset: QuerySet) -> Iterable[ToldConvention]:
        return told_conventions(with_granted(cast(ConventionQuerySet, queryset).with_status()))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        found = getattr(response, "context_data", None) or {}
        if "cl" in found:
            found["totals"] = totals(found["cl"].queryset, found["cl"].result_count)
        return response

    @admin.display(description=_("convention, nature, partenaires"), ordering="title")
    def name(self, row: Convention) -> SafeString:
        tag = mark_safe(' <span class="badge badge-fictif">fictif</span>') if row.is_demo else ""
        under = f"{capfirst(row.kind.name)} · {partners_of(row)}"
        return format_html('{}{}<span class="list-under">{}</span>', row.title, tag, under)

    @admin.display(description=_("référence"))
    def reference(self, row: Convention) -> str:
        return reference_of(row)

    @admin.display(description=_("état"), ordering="status_code")
    def status_badge(self, row: Convention) -> SafeString:
        status = ConventionStatus(row.status_code)
        return format_html(
            '<span class="badge badge-{}">{}</span>', STATUS_TONES[status], capfirst(status.label)
        )

    @admin.display(description=_("chargé·e de dossier"), ordering="officer__last_name")
    def officer_name(self, row: Convention) -> str:
        return str(row.officer) if row.officer else ""

    @admin.display(description=_("montant accordé"), ordering="granted_known")
    def granted(self, row: "GrantedConvention") -> SafeString | str:
        text = granted_tally(row.granted_known, row.granted_unknown).words
        if row.status_code == ConventionStatus.DROPPED:
            return ""
        if not text:
            return format_html('<span class="unknown">{}</span>', "sans financement")
        if row.is_signed:
            return (
                text
                if row.granted_known is not None
                else format_html('<span class="unknown">{}</span>', text)
            )
        return format_html('{} <span class="unknown">(prévu)</span>', text)

    @admin.display(description=_("signée le"))
    def signed(self, row: Convention) -> SafeString | str:
        """When, and the way to what followed."""
        told = signed_on_text(row)
        if not any(act.state == ActState.SIGNED for act in row.acts.all()):
            return told
        url = reverse("admin:conventions_convention_follow", args=[row.pk])
        link = '{}<a class="list-under" href="{}" aria-label="Suivi : {}">Suivi</a>'
        return format_html(link, told, url, row.title)

    def journal_links(self, obj: Convention) -> dict[str, Any]:
        return {"convention": obj}

    def history_object(self, request: HttpRequest, object_id: str) -> models.Model | None:
        """Without what the list reads for its columns."""
        if whole_number(object_id) is None:
            return None
        return Convention.objects.for_user(request.user).filter(pk=object_id).first()

    # -- pages --------------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        named = [
            ("reprise/", views.create_reprise, "reprise"),
            ("<int:pk>/renouveler/", views.renew, "renew"),
            ("<int:pk>/articles/", views.refresh_clauses, "clauses"),
            ("<int:pk>/signataires/<int:signatory>/remplacer/", views.replace_signatory, "replace"),
            ("<int:pk>/doutes/ecarter/", views.set_doubt_aside, "doubt"),
            ("<int:pk>/evenement/<slug:event>/", events.event, "event"),
            ("<int:pk>/imprimer/", printing.print_copies, "print"),
            ("<int:pk>/reprise/acte/", reprise.record_act, "past_act"),
            ("<int:pk>/reprise/scan/", reprise.file_scan, "reprise_scan"),
            ("<int:pk>/corrections/<int:correction>/", events.correction, "correction"),
            ("<int:pk>/invitations/<int:row>/renvoyer/", signing.send_again, "invite_again"),
            ("<int:pk>/invitations/<int:row>/adresse/", signing.correct_address, "address"),
            ("<int:pk>/dossier.zip", files.dossier, "dossier"),
            ("<int:pk>/publication/", publishing.publishing, "publication"),
            ("<int:pk>/apercu.pdf", files.preview, "preview"),
            ("<int:pk>/documents/<int:document>/", files.document, "document"),
            ("<int:pk>/documents/<int:document>/page-<int:number>.jpg", reprise.scan_page, "scan_page"),
            ("<int:pk>/recus/<int:file>/", files.received, "received"),
            ("<int:pk>/pieces/<int:file>/", files.attachment, "attachment"),
            ("<int:pk>/photos/<int:photo>/", files.photo, "photo"),
            ("<int:pk>/annexes/<int:annex>/", files.annex, "annex"),
            *following.addresses(),
            *amending.addresses(),
            *messages.addresses(),
            *letters.addresses(),
        ]
        return [
            *(
                path(
                    address,
                    self.admin_site.admin_view(_bound(view, self)),
                    name=f"conventions_convention_{name}",
                )
                for address, view, name in named
            ),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return views.create(self, signed_in(request))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return views.change(self, signed_in(request), object_id)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A file is abandoned, never deleted."""
        return self.gone(request, object_id)


def _bound(view: View, page: PartnersModelAdmin) -> View:
    def bound(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(page, request, **kwargs)

    return bound
