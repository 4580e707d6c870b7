"""The mails that the demonstration writes to a folder instead of sending them."""

from __future__ import annotations

import datetime
import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from conventions.formats import search_key

# What Django's file-based backend writes after each message.
_END = re.compile(rb"^-{79}\r?\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail as text: nothing of it is ever shown as HTML."""

    to: str
    subject: str
    sent_at: datetime.datetime | None
    text: str


def files(folder: Path) -> list[Path]:
    """Files of the folder, newest first; empty when there is none yet."""
    return sorted(folder.glob("*.log"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def newest(folder: Path, *, limit: int, about: str = "") -> list[StoredMail]:
    """Mails of the last `limit` files, newest first; with `about`, those whose address or subject has it."""
    mails = [mail for path in files(folder)[:limit] for mail in read(path)]
    key = search_key(about)
    return [mail for mail in mails if key in search_key(f"{mail.to} {mail.subject}")]


def read(path: Path) -> list[StoredMail]:
    """The mails of one file, last first."""
    chunks = [chunk for chunk in _END.split(path.read_bytes()) if chunk.strip()]
    return [_parsed(chunk) for chunk in reversed(chunks)]


def _parsed(content: bytes) -> StoredMail:
    message = email.message_from_bytes(content, _class=EmailMessage, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    return StoredMail(
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=_moment(str(message["Date"] or "")),
        text=str(body.get_content()) if body is not None else "",
    )


def _moment(date: str) -> datetime.datetime | None:
    """« -0000 » in a mail says UTC without a place: Python then gives no zone."""
    if not date:
        return None
    moment = parsedate_to_datetime(date)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
