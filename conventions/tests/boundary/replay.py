"""Forms harvested from the pages of each visitor, sent again with values at the edges, and what became of them."""

from __future__ import annotations

import copy
import html
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.test import Client
from django.urls import Resolver404, resolve

from conventions.models import JournalEntry
from conventions.tests.boundary.forms import TYPED, Field, Form, forms_of
from conventions.tests.boundary.values import Sent, edge, plausible
from conventions.tests.harness import written_tables
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES, SIGN_IN
from conventions.tests.matrix.test_matrix import REFUSALS
from conventions.tests.matrix.visits import address

BOUNDARY = "----limite"
MARK = re.compile(r"^Essai \d+ fictif$")
JOURNAL = {"conventions_journalentry", "conventions_journaldetail"}
# A refusal that the journal tells is the one line that anybody may cause.
TRACED = "action_refusee"
# What was typed by somebody whose session had ended waits for him or her to sign in: it is no right.
ASIDE = {"conventions_kepttext"}
OVER = {"portal:sign_out", "admin:logout"}  # leaving is its own form


@dataclass(frozen=True)
class Input:
    """What is sent: by whom, where, which pairs, and in words which of them are at an edge."""

    who: str
    form: Form
    action: str
    pairs: tuple[tuple[str, str | Sent], ...]
    edges: str
    forged: bool = (
        False  # something that nobody types: a hidden control, a line gone, a button that is not there
    )

    def __str__(self) -> str:
        return f"{self.who} : {self.form.method.upper()} {self.action} ({self.edges})"


@dataclass(frozen=True)
class Answer:
    """What came back; `fault` names what broke, `tables` what was written, `lines` the events told in the journal."""

    status: int
    fault: str
    tables: tuple[str, ...]
    text: str = ""
    place: str = ""
    lines: tuple[str, ...] = ()


def name_of(url: str) -> str:
    """The name of an address, empty when there is none."""
    try:
        return resolve(urlsplit(url).path).view_name
    except (Resolver404, ValueError):
        return ""


def frame_of(error: BaseException) -> str:
    """Our own line that broke: « views/public.py:41 » ."""
    own, step = "", error.__traceback__
    while step is not None:
        path = Path(step.tb_frame.f_code.co_filename)
        if path.is_relative_to(settings.BASE_DIR) and ".venv" not in path.parts and "tests" not in path.parts:
            own = f"{path.relative_to(settings.BASE_DIR)}:{step.tb_lineno}"
        step = step.tb_next
    return own


class Hasty(Client):
    """A test client that keeps no context and inspects no page: other tests do, and it is most of what a page takes."""

    def request(self, **values):
        raised: list[BaseException | None] = []

        def heard(**_named) -> None:
            raised.append(sys.exc_info()[1])

        got_request_exception.connect(heard)
        try:
            response = self.handler(self._base_environ(**values))
        finally:
            got_request_exception.disconnect(heard)
        self.cookies.update(response.cookies)
        response.raised = raised[0] if raised else None
        return response


class Visits:
    """Requests of the visitors of one world; each leaves it as it was."""

    def __init__(self, world: worlds.World) -> None:
        self.world, self.clients = world, {}
        for who, client in world.clients.items():
            self.clients[who] = Hasty()
            self.clients[who].cookies = client.cookies

    def send(self, who: str, method: str, url: str, **extra) -> Answer:
        """One request, and the page it leads to; nothing of it is undone here."""
        with written_tables() as tables:
            response = self.clients[who].generic(method.upper(), url, **extra)
            body = b"".join(response.streaming_content) if response.streaming else response.content
        fault = ""
        if response.status_code >= 500:
            raised = response.raised
            fault = f"{raised!r:.200} à {frame_of(raised)}" if raised else f"{response.status_code}"
        kind = response.get("Content-Type", "")
        text = body.decode("utf-8", "replace") if kind.startswith("text/html") else ""
        place, lines = response.get("Location", ""), _newest_lines(tables)
        return Answer(response.status_code, fault, tuple(tables), text, place, lines)

    def alone(self, who: str, method: str, url: str, **extra) -> Answer:
        """The same, undone afterwards."""
        with self.left_as_it_was(who):
            return self.send(who, method, url, **extra)

    def left_as_it_was(self, who: str):
        return _restored(self.clients[who])

    def replay(self, sent: Input) -> tuple[Answer, Answer | None]:
        """The input, then the page that shows what was kept of it (where it leads, or the form again)."""
        with self.left_as_it_was(sent.who):
            answer = self.send(sent.who, *request_of(sent)[:2], **request_of(sent)[2])
            then = None
            if answer.status in (301, 302) and name_of(answer.place):
                then = self.send(sent.who, "get", answer.place)
                if answer.tables and not then.fault:
                    then = self.send(sent.who, "get", sent.form.page)
            return answer, then


