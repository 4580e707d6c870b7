"""Finish what was left: mails, jobs whose worker died, old codes, scans and kept files, acts past their last day.

Run it every minute. Once a day it also starts the reminders and asks for the summaries.
"""

import time

from django.core.management.base import BaseCommand

from conventions.domain.acts import lifecycle, scans
from conventions.domain.acts.signing import sealing
from conventions.domain.foundation import jobs, throttling
from conventions.domain.journal import digests
from conventions.domain.mails import daily_reminders, delivery
from conventions.domain.people import login_codes
from conventions.domain.people.security import sessions
from conventions.domain.space import contact_details, kept_files
from conventions.enums import MailState
from conventions.formats import counted


class Command(BaseCommand):
    help = "Renvoie les courriels en attente, reprend les travaux interrompus, efface codes et fichiers abandonnés."

    def add_arguments(self, parser):
        parser.add_argument(
            "--toutes-les",
            type=int,
            metavar="SECONDES",
            help="Recommencer sans fin, à cet intervalle, au lieu de passer une seule fois.",
        )

    def handle(self, *args, toutes_les=None, **options):
        self.sweep()
        while toutes_les:
            time.sleep(toutes_les)
            self.sweep()

    def sweep(self):
        daily_reminders.start_of_the_day()
        delivery.queue_summaries()
        mails = [mail for pk in delivery.due() if (mail := delivery.deliver(pk))]
        sent = sum(mail.state == MailState.SENT for mail in mails)
        given_up = jobs.give_up_old()
        taken_up = [row for pk in jobs.left_behind() if (row := jobs.run_job(pk))]
        erased = login_codes.purge() + contact_details.purge()
        ended = lifecycle.expire_overdue()
        sessions.purge()
        throttling.purge()
        digest = digests.seal_day()
        if digest is not None:
            self.stdout.write(f"Empreinte du journal : {digest.line}")
        pictures = scans.purge()
        forgotten = kept_files.purge()
        sealed = sealing.finish()
        if mails or given_up or taken_up or erased or pictures or ended or sealed or forgotten:
            self.stdout.write(
                f"Courriels envoyés : {sent} sur {len(mails)}. "
                f"Travaux repris : {len(taken_up)}, abandonnés : {given_up}. "
                f"{counted(erased, 'code effacé', 'codes effacés')}, "
                f"{counted(pictures, 'fichier de scan effacé', 'fichiers de scan effacés')}, "
                f"{counted(forgotten, 'fichier gardé effacé', 'fichiers gardés effacés')}, "
                f"{counted(ended, 'acte expiré', 'actes expirés')}. "
                f"Sceaux repris : {sealed}."
            )
