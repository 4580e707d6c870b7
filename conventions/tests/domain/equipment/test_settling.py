"""Each device is settled before a convention closes; an amendment that lowers a line says how many are beyond it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conventions.domain import following
from conventions.domain.equipment import loans, reserving, stock
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, Role
from conventions.models import Device, EquipmentItem
from conventions.tests import factories as f
from conventions.tests.conftest import sign_in
from conventions.tests.domain.equipment.conftest import entered
from conventions.tests.pdf.reading import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return f.UserFactory(role=Role.OFFICER)


def close(convention, officer):
    return following.close(convention, closed_on=timezone.localdate(), confirmed=True, by=officer)


def refused(convention, officer) -> str:
    with pytest.raises(Refused) as refusal:
        close(convention, officer)
    convention.refresh_from_db()
    assert convention.closed_on is None
    return plain(str(refusal.value))


def test_a_convention_closes_when_what_is_reserved_is_released_or_given(devices, term, logistics, officer):
    convention = term.act.convention
    items = reserving.reserve(term, devices, by=logistics)
    f.HandoverFactory(act=term.act).items.set(items[:1])
    told = refused(convention, officer)
    assert "Réservés, pas encore remis : SN-FICTIF-0001 et SN-FICTIF-0002." in told
    assert "SN-FICTIF-0000" not in told
    reserving.release(items[1:], by=officer)
    assert close(convention, officer).closed_on == timezone.localdate()
    assert set(Device.objects.free()) == set(devices[1:])


def test_a_draft_of_an_amendment_holds_its_devices_too(devices, term, logistics, officer):
    change = f.ActFactory(
        convention=term.act.convention, amendment=True, state=ActState.DRAFT, equipment=[{"quantity": 3}]
    )
    items = reserving.reserve(change.equipmentterm_set.get(), devices, by=logistics)
    assert "SN-FICTIF-0001" in refused(term.act.convention, officer)
    reserving.release(items, by=logistics)
    close(term.act.convention, officer)


def test_a_convention_closes_when_what_is_lent_is_back_or_lost(devices, logistics, officer):
    line = {"transfer": "pret", "quantity": 3, "nature": "ordinateur"}
    act = f.ActFactory(state=ActState.SIGNED, number="2026-015", equipment=[line])
    items = reserving.reserve(act.equipmentterm_set.get(), devices, by=logistics)
    f.HandoverFactory(act=act).items.set(items)
    assert "3 appareils prêtés, pas encore rendus." in map(plain, following.still_open(act.convention))
    today = timezone.localdate()
    loans.give_back(items[:2], on=today, condition="bon", by=logistics)
    assert "Prêtés, pas encore rendus : SN-FICTIF-0002." in refused(act.convention, officer)
    stock.lose([devices[2]], on=today, by=logistics)
    close(act.convention, officer)


def test_a_long_list_names_twelve_and_counts_the_others(logistics, officer):
    act = f.ActFactory(state=ActState.SIGNED, number="2026-016", equipment=[{"quantity": 120}])
    reserving.reserve(act.equipmentterm_set.get(), entered(120, by=logistics), by=logistics)
    assert "SN-FICTIF-0011 et 108 autres." in refused(act.convention, officer)


def test_an_amendment_that_lowers_a_line_offers_to_release_what_is_beyond(devices, term, logistics):
    """Three reserved, one of them given; the amendment leaves one: the two others are offered, in one gesture."""
    items = reserving.reserve(term, devices, by=logistics)
    f.HandoverFactory(act=term.act).items.set(items[:1])
    lowered = {"line": term.line, "replaces": term, "nature": term.nature, "quantity": 1}
    f.ActFactory(convention=term.act.convention, amendment=True, state=ActState.SIGNED, equipment=[lowered])
    client = sign_in(logistics)
    page = client.get(reverse("admin:conventions_convention_follow", args=[term.act.convention_id]))
    ((line, address),) = page.context["beyond"]
    assert (line.beyond, line.to_release) == (2, items[1:])
    told = plain(page.content.decode())
    assert "1 appareil prévu depuis l’avenant, 2 de trop." in told
    assert "Libérer 2 appareils</a>" in told
    assert client.post(address, {"words": "avenant"}).status_code == 302
    assert list(EquipmentItem.objects.open()) == items[:1]
    page = client.get(reverse("admin:conventions_convention_follow", args=[term.act.convention_id]))
    assert page.context["beyond"] == []


def test_what_is_beyond_and_already_given_is_told_without_a_gesture(devices, term, logistics):
    f.HandoverFactory(act=term.act).items.set(reserving.reserve(term, devices, by=logistics))
    lowered = {"line": term.line, "replaces": term, "nature": term.nature, "quantity": 2}
    f.ActFactory(convention=term.act.convention, amendment=True, state=ActState.SIGNED, equipment=[lowered])
    page = sign_in(logistics).get(
        reverse("admin:conventions_convention_follow", args=[term.act.convention_id])
    )
    assert "1 de trop. Tous sont déjà remis" in plain(page.content.decode())
