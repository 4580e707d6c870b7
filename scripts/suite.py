"""Run the checks one after the other, each under a title with its time; stop at the first that fails.

Usage: python3 scripts/suite.py quick|full|postgres|drills

With CI=true nothing is skipped: what is missing on the machine is installed, or the run fails.
Elsewhere a missing PostgreSQL, Chromium or PDF tool is a skip that is seen, with the command that installs it.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import bootstrap
import postgres
from machine import (
    ROOT,
    VENV,
    Fault,
    apt_command,
    apt_install,
    die_with_parent,
    in_ci,
    leave_on_signals,
    say,
    stop,
)

BIN = VENV / "bin"
PDF_TOOLS = ["pdfinfo", "pdffonts", "pdftotext", "pdftoppm", "pdfsig", "qpdf"]
CHROMIUMS = ["chromium", "chromium-browser", "google-chrome"]
PYTEST_SUMMARY = re.compile(
    r"^=+ (.*\b(?:passed|failed|errors?|no tests ran|deselected)\b.*) =+$", re.MULTILINE
)
# What the person's own shell says about a site must not reach the tests.
SITE = ["DATABASE_URL", "DEMO", "DEBUG", "SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "HTTPS", "LOG_LEVEL"]
# Nor may it have each process compile everything again: that is most of what collecting the tests takes.
FOREIGN = [*SITE, "PYTHONDONTWRITEBYTECODE"]
# Files that live as long as the run wait for no disk there; with less room, they are made where others are.
MEMORY, ROOM = Path("/dev/shm"), 4 << 30
# Two processes; who has done takes from who has not.
SPREAD = ("-n", "2", "--dist", "worksteal")
# What may happen to a site, and the tests that try it for real; those of `ON_BOTH` on PostgreSQL too.
DOMAIN, SITES = "conventions/tests/domain", "conventions/tests/continuity"
DRILLS = {
    "Données d’une version passée": ["conventions/tests/landed"],
    "Sauvegarder en marche, restaurer, vérifier": [f"{SITES}/test_backup.py"],
    "Disque, base, processus": [f"{SITES}/test_drills.py"],
    "Disque plein, fichiers abîmés": [
        "conventions/tests/security/test_full_disk.py",
        "conventions/tests/security/test_stored_files.py",
        f"{DOMAIN}/foundation/test_durable.py",
    ],
    "Serveurs muets, clés perdues": [
        f"{DOMAIN}/mails/test_hostile_server.py",
        f"{DOMAIN}/mails/test_smtp.py",
        f"{DOMAIN}/foundation/test_apart.py",
        "conventions/tests/signing/test_sealing.py",
    ],
    "Processus tué à chaque pas": [f"{DOMAIN}/acts/lifecycle/test_crash.py"],
}
ON_BOTH = list(DRILLS)[:3]


# Waits for a test database, then says how tests find it.
Prepared = Callable[[], dict[str, str]]


@dataclass
class Report:
    """What was done, line by line, for the summary."""

    lines: list[tuple[str, str, float, str]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def add(self, mark: str, title: str, seconds: float, detail: str = "") -> None:
        self.lines.append((mark, title, seconds, detail))

    def show(self) -> None:
        say("\n━━ Résumé " + "━" * 60)
        for mark, title, seconds, detail in self.lines:
            say(f" {mark} {title:<46}{seconds:7.1f} s   {detail}".rstrip())
        say(f"   {'Total':<46}{time.monotonic() - self.started:7.1f} s")


class Suite:
    def __init__(self, report: Report, data: Path):
        self.report = report
        self.data = data
        self.env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self.env |= {
            "PATH": f"{BIN}:{os.environ.get('PATH', os.defpath)}",
            "DATA_DIR": str(data),
            "TMPDIR": str(data),
            "SECRET_KEY": "checks-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
            "PYTHONUNBUFFERED": "1",
        }

    def step(self, title: str, command: list, **env: str) -> str:
        """Run one command and return what it printed; raise Fault when it does not succeed."""
        say(f"\n━━ {title} " + "━" * max(2, 68 - len(title)))
        started = time.monotonic()
        code, output = self._run([str(word) for word in command], self.env | env)
        return self._told(title, code, output, time.monotonic() - started)

    def tests(self, title: str, *options: str, **env: str) -> None:
        """Run pytest; a run in which no test passed is a failure, whatever pytest returns."""
        some_passed(title, self.step(title, ["pytest", "-r", "fEsx", *options], **env))

    @contextmanager
    def beside(self, title: str, command: list[str], **env: str) -> Iterator[Callable[[], str]]:
        """Run one command meanwhile; what it printed is shown, and a failure told, when its end is asked for."""
        with self._started(command, self.env | env) as ended:

            def ready() -> str:
                code, output, seconds = ended()
                say(f"\n━━ {title}, pendant ce temps " + "━" * max(2, 50 - len(title)))
                say(output)
                return self._told(title, code, output, seconds)

            yield ready

    @contextmanager
    def tests_beside(self, title: str, *options: str, **env: str) -> Iterator[Callable[[], None]]:
        """Run pytest meanwhile."""
        with self.beside(title, ["pytest", "-r", "fEsx", *options], **env) as ended:
            yield lambda: some_passed(title, ended())

    @contextmanager
    def prepared(self, title: str, name: str, **env: str) -> Iterator[Prepared]:
        """Migrate a test database meanwhile; a failure is told when it is asked for."""
        env |= {"PREPARED_DATABASE": name}
        command = [str(BIN / "python"), "-m", "conventions.tests.prepared"]
        with self._started(command, self.env | env) as ended:

            def ready() -> dict[str, str]:
                code, output, seconds = ended()
                self.report.add("✗" if code else "✓", title, seconds)
                if code:
                    raise Fault(f"« {title} » a échoué (code {code}) :\n{output}")
                return env

            yield ready

    def _told(self, title: str, code: int, output: str, seconds: float) -> str:
        """Write the line of a command that ended; raise Fault when it did not succeed."""
        summary = (PYTEST_SUMMARY.findall(output) or [""])[-1]
        if code:
            self.report.add("✗", title, seconds, summary or f"code {code}")
            raise Fault(f"« {title} » a échoué (code {code}). Rien n’a été lancé après.")
        self.report.add("✓", title, seconds, summary)
        say(f"   ✓ {seconds:.1f} s")
        return output

    @staticmethod
    @contextmanager
    def _started(command: list[str], env: dict[str, str]) -> Iterator[Callable[[], tuple[int, str, float]]]:
        """Start a command. What is given waits for its end: its code, what it printed, its seconds."""
        with tempfile.TemporaryFile() as heard:
            started = time.time()
            process = _child(command, env, heard)

            def ended() -> tuple[int, str, float]:
                code = process.wait()
                heard.seek(0)
                last_word = os.fstat(heard.fileno()).st_mtime
                return code, heard.read().decode(errors="replace"), max(0.0, last_word - started)

            try:
                yield ended
            finally:
                stop(process, signal.SIGINT)

    @staticmethod
    def _run(command: list[str], env: dict[str, str]) -> tuple[int, str]:
        process = _child(command, env, subprocess.PIPE)
        heard, pipe = bytearray(), cast(IO[bytes], process.stdout)
        try:
            while chunk := os.read(pipe.fileno(), 65536):
                heard += chunk
                sys.stdout.buffer.write(chunk)
                sys.stdout.flush()
            return process.wait(), heard.decode(errors="replace")
        finally:
            pipe.close()
            stop(process, signal.SIGINT)

    def available(self, title: str, check: Callable[[], bool], packages: list[str]) -> bool:
        """Return whether a tool is there. In CI it is installed, or the run fails; elsewhere the skip is seen."""
        if check():
            return True
        command = apt_command(packages)
        if in_ci():
            if apt_install(packages) and check():
                return True
            raise Fault(f"{title} : absent, et l’installation a échoué. Commande :\n    {command}")
        self.report.add("–", f"{title} : SAUTÉ, absent", 0, f"pour l’installer : {command}")
        say(f"\n━━ {title} : SAUTÉ, absent de cette machine. Pour l’installer :\n    {command}")
        return False


def _child(command: list[str], env: dict[str, str], output: int | IO[bytes]) -> subprocess.Popen:
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def in_memory() -> Path | None:
    """Where files are kept in memory, when there is room for those of a whole run; None: at the usual place."""
    with suppress(OSError):
        if os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ROOM:
            return MEMORY
    return None


def some_passed(title: str, output: str) -> None:
    if not re.search(r"\b[1-9]\d* passed\b", output):
        raise Fault(f"« {title} » n’a exécuté aucun test.")


def chromium() -> str | None:
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


def nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def style(suite: Suite) -> None:
    suite.step("Style : règles (ruff check)", ["ruff", "check", "."])
    suite.step("Style : mise en forme (ruff format)", ["ruff", "format", "--check", "."])
    suite.step("Style : gabarits et feuilles de style", ["python", "scripts/format_pages.py", "--check"])


def migrations(suite: Suite) -> AbstractContextManager[Callable[[], str]]:
    """Begun; what is given waits for the end."""
    command = ["python", "manage.py", "makemigrations", "--check", "--dry-run"]
    return suite.beside("Migrations à jour", command)


def quick(suite: Suite) -> None:
    with (
        suite.prepared("Base d’essai (SQLite)", str(suite.data / "prepared.sqlite3")) as sqlite,
        migrations(suite) as migrations_ended,
    ):
        style(suite)
        migrations_ended()
        suite.tests(
            "Tests rapides (SQLite)",
            *(*SPREAD, "--essential", "-m", "not browser and not drill and not pdf and not slow"),
            **sqlite(),
        )


def full(suite: Suite) -> None:
    style(suite)
    with_postgres = suite.available(
        "Tests (PostgreSQL)", lambda: postgres.binaries() is not None, ["postgresql"]
    )
    with ExitStack() as stack:
        # Migrating uses one processor for each engine. Then the browser's tests use the one that mypy leaves.
        sqlite = stack.enter_context(
            suite.prepared("Base d’essai (SQLite)", str(suite.data / "prepared.sqlite3"))
        )
        on_postgres = None
        if with_postgres:
            url = stack.enter_context(postgres.server())
            on_postgres = stack.enter_context(
                suite.prepared("Base d’essai (PostgreSQL)", "test_prepared", DATABASE_URL=url)
            )
        on_sqlite = sqlite()
        browser_ended = stack.enter_context(browser(suite, on_sqlite))
        reading(suite)
        tests(suite, on_sqlite, on_postgres and on_postgres())
        browser_ended()


def reading(suite: Suite) -> None:
    """What is found without running a test."""
    suite.step("Gabarits (djlint)", ["djlint", "templates", "--lint"])
    suite.step(
        "Réglages de production (check --deploy)",
        ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        ALLOWED_HOSTS="partenariats.example",
        FIELD_ENCRYPTION_KEYS="MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        TSA_URL="https://horodatage.example/",
    )
    # After check: where the site cannot be loaded, Django says why better than mypy's plugin does.
    with migrations(suite) as migrations_ended:
        suite.step("Types (mypy)", ["mypy"])
        migrations_ended()


def tests(suite: Suite, sqlite: dict[str, str], on_postgres: dict[str, str] | None) -> None:
    """On each engine's prepared database, one after the other: on PostgreSQL, what SQLite did not prove of it."""
    pdf = suite.available("Outils PDF", lambda: all(map(shutil.which, PDF_TOOLS)), ["poppler-utils", "qpdf"])
    suite.available("nginx", lambda: nginx() is not None, ["nginx-light"])  # its tests skip themselves
    chosen = "not browser and not drill" if pdf else "not browser and not drill and not pdf"
    noted, left_out = suite.data / "queries", suite.data / "left-out"
    noted.mkdir()
    suite.tests("Tests (SQLite)", *SPREAD, "-m", chosen, f"--note-queries={noted}", **sqlite)
    if on_postgres is not None:
        chooser = ["python", "-m", "conventions.tests.queries", noted, left_out]
        suite.step("Ce que PostgreSQL doit refaire", chooser)
        suite.tests(
            *("Tests (PostgreSQL)", *SPREAD, "-m", f"engine and {chosen}", f"--leave-out={left_out}"),
            **on_postgres,
        )


