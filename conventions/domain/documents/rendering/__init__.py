"""Contexts to PDF bytes: pure, no database, the same context always gives the same bytes.

`render_agreement`, `render_handover`, `render_press_release`, `render_public` and
`render_reconstitution` take a context of `documents.context` and give a `RenderedPdf`; `render_copies` takes the bytes
of a frozen one.
`agreement_html` gives the text of an agreement as an HTML fragment for reading on screen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from conventions.domain.documents.context import (
    AgreementContext,
    AnnexContext,
    AttestationContext,
    ConsolidatedContext,
    Context,
    HandoverContext,
    LetterContext,
    PressReleaseContext,
    PublicSheetContext,
    canonical_json,
)
from conventions.domain.documents.rendering import (
    agreement,
    attestation,
    consolidated,
    fields,
    formal_letter,
    handover,
    public,
    template_copy,
)
from conventions.domain.documents.rendering.copies import Copy, Sheet, render_copies, sheet_of
from conventions.domain.documents.rendering.engine import (
    Finisher,
    RefusedUrl,
    RenderedPdf,
    tool_versions,
    write,
)
from conventions.domain.documents.rendering.in_brief import in_brief
from conventions.domain.documents.rendering.layout import LAYOUT
from conventions.domain.documents.rendering.template_copy import CopyArticle, TemplateCopy
from conventions.domain.documents.rendering.terms import terms_json
from conventions.domain.documents.rendering.vignette import VignetteContext, render_vignette
from conventions.enums import ActOrigin, SigningPath
from conventions.formats import raised, slugify_fr

__all__ = [
    "LAYOUT",
    "Copy",
    "CopyArticle",
    "RefusedUrl",
    "RenderedPdf",
    "Sheet",
    "TemplateCopy",
    "VignetteContext",
    "agreement_html",
    "annex_file_name",
    "article_headings",
    "consolidated_html",
    "in_brief",
    "render_agreement",
    "render_attestation",
    "render_consolidated",
    "render_copies",
    "render_handover",
    "render_letter",
    "render_press_release",
    "render_public",
    "render_reconstitution",
    "render_template_copy",
    "render_vignette",
    "sheet_of",
    "tool_versions",
]


def _render(
    template: str,
    page: dict[str, Any],
    ctx: Context,
    *,
    draft: bool = False,
    finisher: Finisher | None = None,
    one_page: bool = False,
    enclosed: Sequence[tuple[str, str, bytes]] = (),
) -> RenderedPdf:
    html = render_to_string(template, page)
    data = terms_json(ctx) if isinstance(ctx, AgreementContext) else canonical_json(ctx)
    attachment = ("convention.json", "Données du document", data)
    return write(
        html, draft=draft, attachment=attachment, enclosed=enclosed, finisher=finisher, one_page=one_page
    )


def render_attestation(ctx: AttestationContext, *, enclosed: Sequence[tuple[str, str, bytes]]) -> RenderedPdf:
    """An attestation of signature; `enclosed` are (file name, description, bytes) kept inside the PDF."""
    html = render_to_string("pdf/attestation.html", attestation.page(ctx))
    data = ("attestation.json", "Données du document", canonical_json(ctx))
    return write(html, draft=False, attachment=data, enclosed=enclosed, finisher=fields.signature_fields(()))


def render_agreement(
    ctx: AgreementContext, *, annexes: Sequence[bytes] = (), logos: Mapping[str, bytes] | None = None
) -> RenderedPdf:
    """A convention, an amendment or a termination, with a watermark when it is a draft.

    To be signed online, it carries its signature fields: `signature-1`, `signature-2`… and `sceau`. `annexes`: the
    bytes of its received annexes, in their order; a draft goes without. `logos`: {hash: PNG} of those of its parties.
    Raises `ValueError` for a reprise, whose text we do not have: use `render_reconstitution`; and for a frozen text
    that would not embed the very annexes it prints, or whose letterhead would lack a logo.
    """
    if ctx.origin == ActOrigin.REPRISE:
        raise ValueError("A reprise has no text of its own")
    hashes = [hashlib.sha256(content).hexdigest() for content in annexes]
    if hashes != [file.sha256 for file in ctx.files] and not (ctx.is_draft and not annexes):
        raise ValueError("The annexes are not those that the text names")
    held = {
        sha256: logo for sha256, logo in (logos or {}).items() if hashlib.sha256(logo).hexdigest() == sha256
    }
    if not ctx.is_draft and any(party.logo and party.logo not in held for party in ctx.parties):
        raise ValueError("The logos are not those that the text names")
    page = agreement.page(ctx, held)
    online = ctx.path == SigningPath.ONLINE and not ctx.is_draft
    finisher = fields.signature_fields(agreement.field_labels(page)) if online else None
    enclosed = [
        (annex_file_name(file), file.title, content)
        for file, content in zip(ctx.files, annexes, strict=False)
    ]
    return _render("pdf/agreement.html", page, ctx, draft=ctx.is_draft, finisher=finisher, enclosed=enclosed)


def annex_file_name(annex: AnnexContext) -> str:
    """« annexe-2-plan-de-scene.pdf »: ASCII, no path; the same in the PDF, in an archive and in a download."""
    return f"annexe-{annex.number}-{slugify_fr(annex.title)[:60]}".strip("-") + ".pdf"


def agreement_html(ctx: AgreementContext) -> SafeString:
    """The same text as an HTML fragment (headings from h2, `#article-3`), for screens and screen readers."""
    page = agreement.page(ctx) | {"anchored": True}
    return mark_safe(raised(render_to_string("pdf/_agreement_body.html", page)))


def article_headings(ctx: AgreementContext) -> list[tuple[int, str]]:
    """(number, heading) of each article, as printed."""
    return agreement.headings(ctx)


def render_consolidated(ctx: ConsolidatedContext, *, logos: Mapping[str, bytes] | None = None) -> RenderedPdf:
    """The text in force, for information: no watermark, no signature box, never stored nor sealed."""
    return _render("pdf/consolidated.html", consolidated.page(ctx, logos), ctx.agreement)


def consolidated_html(ctx: ConsolidatedContext) -> SafeString:
    """The same text as an HTML fragment."""
    return mark_safe(raised(render_to_string("pdf/_consolidated_body.html", consolidated.page(ctx))))


def render_handover(ctx: HandoverContext) -> RenderedPdf:
    """The procès-verbal de remise, signed by both sides; the field `signature-1` is for who receives, on screen."""
    page = handover.page(ctx)
    on_screen = ctx.signed_on_screen and not ctx.is_draft
    labels = agreement.field_labels(page)
    finisher = fields.signature_fields(labels, seal_first=False) if on_screen else None
    return _render("pdf/handover.html", page, ctx, draft=ctx.is_draft, one_page=True, finisher=finisher)


def render_letter(ctx: LetterContext) -> RenderedPdf:
    """A formal letter, or the model of a receipt of mécénat."""
    return _render("pdf/letter.html", formal_letter.page(ctx), ctx, draft=ctx.is_draft)


def render_press_release(ctx: PressReleaseContext) -> RenderedPdf:
    """A press release, for one convention or for those of one ceremony."""
    return _render("pdf/press_release.html", public.press_page(ctx), ctx, draft=ctx.is_draft, one_page=True)


def render_public(ctx: PublicSheetContext) -> RenderedPdf:
    """The public version of a convention: published facts only."""
    return _render("pdf/public.html", public.sheet_page(ctx), ctx, one_page=True)


def render_reconstitution(ctx: PublicSheetContext) -> RenderedPdf:
    """The published facts of a reprise, marked as a reconstitution that nobody signed."""
    return _render("pdf/public.html", public.sheet_page(ctx, reconstitution=True), ctx, one_page=True)


def render_template_copy(copy: TemplateCopy) -> RenderedPdf:
    """A template of act as a reading copy for lawyers, fields shown as named blanks, marked « modèle »."""
    html = render_to_string("pdf/template_copy.html", template_copy.page(copy))
    attachment = ("modele.json", "Données du document", template_copy.as_json(copy))
    return write(html, draft=False, model=True, attachment=attachment)
