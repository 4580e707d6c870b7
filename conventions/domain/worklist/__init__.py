"""« À faire »: what waits for somebody, read from the live rows, by role.

`sections(user, today=…, mine=…)`: one query per kind of task, whatever the number of rows. Nothing here is stored:
a task disappears when it is done. A file that one prepared does not wait for one's own approval: it is shown apart,
with who it waits for.
"""

import datetime
from dataclasses import replace

from conventions.domain.acts.lifecycle.preparers import preparers_of_all
from conventions.domain.worklist.acts import act_task, open_acts, waits_for
from conventions.domain.worklist.online import unsealed_acts
from conventions.domain.worklist.rules import RULES, RULES_BY_CODE
from conventions.domain.worklist.tasks import Rule, Scope, Section, Task, address_of, by_urgency, when
from conventions.enums import ActState, Role
from conventions.models import Act, User

__all__ = [
    "RULES",
    "RULES_BY_CODE",
    "Rule",
    "Scope",
    "Section",
    "Task",
    "address_of",
    "find",
    "sections",
    "tasks_of",
    "unsealed_acts",
    "when",
]


def sections(user: User, *, today: datetime.date, mine: bool) -> list[Section]:
    """Non-empty sections for the user's roles (a superuser has them all), in the order of `RULES`; then what waits
    for somebody else."""
    scope = Scope(today, user.pk if mine else None, reader=user)
    acts = open_acts(scope)
    prepared = preparers_of_all([act for act in acts if _needs_other_eyes(act, user)])
    found: list[Section] = []
    elsewhere: list[Task] = []
    for rule in RULES:
        if not rule.is_for(user):
            continue
        tasks = []
        for task in _read(rule, scope, acts, prepared):
            if user.pk in task.not_for:
                elsewhere.append(replace(task, why=waits_for(rule), event="", anchor="etat-acte"))
            else:
                tasks.append(task)
        if tasks:
            found.append(
                Section(code=rule.code, title=rule.title, action=rule.action, tasks=by_urgency(tasks, today))
            )
    found.sort(key=lambda section: not any(task.is_late(today) for task in section.tasks))
    elsewhere += _with_lawyers(acts, user)
    if elsewhere:
        title = "Attendu d’une autre personne"
        tasks = by_urgency(elsewhere, today)
        found.append(Section(code="attente", title=title, action="Ouvrir", tasks=tasks, others=True))
    return found


def _read(rule: Rule, scope: Scope, acts: list[Act], prepared: dict[int, frozenset[int]]) -> list[Task]:
    if rule.accepts is None:
        return rule.read(scope)
    rows = [act for act in acts if rule.accepts(act)]
    return [
        act_task(act, rule, prepared.get(act.pk, frozenset()) if rule.four_eyes else frozenset())
        for act in rows
    ]


def _needs_other_eyes(act: Act, user: User) -> bool:
    return any(rule.four_eyes and rule.accepts and rule.accepts(act) and rule.is_for(user) for rule in RULES)


def _with_lawyers(acts: list[Act], user: User) -> list[Task]:
    """An officer's texts that the lawyers are reading."""
    rule = RULES_BY_CODE["relire"]
    if Role.OFFICER not in user.roles or rule.is_for(user):
        return []
    rows = [act for act in acts if act.state == ActState.IN_REVIEW]
    return [act_task(act, rule, why="Chez le juridique, en relecture") for act in rows]


def tasks_of(rule: Rule, *, today: datetime.date) -> list[Task]:
    """Every task of one kind, whoever asks, with those who may not do it."""
    return _tasks(rule, Scope(today))


def _tasks(rule: Rule, scope: Scope) -> list[Task]:
    if rule.accepts is None:
        return rule.read(scope)
    acts = [act for act in open_acts(scope) if rule.accepts(act)]
    return _read(rule, scope, acts, preparers_of_all(acts) if rule.four_eyes else {})


def find(code: str, key: str, *, today: datetime.date) -> Task | None:
    """The task of this kind and key, if it still waits: reads its rows, not all that wait."""
    rule = RULES_BY_CODE.get(code)
    tasks = _tasks(rule, Scope(today, key=key)) if rule and key else []
    return next((task for task in tasks if task.key == key), None)
