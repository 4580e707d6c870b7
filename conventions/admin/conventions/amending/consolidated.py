"""« Texte en vigueur »: the consolidated text on screen and as a PDF made on demand, never stored."""

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse

from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import convention_of, render_page
from conventions.domain.acts import amending
from conventions.domain.documents import logos
from conventions.domain.documents.context import ConsolidatedContext
from conventions.domain.documents.rendering import consolidated_html, render_consolidated
from conventions.domain.people.requests import SignedInRequest
from conventions.models import Act, Convention


def text_in_force(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> TemplateResponse:
    convention = convention_of(page, request, pk)
    text = consolidated_html(_consolidated(convention))
    return render_page(page, request, convention, "consolidated", "Texte en vigueur", text=text)


def text_in_force_pdf(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    convention = convention_of(page, request, pk)
    context = _consolidated(convention)
    pdf = render_consolidated(context, logos=logos.bytes_of(context.agreement))
    name = f"texte-en-vigueur-{convention.slug[:80]}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(pdf.content, content_type="application/pdf", headers=headers)


def _consolidated(convention: Convention) -> ConsolidatedContext:
    """Raises Http404 for a convention that is not signed, or whose text we do not have."""
    try:
        text = amending.consolidated(convention)
    except Act.DoesNotExist:
        raise Http404(
            "Cette convention n’est pas signée : elle n’a pas encore de texte en vigueur."
        ) from None
    return text
