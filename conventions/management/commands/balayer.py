"""Finish what was left: mails, jobs whose worker died, old codes, scans and kept files, acts past their last day.

Run it every minute. Once a day it also starts the reminders and asks for the summaries. What fails stops nothing else:
the command says it at the end, with an exit code that is not 0 unless it goes on for ever.
"""

import time
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.acts import lifecycle, scans
from conventions.domain.acts.signing import sealing
from conventions.domain.documents import kept_files
from conventions.domain.documents.sealing import renewing
from conventions.domain.foundation import jobs, throttling, work
from conventions.domain.foundation.failures import Failures
from conventions.domain.journal import clock, digests
from conventions.domain.mails import daily_reminders, delivery
from conventions.domain.people import kept_texts, login_codes
from conventions.domain.people.security import proving, sessions
from conventions.domain.service.sweeping import Sweep
from conventions.domain.space import addresses
from conventions.domain.space import kept_files as kept_of_associations
from conventions.enums import MailState
from conventions.exchange import workbooks
from conventions.exchange.equipment import desk
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
        sweep = Sweep(failures, held=self.look_at_the_clock(failures))
        step, dated = sweep.step, partial(sweep.step, dated=True)
        dated("Rappels du jour", daily_reminders.start_of_the_day)
        dated("Résumés quotidiens", partial(delivery.queue_summaries, failures))
        dated("Horodatages", renewing.start_of_the_day)
        given_up = dated("Travaux trop anciens", jobs.give_up_old)
        taken_up = step("Travaux interrompus", partial(_take_up_jobs, failures))
        dated("Adresses de connexion", partial(addresses.apply_due, failures))
        erased = dated("Codes de connexion", login_codes.purge)
        erased += dated("Codes d’adresse", addresses.purge)
        erased += dated("Codes de confirmation", proving.purge)
        ended = dated("Actes expirés", partial(lifecycle.expire_overdue, failures))
        dated("Connexions fermées", sessions.purge)
        dated("Essais des réseaux", throttling.purge)
        dated("Textes gardés", kept_texts.purge)
        dated("Tâches finies", work.prune)
        dated("Empreinte du journal", self.seal_days)
        pictures = step("Fichiers de scans", partial(scans.purge, failures))
        forgotten = dated("Fichiers gardés", partial(kept_of_associations.purge, failures))
        forgotten += dated("Classeurs", partial(workbooks.purge, failures))
        forgotten += dated("Fichiers importés", partial(desk.purge, failures))
        forgotten += dated("Fichiers gardés du personnel", partial(kept_files.purge, failures))
        sealed = dated("Sceaux", partial(sealing.finish, failures))
        mails: list[OutgoingMail] = []
        step("Courriels", lambda: mails.extend(delivery.send_due(failures)))
        sweep.ends()
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

    def look_at_the_clock(self, failures: Failures) -> str:
        """Why what depends on the date waits; that it waits is a failure of the pass, told once."""
        held = ""
        with failures.of("Horloge"):
            held = clock.observe()
        if held:
            failures.told.append(held.rstrip("."))
        return held

    def seal_days(self) -> None:
        for digest in digests.seal_missed():
            self.stdout.write(f"Empreinte du journal : {digest.line}")


def _take_up_jobs(failures: Failures) -> int:
    taken_up = 0
    for pk in jobs.left_behind():
        with failures.of(f"Travail {pk}"):
            taken_up += jobs.run_job(pk) is not None
    return taken_up
