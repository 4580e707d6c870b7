"""Reminders: each once, whatever the runs; nothing for what is done."""

import datetime
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from conventions.domain import worklist
from conventions.domain.foundation.refusals import Refused
from conventions.domain.mails import daily_reminders, delivery
from conventions.domain.mails.act_letters import with_roles
from conventions.domain.space import threads
from conventions.enums import Role
from conventions.models import Act, BankProposal, Job, OutgoingMail
from conventions.tests import factories as f
from conventions.tests.pdf.reading import faults_of

pytestmark = pytest.mark.django_db


def day(offset):
    return timezone.localdate() + datetime.timedelta(days=offset)


def ago(days):
    return timezone.now() - datetime.timedelta(days=days)


def asked(today=None):
    """(rule, stage, letter) of the reminders asked for on a day."""
    found = daily_reminders.ask_for_all(today=today or day(0))
    return [(reminder.key.split(":")[1], reminder.template) for reminder in found]


def waiting(state, days, **values):
    convention = f.ConventionFactory(act=state, **values)
    Act.objects.filter(convention=convention).update(
        submitted_at=ago(days), approved_at=ago(days) if state == "valide" else None, updated_at=ago(days)
    )
    if state == "a_signer":
        Act.objects.filter(convention=convention).update(approved_at=ago(days))
    return convention


@pytest.mark.parametrize(("days", "expected"), [(6, []), (7, [("relire", "rappel_dossier")])])
def test_text_to_read_is_reminded_after_a_week(days, expected):
    waiting("en_relecture", days)
    assert asked() == expected


def test_two_runs_on_one_day_ask_once():
    waiting("en_relecture", 8)
    assert asked() == [("relire", "rappel_dossier")]
    assert asked() == []
    assert OutgoingMail.objects.count() == 1


def test_run_after_three_missed_weeks_asks_once():
    waiting("en_relecture", 29)
    assert asked() == [("relire", "rappel_dossier")]
    assert asked(day(1)) == []


@pytest.mark.parametrize(
    ("due", "stage"),
    [(31, None), (30, "30"), (12, "30"), (7, "7"), (1, "7"), (0, "0"), (-1, "retard-0"), (-15, "retard-1")],
)
def test_report_is_reminded_at_its_stages(due, stage):
    f.ConventionFactory(act="signe", act__obligations=[{"kind": "compte_rendu", "due_on": day(due)}])
    keys = [r.key for r in daily_reminders.due(today=day(0)) if ":comptes_rendus:" in r.key]
    end = f"{day(due).isoformat()}:{stage}"
    assert [key.endswith((end, f"{end}:partenaire")) for key in keys] == ([True, True] if stage else [])


def test_report_received_is_reminded_to_nobody():
    convention = f.ConventionFactory(
        act="signe", act__obligations=[{"kind": "compte_rendu", "due_on": day(3)}]
    )
    f.ReportReceivedFactory(obligation=convention.acts.get().obligation_set.get())
    assert [key for key, _letter in asked() if key == "comptes_rendus"] == []


def test_report_received_before_the_mail_leaves_is_reminded_to_nobody(mailoutbox):
    convention = f.ConventionFactory(
        act="signe", act__obligations=[{"kind": "compte_rendu", "due_on": day(3)}]
    )
    daily_reminders.ask_for_all(today=day(0))
    f.ReportReceivedFactory(obligation=convention.acts.get().obligation_set.get())
    for mail in OutgoingMail.objects.filter(params__regle="comptes_rendus"):
        assert delivery.deliver(mail.pk) is None
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        ({"act__in_kind": ({"loan": True}, "return_on", -2)}, "prets"),
        ({"act__equipment": ({"quantity": 3}, "pickup_by", 5)}, "remises"),
        ({"act__instalments": ({"label": "solde"}, "due_on", 5)}, "versements"),
    ],
)
def test_what_falls_due_is_reminded(terms, rule):
    dated = {name: [row | {column: day(days)}] for name, (row, column, days) in terms.items()}
    f.ConventionFactory(act="signe", **dated)
    assert rule in [code for code, _letter in asked()]


