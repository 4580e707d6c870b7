"""Seals that come late: a key that is missing, a time-stamping authority that fails, a worker that is killed."""

import os
import shutil
import signal
import traceback

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connections

from conventions.domain.acts.lifecycle import apply
from conventions.domain.acts.signing import attestation
from conventions.domain.acts.signing import sealing as sealing_work
from conventions.domain.documents import sealing, storage
from conventions.domain.documents.sealing import authority
from conventions.enums import ActState, DocumentKind, Event
from conventions.models import JournalEntry, SealedRevision
from conventions.tests import tsa
from conventions.tests.domain.acts.test_numbering import at_once
from conventions.tests.signing import world as worlds
from conventions.tests.signing.people import signs_with_account, signs_with_code
from conventions.tests.signing.test_links import text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf, pytest.mark.slow]


def everybody_signs(world, mailbox, sign_in_staff):
    last = signs_with_code(world, mailbox)
    for user in world.directors:
        last = signs_with_account(sign_in_staff(user), world, user)
    return last


def facts(world) -> dict:
    """What a finished ceremony leaves, counted."""
    act = world.refreshed()
    return {
        "state": act.state,
        "error": act.seal_error,
        "revisions": act.frozen_document.revisions.count() if act.frozen_document else 0,
        "signed": act.documents.filter(kind=DocumentKind.SIGNED).count(),
        "attestations": act.documents.filter(kind=DocumentKind.ATTESTATION).count(),
        "lines": JournalEntry.objects.filter(event=Event.SEAL.value).count(),
    }


DONE = {"state": ActState.SIGNED, "error": "", "revisions": 4, "signed": 1, "attestations": 1, "lines": 1}


def test_key_that_went_missing_is_found_again_and_everything_is_finished_once(
    together, mailoutbox, sign_in_staff
):
    folder = authority.embedded_folder()
    shutil.move(folder, folder.with_name("ailleurs"))
    last = everybody_signs(together, mailoutbox, sign_in_staff)
    assert "Tout le monde a signé : le sceau est posé dans la minute" in text_of(last)
    waiting = facts(together)
    assert (waiting["state"], waiting["revisions"], waiting["signed"]) == (ActState.TO_SEAL, 1, 0)
    assert waiting["error"] != ""
    assert not folder.exists()
    call_command("balayer")
    assert facts(together)["state"] == ActState.TO_SEAL
    shutil.move(folder.with_name("ailleurs"), folder)
    call_command("balayer")
    assert facts(together) == DONE
    call_command("balayer")
    assert facts(together) == DONE


@pytest.mark.parametrize("behave", [tsa.down, tsa.refusing, tsa.broken, tsa.of_another_file])
def test_time_stamps_that_fail_leave_it_to_seal_then_it_is_finished_once(
    together, mailoutbox, sign_in_staff, settings, behave
):
    with tsa.running(behave) as url:
        settings.TSA_URL = url
        everybody_signs(together, mailoutbox, sign_in_staff)
        waiting = facts(together)
        assert (waiting["state"], waiting["revisions"], waiting["signed"]) == (ActState.TO_SEAL, 1, 0)
        assert waiting["error"] != ""
    with tsa.running(tsa.stamped) as url:
        settings.TSA_URL = url
        sealing_work.finish()
    assert facts(together) == DONE | {"revisions": 5}
    sources = set(SealedRevision.objects.exclude(signature=None).values_list("time_source", flat=True))
    assert len(sources) == 1


def test_damaged_document_stops_its_own_act_and_no_other(together, mailoutbox, sign_in_staff, settings):
    settings.SEAL_CERTIFICATE = "/nulle/part.pem"
    everybody_signs(together, mailoutbox, sign_in_staff)
    settings.SEAL_CERTIFICATE = ""
    other = worlds.frozen(order="ensemble", email="autre@niaouli.invalid")
    settings.SEAL_CERTIFICATE = "/nulle/part.pem"
    for user in other.directors:
        signs_with_account(sign_in_staff(user), other, user)
    settings.SEAL_CERTIFICATE = ""
    name = together.act.frozen_document.storage_name
    path = storages["private"].path(name)
    os.chmod(path, 0o600)
    with open(path, "r+b") as file:
        file.write(b"X")
    sealing_work.finish()
    broken = facts(together)
    assert (broken["state"], broken["signed"], broken["error"] != "") == (ActState.TO_SEAL, 0, True)
    assert other.refreshed().frozen_document.revisions.count() == 3


