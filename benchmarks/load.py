"""Fifty requests a second for a minute, as visitors, associations and staff send them, to a real site.

Requests leave at their times whatever the site does (an open loop): how long one took counts from when it was due, so
the queue of a slow site is in the figures. `python -m benchmarks.load [seconds] [requests a second]`.
"""

import http.client
import os
import queue
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from benchmarks._ground import ROOT, client_of, machine, set_up, staff_member
from benchmarks.web_memory import free_port, wait_for

if TYPE_CHECKING:
    from conventions.models import User

SECONDS, RATE = 60, 50
SENDERS = 48
SEED = 14
GOAL = 500  # milliseconds, for 99 requests of 100
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True)
class Request:
    path: str
    cookie: str = ""
    body: str = ""


# When each request leaves; None tells a sender to stop.
Due = queue.SimpleQueue[tuple[float, Request] | None]


@dataclass
class Figures:
    """Milliseconds of each answer, from when it was due; statuses; what failed."""

    times: list[float] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    errors: Counter = field(default_factory=Counter)


def cookie_of(user: "User") -> str:
    return "; ".join(f"{key}={morsel.value}" for key, morsel in client_of(user).cookies.items())


def public_pages() -> list[Request]:
    from django.urls import reverse

    from conventions.models import Document, PublicSheet

    names = ("home", "convention_list", "partner_list", "figures", "press_list", "legal", "verify")
    sheets = list(PublicSheet.objects.published().order_by("pk").values_list("slug", flat=True)[:20])
    codes = list(Document.objects.exclude(code="").order_by("pk").values_list("code", flat=True)[:20])
    return [Request(reverse(f"public:{name}")) for name in names] + [
        *(Request(reverse("public:convention_detail", args=[slug])) for slug in sheets),
        *(Request(reverse("public:convention_pdf", args=[slug])) for slug in sheets[:5]),
        *(Request(reverse("public:verify_code", args=[code])) for code in codes),
    ]


def staff_pages() -> list[Request]:
    from django.urls import reverse

    from conventions.enums import ActOrigin, ActState, Role
    from conventions.models import Convention

    officer, director = (cookie_of(staff_member(role)) for role in (Role.OFFICER, Role.DIRECTOR))
    keys = list(Convention.objects.order_by("-pk").values_list("pk", flat=True)[:20])
    signed = Convention.objects.filter(acts__state=ActState.SIGNED, acts__rank=0, acts__origin=ActOrigin.NEW)
    prefix = "admin:conventions_convention_"
    return [
        *(Request(reverse("admin:index"), cookie) for cookie in (officer, director)),
        *(Request(reverse(f"{prefix}changelist") + query, officer) for query in ("", "?q=foot", "?p=2")),
        *(Request(reverse(f"{prefix}change", args=[key]), officer) for key in keys[:6]),
        *(Request(reverse(f"{prefix}follow", args=[key]), officer) for key in keys[6:12]),
        *(Request(reverse(f"{prefix}text", args=[row.pk]), director) for row in signed.order_by("-pk")[:8]),
    ]


def presidents() -> list[tuple["User", str]]:
    """Accounts of associations that have a convention to read."""
    from conventions.models import Convention, User

    found = []
    for user in User.objects.filter(is_active=True, is_staff=False, mandates__isnull=False).distinct():
        slug = Convention.objects.for_user(user).order_by("pk").values_list("slug", flat=True).first()
        if slug:
            found.append((user, slug))
    return found[:8]


def space_pages() -> list[Request]:
    from django.urls import reverse

    pages = []
    for user, slug in presidents():
        cookie = cookie_of(user)
        pages += [
            Request(reverse("portal:home"), cookie),
            Request(reverse("portal:convention", args=[slug]), cookie),
            Request(reverse("portal:agreement", args=[slug]), cookie),
        ]
    return pages


def written(port: int) -> list[Request]:
    """What changes something: choices of mails, kept again."""
    from django.urls import reverse

    path, kept = reverse("portal:mails"), []
    for user, _slug in presidents():
        cookie = cookie_of(user)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        token = TOKEN.search(answer.read().decode())
        cookies = [cookie, *(each.split(";")[0] for each in answer.headers.get_all("Set-Cookie") or [])]
        if token:
            body = urlencode({"csrfmiddlewaretoken": token[1]})
            kept.append(Request(path, "; ".join(cookies), body))
        connection.close()
    return kept


