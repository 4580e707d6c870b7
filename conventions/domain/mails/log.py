"""Who received what, for the log: names and roles, read from the keys that a mail keeps; never an address."""

from collections.abc import Iterable

from conventions.domain.foundation.mail_catalogue import BY_CODE
from conventions.models import OutgoingMail, Representative, Signatory, User

SERVED = "remis"
_MODELS = {"utilisateur": User, "signataire": Signatory, "representant": Representative}


def recipients(mails: Iterable[OutgoingMail]) -> dict[int, list[str]]:
    """{mail: who received it}; at most three queries. Nobody yet: who it is for, in words."""
    rows = list(mails)
    keys = {key for mail in rows for key in mail.params.get(SERVED, [])}
    names = {key: name for kind in _MODELS for key, name in _names(kind, keys).items()}
    return {
        mail.pk: [names.get(key, audience(mail)) for key in mail.params.get(SERVED, [])] or [audience(mail)]
        for mail in rows
    }


def _names(kind: str, keys: set[str]) -> dict[str, str]:
    ids = [key.partition(":")[2] for key in keys if key.startswith(f"{kind}:")]
    if not ids:
        return {}
    return {f"{kind}:{row.pk}": str(row) for row in _MODELS[kind]._default_manager.filter(pk__in=ids)}


def audience(mail: OutgoingMail) -> str:
    """Who a letter is for, in words."""
    return BY_CODE[mail.template].audience if mail.template in BY_CODE else ""
