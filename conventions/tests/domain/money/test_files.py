"""The file of a payment: complete or refused, made once from stored bytes, each look written."""

import io

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import RequestFactory

from conventions.domain.documents.storage import read_bytes
from conventions.domain.foundation import pdf_sandbox
from conventions.domain.foundation.refusals import Refused
from conventions.domain.money import files, papers, steps
from conventions.enums import ActState, AttachmentKind, Role
from conventions.models import Attachment, JournalEntry, PaperRule, PaymentFile
from conventions.money_enums import PaymentPaper, PaymentRank
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today

pytestmark = pytest.mark.django_db


def several_pages(text: str, count: int) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(count):
        writer.append(io.BytesIO(f.small_pdf(text)))
    writer.add_metadata({"/Title": text})
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def filed(kind, name, pages=1, **owner) -> Attachment:
    content = several_pages(name, pages)
    return f.AttachmentFactory(
        kind=kind, title=name, content=content, content_type="application/pdf", **owner
    )


@pytest.fixture
def officer():
    return f.UserFactory(role=Role.OFFICER)


@pytest.fixture
def payment(officer):
    """A first payment whose papers are all there, all invented."""
    scan = filed(AttachmentKind.BOARD_DECISION, "Délibération (fictive)", 2)
    decision = f.BoardDecisionFactory(attachment=scan)
    act = f.ActFactory(state=ActState.SIGNED, fundings=[{}], obligations=[{}], board_decision=decision)
    payment = f.PaymentFactory(funding=act.funding_set.get(), recorded_by=officer)
    rib = filed(AttachmentKind.BANK, "RIB (fictif)", partner=payment.bank_account.partner)
    type(payment.bank_account).objects.filter(pk=payment.bank_account.pk).update(attachment=rib)
    return type(payment).objects.get(pk=payment.pk)


def told(payment) -> list[tuple[str, bool]]:
    return [(paper.kind, bool(paper.missing)) for paper in papers.checklist(payment)]


def test_file_holds_the_certificate_then_every_page_of_every_paper(payment, officer):
    made = files.make(payment, by=officer)
    content = read_bytes(made)
    read = pypdf.PdfReader(io.BytesIO(content))
    assert len(read.pages) == made.page_count
    assert [row["pages"] for row in made.papers] == [2, 1, 1]
    certificate = made.page_count - 4
    assert certificate >= 1
    marks = [item for item in read.outline if not isinstance(item, list)]
    named = {item.title: read.get_destination_page_number(item) for item in marks if "Pièce" in item.title}
    assert list(named.values()) == [certificate, certificate + 2, certificate + 3]
    text = " ".join(pdf_sandbox.words_of(content))
    assert "deux cent cinquante mille francs CFP" in " ".join(text.split())
    for row in made.papers:
        assert row["sha256"][:4] in text
    entry = JournalEntry.objects.get(event="dossier_versement_produit")
    assert (entry.actor, entry.convention_id) == (officer, payment.convention_id)


def test_incomplete_file_is_refused_and_says_each_missing_paper(officer):
    payment = f.PaymentFactory(recorded_by=officer)
    assert told(payment) == [("deliberation", True), ("convention", False), ("rib", True)]
    with pytest.raises(Refused) as caught:
        files.make(payment, by=officer)
    assert "Délibération" in str(caught.value)
    assert "RIB" in str(caught.value)
    assert not PaymentFile.objects.exists()


