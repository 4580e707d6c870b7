"""What waits for whom."""

import datetime

import pytest
from django.utils import timezone

from conventions.domain import worklist
from conventions.domain.equipment import loans
from conventions.enums import Role
from conventions.models import PublicSheet
from conventions.tests.factories import (
    ActFactory,
    ConventionFactory,
    DelegationFactory,
    EquipmentItemFactory,
    HandoverFactory,
    OutgoingMailFactory,
    PaymentFactory,
    PressReleaseFactory,
    RepresentativeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def day(offset):
    return timezone.localdate() + datetime.timedelta(days=offset)


def codes(user, *, mine=False):
    return [section.code for section in worklist.sections(user, today=timezone.localdate(), mine=mine)]


def tasks(user, code, *, mine=False):
    found = worklist.sections(user, today=timezone.localdate(), mine=mine)
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


def test_a_device_lent_waits_until_it_is_back():
    line = {"transfer": "pret", "return_on": day(-2), "quantity": 2, "nature": "téléphone"}
    convention = ConventionFactory(act="signe", act__equipment=[line])
    act, logistics = convention.acts.get(), UserFactory(role=Role.LOGISTICS)
    assert tasks(logistics, "prets") == []
    items = [EquipmentItemFactory(equipment=act.equipmentterm_set.get()) for _ in range(2)]
    HandoverFactory(act=act).items.set(items)
    (task,) = tasks(logistics, "prets")
    assert (task.pk, task.due) == (convention.pk, day(-2))
    for left, item in zip((1, 0), items, strict=True):
        loans.give_back([item], on=day(0), condition="bon", by=logistics)
        assert len(tasks(logistics, "prets")) == left


def test_equipment_waits_until_it_is_handed_over():
    convention = ConventionFactory(act="signe", act__equipment=[{"quantity": 10}])
    logistics = UserFactory(role=Role.LOGISTICS)
    assert [task.pk for task in tasks(logistics, "remises")] == [convention.pk]
    HandoverFactory(act=convention.acts.get())
    assert tasks(logistics, "remises") == []


def test_instalment_waits_until_it_is_sent():

    convention = ConventionFactory(act="signe", act__instalments=[{"label": "solde", "due_on": day(5)}])
    accountant = UserFactory(role=Role.ACCOUNTANT)
    assert [(task.pk, task.why) for task in tasks(accountant, "versements")] == [(convention.pk, "Solde")]
    line = convention.acts.get().instalmentterm_set.get()
    PaymentFactory(convention=convention, funding=None, instalment=line, amount=100, sent_on=day(0))
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


def test_file_i_prepared_does_not_wait_for_my_approval():
    both = UserFactory(roles=[Role.OFFICER, Role.LAWYER])
    convention = ConventionFactory(act="en_relecture")
    convention.acts.update(prepared_by=both)
    assert tasks(both, "relire") == []
    assert [task.why for task in tasks(both, "attente")] == [
        "Attend une autre personne, le juridique : vous avez préparé ce dossier"
    ]
    assert [task.pk for task in tasks(UserFactory(role=Role.LAWYER), "relire")] == [convention.pk]


def test_superuser_who_prepared_waits_for_another_too():
    chief = UserFactory(superuser=True)
    ConventionFactory(act="en_relecture").acts.update(prepared_by=chief)
    assert codes(chief) == ["attente"]


def test_officer_sees_what_the_lawyers_are_reading():
    ConventionFactory(act="en_relecture")
    assert [task.why for task in tasks(UserFactory(role=Role.OFFICER), "attente")] == [
        "Chez le juridique, en relecture"
    ]
    assert codes(UserFactory(role=Role.DIRECTOR)) == []


@pytest.mark.parametrize(
    ("state", "role", "address"),
    [
        ("valide", Role.OFFICER, "evenement/figer/"),
        ("a_signer", Role.OFFICER, "evenement/classer_scan/"),
        ("en_relecture", Role.LAWYER, "change/#etat-acte"),
        ("a_corriger", Role.OFFICER, "change/#etat-acte"),
    ],
)
def test_button_opens_what_does_it(state, role, address):
    convention = ConventionFactory(act=state)
    user = UserFactory(role=role)
    (found,) = [
        task
        for section in worklist.sections(user, today=day(0), mine=False)
        for task in section.tasks
        if not section.others
    ]
    assert worklist.address_of(found) == f"/admin/conventions/convention/{convention.pk}/{address}"


def test_button_of_an_amendment_names_it():
    convention = ConventionFactory(act="signe")
    ActFactory(convention=convention, amendment=True, state="valide")
    (found,) = tasks(UserFactory(role=Role.OFFICER), "figer")
    assert worklist.address_of(found).endswith("evenement/figer/?acte=1")


def test_mail_that_failed_waits_for_the_officer_of_the_file():
    officer = UserFactory(role=Role.OFFICER)
    mail = OutgoingMailFactory(
        template="convention_a_signer",
        state="echec",
        error="Sans adresse.",
        convention=ConventionFactory(officer=officer),
    )
    OutgoingMailFactory(template="convention_a_signer", state="echec", convention=ConventionFactory())
    assert [(task.page, task.pk, task.why) for task in tasks(officer, "courriels", mine=True)] == [
        ("outgoingmail", mail.pk, "Acte à signer\u00a0: Sans adresse.")
    ]
    assert tasks(UserFactory(role=Role.LAWYER), "courriels") == []


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LAWYER, Role.DIRECTOR])
def test_absence_about_to_begin_without_deputy_is_told(role):
    soon = DelegationFactory(alone=True, starts_on=day(10), ends_on=day(20))
    DelegationFactory(alone=True, starts_on=day(40), ends_on=day(50))
    DelegationFactory(alone=True, starts_on=day(-9), ends_on=day(-2))
    DelegationFactory(starts_on=day(10), ends_on=day(20))
    assert [(task.page, task.pk) for task in tasks(UserFactory(role=role), "absences")] == [
        ("delegation", soon.pk)
    ]


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.LOGISTICS, Role.COMMUNICATION, Role.READER])
def test_absence_is_not_told_to_other_roles(role):
    DelegationFactory(alone=True)
    assert codes(UserFactory(role=role)) == []


def test_late_comes_first():
    ConventionFactory(act="brouillon")
    convention = ConventionFactory(
        act="signe",
        act__obligations=[{"kind": "bilan", "due_on": day(20)}, {"kind": "compte_rendu", "due_on": day(-3)}],
    )
    officer = UserFactory(role=Role.OFFICER)
    assert codes(officer) == ["comptes_rendus", "brouillons"]
    assert [(task.pk, task.due) for task in tasks(officer, "comptes_rendus")] == [
        (convention.pk, day(-3)),
        (convention.pk, day(20)),
    ]


def test_sections_cost_the_same_for_one_act_and_thirty(django_assert_num_queries):
    user = UserFactory(superuser=True)
    assert user.roles == frozenset()  # read once per request
    for count in (1, 30):
        for _ in range(count):
            ConventionFactory(act="en_relecture")
        # One more than before the stock: what is lent comes back as a support, or device by device. One more since
        # a payment may be paid too much, or rejected: no list of before reads those.
        with django_assert_num_queries(24):
            worklist.sections(user, today=day(0), mine=False)
