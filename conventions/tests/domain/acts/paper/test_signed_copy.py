"""What was signed in ink: dates and titles as on the paper, pages counted, copies added later."""

import datetime
import json

import pytest
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts.lifecycle import apply
from conventions.domain.acts.paper import signed_copy
from conventions.domain.acts.paper.signed_copy import InkSignature
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, DocumentKind, Event
from conventions.models import Act, Document, SignatureAct
from conventions.tests.factories import ConventionFactory, UserFactory, small_pdf

pytestmark = pytest.mark.django_db
SCAN = small_pdf("signé")


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


@pytest.fixture
def act():
    """Frozen thirty days ago; neither signatory has an e-mail address."""
    row = ConventionFactory(act=ActState.TO_SIGN).acts.get()
    Act.objects.filter(pk=row.pk).update(frozen_at=timezone.now() - datetime.timedelta(days=30))
    row.refresh_from_db()
    return row


def days_ago(days: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=days)


def signed(act, officer, *signatures, **details):
    return apply(
        act,
        Event.FILE_SCAN,
        by=officer,
        scan=SCAN,
        signed_on=days_ago(9),
        signatures=signatures,
        **details,
    )


def test_signatories_without_an_address_sign_on_the_common_date(act, officer):
    assert set(act.signatories.values_list("email", flat=True)) == {""}
    act = signed(act, officer)
    assert (act.state, act.signed_on) == (ActState.SIGNED, days_ago(9))
    assert list(act.signatories.values_list("signed_on", flat=True)) == [days_ago(9)] * 2


def test_each_signatory_has_the_date_of_the_paper_and_the_act_the_last_one(act, officer):
    first, second = act.signatories.all()
    act = signed(act, officer, InkSignature(signatory=first.pk, signed_on=days_ago(3)))
    assert dict(act.signatories.values_list("pk", "signed_on")) == {
        first.pk: days_ago(3),
        second.pk: days_ago(9),
    }
    assert act.signed_on == days_ago(3)


def test_title_written_by_hand_is_kept_with_the_signature_and_the_printed_one_stays(act, officer):
    first, second = act.signatories.all()
    signed(
        act,
        officer,
        InkSignature(signatory=first.pk, signed_on=days_ago(9), title=" directeur par intérim "),
        InkSignature(signatory=second.pk, signed_on=days_ago(9), title=second.title),
    )
    titles = dict(SignatureAct.objects.values_list("signatory", "title"))
    assert titles == {first.pk: "directeur par intérim", second.pk: ""}
    first.refresh_from_db()
    assert first.title == "président"


def test_journal_keeps_dates_and_can_erase_titles(act, officer):
    first, second = act.signatories.all()
    rows = [
        InkSignature(signatory=p.pk, signed_on=days_ago(4), title=f"titre {p.pk}") for p in (first, second)
    ]
    signed(act, officer, *rows, exemplaire=2)
    entry = act.convention.journal.get(event="classer_scan")
    details = json.loads(entry.payload)["details"]
    assert details["signatures"] == {f"signataire {p.pk}": f"{days_ago(4)}" for p in (first, second)}
    assert details["exemplaire"] == 2
    assert entry.personal.data == {
        f"titre porté par le signataire {p.pk}": f"titre {p.pk}" for p in (first, second)
    }
    assert journal.broken_links(f"convention:{act.convention_id}") == []


@pytest.mark.parametrize(("days", "message"), [(-1, "dans le futur"), (31, "précède le document, figé le")])
def test_date_that_cannot_be_is_refused(act, officer, days, message):
    first = act.signatories.first()
    with pytest.raises(Refused, match=message):
        signed(act, officer, InkSignature(signatory=first.pk, signed_on=days_ago(days)))
    assert (Act.objects.get(pk=act.pk).state, SignatureAct.objects.count()) == (ActState.TO_SIGN, 0)


def test_scan_with_other_pages_than_the_paper_is_confirmed_first(act, officer):
    paper = act.frozen_document
    scan = two_pages()
    details = {"scan": scan, "signed_on": days_ago(9)}
    with pytest.raises(signed_copy.PageCountDiffers) as refusal:
        apply(act, Event.FILE_SCAN, by=officer, **details)
    assert (refusal.value.found, refusal.value.expected) == (2, paper.page_count)
    assert Document.objects.filter(kind=DocumentKind.SCAN).count() == 0
    with pytest.raises(signed_copy.PageCountDiffers):
        apply(act, Event.FILE_SCAN, by=officer, confirmed_pages=3, **details)
    act = apply(act, Event.FILE_SCAN, by=officer, confirmed_pages=2, **details)
    told = json.loads(act.convention.journal.get(event="classer_scan").payload)["details"]
    assert (act.signed_document.page_count, told["confirmed_pages"]) == (2, 2)


def two_pages() -> bytes:
    import io

    import pypdf

    writer = pypdf.PdfWriter()
    for _ in range(2):
        writer.add_blank_page(595, 842)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_copy_found_later_is_a_further_scan_and_the_act_keeps_its_own(act, officer):
    act = signed(act, officer)
    filed = act.signed_document
    added = signed_copy.add_copy(act, by=officer, scan=small_pdf("autre exemplaire"), exemplaire=2)
    act = Act.objects.get(pk=act.pk)
    assert (added.kind, added.version, act.signed_document) == (DocumentKind.SCAN, 2, filed)
    assert act.convention.journal.order_by("sequence").last().event == "exemplaire_ajoute"


def test_copy_of_an_act_that_is_not_signed_is_refused(act, officer):
    with pytest.raises(Refused, match="pas signé"):
        signed_copy.add_copy(act, by=officer, scan=SCAN)