def _ask(connection: http.client.HTTPConnection, asked: Request, headers: dict) -> http.client.HTTPResponse:
    """A connection that the site closed while it waited is opened again, as browsers do."""
    for last in (False, True):
        try:
            connection.request("POST" if asked.body else "GET", asked.path, asked.body or None, headers)
            answer = connection.getresponse()
            answer.read()
            return answer
        except http.client.RemoteDisconnected:
            connection.close()
            if last:
                raise
    raise AssertionError


def send(port: int, due: Due, figures: Figures) -> None:
    """One sender: takes the next request that is due, on a connection that stays open."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while (item := due.get()) is not None:
        moment, asked = item
        time.sleep(max(0.0, moment - time.monotonic()))
        headers = {"Cookie": asked.cookie, "Accept-Encoding": "gzip"}
        if asked.body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            answer = _ask(connection, asked, headers)
            figures.statuses[answer.status] += 1
            if answer.status >= 400:
                figures.errors[f"{answer.status} {asked.path}"] += 1
        except OSError as error:
            figures.errors[f"{error!r} {asked.path}"] += 1
            connection.close()
        figures.times.append((time.monotonic() - moment) * 1000)
    connection.close()


def processor_of(master: int) -> float:
    """Seconds of processor that a process and its children have taken so far."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    spent = 0
    for process in (str(master), *children):
        parts = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
        spent += sum(int(each) for each in parts[11:15])  # its own, and those of its children that ended
    return spent / os.sysconf("SC_CLK_TCK")


def run(port: int, seconds: int, rate: int, master: int) -> tuple[Figures, float]:
    """Six requests of ten to the public site, two to the space, two to the administration; one of fifty writes.

    With the seconds of processor that they cost to the site.
    """
    chance, figures = random.Random(SEED), Figures()
    due: Due = queue.SimpleQueue()
    sorts = [public_pages(), space_pages(), staff_pages(), written(port)]
    if not all(sorts):
        raise SystemExit("Il manque des pages à demander dans les données.")
    for requests in sorts:  # each page once, not counted: the processes have then read their templates
        for asked in requests:
            due.put((time.monotonic(), asked))
    _served(port, due, Figures())
    before, start = processor_of(master), time.monotonic() + 1
    for number in range(seconds * rate):
        (requests,) = chance.choices(sorts, (59, 20, 19, 2))
        due.put((start + number / rate, chance.choice(requests)))
    _served(port, due, figures)
    return figures, processor_of(master) - before


def _served(port: int, due: Due, figures: Figures) -> None:
    senders = [threading.Thread(target=send, args=(port, due, figures)) for _sender in range(SENDERS)]
    for _sender in senders:
        due.put(None)
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()


def show(figures: Figures, seconds: int, rate: int, spent: float) -> bool:
    """Whether the goal is reached. `spent`: seconds of processor that the site took, all its processes together."""
    cuts = statistics.quantiles(figures.times, n=100)
    wrong = sum(figures.errors.values())
    print(f"{len(figures.times)} requêtes, {rate} par seconde pendant {seconds} s ; {dict(figures.statuses)}")
    print(
        f"médiane {cuts[49]:.0f} ms, 95 % {cuts[94]:.0f} ms, 99 % {cuts[98]:.0f} ms, pire {max(figures.times):.0f} ms"
    )
    print(
        f"processeur du site : {spent / seconds:.2f} cœur, {spent / len(figures.times) * 1000:.0f} ms par requête"
    )
    print(f"erreurs : {wrong}")
    for what, count in figures.errors.most_common(10):
        print(f"  {count} × {what}")
    return not wrong and cuts[98] <= GOAL


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    rate = int(sys.argv[2]) if len(sys.argv) > 2 else RATE
    set_up()
    print(machine())
    port = free_port()
    env = os.environ | {"BIND": f"127.0.0.1:{port}", "MALLOC_ARENA_MAX": "2"}
    server = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=ROOT, env=env)
    try:
        wait_for(f"http://127.0.0.1:{port}/robots.txt")
        figures, spent = run(port, seconds, rate, server.pid)
    finally:
        server.terminate()
        server.wait()
    reached = show(figures, seconds, rate, spent)
    print(machine())
    print(f"But : 0 erreur, 99 % sous {GOAL} ms. {'Atteint.' if reached else 'Pas atteint.'}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