def _newest_lines(tables: list[str]) -> tuple[str, ...]:
    """The events that were just written in the journal."""
    newest = JournalEntry.objects.order_by("-pk")[: tables.count("conventions_journalentry")]
    return tuple(newest.values_list("event", flat=True))


class _restored:
    """The database and the cookies of a client come back."""

    def __init__(self, client) -> None:
        self.client, self.undone = client, worlds.undone()

    def __enter__(self) -> None:
        self.cookies = copy.deepcopy(self.client.cookies)
        self.undone.__enter__()

    def __exit__(self, *raised) -> bool | None:
        self.client.cookies = self.cookies
        cache.clear()
        return self.undone.__exit__(*raised)


def request_of(sent: Input) -> tuple[str, str, dict]:
    if sent.form.method == "get":
        words = urlencode(_texts(sent.pairs), errors="surrogatepass")
        return "get", f"{sent.action.split('?')[0]}?{words}", {}
    if sent.form.multipart or any(isinstance(value, Sent) for _name, value in sent.pairs):
        return "post", sent.action, {
            "data": _multipart(sent.pairs), "content_type": f"multipart/form-data; boundary={BOUNDARY}",
        }  # fmt: skip
    return "post", sent.action, {
        "data": urlencode(_texts(sent.pairs), errors="surrogatepass"),
        "content_type": "application/x-www-form-urlencoded",
    }  # fmt: skip


def _texts(pairs) -> list[tuple[str, str]]:
    return [(name, value.name if isinstance(value, Sent) else value) for name, value in pairs]


def _multipart(pairs) -> bytes:
    parts = []
    for name, value in pairs:
        told = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, Sent):
            told += f'; filename="{value.name}"\r\nContent-Type: application/pdf\r\n\r\n'
            parts.append(told.encode("utf-8", "surrogatepass") + value.content + b"\r\n")
        else:
            parts.append(f"{told}\r\n\r\n{value}\r\n".encode("utf-8", "surrogatepass"))
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def harvest(visits: Visits, who: str, more: tuple[str, ...] = ()) -> list[Form]:
    """The different forms of the pages that this visitor reads, at every address of the table and at these."""
    found: dict[tuple, Form] = {}
    addresses = [address(name, visits.world) for name, line in LINES.items() if line.page]
    for url in [*addresses, *more]:
        if name_of(url) in OVER:
            continue
        answer = visits.alone(who, "get", url)
        assert not answer.fault, (url, answer.fault)
        if answer.status != 200:
            continue
        for form in forms_of(answer.text, url):
            form.action = urljoin(url, form.action)
            place = name_of(form.action)
            if place and place not in OVER:
                found.setdefault((place, urlsplit(form.action).path if more else "", form.shape), form)
    return list(found.values())


def filled(form: Form, *, wholly: bool) -> list[tuple[Field, str | Sent]]:
    """What would be sent: as the page gives it, or with something in each control that is empty."""
    kept = []
    for rank, control in enumerate(form.fields):
        if wholly and control.name != "csrfmiddlewaretoken" and control.kind != "hidden":
            words = control.kind in TYPED and not control.numeric and "TOTAL_FORMS" not in control.name
            if words or not control.value:
                kept.append((replace(control, sent=True), plausible(control, rank)))
                continue
        if control.sent and control.kind != "file":
            kept.append((control, control.value))
    return kept


