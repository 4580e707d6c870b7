"""Which queries each test runs, so that the second engine runs each kind of query at least once, and no test in vain.

On SQLite, `--note-queries=FOLDER` notes for each test the shapes of its queries: their text without values, so that a
hundred pages read by the same query count once; of one that only reads columns, each part counts (`plain.py`). A query
that writes and commits is another than the same one that is undone, and one that locks its rows another than one that
only reads them. `left_out` then says which tests would prove nothing more on another engine: those whose every shape
runs in a test that stays, and in which nothing belongs to one engine. Always stay: what two connections do to each
other (races, waits), what a database refused (constraints, triggers), what speaks to the database itself (raw SQL,
migrations), what sends values at the edges, which one engine takes and not another (marked `edges`), what did not run
on SQLite.
"""

import hashlib
import heapq
import json
import os
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from conventions.tests import plain

VALUES = [
    (re.compile(r"'[^']*'"), "''"),
    (re.compile(r"\b\d+\b"), "0"),
    (re.compile(r"(\(%s(?:, %s)*\)), \((?:[%s, ()]|NULL)*\)"), r"\1"),  # rows of one INSERT
    (re.compile(r"%s(?:, %s)+"), "%s"),
    (re.compile(r" = NULL\b"), " = %s"),
    (re.compile(r"(\S+ LIKE %s(?: ESCAPE '.?')?)(?: AND \1)+"), r"\1"),  # words of one search
]
SPENT = ".seconds"
DEAREST = 15
OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass
class Noted:
    """What a test did on SQLite: its seconds of processor, its shapes, whether it stays whatever they are."""

    seconds: float
    shapes: list[str]
    always: bool


class Notes:
    """A plugin: notes each test that touches the database, in a file of this process."""

    def __init__(self, folder: Path):
        self.file = folder / f"{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.json"
        self.noted: dict[str, dict] = {}
        self._spent: Counter[str] = Counter()  # seconds of processor of each file, whatever its tests touch
        self._shapes: dict[tuple[str, bool], list[str]] = {}
        self._ran: set[tuple[bool, bool, str]] = set()
        self._always = self._commits = self._locks = False
        self._patch = pytest.MonkeyPatch()

    def pytest_sessionstart(self):
        from django.db import connection
        from django.db.backends.signals import connection_created
        from django.db.models.sql.compiler import SQLCompiler

        connection.execute_wrappers.append(self._note)
        connection_created.connect(self._meet)
        self._patch.setattr(SQLCompiler, "execute_sql", self._knowing_what_locks(SQLCompiler.execute_sql))

    def _meet(self, **_told):
        """Somebody else works in the same database: another thread."""
        self._always |= threading.current_thread() is not threading.main_thread()

    def _knowing_what_locks(self, execute_sql):
        """SQLite’s own text of a query does not say that its rows are locked."""

        def known(compiler, *values, **named):
            before, self._locks = self._locks, bool(compiler.query.select_for_update)
            try:
                return execute_sql(compiler, *values, **named)
            finally:
                self._locks = before

        return known

    def _note(self, execute, sql, *rest):
        self._ran.add((self._commits, self._locks, sql))
        try:
            return execute(sql, *rest)
        except Exception:
            self._always = True
            raise

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item):
        self._ran, self._always, started = set(), speaks_to_an_engine(item), sum(os.times()[:4])
        self._commits = commits(item)
        yield
        seconds = sum(os.times()[:4]) - started
        self._spent[item.nodeid.partition("::")[0]] += seconds
        if item.get_closest_marker("engine"):
            shapes = sorted({name for one in self._ran for name in self._named(*one)})
            self.noted[item.nodeid] = asdict(Noted(seconds, shapes, self._always))

    def pytest_runtest_logreport(self, report):
        self._always |= not report.passed

    def _named(self, has_committed: bool, locks: bool, sql: str) -> list[str]:
        if (sql, locks) not in self._shapes:
            self._shapes[sql, locks] = shapes(sql, whole=locks)
        keeps = has_committed and (locks or not sql.startswith("SELECT"))
        return [f"{'committed ' * keeps}{'locked ' * locks}{one}" for one in self._shapes[sql, locks]]

    def pytest_sessionfinish(self):
        self._patch.undo()
        self.file.with_suffix(SPENT).write_text(json.dumps(self._spent))
        if self.noted:
            self.file.write_text(json.dumps(self.noted))


