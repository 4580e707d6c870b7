"""A ceremony with a time-stamping authority: what proves it is closed in, renewed beside it, and verified for ever."""

import datetime
import functools
import io
import json
import shutil

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts.signing import sealing as sealing_work
from conventions.domain.documents import sealing, storage, verification
from conventions.domain.documents.sealing import authority as sealing_keys
from conventions.domain.documents.sealing import renewing, walk
from conventions.domain.documents.sealing import revisions as revising
from conventions.domain.documents.verification import Verdict
from conventions.domain.foundation.failures import Failures
from conventions.enums import ActState, DocumentKind, JobState
from conventions.exchange.archives.dossier import dossier_files
from conventions.models import Job, JournalEntry, SealedRevision
from conventions.tests import tsa
from conventions.tests.pdf.reading import text_of
from conventions.tests.signing.people import signs_with_account, signs_with_code

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf, pytest.mark.slow]
YEAR = datetime.timedelta(days=365)
UNPROVED = "sceaux_sans_preuves"


@pytest.fixture
def authority(settings):
    with tsa.running() as address:
        settings.TSA_URL = address
        yield address


@pytest.fixture
def signed(world, authority, mailoutbox, sign_in_staff):
    """Frozen before the authority was set; signed by all with it: each test has its own authority."""
    signs_with_code(world, mailoutbox)
    for user in world.directors:
        signs_with_account(sign_in_staff(user), world, user)
    assert world.refreshed().state == ActState.SIGNED
    return world.act


def revisions(act) -> list[SealedRevision]:
    return list(act.frozen_document.revisions.order_by("revision"))


def verdicts(act) -> list[Verdict]:
    return [verification.of_file(storage.read_bytes(row)).verdict for row in revisions(act)]


def renewed(act):
    with time_machine.travel(timezone.now() + 4.5 * YEAR):
        assert renewing.renew_due() == 1
    return act.documents.get(kind=DocumentKind.STAMPED)


def test_last_revision_proves_the_seals_and_is_the_signed_document(signed):
    last = revisions(signed)[-1]
    assert (last.is_stamp, last.signature, last.sha256) == (True, None, signed.signed_document.sha256)
    assert walk.faults(walk.read(storage.read_bytes(last)), now=timezone.now()) == []
    assert verdicts(signed) == [*3 * [Verdict.INTERMEDIATE], Verdict.STAMPED_SINCE, Verdict.CONFORMING]
    assert JournalEntry.objects.filter(event="horodatage_pose").count() == 1
    facts = verification.of_code(signed.frozen_document.code)
    assert facts.fingerprint == sealing.seal_key().fingerprint
    assert facts.hashes[-1][0].startswith("Horodaté le ")


def words_of(act) -> str:
    return text_of(storage.read_bytes(act.documents.get(kind=DocumentKind.ATTESTATION)))


def test_attestation_says_until_when_the_file_proves_itself(signed):
    told = words_of(signed)
    assert "un horodatage du fichier entier, qui se prouve jusqu’au" in told
    assert "Avec les preuves des sceaux, horodaté" in told
    assert "Preuves des sceaux réunies, document horodaté" in told


def test_attestation_without_an_authority_says_so(world, mailoutbox, sign_in_staff):
    signs_with_code(world, mailoutbox)
    for user in world.directors:
        signs_with_account(sign_in_staff(user), world, user)
    assert "Aucune autorité d’horodatage n’a daté les sceaux" in words_of(world.refreshed())


def ended(act) -> tuple[str, list[str]]:
    act.refresh_from_db()
    told = [
        json.loads(row.payload)["details"]["motif"] for row in JournalEntry.objects.filter(event=UNPROVED)
    ]
    return act.state, told


