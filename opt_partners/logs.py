"""What logs must not keep: a link of an invitation is a secret, even in the line of a page that failed."""

import logging
import re

SECRET_LINK = re.compile(r"(/signer/(?!acte/)|/admin/invitation/[^/\s]+/)[^/\s\"'?]+")
HIDDEN = r"\1…"


class HideSecretLinks(logging.Filter):
    """Masks the secret part of links in the message, its arguments and what failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        hidden = hide(text)
        if hidden != text:
            record.msg, record.args = hidden, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = hide(logging.Formatter().formatException(record.exc_info))
        return True


def hide(text: str) -> str:
    return SECRET_LINK.sub(HIDDEN, text)
