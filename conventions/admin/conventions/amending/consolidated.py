"""« Texte en vigueur »: the consolidated text on screen and as a PDF made on demand, never stored."""

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse

from conventions.admin.conventions.access import convention_of, page_url
from conventions.domain.acts import amending
from conventions.domain.documents.rendering import consolidated_html, render_consolidated
from conventions.models import Act


def text_in_force(page, request, pk):
    convention = convention_of(page, request, pk)
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": convention,
        "title": "Texte en vigueur",
        "convention": convention,
        "text": consolidated_html(_consolidated(convention)),
        "back": page_url(convention),
    }
    return TemplateResponse(request, "admin/conventions/convention/consolidated.html", context)


def text_in_force_pdf(page, request, pk):
    convention = convention_of(page, request, pk)
    pdf = render_consolidated(_consolidated(convention))
    name = f"texte-en-vigueur-{convention.slug[:80]}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(pdf.content, content_type="application/pdf", headers=headers)


def _consolidated(convention):
    """Raises Http404 for a convention that is not signed, or whose text we do not have."""
    try:
        text = amending.consolidated(convention)
    except Act.DoesNotExist:
        raise Http404(
            "Cette convention n’est pas signée : elle n’a pas encore de texte en vigueur."
        ) from None
    return text
