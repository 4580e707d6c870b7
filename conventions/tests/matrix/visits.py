"""Reading every address as one visitor, and undoing it."""

import html
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse

from conventions.tests.harness import PageFault, written_tables
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES, SIGN_IN

# Signed in or not, they have nothing to do with the association of this world.
OUTSIDERS = ("foreign", "former", "roleless", "closed", "anonymous")


@dataclass(frozen=True)
class Answer:
    """The status of a page, read to its end; SIGN_IN for a redirection to where one signs in; else what broke."""

    status: int | str
    kept: str = ""
    words: str = ""
    tables: tuple[str, ...] = ()  # what was written, sessions apart
    private: tuple[str, ...] = ()  # what it shows of what the association and the staff read, and nobody else


def answer(client, method: str, url: str) -> Answer:
    try:
        response = getattr(client, method)(url)
    except PageFault as fault:
        return Answer(str(fault))
    # read to its end, a file is closed
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return Answer(_status(response), response.get("Cache-Control", ""), body.decode("utf-8", "replace"))


def _status(response) -> int | str:
    if response.status_code == 500:
        return f"500 : {response.exc_info[1]!r}"
    if response.status_code == 302 and "next=" in response["Location"]:
        page = response["Location"].split("?")[0]
        if page in (reverse("admin:login"), reverse(settings.LOGIN_URL)):
            return SIGN_IN
    return response.status_code


def address(name: str, world: worlds.World) -> str:
    line = LINES[name]
    return reverse(name, kwargs=line.arguments(world)) + line.query


def private(world: worlds.World) -> set[str]:
    """Words that no outsider may read at any address."""
    files = ("draft", "reprise", "amended", "lasting", "donation", "attachment", "partner_file")
    sent = world.row("proposal_sent").sent_by.email
    return {world.row("message_sent").body, sent, *(world.row(name).title for name in files)}


class Visits:
    def __init__(self, world: worlds.World, read: dict[str, dict[str, Answer]]):
        self.world, self.read = world, read
        self.private = private(world)

    def __call__(self, who: str) -> dict[str, Answer]:
        if who not in self.read:
            self.read[who] = {name: self._visit(who, name) for name in LINES}
        return self.read[who]

    def _visit(self, who: str, name: str) -> Answer:
        url = address(name, self.world)
        with worlds.undone(), written_tables() as tables:
            found = answer(self.world.clients[who], "get", url)
        words = html.unescape(found.words) if who in OUTSIDERS else ""
        told = tuple(each for each in self.private if each in words)
        return replace(found, words="", tables=tuple(sorted(set(tables))), private=told)
