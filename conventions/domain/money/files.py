"""The file of a payment: made from what is stored, stored once, read by those who may see bank details.

Outside any transaction a process apart reads the papers; then the bytes are written, then their row with its journal
line. A file is complete or is not made. A download gives stored bytes and writes who looked.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.documents import annexes, storage
from conventions.domain.documents.context import AgreementContext, SnapshotError, from_snapshot
from conventions.domain.documents.rendering import RenderedPdf, article_headings
from conventions.domain.documents.rendering.payment_file import (
    PaperContext,
    PaymentFileContext,
    render_payment_file,
)
from conventions.domain.documents.storage import DamagedDocument
from conventions.domain.foundation import pdf_sandbox
from conventions.domain.foundation.refusals import Refused
from conventions.domain.money.papers import Paper, account_of, checklist, lacking, report_of
from conventions.domain.money.queries import taken
from conventions.enums import InstalmentCondition
from conventions.formats import collapse_spaces, long_date, slugify_fr
from conventions.models import Act, Attachment, Payment, PaymentFile, User

MAX_PAGES = 400
PAID_BY = ("soutien_financier", "versement")  # articles that a payment relies on
TOO_LONG = (
    f"Ce dossier aurait plus de {MAX_PAGES} pages. Déposez l’extrait utile des pièces les plus longues."
)


def make(payment: Payment, *, by: User) -> PaymentFile:
    """Make the file of a payment from its papers, with its journal line. The same papers give the file that stands.

    Raises PermissionDenied, or Refused: a paper is missing, does not open, or is not to be shown as it is seen.
    """
    permissions.require(permissions.can_send_payments, by)
    papers = checklist(payment)
    if told := lacking(papers):
        raise Refused(told)
    if not papers:
        raise Refused(
            "Aucune pièce n’est demandée pour ce versement. Vérifiez les règles « Pièces à joindre »."
        )
    sources = [_bytes_of(paper) for paper in papers]
    pages, counts = _gathered(papers, sources)
    context = _context(payment, papers, counts, by=by)
    if (last := payment.files.order_by("version").last()) and last.papers == _listed(context):
        return last
    pdf = render_payment_file(context, pages)
    return _stored(payment, context, pdf, by=by)


def _stored(payment: Payment, context: PaymentFileContext, pdf: RenderedPdf, *, by: User) -> PaymentFile:
    """The bytes, then their row and its journal line."""
    file = PaymentFile(
        payment=payment,
        sha256=pdf.sha256,
        size=len(pdf.content),
        page_count=pdf.page_count,
        papers=_listed(context),
        tool_versions=pdf.tool_versions,
        created_by=by,
    )
    storage.put_bytes(pdf.content, file.storage_name)
    with transaction.atomic():
        journal.hold(payment.convention)
        file.version = (payment.files.aggregate(last=Max("version"))["last"] or 0) + 1
        file.save(force_insert=True)
        details = {
            "versement": payment.pk,
            "version": file.version,
            "sha256": file.sha256,
            "pages": file.page_count,
        }
        journal.record(
            "dossier_versement_produit",
            by=by,
            convention=payment.convention,
            details=details,
            holds_chain=True,
        )
    return file


def download(file: PaymentFile, *, request: HttpRequest, by: User) -> HttpResponseBase:
    """The stored bytes, once the look is written in the journal. Raises PermissionDenied, DamagedDocument."""
    permissions.require(permissions.can_see_bank_details, by)
    with transaction.atomic():
        journal.record(
            "dossier_versement_consulte",
            by=by,
            convention=file.payment.convention,
            details={"versement": file.payment_id, "version": file.version},
        )
    return storage.download_response(file, request=request, filename=file_name(file), inline=True)


def file_name(file: PaymentFile) -> str:
    """« dossier-de-versement-12-les-kimonos-du-coeur-v2.pdf »: ASCII, no path."""
    stem = slugify_fr(f"dossier de versement {file.payment_id} {file.payment.convention.slug}")
    return f"{stem[:100].strip('-')}{f'-v{file.version}' if file.version > 1 else ''}.pdf"


def _bytes_of(paper: Paper) -> bytes:
    """The stored bytes of a paper as a PDF; a picture becomes a page."""
    assert paper.source is not None
    try:
        content = storage.read_bytes(paper.source)
    except DamagedDocument as damage:
        raise Refused(f"{damage} Déposez de nouveau : {paper.title}.") from damage
    if isinstance(paper.source, Attachment) and paper.source.content_type in annexes.IMAGES:
        return annexes.page_of(paper.source, content)
    return content


def _gathered(papers: Sequence[Paper], sources: Sequence[bytes]) -> tuple[bytes, list[int]]:
    """All pages of all papers, in one process; when one does not pass, which."""
    try:
        pages, counts = pdf_sandbox.gather(sources)
    except Refused as refusal:
        for paper, content in zip(papers, sources, strict=True):
            try:
                pdf_sandbox.gather([content])
            except Refused as own:
                raise Refused(f"{paper.title} : {own}") from own
        raise refusal
    if sum(counts) > MAX_PAGES:
        raise Refused(TOO_LONG)
    return pages, counts


def _listed(context: PaymentFileContext) -> list[dict]:
    return [
        {"titre": paper.title, "sha256": paper.sha256, "pages": paper.page_count} for paper in context.papers
    ]


def _context(
    payment: Payment, papers: Sequence[Paper], counts: Sequence[int], *, by: User
) -> PaymentFileContext:
    account, line = account_of(payment), payment.funding
    beneficiary = account.partner if account else None
    while beneficiary is not None and beneficiary.merged_into is not None:
        beneficiary = beneficiary.merged_into
    first = Act.objects.filter(convention=payment.convention, rank=0).select_related("frozen_document").get()
    sent = Payment.objects.standing().filter(convention=payment.convention).exclude(pk=payment.pk)
    if line is not None:
        sent = sent.filter(funding__line=line.line)
    return PaymentFileContext(
        reference=first.reference,
        title=payment.convention.title,
        made_on=timezone.localdate(),
        made_by=str(by),
        beneficiary=beneficiary.name if beneficiary else "",
        ridet=beneficiary.ridet if beneficiary else "",
        account=f"{account.iban_masked}, au nom de « {account.holder} »" if account else "",
        budget_year=line.budget_year if line else None,
        amount=payment.amount,
        granted=line.amount if line else None,
        granted_status=line.status if line else "inconnu",
        sent_before=sum(map(taken, sent)),
        instalment=payment.instalment.label if payment.instalment else "",
        condition=payment.instalment.due if payment.instalment else "",
        met=tuple(_met(payment, first)),
        articles=tuple(_articles(first)),
        papers=tuple(
            PaperContext(title=paper.title, sha256=paper.source.sha256, page_count=count)
            for paper, count in zip(papers, counts, strict=True)
            if paper.source is not None
        ),
    )


def _articles(act: Act) -> list[str]:
    """« Article 4, Modalités de versement »: those of the signed text that are about the money; none of a reprise."""
    document = act.frozen_document
    try:
        context = from_snapshot(document.snapshot) if document and document.snapshot else None
    except SnapshotError:
        context = None
    if not isinstance(context, AgreementContext):
        return []
    headings = {collapse_spaces(clause.heading) for clause in context.clauses if clause.code in PAID_BY}
    found = article_headings(context)
    return [f"Article {number}, {title}" for number, title in found if collapse_spaces(title) in headings]


def _met(payment: Payment, first: Act) -> list[str]:
    """What fulfils the condition of the instalment, as far as facts say it."""
    kind = payment.instalment.condition_kind if payment.instalment else ""
    if kind == InstalmentCondition.REPORT and (report := report_of(payment)) and report.accepted_on:
        return [
            f"compte rendu reçu le {long_date(report.received_on)}, accepté le {long_date(report.accepted_on)}"
        ]
    if kind == InstalmentCondition.SIGNATURE and first.signed_on:
        return [f"convention signée le {long_date(first.signed_on)}"]
    return []
