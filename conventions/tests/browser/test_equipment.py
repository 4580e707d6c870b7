"""Twelve devices, from the stock to the signed procès-verbal and the list for accounting, by logistics alone."""

import pytest
from django.utils import timezone

from conventions.domain.equipment import stock
from conventions.equipment_enums import DeviceState
from conventions.models import Device, Handover, User
from conventions.tests import factories as f
from conventions.tests.browser.pages import axe_violations, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
COUNT = 12
MOST_CLICKS = 12


class Hand:
    """Who works: every click is counted; each page is looked at."""

    def __init__(self, page, url: str, *, scripts: bool) -> None:
        self.page, self.url, self.scripts, self.clicks = page, url, scripts, 0
        self.faults: dict[str, list] = {}

    def click(self, role: str, name: str, *, exact: bool = False) -> None:
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        self.look()

    def look(self) -> None:
        found = [*axe_violations(self.page), *overflow(self.page)] if self.scripts else []
        if found:
            self.faults[self.page.url] = found


def promised(site) -> tuple:
    """A signed convention that promises twelve computers, and the twelve in the stock."""
    convention = f.ConventionFactory(
        title="Douze ordinateurs (fictif)",
        partner=site.world.partner,
        act="signe",
        act__equipment=[{"quantity": COUNT}],
    )
    by = User.objects.filter(is_superuser=True).first()
    mark = timezone.now().strftime("%H%M%S%f")
    entries = [
        stock.Entry(
            nature="ordinateur de bureautique", maker="Kaori", model="Bureau 400", serial=f"K{mark}{rank:02d}"
        )
        for rank in range(COUNT)
    ]
    return convention, stock.enter(entries, by=by)


@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1280, True), (390, False)])
def test_twelve_devices_go_from_the_stock_to_the_list_for_accounting(site, width, scripts):
    convention, devices = promised(site)
    context = site.context("superuser", viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    page = context.new_page()
    hand = Hand(page, site.url, scripts=scripts)
    try:
        scan(hand, devices)
        reserve(hand, convention)
        erase(hand, convention)
        hand_over(hand, convention)
        write_off(hand, devices)
    finally:
        context.close()
    keys = [device.pk for device in devices]
    assert Device.objects.filter(pk__in=keys).in_state(DeviceState.GIVEN).count() == COUNT
    assert Device.objects.filter(pk__in=keys, written_off_on__isnull=False).count() == COUNT
    made = Handover.objects.get(act__convention=convention)
    assert made.items.count() == COUNT
    assert made.document.page_count >= 1
    assert hand.faults == {}
    assert hand.clicks <= MOST_CLICKS


def scan(hand: Hand, devices: list[Device]) -> None:
    """A reader types each label and ends it with Enter: no mouse, and each is told aloud."""
    hand.page.goto(f"{hand.url}/admin/conventions/device/scanner/")
    hand.look()
    hand.page.locator("textarea:focus").wait_for()
    for device in devices:
        hand.page.keyboard.type(device.serial)
        hand.page.keyboard.press("Enter")
    if hand.scripts:
        hand.page.get_by_role("status").get_by_text(devices[-1].serial).wait_for()
    hand.click("button", "Reconnaître ces étiquettes")
    assert hand.page.get_by_role("heading", name="12 appareils reconnus").count() == 1


def reserve(hand: Hand, convention) -> None:
    hand.click("link", "Réserver pour une convention")
    term = convention.acts.get().equipmentterm_set.get()
    hand.page.get_by_label("Ligne de l’annexe").select_option(str(term.pk))
    hand.click("button", "Réserver (12 appareils)")


def follow(hand: Hand, convention) -> None:
    hand.page.goto(f"{hand.url}/admin/conventions/convention/{convention.pk}/suivi/#materiel")
    hand.look()


def erase(hand: Hand, convention) -> None:
    follow(hand, convention)
    assert hand.page.get_by_text("12 appareils").first.is_visible()
    hand.click("link", "Noter l’effacement (12)")
    hand.page.get_by_label("Technique").select_option("ecrasement")
    hand.clicks += 1
    hand.page.get_by_label("Aujourd’hui, par moi").check()
    hand.click("button", "Enregistrer l’effacement (12 appareils)")


def hand_over(hand: Hand, convention) -> None:
    assert "/suivi/" in hand.page.url
    hand.clicks += 1
    hand.page.locator("#form-remise > summary").click()
    form = hand.page.locator("#form-remise")
    assert form.locator("input[name=items]:checked").count() == COUNT
    form.get_by_label("Lieu").fill("Nouméa")
    form.get_by_label("Remis par").fill("Noa AGENT (fictif), magasinier")
    form.get_by_label("Reçu par").fill("Alix (fictif), présidente")
    hand.click("button", "Enregistrer la remise et éditer le procès-verbal")
    assert hand.page.get_by_role("link", name="Télécharger le procès-verbal").count() == 1


def write_off(hand: Hand, devices: list[Device]) -> None:
    keys = ",".join(str(device.pk) for device in devices)
    hand.page.goto(f"{hand.url}/admin/conventions/device/lot/sortir/?appareils={keys}")
    hand.look()
    hand.clicks += 1
    hand.page.get_by_label("Aujourd’hui", exact=True).check()
    hand.click("button", "Sortir de l’inventaire (12 appareils)")
    hand.page.goto(f"{hand.url}/admin/conventions/device/sorties/")
    hand.look()
    with hand.page.expect_download() as sent:
        hand.clicks += 1
        hand.page.get_by_role("link", name="(PDF)").click()
    assert sent.value.suggested_filename.startswith("sorties-inventaire-")
