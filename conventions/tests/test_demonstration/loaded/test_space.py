"""What the associations' space of the demonstration has to show."""

import pytest
from django.urls import reverse

from conventions.domain import space
from conventions.enums import MandateKind, ProposalState
from conventions.models import BankAccount, BankProposal, MandateProposal, Message, Representative, User
from conventions.tests.portal.reading import text

pytestmark = pytest.mark.slow


def person(last_name: str) -> User:
    return User.objects.get(last_name=last_name, is_demo=True)


def test_a_rib_waits_one_is_accepted_one_is_refused_with_its_reason(demo):
    rows = BankProposal.objects.order_by("partner__slug")
    assert [(row.partner.slug, row.state, bool(row.reason)) for row in rows] == [
        ("maison-de-l-igname", ProposalState.REFUSED, True),
        ("pirogues-de-la-baie", ProposalState.WAITING, False),
        ("radio-du-recif", ProposalState.ACCEPTED, False),
    ]
    assert not BankAccount.objects.filter(partner__slug="maison-de-l-igname", active=True).exists()


def test_a_president_waits_and_one_is_accepted(demo):
    rows = MandateProposal.objects.order_by("partner__slug", "pk")
    assert [(row.partner.slug, row.kind, row.state) for row in rows] == [
        ("ecoute-brousse", MandateKind.READER, ProposalState.ACCEPTED),
        ("ecoute-brousse", MandateKind.PRESIDENT, ProposalState.ACCEPTED),
        ("passerelles-numeriques", MandateKind.PRESIDENT, ProposalState.WAITING),
    ]
    partner = rows[0].partner
    assert space.mandate_for(person("DELMAS-NÉA"), partner) is None
    assert space.mandate_for(person("KABWA"), partner).reads_only is True
    assert space.mandate_for(person("NAAOUTCHOUÉ"), partner).usual_signatory is True


def test_one_person_speaks_for_two_associations(demo):
    found = Representative.objects.with_access(person("POANOUÏ")).values_list("partner__slug", flat=True)
    assert sorted(found) == ["mangroves-vivantes", "radio-du-recif"]


def test_an_exchange_has_its_answer_and_one_waits(demo):
    rows = Message.objects.order_by("pk")
    assert [row.from_partner for row in rows] == [True, False, True]
    assert [row.thread.waits_for_staff for row in rows] == [False, False, True]


def test_pages_of_those_people_open(demo, client):
    for last_name in ("PAGATTE", "TAUTAVAE", "WAÏEKONE", "POANOUÏ", "NAAOUTCHOUÉ", "DELMAS-NÉA", "KABWA"):
        client.force_login(person(last_name), backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(reverse("portal:home"))
        assert (page.status_code, "Mes conventions" in text(page)) == (200, True)