@contextmanager
def browser(suite: Suite, sqlite: dict[str, str]) -> Iterator[Callable[[], None]]:
    """The tests in a browser, begun: they wait much. What is given waits for their end; a missing Chromium is seen."""
    if not suite.available("Tests (navigateur)", lambda: chromium() is not None, ["chromium"]):
        yield lambda: None
        return
    folder = suite.data / "browser"  # of its own: others write in the folder of the run
    folder.mkdir()
    told = {"CHROMIUM": chromium() or "", "DJANGO_ALLOW_ASYNC_UNSAFE": "true", "DATA_DIR": str(folder)}
    options = ("-m", "browser", "conventions/tests/browser")
    with suite.tests_beside("Tests (navigateur)", *options, **(sqlite | told)) as ended:
        yield ended


def whole_on_postgres(suite: Suite) -> None:
    """Every test that touches the database, those too that a full run leaves out."""
    if not suite.available("Tests (PostgreSQL)", lambda: postgres.binaries() is not None, ["postgresql"]):
        return
    with (
        postgres.server() as url,
        suite.prepared("Base d’essai (PostgreSQL)", "test_prepared", DATABASE_URL=url) as ready,
    ):
        suite.tests(
            *("Tests (PostgreSQL, tous)", *SPREAD, "-m", "engine and not browser and not drill and not pdf"),
            **ready(),
        )


