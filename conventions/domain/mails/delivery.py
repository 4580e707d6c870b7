"""Delivery: a mail is claimed, its letters are made, each is sent and recorded apart, then the outcome is written.

Each of these is a short transaction of its own, and no socket is open inside one. A letter's key is written down before
it leaves, and joins those served once the server has taken it: a process that dies loses one answer at most, and that
letter is not sent a second time; the log says that it may have left. A letter with a link or a code leaves again with
another one, which replaces the first.
"""

from __future__ import annotations

import datetime
import logging
import smtplib
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation import outbox, work
from conventions.domain.foundation.failures import Failures
from conventions.domain.foundation.mail_catalogue import BY_CODE, FIRST
from conventions.domain.foundation.refusals import Refused
from conventions.domain.mails import preferences, smtp
from conventions.domain.mails.builders import BUILDERS
from conventions.domain.mails.letter import (
    BEFORE,
    LEAVING,
    MISSED,
    PROGRESS,
    SERVED,
    Letter,
    Pointless,
    Undeliverable,
)
from conventions.domain.mails.mime import UnreadableAddress, message
from conventions.enums import MailState
from conventions.formats import counted, typeset
from conventions.models import OutgoingMail, User

logger = logging.getLogger(__name__)

# Minutes to wait after each failure; after the last one the mail is given up and shown as failed.
RETRY_AFTER = (1, 5, 15, 60, 240, 960)
# Renewed before each letter, and longer than the slowest server takes. Without a sign of life, its holder is dead.
LEASE = datetime.timedelta(minutes=6)
# A server that is away is asked again this often, and for this long.
OUTAGE_PAUSE, OUTAGE = datetime.timedelta(minutes=5), datetime.timedelta(days=3)
STOPPING = (KeyboardInterrupt, SystemExit)
FAULT = "Une erreur imprévue a empêché l’envoi. Si elle dure, prévenez l’informatique."
SILENT = "Le serveur de courriel ne répond pas."
STOPPED = "L’envoi s’est interrompu à chaque essai. Prévenez l’informatique."
ALL_HAVE_IT = "Chaque destinataire l’avait déjà reçu."


