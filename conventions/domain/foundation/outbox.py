"""Mails to send: a row with ids in the caller's transaction; once it commits, the worker is told.

What each letter says is made as it leaves, above all this (`mails`): whoever writes to somebody needs only its name.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from conventions.domain.foundation import work
from conventions.domain.foundation.mail_catalogue import BY_CODE, FIRST
from conventions.models import Convention, OutgoingMail

WORKER = "courriel"


class UnknownTemplate(ValueError):
    """No letter has this name."""


def queue(
    template: str,
    *,
    params: dict[str, int | str],
    convention: Convention | None = None,
    not_before: datetime.datetime | None = None,
) -> OutgoingMail:
    """Insert a mail to send, at once or `not_before`, in the caller's transaction; the worker is told once it commits.

    `params` are ids, read again as the mail leaves. Raises UnknownTemplate for a letter that does not exist.
    """
    _refuse_unknown(template)
    later = not_before if not_before is not None and not_before > timezone.now() else None
    mail = OutgoingMail.objects.create(
        template=template, params=params, convention=convention, not_before=later
    )
    tell_worker(mail)
    return mail


def queue_once(
    template: str, *, key: str, params: dict[str, Any], convention: Convention | None = None
) -> OutgoingMail | None:
    """`queue`, unless a mail of this key was already asked for, then None; whoever else asks at the same time."""
    _refuse_unknown(template)
    try:
        with transaction.atomic():
            mail = OutgoingMail.objects.create(
                template=template, params=params, convention=convention, dedupe_key=key
            )
    except IntegrityError:
        return None
    tell_worker(mail)
    return mail


def tell_worker(mail: OutgoingMail) -> None:
    """Have the worker send this row once the caller's transaction commits."""
    queue, later = work.CODES if mail.template in FIRST else work.MAILS, mail.not_before
    transaction.on_commit(lambda: work.enqueue(WORKER, mail.pk, queue=queue, at=later), robust=True)


def _refuse_unknown(template: str) -> None:
    if template not in BY_CODE:
        raise UnknownTemplate(f"Le modèle de courriel « {template} » n’existe pas.")