def test_signature_of_a_replaced_text_is_not_looked_at_for_ever(together, mailoutbox, settings):
    settings.SEAL_CERTIFICATE = "/nulle/part.pem"
    signs_with_code(together, mailoutbox)
    apply(together.refreshed(), Event.CORRECT_BEFORE_SIGNING, by=together.officer, reason="Une date.")
    settings.SEAL_CERTIFICATE = ""
    assert sealing_work.finish() == 0


# --- a worker killed while it seals ---


def killed(function, *args, before) -> bool:
    """Whether a child of this process, armed by `before`, was killed while it ran the function."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            before()
            function(*args)
        except BaseException:  # noqa: BLE001 - a child never goes back to the tests
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


def die(*_anything, **_more):
    os.kill(os.getpid(), signal.SIGKILL)


def at_seal(rank: int):
    """Die once the bytes of the nth seal are made, before they are stored."""

    def arm():
        real, count = storage.put_bytes, iter(range(1, 100))

        def put(content, name):
            if next(count) == rank:
                die()
            return real(content, name)

        storage.put_bytes = put

    return arm


def before_row():
    """Die with the bytes stored, before the row."""
    SealedRevision.objects.create = die


def before_signed():
    storage.store_signed = die


def before_end():
    sealing_work.lifecycle.apply = die


@pytest.mark.parametrize(
    "moment", [at_seal(1), at_seal(2), at_seal(3), before_row, before_signed, before_end]
)
def test_worker_killed_while_sealing_is_finished_once_by_the_sweep(
    together, mailoutbox, sign_in_staff, settings, moment
):
    settings.SEAL_CERTIFICATE = "/nulle/part.pem"
    everybody_signs(together, mailoutbox, sign_in_staff)
    settings.SEAL_CERTIFICATE = ""
    document = together.refreshed().frozen_document_id
    assert killed(sealing_work.seal, document, before=moment)
    assert together.refreshed().state == ActState.TO_SEAL
    call_command("balayer")
    assert facts(together) == DONE


@pytest.mark.parametrize("place", ["seal_alone", "store"])
def test_worker_killed_while_attesting_is_finished_once_by_the_sweep(
    together, mailoutbox, sign_in_staff, monkeypatch, place
):
    with monkeypatch.context() as patch:
        patch.setattr(attestation, "attest", lambda act_id: None)
        everybody_signs(together, mailoutbox, sign_in_staff)
    assert facts(together) == DONE | {"attestations": 0}

    def arm():
        setattr(sealing if place == "seal_alone" else storage, place, die)

    assert killed(sealing_work.attest, together.act.pk, before=arm)
    assert facts(together) == DONE | {"attestations": 0}
    call_command("balayer")
    assert facts(together) == DONE
    sealing_work.attest(together.act.pk)
    assert facts(together) == DONE


def test_two_workers_attest_once(together, mailoutbox, sign_in_staff, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(attestation, "attest", lambda act_id: None)
        everybody_signs(together, mailoutbox, sign_in_staff)
    assert at_once(2, lambda rank: sealing_work.attest(together.act.pk)) == []
    assert facts(together) == DONE


def test_two_workers_seal_once(together, mailoutbox, sign_in_staff, settings):
    settings.SEAL_CERTIFICATE = "/nulle/part.pem"
    everybody_signs(together, mailoutbox, sign_in_staff)
    settings.SEAL_CERTIFICATE = ""
    document = together.refreshed().frozen_document_id
    assert at_once(2, lambda rank: sealing_work.seal(document)) == []
    sealing_work.finish()
    assert facts(together) == DONE
