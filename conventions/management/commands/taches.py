"""Do the tasks of some queues, one after the other, until stopped: mails, seals, long jobs.

A database that is locked, restarted or away for a while stops no worker: it waits, and goes on. Asked to stop, it ends
the task that it is doing.
"""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection
from django.utils.crypto import get_random_string
from django_tasks.base import DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.management.commands.db_worker import Worker

from conventions.domain.foundation import work

logger = logging.getLogger(__name__)
PAUSES = (1, 2, 5, 10)  # seconds before each new try; the last one again and again


class PatientWorker(Worker):
    """The library's worker, which a database that does not answer would end."""

    def run(self) -> None:
        faults = 0
        while self.running:
            done = self._run_tasks
            try:
                super().run()
                return
            except Error as error:
                faults = 0 if self._run_tasks > done else faults
                pause = PAUSES[min(faults, len(PAUSES) - 1)]
                faults += 1
                logger.warning("La base ne répond pas (%s) : nouvel essai dans %s s", error, pause)
                _let_go()
                time.sleep(pause)


def _let_go() -> None:
    """Leave the connection: the next query opens another."""
    try:
        connection.close()
    except Error:
        connection.connection = None


class Command(BaseCommand):
    help = "Fait les tâches des files, l’une après l’autre, jusqu’à ce qu’on l’arrête."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            metavar="FILE",
            help=f"Files à servir : {', '.join(work.QUEUES)}. Aucune : toutes, la plus pressée d’abord.",
        )
        parser.add_argument(
            "--une-fois",
            action="store_true",
            help="S’arrêter quand plus rien n’attend, au lieu d’attendre la suite.",
        )

    def handle(self, *args: Any, files: list[str], une_fois: bool = False, **options: Any) -> None:
        unknown = sorted(set(files) - set(work.QUEUES))
        if unknown:
            known = ", ".join(work.QUEUES)
            raise CommandError(f"La file « {unknown[0]} » n’existe pas. Choisissez parmi : {known}.")
        # What was asked for before the queues were apart goes with the mails.
        former = [DEFAULT_TASK_QUEUE_NAME] if work.MAILS in files else []
        worker = PatientWorker(
            queue_names=[*files, *former] or ["*"],
            interval=0 if une_fois else 1,
            batch=une_fois,
            backend_name="default",
            startup_delay=True,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        worker.configure_signals()
        worker.run()
