"""The daily seal of the journal, to the address that keeps it apart from the database."""

from typing import Any

from django.conf import settings

from conventions.domain.mails.letter import Letter, Pointless
from conventions.formats import long_date
from conventions.models import JournalDigest


def empreinte_du_journal(params: dict[str, Any]) -> list[Letter]:
    digest = JournalDigest.objects.filter(pk=params["digest"]).first()
    if digest is None or not settings.JOURNAL_DIGEST_EMAIL:
        raise Pointless
    return [
        Letter(
            key="adresse",
            to=settings.JOURNAL_DIGEST_EMAIL,
            subject=f"Empreinte du journal du {long_date(digest.day)}",
            template="emails/empreinte_du_journal",
            context={"digest": digest},
        )
    ]
