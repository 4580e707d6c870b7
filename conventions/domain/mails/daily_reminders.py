"""Reminders, once a day: what has waited too long, what falls due, what is late.

`ask_for_all` writes a mail for each reminder whose turn has come, under a key that says which one it is: run twice,
it asks for nothing more; run after days of silence, it asks once. What was done meanwhile is looked up as the mail
leaves, and reminded to nobody.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal, worklist
from conventions.domain.acts.requests import invitations
from conventions.domain.foundation import mail_catalogue, outbox
from conventions.domain.foundation.failures import Failures
from conventions.domain.foundation.jobs import Progress, job, start_job
from conventions.domain.foundation.refusals import Refused
from conventions.domain.space import news
from conventions.enums import AWAITING_SIGNATURE_STATES, PartyRole
from conventions.formats import counted, long_date
from conventions.models import Convention, Job, OutgoingMail, Party, SignatureRequest, User

# Days before the day that is due; after it, one reminder a fortnight.
STAGES = {"renouveler": (90, 30), "mandats": (30, 7, 0)}
USUAL_STAGES = (30, 7, 0)
LATE_EVERY = 14
# Kinds that wait for a step, reminded every REMIND_AFTER_DAYS days; and kinds with a day.
STEPS = (
    "relire", "corriger", "figer", "signer", "scan", "attester", "messages", "demandes", "recus", "paiements",
)  # fmt: skip
DATED = ("versements", "comptes_rendus", "prets", "remises", "mandats", "renouveler")
JOB = "relances"
# Days after the last mail: the fifth, the twelfth and the twentieth after the invitation.
INVITATION_WAITS = (5, 7, 8)
INVITATION = "rappel:invitation:"
NEWS, NEWS_WHY = "nouvelles_du_materiel", "Ce qu’est devenu le matériel donné il y a un an"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One mail to ask for: its letter, its ids, and the key that makes it leave once."""

    template: str
    key: str
    params: dict[str, int | str]
    task: worklist.Task

    @property
    def title(self) -> str:
        return mail_catalogue.title_of(self.template)


def due(failures: Failures | None = None, *, today: datetime.date) -> list[Reminder]:
    """Every reminder whose turn has come and that nobody asked for yet, on a plain date in Nouméa."""
    failures, found = failures or Failures(), []
    with failures.of("Rappels des invitations à signer"):
        found += _of_invitations(today=today)
    with failures.of("Nouvelles du matériel donné"):
        found += _of_equipment(today=today)
    for code in (*STEPS, *DATED):
        with failures.of(f"Rappels « {worklist.RULES_BY_CODE[code].title} »"):
            found += _of_rule(code, today=today)
    asked = _asked(reminder.key for reminder in found)
    return [reminder for reminder in found if reminder.key not in asked]


def _of_equipment(*, today: datetime.date) -> list[Reminder]:
    """Once for each remise of a year ago: what became of what was given."""
    rows = news.awaited(today).select_related("act__convention")
    return [
        Reminder(
            template=NEWS,
            key=f"rappel:nouvelles:{row.pk}",
            params={"remise": row.pk},
            task=worklist.Task(
                title=row.act.convention.title, key=str(row.pk), pk=row.act.convention_id, why=NEWS_WHY
            ),
        )
        for row in rows
    ]


def _asked(keys: Iterable[str]) -> set[str | None]:
    """Which of these keys a mail was already asked for under."""
    rows = OutgoingMail.objects.filter(dedupe_key__in=list(keys))
    return set(rows.values_list("dedupe_key", flat=True))


def _of_rule(code: str, *, today: datetime.date) -> list[Reminder]:
    return [
        reminder
        for task in worklist.tasks_of(worklist.RULES_BY_CODE[code], today=today)
        if (stage := _stage(code, task, today))
        for reminder in _of_task(code, task, stage)
    ]


def _of_invitations(*, today: datetime.date) -> list[Reminder]:
    """A new mail, with a new link, to whoever was invited, has not signed and still may: three at most."""
    rows = list(
        SignatureRequest.objects.live()
        .unsigned()
        .filter(sent_at__isnull=False, document__act__state__in=AWAITING_SIGNATURE_STATES)
        .exclude(signatory__representative__mandate_end__lt=today)
        .select_related("document__act__convention", "signatory")
        .order_by("pk")
    )
    ranks = range(1, len(INVITATION_WAITS) + 1)
    sent = _asked(f"{INVITATION}{row.pk}:{rank}" for row in rows for rank in ranks)
    found = []
    for row in rows:
        count = sum(f"{INVITATION}{row.pk}:{rank}" in sent for rank in ranks)
        if count < len(INVITATION_WAITS) and _days_since(row, today) >= INVITATION_WAITS[count]:
            found.append(_invitation(row, count + 1))
    return found


def _days_since(row: SignatureRequest, today: datetime.date) -> int:
    return (today - timezone.localdate(row.sent_at)).days


