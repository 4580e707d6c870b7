"""What proves a signed file for later: gathered, stamped, judged before it is kept; played to twenty-one years."""

import asyncio
import datetime
import io

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from conventions.domain.documents import sealing
from conventions.domain.documents.sealing import inspection, proofs, timestamping, walk
from conventions.tests import online, tsa
from conventions.tests.pdf.reading import poppler

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
YEAR = datetime.timedelta(days=365)


@pytest.fixture
def authority(settings):
    """An authority that stamps, while the test runs."""
    with tsa.running() as address:
        settings.TSA_URL = address
        yield tsa.authority()


def signed() -> bytes:
    """Sealed by each, every seal with its time stamp."""
    return online.contents(online.signed_act())[-1]


def store(content: bytes) -> DocumentSecurityStore:
    return DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(content)))


def test_proofs_are_one_revision_after_the_seals(authority, tmp_path):
    content = signed()
    proved = proofs.prove(content)
    assert proved.content.startswith(content)
    (stamp,) = walk.stamps(walk.read(proved.content))
    assert (proved.fingerprint, proved.stamp_ends_at) == (stamp.fingerprint, stamp.ends_at)
    assert len(store(proved.content).crls) == 2
    assert len(list(store(proved.content).load_certs())) == 4
    report = inspection.inspect(proved.content)
    assert [(row["intact"], row["allowed"]) for row in report["seals"]] == 3 * [(True, True)]
    told = poppler("pdfsig", proved.content, tmp_path, "-nocert")
    # pdfsig says nothing of stamps
    assert (told.count("Signature is Valid"), told.count("- Total document signed")) == (3, 1)


def test_stamp_of_the_document_stands_out_of_the_page(authority):
    """An untagged widget that somebody could come upon would break PDF/UA; a hidden one, PDF/A."""
    field = PdfFileReader(io.BytesIO(proofs.prove(signed()).content)).root["/AcroForm"]["/Fields"][-1]
    assert field["/T"] == "horodatage-1"
    assert (field["/F"] & 0b110, [float(value) for value in field["/Rect"]]) == (0b100, 4 * [-9999.0])


def test_renewal_carries_only_the_path_and_the_list_of_the_stamp_before(authority):
    first = proofs.prove(signed())
    with time_machine.travel(timezone.now() + 4.5 * YEAR):
        second = proofs.prove(first.content)
    assert second.content.startswith(first.content)
    assert second.stamp_ends_at > first.stamp_ends_at
    assert len(store(second.content).crls) == len(store(first.content).crls) + 1
    assert len(list(store(second.content).load_certs())) == len(list(store(first.content).load_certs()))


@pytest.mark.slow
def test_file_renewed_in_time_is_proved_at_twenty_one_years(authority):
    """Each year the clock of this process moves; the unit that stamped ends after five, and its successors too."""
    start, content, ends = timezone.now(), proofs.prove(signed()).content, []
    for year in range(1, 22):
        with time_machine.travel(start + year * YEAR):
            last = walk.stamps(walk.read(content))[-1]
            assert walk.faults(walk.read(content), now=timezone.now()) == [], year
            if last.ends_at - timezone.now() < 1.1 * YEAR:
                content = proofs.prove(content).content
                ends.append(year)
    assert len(walk.stamps(walk.read(content))) == 1 + len(ends) >= 5
    assert inspection.inspect(content)["seals"][-1]["allowed"]
    with time_machine.travel(start + 40 * YEAR):
        assert walk.faults(walk.read(content), now=timezone.now()) == [
            f"horodatage-{1 + len(ends)} : certificat non prouvé à cette date"
        ]


def test_file_that_nobody_renewed_is_proved_no_more_and_not_renewed(authority):
    content = proofs.prove(signed()).content
    with time_machine.travel(timezone.now() + 5.1 * YEAR):
        assert walk.faults(walk.read(content), now=timezone.now()) == [
            "horodatage-1 : certificat non prouvé à cette date"
        ]
        with pytest.raises(sealing.SealRefused, match="Le dernier horodatage n’est plus prouvable depuis le"):
            proofs.prove(content)


def test_renewal_by_the_same_unit_gains_nothing(authority):
    content = proofs.prove(signed()).content
    with pytest.raises(sealing.ProofUnavailable, match="pas encore de certificat plus récent"):
        proofs.prove(content)


def test_token_of_a_unit_that_ended_is_refused(settings):
    unit = tsa.authority().unit()
    with (
        tsa.running(lambda query: tsa.stamped_by(unit, query)) as address,
        time_machine.travel(timezone.now() + 5.1 * YEAR),
    ):
        settings.TSA_URL = address
        with pytest.raises(sealing.TimestampFailed, match="a expiré"):
            asyncio.run(timestamping.time_stamper().async_timestamp(bytes(32), "sha256"))


def test_list_that_cannot_be_had_keeps_nothing(settings):
    """The address in the certificate answers no more."""
    with tsa.running() as address:
        settings.TSA_URL = address
        content = signed()
    with tsa.running() as address:
        settings.TSA_URL = address
        with pytest.raises(sealing.ProofUnavailable, match="n’ont pas pu être réunies"):
            proofs.prove(content)


def test_stolen_key_of_the_seal_proves_nothing_after(authority):
    content = signed()
    call_command("sceau", "--cle-volee", stdout=io.StringIO())
    with pytest.raises(sealing.ProofUnavailable, match="revoked"):
        proofs.prove(content)


def test_altered_file_is_not_proved(authority):
    content = bytearray(proofs.prove(signed()).content)
    content[200] ^= 1
    assert walk.faults(walk.read(bytes(content)), now=timezone.now())[0] == "sceau : octets modifiés"
