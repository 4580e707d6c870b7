"""The letters somebody waits for before a page: first of all, alive when they leave, without a trace for strangers."""

import datetime
import re

import pytest
import time_machine
from django.utils import timezone

from conventions.domain.foundation.one_time_codes import CodeOver
from conventions.domain.mails import delivery
from conventions.domain.people import login_codes
from conventions.enums import MailState
from conventions.models import OutgoingMail
from conventions.tests import factories as f
from conventions.tests.domain.mails.test_delivery import Down, queued, signed_up


def test_code_mail_of_an_unknown_address_goes_without_a_trace(db, mailoutbox):
    login_codes.request_code("personne@ailleurs.invalid", browser="b", network="n")
    row = OutgoingMail.objects.get()
    assert delivery.deliver(row.pk) is None
    assert (OutgoingMail.objects.count(), mailoutbox) == (0, [])


def code_in(mail) -> str:
    (digits,) = re.findall(r"^(\d{3} \d{3})$", mail.body, re.MULTILINE)
    return digits


def test_code_that_lapsed_while_the_server_was_away_leaves_with_a_new_life(db, mailoutbox):
    f.PresidentFactory(email="presidence@niaouli.invalid")
    code = login_codes.request_code("presidence@niaouli.invalid", browser="b", network="n")
    later = timezone.now() + datetime.timedelta(hours=3)
    with time_machine.travel(later):
        assert delivery.deliver(OutgoingMail.objects.get().pk).state == MailState.SENT
        login_codes.check_code(code.pk, browser="b", typed=code_in(mailoutbox[0]), network="n")
        with pytest.raises(CodeOver):
            login_codes.check_code(code.pk, browser="b", typed=code_in(mailoutbox[0]), network="n")


def test_code_that_another_replaced_does_not_leave(db, mailoutbox):
    f.PresidentFactory(email="presidence@niaouli.invalid")
    for _ in range(2):
        login_codes.request_code("presidence@niaouli.invalid", browser="b", network="n")
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=3)):
        first, second = (delivery.deliver(pk) for pk in delivery.due())
    assert (first, second.state, len(mailoutbox)) == (None, MailState.SENT, 1)


def test_codes_leave_first(db):
    act = signed_up()
    others = [queued("convention_a_signer", act=act.pk) for _ in range(2)]
    f.PresidentFactory(email="presidence@ailleurs.invalid")
    login_codes.request_code("presidence@ailleurs.invalid", browser="b", network="n")
    code = OutgoingMail.objects.get(template="code_connexion")
    assert delivery.due() == [code.pk, *(mail.pk for mail in others)]


def test_code_sent_again_after_a_failure_is_another_code(db, settings, mailoutbox):
    f.PresidentFactory(email="presidence@niaouli.invalid")
    code = login_codes.request_code("presidence@niaouli.invalid", browser="b", network="n")
    row = OutgoingMail.objects.get()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{Down.__module__}.Down"
    delivery.deliver(row.pk)
    code.refresh_from_db()
    first = code.code_hash
    settings.EMAIL_BACKEND = backend
    delivery.deliver(row.pk)
    code.refresh_from_db()
    assert first != code.code_hash != ""
    assert len(mailoutbox) == 1
