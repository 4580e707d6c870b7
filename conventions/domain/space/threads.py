"""Messages between an association and the office: a question on a convention or one of its articles, then answers.

Texts stand in their own table, never in the journal nor in a mail; erased, the row stays and tells when.
"""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation import outbox
from conventions.domain.foundation.refusals import Refused
from conventions.domain.space.mandates import require
from conventions.domain.space.text import WHOLE
from conventions.models import Convention, Message, Partner, Thread, User

MAX_LENGTH = 2000  # characters of a message
MAX_A_DAY = 30  # messages of one person
EMPTY = "Écrivez votre message."
TOO_MANY = "Vous avez écrit beaucoup de messages aujourd’hui. Reprenez demain, ou téléphonez."
MEANWHILE = "L’association a écrit entre-temps. Relisez l’échange, puis recommencez."


def ask(convention: Convention, *, partner: Partner, subject: str, body: str, by: User) -> Thread:
    """Open a thread; on an article, the lawyers are told too. Raises PermissionDenied, Refused on « body »."""
    require(by, partner)
    if not convention.parties.filter(partner=partner).exists():
        raise PermissionDenied("Cette convention n’est pas celle de votre association.")
    text = _checked(body, by=by)
    with transaction.atomic():
        thread = Thread.objects.create(
            convention=convention,
            partner=partner,
            subject=subject.strip()[:200],
            on_clause=subject != WHOLE,
            updated_at=timezone.now(),
        )
        _write(thread, text, from_partner=True, by=by)
    return thread


def reply(thread: Thread, *, body: str, by: User) -> Message:
    """Write again in one's thread. Raises PermissionDenied, Refused on « body »."""
    require(by, thread.partner)
    text = _checked(body, by=by)
    with transaction.atomic():
        return _write(thread, text, from_partner=True, by=by)


def answer(thread: Thread, *, body: str, by: User, seen: int | None = None) -> Message:
    """The office answers; `seen` is the last message it had read.

    Raises PermissionDenied, Refused on « body »: the partner wrote meanwhile, or the text will not do.
    """
    _require_office(by)
    text = _checked(body)
    with transaction.atomic():
        return _write(_read_to_its_end(thread, seen), text, from_partner=False, by=by)


def close(thread: Thread, *, by: User, seen: int | None = None) -> None:
    """Nothing more to answer; a new message opens it again. Raises PermissionDenied, Refused on « body »."""
    _require_office(by)
    with transaction.atomic():
        row = _read_to_its_end(thread, seen)
        if row.closed_at is not None:
            return
        row.closed_at, row.waits_for_staff = timezone.now(), False
        row.save(update_fields=["closed_at", "waits_for_staff"])
        journal.record("message_classe", by=by, convention=row.convention, details={"echange": row.pk})


def _require_office(by: User) -> None:
    permissions.require(permissions.can_answer_messages, by)


def _read_to_its_end(thread: Thread, seen: int | None) -> Thread:
    """The thread, locked. Raises Refused when the partner wrote after what was read."""
    row = Thread.objects.select_for_update(of=("self",)).select_related("convention").get(pk=thread.pk)
    if seen is not None and row.messages.filter(from_partner=True, pk__gt=seen).exists():
        raise Refused({"body": MEANWHILE})
    return row


def erase(message: Message, *, by: User) -> None:
    """Erase the text of a message, at the request of the person concerned. Raises PermissionDenied."""
    permissions.require(permissions.can_erase_personal_details, by)
    with transaction.atomic():
        row = Message.objects.select_for_update().get(pk=message.pk)
        if row.erased_at is not None:
            return
        row.body, row.erased_at = "", timezone.now()
        row.save(update_fields=["body", "erased_at"])
        details = {"echange": row.thread_id, "message": row.pk}
        journal.record("message_efface", by=by, convention=message.thread.convention, details=details)


def _checked(body: str, *, by: User | None = None) -> str:
    """The text to keep: lines ended as stored, no control character. `by`: whose day is counted."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(one for one in text if one.isprintable() or one in "\n\t").strip()
    if not text:
        raise Refused({"body": EMPTY})
    if len(text) > MAX_LENGTH:
        raise Refused({"body": f"Ce message est trop long : {MAX_LENGTH} caractères au plus."})
    since = timezone.now() - datetime.timedelta(days=1)
    if by is not None and Message.objects.filter(author=by, sent_at__gt=since).count() >= MAX_A_DAY:
        raise Refused({"body": TOO_MANY})
    return text


def _write(thread: Thread, body: str, *, from_partner: bool, by: User) -> Message:
    """Row, thread, journal line without the text, mail to the other side."""
    now = timezone.now()
    row = Message.objects.create(thread=thread, author=by, from_partner=from_partner, body=body, sent_at=now)
    thread.waits_for_staff, thread.updated_at, thread.closed_at = from_partner, now, None
    thread.save(update_fields=["waits_for_staff", "updated_at", "closed_at"])
    details = {"echange": thread.pk, "message": row.pk}
    event = "message_envoye" if from_partner else "message_repondu"
    journal.record(event, by=by, convention=thread.convention, details=details)
    letter = "message_recu" if from_partner else "message_reponse"
    outbox.queue(letter, params={"message": row.pk}, convention=thread.convention)
    return row
