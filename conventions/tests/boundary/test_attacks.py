"""A program that signs in, follows every link and sends every form as an attacker would finds nothing.

What it types is kept by the pages that keep it, and looked for afterwards on every page that anybody reads. With
`--inputs`, each of the visitors sends all it knows everywhere; without, three of them send one thing to each place.
"""

import copy
import re
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest

from conventions.tests.boundary.forms import TYPED, Form
from conventions.tests.boundary.replay import Answer, Input, Visits, filled, harvest, name_of, request_of
from conventions.tests.boundary.test_values import READ_EACH_TIME, varied
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES
from conventions.tests.matrix.visits import address

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MARKUP, ELSEWHERE = "<zq7x>\"'", "zq7x.invalid"
HOSTILE = (
    MARKUP,
    f"//{ELSEWHERE}/",
    f"https://{ELSEWHERE}/",
    f"/\\{ELSEWHERE}/",
    "javascript:zq7x",
    "../../../../../../etc/passwd",
    "file:///etc/passwd",
    "{{7331*7331}}",
    "{% debug %}",
    "x\r\nX-Zq7x: 1",
    "' OR '1'='1' --",
    "1;SELECT pg_sleep(9)",
    "$(id)",
)
# What none of these may make a page hold: markup of ours, an attribute left, a script, a file, a sum, another's words.
HELD = re.compile(
    r"""<zq7x|zq7x>["']|(?:href|src|action)=["']?javascript:zq7x|root:x:0:|53743561|uid=\d+\(|Traceback"""
)
LINK = re.compile(r'(?:href|src|action)="([^"#]*\?[^"#]*)"')


def found_in(answer: Answer) -> str:
    """What an attack obtained; empty when nothing."""
    if answer.fault:
        return answer.fault
    if held := HELD.search(answer.text):
        return f"la page tient « {held[0]} »"
    place = urlsplit(answer.place.replace("\\", "/"))
    return f"renvoie à {answer.place}" if ELSEWHERE in place.netloc else ""


def attacked(who: str, form: Form, hostile: str) -> list[Input]:
    """The form with these words in each control that takes words, sent by each of its buttons."""
    pairs = [
        (control.name, hostile if control.kind in TYPED and not control.numeric else value)
        for control, value in filled(form, wholly=True)
    ]
    sent = Input(who, form, form.action, tuple(pairs), hostile)
    return [
        replace(
            sent,
            pairs=(*sent.pairs, (name, value)),
            action=urljoin(form.page, place) if place else form.action,
        )
        for name, value, place in form.buttons or [("", "", "")]
    ]


def links_of(visits: Visits, who: str, pages: list[str]) -> dict[tuple[str, str], str]:
    """{(where, what is asked): an address of ours that asks it}, of all the links of these pages."""
    found = {}
    for page in pages:
        answer = visits.alone(who, "get", page)
        for link in LINK.findall(answer.text.replace("&amp;", "&")):
            url = urljoin(page, link)
            if not urlsplit(url).netloc and (place := name_of(url)):
                for name, _value in parse_qsl(urlsplit(url).query, keep_blank_values=True):
                    found.setdefault((place, name), url)
    return found


def asking(url: str, name: str, hostile: str) -> str:
    parts = urlsplit(url)
    asked = [
        (key, hostile if key == name else value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    return f"{parts.path}?{urlencode(asked)}"


@contextmanager
def cookies_kept(visits: Visits, who: str):
    """What is sent stays; who sends it stays signed in."""
    kept = copy.deepcopy(visits.clients[who].cookies)
    yield
    visits.clients[who].cookies = kept


def arms(number: int, *, all_of_them: bool) -> tuple[str, ...]:
    """What is sent to the nth place."""
    return HOSTILE if all_of_them else (HOSTILE[number % len(HOSTILE)],)


def test_who_follows_every_link_and_sends_every_form_obtains_nothing(request):
    long = bool(request.config.getoption("--inputs"))
    attackers = worlds.VISITORS if long else READ_EACH_TIME
    world, more = varied(*worlds.VISITORS)
    visits, obtained = Visits(world), {}
    pages = [*(address(name, world) for name, line in LINES.items() if line.page), *more]
    forms = {who: harvest(visits, who) for who in attackers}
    for who in attackers:
        for number, ((place, name), url) in enumerate(links_of(visits, who, pages).items()):
            for hostile in arms(number, all_of_them=long):
                if told := found_in(visits.alone(who, "get", asking(url, name, hostile))):
                    obtained[place, told] = f"{who} : {asking(url, name, hostile)}"
        for number, form in enumerate(forms[who]):
            for hostile in arms(number, all_of_them=long):
                for sent in attacked(who, form, hostile)[: None if hostile == MARKUP else 1]:
                    for answer in filter(None, visits.replay(sent)):
                        if told := found_in(answer):
                            obtained[name_of(form.action), told] = str(sent)
    assert obtained == {}


def test_what_an_attacker_leaves_is_shown_as_text_to_everybody(request):
    """Each form is sent for good, then every page is read as every visitor."""
    world, more = varied(*worlds.VISITORS)
    visits, obtained, kept = Visits(world), {}, 0
    for who in READ_EACH_TIME:
        for form in harvest(visits, who):
            sent = attacked(who, form, MARKUP)[0]
            method, url, extra = request_of(sent)
            with visits.left_as_it_was(who) if method == "get" else cookies_kept(visits, who):
                kept += bool(visits.send(who, method, url, **extra).tables)
    pages = [*(address(name, world) for name, line in LINES.items() if line.page), *more]
    seen = 0
    for who in worlds.VISITORS if request.config.getoption("--inputs") else READ_EACH_TIME:
        for page in pages:
            answer = visits.alone(who, "get", page)
            seen += "&lt;zq7x&gt;" in answer.text
            if told := found_in(answer):
                obtained[page, told] = who
    assert obtained == {}
    assert (kept > 20, seen > 20) == (True, True)
