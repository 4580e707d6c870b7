"""The papers of a payment: which ones the rules of the day ask for, where each is, and what is missing.

A rule is about a paper, a kind of convention (or all), a rank (`PaperRule`). What the instalment itself awaits is asked
too: a payment on an accepted report is never justified without it.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from conventions.domain.documents import annexes, storage
from conventions.enums import ActKind, ActState, AttachmentKind, DocumentKind, InstalmentCondition
from conventions.formats import CONTENT_TYPES, act_words, long_date
from conventions.models import (
    Act,
    Attachment,
    BankAccount,
    Document,
    InstalmentTerm,
    PaperRule,
    Payment,
    ReportReceived,
)
from conventions.money_enums import PaymentPaper, PaymentRank

ENCLOSED = (CONTENT_TYPES["pdf"], *annexes.IMAGES)
INCOMPLETE = "Le dossier de ce versement n’est pas complet. {}"
NO_DECISION = (
    "Aucune délibération au dossier. Déposez-la avec les pièces de la convention, type « délibération »."
)
NO_BANK = (
    "Aucun compte choisi. Acceptez un RIB du partenaire ; de plusieurs, choisissez-en un en transmettant."
)
NO_BANK_PAPER = (
    "Le fichier du RIB n’est pas enregistré. Déposez-le sur la fiche du partenaire, « Comptes bancaires »."
)
RETIRED = (
    "Le compte noté n’est plus utilisé. Renvoyez ce versement, puis transmettez-le sur un compte accepté."
)
NO_REPORT = (
    "Aucun compte rendu accepté. Enregistrez celui que vous avez reçu, puis acceptez-le, dans le suivi."
)
NO_REPORT_PAPER = (
    "Le compte rendu accepté n’a pas de fichier. Enregistrez-le de nouveau avec sa pièce, dans le suivi."
)
NO_HANDOVER = "Aucun procès-verbal de remise n’est enregistré. Établissez-le dans le suivi, « Remises »."
NOT_SIGNED = "L’exemplaire signé n’est pas dans le dossier. Classez son scan sur la page de la convention."
NOT_A_PAGE = (
    "Ce fichier n’est ni un PDF, ni une photo, ni une image PNG. Enregistrez-le en PDF et déposez-le."
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper asked for: where its bytes are, or why there are none and what to do (`missing`, a French sentence)."""

    kind: PaymentPaper
    title: str
    source: Document | Attachment | None = None
    missing: str = ""


def checklist(
    payment: Payment, *, on: datetime.date | None = None, account: BankAccount | None = None
) -> list[Paper]:
    """The papers that the rules of a day (today) ask for this payment, in the order of the file.

    `account`: on which it is to be paid; else the one noted, or the only one in use.

    A paper that is asked for and is not there is in the list, with what is missing. About ten queries.
    """
    asked = asked_for(payment, on=on or timezone.localdate())
    acts = _signed_acts(payment)
    finders = {
        PaymentPaper.DECISION: lambda: _decisions(payment, acts),
        PaymentPaper.ACT: lambda: _texts([act for act in acts if act.rank == 0] or [None]),
        PaymentPaper.AMENDMENTS: lambda: _texts([act for act in acts if act.rank]),
        PaymentPaper.HANDOVER: lambda: _handovers(acts),
        PaymentPaper.BANK: lambda: [_bank(account or account_of(payment))],
        PaymentPaper.REPORT: lambda: [_report(payment)],
    }
    return [paper for kind in PaymentPaper if kind in asked for paper in finders[kind]()]


def lacking(papers: Iterable[Paper]) -> str:
    """Why the file of these papers cannot be made, and what to do; empty when nothing is missing."""
    missing = [f"{paper.title} : {paper.missing}" for paper in papers if paper.missing]
    return INCOMPLETE.format(" ".join(missing)) if missing else ""


def account_of(payment: Payment) -> BankAccount | None:
    """The account noted when the payment was sent; before, the only one in use among its partners, if any."""
    if payment.bank_account is not None:
        return payment.bank_account
    used = list(BankAccount.objects.of_partners_of(payment.convention).filter(active=True)[:2])
    return used[0] if len(used) == 1 else None


def asked_for(payment: Payment, *, on: datetime.date) -> set[PaymentPaper]:
    """The papers that the rules in force ask for, and those that the instalment awaits."""
    ranks = ranks_of(payment)
    rules = PaperRule.objects.in_force(on).filter(rank__in=ranks)
    found = {
        PaymentPaper(paper)
        for paper, kind in rules.values_list("paper", "kind")
        if kind in (None, payment.convention.kind_id)
    }
    awaited = payment.instalment.condition_kind if payment.instalment else ""
    if awaited == InstalmentCondition.REPORT:
        found.add(PaymentPaper.REPORT)
    if awaited == InstalmentCondition.HANDOVER:
        found.add(PaymentPaper.HANDOVER)
    return found


