"""Mails: a row with ids in the caller's transaction, then sent by the worker.

`queue` writes the row; once committed, the worker calls `deliver`. Text, links and codes are made as the mail leaves
and are not kept. A failure is tried again by the sweep, later and later, for about a day.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction

from conventions.domain import journal
from conventions.domain.failures import Failures
from conventions.domain.notifications import preferences
from conventions.domain.notifications.builders import BUILDERS
from conventions.domain.notifications.catalogue import BY_CODE
from conventions.domain.notifications.delivery import RETRY_AFTER, deliver, due
from conventions.domain.notifications.letter import BEFORE, PROGRESS, SERVED, Letter
from conventions.domain.notifications.mime import message
from conventions.enums import MailState
from conventions.models import Convention, OutgoingMail

__all__ = [
    "BUILDERS",
    "RETRY_AFTER",
    "Letter",
    "UnknownTemplate",
    "deliver",
    "due",
    "message",
    "queue",
    "queue_once",
    "queue_summaries",
    "send_again",
]


class UnknownTemplate(ValueError):
    """No letter has this name."""


def queue(
    template: str, *, params: dict[str, int | str], convention: Convention | None = None
) -> OutgoingMail:
    """Insert a mail to send, in the caller's transaction; the worker is told once it commits.

    `params` are ids, read again as the mail leaves. Raises UnknownTemplate for a letter that does not exist.
    """
    if template not in BUILDERS:
        raise UnknownTemplate(f"Le modèle de courriel « {template} » n’existe pas.")
    mail = OutgoingMail.objects.create(template=template, params=params, convention=convention)
    transaction.on_commit(lambda: _enqueue(mail.pk), robust=True)
    return mail


def queue_once(
    template: str, *, key: str, params: dict[str, Any], convention: Convention | None = None
) -> OutgoingMail | None:
    """`queue`, unless a mail of this key was already asked for, then None; whoever else asks at the same time."""
    try:
        with transaction.atomic():
            mail = OutgoingMail.objects.create(
                template=template, params=params, convention=convention, dedupe_key=key
            )
    except IntegrityError:
        return None
    transaction.on_commit(lambda: _enqueue(mail.pk), robust=True)
    return mail


def queue_summaries(failures: Failures | None = None, *, at: datetime.datetime | None = None) -> int:
    """One summary a day for each reader who has letters kept, once its hour has come; how many were asked for."""
    failures, made = failures or Failures(), 0
    for user_id, day in preferences.summaries_due(at=at).items():
        with failures.of(f"Résumé du compte {user_id}"), transaction.atomic():
            params = {"user": user_id, "jour": day.isoformat()}
            key = f"resume:{user_id}:{day.isoformat()}"
            if queue_once("resume_quotidien", key=key, params=params):
                made += bool(preferences.take_held(user_id, day))
    return made


def send_again(mail: OutgoingMail, *, by) -> OutgoingMail:
    """A new mail of the same letter, with new links and codes; the first one stays as it is.

    After a failure, it leaves only for those who received nothing.
    Raises ValueError, in French, when the letter may not be repeated or still waits.
    """
    kind = BY_CODE.get(mail.template)
    if kind is None or not kind.may_repeat:
        raise ValueError(
            "Ce courriel ne s’envoie pas de nouveau : la personne concernée en demande un autre."
        )
    with transaction.atomic():
        locked = OutgoingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
        if locked.state == MailState.PENDING or locked.sent_again.to_send().exists():
            raise ValueError("Ce courriel attend déjà d’être envoyé.")
        row = OutgoingMail.objects.create(
            template=locked.template,
            params=_params_again(locked),
            convention=locked.convention,
            again_of=locked,
        )
        details = {"courriel": row.pk, "modele": kind.title, "apres": locked.pk}
        journal.record("courriel_envoye_de_nouveau", by=by, convention=row.convention, details=details)
        transaction.on_commit(lambda: _enqueue(row.pk), robust=True)
    return row


def _params_again(mail: OutgoingMail) -> dict[str, Any]:
    """The ids; and who has had the letter, when the mail failed for others only."""
    ids = {name: value for name, value in mail.params.items() if name not in PROGRESS}
    served = [*mail.params.get(BEFORE, []), *mail.params.get(SERVED, [])]
    return ids | {BEFORE: served} if served and mail.state == MailState.FAILED else ids


def _enqueue(mail_id: int) -> None:
    from conventions import tasks

    tasks.send_mail.enqueue(mail_id)
