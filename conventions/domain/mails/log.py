"""Who received what, for the log: names and roles, read from the keys that a mail keeps; never an address."""

from collections.abc import Iterable

from conventions.domain.foundation.mail_catalogue import BY_CODE
from conventions.domain.mails.letter import MISSED, SERVED
from conventions.models import OutgoingMail, Representative, Signatory, User

_MODELS = {"utilisateur": User, "compte": User, "signataire": Signatory, "representant": Representative}


def recipients(mails: Iterable[OutgoingMail]) -> dict[int, list[str]]:
    """{mail: who received it}; at most four queries. Nobody yet: who it is for, in words."""
    rows = list(mails)
    names = _all_names({key for mail in rows for key in mail.params.get(SERVED, [])})
    return {
        mail.pk: [names.get(key, audience(mail)) for key in mail.params.get(SERVED, [])] or [audience(mail)]
        for mail in rows
    }


def missed(mail: OutgoingMail) -> list[tuple[str, str]]:
    """(who, why) for each person whom a mail that failed did not reach; at most four queries."""
    told = mail.params.get(MISSED, {})
    names = _all_names(set(told))
    return [(names.get(key, audience(mail)), why) for key, why in told.items()]


def _all_names(keys: set[str]) -> dict[str, str]:
    return {key: name for kind in _MODELS for key, name in _names(kind, keys).items()}


def _names(kind: str, keys: set[str]) -> dict[str, str]:
    ids = [key.partition(":")[2] for key in keys if key.startswith(f"{kind}:")]
    if not ids:
        return {}
    return {f"{kind}:{row.pk}": str(row) for row in _MODELS[kind]._default_manager.filter(pk__in=ids)}


def audience(mail: OutgoingMail) -> str:
    """Who a letter is for, in words."""
    return BY_CODE[mail.template].audience if mail.template in BY_CODE else ""