def ranks_of(payment: Payment) -> set[PaymentRank]:
    """The ranks that a payment has on its line: every, then first or next; last, for the last instalment promised."""
    before = Payment.objects.standing().filter(convention=payment.convention_id, pk__lt=payment.pk)
    if payment.funding is not None:
        before = before.filter(funding__line=payment.funding.line)
    ranks = {PaymentRank.EVERY, PaymentRank.NEXT if before.exists() else PaymentRank.FIRST}
    if payment.instalment is not None:
        rows = InstalmentTerm.objects.current().filter(
            act__convention=payment.convention_id, funding_line=payment.instalment.funding_line
        )
        last = rows.order_by("act__rank", "position", "pk").last()
        if last is not None and last.line == payment.instalment.line:
            ranks.add(PaymentRank.LAST)
    return ranks


def _signed_acts(payment: Payment) -> list[Act]:
    rows = Act.objects.filter(convention=payment.convention_id, state=ActState.SIGNED)
    related = ("signed_document", "frozen_document", "board_decision__attachment", "convention")
    return list(rows.select_related(*related).order_by("rank"))


def _decisions(payment: Payment, acts: list[Act]) -> list[Paper]:
    """Those that the acts name; without a file, or when none does, what was filed with the convention."""
    named = {act.board_decision_id: act.board_decision for act in acts if act.board_decision}
    found = [_filed(PaymentPaper.DECISION, str(row), row.attachment, NO_DECISION) for row in named.values()]
    if found and not any(paper.missing for paper in found):
        return found
    rows = Attachment.objects.filter(kind=AttachmentKind.BOARD_DECISION, pending=False)
    filed = rows.filter(Q(convention=payment.convention_id) | Q(act__in=acts)).order_by("uploaded_at", "pk")
    papers = [_filed(PaymentPaper.DECISION, str(row), row, NO_DECISION) for row in filed]
    return papers or found or [Paper(PaymentPaper.DECISION, "Délibération", missing=NO_DECISION)]


def _texts(acts: list[Act | None]) -> Iterator[Paper]:
    signed = storage.signed_copies([act for act in acts if act is not None])
    for act in acts:
        kind = PaymentPaper.AMENDMENTS if act is not None and act.rank else PaymentPaper.ACT
        if act is None:
            yield Paper(kind, "Convention signée", missing=NOT_SIGNED)
            continue
        words = act_words(ActKind(act.kind))
        title = f"{words.noun.capitalize()}{f' n° {act.reference}' if act.reference else ''}"
        document = signed.get(act.pk)
        yield Paper(kind, title, document, "" if document else NOT_SIGNED)


def _handovers(acts: list[Act]) -> Iterator[Paper]:
    rows = Document.objects.filter(act__in=acts, kind=DocumentKind.HANDOVER).order_by("act__rank", "version")
    for row in rows:
        yield Paper(PaymentPaper.HANDOVER, row.title, row)
    if not rows:
        yield Paper(PaymentPaper.HANDOVER, "Procès-verbal de remise", missing=NO_HANDOVER)


def _bank(account: BankAccount | None) -> Paper:
    if account is None:
        return Paper(PaymentPaper.BANK, "RIB", missing=NO_BANK)
    title = f"RIB {account.iban_masked}, au nom de « {account.holder} »"
    if not account.active:
        return Paper(PaymentPaper.BANK, title, missing=RETIRED)
    return _filed(PaymentPaper.BANK, title, account.attachment, NO_BANK_PAPER)


def report_of(payment: Payment) -> ReportReceived | None:
    """The newest accepted report: that of what the instalment awaits, or any of the convention."""
    rows = ReportReceived.objects.filter(accepted_on__isnull=False).select_related("attachment")
    rows = rows.filter(obligation__act__convention=payment.convention_id)
    awaited = payment.instalment.obligation if payment.instalment else None
    if awaited is not None:
        rows = rows.filter(obligation__line=awaited.line)
    return rows.order_by("accepted_on", "pk").last()


def _report(payment: Payment) -> Paper:
    report = report_of(payment)
    if report is None or report.accepted_on is None:
        return Paper(PaymentPaper.REPORT, "Compte rendu", missing=NO_REPORT)
    title = f"Compte rendu accepté le {long_date(report.accepted_on)}"
    return _filed(PaymentPaper.REPORT, title, report.attachment, NO_REPORT_PAPER)


def _filed(kind: PaymentPaper, title: str, row: Attachment | None, missing: str) -> Paper:
    """A paper that somebody filed; one that has no pages to enclose is missing."""
    if row is None:
        return Paper(kind, title, missing=missing)
    if row.content_type not in ENCLOSED:
        return Paper(kind, title, row, NOT_A_PAGE)
    return Paper(kind, title, row)
