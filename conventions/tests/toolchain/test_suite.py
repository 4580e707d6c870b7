"""A failing step is never reported green; a run in which no test passed is a failure."""

import os
import sys
import time

import pytest
import suite as checks
from machine import Fault

pytestmark = pytest.mark.slow


@pytest.fixture
def report():
    return checks.Report()


@pytest.fixture
def suite(report, tmp_path):
    return checks.Suite(report, tmp_path)


def python(code):
    return [sys.executable, "-c", code]


def test_step_that_succeeds_returns_its_output(suite, report):
    assert suite.step("ok", python("print('bonjour')")) == "bonjour\n"
    assert [(mark, title) for mark, title, _, _ in report.lines] == [("✓", "ok")]


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "import os; os.kill(os.getpid(), 9)"])
def test_step_that_fails_is_reported_and_raises(suite, report, code):
    with pytest.raises(Fault, match="« broken » a échoué"):
        suite.step("broken", python(code))
    assert [(mark, title) for mark, title, _, _ in report.lines] == [("✗", "broken")]


def test_step_does_not_inherit_the_settings_of_a_site(suite, monkeypatch, report, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://real/site")
    fresh = checks.Suite(report, tmp_path)
    output = fresh.step("env", python("import os; print(os.environ.get('DATABASE_URL'))"))
    assert output == "None\n"


@pytest.mark.parametrize(
    ("printed", "passed"),
    [("===== 3 passed in 0.1s =====", True), ("===== 4 skipped in 0.1s =====", False), ("", False)],
)
def test_tests_without_a_passed_test_fail(suite, monkeypatch, printed, passed):
    monkeypatch.setattr(suite, "_run", lambda command, env: (0, printed + "\n"))
    if passed:
        suite.tests("tests")
    else:
        with pytest.raises(Fault, match="n’a exécuté aucun test"):
            suite.tests("tests")


def test_available_outside_ci_shows_the_skip_and_the_command(suite, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    assert suite.available("Tests (PostgreSQL)", lambda: False, ["postgresql"]) is False
    assert "apt-get install -y --no-install-recommends postgresql" in capsys.readouterr().out


def test_available_in_ci_fails_when_it_cannot_be_installed(suite, monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Fault, match="l’installation a échoué"):
        suite.available("Tests (PostgreSQL)", lambda: False, ["postgresql"])


@pytest.mark.parametrize(("code", "passed"), [("assert True", True), ("assert False", False)])
def test_tests_that_run_beside_are_told_at_their_end(suite, report, tmp_path, capfd, code, passed):
    file = tmp_path / "test_beside.py"
    file.write_text(f"def test_one():\n    {code}\n")
    with suite.tests_beside("beside", "-p", "no:cacheprovider", "-c", os.devnull, str(file)) as ended:
        assert (report.lines, capfd.readouterr().out) == ([], "")
        if passed:
            ended()
        else:
            with pytest.raises(Fault, match="« beside » a échoué"):
                ended()
    [(mark, title, _seconds, summary)] = report.lines
    assert (mark, title) == ("✓" if passed else "✗", "beside")
    assert summary.startswith("1 passed" if passed else "1 failed")
    assert "━━ beside, pendant ce temps" in capfd.readouterr().out


def test_tests_that_run_beside_stop_with_the_others(suite, tmp_path):
    file = tmp_path / "test_beside.py"
    file.write_text("import time\ndef test_one():\n    time.sleep(600)\n")
    started = time.monotonic()
    with (
        pytest.raises(Fault, match="un autre"),
        suite.tests_beside("beside", "-p", "no:cacheprovider", "-c", os.devnull, str(file)),
    ):
        raise Fault("un autre")
    assert time.monotonic() - started < 60


def test_database_that_cannot_be_prepared_says_why(suite, report, tmp_path):
    with (
        suite.prepared("base", str(tmp_path / "absent" / "base.sqlite3")) as ready,
        pytest.raises(Fault, match=r"(?s)« base » a échoué.*unable to open database file"),
    ):
        ready()
    assert [(mark, title) for mark, title, _, _ in report.lines] == [("✗", "base")]


def test_files_of_a_run_are_kept_in_memory_where_there_is_room(monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "MEMORY", tmp_path)
    monkeypatch.setattr(checks, "ROOM", 0)
    assert checks.in_memory() == tmp_path
    monkeypatch.setattr(checks, "ROOM", 1 << 60)
    assert checks.in_memory() is None
    monkeypatch.setattr(checks, "MEMORY", tmp_path / "nowhere")
    assert checks.in_memory() is None


def test_temporary_files_of_a_step_go_with_the_run(suite, tmp_path):
    output = suite.step("where", python("import tempfile; print(tempfile.gettempdir())"))
    assert output == f"{tmp_path}\n"
