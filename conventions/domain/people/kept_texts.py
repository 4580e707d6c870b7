"""What someone types and has not saved yet: kept on the server for that person alone, and offered in the same form.

It is no edit: no row of a file changes, nobody becomes its author, no journal, no preview. A form that keeps carries a
seal (`Desk.token`): whose it is, which form, which page of the browser. Only a page made for that person has one, so
that a form whose session ended still brings its text to its own author, who signs in to read it. Account numbers,
passwords, codes and files are never kept. What is kept goes when it is saved, when its author closes it, or after
thirty days (`purge`).
"""

import datetime
import json
import logging
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from conventions.domain.foundation import encryption
from conventions.formats import without_accounts
from conventions.models import KeptText, User

logger = logging.getLogger(__name__)

FOR = datetime.timedelta(days=30)
SEALED_FOR = datetime.timedelta(days=7)  # a page left open longer than that signs in first
MOST_CHARACTERS = 500_000  # of one form: a convention of 120 devices and 60 articles has 200 000
MOST_ROWS = 40  # of one person
SALT = "texte gardé"
NO_ACCOUNT = "[numéro de compte : à redonner]"

# What a page says: its seal, and the gestures. Names of buttons are not kept: they begin with « _ », but for BUTTONS.
PAGE, KEEP, RESUME, DROP = "_onglet", "_garder", "_reprendre", "_oublier"
SHOW = "texte"  # « ?texte=12 »: shows a kept text, to be copied
OF_A_FORM = ("acte", "article")  # what an address says after « ? » that makes another form of it
BUTTONS = ("clore", "accepter", "refuser", "preuve_envoyer", "news")
SECRETS = ("csrfmiddlewaretoken", "iban", "preuve")  # the last: what proves who one is, a password or a code
OF_UNSEALED = ("code", "number")  # a code to sign in, a RIB; in a sealed form, the name of an article
_CHOICE = re.compile(r"[a-z0-9_]{0,4}|[a-z_]+")  # what a list, a box or the number of a row posts

Typed = list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Desk:
    """One form open in one page of one person's browser; `page` is where it is shown, `source` what it took up."""

    user_id: int
    form: str
    tab: str
    page: str
    source: tuple[int, float] | None = None

    @property
    def token(self) -> str:
        """The seal that the form carries."""
        return signing.dumps(
            [self.user_id, self.form, self.tab, self.page, self.source], salt=SALT, compress=True
        )

    def of(self, source: KeptText) -> "Desk":
        """The same, of which the text comes from a row kept before."""
        return replace(self, source=(source.pk, source.kept_at.timestamp()))


def open_desk(user: User, *, form: str, page: str) -> Desk:
    """A form that is shown now; `form` and `page` are addresses."""
    return Desk(user.pk, form_of(form), secrets.token_hex(8), page)


def desk_of(token: str, *, address: str, owner: int | None = None) -> Desk | None:
    """The desk of a seal that came back at this address; None for a seal of another form, or none of ours.

    `owner` is the key of who is signed in: his or her own seals open at any age.
    """
    try:
        user_id, form, tab, page, source = signing.loads(token, salt=SALT)
        if user_id != owner:
            signing.loads(token, salt=SALT, max_age=SEALED_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Desk(user_id, form, tab, page, tuple(source) if source else None)
    return found if form == form_of(address) else None


def form_of(address: str) -> str:
    """The name of the form that an address receives: its path, and the act or the article it is about."""
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name in OF_A_FORM]
    return (parts.path + (f"?{urlencode(sorted(query))}" if query else ""))[:300]


def typed(data: QueryDict, *, sealed: bool = True) -> Typed:
    """What may be kept of a form that was posted; of one that is not sealed, what may be shown again."""
    left = {*SECRETS, *BUTTONS, *(() if sealed else OF_UNSEALED)}
    return [
        (name, [without_accounts(value, NO_ACCOUNT) for value in values])
        for name, values in data.lists()
        if not name.startswith("_") and name not in left and "password" not in name
    ]