class _Lost(Exception):
    """Another process holds the mail: ours was silent for too long."""


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why one person has not received a letter, in French. `final`: trying again would change nothing.

    `at_last`: what is said instead once every attempt has failed. `outage`: the server is away, and nothing is said of
    this letter. `silent`: it does not even answer.
    """

    told: str
    final: bool = False
    at_last: str = ""
    outage: bool = False
    silent: bool = False


def queue_summaries(failures: Failures | None = None, *, at: datetime.datetime | None = None) -> int:
    """One summary a day for each reader who has letters kept, once its hour has come; how many were asked for."""
    failures, made = failures or Failures(), 0
    for user_id, day in preferences.summaries_due(at=at).items():
        with failures.of(f"Résumé du compte {user_id}"), transaction.atomic():
            params = {"user": user_id, "jour": day.isoformat()}
            key = f"resume:{user_id}:{day.isoformat()}"
            if outbox.queue_once("resume_quotidien", key=key, params=params):
                made += bool(preferences.take_held(user_id, day))
    return made


def send_again(mail: OutgoingMail, *, by: User) -> OutgoingMail:
    """A new mail of the same letter, with new links and codes; the first one stays as it is.

    After a failure, it leaves only for those who received nothing.
    Raises Refused when the letter may not be repeated or still waits.
    """
    permissions.require(permissions.can_send_mails_again, by)
    kind = BY_CODE.get(mail.template)
    if kind is None or not kind.may_repeat:
        raise Refused("Ce courriel ne s’envoie pas de nouveau : la personne concernée en demande un autre.")
    with transaction.atomic():
        locked = OutgoingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
        if locked.state == MailState.PENDING or locked.sent_again.to_send().exists():
            raise Refused("Ce courriel attend déjà d’être envoyé.")
        row = OutgoingMail.objects.create(
            template=locked.template,
            params=_params_again(locked),
            convention=locked.convention,
            again_of=locked,
        )
        details = {"courriel": row.pk, "modele": kind.title, "apres": locked.pk}
        journal.record("courriel_envoye_de_nouveau", by=by, convention=row.convention, details=details)
        outbox.tell_worker(row)
    return row


def _params_again(mail: OutgoingMail) -> dict[str, Any]:
    """The ids; and who has had the letter, when the mail failed for others only."""
    ids = {name: value for name, value in mail.params.items() if name not in PROGRESS}
    served = [*mail.params.get(BEFORE, []), *mail.params.get(SERVED, [])]
    return ids | {BEFORE: served} if served and mail.state == MailState.FAILED else ids


def due(*, at: datetime.datetime | None = None) -> list[int]:
    """Ids of the mails whose next attempt is due and that nobody is sending: codes first, then the oldest."""
    rank = Case(When(template__in=FIRST, then=Value(0)), default=Value(1))
    rows = OutgoingMail.objects.due(at or timezone.now()).order_by(rank, "pk")
    return list(rows.values_list("pk", flat=True))


def is_silent() -> bool:
    """Whether the server let a letter wait for nothing, a few minutes ago: nobody waits for it again meanwhile."""
    waiting = OutgoingMail.objects.to_send().filter(error=typeset(SILENT))
    return waiting.filter(not_before__gt=timezone.now()).exists()


def send_due(failures: Failures) -> list[OutgoingMail]:
    """The pass of the sweep: the mails whose turn had come, those that left and those that did not.

    It stops once the server is silent, and says so: each letter would wait for as long.
    """
    mails: list[OutgoingMail] = []
    turn = due()
    for done, pk in enumerate(turn):
        if is_silent():
            left = counted(len(turn) - done, "courriel attend", "courriels attendent")
            failures.told.append(typeset(f"{SILENT} {left} le prochain passage"))
            break
        with failures.of(f"Courriel {pk}"):
            mail = deliver(pk)
            mails += [mail] if mail else []
    return mails


@work.worker(outbox.WORKER)
def deliver(mail_id: int) -> OutgoingMail | None:
    """Send a mail that waits; None if it has left, is being sent elsewhere or no longer has a point.

    None too while the server is silent: the sweep sends it. A fault of ours is logged and counted as a failed attempt.
    """
    mail = None if is_silent() else _claim(mail_id)
    if mail is None:
        return None
    try:
        return _attempt(mail)
    except _Lost:
        return None
    except STOPPING:
        _wrote(mail, leased_until=None)  # asked to stop: whoever comes next need not wait
        raise


def _claim(mail_id: int) -> OutgoingMail | None:
    """Hold a mail for a while, unless somebody else does. A holder who died counts as a failed attempt."""
    now = timezone.now()
    mail = OutgoingMail.objects.free(now).filter(pk=mail_id).first()
    if mail is None:
        return None
    died = mail.leased_until is not None
    taken = _wrote(mail, leased_until=now + LEASE, attempts=mail.attempts + died)
    return mail if taken else None


def _wrote(mail: OutgoingMail, **columns: Any) -> bool:
    """Write on a mail that still waits and that we hold; False when we no longer do."""
    held = OutgoingMail.objects.to_send().filter(pk=mail.pk, leased_until=mail.leased_until)
    if not held.update(**columns):
        return False
    for name, value in columns.items():
        setattr(mail, name, value)
    return True


def _write(mail: OutgoingMail, **columns: Any) -> None:
    """The same. Raises _Lost."""
    if not _wrote(mail, **columns):
        raise _Lost


def _attempt(mail: OutgoingMail) -> OutgoingMail | None:
    if mail.attempts > len(RETRY_AFTER):
        return _end(mail, MailState.FAILED, STOPPED)
    try:
        return _serve(mail)
    except Pointless:
        return _drop(mail)
    except Undeliverable as reason:
        return _end(mail, MailState.FAILED, str(reason))
    except _Lost:
        raise
    except Exception:
        logger.exception("Courriel %s arrêté par une erreur", mail.pk)
        return _conclude(mail, {"": _Failure(FAULT)}, total=1)


def _serve(mail: OutgoingMail) -> OutgoingMail:
    """Make the letters and send each. Raises Pointless, Undeliverable, _Lost."""
    with transaction.atomic():
        letters = BUILDERS[mail.template](mail.params)
        done = {*mail.params.get(SERVED, []), *mail.params.get(BEFORE, [])}
        waiting = [letter for letter in letters if letter.key not in done]
        leaving, held = preferences.sort(mail, waiting)
        preferences.hold(mail, held)
    if letters and not waiting and not mail.params.get(SERVED):
        return _end(mail, MailState.SET_ASIDE, ALL_HAVE_IT)
    failures = {}
    try:
        for rank, letter in enumerate(leaving):
            failure = _send(mail, letter)
            if failure is not None:
                failures[letter.key] = failure
            if failure is not None and failure.silent:
                others = [other.key for other in leaving[rank + 1 :] if other.key not in failures]
                failures |= dict.fromkeys(others, _Failure(SILENT, outage=True, silent=True))
                break
    finally:
        _recall(mail, leaving)
    return _conclude(mail, failures, total=len(letters))


def _recall(mail: OutgoingMail, letters: list[Letter]) -> None:
    """Who has not received the new link keeps the former one; a letter that may have left keeps its own."""
    left = {*mail.params.get(SERVED, []), *mail.params.get(LEAVING, [])}
    for letter in letters:
        if letter.recall is not None and letter.key not in left:
            letter.recall()


def _send(mail: OutgoingMail, letter: Letter) -> _Failure | None:
    """Send one letter, unless it has left or may have; what went wrong. Whatever it raises stays its own."""
    if letter.key in mail.params.get(SERVED, []):
        return None
    if letter.key in mail.params.get(LEAVING, []) and not letter.renews:
        return _Failure(_unsure(mail), final=True)
    reference = f"{mail.pk}:{letter.key}"
    try:
        made = message(letter, reference=reference, choose_url=preferences.page_of(letter, mail.template))
    except UnreadableAddress:
        return _Failure(
            _to_correct(mail, letter, "L’adresse est mal écrite, rien ne peut partir"), final=True
        )
    except Exception:
        logger.exception("Courriel %s (%s) impossible à composer", mail.pk, mail.template)
        return _Failure(FAULT)
    return _hand_over(mail, letter, made)


def _hand_over(mail: OutgoingMail, letter: Letter, made: EmailMultiAlternatives) -> _Failure | None:
    """Give the server one letter, between two writes: it is leaving, it has left."""
    others = [key for key in mail.params.get(LEAVING, []) if key != letter.key]
    params = {name: value for name, value in mail.params.items() if name != LEAVING}
    rest = params | ({LEAVING: others} if others else {})
    _write(mail, params=params | {LEAVING: [*others, letter.key]}, leased_until=timezone.now() + LEASE)
    try:
        made.send()
    except STOPPING:
        _wrote(mail, params=rest)
        raise
    except smtp.PerhapsTaken:
        return _Failure(SILENT, outage=True, silent=True)  # its key stays among those that may have left
    except (smtplib.SMTPException, OSError) as error:
        _write(mail, params=rest)
        return _refusal(error, mail, letter)
    except Exception:
        logger.exception("Courriel %s (%s) arrêté par une erreur", mail.pk, mail.template)
        _write(mail, params=rest)
        return _Failure(FAULT)
    _write(mail, params=rest | {SERVED: [*mail.params.get(SERVED, []), letter.key]})
    return None


def _refusal(error: Exception, mail: OutgoingMail, letter: Letter) -> _Failure:
    """What the server answered, in French. Its own words may quote the letter or its address: only its kind is kept."""
    kind = type(error).__name__
    logger.warning("Courriel %s (%s) non envoyé : %s", mail.pk, mail.template, kind)
    if smtp.is_silence(error):
        return _Failure(SILENT, outage=True, silent=True)
    told = f"Le serveur de courriel n’a pas pris le message ({kind})."
    if smtp.is_outage(error):
        return _Failure(told, outage=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        refused = "Le serveur de courriel a refusé l’adresse à chaque essai"
        return _Failure(told, at_last=_to_correct(mail, letter, refused))
    return _Failure(told)


def _to_correct(mail: OutgoingMail, letter: Letter, what: str) -> str:
    """What is wrong with an address, and what to do."""
    where = " sur la fiche de la personne" if ":" in letter.key else ""
    return f"{what}. Corrigez-la{where}, puis {_again(mail)}."


def _unsure(mail: OutgoingMail) -> str:
    return (
        "L’envoi a été interrompu : ce courriel est peut-être parti. Demandez à la personne si elle l’a reçu ; "
        f"sinon, {_again(mail)}."
    )


def _again(mail: OutgoingMail) -> str:
    kind = BY_CODE.get(mail.template)
    return "envoyez ce courriel de nouveau" if kind and kind.may_repeat else "demandez un autre envoi"


def _conclude(mail: OutgoingMail, failures: dict[str, _Failure], *, total: int) -> OutgoingMail:
    """Write how the attempt ended: to try again, given up for some, sent, or in nobody's way.

    An outage of the server counts for no attempt: it is tried again every few minutes, for some days.
    """
    retried = [failure for failure in failures.values() if not failure.final]
    own = [failure for failure in retried if not failure.outage]
    away = len(own) < len(retried) and mail.created_at > timezone.now() - OUTAGE
    tried = bool(failures or mail.params.get(SERVED)) and (bool(own) or not away)
    attempts = mail.attempts + tried
    if away or (own and attempts <= len(RETRY_AFTER)):
        return _wait(mail, retried, away=away, attempts=attempts)
    if failures:
        why = {key: failure.at_last or failure.told for key, failure in failures.items()}
        missed = {key: typeset(text) for key, text in why.items() if key}
        params = mail.params | ({MISSED: missed} if missed else {})
        return _end(
            mail, MailState.FAILED, _summary(list(why.values()), total), attempts=attempts, params=params
        )
    if mail.params.get(SERVED):
        return _end(mail, MailState.SENT, attempts=attempts)
    return _end(mail, MailState.SET_ASIDE)


def _wait(mail: OutgoingMail, failures: list[_Failure], *, away: bool, attempts: int) -> OutgoingMail:
    """Until the next attempt; what is said first is that the server is silent, when it is."""
    said = sorted(failures, key=lambda failure: (not failure.silent, not failure.outage))[0]
    young = timezone.now() - mail.created_at < OUTAGE_PAUSE and not said.silent
    usual = datetime.timedelta(minutes=RETRY_AFTER[0 if away else attempts - 1])
    pause = OUTAGE_PAUSE if away and not young else usual
    return _end(mail, MailState.PENDING, said.told, attempts=attempts, not_before=timezone.now() + pause)


def _summary(reasons: list[str], total: int) -> str:
    """Why a mail is given up, and for how many of those it was written to; several reasons are told apart."""
    first = reasons[0]
    if total == 1:
        return first
    if len(set(reasons)) > 1:
        whom = f"{counted(len(reasons), 'destinataire')} sur {total}"
        return f"À reprendre pour {whom} : la page de ce courriel dit pourquoi, et que faire pour chacun."
    return f"Pour {counted(len(reasons), 'destinataire')} sur {total} : {first[:1].lower()}{first[1:]}"


def _drop(mail: OutgoingMail) -> OutgoingMail | None:
    """Nothing more has a reason to leave. What has left, or is kept for a summary, stays in the log."""
    if mail.params.get(LEAVING):
        return _end(mail, MailState.FAILED, _unsure(mail))
    if mail.params.get(SERVED):
        return _end(mail, MailState.SENT)
    if mail.held.exists():
        return _end(mail, MailState.SET_ASIDE)
    mail.delete()
    return None


def _end(mail: OutgoingMail, state: MailState, error: str = "", **columns: Any) -> OutgoingMail:
    """Let go of the mail, in this state."""
    sent_at = timezone.now() if state == MailState.SENT else None
    _write(mail, state=state, error=typeset(error)[:255], sent_at=sent_at, leased_until=None, **columns)
    return mail
