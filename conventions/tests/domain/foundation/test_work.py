"""Tasks: each in the queue of its kind; old ones are forgotten; a database that goes away ends no worker."""

import datetime
import sqlite3

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult, get_date_max

from conventions.domain.acts.lifecycle.effects import ATTEST_WORKER, SEAL_WORKER
from conventions.domain.foundation import jobs, outbox, work
from conventions.enums import MailState
from conventions.models import OutgoingMail
from conventions.tests import factories as f
from conventions.tests.signing import world as signing_world

pytestmark = pytest.mark.django_db
DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": [*work.QUEUES, "default"]}}


@pytest.fixture
def queued(settings):
    """Tasks wait in the database, as on a site."""
    settings.TASKS = DATABASE


def waiting():
    """[(queue, what is called)], the most urgent first."""
    rows = DBTaskResult.objects.all()
    return [(row.queue_name, row.args_kwargs["args"][0]) for row in rows]


def test_each_kind_waits_in_its_queue_and_codes_come_first(queued, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.start_job(next(iter(jobs.JOBS)), owner=None, label="Essai (fictif)", arguments={})
        outbox.queue("acte_valide", params={"act": 1})
        outbox.queue("code_connexion", params={"code": 1})
    work.enqueue(SEAL_WORKER, 1, queue=work.SEALS)
    assert waiting() == [
        ("codes", outbox.WORKER), ("signatures", SEAL_WORKER), ("courriels", outbox.WORKER), ("travaux", jobs.WORKER),
    ]  # fmt: skip


def test_signature_asks_for_its_seal_and_its_attestation_in_their_queue(
    queued, django_capture_on_commit_callbacks
):
    from conventions.domain.acts import signing

    world = signing_world.frozen(order="ensemble")
    director = world.directors[0]
    asked = world.request_of(director)
    entry = signing.Entry(typed_name=str(asked.signatory), consents=True, shown_sha256=asked.document.sha256)
    with django_capture_on_commit_callbacks(execute=True):
        signing.sign_with_account(asked, entry, by=director, second_factor=True)
    assert ("signatures", SEAL_WORKER) in waiting()
    assert ATTEST_WORKER in work.WORKERS


def task(**columns):
    row = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="x",
        run_after=get_date_max(),
        backend_name="default",
    )
    ago = {name: timezone.now() - value for name, value in columns.items() if name != "status"}
    DBTaskResult.objects.filter(pk=row.pk).update(**columns | ago)
    return row


@pytest.mark.parametrize(
    ("columns", "kept"),
    [
        ({"status": "SUCCESSFUL", "finished_at": datetime.timedelta(days=4)}, False),
        ({"status": "FAILED", "finished_at": datetime.timedelta(days=4)}, False),
        ({"status": "SUCCESSFUL", "finished_at": datetime.timedelta(days=2)}, True),
        ({"status": "RUNNING", "enqueued_at": datetime.timedelta(days=8)}, False),
        ({"status": "READY", "enqueued_at": datetime.timedelta(days=8)}, False),
        ({"status": "READY", "enqueued_at": datetime.timedelta(days=6)}, True),
        (
            {
                "status": "READY",
                "enqueued_at": datetime.timedelta(days=8),
                "run_after": datetime.timedelta(days=-1),
            },
            True,
        ),
    ],
)
def test_old_tasks_are_forgotten(columns, kept):
    task(**columns)
    assert work.prune() == (0 if kept else 1)
    assert DBTaskResult.objects.exists() == kept


def test_many_old_tasks_go_by_parts(monkeypatch):
    monkeypatch.setattr(work, "PRUNED_AT_ONCE", 2)
    for _rank in range(3):
        task(status="SUCCESSFUL", finished_at=datetime.timedelta(days=9))
    assert [work.prune() for _time in range(3)] == [2, 1, 0]


def disturbed():
    """The database is locked by somebody else, or closed its connection; what ends that."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"])
        other.execute("BEGIN EXCLUSIVE")
        return other.close
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone()
    with connection._nodb_cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [mine])
    return lambda: None


@pytest.mark.django_db(transaction=True)
def test_worker_outlives_a_database_that_does_not_answer(queued, monkeypatch, mailoutbox):
    outbox.queue("convention_a_signer", params={"act": f.ConventionFactory(act="signe").acts.get().pk})
    if connection.vendor == "sqlite":
        connection.close()
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    pauses, ends = [], disturbed()

    def wait(seconds):
        pauses.append(seconds)
        ends()

    monkeypatch.setattr("time.sleep", wait)
    call_command("taches", "courriels", "--une-fois")
    # A closed connection is seen before the first query, and opened anew without a pause.
    paused = [1] if connection.vendor == "sqlite" else []
    assert (pauses, DBTaskResult.objects.get().status) == (paused, "SUCCESSFUL")


def test_pauses_grow_while_it_is_away(monkeypatch):
    pauses, faults = [], [OperationalError("server closed")] * 6

    def run(worker):
        if faults:
            raise faults.pop()

    monkeypatch.setattr(Worker, "run", run)
    monkeypatch.setattr("time.sleep", pauses.append)
    monkeypatch.setattr(connection, "close", lambda: None)
    call_command("taches", "codes")
    assert pauses == [1, 2, 5, 10, 10, 10]


@pytest.mark.django_db(transaction=True)
def test_what_was_asked_before_the_queues_goes_with_the_mails(queued):
    work.run.enqueue(outbox.WORKER, 0)
    call_command("taches", "codes", "signatures", "travaux", "--une-fois")
    assert DBTaskResult.objects.get().status == "READY"
    call_command("taches", "courriels", "--une-fois")
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_fault_of_ours_is_no_pause(monkeypatch):
    monkeypatch.setattr(Worker, "run", lambda worker: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("taches")


def test_queue_that_does_not_exist_is_refused():
    with pytest.raises(CommandError, match="codes, signatures, courriels, travaux"):
        call_command("taches", "lettres")


@pytest.mark.django_db(transaction=True)
def test_worker_serves_its_queues_alone(queued, mailoutbox):
    act = f.ConventionFactory(act="signe").acts.get()
    mail = outbox.queue("convention_a_signer", params={"act": act.pk})
    call_command("taches", "codes", "--une-fois")
    assert (OutgoingMail.objects.get(pk=mail.pk).state, mailoutbox) == (MailState.PENDING, [])
    assert waiting() == [("courriels", outbox.WORKER)]
    call_command("taches", "--une-fois")
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
