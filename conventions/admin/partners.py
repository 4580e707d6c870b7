"""Partners: their file, who speaks for them, what they signed."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin import partner_addresses, partner_pages, partner_proposals
from conventions.admin.base import (
    JournalledForm,
    PartnersStackedInline,
    Task,
    marked,
)
from conventions.admin.exports import ExportedList
from conventions.admin.lists import KeysFirst
from conventions.domain.people import partner_accounts, partners
from conventions.domain.people.requests import signed_in
from conventions.exchange.columns import PARTNER_COLUMNS
from conventions.formats import whole_number
from conventions.forms.partners import PartnerForm, RepresentativeForm
from conventions.models import Area, Convention, Partner, Party, Project, Representative
from conventions.models.partners import PartnerQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, WithAnnotations

    from conventions.exchange.columns import SpeakingPartner

    class InOffice(TypedDict):
        is_in_office: bool

    class Counted(TypedDict):
        convention_count: int

    ListedPerson = WithAnnotations[Representative, InOffice]
    ListedPartner = WithAnnotations[Partner, Counted]


class RepresentativeInline(PartnersStackedInline):
    model = Representative
    form = RepresentativeForm
    personal = asks_proof = True
    view_rule = permissions.can_read_conventions
    add_rule = change_rule = delete_rule = permissions.can_edit_partners
    readonly_fields = ["in_office"]
    fields = [
        ("civility", "first_name", "last_name"),
        ("title", "usual_signatory"),
        "capacity",
        ("mandate_start", "mandate_end", "in_office"),
        ("email", "phone", "position"),
        "open_access",
    ]
    verbose_name_plural = _("Représentants")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return partners.with_office(super().get_queryset(request))

    @admin.display(description=_("aujourd’hui"))
    def in_office(self, person: "ListedPerson") -> "StrOrPromise":
        if not person.pk:
            return _("à enregistrer")
        return _("en fonction") if person.is_in_office else _("hors mandat")


class ProvinceFilter(admin.SimpleListFilter):
    title = _("province")
    parameter_name = "province"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [(area.slug, area.name) for area in Area.objects.provinces()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(commune__in=Area.objects.communes().filter(provinces__slug=self.value()))


class ConventionFilter(admin.SimpleListFilter):
    title = _("conventions")
    parameter_name = "conventions"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [("avec", _("avec une convention")), ("sans", _("sans convention"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        parties = Exists(Party.objects.filter(partner=OuterRef("pk")))
        if self.value() == "avec":
            return queryset.filter(parties)
        return queryset.filter(~parties) if self.value() == "sans" else queryset


class MergedFilter(admin.SimpleListFilter):
    """Merged files stay out of the list unless they are asked for."""

    title = _("fiches")
    parameter_name = "fiches"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [("fusionnees", _("fusionnées"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("en usage")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return (
            queryset.exclude(merged_into=None)
            if self.value() == "fusionnees"
            else cast(PartnerQuerySet, queryset).active()
        )


class SpeakersOfPage(KeysFirst):
    """Each row of the page with who speaks for it today."""

    def of_page(self, keys: list) -> dict:
        rows = super().of_page(keys)
        prefetch_related_objects(list(rows.values()), speakers())
        return rows


@admin.register(Partner)
class PartnerAdmin(ExportedList):
    task, task_order = Task.PARTNERS, 10
    view_rule = permissions.can_read_conventions
    add_rule = change_rule = permissions.can_edit_partners
    form = PartnerForm
    change_list_template = "admin/exported_list.html"
    change_form_template = "admin/conventions/partner/change_form.html"
    inlines = [RepresentativeInline]
    list_display = ["title", "nature", "commune", "speaker", "conventions_count"]
    list_display_links = ["title"]
    list_filter = ["nature", ProvinceFilter, ConventionFilter, MergedFilter]
    list_select_related = ["commune"]
    search_fields = ["search_key"]
    search_help_text = _("Nom, sigle, RIDET ou RNA. Les accents et les majuscules ne comptent pas.")
    normalised_search = True
    personal_fields = ("email", "phone", "address")
    export_columns, export_name = PARTNER_COLUMNS, "partenaires"
    counts = {"convention_count": "parties__convention"}
    fieldsets = [
        (_("Qui"), {"fields": ["name", ("acronym", "nature"), "presentation"]}),
        (
            _("Identifiants"),
            {
                "fields": [
                    ("ridet", "rna", "siret"),
                    ("receipt_number", "receipt_date", "jonc_number"),
                    ("year_end_day", "year_end_month"),
                ]
            },
        ),
        (
            _("Coordonnées"),
            {
                "fields": [
                    "address",
                    ("commune", "postal_code", "country"),
                    "address_is_public",
                    ("email", "phone"),
                    "website",
                ]
            },
        ),
        (_("Dans l’acte"), {"fields": [("gender", "designation"), "legal_form", "founding_texts"]}),
        (_("Interne"), {"fields": ["purpose", "notes"]}),
    ]

    # -- reading ------------------------------------------------------------------------------------------
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if _page_name(request) == "autocomplete":
            found = cast(PartnerQuerySet, found).active().order_by("name", "pk")
        return found, duplicates

    def export_queryset(self, queryset: QuerySet) -> QuerySet:
        return with_speakers(queryset).select_related("commune").prefetch_related("commune__provinces")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SpeakersOfPage

    @admin.display(description=_("partenaire"), ordering="name")
    def title(self, partner: Partner) -> str:
        acronym = format_html(' <span class="muted">{}</span>', partner.acronym) if partner.acronym else ""
        return marked(format_html("{}{}", partner.name, acronym), partner)

    @admin.display(description=_("en fonction"))
    def speaker(self, partner: "SpeakingPartner") -> SafeString:
        people_ = partner.representatives_in_office
        if not people_:
            return format_html('<span class="unknown">{}</span>', _("personne de connu"))
        return format_html('{}<br><span class="fine">{}</span>', people_[0], people_[0].title)

    @admin.display(description=_("conventions"), ordering="convention_count")
    def conventions_count(self, partner: "ListedPartner") -> int:
        return partner.convention_count

    # -- who may ------------------------------------------------------------------------------------------
    def is_open(self, obj: Partner) -> bool:
        """A merged file is closed; OPT-NC's own is open to whoever edits partners."""
        return obj.merged_into_id is None

    # -- writing ------------------------------------------------------------------------------------------
    def journal_links(self, obj: Partner) -> dict[str, Any]:
        return {"partner": obj}

    def save_model(self, request: HttpRequest, obj: Partner, form: JournalledForm, change: bool) -> None:
        if change:
            obj.version += 1
        else:
            obj.slug = partners.free_address(Partner, obj.name)
        super().save_model(request, obj, form, change)

    def doubts(self, form: JournalledForm) -> list[str]:
        return form.warnings() if isinstance(form, PartnerForm) else []

    def save_related(self, request: HttpRequest, form: JournalledForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        doubts: list[str] = []
        for formset in formsets:
            for line in formset.forms:
                if isinstance(line, RepresentativeForm) and line.has_changed() and line.instance.pk:
                    doubts += line.warnings()
                    partner_accounts.mandate_changed(line.instance, by=signed_in(request).user)
                    if line.cleaned_data.get("open_access") and line.instance.user_id is None:
                        partner_accounts.open_access(line.instance, by=signed_in(request).user)
        for doubt in doubts:
            messages.warning(request, doubt)

    # -- pages beside the form ------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        pages = partner_pages.urls(self) + partner_proposals.urls(self) + partner_addresses.urls(self)
        return [
            path(address, self.admin_site.admin_view(view), name=name) for address, view, name in pages
        ] + (super().get_urls())

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "postal_suggestions": Area.objects.communes().exclude(postal_code=""),
            "partner_conventions": [],
            "partner_projects": [],
            "links": [],
        }
        if key := whole_number(object_id):
            context["partner_conventions"] = partner_conventions(key)
            context["partner_projects"] = Project.objects.filter(holder=key)
            context["links"] = self.side_links(request, key)
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def side_links(self, request: HttpRequest, object_id: int) -> list[tuple[str, str]]:
        """(label, address) of the pages beside the form, with what they hold."""
        partner = partners.with_papers(Partner.objects.filter(pk=object_id)).first()
        if partner is None:
            return []
        names = [
            (_("Comptes bancaires (%d)") % partner.accounts, "partner_bank"),
            (_("Pièces jointes (%d)") % partner.files, "partner_files"),
            (_("Demandes (%d)") % partner.asked, "partner_proposals"),
            (str(_("Logo") if partner.logo_id else _("Logo (aucun)")), "partner_logo"),
        ]
        if permissions.can_edit_partners(request.user) and not partner.is_opt and self.is_open(partner):
            names.append((str(_("Adresses de connexion")), "partner_addresses"))
            names.append((str(_("Fusionner…")), "partner_merge"))
        return [(label, reverse(f"admin:{name}", args=[object_id])) for label, name in names]


def _page_name(request: HttpRequest) -> str:
    return str(request.resolver_match.url_name) if request.resolver_match else ""


def with_speakers(queryset: QuerySet[Partner]) -> QuerySet[Partner]:
    """Partners with `representatives_in_office`, in one query for all."""
    return queryset.prefetch_related(speakers())


def speakers() -> Prefetch:
    in_office = Representative.objects.in_office()
    return Prefetch("representatives", queryset=in_office, to_attr="representatives_in_office")


def partner_conventions(partner_id: int) -> QuerySet[Convention]:
    """The partner's conventions with their status, newest first."""
    return (
        Convention.objects.with_status()
        .filter(Exists(Party.objects.filter(convention=OuterRef("pk"), partner=partner_id)))
        .select_related("kind")[:50]
    )
