"""One verdict, and one sentence that is true, for every file that someone may bring: the table of `cases`."""

import collections
import hashlib
import io

import pytest
from django.core.management import CommandError, call_command

from conventions.domain.documents import verification
from conventions.domain.documents.verification import Verdict
from conventions.tests.domain.documents.verification.cases import CASES, SENTENCES

pytestmark = [pytest.mark.django_db, pytest.mark.pdf, pytest.mark.slow]
SAMPLE = list({case.verdict: case for case in reversed(CASES)}.values())  # of each verdict the first


def plain(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def test_every_file_has_its_verdict(papers):
    found = {case.name: verification.of_file(case.make(papers)) for case in CASES}
    wrong = {
        case.name: (case.verdict.value, found[case.name].verdict.value, plain(found[case.name].added))
        for case in CASES
        if found[case.name].verdict != case.verdict
        or not plain(found[case.name].added).startswith(case.added)
        or bool(found[case.name].added) != bool(case.added)
    }
    assert wrong == {}
    assert all(SENTENCES[case.verdict] in plain(verification.wording(case.verdict).meaning) for case in CASES)


def test_the_table_names_each_file_once_and_forgets_no_verdict():
    """The others belong to the life of an act, not to what is done to a file (see `signing/test_proofs`)."""
    assert max(collections.Counter(case.name for case in CASES).values()) == 1
    elsewhere = {Verdict.PENDING, Verdict.REPLACED, Verdict.ENDED, Verdict.STAMPED_SINCE}
    assert {case.verdict for case in CASES} == set(Verdict) - elsewhere
    assert len(CASES) > 100


def test_page_says_the_same_with_and_without_script(papers, client):
    """Without script the file is sent; with it its hash, then the file when the register does not know it."""
    for rank, case in enumerate(SAMPLE):
        content, visitor = case.make(papers), f"192.0.2.{rank}"  # from one address, thirty would be too many
        sent = told(client, visitor, file=io.BytesIO(content))
        assert (case.name, SENTENCES[case.verdict] in sent, case.added in sent) == (case.name, True, True)
        by_hash = told(client, visitor, sha256=hashlib.sha256(content).hexdigest())
        known = case.verdict in (Verdict.CONFORMING, Verdict.INTERMEDIATE, Verdict.WITHOUT_SEAL)
        expected = SENTENCES[case.verdict] if known else "Pour savoir ce qui a changé, envoyez-le"
        assert (case.name, expected in by_hash) == (case.name, True)


def told(client, visitor: str, **data) -> str:
    return plain(client.post("/verifier/fichier/", data, REMOTE_ADDR=visitor).content.decode())


def test_command_says_the_same_and_its_exit_code_tells(papers, tmp_path):
    for case in SAMPLE:
        path, said = tmp_path / f"{case.name}.pdf", io.StringIO()
        path.write_bytes(case.make(papers))
        code = 0
        try:
            call_command("verifier_pdf", path, stdout=said)
        except CommandError as fault:
            code = fault.returncode
        sound = verification.wording(case.verdict).is_sound
        shown = plain(said.getvalue())
        assert (case.name, code, SENTENCES[case.verdict] in shown) == (case.name, 0 if sound else 1, True)
        assert case.added in shown