def keep(desk: Desk, found: Typed) -> bool:
    """Keep it, in place of what this page had kept before. False: too long, or the disk or the key is missing."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    if len(text) > MOST_CHARACTERS:
        return False
    try:
        _write(desk, text)
    except (DatabaseError, ImproperlyConfigured) as error:
        logger.error("Un texte n’a pas été gardé : %r", error)
        return False
    return True


def _write(desk: Desk, text: str) -> None:
    values = {"typed_encrypted": encryption.encrypt(text), "kept_at": timezone.now()}
    place = {"user_id": desk.user_id, "form": desk.form, "tab": desk.tab}
    if not KeptText.objects.filter(**place).update(**values):
        KeptText.objects.bulk_create(
            [KeptText(**place, **values)],
            update_conflicts=True,
            unique_fields=["user", "form", "tab"],
            update_fields=list(values),
        )
        _make_room(desk.user_id)


def keep_for_later(desk: Desk, found: Typed) -> User | None:
    """Keep what a form brought once its session had ended; its author, None for a closed account or too long a text."""
    author = User.objects.filter(pk=desk.user_id, is_active=True).first()
    return author if author is not None and keep(desk, found) else None


def _make_room(user_id: int) -> None:
    """The oldest go, beyond what one person may keep."""
    rows = KeptText.objects.filter(user=user_id).order_by("-kept_at", "-pk")
    beyond = list(rows.values_list("pk", flat=True)[MOST_ROWS : 2 * MOST_ROWS])
    if beyond:
        KeptText.objects.filter(pk__in=beyond).delete()


def forget(desk: Desk) -> None:
    """The form is saved: what its page kept goes, with the text that it took up, unless that was written in since."""
    mine = Q(tab=desk.tab)
    if desk.source:
        moment = datetime.datetime.fromtimestamp(desk.source[1], tz=datetime.UTC)
        mine |= Q(pk=desk.source[0], kept_at__lte=moment)
    KeptText.objects.filter(mine, user=desk.user_id, form=desk.form).delete()


def waiting(user: User) -> list[KeptText]:
    """All that this person has typed somewhere and not saved, newest first; not the texts themselves."""
    rows = KeptText.objects.filter(user=user, kept_at__gt=timezone.now() - FOR)
    return list(rows.defer("typed_encrypted"))


def waits(user: User, *, form: str) -> bool:
    """Whether this person typed something in this form that is not saved."""
    rows = KeptText.objects.filter(user=user, form=form_of(form), kept_at__gt=timezone.now() - FOR)
    return rows.exists()


def find(user: User, *, form: str, key: str) -> KeptText | None:
    """One of them, of this form. None for anybody else's, another form's, and for what is over."""
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    rows = KeptText.objects.filter(user=user, form=form_of(form), kept_at__gt=timezone.now() - FOR)
    return rows.filter(pk=key).first()


def drop(user: User, *, form: str, key: str) -> bool:
    """Its author wants it no more. Whether there was such a text."""
    row = find(user, form=form, key=key)
    if row is not None:
        row.delete()
    return row is not None


def content(row: KeptText) -> Typed:
    """What was typed; nothing when no key of the site opens it any more."""
    try:
        found: list[Any] = json.loads(encryption.decrypt(row.typed_encrypted))
    except encryption.UnreadableSecret:
        return []
    return [(name, values) for name, values in found]


def as_posted(found: Typed) -> QueryDict:
    """As the form would post it."""
    data = QueryDict(mutable=True)
    for name, values in found:
        data.setlist(name, values)
    return data


def words(found: Iterable[tuple[str, list[str]]]) -> list[str]:
    """The texts of a form, for whoever wants to copy them: neither numbers of rows nor choices of a list."""
    texts = [value.replace("\r\n", "\n").strip() for _name, values in found for value in values]
    return list(dict.fromkeys(text for text in texts if text and not _CHOICE.fullmatch(text)))


def purge(*, at: datetime.datetime | None = None) -> int:
    """Erase what was kept thirty days ago or more. Returns how many texts."""
    return KeptText.objects.filter(kept_at__lte=(at or timezone.now()) - FOR).delete()[0]