def test_loan_typed_as_a_sentence_ends_the_mail_with_one_stop(mailoutbox):
    officer = f.UserFactory(role=Role.OFFICER)
    f.MailPreferenceFactory(user=officer, letter="rappel_dossier", rhythm="tout_de_suite")
    loan = {"loan": True, "description": "Une borne.", "return_on": day(5)}
    partner = f.PresidentFactory(email="presidence@niaouli.invalid").mandates.get().partner
    f.ConventionFactory(act="signe", act__in_kind=[loan], officer=officer, partner=partner)
    daily_reminders.ask_for_all(today=day(0))
    for mail in OutgoingMail.objects.filter(params__regle="prets"):
        delivery.deliver(mail.pk)
    ours, theirs = sorted(mailoutbox, key=lambda mail: "niaouli" in mail.to[0])
    assert [fault for mail in (ours, theirs) for fault in faults_of(mail.body)] == []
    assert "\nUne borne.\n" in ours.body
    assert "retour du prêt, une borne." in theirs.body


def test_renewal_is_reminded_at_ninety_days():
    f.ConventionFactory(act="signe", act__ends_on=day(90))
    assert ("renouveler", "rappel_dossier") in asked()


def test_mandate_ending_is_reminded_a_month_before():
    partner = f.ConventionFactory().parties.get(role="beneficiaire").partner
    f.RepresentativeFactory(partner=partner, mandate_end=day(29))
    assert ("mandats", "rappel_dossier") in asked()


def test_signature_awaited_is_reminded_to_the_partner(mailoutbox):
    convention = f.ConventionFactory(act="a_signer")
    act = convention.acts.get()
    act.signatories.filter(party__role="beneficiaire").update(email="presidence@niaouli.invalid")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=9)):
        daily_reminders.ask_for_all(today=day(0))
        delivery.deliver(OutgoingMail.objects.get(template="rappel_signature").pk)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject.partition(",")[0]) == (["presidence@niaouli.invalid"], "Rappel")
    assert "Si vous avez déjà signé, ne faites rien" in mail.body


def test_reminder_goes_to_the_officer_of_the_file(mailoutbox):
    officer = f.UserFactory(role=Role.OFFICER)
    f.UserFactory(role=Role.OFFICER)
    f.MailPreferenceFactory(user=officer, letter="rappel_dossier", rhythm="tout_de_suite")
    waiting("valide", 8, officer=officer)
    daily_reminders.ask_for_all(today=day(0))
    delivery.deliver(OutgoingMail.objects.get().pk)
    assert [mail.to for mail in mailoutbox] == [[officer.email]]


def told_of(code) -> set[str]:
    """Who is reminded of what waits in this section of « À faire »."""
    found = [
        row for row in daily_reminders.ask_for_all(today=day(0)) if row.key.startswith(f"rappel:{code}:")
    ]
    return {letter.to for row in found for letter in delivery.BUILDERS[row.template](row.params)}


@pytest.mark.parametrize("has_officer", [True, False])
@pytest.mark.parametrize("code", ["messages", "recus", "demandes"])
def test_what_an_association_sent_is_reminded_to_the_officers_after_a_week(code, has_officer):
    f.UserFactory(role=Role.LAWYER)
    officer = f.UserFactory(role=Role.OFFICER)
    convention = f.ConventionFactory(
        act="signe", officer=officer if has_officer else None, act__obligations=[{"kind": "bilan"}]
    )
    partner = convention.parties.get(role="beneficiaire").partner
    if code == "messages":
        f.ThreadFactory(convention=convention, partner=partner, on_clause=True, updated_at=ago(8))
    elif code == "recus":
        obligation = convention.acts.get().obligation_set.get()
        f.ReportReceivedFactory(obligation=obligation, received_on=day(-8))
    else:
        row = f.BankProposalFactory(partner=partner)
        BankProposal.objects.filter(pk=row.pk).update(sent_at=ago(8))
    officers = {user.email for user in with_roles(Role.OFFICER)}
    assert told_of(code) == ({officer.email} if has_officer else officers)
    assert [one for one in asked() if one[0] == code] == []


