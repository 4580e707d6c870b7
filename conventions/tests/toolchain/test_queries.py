"""The second engine runs each shape of query, and all that belongs to an engine."""

import threading
from types import SimpleNamespace

import pytest
from django import db as database

from conventions.models import Kind
from conventions.tests import plain, queries
from conventions.tests.queries import Noted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM t WHERE a = %s LIMIT 21", "SELECT a FROM t WHERE a = %s LIMIT 1"),
        ("SELECT a FROM t WHERE a IN (%s, %s)", "SELECT a FROM t WHERE a IN (%s)"),
        ("INSERT INTO t (a) VALUES (%s, %s), (%s, %s)", "INSERT INTO t (a) VALUES (%s, %s)"),
        ("SELECT 'x' AS kind", "SELECT 'y' AS kind"),
        ("SELECT a FROM t WHERE a LIKE %s AND a LIKE %s", "SELECT a FROM t WHERE a LIKE %s"),
        ("UPDATE t SET a = NULL, b = %s WHERE c = %s", "UPDATE t SET a = %s, b = NULL WHERE c = %s"),
    ],
)
def test_values_do_not_make_a_shape(one, other):
    assert queries.shapes(one) == queries.shapes(other) != []


@pytest.mark.parametrize(
    "other",
    [
        "SELECT a FROM t ORDER BY b",
        "SELECT a FROM t WHERE b = %s",
        "SELECT a FROM u",
        "SELECT a, b FROM t",
        "SELECT a FROM t FOR UPDATE",
    ],
)
def test_what_is_asked_makes_a_shape(other):
    assert queries.shapes("SELECT a FROM t") != queries.shapes(other)


def test_a_transaction_is_no_shape():
    assert queries.shapes('SAVEPOINT "s1_x1"') == queries.shapes("BEGIN") == []


READ = 'SELECT "t"."id", "t"."a" FROM "t"'
JOINED = (
    READ + ' LEFT OUTER JOIN "u" T3 ON ("t"."u_id" = T3."id") WHERE (T3."b" = %s AND NOT ("t"."a" IN (%s)))'
)


def test_what_only_reads_columns_is_each_of_its_parts():
    parts = [
        'FROM "t"',
        'LEFT OUTER JOIN "u" T3 ON ("t"."u_id" = "u"."id")',
        '"u"."b" = %s',
        '"t"."a" IN (%s)',
    ]
    assert plain.parts(JOINED) == parts
    told = plain.parts(READ + ' WHERE "t"."b" ORDER BY "t"."a" DESC, "t"."id" ASC LIMIT 0')
    assert told == ['FROM "t"', '"t"."b"', 'ORDER BY "t"."a" DESC', 'ORDER BY "t"."id" ASC']
    assert set(queries.shapes(READ)) < set(queries.shapes(JOINED))
    assert len(queries.shapes(JOINED, whole=True)) == 1


@pytest.mark.parametrize(
    "query",
    [
        'SELECT SUM("t"."a") AS "n" FROM "t"',
        'SELECT DISTINCT "t"."a" FROM "t"',
        'SELECT "t"."a", COUNT("t"."b") AS "n" FROM "t" GROUP BY "t"."a"',
        'SELECT "t"."a" FROM "t" WHERE UPPER("t"."a") = %s',
        'SELECT "t"."a" FROM "t" WHERE "t"."a" IN (SELECT U0."a" FROM "u" U0)',
        'SELECT "t"."a" FROM "t" WHERE "t"."a" REGEXP %s',
        'SELECT "t"."a" FROM "t" WHERE "t"."a" = (%s || "t"."b")',
        'UPDATE "t" SET "a" = %s WHERE "t"."id" = %s',
        'DELETE FROM "t" WHERE "t"."id" IN (%s)',
        'INSERT INTO "t" ("a") VALUES (%s)',
    ],
)
def test_any_other_query_is_one(query):
    assert plain.parts(query) == []
    assert len(queries.shapes(query)) == 1


