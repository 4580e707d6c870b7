"""From a letter to the mail that travels: subject, plain and HTML parts, headers, addresses that a server can read."""

from __future__ import annotations

import hashlib
import re
from email.charset import QP, Charset
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from conventions.domain.documents import storage
from conventions.domain.mails.letter import Letter
from conventions.domain.mails.plain import plain
from conventions.formats import typeset
from conventions.validators import ascii_address

SUBJECT_MAX = 140  # signs: what a list of mails may show
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")  # a line break would open another header
# Accents in quoted-printable: any server takes it, however old.
SEVEN_BITS = Charset("utf-8")
SEVEN_BITS.body_encoding = QP


class UnreadableAddress(ValueError):
    """No server can read this address: trying again would change nothing."""


def readable_address(address: str) -> str:
    """The address as it travels, in ASCII (`validators.ascii_address`). Raises UnreadableAddress."""
    try:
        return ascii_address(address.strip())
    except ValidationError as error:
        raise UnreadableAddress from error


def message(letter: Letter, *, reference: str, choose_url: str = "") -> EmailMultiAlternatives:
    """The mail of a letter, plain and HTML. The same reference gives the same Message-ID, whatever the retries.

    `choose_url`: where its reader chooses which letters to receive; opening it changes nothing.
    Raises UnreadableAddress for its reader's address, DamagedDocument for what it encloses; an unreadable address to
    answer to is left out.
    """
    address = readable_address(letter.to)
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
    html = typeset(render_to_string(f"{letter.template}.html", context))
    mail = EmailMultiAlternatives(
        subject=subject,
        body=plain(html),
        to=[address],
        reply_to=_answer_to(letter.reply_to),
        headers={
            "Message-ID": f"<{digest}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **({"List-Unsubscribe": f"<{choose_url}>"} if choose_url else {}),
        },
    )
    mail.encoding = SEVEN_BITS
    mail.attach_alternative(html, "text/html")
    if letter.enclosed is not None:
        name, content = storage.file_name(letter.enclosed), storage.read_bytes(letter.enclosed)
        mail.attach(name, content, "application/pdf")
    return mail


def _answer_to(address: str) -> list[str]:
    try:
        return [readable_address(address)] if address else []
    except UnreadableAddress:
        return []


def _shortened(subject: str) -> str:
    """At most SUBJECT_MAX signs, cut between two words: the whole title is in the letter."""
    if len(subject) <= SUBJECT_MAX:
        return subject
    return subject[:SUBJECT_MAX].rpartition(" ")[0].rstrip(" ,:;\u00a0") + "…"