def test_message_answered_is_no_longer_reminded():
    thread = f.ThreadFactory(convention=f.ConventionFactory(act="signe"), updated_at=ago(8))
    threads.answer(thread, body="Oui.", by=f.UserFactory(role=Role.OFFICER))
    assert [code for code, _letter in asked() if code == "messages"] == []


def test_who_prepared_is_not_reminded_to_approve(mailoutbox):
    both = f.UserFactory(roles=[Role.OFFICER, Role.LAWYER])
    lawyer = f.UserFactory(role=Role.LAWYER)
    for user in (both, lawyer):
        f.MailPreferenceFactory(user=user, letter="rappel_dossier", rhythm="tout_de_suite")
    convention = waiting("en_relecture", 8)
    convention.acts.update(prepared_by=both)
    daily_reminders.ask_for_all(today=day(0))
    delivery.deliver(OutgoingMail.objects.get().pk)
    assert [mail.to for mail in mailoutbox] == [[lawyer.email]]


def test_dry_run_shows_and_asks_for_nothing():
    convention = waiting("en_relecture", 8)
    said = StringIO()
    call_command("relancer", "--a-blanc", stdout=said)
    assert said.getvalue().splitlines() == [
        f"Rappel : ce qui vous attend – {convention.title}",
        "1\u00a0rappel partirait. Rien n’est envoyé.",
    ]
    assert OutgoingMail.objects.count() == 0


def test_sweep_starts_the_reminders_once_a_day(at):
    with at(2026, 3, 2, 6, 59):
        assert daily_reminders.start_of_the_day() is None
    with at(2026, 3, 2, 7):
        assert daily_reminders.start_of_the_day().kind == "relances"
        assert daily_reminders.start_of_the_day() is None
    with at(2026, 3, 3, 9):
        assert daily_reminders.start_of_the_day() is not None
    assert Job.objects.filter(kind="relances").count() == 2


def test_partner_is_reminded_once_a_day_by_hand():
    convention = f.ConventionFactory(act="a_signer")
    act, officer = convention.acts.get(), f.UserFactory(role=Role.OFFICER)
    partner = convention.parties.get(role="beneficiaire").partner
    assert daily_reminders.remind_partner("scan", str(act.pk), by=officer) == partner.short_name
    assert convention.journal.last().event == "relance_envoyee"
    with pytest.raises(Refused, match="déjà été relancé aujourd’hui"):
        daily_reminders.remind_partner("scan", str(act.pk), by=officer)


def test_nothing_awaited_is_not_reminded():
    with pytest.raises(Refused, match="Plus rien n’est attendu"):
        daily_reminders.remind_partner("scan", "0", by=f.UserFactory(role=Role.OFFICER))


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.OFFICER])
def test_only_an_officer_reminds_a_partner(role):
    act = f.ConventionFactory(act="a_signer").acts.get()
    with pytest.raises(PermissionDenied):
        daily_reminders.remind_partner("scan", str(act.pk), by=f.UserFactory(role=role))


def test_reminders_cost_the_same_for_one_file_and_thirty(django_assert_num_queries):
    for count in (1, 30):
        for _ in range(count):
            waiting("en_relecture", 8)
            f.PaymentFactory(recorded_by=f.UserFactory(role=Role.OFFICER))
        rules = [worklist.RULES_BY_CODE[code] for code in (*daily_reminders.STEPS, *daily_reminders.DATED)]
        assert len(rules) == 16
        with django_assert_num_queries(22):  # two of devices: lent and late, given a year ago
            daily_reminders.due(today=day(0))
