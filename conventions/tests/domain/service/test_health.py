"""The state of the service: each part says when it is late, and nothing of it reaches strangers."""

import datetime
import io
import shutil
from collections import namedtuple

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from conventions.domain.documents import sealing
from conventions.domain.service import health, sweeping
from conventions.domain.service.health import Level
from conventions.enums import MailState
from conventions.models import Act, ClockWatch, JournalDigest, OutgoingMail, SweepStep
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
KEY = "clé-de-sonde"


def ago(**span):
    return timezone.now() - datetime.timedelta(**span)


def part(code):
    """(level, what it says)"""
    found = next(one for one in health.report() if one.code == code)
    return found.level, found.told


def mail(**columns):
    row = f.OutgoingMailFactory()
    OutgoingMail.objects.filter(pk=row.pk).update(**columns)


@pytest.mark.parametrize(
    ("columns", "level"),
    [
        ({"created_at": 5}, Level.FINE),
        ({"created_at": 20}, Level.WARNING),
        ({"created_at": 200}, Level.ALARM),
        ({"created_at": 200, "not_before": -10}, Level.FINE),
        ({"created_at": 60, "not_before": 20}, Level.WARNING),
        ({"created_at": 200, "leased_until": -5}, Level.FINE),
        ({"created_at": 200, "state": MailState.FAILED}, Level.FINE),
    ],
)
def test_mails_are_late_from_their_turn(columns, level):
    """Minutes ago; negative: to come."""
    mail(**{name: ago(minutes=value) if isinstance(value, int) else value for name, value in columns.items()})
    assert part("courriels")[0] == level


def test_late_mails_are_counted_in_french():
    mail(created_at=ago(minutes=40))
    mail(created_at=ago(minutes=30))
    assert part("courriels")[1] == ("2\u00a0courriels en retard, le premier demandé il y a 40\u00a0minutes.")


def test_seal_that_waits_or_fails_is_told():
    act = f.ConventionFactory(act="a_signer", act__path="en_ligne").acts.get()
    Act.objects.filter(pk=act.pk).update(state="a_sceller", updated_at=ago(minutes=5))
    assert part("sceaux") == (Level.FINE, "aucun en attente")
    Act.objects.filter(pk=act.pk).update(updated_at=ago(minutes=20))
    assert part("sceaux")[0] == Level.WARNING
    Act.objects.filter(pk=act.pk).update(updated_at=timezone.now(), seal_error="Le disque est plein.")
    assert part("sceaux") == (
        Level.WARNING,
        "1\u00a0acte en attente d’un sceau\u00a0: la page «\u00a0Sceau\u00a0» dit pourquoi.",
    )


def test_sweep_that_never_came_is_late_or_fails_always_is_told():
    assert part("balayage")[0] == Level.WARNING
    call_command("balayer", stdout=io.StringIO())
    assert part("balayage")[0] == Level.FINE
    SweepStep.objects.filter(name="Sceaux").update(failed_in_a_row=3, error="Sceaux (OSError)")
    assert part("balayage") == (
        Level.WARNING,
        "Étapes en échec à chaque passage\u00a0: Sceaux (OSError).",
    )
    SweepStep.objects.update(ran_at=ago(minutes=11))
    assert part("balayage")[0] == Level.ALARM


def test_silence_of_the_digests_is_an_alarm(at):
    with at(2026, 3, 2, 9):
        f.JournalEntryFactory(at=ago(days=3))
        assert part("empreinte")[0] == Level.ALARM
        call_command("sceller_journal", stdout=io.StringIO())
        assert part("empreinte") == (Level.FINE, "celle du 1er mars 2026")
    with at(2026, 3, 3, 2):
        assert part("empreinte")[0] == Level.FINE
    with at(2026, 3, 3, 4):
        assert part("empreinte") == (
            Level.ALARM, "Le journal n’a plus d’empreinte depuis celle du 1er mars 2026."
        )  # fmt: skip
    with at(2026, 2, 1, 4):
        assert part("empreinte")[0] == Level.WARNING


