"""Press releases as they were published, and who to call."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from conventions.domain.documents import storage
from conventions.domain.publication import PublishedRelease, published_releases, stored_release
from conventions.domain.publication.press import published_contacts
from conventions.domain.publication.wording import signature_date
from conventions.formats import typeset
from conventions.models import Document, PressRelease, PublicSheet
from conventions.views.presenting import Page, file_size

PER_PAGE = 20


@require_safe
@conditional_page
def press_list(request: HttpRequest) -> HttpResponse:
    page_obj = Paginator(published_releases(), PER_PAGE).get_page(request.GET.get("page"))
    page = Page(
        title="Communiqués de presse",
        description="Les communiqués de l’OPT-NC sur ses conventions de partenariat.",
        path=reverse("public:press_list"),
    )
    return render(request, "public/press_list.html", {"page": page, "page_obj": page_obj})


def _release_or_404(slug: str) -> PublishedRelease:
    """Published and out of embargo, else 404."""
    releases = PressRelease.objects.published().select_related("document")
    release = get_object_or_404(releases, slug=slug)
    return PublishedRelease(release=release, text=stored_release(release))


@require_safe
@conditional_page
def press_detail(request: HttpRequest, slug: str) -> HttpResponse:
    published = _release_or_404(slug)
    release, text = published.release, published.text
    page = Page(
        title=text.headline, description=typeset(text.lead), path=release.get_absolute_url(), kind="article"
    )
    context = {
        "page": page,
        "text": text,
        "dateline": signature_date(text.dated),
        "file_size": file_size(_pdf_of(release)),
        "pdf_url": reverse("public:press_pdf", args=[release.slug]),
        "sheets": _sheets(published),
    }
    return render(request, "public/press_detail.html", context)


def _pdf_of(release: PressRelease) -> Document:
    """The document it was published with; none: 404."""
    if release.document is None:
        raise Http404
    return release.document


def _sheets(published: PublishedRelease) -> list[PublicSheet]:
    """The public pages of what the release announces, those that exist."""
    sheets = PublicSheet.objects.published().only("slug", "title", "is_demo")
    if published.release.convention_id:
        return list(sheets.filter(convention=published.release.convention_id))
    return list(sheets.filter(slug__in=[item.slug for item in published.text.items]))


@require_safe
def press_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The stored PDF: bytes as they were published, no render."""
    release = _release_or_404(slug).release
    filename = f"communique-{release.slug}.pdf"
    return storage.download_response(_pdf_of(release), request=request, filename=filename, inline=True)


@require_safe
@conditional_page
def press_contact(request: HttpRequest) -> HttpResponse:
    """Whom published pages and releases name."""
    page = Page(
        title="Contact presse",
        description="Les personnes à joindre, pour les journalistes.",
        path=reverse("public:press_contact"),
    )
    return render(request, "public/press_contact.html", {"page": page, "contacts": published_contacts()})
