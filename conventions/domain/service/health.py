"""The state of the service, part by part: for a probe, the administrators' first page, `manage.py sante`.

Each part is read apart, and one that cannot be read is an alarm. `serves` is all that strangers may know.
"""

from __future__ import annotations

import datetime
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.timesince import timesince

from conventions.domain import worklist
from conventions.domain.documents import sealing
from conventions.domain.foundation.durable import takes_files
from conventions.domain.journal import clock
from conventions.domain.service import sweeping
from conventions.enums import ActState, SigningPath
from conventions.formats import counted, long_date, show_size, typeset
from conventions.models import Act, JournalDigest, JournalEntry, OutgoingMail

logger = logging.getLogger(__name__)
TASKS_LATE = datetime.timedelta(minutes=5)  # a task that waits longer means that no worker runs
MAILS_LATE, MAILS_LOST = datetime.timedelta(minutes=15), datetime.timedelta(hours=2)
SEALS_LATE = datetime.timedelta(minutes=15)
SWEEP_LATE = datetime.timedelta(minutes=10)
DIGEST_HOUR = 3  # in Nouméa; the digest of the day before is made by then
FAILURES_IN_A_ROW = 3
LITTLE_ROOM, NO_ROOM = 2_000_000_000, 300_000_000  # bytes left


class Level(IntEnum):
    """How bad it is; the exit code of `manage.py sante` is the worst of all."""

    FINE = 0
    WARNING = 1
    ALARM = 2


@dataclass(frozen=True, slots=True)
class Part:
    """`told`: one French sentence, or a few words when all is well."""

    code: str
    title: str
    level: Level
    told: str

    @property
    def is_fine(self) -> bool:
        return self.level == Level.FINE


Found = tuple[Level, str]


def _database() -> Found:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Level.FINE, "répond"


def _storage() -> Found:
    if takes_files(storages["private"]):
        return Level.FINE, "prend les fichiers"
    return Level.ALARM, "Le stockage privé n’accepte aucun fichier."


def _tasks() -> Found:
    """Tasks ready to run are taken up, in each queue: a worker is alive."""
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()
    # A task put off is late from its own hour; one that is not put off has a date beyond all others.
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - TASKS_LATE).order_by()
    queues = waiting.exclude(run_after__range=(now - TASKS_LATE, now)).values_list("queue_name", flat=True)
    late = sorted(queues.distinct())
    if not late:
        return Level.FINE, "aucune en retard"
    return Level.ALARM, f"Personne ne fait les tâches de : {', '.join(late)}. Démarrez « manage.py taches »."


def _mails() -> Found:
    now = timezone.now()
    turn = Q(not_before=None, created_at__lte=now - MAILS_LATE) | Q(not_before__lte=now - MAILS_LATE)
    late = OutgoingMail.objects.free(now).filter(turn).aggregate(first=Min("created_at"), count=Count("pk"))
    if (first := late["first"]) is None:
        return Level.FINE, "aucun en retard"
    told = f"{counted(late['count'], 'courriel')} en retard, le premier demandé il y a {_since(first)}."
    return Level.ALARM if now - first > MAILS_LOST else Level.WARNING, told


def _seals() -> Found:
    waits = Act.objects.filter(path=SigningPath.ONLINE, state=ActState.TO_SEAL)
    late = waits.filter(updated_at__lte=timezone.now() - SEALS_LATE) | worklist.unsealed_acts().order_by()
    count = late.order_by().values("pk").distinct().count()
    if not count:
        return Level.FINE, "aucun en attente"
    return Level.WARNING, f"{counted(count, 'acte')} en attente d’un sceau : la page « Sceau » dit pourquoi."


