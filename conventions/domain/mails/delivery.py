"""Mails that wait (`foundation.outbox`) are sent by the worker.

Once the row is committed, the worker calls `deliver`. Text, links and codes are made as the mail leaves
and are not kept. A failure is tried again by the sweep, later and later, for about a day.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
import re
import smtplib
from email.charset import QP, Charset
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.foundation import outbox, work
from conventions.domain.foundation.mail_catalogue import BY_CODE
from conventions.domain.foundation.refusals import Refused
from conventions.domain.mails import preferences
from conventions.domain.mails.builders import BUILDERS
from conventions.domain.mails.letter import Letter, Pointless, Undeliverable
from conventions.enums import MailState
from conventions.formats import typeset
from conventions.models import OutgoingMail

__all__ = [
    "BUILDERS",
    "RETRY_AFTER",
    "Letter",
    "deliver",
    "due",
    "message",
    "queue_summaries",
    "send_again",
]

logger = logging.getLogger(__name__)

# Minutes to wait after each failure; after the last one the mail is given up and shown as failed.
RETRY_AFTER = (1, 5, 15, 60, 240, 960)
SUBJECT_MAX = 140  # signs: what a list of mails may show
_BLANKS = re.compile(r"\n{3,}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")  # a line break would open another header
# Accents in quoted-printable: any server takes it, however old.
SEVEN_BITS = Charset("utf-8")
SEVEN_BITS.body_encoding = QP
SENT_TO = "remis"  # in params: who already has the letter, so that a retry never sends it twice


class NotTaken(Exception):
    """The server took none of the letters; the message, in French, says why."""


def queue_summaries(*, at: datetime.datetime | None = None) -> int:
    """One summary a day for each reader who has letters kept, once its hour has come; how many were asked for."""
    made = 0
    for user_id, day in preferences.summaries_due(at=at).items():
        with transaction.atomic():
            params = {"user": user_id, "jour": day.isoformat()}
            key = f"resume:{user_id}:{day.isoformat()}"
            if outbox.queue_once("resume_quotidien", key=key, params=params):
                made += bool(preferences.take_held(user_id, day))
    return made


def send_again(mail: OutgoingMail, *, by) -> OutgoingMail:
    """A new mail of the same letter, with new links and codes; the first one stays as it is.

    Raises Refused when the letter may not be repeated or still waits.
    """
    kind = BY_CODE.get(mail.template)
    if kind is None or not kind.may_repeat:
        raise Refused("Ce courriel ne s’envoie pas de nouveau : la personne concernée en demande un autre.")
    with transaction.atomic():
        locked = OutgoingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
        if locked.state == MailState.PENDING or locked.sent_again.to_send().exists():
            raise Refused("Ce courriel attend déjà d’être envoyé.")
        params = {name: value for name, value in locked.params.items() if name != SENT_TO}
        row = OutgoingMail.objects.create(
            template=locked.template, params=params, convention=locked.convention, again_of=locked
        )
        details = {"courriel": row.pk, "modele": kind.title, "apres": locked.pk}
        journal.record("courriel_envoye_de_nouveau", by=by, convention=row.convention, details=details)
        outbox.tell_worker(row)
    return row


def due(*, at: datetime.datetime | None = None) -> list[int]:
    """Ids of the mails whose next attempt is due, oldest first."""
    now = at or timezone.now()
    rows = OutgoingMail.objects.to_send().order_by("pk").values_list("pk", "created_at", "attempts")
    return [pk for pk, created_at, attempts in rows if created_at + _patience(attempts) <= now]


def _patience(attempts: int) -> datetime.timedelta:
    return datetime.timedelta(minutes=sum(RETRY_AFTER[:attempts]))


@work.worker(outbox.WORKER)
def deliver(mail_id: int) -> OutgoingMail | None:
    """Send a mail that waits; None if it has left, is being sent elsewhere or no longer has a point.

    Never raises: a fault of ours is logged and counted as a failed attempt, so that the sweep goes on.
    """
    try:
        return _deliver(mail_id)
    except Exception:
        logger.exception("Courriel %s arrêté par une erreur", mail_id)
        return _count_fault(mail_id)


def _deliver(mail_id: int) -> OutgoingMail | None:
    """The row stays locked while its letters leave, so that two workers never send the same one."""
    with transaction.atomic():
        mail = (
            OutgoingMail.objects.select_for_update(
                skip_locked=connection.features.has_select_for_update_skip_locked
            )
            .filter(pk=mail_id, state=MailState.PENDING)
            .first()
        )
        if mail is None:
            return None
        try:
            return _serve(mail)
        except Pointless:
            mail.delete()
            return None
        except Undeliverable as reason:
            return _give_up(mail, str(reason))
        except NotTaken as fault:
            return _missed(mail, str(fault))


def _serve(mail: OutgoingMail) -> OutgoingMail:
    """Make the letters and send them. When none leaves, the links and codes minted for them go: the former ones stay.

    Raises Pointless, Undeliverable, NotTaken.
    """
    with transaction.atomic():
        letters = BUILDERS[mail.template](mail.params)
        leaving, held = preferences.sort(mail, letters)
        preferences.hold(mail, held)
        if not leaving:
            return _set_aside(mail)
        failures = [failure for letter in leaving if (failure := _send(mail, letter))]
        if len(failures) == len(letters):
            raise NotTaken(failures[0])
        return _missed(mail, failures[0]) if failures else _sent(mail)


def _set_aside(mail: OutgoingMail) -> OutgoingMail:
    """Every reader wants it in a summary, or not at all."""
    mail.state, mail.error = MailState.SET_ASIDE, ""
    mail.save()
    return mail


def _count_fault(mail_id: int) -> OutgoingMail | None:
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().to_send().filter(pk=mail_id).first()
        return _missed(mail, "Une erreur imprévue a empêché l’envoi.") if mail else None


def _missed(mail: OutgoingMail, reason: str) -> OutgoingMail:
    """One attempt less; the mail is given up after the last."""
    mail.attempts += 1
    if mail.attempts > len(RETRY_AFTER):
        return _give_up(mail, reason)
    mail.error = reason[:255]
    mail.save()
    return mail


def _sent(mail: OutgoingMail) -> OutgoingMail:
    mail.attempts += 1
    mail.state, mail.sent_at, mail.error = MailState.SENT, timezone.now(), ""
    mail.save()
    return mail


def _send(mail: OutgoingMail, letter: Letter) -> str:
    """Send one letter unless it has left before; what went wrong, in French, or an empty string."""
    served = mail.params.get(SENT_TO, [])
    if letter.key in served:
        return ""
    try:
        reference = f"{mail.pk}:{letter.key}"
        message(letter, reference=reference, choose_url=preferences.page_of(letter, mail.template)).send()
    except (smtplib.SMTPException, OSError) as error:
        # Its own words may quote the letter: only its kind is kept.
        logger.warning("Courriel %s (%s) non envoyé : %s", mail.pk, mail.template, type(error).__name__)
        return f"Le serveur de courriel n’a pas pris le message ({type(error).__name__})."
    mail.params = mail.params | {SENT_TO: [*served, letter.key]}
    return ""


def _give_up(mail: OutgoingMail, reason: str) -> OutgoingMail:
    mail.state, mail.error = MailState.FAILED, reason[:255]
    mail.save()
    return mail


def _shortened(subject: str) -> str:
    """At most SUBJECT_MAX signs, cut between two words: the whole title is in the letter."""
    if len(subject) <= SUBJECT_MAX:
        return subject
    return subject[:SUBJECT_MAX].rpartition(" ")[0].rstrip(" ,:;\u00a0") + "…"


def message(letter: Letter, *, reference: str, choose_url: str = "") -> EmailMultiAlternatives:
    """The mail of a letter, plain and HTML. The same reference gives the same Message-ID, whatever the retries.

    `choose_url`: where its reader chooses which letters to receive; opening it changes nothing.
    """
    subject = _shortened(typeset(_CONTROLS.sub(" ", letter.subject)))
    context: dict[str, Any] = {
        **letter.context,
        "subject": subject,
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "choose_url": choose_url,
    }
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    digest = hashlib.sha256(f"{reference}:{settings.SITE_URL}".encode()).hexdigest()[:24]
    text = _BLANKS.sub("\n\n", render_to_string(f"{letter.template}.txt", context)).strip() + "\n"
    mail = EmailMultiAlternatives(
        subject=subject,
        body=typeset(text),
        to=[letter.to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={
            "Message-ID": f"<{digest}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **({"List-Unsubscribe": f"<{choose_url}>"} if choose_url else {}),
        },
    )
    mail.encoding = SEVEN_BITS
    mail.attach_alternative(typeset(render_to_string(f"{letter.template}.html", context)), "text/html")
    return mail