def test_each_shape_runs_and_what_is_of_an_engine_stays():
    noted = {
        "dear": Noted(9, ["a", "b"], False),
        "quick": Noted(1, ["a"], False),
        "other": Noted(1, ["b"], False),
        "again": Noted(2, ["a"], False),
        "nothing": Noted(1, [], False),
        "race": Noted(9, ["c"], True),
        "covered by the race": Noted(0.1, ["c"], False),
    }
    assert queries.left_out(noted) == ["again", "covered by the race", "dear", "nothing"]


def test_a_test_that_alone_brings_a_shape_stays_however_dear():
    noted = {"dear": Noted(99, ["a", "b"], False), "quick": Noted(0.1, ["a"], False)}
    assert "dear" not in queries.left_out(noted)


@pytest.fixture
def noted(request, tmp_path, db):
    """What is noted of this test when it does this."""

    def of(action):
        notes = queries.Notes(tmp_path)
        notes.pytest_sessionstart()
        protocol = notes.pytest_runtest_protocol(request.node)
        next(protocol)
        action()
        next(protocol, None)
        database.connection.execute_wrappers.remove(notes._note)
        notes.pytest_sessionfinish()
        return queries.read(tmp_path)[request.node.nodeid]

    return of


def test_seconds_of_each_file_are_noted(noted, tmp_path, request):
    noted(Kind.objects.count)
    assert list(queries.spent(tmp_path)) == [request.node.nodeid.partition("::")[0]]


def test_queries_of_a_test_are_noted(noted):
    one = noted(Kind.objects.count)
    other = noted(lambda: [Kind.objects.count(), Kind.objects.filter(pk=1).first()])
    assert (len(one.shapes), one.always) == (1, False)
    assert set(one.shapes) < set(other.shapes)


def test_a_query_that_locks_is_another(noted):
    def locked():
        with database.transaction.atomic():
            Kind.objects.select_for_update().count()
            list(Kind.objects.select_for_update())

    (locking,) = {one for one in noted(locked).shapes if one.startswith("locked ")}
    assert locking not in noted(lambda: list(Kind.objects.all())).shapes


def test_who_works_in_another_thread_stays(noted):
    def apart():
        thread = threading.Thread(
            target=lambda: database.connection.ensure_connection() or database.connection.close()
        )
        thread.start()
        thread.join()

    assert noted(apart).always
    assert not noted(Kind.objects.count).always


@pytest.mark.parametrize(
    ("marker", "fixtures", "told"),
    [
        (pytest.mark.django_db, ["db"], False),
        (pytest.mark.django_db(transaction=True), [], True),
        (None, ["transactional_db"], True),
    ],
)
def test_a_query_that_commits_is_another(marker, fixtures, told):
    item = SimpleNamespace(get_closest_marker=lambda _name: marker and marker.mark, fixturenames=fixtures)
    assert queries.commits(item) is told


def test_what_only_reads_is_the_same_where_a_test_commits(noted, monkeypatch):
    def both():
        with database.transaction.atomic():
            list(Kind.objects.select_for_update())
        Kind.objects.filter(pk=-1).update(name="x")

    def of(action):
        return set(noted(action).shapes)

    read, written = of(Kind.objects.count), of(both)
    monkeypatch.setattr(queries, "commits", lambda _item: True)
    assert of(Kind.objects.count) == read
    assert of(both).isdisjoint(written)


def test_what_sends_values_at_the_edges_stays():
    item = SimpleNamespace(
        get_closest_marker=lambda name: name == "edges" or None, fixturenames=[], module=queries
    )
    assert queries.speaks_to_an_engine(item)
    item.get_closest_marker = lambda _name: None
    assert not queries.speaks_to_an_engine(item)


def test_what_a_database_refused_stays(noted):
    def refused():
        with pytest.raises(database.IntegrityError), database.transaction.atomic():
            Kind.objects.create(pk=Kind.objects.values_list("pk", flat=True).first())

    assert noted(refused).always