def _sweep() -> Found:
    last, now = sweeping.last_pass(), timezone.now()
    if last is None:
        return Level.WARNING, "Le balayage n’est jamais passé : lancez « manage.py balayer » chaque minute."
    if now - last > SWEEP_LATE:
        return Level.ALARM, f"Le balayage n’est pas passé depuis {_since(last)} : vérifiez sa minuterie."
    if failing := sweeping.failing(FAILURES_IN_A_ROW):
        told = " ; ".join(step.error for step in failing)
        return Level.WARNING, f"Étapes en échec à chaque passage : {told}."
    return Level.FINE, f"passé il y a {_since(last)}"


def _digest() -> Found:
    """The digest of yesterday, made in the night; nothing is awaited while the journal is empty."""
    now = timezone.localtime()
    today = now.date()
    last = JournalDigest.objects.order_by("-pk").values_list("day", flat=True).first()
    awaited = today - datetime.timedelta(days=1 if now.hour >= DIGEST_HOUR else 2)
    if last is None:
        began = JournalEntry.objects.order_by("pk").values_list("at", flat=True).first()
        if began is None or timezone.localdate(began) > awaited:
            return Level.FINE, "aucune encore"
        return Level.ALARM, "Aucune empreinte du journal n’a été faite : le balayage la fait chaque nuit."
    if last > today:
        return (
            Level.WARNING,
            f"La dernière empreinte du journal est datée du {long_date(last)}, dans l’avenir.",
        )
    if last < awaited:
        return Level.ALARM, f"Le journal n’a plus d’empreinte depuis celle du {long_date(last)}."
    return Level.FINE, f"celle du {long_date(last)}"


def _disk() -> Found:
    left = shutil.disk_usage(settings.DATA_DIR).free
    if left < LITTLE_ROOM:
        level = Level.ALARM if left < NO_ROOM else Level.WARNING
        return level, f"Il ne reste que {show_size(left)} sur le disque des données : faites de la place."
    return Level.FINE, f"{show_size(left)} libres"


def _certificates() -> Found:
    if told := sealing.warnings():
        return Level.WARNING, " ".join(told)
    return Level.FINE, "rien à renouveler"


def _clock() -> Found:
    if reason := clock.held():
        return Level.ALARM, f"{reason} {clock.WHAT_TO_DO}"
    return Level.FINE, "à l’heure"


Read = Callable[[], Found]
SERVING: dict[str, tuple[str, Read]] = {
    "base_de_donnees": ("Base de données", _database),
    "stockage": ("Stockage privé", _storage),
    "taches": ("Service des tâches", _tasks),
}
WATCHED: dict[str, tuple[str, Read]] = {
    "courriels": ("Courriels", _mails),
    "sceaux": ("Sceaux", _seals),
    "balayage": ("Balayage", _sweep),
    "empreinte": ("Empreinte du journal", _digest),
    "disque": ("Disque", _disk),
    "certificats": ("Certificats", _certificates),
    "horloge": ("Horloge", _clock),
}


def serves() -> bool:
    """Whether the site answers, keeps files and has its tasks done: all that strangers may know."""
    return all(_read(code, title, read).is_fine for code, (title, read) in SERVING.items())


def report() -> list[Part]:
    """Every part of the state; private storage is tried with a file."""
    return [_read(code, title, read) for code, (title, read) in (SERVING | WATCHED).items()]


def watched() -> list[Part]:
    """For a page: nothing is written to know it."""
    parts = {
        code: part
        for code, part in (SERVING | WATCHED).items()
        if code not in ("base_de_donnees", "stockage")
    }
    return [_read(code, title, read) for code, (title, read) in parts.items()]


def worst(parts: list[Part]) -> Level:
    return max((part.level for part in parts), default=Level.FINE)


def _since(moment: datetime.datetime) -> str:
    """« 5 minutes »."""
    return timesince(moment, depth=1)


def _read(code: str, title: str, read: Read) -> Part:
    try:
        level, told = read()
    except (DatabaseError, OSError) as error:
        logger.warning("État du service, %s : %r", code, error)
        level, told = Level.ALARM, "Illisible pour l’instant."
    return Part(code, title, level, typeset(told))
