"""Whatever one letter raises stays its own: the others leave once, and the log says what to do."""

import datetime
import smtplib
import socket
import ssl
from typing import ClassVar

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import BadHeaderError
from django.db import DatabaseError, connection
from django.template import TemplateSyntaxError
from django.utils import timezone

from conventions.domain.foundation.failures import Failures
from conventions.domain.mails import delivery, log
from conventions.domain.mails.builders import BUILDERS
from conventions.domain.mails.letter import LEAVING, SERVED
from conventions.enums import MailRhythm, MailState
from conventions.models import HeldMail, OutgoingMail, User
from conventions.tests import factories as f
from conventions.tests.domain.mails.test_delivery import queued, signed_up

FIRST, MIDDLE, LAST = "une@niaouli.invalid", "deux@niaouli.invalid", "trois@niaouli.invalid"
EVERYONE = (FIRST, MIDDLE, LAST)
FAULTS: dict[str, BaseException] = {}


class Faulty(BaseEmailBackend):
    """Raises what FAULTS says for an address, and keeps the rest."""

    def send_messages(self, messages):
        for message in messages:
            if message.to[0] in FAULTS:
                raise FAULTS[message.to[0]]
            assert not connection.in_atomic_block or not connection.savepoint_ids, (
                "Envoi dans une transaction"
            )
            django_mail.outbox.append(message)


