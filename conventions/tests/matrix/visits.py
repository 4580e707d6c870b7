"""Reading every address as one visitor, and undoing it."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from conventions.tests.harness import PageFault
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES, SIGN_IN


@dataclass(frozen=True)
class Answer:
    """The status of a page, read to its end; SIGN_IN for a redirection to where one signs in; else what broke."""

    status: int | str
    kept: str = ""


def answer(client, method: str, url: str) -> Answer:
    try:
        response = getattr(client, method)(url)
    except PageFault as fault:
        return Answer(str(fault))
    if response.streaming:
        for _ in response.streaming_content:
            pass  # read to its end, a file is closed
    return Answer(_status(response), response.get("Cache-Control", ""))


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


class Visits:
    def __init__(self, world: worlds.World, read: dict[str, dict[str, Answer]]):
        self.world, self.read = world, read

    def __call__(self, who: str) -> dict[str, Answer]:
        if who not in self.read:
            self.read[who] = {name: self._visit(who, name) for name in LINES}
        return self.read[who]

    def _visit(self, who: str, name: str) -> Answer:
        url = address(name, self.world)
        with worlds.undone():
            return answer(self.world.clients[who], "get", url)
