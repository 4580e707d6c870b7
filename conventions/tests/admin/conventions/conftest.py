"""A draft made as people make it, and its page."""

import datetime

import pytest
from django.urls import reverse

from conventions.domain.acts import drafting
from conventions.models import Act
from conventions.tests.factories import (
    KindFactory,
    PartnerFactory,
    RepresentativeFactory,
    UserFactory,
    opt_partner,
)


@pytest.fixture
def officer(db):
    return UserFactory(role="gestionnaire")


@pytest.fixture
def draft(officer):
    """A new file of an officer: parties, signatories, articles, obligations."""
    RepresentativeFactory(partner=opt_partner(), title="directeur général", last_name="DIRECTION (fictif)")
    partner = PartnerFactory(name="Association Niaouli (fictif)", slug="niaouli")
    RepresentativeFactory(partner=partner, last_name="PRÉSIDENTE (fictif)")
    return drafting.create_convention(
        by=officer,
        partner=partner,
        kind=KindFactory(slug="partenariat"),
        title="Dojo (fictif)",
        starts_on=datetime.date(2027, 1, 1),
        ends_on=datetime.date(2027, 12, 31),
        officer=officer,
    )


@pytest.fixture
def page_of():
    return lambda convention: reverse("admin:conventions_convention_change", args=[convention.pk])


@pytest.fixture
def the_act(draft):
    return Act.objects.get(convention=draft)
