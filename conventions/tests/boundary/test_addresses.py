"""No address, no question in an address, no header and no cookie breaks a page; none of them writes anything."""

import random
import re
from urllib.parse import quote, urlencode

import pytest
from django.urls import NoReverseMatch, reverse

from conventions.tests.boundary.replay import Visits
from conventions.tests.boundary.values import CHOICES, DATES, NUMBERS, TEXTS
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.edges]
SEED = 14
# Who gets furthest behind each door.
READERS = {"portal": "president", "signing": "president", "public": "anonymous"}
PLACE = "987654321"
KEYS = (
    "0",
    "00001",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    "9" * 40,
    "9" * 5_000,
    "-1",
    quote("²"),
    quote("٣"),
)
WORDS = (
    "a" * 300, "%00", "a%00b", quote("𝄞"), "%ED%A0%80", "%FF", "..%2F..", "_", "%25", "a%0D%0AX:y", quote("²"),
    "9" * 40, quote("é" * 200), "None", "%20", "_2F", "_00", "_ED_A0_80",
)  # fmt: skip
FEW, ALL = 4, 1_000
# What Django's lists read in an address, beside the filters of ours.
LIST_WORDS = (
    "p",
    "o",
    "q",
    "all",
    "e",
    "_popup",
    "_to_field",
    "_facets",
    "id",
    "id__in",
    "id__regex",
    "id__iregex",
    "id__contains",
    "pk__gt",
)
HEADERS = [
    {"HTTP_HOST": "a b"}, {"HTTP_HOST": "[::1"}, {"HTTP_HOST": "127.0.0.1:99999999999"}, {"HTTP_HOST": ""},
    {"HTTP_COOKIE": "sessionid=\x00; csrftoken=\xb2"}, {"HTTP_COOKIE": "sessionid=" + "a" * 5_000},
    {"HTTP_COOKIE": "messages=[broken; =;;;"}, {"HTTP_COOKIE": "sessionid=" + "\xff" * 32},
    {"HTTP_ACCEPT_LANGUAGE": "fr-" * 1_000}, {"HTTP_ACCEPT_LANGUAGE": "*;q=9"},
    {"HTTP_ACCEPT_ENCODING": "\xb2,gzip;q=x"},
    {"HTTP_RANGE": "bytes=9-1"}, {"HTTP_RANGE": "bytes=0-" + "9" * 40},
    {"HTTP_IF_MODIFIED_SINCE": "Mon, 99 Foo 9999"}, {"HTTP_IF_MODIFIED_SINCE": "Fri, 31 Dec 9999 23:59:59 GMT"},
    {"HTTP_IF_MODIFIED_SINCE": "Mon, 01 Jan 0001 00:00:00 GMT"}, {"HTTP_IF_NONE_MATCH": '"' * 1_000 + "\xff"},
    {"HTTP_X_FORWARDED_FOR": "\xb2, " + "9" * 1_000}, {"HTTP_X_FORWARDED_FOR": "1.2.3.4\x00, ::1%eth0"},
    {"HTTP_X_FORWARDED_FOR": ","}, {"HTTP_X_FORWARDED_PROTO": "\xff" * 300},
    {"HTTP_X_REQUEST_START": "t=nan"}, {"HTTP_X_REQUEST_START": "t=1e400"}, {"HTTP_X_REQUEST_START": "t=-\xb2"},
    {"HTTP_REFERER": "http://[" + "\xff"}, {"HTTP_ORIGIN": "null\x00"}, {"HTTP_USER_AGENT": "\xff\x00" * 5_000},
    {"CONTENT_LENGTH": "-1"}, {"CONTENT_LENGTH": "\xb2"}, {"CONTENT_LENGTH": "9" * 30}, {"REMOTE_ADDR": ""},
    {"REMOTE_ADDR": "\xb2"}, {"HTTP_X_CSRFTOKEN": "\xff" * 500}, {"QUERY_STRING": "\xff=%&&==%ED%A0%80"},
]  # fmt: skip
BODIES = (
    ("multipart/form-data", b"x"), ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; name=\r\n\r\n\xff\r\n--a--"),
    ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; name=a; filename*=x\'\'%\r\n\r\n"),
    ("multipart/form-data; boundary=" + "a" * 300, b""), ("application/json", b"{"), ("", b"\xff\x00"),
    ("application/x-www-form-urlencoded; charset=nope", b"email=a"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"email=%00a"),
    ("application/x-www-form-urlencoded", b"email=%ED%A0%80&email=%00&" + b"a=1&" * 10_500),
)  # fmt: skip
ASKED_OF_ALL = (
    "public:home",
    "public:convention_list",
    "portal:home",
    "portal:sign_in",
    "admin:index",
    "admin:login",
)


