"""What the harness watches in every test: pages, template variables, queries, the state of the database."""

import gzip
import re
import resource
import sys
import time
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.template.base import Node
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

STRAY_TEMPLATE = re.compile(r"\{\{|\{%|\{#")
# Clauses hold merge fields in braces; the lawyer reads and edits them as they are.
BRACES_ALLOWED = {"textarea", "code", "pre", "script", "style"}
SCRIPT_DATA = {"application/json", "importmap"}
# Where a page shows none of this, the inspector has nothing to find: it reads only the others, and costs far more.
DOUBTFUL = re.compile(
    r"""[\s"'/](?:on\w*|style)\s*=|<style|<script(?![^>]*\s(?:src\s*=|type="application/json"))|javascript:"""
    r"|&#(?!x27;)|&l(?:brace|cub);",
    re.IGNORECASE,
)
BRACES_IN_PLACE = re.compile(
    r"<(textarea|code|pre|script)\b[^>]*>.*?</\1|\s(?:value|data-insert)=\"[^\"]*\"", re.I | re.S
)
FORM = re.compile(r"<form\b.*?</form", re.I | re.S)
TOKEN = re.compile(r"<input[^>]*\sname=\"csrfmiddlewaretoken\" value=\"[^\"]")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def with_proofs(middleware: list[str]) -> list[str]:
    """The middleware of the site, with `proven` before the door that asks for a proof."""
    door = middleware.index("conventions.views.proofs.ProofDoor")
    return [*middleware[:door], f"{__name__}.proven", *middleware[door:]]


def proven(get_response):
    """Middleware of the tests: whoever is signed in has just proven it, as strongly as can be, whatever the clock says.

    Written in the request's copy of the session alone: it costs no query.
    """
    from conventions.domain.people.security import grace, proofs

    def answered(request):
        if request.session.session_key is not None and SESSION_KEY in request.session:
            now, user = timezone.now().timestamp(), int(request.session[SESSION_KEY])
            request.session._session[proofs.MARK] = {"user": user, "at": now, "way": str(proofs.Way.FACTOR)}
            request.session._session.pop(grace.DUE, None)
        return get_response(request)

    return answered


class PageFault(AssertionError):
    """A page that the strict policy or the reader would refuse."""


class InsideTransaction(AssertionError):
    """A socket, a child process, a letter or a render while a transaction is open: every other writer waits for it."""


class UndefinedTemplateVariable(AssertionError):
    """A template of ours asks for something its view does not give."""


class PageInspector(HTMLParser):
    """Collects what is wrong in a page of HTML: `faults` is a list of French sentences."""

    def __init__(self):
        super().__init__()
        self.faults: list[str] = []
        self._open: list[str] = []
        self._form: dict | None = None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag not in VOID:
            self._open.append(tag)
        self._check_policy(tag, values)
        if tag == "form":
            method = (values.get("method") or "get").lower()
            self._form = {
                "post": method == "post",
                "token": False,
                "action": values.get("action") or "(elle-même)",
            }
        elif tag == "input" and values.get("name") == "csrfmiddlewaretoken" and self._form:
            self._form["token"] = bool(values.get("value"))
        for name, value in attributes:
            if value and STRAY_TEMPLATE.search(value) and name not in ("value", "data-insert"):
                self.faults.append(f"gabarit non rendu dans l’attribut {name} de <{tag}> : {value!r}")

    def _check_policy(self, tag, values):
        self.faults += [f"<{tag} {name}> : script en ligne" for name in values if name.startswith("on")]
        if "style" in values:
            self.faults.append(f"<{tag} style={values['style']!r}> : style en ligne")
        if tag == "script" and not values.get("src") and values.get("type") not in SCRIPT_DATA:
            self.faults.append("<script> sans src : script en ligne")
        if tag == "style":
            self.faults.append("<style> : style en ligne")
        if (values.get("href") or "").lower().startswith("javascript:"):
            self.faults.append(f"<{tag} href={values['href']!r}> : script en ligne")

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "form" and self._form:
            if self._form["post"] and not self._form["token"]:
                self.faults.append(f"formulaire sans jeton CSRF vers {self._form['action']}")
            self._form = None

    def handle_data(self, data):
        if STRAY_TEMPLATE.search(data) and not BRACES_ALLOWED.intersection(self._open):
            self.faults.append(f"gabarit non rendu dans le texte : {data.strip()[:80]!r}")


def page_faults(html: str) -> list[str]:
    """What is wrong in a page of HTML, in French sentences."""
    if not is_doubtful(html):
        return []
    inspector = PageInspector()
    inspector.feed(html)
    inspector.close()
    return inspector.faults


def is_doubtful(html: str) -> bool:
    """Whether something in this page looks like a fault: the inspector says whether it is one."""
    return bool(
        DOUBTFUL.search(html)
        or (STRAY_TEMPLATE.search(html) and STRAY_TEMPLATE.search(BRACES_IN_PLACE.sub("", html)))
        or any("post" in form.lower() and not TOKEN.search(form) for form in FORM.findall(html))
    )


def of_pages(store):
    """Django keeps a copy of the context of each template rendered; not of the 1,500 widgets of a page, here."""

    def kept(*args, template, **values):
        if not str(template.name).startswith("django/forms/"):
            store(*args, template=template, **values)

    return kept


