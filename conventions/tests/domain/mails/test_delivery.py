"""Mails: a row with ids, sent once, tried again, in words a person can read."""

import asyncio
import datetime
import logging
import smtplib
from email import message_from_bytes, policy

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core import mail as django_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from conventions.domain.foundation import outbox
from conventions.domain.mails import delivery
from conventions.domain.people import login_codes
from conventions.enums import MailState
from conventions.models import OutgoingMail, User
from conventions.tests import factories as f


class Down(BaseEmailBackend):
    """A server that is down."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("secret-in-error")


class Spurning(BaseEmailBackend):
    """A server that wants none of the message."""

    def send_messages(self, messages):
        raise smtplib.SMTPDataError(554, b"spam")


class Picky(BaseEmailBackend):
    """A server that refuses one address, and keeps the rest."""

    def send_messages(self, messages):
        for message in messages:
            if message.to == ["refusee@niaouli.invalid"]:
                raise smtplib.SMTPRecipientsRefused({"refusee@niaouli.invalid": (550, b"non")})
            django_mail.outbox.append(message)


def signed_up(
    state="a_signer", *, emails=("presidence@niaouli.invalid",), signed_on=None, accounts=True, **values
):
    """An act whose partner's signatories read mail at these addresses, and enter the space when `accounts`."""
    convention = f.ConventionFactory(title="Atelier du lagon (fictif)", act=None, **values)
    act = f.ActFactory(convention=convention, signatories=None)
    party = convention.parties.last()
    f.SignatoryFactory(act=act, party=convention.parties.first(), email="direction@opt.invalid")
    for order, address in enumerate(emails, start=2):
        president = f.PresidentFactory(partner=party.partner, email=address) if accounts else None
        f.SignatoryFactory(
            act=act,
            party=party,
            order=order,
            representative=president.mandates.get() if president else None,
            email="" if president else address,
            first_name="Léa",
            last_name="WABEALO",
        )
    return f.settle(act, state, number="2026-014", signed_on=signed_on)


def queued(template, **params):
    return outbox.queue(template, params=params)


def test_queue_leaves_with_its_transaction(db, django_capture_on_commit_callbacks, mailoutbox):
    act = signed_up()
    with django_capture_on_commit_callbacks() as callbacks:
        row = queued("convention_a_signer", act=act.pk)
        assert mailoutbox == []
    assert (row.state, row.attempts, row.params) == (MailState.PENDING, 0, {"act": act.pk})
    callbacks[0]()
    row.refresh_from_db()
    assert (row.state, row.attempts, [mail.to for mail in mailoutbox]) == (
        MailState.SENT,
        1,
        [["presidence@niaouli.invalid"]],
    )


def test_queue_rolled_back_leaves_nothing(db):
    act = signed_up()
    with transaction.atomic():
        queued("convention_a_signer", act=act.pk)
        transaction.set_rollback(True)
    assert OutgoingMail.objects.count() == 0


def test_queue_unknown_template_is_refused(db):
    with pytest.raises(outbox.UnknownTemplate, match="« inconnu »"):
        queued("inconnu", act=1)


def test_deliver_twice_sends_once(db, mailoutbox):
    row = queued("convention_a_signer", act=signed_up().pk)
    assert delivery.deliver(row.pk).state == MailState.SENT
    assert delivery.deliver(row.pk) is None
    assert len(mailoutbox) == 1


def tried(minutes):
    """(the mail, the minutes among these at which the sweep would try it), each failed attempt made in its time."""
    start, found = timezone.now().replace(microsecond=0), []
    with time_machine.travel(start, tick=False) as clock:
        row = queued("convention_a_signer", act=signed_up().pk)
        for minute in minutes:
            clock.move_to(start + datetime.timedelta(minutes=minute))
            if row.pk in delivery.due():
                found.append(minute)
                delivery.deliver(row.pk)
    row.refresh_from_db()
    return row, found


def test_failed_delivery_is_tried_again_later_and_later_then_given_up(db, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Spurning"
    row, minutes = tried([0, 1, 2, 5, 6, 20, 21, 80, 81, 320, 321, 1280, 1281, 9999])
    assert minutes == [0, 1, 6, 21, 81, 321, 1281]
    assert (row.state, row.attempts) == (MailState.FAILED, 7)
    assert row.error == "Le serveur de courriel n’a pas pris le message (SMTPDataError)."


def test_server_that_is_away_is_asked_every_five_minutes_for_three_days(db, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    day = 24 * 60
    row, minutes = tried([*range(21), day, day + 4, day + 5, 3 * day - 1, 3 * day + 5, 9 * day])
    assert minutes == [0, 1, 2, 3, 4, 5, 10, 15, 20, day, day + 5, 3 * day - 1, 3 * day + 5]
    assert (row.state, row.attempts) == (MailState.FAILED, 1)
    assert row.error == "Le serveur de courriel n’a pas pris le message (ConnectionRefusedError)."


def test_failed_delivery_then_sweep_sends(db, settings, mailoutbox):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    row = queued("convention_a_signer", act=signed_up().pk)
    delivery.deliver(row.pk)
    settings.EMAIL_BACKEND = backend
    call_command("balayer")
    assert mailoutbox == []  # not yet: one minute must pass
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2)):
        call_command("balayer")
    row.refresh_from_db()
    assert (row.state, row.error, row.attempts, len(mailoutbox)) == (MailState.SENT, "", 1, 1)