def tried(request) -> int:
    return ALL if (request.config.getoption("--inputs") or 0) > ALL else FEW


def some(values, count: int, chance: random.Random) -> list:
    return chance.sample(list(values), min(count, len(values)))


def faults(visits: Visits, asked) -> dict[str, str]:
    """What breaks or writes, of (visitor, address)."""
    wrong = {}
    for who, url in asked:
        answer = visits.alone(who, "get", url)
        if answer.fault or answer.tables:
            wrong[f"{who} {url[:200]}"] = answer.fault or f"écrit dans {sorted(set(answer.tables))}"
    return wrong


def reader_of(name: str) -> str:
    return READERS.get(name.split(":")[0], "superuser")


def test_no_part_of_an_address_breaks_a_page(request):
    visits, chance = Visits(worlds.build("superuser", "president", "anonymous")), random.Random(SEED)
    asked = []
    for name, line in LINES.items():
        parts = line.arguments(visits.world)
        for part, given in parts.items():
            try:
                place = reverse(name, kwargs=parts | {part: PLACE})
            except NoReverseMatch:
                continue  # one of a few words, written in the address itself
            values = KEYS if isinstance(given, int) else WORDS + KEYS
            asked += [
                (reader_of(name), place.replace(PLACE, v)) for v in some(values, tried(request), chance)
            ]
    assert len(asked) > 300
    assert faults(visits, asked) == {}


def test_no_question_in_an_address_breaks_a_page(request):
    """Every name that a page puts in the addresses it links to, and those that Django's lists read."""
    visits, chance = Visits(worlds.build("superuser", "president", "anonymous")), random.Random(SEED)
    values, asked = TEXTS + NUMBERS + DATES + CHOICES, []
    for name, line in LINES.items():
        who = reader_of(name)
        if line.answers[who] != 200 or not (line.page or "export" in name):
            continue
        url = reverse(name, kwargs=line.arguments(visits.world))
        linked = re.findall(r'href="[^"]*\?([^"#]+)"', visits.alone(who, "get", url).text)
        words = {pair.split("=")[0] for query in linked for pair in query.replace("&amp;", "&").split("&")}
        listed = LIST_WORDS if name.endswith("_changelist") else ("page", "q", "retour")
        for word in some(sorted({*words, *listed}), tried(request), chance):
            for value in some(values, tried(request) // 4, chance):
                asked.append((who, f"{url}?{urlencode([(word, value)], errors='surrogatepass')}"))
    assert len(asked) > 300
    assert faults(visits, asked) == {}


@pytest.mark.parametrize("behind_proxy", [False, True])
def test_no_header_breaks_a_page(settings, behind_proxy):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind_proxy else None
    visits, wrong = Visits(worlds.build("superuser", "president", "anonymous")), {}
    for name in ASKED_OF_ALL:
        for header in HEADERS:
            answer = visits.alone(reader_of(name), "get", reverse(name), **header)
            if answer.fault or answer.tables:
                wrong[f"{name} {header!r:.80}"] = answer.fault or answer.tables
    assert wrong == {}


@pytest.mark.parametrize("name", ["portal:sign_in", "admin:login", "public:verify_file", "portal:presence"])
def test_no_body_breaks_a_page(name):
    visits, wrong = Visits(worlds.build("anonymous")), {}
    for kind, body in BODIES:
        answer = visits.alone("anonymous", "post", reverse(name), data=body, content_type=kind)
        if answer.fault:
            wrong[f"{kind} {body[:40]!r}"] = answer.fault
    assert wrong == {}


def test_no_word_breaks_the_choices_that_a_script_asks_for():
    visits, wrong = Visits(worlds.build("superuser")), {}
    usual = {"app_label": "conventions", "model_name": "party", "field_name": "partner", "term": "a"}
    for word in usual:
        for value in ("", "\x00", "9" * 40, "²", "é" * 3_000, "..", "__class__"):
            query = urlencode(usual | {word: value})
            answer = visits.alone("superuser", "get", f"{reverse('admin:autocomplete')}?{query}")
            if answer.fault:
                wrong[query[:80]] = answer.fault
    assert wrong == {}
