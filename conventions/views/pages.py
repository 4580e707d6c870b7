"""Pages a public site owes its readers, and what robots read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from conventions.domain.documents.rendering import terms
from conventions.domain.people.requests import View
from conventions.models import PublicSheet
from conventions.views.presenting import Page


@require_safe
@conditional_page
def legal(request: HttpRequest) -> HttpResponse:
    page = Page(
        title="Mentions légales",
        description="Éditeur, publication, hébergement, licence des textes et des données.",
        path=reverse("public:legal"),
    )
    context = {
        "page": page,
        "director": settings.PUBLICATION_DIRECTOR,
        "host": settings.HOSTING_PROVIDER,
    }
    return render(request, "public/legal.html", context)


@require_safe
@conditional_page
def privacy(request: HttpRequest) -> HttpResponse:
    page = Page(
        title="Politique de confidentialité",
        description="Quelles données personnelles ce site traite, pourquoi, combien de temps, et vos droits.",
        path=reverse("public:privacy"),
    )
    return render(request, "public/privacy.html", {"page": page, "dpo": settings.DPO_CONTACT})


def _plain(template: str, name: str, title: str, description: str) -> View:
    """A page of text alone."""

    @require_safe
    @conditional_page
    def view(request: HttpRequest) -> HttpResponse:
        page = Page(title=title, description=description, path=reverse(f"public:{name}"))
        return render(request, f"public/{template}", {"page": page})

    return view


accessibility = _plain(
    "accessibility.html",
    "accessibility",
    "Accessibilité : audit non réalisé",
    "Où en est l’accessibilité de ce site, dit honnêtement, et comment signaler un problème.",
)
cookies = _plain(
    "cookies.html",
    "cookies",
    "Cookies",
    "Ce site ne pose que les cookies nécessaires à la connexion. Il ne suit personne.",
)
sitemap = _plain("sitemap.html", "sitemap", "Plan du site", "Toutes les rubriques du site.")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """What browsers ask for without being told: the drawing of every page."""
    return HttpResponsePermanentRedirect(static("img/favicon.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """A demonstration is not to be indexed: it holds invented conventions."""
    lines = ["User-agent: *"]
    if settings.DEMO:
        lines.append("Disallow: /")
    else:
        lines += ["Disallow: /admin/", "Disallow: /espace/"]
        lines.append(f"Sitemap: {settings.SITE_URL}{reverse('public:sitemap_xml')}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
@conditional_page
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Addresses for search engines: the published pages and when they were published."""
    names = ("home", "convention_list", "partner_list", "press_list", "figures", "press_contact")
    sheets = PublicSheet.objects.published().only("slug", "published_at")
    entries: list[dict[str, Any]] = [
        {"url": f"{settings.SITE_URL}{reverse(f'public:{name}')}", "on": None} for name in names
    ]
    entries += [
        {"url": f"{settings.SITE_URL}{sheet.get_absolute_url()}", "on": sheet.published_at}
        for sheet in sheets
    ]
    return render(request, "public/sitemap.xml", {"entries": entries}, content_type="application/xml")


@require_safe
@conditional_page
def act_schema(request: HttpRequest) -> HttpResponse:
    """What the JSON embedded in an act says, for programs."""
    return HttpResponse(terms.published(), content_type="application/schema+json")
