"""A reprise completed later: scan, date, then the attestation that locks it."""

import datetime

import pytest

from conventions.domain import journal
from conventions.domain.acts.lifecycle import apply
from conventions.domain.acts.scans import reprises
from conventions.domain.documents import storage
from conventions.domain.foundation.refusals import Refused
from conventions.enums import Event
from conventions.models import Act
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
SCAN = f.small_pdf("papier signé (fictif)")


@pytest.fixture
def officer():
    return f.UserFactory(role="gestionnaire")


@pytest.fixture
def act():
    convention = f.ConventionFactory(reprise=True, act__signed_on_wording="courant 2021")
    f.SourceFactory(convention=convention)
    return convention.acts.get()


def test_scan_found_is_kept_with_its_date(act, officer):
    day = datetime.date(2021, 6, 14)
    document = reprises.file_scan(act, by=officer, scan=SCAN, signed_on=day)
    act.refresh_from_db()
    assert (act.signed_document, act.signed_on, act.signed_on_wording) == (document, day, "courant 2021")
    assert storage.read_bytes(document) == SCAN
    assert act.convention.journal.filter(event="reprise_completee").count() == 1
    assert journal.broken_links(f"convention:{act.convention_id}") == []


def test_scan_without_a_date_leaves_the_date_alone(act, officer):
    before = act.signed_on
    reprises.file_scan(act, by=officer, scan=SCAN)
    assert Act.objects.get(pk=act.pk).signed_on == before


def test_scan_found_is_read_by_the_partner(act, officer):
    reprises.file_scan(act, by=officer, scan=SCAN)
    act.refresh_from_db()
    assert list(storage.shown_to_partner(act)) == [act.signed_document]


def test_attested_reprise_takes_no_scan(act, officer):
    act = apply(act, Event.ATTEST_REPRISE, by=f.UserFactory(role="juriste"))
    with pytest.raises(Refused, match="elle ne reçoit plus de scan"):
        reprises.file_scan(act, by=officer, scan=SCAN)
    assert act.documents.count() == 0


@pytest.mark.parametrize(
    ("scan", "day", "message"),
    [
        (b"not a pdf", None, "Ce PDF est abîmé et ne s’ouvre pas"),
        (SCAN, datetime.date(2999, 1, 1), "La date de signature est dans le futur"),
    ],
)
def test_scan_that_will_not_do_changes_nothing(act, officer, scan, day, message):
    with pytest.raises(Refused, match=message):
        reprises.file_scan(act, by=officer, scan=scan, signed_on=day)
    assert (act.documents.count(), act.convention.journal.count()) == (0, 0)


def test_scan_of_an_act_of_the_application_is_filed_elsewhere(officer):
    act = f.ConventionFactory(act="a_signer").acts.get()
    with pytest.raises(Refused, match="elle ne reçoit plus de scan"):
        reprises.file_scan(act, by=officer, scan=SCAN)