def test_retry_serves_only_who_has_not_been(db, settings, mailoutbox):
    settings.EMAIL_BACKEND = f"{__name__}.Picky"
    act = signed_up(emails=("une@niaouli.invalid", "refusee@niaouli.invalid"))
    row = queued("convention_a_signer", act=act.pk)
    delivery.deliver(row.pk)
    User.objects.filter(email="refusee@niaouli.invalid").update(email="bonne@niaouli.invalid")
    delivery.deliver(row.pk)
    row.refresh_from_db()
    assert row.state == MailState.SENT
    assert [mail.to for mail in mailoutbox] == [["une@niaouli.invalid"], ["bonne@niaouli.invalid"]]


def test_fault_of_ours_is_counted_and_does_not_stop_the_sweep(db, mailoutbox, caplog):
    broken = OutgoingMail.objects.create(template="disparu")
    row = queued("convention_a_signer", act=signed_up().pk)
    with caplog.at_level(logging.CRITICAL):
        call_command("balayer")
    broken.refresh_from_db()
    row.refresh_from_db()
    assert (broken.state, broken.attempts, row.state) == (MailState.PENDING, 1, MailState.SENT)


def test_nobody_to_write_to_is_said_at_once(db):
    row = queued("convention_a_signer", act=signed_up(emails=("",)).pk)
    delivery.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == (
        MailState.FAILED,
        "Aucun signataire du partenaire n’a d’adresse de courriel. Ajoutez-la à sa fiche.",
    )


@pytest.mark.parametrize("template", ["acte_a_relire", "correction_demandee", "acte_valide"])
def test_staff_mail_without_reader_is_said(db, template):
    act = f.ActFactory(state="a_signer")
    f.UserFactory._meta.model.objects.update(email="", is_active=True)
    row = queued(template, act=act.pk)
    delivery.deliver(row.pk)
    row.refresh_from_db()
    assert row.error == "Personne à l’OPT-NC ne peut recevoir ce message. Vérifiez les rôles et adresses."


def test_act_that_no_longer_exists_fails_the_mail(db):
    row = queued("convention_signee", act=0)
    delivery.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == (MailState.FAILED, "Cet acte n’existe plus.")


