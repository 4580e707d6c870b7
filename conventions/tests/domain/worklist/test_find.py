"""One task, found by its key: the same as in the list, and without reading all that waits."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conventions.domain import worklist
from conventions.domain.mails import daily_reminders
from conventions.domain.mails.builders import BUILDERS
from conventions.enums import Role
from conventions.models import OutgoingMail
from conventions.tests import factories as f
from conventions.tests.harness import rows_read

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
STATES = ("brouillon", "a_corriger", "en_relecture", "valide", "a_signer")
# Nobody asks for one of these by its key.
ELSEWHERE = {"a_signer", "signataires", "sceau", "sceaux", "invitations", "reprises"}
ODD_KEYS = [
    "",
    "x",
    "0",
    "-1",
    "9" * 30,
    "bankproposal:",
    "bankproposal:x",
    "user:1",
    "'--",
    "\u00b2",
    "1\x002",
]


def day(offset):
    return timezone.localdate() + datetime.timedelta(days=offset)


def some_of_each() -> None:
    for state in STATES:
        f.ConventionFactory(act=state)
    partner = (
        f.ConventionFactory(
            act="signe",
            act__ends_on=day(80),
            act__obligations=[
                {"kind": "compte_rendu", "due_on": day(-3)},
                {"kind": "bilan", "due_on": day(20)},
            ],
            act__in_kind=[{"loan": True, "return_on": day(10)}],
            act__equipment=[{"quantity": 10}, {"quantity": 2}],
            act__instalments=[{"label": "solde", "due_on": day(5)}],
        )
        .parties.get(role="beneficiaire")
        .partner
    )
    f.ConventionFactory(reprise=True)
    f.RepresentativeFactory(partner=partner, mandate_end=day(30))
    f.PressReleaseFactory()
    f.DelegationFactory(alone=True, starts_on=day(10), ends_on=day(20))
    f.OutgoingMailFactory(template="convention_a_signer", state="echec", error="Sans adresse.",
                          convention=f.ConventionFactory())  # fmt: skip
    f.PaymentFactory(recorded_by=f.UserFactory(role=Role.OFFICER))
    f.PaymentFactory(returned_on=day(0), return_reason="RIB périmé (fictif).")
    f.BankProposalFactory(partner=partner)
    f.MandateProposalFactory(partner=partner)
    f.ThreadFactory(waits_for_staff=True)
    f.AddressChangeFactory(
        user=f.PresidentFactory(partner=partner), asked_by=f.UserFactory(role=Role.OFFICER)
    )
    f.ReportReceivedFactory()
    f.HandoverFactory(missing="deux écrans", acknowledged_at=timezone.now())


def test_each_task_is_found_by_its_key_and_by_no_other():
    some_of_each()
    some_of_each()
    met = set()
    for rule in worklist.RULES:
        tasks = worklist.tasks_of(rule, today=day(0))
        for task in tasks:
            assert worklist.find(rule.code, task.key, today=day(0)) == task
            met.add(rule.code)
        for key in ODD_KEYS:
            assert worklist.find(rule.code, key, today=day(0)) is None, (rule.code, key)
    assert {rule.code for rule in worklist.RULES} - met <= ELSEWHERE


def test_rule_that_does_not_exist_finds_nothing():
    assert worklist.find("inconnue", "1", today=day(0)) is None


def test_finding_one_reads_no_more_when_ten_times_more_wait():
    codes = [*daily_reminders.STEPS, *daily_reminders.DATED]
    read, asked = {code: [] for code in codes}, {code: [] for code in codes}
    for times in (1, 9):
        for _time in range(times):
            some_of_each()
        for code in codes:
            task = worklist.tasks_of(worklist.RULES_BY_CODE[code], today=day(0))[0]
            with CaptureQueriesContext(connection) as queries, rows_read() as found:
                assert worklist.find(code, task.key, today=day(0)) == task
            read[code].append(found.count)
            asked[code].append(len(queries))
    assert {code: counts for code, counts in asked.items() if counts[0] != counts[1]} == {}
    assert {code: counts for code, counts in read.items() if counts[1] > counts[0] * 2 + 20} == {}


def test_reminder_of_one_file_tells_that_file_whatever_else_waits():
    officer = f.UserFactory(role=Role.OFFICER)
    convention = f.ConventionFactory(
        officer=officer, act="signe", act__obligations=[{"kind": "compte_rendu", "due_on": day(-3)}]
    )
    some_of_each()
    daily_reminders.ask_for_all(today=day(0))
    mail = OutgoingMail.objects.get(
        params__regle="comptes_rendus", template="rappel_dossier", convention=convention
    )
    (letter,) = BUILDERS[mail.template](mail.params)
    assert (letter.to, convention.title in letter.subject) == (officer.email, True)
