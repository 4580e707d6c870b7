"""What waits for whom."""

import datetime

import pytest
from django.utils import timezone

from conventions.domain import todo
from conventions.enums import Role
from conventions.models import PublicSheet
from conventions.tests.factories import (
    ConventionFactory,
    HandoverFactory,
    PressReleaseFactory,
    RepresentativeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def day(offset):
    return timezone.localdate() + datetime.timedelta(days=offset)


def codes(user, *, mine=False):
    return [section.code for section in todo.sections(user, today=timezone.localdate(), mine=mine)]


def tasks(user, code, *, mine=False):
    found = todo.sections(user, today=timezone.localdate(), mine=mine)
    return [task for section in found if section.code == code for task in section.tasks]


@pytest.mark.parametrize(
    ("state", "role", "code"),
    [
        ("brouillon", Role.OFFICER, "brouillons"),
        ("a_corriger", Role.OFFICER, "corriger"),
        ("en_relecture", Role.LAWYER, "relire"),
        ("valide", Role.OFFICER, "figer"),
        ("a_signer", Role.DIRECTOR, "signer"),
        ("a_signer", Role.OFFICER, "scan"),
        ("signe", Role.COMMUNICATION, "publier"),
    ],
)
def test_act_waits_for_the_role_whose_turn_it_is(state, role, code):
    convention = ConventionFactory(act=state)
    found = tasks(UserFactory(role=role), code)
    assert [(task.pk, task.title) for task in found] == [(convention.pk, convention.title)]


def test_each_role_sees_only_its_own_turn():
    for state in ("brouillon", "en_relecture", "valide", "a_signer"):
        ConventionFactory(act=state)
    assert {role: codes(UserFactory(role=role)) for role in Role.values} == {
        "gestionnaire": ["figer", "scan", "brouillons", "attente"],
        "juriste": ["relire"],
        "direction": ["signer"],
        "comptable": [],
        "logistique": [],
        "communication": [],
        "lecture": [],
    }


def test_mine_are_the_files_i_am_in_charge_of():
    officer, colleague = UserFactory(role=Role.OFFICER), UserFactory(role=Role.OFFICER)
    own = ConventionFactory(officer=officer)
    ConventionFactory(officer=colleague)
    assert [task.pk for task in tasks(officer, "brouillons", mine=True)] == [own.pk]
    assert len(tasks(officer, "brouillons")) == 2


def test_ended_acts_wait_for_nobody():
    ConventionFactory(act="abandonne")
    assert codes(UserFactory(superuser=True)) == []


def test_correction_asked_is_told():
    convention = ConventionFactory(act="a_corriger")
    act = convention.acts.get()
    assert [task.why for task in tasks(UserFactory(role=Role.OFFICER), "corriger")] == [act.correction_note]


def test_report_due_soon_or_late_waits_until_received():
    from conventions.tests.factories import ReportReceivedFactory

    late = ConventionFactory(act="signe", act__obligations=[{"kind": "compte_rendu", "due_on": day(-3)}])
    ConventionFactory(act="signe", act__obligations=[{"kind": "compte_rendu", "due_on": day(90)}])
    officer = UserFactory(role=Role.OFFICER)
    assert [(task.pk, task.due) for task in tasks(officer, "comptes_rendus")] == [(late.pk, day(-3))]
    ReportReceivedFactory(obligation=late.acts.get().obligation_set.get())
    assert tasks(officer, "comptes_rendus") == []


def test_loan_waits_until_it_comes_back():
    from conventions.tests.factories import ReturnFactory

    convention = ConventionFactory(act="signe", act__in_kind=[{"loan": True, "return_on": day(10)}])
    logistics = UserFactory(role=Role.LOGISTICS)
    assert [task.pk for task in tasks(logistics, "prets")] == [convention.pk]
    ReturnFactory(in_kind=convention.acts.get().inkind_set.get())
    assert tasks(logistics, "prets") == []


def test_equipment_waits_until_it_is_handed_over():
    convention = ConventionFactory(act="signe", act__equipment=[{"quantity": 10}])
    logistics = UserFactory(role=Role.LOGISTICS)
    assert [task.pk for task in tasks(logistics, "remises")] == [convention.pk]
    HandoverFactory(act=convention.acts.get())
    assert tasks(logistics, "remises") == []


def test_instalment_waits_until_it_is_sent():
    from conventions.models import Payment

    convention = ConventionFactory(act="signe", act__instalments=[{"label": "solde", "due_on": day(5)}])
    accountant = UserFactory(role=Role.ACCOUNTANT)
    assert [(task.pk, task.why) for task in tasks(accountant, "versements")] == [(convention.pk, "Solde")]
    line = convention.acts.get().instalmentterm_set.get()
    Payment.objects.create(convention=convention, instalment=line, amount=100, sent_on=day(0))
    assert tasks(accountant, "versements") == []


def test_renewal_is_told_in_the_last_ninety_days():
    soon = ConventionFactory(act="signe", act__ends_on=day(89))
    ConventionFactory(act="signe", act__ends_on=day(92))
    found = tasks(UserFactory(role=Role.OFFICER), "renouveler")
    assert [(task.pk, task.due) for task in found] == [(soon.pk, day(89))]


def test_mandate_ending_at_a_partner_with_a_convention_is_told():
    partner = ConventionFactory().parties.get(role="beneficiaire").partner
    ending = RepresentativeFactory(partner=partner, mandate_end=day(30))
    RepresentativeFactory(mandate_end=day(30))
    found = tasks(UserFactory(role=Role.OFFICER), "mandats")
    assert [(task.page, task.pk, task.title) for task in found] == [
        ("partner", partner.pk, f"{ending}, {ending.title}")
    ]


def test_reprise_waits_for_its_attestation_by_someone():
    convention = ConventionFactory(reprise=True)
    assert [task.pk for task in tasks(UserFactory(role=Role.DIRECTOR), "attester")] == [convention.pk]


def test_publication_waits_for_a_page_and_drafts_for_a_reader():
    from conventions.tests.factories import PublicSheetFactory

    release = PressReleaseFactory()
    communication = UserFactory(role=Role.COMMUNICATION)
    assert [task.pk for task in tasks(communication, "communiques")] == [release.pk]
    PublicSheetFactory(convention=ConventionFactory(act="signe"))
    waiting = {task.pk for task in tasks(communication, "publier")}
    assert waiting.isdisjoint(PublicSheet.objects.values_list("convention", flat=True))