class Inputs:
    """An endless series of inputs, the same for the same seed: each address as often as another."""

    def __init__(self, forms: dict[str, list[Form]], seed: int) -> None:
        self.chance = random.Random(seed)
        self._places = defaultdict(list)
        for who, theirs in forms.items():
            for form in theirs:
                self._places[name_of(form.action)].append((who, form))
                for button in form.buttons:
                    if button[2]:
                        self._places[name_of(urljoin(form.page, button[2]))].append((who, form))
        self._order = sorted(self._places)
        self._visitors = sorted(forms)

    def __iter__(self) -> Iterator[Input]:
        while True:
            for place in self._order:
                who, form = self.chance.choice(self._places[place])
                if self.chance.random() < 0.15:
                    who = self.chance.choice(self._visitors)
                yield self._input(who, form)

    def _input(self, who: str, form: Form) -> Input:
        pairs = filled(form, wholly=self.chance.random() < 0.5)
        sorts = sorted({control.sort for control, _value in pairs if control.name != "csrfmiddlewaretoken"})
        together = 1 if self.chance.random() < 0.75 else self.chance.randint(2, 6)
        at_edge = self.chance.sample(sorts, min(together, len(sorts)))
        told, forged = [], False
        for sort in at_edge:
            places = [rank for rank, (control, _value) in enumerate(pairs) if control.sort == sort]
            rank = self.chance.choice(places)
            control = pairs[rank][0]
            value = edge(control, self.chance)
            pairs[rank] = (control, value)
            told.append(f"{control.name}={_short(value)}")
            forged |= control.kind == "hidden"
        sent = [(control.name, value) for control, value in pairs]
        odd = self.chance.random()
        if sent and odd < 0.03:
            gone = self.chance.randrange(len(sent))
            told.append(f"sans {sent.pop(gone)[0]}")
            forged = True
        elif sent and odd < 0.06:
            sent.append(self.chance.choice(sent))
            told.append(f"{sent[-1][0]} deux fois")
            forged = True
        action = form.action
        if form.buttons:
            name, value, elsewhere = self.chance.choice(form.buttons)
            if self.chance.random() < 0.05:
                value = edge(Field(name, "select"), self.chance)
                told.append(f"{name}={_short(value)}")
                forged = True
            sent.append((name, value))
            action = urljoin(form.page, elsewhere) if elsewhere else action
        return Input(who, form, action, tuple(sent), ", ".join(told) or "tel quel", forged)


def _short(value: str | Sent) -> str:
    text = ascii(value.name if isinstance(value, Sent) else value)
    return text if len(text) < 60 else f"{text[:40]}… ({len(text)})"


def closed_to(who: str, action: str) -> bool:
    """Whether this visitor may write nothing at this address."""
    line = LINES.get(name_of(action))
    if line is None:
        return False
    return line.answers[who] in REFUSALS if line.writers is None else who not in line.writers


def fault_of(sent: Input, answer: Answer, then: Answer | None) -> str:
    """What is wrong with what became of an input; empty when nothing is."""
    for page, where in ((answer, "réponse"), (then, "page suivante")):
        if page and page.fault:
            return f"{where} {page.fault}"
    if sent.form.method == "get":
        return f"GET écrit dans {sorted(set(answer.tables))}" if answer.tables else ""
    if closed_to(sent.who, sent.action):
        traced = JOURNAL if set(answer.lines) == {TRACED} else set()
        kept = sorted(set(answer.tables) - ASIDE - traced)
        return f"écrit sans droit dans {kept}" if kept else ""
    return lost(sent, answer, then)


def lost(sent: Input, answer: Answer, then: Answer | None) -> str:
    """Words that were typed, not kept, and shown nowhere any more."""
    words = [value for _name, value in sent.pairs if isinstance(value, str) and MARK.match(value)]
    if not words or sent.forged or set(answer.tables) - JOURNAL or answer.status in (403, 404, 405):
        return ""
    if answer.status in (301, 302) and (SIGN_IN in answer.place or then is None):
        return ""
    shown = html.unescape((then or answer).text)
    gone = [word for word in words if word not in shown]
    return f"texte perdu ({answer.status}) : {gone[0]}" if gone else ""