def _invitation(row: SignatureRequest, rank: int) -> Reminder:
    convention = row.act.convention
    return Reminder(
        template=invitations.LETTER,
        key=f"{INVITATION}{row.pk}:{rank}",
        params={"request": row.pk, "rappel": rank},
        task=worklist.Task(title=convention.title, key=str(row.pk), pk=convention.pk, why=str(row.signatory)),
    )


def _stage(code: str, task: worklist.Task, today: datetime.date) -> str:
    """Which reminder of this task it is time for; empty when none."""
    if code in STEPS:
        return _step_stage(task, today)
    if task.due is None:
        return ""
    left = (task.due - today).days
    if left < 0:
        return f"{task.due.isoformat()}:retard-{(-left - 1) // LATE_EVERY}"
    passed = [days for days in STAGES.get(code, USUAL_STAGES) if left <= days]
    return f"{task.due.isoformat()}:{min(passed)}" if passed else ""


def _step_stage(task: worklist.Task, today: datetime.date) -> str:
    if task.since is None:
        return ""
    times = (today - task.since).days // settings.REMIND_AFTER_DAYS
    return f"{task.since.isoformat()}:{times}" if times > 0 else ""


def _of_task(code: str, task: worklist.Task, stage: str) -> list[Reminder]:
    key = f"rappel:{code}:{task.key}:{stage}"
    ours = Reminder(template="rappel_dossier", key=key, params={"regle": code, "cle": task.key}, task=task)
    return [ours, _to_partner(code, task, f"{key}:partenaire")] if task.owed else [ours]


def _to_partner(code: str, task: worklist.Task, key: str) -> Reminder:
    if worklist.RULES_BY_CODE[code].awaits_partner:
        return Reminder(template="rappel_signature", key=key, params={"act": int(task.key)}, task=task)
    params: dict[str, int | str] = {"regle": code, "cle": task.key}
    return Reminder(template="rappel_partenaire", key=key, params=params, task=task)


def ask_for_all(failures: Failures | None = None, *, today: datetime.date) -> list[Reminder]:
    """Ask for the mails of every reminder due; those that were asked for."""
    failures, asked = failures or Failures(), []
    for reminder in due(failures, today=today):
        with failures.of(f"{reminder.title}, {reminder.task.title}"), transaction.atomic():
            if _ask(reminder) is not None:
                asked.append(reminder)
    return asked


def _ask(reminder: Reminder) -> OutgoingMail | None:
    convention = None
    if reminder.task.page in ("convention", "suivi"):
        convention = Convention.objects.filter(pk=reminder.task.pk).first()
    return outbox.queue_once(
        reminder.template, key=reminder.key, params=reminder.params, convention=convention
    )


def remind_partner(code: str, key: str, *, by: User) -> str:
    """Remind the partner now of what is awaited; whom, in words. Once a day for the same thing.

    Raises PermissionDenied, or Refused: nothing is awaited, or somebody reminded today.
    """
    permissions.require(permissions.can_edit_conventions, by)
    today = timezone.localdate()
    task = worklist.find(code, key, today=today)
    if task is None or not task.owed:
        raise Refused("Plus rien n’est attendu ici. Rechargez la page.")
    reminder = _to_partner(code, task, f"relance:{code}:{key}:{today.isoformat()}")
    with transaction.atomic():
        mail = _ask(reminder)
        if mail is None:
            raise Refused("Le partenaire a déjà été relancé aujourd’hui.")
        details = {"courriel": mail.pk, "objet_de_la_relance": task.owed}
        journal.record("relance_envoyee", by=by, convention=mail.convention, details=details)
    partners = Party.objects.filter(convention=task.pk).exclude(role=PartyRole.OPT)
    if task.party:
        partners = partners.filter(pk=task.party)
    return ", ".join(party.partner.short_name for party in partners.select_related("partner"))


@job(JOB)
def _run(row: Job, arguments: dict[str, Any], progress: Progress) -> dict[str, int]:
    failures = Failures()
    asked = ask_for_all(failures, today=datetime.date.fromisoformat(arguments["jour"]))
    if failures.told:
        raise Refused(f"{counted(len(asked), 'rappel demandé', 'rappels demandés')}. {failures.summary}")
    return {"rappels": len(asked)}


def start_of_the_day(*, at: datetime.datetime | None = None) -> Job | None:
    """Start today's reminders, once their hour has come and unless they were; for the sweep."""
    now = timezone.localtime(at or timezone.now())
    if now.hour < settings.REMIND_HOUR:
        return None
    day = now.date()
    if Job.objects.filter(kind=JOB, arguments__jour=day.isoformat()).exists():
        return None
    with transaction.atomic():
        return start_job(
            JOB, owner=None, label=f"Relances du {long_date(day)}", arguments={"jour": day.isoformat()}
        )
