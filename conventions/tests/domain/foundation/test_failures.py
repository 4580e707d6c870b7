"""A batch goes on after what fails, and tells it: the sweep, the reminders, each of their items."""

import datetime
import io

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.utils import timezone

from conventions.domain import worklist
from conventions.domain.acts import lifecycle, scans
from conventions.domain.acts.signing import sealing
from conventions.domain.foundation import jobs, outbox, throttling
from conventions.domain.foundation.failures import Failures
from conventions.domain.journal import digests
from conventions.domain.mails import daily_reminders, delivery
from conventions.domain.people import kept_texts, login_codes
from conventions.domain.people.security import proving, sessions
from conventions.domain.space import addresses, kept_files
from conventions.enums import JobState, MailRhythm, MailState
from conventions.models import HeldMail, Job, KeptFile, OutgoingMail
from conventions.tests import factories as f
from conventions.tests.domain.mails.test_delivery import queued, signed_up

pytestmark = pytest.mark.django_db
# What the sweep calls, and the words by which it tells that it failed.
STEPS = {
    (daily_reminders, "start_of_the_day"): "Rappels du jour",
    (delivery, "queue_summaries"): "Résumés quotidiens",
    (jobs, "give_up_old"): "Travaux trop anciens",
    (jobs, "left_behind"): "Travaux interrompus",
    (login_codes, "purge"): "Codes de connexion",
    (addresses, "apply_due"): "Adresses de connexion",
    (addresses, "purge"): "Codes d’adresse",
    (proving, "purge"): "Codes de confirmation",
    (lifecycle, "expire_overdue"): "Actes expirés",
    (sessions, "purge"): "Connexions fermées",
    (throttling, "purge"): "Essais des réseaux",
    (digests, "seal_missed"): "Empreinte du journal",
    (kept_texts, "purge"): "Textes gardés",
    (scans, "purge"): "Fichiers de scans",
    (kept_files, "purge"): "Fichiers gardés",
    (sealing, "finish"): "Sceaux",
}


def fails(*_anything, **_more):
    raise OSError("secret")


