"""The file of a payment: a certificate on top, then the pages of its papers, numbered, with bookmarks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from io import BytesIO
from json import dumps
from typing import Any

from django.template.loader import render_to_string

from conventions.domain.documents.rendering.copies import A4, place
from conventions.domain.documents.rendering.engine import RenderedPdf, tool_versions, write, write_marks
from conventions.domain.documents.rendering.letterhead import heading, identity, running_title
from conventions.domain.documents.rendering.text import Column, Table, cell, compose, facts
from conventions.domain.foundation.pdf_sandbox_pages import keep_layers
from conventions.formats import NBSP, amount_in_full, counted, long_date, show_amount, show_xpf

KICKER = "Dossier de versement"
NOT_COMPUTED = "non calculé : le montant accordé n’est pas fixé"
COLUMNS = (
    Column(label="N°", css="w-rank"),
    Column(label="Pièce, empreinte SHA-256"),
    Column(label="Pages", css="w-year number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperContext:
    """A paper of the file: the hash is that of the bytes it was made from, `page` where it begins in the file."""

    title: str
    sha256: str
    page_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFileContext:
    """What the certificate says; amounts in whole XPF, `granted` with its status, None for what nobody knows."""

    reference: str
    title: str
    made_on: date
    made_by: str
    beneficiary: str
    ridet: str
    account: str
    budget_year: int | None
    amount: int
    granted: int | None
    granted_status: str
    sent_before: int
    instalment: str
    condition: str
    met: tuple[str, ...]
    articles: tuple[str, ...]
    papers: tuple[PaperContext, ...]

    @property
    def left(self) -> int | None:
        """Granted, less what was sent before and this payment; None when the amount granted is not known."""
        if self.granted is None or self.granted_status != "connu":
            return None
        return self.granted - self.sent_before - self.amount


def page(ctx: PaymentFileContext) -> dict[str, Any]:
    """The template context of the certificate."""
    running = (KICKER, ctx.reference and f"n° {ctx.reference}", running_title(ctx.title))
    return {
        "doc": {
            **heading(ctx.title, KICKER, ctx.reference and f"n° {ctx.reference}"),
            **identity(reference=ctx.reference, on=ctx.made_on),
            "running": compose(" · ".join(part for part in running if part)),
            "description": compose(f"{KICKER} : {ctx.title}"),
        },
        "statement": compose(
            f"Certificat établi le {long_date(ctx.made_on)} par {ctx.made_by}, à l’appui du versement de "
            f"{show_xpf(ctx.amount)}. Bénéficiaire{NBSP}: {ctx.beneficiary}."
        ),
        "facts": facts(
            (
                ("Bénéficiaire", ctx.beneficiary),
                ("RIDET", ctx.ridet or "non précisé"),
                ("Compte à créditer", ctx.account),
                ("Exercice", str(ctx.budget_year) if ctx.budget_year else "non précisé"),
                ("Versement", ctx.instalment),
                ("Montant", amount_in_full(ctx.amount, "connu")),
                ("Articles", ctx.articles),
                ("Condition prévue", ctx.condition),
                ("Ce qui la remplit", ctx.met),
            )
        ),
        "sums": facts(
            (
                ("Accordé", show_amount(ctx.granted, ctx.granted_status)),
                ("Déjà transmis au comptable", show_xpf(ctx.sent_before)),
                ("Ce versement", show_xpf(ctx.amount)),
                (
                    "Reste ensuite",
                    "non calculé : le montant accordé n’est pas fixé"
                    if ctx.left is None
                    else show_xpf(ctx.left),
                ),
            )
        ),
        "papers": _papers(ctx.papers),
    }


def _papers(papers: Sequence[PaperContext]) -> Table:
    rows = tuple(
        (cell(str(rank)), (compose(paper.title), paper.sha256), cell(str(paper.page_count)))
        for rank, paper in enumerate(papers, start=1)
    )
    return Table(caption="Les pièces jointes, dans l’ordre des pages", columns=COLUMNS, rows=rows)


def render_payment_file(ctx: PaymentFileContext, pages: bytes) -> RenderedPdf:
    """The certificate, then `pages`: one PDF of all the papers of `ctx`, in their order, as they are seen.

    Raises ValueError when they are not as many as the context says.
    """
    from pypdf import PdfReader, PdfWriter, __version__

    data = dumps(asdict(ctx), ensure_ascii=False, default=str, sort_keys=True).encode()
    html = render_to_string("pdf/payment_file.html", page(ctx))
    certificate = write(html, draft=False, attachment=("versement.json", "Données du document", data))
    gathered = PdfReader(BytesIO(pages))
    behind = gathered.pages
    if len(behind) != sum(paper.page_count for paper in ctx.papers):
        raise ValueError("The pages are not those of the papers")
    marks = PdfReader(
        BytesIO(write_marks(render_to_string("pdf/payment_marks.html", {"marks": _marks(ctx, certificate)})))
    )
    writer = PdfWriter(clone_from=BytesIO(certificate.content))
    for number, paper_page in enumerate(behind):
        sheet = writer.add_blank_page(*A4)
        place(sheet, paper_page)
        sheet.merge_page(marks.pages[number])
    keep_layers([gathered], writer)
    _bookmarks(writer, ctx, certificate.page_count)
    stream = BytesIO()
    writer.write(stream)
    content = stream.getvalue()
    return RenderedPdf(
        content=content,
        page_count=certificate.page_count + len(behind),
        sha256=hashlib.sha256(content).hexdigest(),
        tool_versions=tool_versions() | {"pypdf": __version__},
        html=html,
    )


def _bookmarks(writer: Any, ctx: PaymentFileContext, first: int) -> None:
    """The certificate, then each paper at its first page; the certificate’s own headings are its bookmarks already."""
    for rank, paper in enumerate(ctx.papers, start=1):
        writer.add_outline_item(title=compose(f"Pièce {rank} : {paper.title}"), page_number=first)
        first += paper.page_count


def _marks(ctx: PaymentFileContext, certificate: RenderedPdf) -> Sequence[dict[str, str]]:
    """What stands above each page of a paper."""
    total = certificate.page_count + sum(paper.page_count for paper in ctx.papers)
    found: list[dict[str, str]] = []
    for rank, paper in enumerate(ctx.papers, start=1):
        for number in range(1, paper.page_count + 1):
            whole = certificate.page_count + len(found) + 1
            place_of = f"page {number} sur {paper.page_count}" if paper.page_count > 1 else counted(1, "page")
            found.append(
                {
                    "paper": compose(f"Pièce {rank} – {running_title(paper.title)}"),
                    "page": compose(f"{place_of} · feuille {whole} sur {total} du dossier"),
                }
            )
    return found