def test_failure_keeps_neither_code_nor_words_of_the_server(db, settings, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    f.PresidentFactory(email="presidence@niaouli.invalid")
    login_codes.request_code("presidence@niaouli.invalid", browser="b", network="n")
    row = OutgoingMail.objects.get()
    delivery.deliver(row.pk)
    row.refresh_from_db()
    assert "secret-in-error" not in row.error + caplog.text


def test_to_sign_says_how_and_links_to_the_space(db, mailoutbox, settings):
    officer = f.UserFactory(role="gestionnaire", email="dossier@opt.invalid", phone="268217")
    act = signed_up(officer=officer)
    delivery.deliver(queued("convention_a_signer", act=act.pk).pk)
    (mail,) = mailoutbox
    html = mail.alternatives[0][0]
    link = f"{settings.SITE_URL}/espace/conventions/{act.convention.slug}/"
    assert mail.subject == "À signer\u00a0: convention n°\u00a02026-014, Atelier du lagon (fictif)"
    assert mail.reply_to == ["dossier@opt.invalid"]
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    for text in (mail.body, html):
        assert text.count(link) == 1
        assert "Sur papier, à l’encre." in text
        assert "Léa WABEALO" in text
        assert "26.82.17" in text


@pytest.mark.parametrize("template", ["convention_a_signer", "convention_signee", "signature_suspendue"])
def test_who_has_no_account_is_not_sent_to_the_space(db, mailoutbox, template):
    act = signed_up("a_corriger" if template == "signature_suspendue" else "signe", accounts=False)
    delivery.deliver(queued(template, act=act.pk).pk)
    (mail,) = mailoutbox
    for text in (mail.body, mail.alternatives[0][0]):
        assert "/espace/" not in text
        assert "mon espace" not in text
        assert "votre espace" not in text
        assert "Lire le texte" not in text


def test_who_has_a_closed_account_is_not_sent_to_the_space(db, mailoutbox):
    act = signed_up("signe")
    User.objects.filter(email="presidence@niaouli.invalid").update(is_active=False)
    delivery.deliver(queued("convention_signee", act=act.pk).pk)
    (mail,) = mailoutbox
    assert all("/espace/" not in text for text in (mail.body, mail.alternatives[0][0]))


@pytest.mark.parametrize(
    ("template", "subject"),
    [
        ("correction_demandee", "À corriger"),
        ("acte_a_relire", "À relire"),
        ("acte_valide", "Validée"),
    ],
)
def test_staff_mails_link_to_the_file(db, mailoutbox, settings, template, subject):
    f.UserFactory(role="juriste", email="droit@opt.invalid")
    officer = f.UserFactory(role="gestionnaire", email="dossier@opt.invalid")
    act = signed_up("a_corriger", officer=officer)
    delivery.deliver(queued(template, act=act.pk).pk)
    link = f"{settings.SITE_URL}/admin/conventions/convention/{act.convention_id}/change/"
    assert {mail.subject for mail in mailoutbox} == {
        f"{subject}\u00a0: convention, Atelier du lagon (fictif)"
    }
    assert all(link in mail.body and link in mail.alternatives[0][0] for mail in mailoutbox)
    addresses = {address for mail in mailoutbox for address in mail.to}
    assert addresses == (
        {"droit@opt.invalid"}
        if template == "acte_a_relire"
        else {"dossier@opt.invalid", act.prepared_by.email}
    )


def test_correction_note_is_in_the_mail(db, mailoutbox):
    act = signed_up("a_corriger")
    delivery.deliver(queued("correction_demandee", act=act.pk).pk)
    assert "Corriger la date de fin." in mailoutbox[0].body
    assert "Corriger la date de fin." in mailoutbox[0].alternatives[0][0]


def test_signed_mail_gives_the_date(db, mailoutbox):
    act = signed_up("signe", signed_on=datetime.date(2026, 4, 1))
    delivery.deliver(queued("convention_signee", act=act.pk).pk)
    assert "toutes les parties ont signé, le 1er avril 2026." in mailoutbox[0].body


def test_names_are_escaped_in_html_and_plain_in_text(db, mailoutbox):
    act = signed_up(emails=())
    party = act.convention.parties.last()
    party.partner.name = "L’Anse & <b>Co</b> (fictif)"
    party.partner.save()
    draft = f.ActFactory(convention=f.ConventionFactory(act=None, partner=party.partner), signatories=None)
    f.SignatoryFactory(act=draft, email="x@niaouli.invalid", first_name="<script>Léa</script>")
    act = f.settle(draft, "a_signer")
    delivery.deliver(queued("convention_a_signer", act=act.pk).pk)
    html = mailoutbox[0].alternatives[0][0]
    assert "<script" not in html
    assert "&lt;script&gt;Léa" in html
    assert "L’Anse &amp; &lt;b&gt;Co" in html
    assert "<script>Léa</script>" in mailoutbox[0].body
    assert "L’Anse & <b>Co</b>" in mailoutbox[0].body


def test_line_break_in_a_title_makes_no_header(db, mailoutbox):
    act = signed_up()
    type(act.convention).objects.update(title="Atelier\r\nBcc: voleur@ailleurs.invalid")
    assert delivery.deliver(queued("convention_a_signer", act=act.pk).pk).state == MailState.SENT
    parsed = message_from_bytes(mailoutbox[0].message().as_bytes(), policy=policy.default)
    assert parsed["Bcc"] is None
    assert mailoutbox[0].recipients() == ["presidence@niaouli.invalid"]


def test_retries_keep_the_message_id(db):
    letter = delivery.Letter(
        key="a",
        to="a@b.invalid",
        subject="Essai",
        template="emails/code_connexion",
        context={"code": "000 000", "minutes": 10},
    )
    ids = [delivery.message(letter, reference=reference).extra_headers["Message-ID"] for reference in "112"]
    assert ids[0] == ids[1] != ids[2]


class Keeper:
    """Keeps what a real SMTP server is given."""

    def __init__(self):
        self.received = []

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(0)
        self.received.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")
def test_mail_passes_through_a_real_server(db, settings, unused_tcp_port):
    keeper = Keeper()
    controller = Controller(keeper, hostname="127.0.0.1", port=unused_tcp_port)
    controller.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_tcp_port
        row = queued("convention_a_signer", act=signed_up().pk)
        assert delivery.deliver(row.pk).state == MailState.SENT
    finally:
        controller.stop()
    ((recipients, content),) = keeper.received
    parsed = message_from_bytes(content, policy=policy.default)
    assert recipients == ["presidence@niaouli.invalid"]
    assert (
        parsed["Subject"].strip() == "À signer\u00a0: convention n°\u00a02026-014, Atelier du lagon (fictif)"
    )
    said = parsed.get_body(("plain",)).get_content().split("\r\n\r\n")
    assert said[:3] == ["OPT-NC Partenariats", "La convention est prête à signer", "Bonjour Léa WABEALO,"]
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]


@pytest.fixture
def unused_tcp_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