def test_act_sealed_under_a_lost_authority_ends_without_its_proofs(
    world, authority, mailoutbox, sign_in_staff
):
    first, last = world.directors
    signs_with_code(world, mailoutbox)
    signs_with_account(sign_in_staff(first), world, first)
    shutil.rmtree(sealing_keys.embedded_folder())
    call_command("sceau", nouvelle_autorite=True, stdout=io.StringIO())
    sealing_keys.forget()
    signs_with_account(sign_in_staff(last), world, last)
    state, (reason,) = ended(world.act)
    assert (state, "est perdue, et sa liste de révocation avec elle" in reason) == (ActState.SIGNED, True)
    assert [row.is_stamp for row in revisions(world.act)] == [False] * 4
    told = words_of(world.act)
    assert "n’a daté qu’une partie des sceaux, et le fichier ne contient pas les preuves" in told
    assert "Sceaux terminés sans leurs preuves de long terme" in told
    assert "Cette attestation porte un seul sceau, daté par une autorité d’horodatage" in told
    assert verdicts(world.act)[-1] == Verdict.CONFORMING


@pytest.fixture
def unproved(world, authority, mailoutbox, sign_in_staff, monkeypatch):
    """Signed by all, each seal stamped, while the authority that stamps publishes no list."""
    monkeypatch.setattr(tsa.authority(), "revocation_list", bytes)
    signs_with_code(world, mailoutbox)
    for user in world.directors:
        signs_with_account(sign_in_staff(user), world, user)
    return world.refreshed()


def test_act_whose_keys_may_come_back_waits_for_them(unproved, monkeypatch):
    monkeypatch.undo()
    folder = sealing_keys.embedded_folder()
    elsewhere = folder.rename(folder.with_name("ailleurs"))
    sealing_keys.forget()
    sealing_work.finish(Failures())
    assert ended(unproved) == (ActState.TO_SEAL, [])
    elsewhere.rename(folder)
    sealing_work.finish(Failures())
    assert ended(unproved) == (ActState.SIGNED, [])


def test_act_that_an_authority_leaves_without_a_list_says_what_to_do_and_is_ended_by_command(unproved):
    assert (unproved.state, "« Une autorité a disparu »" in unproved.seal_error) == (ActState.TO_SEAL, True)
    end = functools.partial(call_command, "sceau", sans_preuves=unproved.number, stdout=io.StringIO())
    with pytest.raises(CommandError, match="Dites ce qui a disparu"):
        end()
    with pytest.raises(CommandError, match="Aucun acte ne porte le numéro"):
        call_command("sceau", sans_preuves="9999-999", motif="fermée")
    end(motif="L’autorité a fermé (fictif).")
    assert ended(unproved) == (ActState.SIGNED, ["L’autorité a fermé (fictif)."])
    assert "le fichier ne contient pas les preuves" in words_of(unproved)
    with pytest.raises(CommandError, match="n’attend pas les preuves"):
        end(motif="encore")


def test_renewed_file_stands_beside_the_signed_one_which_never_changes(signed, as_role):
    former, attested = signed.signed_document, signed.documents.get(kind=DocumentKind.ATTESTATION)
    newest = renewed(signed)
    signed.refresh_from_db()
    assert signed.signed_document == former
    assert storage.read_bytes(newest).startswith(storage.read_bytes(former))
    assert verdicts(signed) == [*3 * [Verdict.INTERMEDIATE], *2 * [Verdict.STAMPED_SINCE], Verdict.CONFORMING]
    assert [row.sha256 for row in revisions(signed)][-1] == newest.sha256
    assert storage.signed_copies([signed]) == {signed.pk: newest}
    assert [content for name, content in dossier_files(signed)][:2] == [
        storage.read_bytes(former),
        storage.read_bytes(attested),
    ]
    call_command("verifier_archives", stdout=io.StringIO())


def test_space_offers_the_newest_file_only(signed, world, as_role):
    newest = renewed(signed)
    page = as_role(world.president).get(f"/espace/conventions/{world.convention.slug}/").content.decode()
    shown = [reverse("portal:document", args=[pk]) in page for pk in (newest.pk, signed.signed_document_id)]
    assert shown == [True, False]


