"""Public pages of conventions, partners and figures: from published sheets alone, never from live rows."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from conventions.domain.documents import storage
from conventions.domain.publication import key_figures as figures
from conventions.domain.publication import published_releases, published_sheets, stored_context
from conventions.domain.publication.declared import published_declarations
from conventions.domain.publication.facets import facets
from conventions.domain.publication.partners import published_partner, published_partners
from conventions.exchange.public import CONVENTION_COLUMNS, published_rows
from conventions.exchange.tables import csv_response
from conventions.formats import collapse_spaces, counted
from conventions.forms.search import ConventionSearchForm
from conventions.models import PublicSheet
from conventions.views import presenting
from conventions.views.presenting import Page

PER_PAGE = 20
LATEST = 6


@require_safe
@conditional_page
def home(request: HttpRequest) -> HttpResponse:
    """What the site is, key figures, the latest conventions and releases."""
    today = timezone.localdate()
    latest = published_sheets()[:LATEST]
    page = Page(
        title="Les conventions de partenariat de l’OPT-NC",
        description="Qui l’OPT-NC soutient, comment et pourquoi : conventions, partenaires et chiffres clés.",
        path=reverse("public:home"),
    )
    context = {
        "page": page,
        "figures": _home_figures(figures.key_figures()),
        "cards": [presenting.card(sheet, on=today) for sheet in latest],
        "releases": published_releases(limit=3),
    }
    return render(request, "public/home.html", context)


def _home_figures(key: figures.KeyFigures) -> dict:
    granted, granted_label = presenting.amount_figure(key.granted)
    return {
        "conventions": key.conventions,
        "partners": key.partners,
        "has_money": bool(key.granted.words),
        "granted": granted,
        "granted_label": granted_label,
        "granted_note": key.granted.note,
        "has_equipment": key.equipment.total is not None or key.equipment.uncounted > 0,
        "equipment": presenting.show_equipment(key.equipment),
        "equipment_note": presenting.equipment_note(key.equipment),
        "fictitious": key.fictitious,
    }


@require_safe
@conditional_page
def convention_list(request: HttpRequest) -> HttpResponseBase:
    """Search and filters; `?format=csv` gives the same list as a file."""
    form = ConventionSearchForm(request.GET, facets=facets())
    sheets = form.filtered(published_sheets())
    if request.GET.get("format") == "csv":
        rows = published_rows(sheets.iterator(chunk_size=200), site_url=settings.SITE_URL)
        return csv_response(CONVENTION_COLUMNS, rows, name="conventions-opt-nc")
    page_obj = Paginator(sheets, PER_PAGE).get_page(request.GET.get("page"))
    page = Page(
        title="Conventions",
        description="Toutes les conventions publiées par l’OPT-NC : recherche par partenaire, année, nature, province.",
        path=reverse("public:convention_list"),
    )
    context = {
        "page": page,
        "form": form,
        "page_obj": page_obj,
        "cards": [presenting.card(sheet, on=timezone.localdate()) for sheet in page_obj],
        "count": page_obj.paginator.count,
        **_queries(form),
    }
    return render(request, "public/convention_list.html", context)


def _queries(form: ConventionSearchForm) -> dict[str, str]:
    """The same search in an address: for another page, and as a file."""
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    return {"query": urlencode(asked), "csv_query": urlencode({**asked, "format": "csv"})}


def _sheet_or_404(slug: str) -> PublicSheet:
    """The current published version; under embargo, withdrawn or replaced: 404."""
    sheets = PublicSheet.objects.published().select_related("document").defer("document__snapshot")
    return get_object_or_404(sheets, slug=slug)


@require_safe
@conditional_page
def convention_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The story of one convention."""
    sheet = _sheet_or_404(slug)
    facts, today = stored_context(sheet), timezone.localdate()
    releases = published_releases(convention_id=sheet.convention_id, ceremony_id=facts.ceremony_id)
    page = Page(
        title=sheet.title,
        description=presenting.story(facts),
        path=sheet.get_absolute_url(),
        kind="article",
    )
    context = {"page": page, "sheet": sheet, "facts": facts, "releases": releases}
    context |= presenting.detail(facts, on=today)
    context["file_size"] = presenting.file_size(sheet.document) if sheet.document else ""
    return render(request, "public/convention_detail.html", context)


@require_safe
def convention_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The stored public PDF: bytes as they were published, no render; only the columns that serving reads."""
    served = ("slug", "document__title", "document__sha256")
    sheets = PublicSheet.objects.published().select_related("document").only(*served)
    sheet = get_object_or_404(sheets, slug=slug)
    if sheet.document is None:
        raise Http404("Cette page n’a pas de document.")
    return storage.download_response(
        sheet.document, request=request, filename=f"{sheet.slug}-version-publique.pdf", inline=True
    )


@require_safe
@conditional_page
def partner_list(request: HttpRequest) -> HttpResponse:
    """Every partner that a published sheet names."""
    query = collapse_spaces(request.GET.get("q", ""))[:120]
    partners = published_partners(query)
    page = Page(
        title="Partenaires",
        description="Les associations, collectivités et établissements que l’OPT-NC soutient par convention.",
        path=reverse("public:partner_list"),
    )
    page_obj = Paginator(partners, 2 * PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "page_obj": page_obj,
        "count": counted(len(partners), "partenaire"),
        "q": query,
        "query": urlencode({"q": query}) if query else "",
    }
    return render(request, "public/partner_list.html", context)


@require_safe
@conditional_page
def partner_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Who a partner is, and its published conventions."""
    partner = published_partner(slug)
    if partner is None:
        raise Http404("Aucune convention publiée ne cite ce partenaire.")
    today = timezone.localdate()
    granted, granted_label = presenting.amount_figure(partner.granted)
    page = Page(
        title=partner.name,
        description=f"Les conventions publiées entre l’OPT-NC et {partner.name}.",
        path=reverse("public:partner_detail", args=[slug]),
    )
    context = {
        "page": page,
        "partner": partner,
        "cards": [presenting.card(sheet, on=today) for sheet in partner.sheets],
        "granted": granted,
        "granted_label": granted_label,
        "granted_note": partner.granted.note,
        "has_money": bool(partner.granted.words),
    }
    return render(request, "public/partner_detail.html", context)


@require_safe
@conditional_page
def key_figures(request: HttpRequest) -> HttpResponse:
    """Charts and their tables: by year, kind and province; each sum says what it left out."""
    key = figures.key_figures()
    by_year = figures.granted_by_budget_year()
    signed, kinds = figures.signed_by_year_and_kind()
    description = "Les soutiens de l’OPT-NC en chiffres : par année, par nature, par province."
    context = {
        "page": Page(title="Chiffres clés", description=description, path=reverse("public:figures")),
        "figures": _home_figures(key),
        "money_by_year": presenting.amount_bars(by_year),
        "money_table": _money_table(by_year),
        "signed": presenting.convention_bars(signed),
        "kinds": presenting.convention_bars(kinds),
        "kind_table": _money_table(kinds),
        "provinces": presenting.convention_bars(figures.by_province()),
        "others": _money_table(figures.other_money()),
        "declared": published_declarations(),
    }
    return render(request, "public/figures.html", context)


def _money_table(slices: list[figures.Slice]) -> list[dict]:
    return [
        {
            "label": row.label,
            "conventions": row.conventions,
            "amount": row.granted.text or "aucun soutien financier",
            "uncounted": row.granted.left_out,
        }
        for row in slices
    ]
