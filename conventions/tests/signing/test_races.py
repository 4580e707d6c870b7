"""Two people, or two windows, at the same second: one act of signature each, and true states."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.test import Client

from conventions.domain import journal
from conventions.domain.acts import signing
from conventions.domain.acts.content import loading
from conventions.domain.acts.lifecycle import apply
from conventions.domain.acts.requests import codes, invitations
from conventions.domain.acts.signing import sealing as sealing_work
from conventions.domain.documents import sealing
from conventions.enums import ActState, Event
from conventions.models import JournalEntry, SealedRevision, SignatureAct, SignatureCode
from conventions.tests import online
from conventions.tests.domain.acts.test_numbering import at_once
from conventions.tests.signing import world as worlds
from conventions.tests.signing.people import entry_of, mail_to_sign, open_link, page_of
from conventions.tests.signing.test_links import refrozen
from conventions.tests.signing.world import link_in

# Not « pdf »: what happens at the same second is for PostgreSQL to show.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def entry_for(asked) -> signing.Entry:
    return signing.Entry(typed_name=str(asked.signatory), consents=True, shown_sha256=asked.document.sha256)


def asked_code(asked) -> str:
    """A code of this request, as the mail would say it."""
    row = SignatureCode.objects.filter(request=asked).order_by("-pk").first()
    return codes.mint((row or codes.ask(asked, shown_sha256=asked.document.sha256)).pk)


def refusals(failures: list[str]) -> list[str]:
    """Names of what was raised."""
    return sorted(failure.partition("(")[0] for failure in failures)


def test_two_posts_with_the_same_code_make_one_signature_and_one_revision(world):
    asked = world.request_of(world.president)
    digits, entry = asked_code(asked), entry_for(asked)
    failures = at_once(
        2,
        lambda rank: signing.sign_with_code(world.request_of(world.president), entry, digits=digits),
    )
    assert len(failures) == 1
    assert "SigningRefused" in failures[0] or "CodeOver" in failures[0]
    assert (SignatureAct.objects.count(), SealedRevision.objects.exclude(signature=None).count()) == (1, 1)
    assert world.refreshed().state == ActState.PARTLY_SIGNED


def test_two_posts_of_the_same_account_make_one_signature(together):
    user = together.directors[0]
    entry = entry_for(together.request_of(user))
    failures = at_once(
        2,
        lambda rank: signing.sign_with_account(together.request_of(user), entry, by=user, second_factor=True),
    )
    assert (refusals(failures), SignatureAct.objects.count()) == (["SigningRefused"], 1)


def test_three_signatories_at_the_same_second_have_all_signed(together):
    president = together.request_of(together.president)
    digits = asked_code(president)

    def sign(rank):
        if rank == 2:
            asked = together.request_of(together.president)
            return signing.sign_with_code(asked, entry_for(asked), digits=digits)
        user = together.directors[rank]
        asked = together.request_of(user)
        return signing.sign_with_account(asked, entry_for(asked), by=user, second_factor=True)

    assert at_once(3, sign) == []
    sealing_work.finish()
    act = together.refreshed()
    assert (act.state, act.seal_error, SignatureAct.objects.count()) == (ActState.SIGNED, "", 3)
    assert list(act.frozen_document.revisions.order_by("revision").values_list("revision", flat=True)) == [
        0,
        1,
        2,
        3,
    ]
    assert journal.broken_links(f"convention:{act.convention_id}") == []


def test_signature_of_a_page_read_before_the_text_was_replaced_signs_nothing(world):
    """The page was checked, then the act was taken back and frozen again: version 2 was not read."""
    asked = world.request_of(world.president)
    signature = signing.Signature(
        request=asked,
        method="code",
        typed_name=str(asked.signatory),
        consent="Je signe.",
        identity_check="code",
    )
    act = refrozen(world).act
    signer = signing.verbs._signer(asked, None)
    with pytest.raises(signing.LinkRefused, match="Le texte a été remplacé"):
        apply(act, Event.SIGN, by=signer, signature=signature)
    with pytest.raises(signing.LinkRefused, match="Le texte a été remplacé"):
        apply(act, Event.DECLINE, by=signer, reason="Non.")
    assert (SignatureAct.objects.count(), world.refreshed().state) == (0, ActState.TO_SIGN)


def test_two_parallel_refusals_and_signatures_keep_one_outcome(together):
    asked = together.request_of(together.president)
    digits, user = asked_code(asked), together.directors[0]

    def do(rank):
        if rank:
            return signing.decline(together.request_of(user), reason="Non.", by=user)
        row = together.request_of(together.president)
        return signing.sign_with_code(row, entry_for(row), digits=digits)

    failures = at_once(2, do)
    assert len(failures) <= 1
    assert together.refreshed().state == ActState.DECLINED
    assert SignatureAct.objects.count() == 1 - len(failures)


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def needs_document(act) -> None:
    """What a foreign key asks of the frozen document, as a signature does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM conventions_document WHERE id = %s FOR KEY SHARE", [act.frozen_document_id]
        )


def stops_links(act) -> None:
    invitations.revoke_all(act, reason="essai")


def seals_first_signature(world) -> None:
    sealing.apply_seals(world.act.frozen_document)


BESIDE = {
    "open": (lambda world, asked: signing.open_request(asked), stops_links),
    "read": (lambda world, asked: signing.mark_read(asked), stops_links),
    "code": (lambda world, asked: signing.ask_code(asked, shown_sha256=asked.document.sha256), stops_links),
    "mail": (lambda world, asked: signing.send_again(asked, by=world.officer), stops_links),
    "address": (
        lambda world, asked: signing.correct_address(asked, "vraie@niaouli.invalid", by=world.officer),
        stops_links,
    ),
    "seal": (lambda world, asked: seals_first_signature(world), needs_document),
}


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite n’a qu’un écrivain à la fois")
@pytest.mark.parametrize("beside", BESIDE)
def test_who_waits_for_an_act_holds_nothing_that_its_owner_needs(world, beside):
    """Somebody moves the act while something else is done beside: each in turn, none breaks the other off."""
    do, then = BESIDE[beside]
    asked, failures = world.request_of(world.president), []
    if beside == "seal":
        online.sign(world.act, asked.signatory)

    def run():
        try:
            do(world, asked)
        except signing.SigningRefused:
            pass  # told so, once the links are stopped
        except Exception as error:  # noqa: BLE001 — reported by the assertion
            failures.append(repr(error))
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        act = loading.locked(world.act)
        thread.start()
        while thread.is_alive() and not waits_for_a_lock():
            time.sleep(0.01)
        then(act)
    thread.join()
    assert failures == []


def test_two_browsers_asking_for_a_code_use_the_last_one(world, mailoutbox):
    telephone, computer = open_link(mailoutbox), open_link(mailoutbox)
    url, entry = page_of(world, world.president), entry_of(world.request_of(world.president))
    telephone.post(url, entry | {"_code": "1"})
    first = worlds.code_in(mailoutbox[-1])
    computer.post(url, entry | {"_code": "1"})
    last = worlds.code_in(mailoutbox[-1])
    if first != last:
        refused = telephone.post(url, entry | {"code": first})
        assert (refused.status_code, SignatureAct.objects.count()) == (200, 0)
    assert telephone.post(url, entry | {"code": last}).status_code == 302
    assert SignatureAct.objects.count() == 1


def test_link_opened_by_many_at_once_is_told_once(world, mailoutbox):
    link = link_in(mail_to_sign(mailoutbox))
    assert at_once(4, lambda rank: Client().post(link)) == []
    assert JournalEntry.objects.filter(event="convention_consultee").count() == 1