def checked(send):
    """Django's test client, which also reads the page it was given."""

    def request(self, **values):
        response = send(self, **values)
        kind = response.get("Content-Type", "")
        if kind.startswith("text/html") and not response.streaming:
            sent = response.content
            body = gzip.decompress(sent) if response.get("Content-Encoding") == "gzip" else sent
            faults = page_faults(body.decode(response.charset or "utf-8"))
            if faults:
                raise PageFault(f"{values.get('PATH_INFO')} :\n- " + "\n- ".join(faults))
        return response

    return request


class StrictVariable(str):
    """For the engine's `string_if_invalid`: raises in templates of ours, stays silent in Django's and crispy's."""

    def __contains__(self, part):
        return part == "%s" or super().__contains__(part)

    def __mod__(self, variable):
        origin = _template_of_frame(sys._getframe(1))
        if origin is None or not _is_ours(origin):
            return ""
        raise UndefinedTemplateVariable(f"{{{{ {variable} }}}} n’est pas définie dans {origin}")


def _template_of_frame(frame) -> str | None:
    """File of the template whose node is being rendered: the nearest one on the stack."""
    while frame is not None:
        if (
            frame.f_code.co_name == "render_annotated"
        ):  # asked first: the names of a frame are a dictionary to make
            node = frame.f_locals.get("self")
            if isinstance(node, Node):
                return getattr(getattr(node, "origin", None), "name", None)
        frame = frame.f_back
    return None


def _is_ours(origin: str) -> bool:
    path = Path(origin)
    if not path.is_absolute():
        return True  # a template made from a string in a test
    return path.is_relative_to(settings.BASE_DIR) and ".venv" not in path.parts


def outside_transaction(slow, what: str):
    """What is slow or talks to others, which fails inside a transaction of the product; that of a test is none.

    The demonstration loads each convention whole, in one transaction: nobody else is there to wait.
    """

    def guarded(*arguments, **named):
        if not settings.DEMO and any(not block._from_testcase for block in connection.atomic_blocks):
            raise InsideTransaction(
                f"{what} dans une transaction. Faites-le avant, ou une fois qu’elle est finie."
            )
        return slow(*arguments, **named)

    return guarded


@contextmanager
def one_clock():
    """Tests stop the clock and set it: the one that nobody sets goes with it, save where it is what is tried."""
    from conventions.domain.journal import clock

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "steady", time.time)
        clock.anchor()
        yield


@contextmanager
def query_budget(limit: int):
    """At most `limit` queries; beyond, the test fails and shows them, with what is repeated first."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    if len(captured) > limit:
        queries = "\n".join(
            f"{rank:>3}. {query['sql'][:400]}" for rank, query in enumerate(captured, start=1)
        )
        raise AssertionError(f"{len(captured)} requêtes pour un budget de {limit} :\n{queries}")


WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
# Who is signed in, and when he or she was last seen: kept at each page, whatever the page does.
OF_VISITS = {"django_session", "conventions_usersession"}


@contextmanager
def written_tables():
    """The tables that are written inside, in order; sessions apart."""
    tables = []

    def looked_at(execute, sql, parameters, many, context):
        found = WRITE.match(sql)
        if found and found[1] not in OF_VISITS:
            tables.append(found[1])
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(looked_at):
        yield tables


@contextmanager
def files_of_at_most(size: int):
    """The kernel refuses to write a file beyond this size: what is written before stays, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Kept:
    """A world made once for the tests of a folder: its rows in a transaction around them all, its files in one folder.

    with Kept.around(django_db_blocker, folder) as kept:      in a fixture of the whole folder
        with kept.being_made():
            world = …
        yield kept, world
    kept.found_by(settings)                                    in a fixture of each test, which undoes its own rows
    """

    def __init__(self, folder: Path):
        self.values = {
            "DATA_DIR": str(folder),
            "STORAGES": {
                name: options | {"OPTIONS": options["OPTIONS"] | {"location": str(folder)}}
                if name in ("default", "private")
                else options
                for name, options in settings.STORAGES.items()
            },
        }

    @classmethod
    @contextmanager
    def around(cls, blocker, folder: Path):
        whole = transaction.atomic()
        whole._from_testcase = True  # as the transaction of any test
        with blocker.unblock(), whole:
            yield cls(folder)
            transaction.set_rollback(True)

    def being_made(self, **values):
        quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        return override_settings(**{"PASSWORD_HASHERS": quick, **self.values, **values})

    def found_by(self, site) -> None:
        for name, value in self.values.items():
            setattr(site, name, value)


def captured_queries() -> CaptureQueriesContext:
    """The queries of a block, to be counted: they are the same ones on every engine."""
    return CaptureQueriesContext(connection)


class RowsRead:
    """How much the database read: rows on PostgreSQL, tens of steps of its machine on SQLite (some for each row)."""

    count = 0


TICK = 10  # steps of SQLite's machine
ROWS = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"


@contextmanager
def rows_read():
    """Inside a transaction. Compare two measures of the same kind: their unit is the engine's own."""
    found = RowsRead()
    if connection.vendor == "postgresql":
        before = _rows_of_transaction()
        yield found
        found.count = _rows_of_transaction() - before
        return

    def tick():
        found.count += 1

    connection.ensure_connection()
    connection.connection.set_progress_handler(tick, TICK)
    try:
        yield found
    finally:
        connection.connection.set_progress_handler(None, TICK)


def _rows_of_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        return int(cursor.fetchone()[0] or 0)