def drills(suite: Suite) -> None:
    """Each on SQLite, one at a time; those that depend on the engine on PostgreSQL too."""
    with_postgres = suite.available("PostgreSQL", lambda: postgres.binaries() is not None, ["postgresql"])
    suite.available("Outils PDF", lambda: all(map(shutil.which, PDF_TOOLS)), ["poppler-utils", "qpdf"])
    with suite.prepared("Base d’essai (SQLite)", str(suite.data / "prepared.sqlite3")) as ready:
        sqlite = ready()
    for title, tests in DRILLS.items():
        suite.tests(title, "-m", "not browser", *tests, **sqlite)
    if not with_postgres:
        return
    with (
        postgres.server() as url,
        suite.prepared("Base d’essai (PostgreSQL)", "test_prepared", DATABASE_URL=url) as ready,
    ):
        for title in ON_BOTH:
            suite.tests(f"{title} (PostgreSQL)", "-m", "not browser", *DRILLS[title], **ready())


def main() -> int:
    plans = {"quick": quick, "full": full, "postgres": whole_on_postgres, "drills": drills}
    if len(sys.argv) != 2 or sys.argv[1] not in plans:
        say(__doc__.strip())
        return 2
    leave_on_signals()
    report = Report()
    try:
        bootstrap.prepare(dev=True)
        with ExitStack() as stack:
            data = stack.enter_context(tempfile.TemporaryDirectory(prefix="opt-", dir=in_memory()))
            plans[sys.argv[1]](Suite(report, Path(data)))
    except Fault as fault:
        report.show()
        say(f"\n✗ {fault}")
        return 1
    except KeyboardInterrupt:
        report.show()
        say("\n✗ Interrompu.")
        return 130
    report.show()
    say("\n✓ Tout est en ordre.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