def test_same_papers_give_the_file_that_stands_and_changed_ones_another(payment, officer):
    first = files.make(payment, by=officer)
    assert files.make(payment, by=officer) == first
    other = filed(AttachmentKind.BANK, "Autre RIB (fictif)", partner=payment.bank_account.partner)
    type(payment.bank_account).objects.filter(pk=payment.bank_account.pk).update(attachment=other)
    second = files.make(type(payment).objects.get(pk=payment.pk), by=officer)
    assert (second.version, second.sha256 == first.sha256) == (2, False)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_file_never_changes(payment, officer, change):
    made = files.make(payment, by=officer)
    rows = PaymentFile.objects.filter(pk=made.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(page_count=99) if change == "update" else rows.delete()
    assert rows.get().page_count == made.page_count


def test_next_payment_asks_for_the_accepted_report(payment, officer):
    after = f.PaymentFactory(funding=payment.funding, recorded_by=officer, bank_account=payment.bank_account)
    assert ("compte_rendu", True) in told(after)
    assert ("compte_rendu", True) not in told(payment)
    obligation = payment.funding.act.obligation_set.get()
    report = filed(AttachmentKind.REPORT, "Compte rendu (fictif)", convention=payment.convention)
    f.ReportReceivedFactory(obligation=obligation, attachment=report, accepted_on=days_from_today(-1))
    assert ("compte_rendu", False) in told(after)


def test_rule_is_dated_and_of_a_kind(payment):
    rule = PaperRule.objects.create(
        paper=PaymentPaper.HANDOVER, rank=PaymentRank.FIRST, effective_from=days_from_today(1)
    )
    asked = papers.asked_for(payment, on=days_from_today(0))
    assert PaymentPaper.HANDOVER not in asked
    assert PaymentPaper.HANDOVER in papers.asked_for(payment, on=days_from_today(1))
    PaperRule.objects.filter(pk=rule.pk).update(kind=f.KindFactory(slug="mecenat"))
    assert PaymentPaper.HANDOVER not in papers.asked_for(payment, on=days_from_today(1))
    PaperRule.objects.filter(pk=rule.pk).update(kind=payment.convention.kind)
    assert PaymentPaper.HANDOVER in papers.asked_for(payment, on=days_from_today(1))
    PaperRule.objects.filter(pk=rule.pk).update(ends_on=days_from_today(2))
    assert PaymentPaper.HANDOVER not in papers.asked_for(payment, on=days_from_today(2))


def test_paper_that_is_no_page_is_missing(payment, officer):
    table = f.AttachmentFactory(
        kind=AttachmentKind.BANK,
        partner=payment.bank_account.partner,
        content_type="text/csv",
        content=b"a;b",
    )
    type(payment.bank_account).objects.filter(pk=payment.bank_account.pk).update(attachment=table)
    with pytest.raises(Refused, match="ni un PDF"):
        files.make(type(payment).objects.get(pk=payment.pk), by=officer)


@pytest.mark.parametrize("role", [None, Role.READER, Role.LAWYER, Role.COMMUNICATION, Role.DIRECTOR])
def test_file_is_made_and_read_by_those_who_see_bank_details(payment, officer, role):
    made = files.make(payment, by=officer)
    other = f.UserFactory(role=role) if role else f.UserFactory(staff=True)
    with pytest.raises(PermissionDenied):
        files.make(payment, by=other)
    with pytest.raises(PermissionDenied):
        files.download(made, request=RequestFactory().get("/"), by=other)
    assert not JournalEntry.objects.filter(event="dossier_versement_consulte").exists()


def test_each_look_is_written(payment, officer):
    made = files.make(payment, by=officer)
    answer = files.download(made, request=RequestFactory().get("/"), by=officer)
    assert b"".join(answer.streaming_content) == read_bytes(made)
    assert JournalEntry.objects.filter(event="dossier_versement_consulte", actor=officer).count() == 1


def test_prepared_payment_is_sent_once_its_papers_are_there(payment, officer):
    other, act = f.UserFactory(role=Role.OFFICER), payment.funding.act
    prepared = steps.prepare(act.convention, amount=1_000, funding=payment.funding, by=officer)
    assert told(prepared)[-1] == ("compte_rendu", True)
    with pytest.raises(Refused, match="Aucun compte rendu accepté"):
        steps.send(prepared, sent_on=days_from_today(0), by=other)
    assert prepared.events.count() == 1
    report = filed(AttachmentKind.REPORT, "Compte rendu (fictif)", convention=payment.convention)
    obligation = act.obligation_set.get()
    f.ReportReceivedFactory(obligation=obligation, attachment=report, accepted_on=days_from_today(-1))
    made = files.make(prepared, by=other)
    assert [row["titre"][:3] for row in made.papers] == ["Dél", "Con", "RIB", "Com"]
    steps.send(prepared, sent_on=days_from_today(0), by=other)
    assert prepared.events.count() == 2


def test_decision_filed_with_a_signed_convention_counts(officer):
    payment = f.PaymentFactory(recorded_by=officer)
    assert told(payment)[0] == ("deliberation", True)
    filed(AttachmentKind.BOARD_DECISION, "Délibération retrouvée (fictive)", convention=payment.convention)
    assert told(payment)[0] == ("deliberation", False)
