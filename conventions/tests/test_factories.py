"""Every factory makes a row that the database takes; acts exist in every state."""

import inspect

import pytest
from django.apps import apps
from django.core.files.storage import storages

from conventions.enums import ActState, ConventionStatus, PartyRole, Role
from conventions.models import Convention, Representative
from conventions.tests import factories

pytestmark = pytest.mark.django_db
ROW_FACTORIES = [getattr(factories, name) for name in factories.__all__ if name.endswith("Factory")]


@pytest.mark.parametrize("factory", ROW_FACTORIES, ids=lambda factory: factory.__name__)
def test_factory_makes_a_row(factory):
    row = factory()
    assert row.pk
    assert str(row)


def test_every_model_has_a_factory():
    made = {factory._meta.model for factory in ROW_FACTORIES}
    assert set(apps.get_app_config("conventions").get_models()) - made == set()


@pytest.mark.parametrize("state", ActState.values)
def test_act_factory_reaches_every_state(state):
    act = factories.ActFactory(state=state)
    assert act.state == state
    assert act.convention.acts.get() == act
    assert act.signatories.count() == 2


def test_convention_factory_has_opt_and_its_beneficiary():
    partner = factories.PartnerFactory()
    convention = factories.ConventionFactory(partner=partner, act="signe", act__fundings=[{"amount": 7}])
    roles = dict(convention.parties.values_list("role", "partner__is_opt"))
    assert roles == {PartyRole.OPT: True, PartyRole.BENEFICIARY: False}
    assert convention.acts.get().funding_set.get().amount == 7
    assert Convention.objects.search(partner.name).get() == convention
    assert convention.status == ConventionStatus.RUNNING


def test_reprise_is_signed_without_number_or_document():
    act = factories.ConventionFactory(reprise=True).acts.get()
    assert (act.state, act.number, act.signed_document) == (ActState.SIGNED, None, None)


def test_document_factory_stores_the_bytes_of_its_hash():
    document = factories.DocumentFactory()
    with storages["private"].open(document.storage_name) as file:
        content = file.read()
    assert content == factories.small_pdf(document.title)
    assert len(content) == document.size


def test_user_factory_gives_a_role():
    assert factories.UserFactory(role=Role.LAWYER).roles == {Role.LAWYER}


def test_president_speaks_for_the_partner_until_the_mandate_ends():
    partner = factories.PartnerFactory()
    president = factories.PresidentFactory(partner=partner)
    former = factories.PresidentFactory(partner=partner, former=True)
    assert [row.partner for row in Representative.objects.with_access(president)] == [partner]
    assert Representative.objects.with_access(former).count() == 0
    assert not president.has_usable_password()


def test_names_are_marked_as_invented():
    source = inspect.getsource(factories.people)
    assert source.count("(fictif)") >= 4