def run(command, *arguments):
    """What the command says, and what it says of its failures; empty without any."""
    out = io.StringIO()
    try:
        call_command(command, *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


@pytest.mark.parametrize(("step", "told"), STEPS.items(), ids=STEPS.values())
def test_step_of_the_sweep_that_fails_is_told_and_stops_no_other(monkeypatch, mailoutbox, step, told):
    mail = queued("convention_a_signer", act=signed_up().pk)
    monkeypatch.setattr(*step, fails)
    out, failed = run("balayer")
    mail.refresh_from_db()
    assert (mail.state, "Courriels envoyés : 1 sur 1." in out) == (MailState.SENT, True)
    assert failed == f"1\u00a0échec\u00a0: {told} (OSError). Le reste est fait."


def test_every_step_may_fail_at_once(monkeypatch):
    for step in STEPS:
        monkeypatch.setattr(*step, fails)
    monkeypatch.setattr(delivery, "due", fails)
    _out, failed = run("balayer")
    assert failed.startswith("17\u00a0échecs\u00a0: Rappels du jour (OSError)\u202f; ")


def test_sweep_without_failure_ends_well():
    assert run("balayer")[1] == ""


def test_endless_sweep_tells_its_failures_and_goes_on(monkeypatch):
    rounds, err = [], io.StringIO()

    def wait(_seconds):
        rounds.append(err.getvalue().count("échec"))
        if len(rounds) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", wait)
    monkeypatch.setattr(throttling, "purge", fails)
    with pytest.raises(KeyboardInterrupt):
        call_command("balayer", "--toutes-les", "1", stderr=err)
    assert rounds == [1, 2]


def test_mail_that_cannot_even_be_claimed_stops_no_other(monkeypatch, mailoutbox):
    act = signed_up()
    first, second = (queued("convention_a_signer", act=act.pk) for _ in range(2))
    deliver = delivery.deliver
    monkeypatch.setattr(delivery, "deliver", lambda pk: fails() if pk == first.pk else deliver(pk))
    _out, failed = run("balayer")
    assert failed == f"1\u00a0échec\u00a0: Courriel {first.pk} (OSError). Le reste est fait."
    assert [row.pk for row in OutgoingMail.objects.filter(state=MailState.SENT)] == [second.pk]


class Stuck(FileSystemStorage):
    """A disk that no longer erases one file."""

    def delete(self, name):
        if name == "kept/1":
            raise OSError("secret")
        super().delete(name)


@pytest.mark.django_db(transaction=True)
def test_file_that_cannot_be_erased_stops_no_other(settings, at):
    settings.STORAGES = settings.STORAGES | {
        "private": {"BACKEND": f"{__name__}.Stuck", "OPTIONS": {"location": str(settings.PRIVATE_ROOT)}}
    }
    user = f.PresidentFactory()
    for rank in range(3):
        row = KeptFile.objects.create(
            user=user, form=f"rib:{rank}", original_name="rib.pdf", size=1, stored_as=f"kept/{rank}"
        )
        KeptFile.objects.filter(pk=row.pk).update(kept_at=timezone.now() - 2 * kept_files.FOR)
    failures = Failures()
    assert kept_files.purge(failures) == 2
    assert (len(failures.told), KeptFile.objects.count()) == (1, 0)


@pytest.fixture
def late():
    """Two texts, to review and to freeze, that wait since long: two reminders."""
    f.UserFactory(role="juriste")
    long_ago = timezone.now() - datetime.timedelta(days=30)
    review, approved = f.ConventionFactory(act="en_relecture"), f.ConventionFactory(act="valide")
    review.acts.update(submitted_at=long_ago)
    approved.acts.update(submitted_at=long_ago, approved_at=long_ago)
    return review, approved


@pytest.mark.parametrize("arguments", [(), ("--a-blanc",)])
def test_kind_of_reminder_that_cannot_be_read_stops_no_other(monkeypatch, late, arguments):
    read = worklist.tasks_of
    monkeypatch.setattr(
        worklist,
        "tasks_of",
        lambda rule, **values: fails() if rule.code == "relire" else read(rule, **values),
    )
    out, failed = run("relancer", *arguments)
    assert late[1].title in out
    assert (
        failed
        == "1\u00a0échec\u00a0: Rappels «\u00a0À relire et à valider\u00a0» (OSError). Le reste est fait."
    )


def test_reminder_that_fails_stops_no_other(monkeypatch, late):
    ask = outbox.queue_once

    def queue_once(template, *, key, **values):
        return fails() if ":relire:" in key else ask(template, key=key, **values)

    monkeypatch.setattr(outbox, "queue_once", queue_once)
    out, failed = run("relancer")
    assert "1\u00a0rappel demandé." in out
    assert failed.startswith("1\u00a0échec\u00a0: ")
    assert OutgoingMail.objects.filter(dedupe_key__startswith="rappel:figer:").count() == 1


def test_job_of_the_reminders_says_what_failed(monkeypatch, late):
    monkeypatch.setattr(daily_reminders, "_of_invitations", fails)
    job = jobs.start_job(
        daily_reminders.JOB,
        owner=None,
        label="Relances",
        arguments={"jour": timezone.localdate().isoformat()},
    )
    jobs.run_job(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert (job.state, job.error) == (
        JobState.FAILED,
        "2\u00a0rappels demandés. 1\u00a0échec\u00a0: Rappels des invitations à signer (OSError). Le reste est fait.",
    )


def test_summary_that_fails_stops_no_other(monkeypatch, at):
    readers = [f.UserFactory(role="gestionnaire") for _ in range(3)]
    for reader in readers:
        delivery.preferences.choose(reader, {"acte_valide": MailRhythm.DAILY})
        HeldMail.objects.create(mail=f.OutgoingMailFactory(template="acte_valide"), user=reader)
    take = delivery.preferences.take_held
    monkeypatch.setattr(
        delivery.preferences,
        "take_held",
        lambda user, day: fails() if user == readers[0].pk else take(user, day),
    )
    failures = Failures()
    with at(2026, 3, 2, 9):
        assert delivery.queue_summaries(failures) == 2
    assert failures.told == [f"Résumé du compte {readers[0].pk} (OSError)"]
    assert list(HeldMail.objects.waiting().values_list("user", flat=True)) == [readers[0].pk]