def test_journal_begun_today_awaits_no_digest():
    f.JournalEntryFactory(at=timezone.now())
    assert (part("empreinte"), JournalDigest.objects.count()) == ((Level.FINE, "aucune encore"), 0)


@pytest.mark.parametrize(
    ("free", "level"),
    [(50_000_000_000, Level.FINE), (1_500_000_000, Level.WARNING), (9_000_000, Level.ALARM)],
)
def test_disk_that_fills_up_is_told(monkeypatch, free, level):
    usage = namedtuple("usage", "total used free")(10**12, 0, free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert part("disque")[0] == level


def test_certificate_that_ends_is_told(monkeypatch):
    monkeypatch.setattr(sealing, "warnings", lambda: ["Le certificat du sceau expire."])
    assert part("certificats") == (Level.WARNING, "Le certificat du sceau expire.")


def test_clock_that_waits_is_an_alarm():
    ClockWatch.objects.create(
        pk=1, seen_at=timezone.now(), held_since=timezone.now(), reason="Elle a avancé."
    )
    level, told = part("horloge")
    assert (level, told.startswith("Elle a avancé. Les numéros")) == (Level.ALARM, True)


def test_queue_that_nobody_serves_is_named():
    for queue in ("courriels", "courriels", "travaux"):
        row = DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}}, task_path="x", run_after=ago(minutes=9),
            backend_name="default", queue_name=queue,
        )  # fmt: skip
        DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=ago(minutes=9))
    assert part("taches")[1] == (
        "Personne ne fait les tâches de\u00a0: courriels, travaux. Démarrez «\u00a0manage.py taches\u00a0»."
    )


def test_part_that_cannot_be_read_is_an_alarm_and_hides_no_other(monkeypatch):
    def fails():
        raise DatabaseError("secret")

    monkeypatch.setattr(sweeping, "last_pass", fails)
    assert part("balayage") == (Level.ALARM, "Illisible pour l’instant.")
    assert len(health.report()) == len(health.SERVING) + len(health.WATCHED)


def test_strangers_read_yes_or_no_and_nothing_else(client, settings):
    settings.HEALTH_KEY = KEY
    mail(created_at=ago(days=1))
    for headers in (
        {},
        {"authorization": "Bearer faux"},
        {"authorization": KEY},
        {"authorization": "Basic x"},
    ):
        response = client.get("/sante/", headers=headers)
        assert (response.status_code, response.json()) == (200, {"etat": "ok"})


def test_without_a_key_in_the_settings_nobody_has_it(client, settings):
    settings.HEALTH_KEY = ""
    assert client.get("/sante/", headers={"authorization": "Bearer "}).json() == {"etat": "ok"}


def test_who_has_the_key_reads_every_part(client, settings):
    settings.HEALTH_KEY = KEY
    call_command("balayer", stdout=io.StringIO())
    response = client.get("/sante/", headers={"authorization": f"Bearer {KEY}"})
    told = response.json()
    assert set(told["parties"]) == {*health.SERVING, *health.WATCHED}
    assert told["parties"]["horloge"] == {"etat": "ok", "dit": "à l’heure"}
    mail(created_at=ago(days=1))
    response = client.get("/sante/", headers={"authorization": f"Bearer {KEY}"})
    assert (response.status_code, response.json()["etat"]) == (503, "en panne")


def test_exit_codes_of_the_command(monkeypatch):
    said = io.StringIO()
    call_command("balayer", stdout=io.StringIO())
    call_command("sante", stdout=said)
    assert said.getvalue().splitlines()[0] == "✓ Base de données : répond"
    for created_at, code in ((ago(minutes=20), 1), (ago(days=1), 2)):
        mail(created_at=created_at)
        with pytest.raises(CommandError) as told:
            call_command("sante", stdout=io.StringIO())
        assert told.value.returncode == code
    call_command("sante", "--seulement", "disque", "horloge", stdout=io.StringIO())
    with pytest.raises(CommandError, match="« lune » n’existe pas"):
        call_command("sante", "--seulement", "lune")
