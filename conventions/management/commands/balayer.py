"""Finish what was left: mails, jobs whose worker died, old codes, scans and kept files, acts past their last day.

Run it every minute. Once a day it also starts the reminders and asks for the summaries. What fails stops nothing else:
the command says it at the end, with an exit code that is not 0 unless it goes on for ever.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.acts import lifecycle, scans
from conventions.domain.acts.signing import sealing
from conventions.domain.documents import kept_files
from conventions.domain.documents.sealing import renewing
from conventions.domain.foundation import jobs, throttling
from conventions.domain.foundation.failures import Failures
from conventions.domain.journal import digests
from conventions.domain.mails import daily_reminders, delivery
from conventions.domain.people import login_codes
from conventions.domain.people.security import sessions
from conventions.domain.space import contact_details
from conventions.domain.space import kept_files as kept_of_associations
from conventions.enums import MailState
from conventions.formats import counted
from conventions.models import OutgoingMail


class Command(BaseCommand):
    help = "Renvoie les courriels en attente, reprend les travaux interrompus, efface codes et fichiers abandonnés."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--toutes-les",
            type=int,
            metavar="SECONDES",
            help="Recommencer sans fin, à cet intervalle, au lieu de passer une seule fois.",
        )

    def handle(self, *args: Any, toutes_les: int | None = None, **options: Any) -> None:
        failures = self.sweep()
        if failures.told and not toutes_les:
            raise CommandError(failures.summary)
        while toutes_les:
            if failures.told:
                self.stderr.write(failures.summary)
            time.sleep(toutes_les)
            failures = self.sweep()

    def sweep(self) -> Failures:
        """Each step apart. Mails come last: a server that does not answer delays nothing else."""
        failures = Failures()
        step = partial(_step, failures)
        step("Rappels du jour", daily_reminders.start_of_the_day)
        step("Résumés quotidiens", partial(delivery.queue_summaries, failures))
        step("Horodatages", renewing.start_of_the_day)
        given_up = step("Travaux trop anciens", jobs.give_up_old)
        taken_up = step("Travaux interrompus", partial(_take_up_jobs, failures))
        erased = step("Codes de connexion", login_codes.purge) + step(
            "Codes d’adresse", contact_details.purge
        )
        ended = step("Actes expirés", partial(lifecycle.expire_overdue, failures))
        step("Connexions fermées", sessions.purge)
        step("Essais des réseaux", throttling.purge)
        step("Empreinte du journal", self.seal_day)
        pictures = step("Fichiers de scans", partial(scans.purge, failures))
        forgotten = step("Fichiers gardés", partial(kept_of_associations.purge, failures)) + step(
            "Fichiers gardés du personnel", partial(kept_files.purge, failures)
        )
        sealed = step("Sceaux", partial(sealing.finish, failures))
        mails: list[OutgoingMail] = []
        with failures.of("Courriels"):
            mails = delivery.send_due(failures)
        sent = sum(mail.state == MailState.SENT for mail in mails)
        if mails or given_up or taken_up or erased or pictures or ended or sealed or forgotten:
            self.stdout.write(
                f"Courriels envoyés : {sent} sur {len(mails)}. "
                f"Travaux repris : {taken_up}, abandonnés : {given_up}. "
                f"{counted(erased, 'code effacé', 'codes effacés')}, "
                f"{counted(pictures, 'fichier de scan effacé', 'fichiers de scan effacés')}, "
                f"{counted(forgotten, 'fichier gardé effacé', 'fichiers gardés effacés')}, "
                f"{counted(ended, 'acte expiré', 'actes expirés')}. "
                f"Sceaux repris : {sealed}."
            )
        return failures

    def seal_day(self) -> None:
        digest = digests.seal_day()
        if digest is not None:
            self.stdout.write(f"Empreinte du journal : {digest.line}")


def _step(failures: Failures, name: str, work: Callable[[], object]) -> int:
    """Do one step; what it counts, 0 when it fails or counts nothing."""
    with failures.of(name):
        found = work()
        return found if isinstance(found, int) else 0
    return 0


def _take_up_jobs(failures: Failures) -> int:
    taken_up = 0
    for pk in jobs.left_behind():
        with failures.of(f"Travail {pk}"):
            taken_up += jobs.run_job(pk) is not None
    return taken_up