def test_renewals_of_the_day_are_started_once_and_only_when_some_are_due(signed):
    call_command("balayer", stdout=io.StringIO())
    assert not Job.objects.filter(kind=renewing.JOB).exists()
    with time_machine.travel(timezone.now() + 4.5 * YEAR):
        call_command("balayer", stdout=io.StringIO())
        call_command("balayer", stdout=io.StringIO())
        assert not renewing.due(at=timezone.now()).exists()
    job = Job.objects.get(kind=renewing.JOB)
    assert (job.state, job.result) == (JobState.DONE, {"horodatages": 1})


def test_authority_that_is_down_renews_nothing_and_the_command_says_so(signed, settings):
    with tsa.running(tsa.down) as address, time_machine.travel(timezone.now() + 4.5 * YEAR):
        settings.TSA_URL = address
        with pytest.raises(CommandError, match="a répondu par une erreur"):
            call_command("renouveler_horodatages")
    assert not signed.documents.filter(kind=DocumentKind.STAMPED).exists()


def test_authority_that_stops_answering_ends_the_run(signed, settings):
    """The first stamp, that tells of its certificate, is its last one."""
    asked = []

    def once(query):
        asked.append(query)
        return tsa.stamped(query) if len(asked) == 1 else tsa.down(query)

    with tsa.running(once) as address, time_machine.travel(timezone.now() + 4.5 * YEAR):
        settings.TSA_URL = address
        failures = Failures()
        assert renewing.renew_due(failures) == 0
    assert "TimestampFailed" in failures.summary
    assert (len(asked), signed.documents.filter(kind=DocumentKind.STAMPED).exists()) == (2, False)


def test_same_unit_renews_nothing_and_asks_for_one_stamp(signed, settings):
    """It is due, and the authority has no newer certificate yet."""
    asked, unit = [], tsa.authority().unit()

    def stamped(query):
        asked.append(query)
        return tsa.stamped_by(unit, query)

    with tsa.running(stamped) as address, time_machine.travel(timezone.now() + 4.5 * YEAR):
        settings.TSA_URL = address
        assert renewing.renew_due() == 0
    assert len(asked) == 1


def test_stamp_that_ends_unrenewed_is_told(signed):
    start = timezone.now()
    for years, told in ((4.9, "prend fin à partir du"), (5.1, "a pris fin : seul le registre")):
        with time_machine.travel(start + years * YEAR):
            assert any(told in warning for warning in sealing.warnings())
    assert not any("horodatage" in warning.lower() for warning in sealing.warnings())


def test_closing_twice_adds_one_revision(signed):
    count = len(revisions(signed))
    assert sealing.close(signed.frozen_document) == revisions(signed)[-1]
    sealing_work.finish()
    assert len(revisions(signed)) == count


def test_two_workers_that_renew_the_same_stamp_keep_one_file(signed):
    """The second finds that the last revision is another one by now: its bytes follow nothing."""
    last = revisions(signed)[-1]
    with time_machine.travel(timezone.now() + 4.5 * YEAR):
        assert revising.renew(last) == signed.documents.get(kind=DocumentKind.STAMPED)
        assert revising.renew(last) is None
    assert len(revisions(signed)) == 6
    assert signed.documents.filter(kind=DocumentKind.STAMPED).count() == 1


def test_list_that_cannot_be_had_leaves_the_act_to_seal_then_it_is_finished(
    world, mailoutbox, sign_in_staff, settings, monkeypatch
):
    with tsa.running() as address:
        settings.TSA_URL = address
        with monkeypatch.context() as patch:
            patch.setattr(tsa.authority(), "revocation_list", bytes)
            signs_with_code(world, mailoutbox)
            for user in world.directors:
                signs_with_account(sign_in_staff(user), world, user)
            act = world.refreshed()
            assert act.state == ActState.TO_SEAL
            assert "n’ont pas pu être réunies" in act.seal_error
            assert not act.documents.filter(kind=DocumentKind.SIGNED).exists()
        sealing_work.finish()
    assert world.refreshed().state == ActState.SIGNED