@pytest.fixture
def faulty(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Faulty"
    FAULTS.clear()
    yield FAULTS
    FAULTS.clear()


def to_three(middle=MIDDLE):
    """A mail to three signatories; the second one's address is this one, as it stands in the database."""
    act = signed_up(emails=EVERYONE)
    User.objects.filter(email=MIDDLE).update(email=middle)
    return queued("convention_a_signer", act=act.pk)


def served(outbox):
    return sorted(address for message in outbox for address in message.to)


def until_over(mail):
    """Every attempt of a mail, each in its time; how many."""
    attempts, moment = 0, timezone.now()
    while OutgoingMail.objects.to_send().filter(pk=mail.pk).exists():
        assert attempts < 20, "Ce courriel est réessayé sans fin"
        moment += datetime.timedelta(days=1)
        with time_machine.travel(moment):
            assert delivery.due() == [mail.pk]
            delivery.deliver(mail.pk)
        attempts += 1
    mail.refresh_from_db()
    return attempts


SERVER_ERRORS = [
    smtplib.SMTPRecipientsRefused({MIDDLE: (550, b"no such user")}),
    smtplib.SMTPDataError(554, b"spam"),
    smtplib.SMTPSenderRefused(550, b"no", "partenariats@opt-partenariats.invalid"),
    smtplib.SMTPNotSupportedError("SMTPUTF8"),
]
OUTAGES = [
    smtplib.SMTPRecipientsRefused({MIDDLE: (451, b"greylisted")}),
    smtplib.SMTPDataError(451, b"later"),
    smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
    smtplib.SMTPConnectError(421, b"busy"),
    smtplib.SMTPAuthenticationError(535, b"who"),
    socket.gaierror(-2, "Name or service not known"),
    ConnectionResetError(104, "reset"),
    ssl.SSLError("wrong version"),
    OSError(28, "No space left on device"),
]
OUR_ERRORS = [
    UnicodeEncodeError("ascii", "é", 0, 1, "ordinal not in range(128)"),
    BadHeaderError("Header values can't contain newlines"),
    ValueError("Invalid address"),
    KeyError("link"),
    AttributeError("email"),
    RuntimeError("boom"),
    RecursionError("too deep"),
    MemoryError(),
    AssertionError(),
    TemplateSyntaxError("bad tag"),
    ZeroDivisionError(),
]


def kind_of(error):
    return type(error).__name__


@pytest.mark.django_db
@pytest.mark.parametrize("error", SERVER_ERRORS + OUR_ERRORS, ids=kind_of)
def test_error_of_one_letter_stays_its_own(faulty, mailoutbox, error):
    mail = to_three()
    faulty[MIDDLE] = error
    first = delivery.deliver(mail.pk)
    assert (first.state, first.attempts, served(mailoutbox)) == (MailState.PENDING, 1, sorted([FIRST, LAST]))
    attempts = until_over(mail)
    assert (mail.state, attempts, served(mailoutbox)) == (MailState.FAILED, 6, sorted([FIRST, LAST]))
    assert mail.error.startswith("Pour 1\u00a0destinataire sur 3\u00a0: ")
    assert [str(who) for who, _why in log.missed(mail)] == ["Léa WABEALO"]


@pytest.mark.django_db
@pytest.mark.parametrize("error", OUTAGES, ids=kind_of)
def test_outage_met_by_one_letter_stays_its_own_and_ends_after_three_days(faulty, mailoutbox, error):
    mail = to_three()
    faulty[MIDDLE] = error
    first = delivery.deliver(mail.pk)
    assert (first.state, first.attempts, served(mailoutbox)) == (MailState.PENDING, 0, sorted([FIRST, LAST]))
    attempts = until_over(mail)
    assert (mail.state, attempts, served(mailoutbox)) == (MailState.FAILED, 3, sorted([FIRST, LAST]))


@pytest.mark.django_db
def test_silence_ends_the_attempt_and_the_pass_and_is_said(faulty, mailoutbox):
    mail = to_three()
    other = queued(mail.template, **mail.params)
    faulty[MIDDLE] = TimeoutError("timed out")
    failures = Failures()
    assert [found.pk for found in delivery.send_due(failures)] == [mail.pk]
    assert served(mailoutbox) == [FIRST]
    assert failures.told == [
        "Le serveur de courriel ne répond pas. 1\u00a0courriel attend le prochain passage"
    ]
    assert (delivery.deliver(other.pk), delivery.is_silent()) == (None, True)
    faulty.clear()
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        assert len(delivery.send_due(Failures())) == 2
    assert served(mailoutbox) == sorted(EVERYONE * 2)


@pytest.mark.django_db
@pytest.mark.parametrize("error", SERVER_ERRORS + OUTAGES + OUR_ERRORS, ids=kind_of)
def test_letter_whose_error_goes_leaves_once(faulty, mailoutbox, error):
    mail = to_three()
    faulty[MIDDLE] = error
    delivery.deliver(mail.pk)
    faulty.clear()
    until_over(mail)
    assert (mail.state, mail.error, served(mailoutbox)) == (MailState.SENT, "", sorted(EVERYONE))


@pytest.mark.django_db
@pytest.mark.parametrize("error", [*OUR_ERRORS, DatabaseError("broken"), TimeoutError()], ids=kind_of)
def test_builder_that_crashes_stops_no_other_mail_and_is_not_tried_for_ever(
    faulty, mailoutbox, monkeypatch, error
):
    def crash(params):
        raise error

    monkeypatch.setitem(BUILDERS, "convention_signee", crash)
    broken, sound = queued("convention_signee", act=1), to_three()
    assert [delivery.deliver(pk).state for pk in delivery.due()] == [
        MailState.PENDING,
        MailState.SENT,
    ]
    assert (until_over(broken), broken.state, broken.error) == (6, MailState.FAILED, delivery.FAULT)
    assert (sound.pk in delivery.due(), served(mailoutbox)) == (False, sorted(EVERYONE))


@pytest.mark.django_db
def test_template_that_breaks_for_one_reader_stops_no_other(faulty, mailoutbox, monkeypatch):
    make = delivery.message

    def message(letter, **values):
        if letter.to == MIDDLE:
            raise TemplateSyntaxError("bad tag")
        return make(letter, **values)

    monkeypatch.setattr(delivery, "message", message)
    mail = to_three()
    assert delivery.deliver(mail.pk).error == delivery.FAULT
    assert (until_over(mail), mail.state, served(mailoutbox)) == (6, MailState.FAILED, sorted([FIRST, LAST]))


@pytest.mark.django_db
def test_two_reasons_are_told_one_by_one(faulty):
    mail = to_three("a@b")
    faulty[LAST] = smtplib.SMTPDataError(554, b"spam")
    until_over(mail)
    assert mail.error == (
        "À reprendre pour 2\u00a0destinataires sur 3\u00a0: la page de ce courriel dit pourquoi, et "
        "que faire pour chacun."
    )
    assert [why for _who, why in log.missed(mail)] == [
        "L’adresse est mal écrite, rien ne peut partir. Corrigez-la sur la fiche de la personne, puis envoyez ce "
        "courriel de nouveau.",
        "Le serveur de courriel n’a pas pris le message (SMTPDataError).",
    ]


@pytest.mark.django_db
def test_address_refused_to_the_end_is_to_be_corrected(faulty):
    mail = queued("convention_a_signer", act=signed_up(emails=(MIDDLE,)).pk)
    faulty[MIDDLE] = smtplib.SMTPRecipientsRefused({MIDDLE: (550, b"no such user")})
    until_over(mail)
    assert mail.error == (
        "Le serveur de courriel a refusé l’adresse à chaque essai. Corrigez-la sur la fiche de la personne, puis "
        "envoyez ce courriel de nouveau."
    )


def to_two_officers():
    """A mail to two members of staff who may choose when to read it."""
    first, second = (f.UserFactory(role="gestionnaire", email=address) for address in (FIRST, MIDDLE))
    act = f.ActFactory(state="valide", convention=f.ConventionFactory(act=None, officer=first))
    act.prepared_by = second
    act.save()
    return queued("acte_valide", act=act.pk), {"premier": first, "second": second}


def choose(user, rhythm):
    delivery.preferences.choose(user, {"acte_valide": rhythm})


@pytest.mark.django_db
def test_who_was_served_then_chose_the_summary_does_not_read_it_twice(faulty, mailoutbox):
    mail, people = to_two_officers()
    faulty[MIDDLE] = ConnectionResetError()
    delivery.deliver(mail.pk)
    choose(people["premier"], MailRhythm.DAILY)
    faulty.clear()
    assert delivery.deliver(mail.pk).state == MailState.SENT
    assert (served(mailoutbox), HeldMail.objects.count()) == (sorted([FIRST, MIDDLE]), 0)


@pytest.mark.django_db
def test_what_was_kept_for_the_summary_does_not_leave_too(faulty, mailoutbox):
    mail, people = to_two_officers()
    choose(people["premier"], MailRhythm.DAILY)
    faulty[MIDDLE] = ConnectionResetError()
    delivery.deliver(mail.pk)
    choose(people["premier"], MailRhythm.NOW)
    faulty.clear()
    assert delivery.deliver(mail.pk).state == MailState.SENT
    assert served(mailoutbox) == [MIDDLE]
    assert list(HeldMail.objects.values_list("user", flat=True)) == [people["premier"].pk]


@pytest.mark.django_db
def test_letter_that_breaks_does_not_take_the_summary_with_it(mailoutbox, monkeypatch, at):
    _mail, people = to_two_officers()
    reader = people["premier"]
    choose(reader, MailRhythm.DAILY)
    choose(people["second"], MailRhythm.NEVER)
    delivery.preferences.choose(reader, {"correction_demandee": MailRhythm.DAILY})
    for template in ("acte_valide", "correction_demandee"):
        row = f.OutgoingMailFactory(template=template, params=_mail.params)
        HeldMail.objects.create(mail=row, user=reader)

    def crash(params):
        raise RuntimeError("boom")

    monkeypatch.setitem(BUILDERS, "correction_demandee", crash)
    with at(2026, 3, 2, 8):
        assert delivery.queue_summaries() == 1
    done = delivery.deliver(OutgoingMail.objects.get(template="resume_quotidien").pk)
    (sent,) = mailoutbox
    assert (done.state, sent.subject) == (
        MailState.SENT,
        "OPT Partenariats\u00a0: 2\u00a0messages aujourd’hui",
    )
    assert sent.body.count("/admin/conventions/convention/") == 1
    assert "Et 1\u00a0autre\u00a0: connectez-vous pour tout voir." in sent.body


@pytest.mark.django_db
def test_mail_that_lost_its_point_after_some_received_it_stays_in_the_log(faulty, mailoutbox):
    mail, _people = to_two_officers()
    faulty[MIDDLE] = ConnectionResetError()
    delivery.deliver(mail.pk)
    OutgoingMail.objects.filter(pk=mail.pk).update(template="convention_a_publier")

    def pointless(params):
        raise delivery.Pointless

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(BUILDERS, "convention_a_publier", pointless)
        done = delivery.deliver(mail.pk)
    assert (done.state, len(done.params[SERVED]), len(mailoutbox)) == (MailState.SENT, 1, 1)


@pytest.mark.django_db
def test_mail_that_lost_its_point_after_a_summary_kept_it_stays(monkeypatch, faulty):
    mail, people = to_two_officers()
    choose(people["premier"], MailRhythm.DAILY)
    faulty[MIDDLE] = ConnectionResetError()
    delivery.deliver(mail.pk)

    def pointless(params):
        raise delivery.Pointless

    monkeypatch.setitem(BUILDERS, "acte_valide", pointless)
    assert delivery.deliver(mail.pk).state == MailState.SET_ASIDE


@pytest.mark.django_db
def test_mail_in_the_hands_of_another_is_left_alone_until_it_is_silent_for_too_long(mailoutbox):
    mail, now = to_three(), timezone.now()
    OutgoingMail.objects.filter(pk=mail.pk).update(leased_until=now + delivery.LEASE)
    assert (delivery.due(at=now), delivery.deliver(mail.pk)) == ([], None)
    with time_machine.travel(now + 2 * delivery.LEASE):
        assert delivery.due() == [mail.pk]
        done = delivery.deliver(mail.pk)
    assert (done.state, done.attempts, len(mailoutbox)) == (MailState.SENT, 2, 3)


@pytest.mark.django_db
def test_letter_that_was_leaving_when_the_process_died_is_not_sent_twice(mailoutbox):
    mail, now = to_three(), timezone.now()
    key = BUILDERS[mail.template](mail.params)[1].key
    params = mail.params | {LEAVING: [key]}
    OutgoingMail.objects.filter(pk=mail.pk).update(params=params, leased_until=now)
    done = delivery.deliver(mail.pk)
    assert (done.state, served(mailoutbox)) == (MailState.FAILED, sorted([FIRST, LAST]))
    assert done.error == (
        "Pour 1\u00a0destinataire sur 3\u00a0: l’envoi a été interrompu\u00a0: ce courriel est peut-être parti. "
        "Demandez à la personne si elle l’a reçu\u202f; sinon, envoyez ce courriel de nouveau."
    )
    again = delivery.send_again(done, by=f.UserFactory(role="gestionnaire"))
    delivery.deliver(again.pk)
    assert served(mailoutbox) == sorted(EVERYONE)


@pytest.mark.django_db
def test_mail_whose_process_always_dies_is_given_up(mailoutbox):
    mail = to_three()
    OutgoingMail.objects.filter(pk=mail.pk).update(attempts=6, leased_until=timezone.now())
    done = delivery.deliver(mail.pk)
    assert (done.state, done.error, mailoutbox) == (MailState.FAILED, delivery.STOPPED, [])


class Watched(BaseEmailBackend):
    """Notes whether a transaction is open while it speaks to the server."""

    inside: ClassVar[list[bool]] = []

    def send_messages(self, messages):
        self.inside.append(connection.in_atomic_block)


@pytest.mark.django_db(transaction=True)
def test_no_letter_leaves_inside_a_transaction(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Watched"
    Watched.inside.clear()
    mail = to_three()
    mail.refresh_from_db()
    assert (mail.state, Watched.inside) == (MailState.SENT, [False] * 3)
