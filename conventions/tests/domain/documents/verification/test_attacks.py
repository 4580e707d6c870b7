"""Whose seal it is, what it covers, and the process that reads it; each attack is in the table of `cases`."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from conventions.domain.documents import sealing, verification
from conventions.domain.documents.sealing import authority
from conventions.domain.documents.verification import Verdict, checking
from conventions.domain.foundation import apart
from conventions.domain.foundation.refusals import Refused
from conventions.enums import DocumentKind
from conventions.tests import attacks, online, tsa
from conventions.tests.factories import DocumentFactory
from conventions.tests.pdf.reading import poppler

pytestmark = [pytest.mark.django_db, pytest.mark.pdf, pytest.mark.slow]


@pytest.fixture
def content(act):
    return online.contents(act)[-1]


def verdict(content: bytes) -> Verdict:
    return verification.of_file(content).verdict


def test_signed_file_is_conforming_by_its_hash_alone(content, act):
    found = verification.of_hash(hashlib.sha256(content).hexdigest())
    assert (found.verdict, found.facts.reference) == (Verdict.CONFORMING, act.number)
    assert found == verification.of_file(content)


def test_signed_file_holds_by_its_seals_too(content):
    """What the register says is not the only proof: the same bytes, were they unknown."""
    report = checking.inspect(content)
    assert [(row["field"], row["intact"], row["allowed"], row["coverage"]) for row in report["seals"]] == [
        ("sceau", True, True, "ENTIRE_REVISION"),
        ("signature-1", True, True, "ENTIRE_REVISION"),
        ("signature-2", True, True, "ENTIRE_FILE"),
    ]
    judged = verification.verdicts.judge(report, checking.own_certificates(), size=len(content))
    assert judged == Verdict.UNREGISTERED


def test_time_stamp_is_listed_with_its_time_and_covers_the_file(content, tmp_path):
    """In a file that the register does not know: the seals are ours, whoever stamped it since."""
    report = checking.inspect(attacks.stamp(content, tmp_path))
    [stamp] = report["stamps"]
    assert (stamp["intact"], stamp["coverage"], stamp["time"][:4].isdecimal()) == (True, "ENTIRE_FILE", True)
    assert [seal["coverage"] for seal in report["seals"]] == ["ENTIRE_REVISION"] * 3
    judged = verification.verdicts.judge(report, checking.own_certificates(), size=stamp["end"])
    assert judged == Verdict.UNREGISTERED


def test_seal_that_an_authority_stamped_tells_its_time(settings):
    online.give_keys()
    with tsa.running(tsa.stamped) as address:
        settings.TSA_URL = address
        content = online.contents(online.frozen_act())[-1]
    [seal] = checking.inspect(content)["seals"]
    assert (seal["intact"], seal["allowed"], seal["time"][:4].isdecimal()) == (True, True, True)


def test_seals_hold_without_register_when_a_reader_stumbles_on_padding(content):
    padded = content + bytes(3000)
    report = checking.inspect(padded)
    assert [(seal["placed"], seal["intact"], seal["allowed"]) for seal in report["seals"]] == [
        (True, True, None)
    ] * 3
    judged = verification.verdicts.judge(report, checking.own_certificates(), size=len(padded))
    assert judged == Verdict.CHANGED


@pytest.mark.parametrize("attack", [attacks.paint_over, attacks.annotate])
def test_attack_that_pdfsig_calls_valid_is_seen(content, attack, tmp_path):
    assert poppler("pdfsig", attack(content), tmp_path, "-nocert").count("Signature is Valid") == 3
    assert verdict(attack(content)) == Verdict.CHANGED_AFTER


def test_file_changed_after_signature_names_the_document_it_was_made_from(content, act):
    found = verification.of_file(attacks.paint_over(content))
    assert (found.is_origin, found.facts.reference) == (True, act.number)


def test_file_sealed_again_by_a_namesake_is_foreign(content, tmp_path, settings):
    forged = attacks.seal_again_with_a_namesake(content, tmp_path, settings)
    told = poppler("pdfsig", forged, tmp_path, "-nocert")
    assert "Signature is Valid" in told
    assert "OPT Partners, sceau" in told
    assert verdict(forged) == Verdict.FOREIGN


def test_free_field_filled_by_a_stranger_is_foreign(tmp_path):
    online.give_keys()
    act = online.frozen_act()
    online.sign(act, act.signatories.first())
    sealing.apply_seals(act.frozen_document)
    last = online.contents(act)[-1]
    assert verdict(last) == Verdict.PENDING
    assert verdict(attacks.sign_a_free_field(last, tmp_path)) == Verdict.FOREIGN


@pytest.mark.parametrize("broken", ["unknown algorithm", "cut", "no certificate"])
def test_certificate_that_does_not_read_is_foreign(broken):
    from cryptography.hazmat.primitives.serialization import Encoding

    online.give_keys()
    der = sealing.seal_key().certificate.public_bytes(Encoding.DER)
    sha256_with_rsa = bytes.fromhex("2a864886f70d01010b")
    odd = {
        "unknown algorithm": der.replace(sha256_with_rsa, sha256_with_rsa[:-1] + b"\x7f"),
        "cut": der[:-40],
        "no certificate": b"0\x00",
    }
    assert odd[broken] != der
    assert checking.own_certificates()(odd[broken]) is False


def test_file_sealed_before_the_certificate_was_renewed_is_still_ours(content, settings, tmp_path):
    before = checking.own_certificates()
    der = sealing.seal_key().certificate
    authority.renew_embedded(authority.embedded_folder())
    from cryptography.hazmat.primitives.serialization import Encoding

    assert before(der.public_bytes(Encoding.DER)) is True
    assert checking.own_certificates()(der.public_bytes(Encoding.DER)) is True
    assert verdict(attacks.append_bytes(content)) == Verdict.CHANGED


def test_scan_is_known_without_seal():
    document = DocumentFactory(act__state="a_signer", kind=DocumentKind.SCAN, pdf=b"%PDF-1.7 scan")
    found = verification.of_hash(document.sha256)
    assert found.verdict == Verdict.WITHOUT_SEAL
    assert found.facts.document == "Scan du document signé"


def test_hash_of_a_draft_says_nothing():
    document = DocumentFactory(kind=DocumentKind.DRAFT, pdf=b"%PDF-1.7 projet")
    assert verification.of_hash(document.sha256).verdict == Verdict.UNKNOWN


def test_reader_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(checking, "SECONDS", 0.001)
    assert checking.inspect(b"%PDF-1.7") == checking.UNREADABLE


def test_process_that_reads_is_held_in_memory_and_processor():
    """The limits are those of the process itself, set before the first byte."""
    folder = str(Path(authority.__file__).parent)
    program = "import sys, resource as r; sys.path[:0] = sys.argv[1:]; import inspection as i; i.limit();"
    program += "print(r.getrlimit(r.RLIMIT_AS), r.getrlimit(r.RLIMIT_CPU), r.getrlimit(r.RLIMIT_CORE))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, folder, str(apart.ROOT)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == f"{(640 * 2**20,) * 2} (10, 10) (0, 0)"


@pytest.mark.parametrize("typed", ["", "abc", "A" * 64, "0" * 63, "0" * 65])
def test_text_that_is_no_hash_is_refused(typed):
    with pytest.raises(Refused, match="64 chiffres"):
        verification.of_hash(typed)