def shapes(sql: str, *, whole: bool = False) -> list[str]:
    """Short names of what this query is without its values: one, or one for each part where it only reads columns,
    unless it counts as a `whole`; none of what only opens or ends a transaction."""
    if sql.startswith(OF_TRANSACTIONS):
        return []
    for pattern, replaced in VALUES:
        sql = pattern.sub(replaced, sql)
    found = [] if whole else plain.parts(sql)
    return [hashlib.blake2b(one.encode(), digest_size=8).hexdigest() for one in found or [sql]]


def commits(item) -> bool:
    """A test that is in no transaction of its own: what it writes is kept, until it is taken away."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in item.fixturenames


def speaks_to_an_engine(item) -> bool:
    """A test served by another thread, that sends values at the edges, or whose file holds the connection or the tables
    of before."""
    return (
        item.get_closest_marker("edges") is not None
        or not {"live_server", "opened"}.isdisjoint(item.fixturenames)
        or not {"connection", "connections", "migrating"}.isdisjoint(vars(item.module))
    )


def read(folder: Path) -> dict[str, Noted]:
    """{test: what was noted of it}, of all the processes of a run."""
    files = sorted(folder.glob("*.json"))
    return {test: Noted(**noted) for file in files for test, noted in json.loads(file.read_text()).items()}


def spent(folder: Path) -> Counter[str]:
    """{file: its seconds of processor} of a whole run."""
    found: Counter[str] = Counter()
    for file in folder.glob(f"*{SPENT}"):
        found.update(json.loads(file.read_text()))
    return found


def left_out(noted: dict[str, Noted]) -> list[str]:
    """The tests that another engine need not run: each of their shapes runs in one that it does.

    Those that stay are chosen by the new shapes that they bring for their seconds.
    """
    stay = {test for test, one in noted.items() if one.always}
    ran = {each for test in stay for each in noted[test].shapes}
    waiting = [(_price(one, ran), test) for test, one in noted.items() if test not in stay]
    heapq.heapify(waiting)
    while waiting:
        price, test = heapq.heappop(waiting)
        now = _price(noted[test], ran)
        if now > price:
            if now != NOTHING_NEW:
                heapq.heappush(waiting, (now, test))
        elif now != NOTHING_NEW:
            stay.add(test)
            ran.update(noted[test].shapes)
    return sorted(set(noted) - stay)


NOTHING_NEW = float("inf")


def _price(one: Noted, ran: Iterable[str]) -> float:
    """Seconds for each shape that nothing else ran yet."""
    new = len(set(one.shapes).difference(ran))
    return (one.seconds + 0.01) / new if new else NOTHING_NEW


def main() -> None:
    folder, file = map(Path, sys.argv[1:])
    seconds = spent(folder)
    dearest = "".join(f"{each:7.1f} s  {name}\n" for name, each in seconds.most_common(DEAREST))
    sys.stdout.write(
        f"{sum(seconds.values()):.0f} s de processeur sur SQLite ; les fichiers les plus chers :\n{dearest}"
    )
    noted = read(folder)
    left = left_out(noted)
    file.write_text("".join(f"{test}\n" for test in left))
    shapes = len({each for one in noted.values() for each in one.shapes})
    of_an_engine = sum(one.always for one in noted.values())
    sys.stdout.write(
        f"{len(noted) - len(left)} tests sur {len(noted)} : {of_an_engine} qui tiennent au moteur, "
        f"et de quoi passer par chacune des {shapes} formes de requête.\n"
    )


if __name__ == "__main__":
    main()
