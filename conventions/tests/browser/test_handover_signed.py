"""Ten devices handed over on the spot: the procès-verbal read and signed on the phone of who receives, taps counted."""

import pytest
from django.utils import timezone

from conventions.domain.acts import handover
from conventions.domain.acts.requests import handover_codes
from conventions.domain.equipment import reserving
from conventions.models import Handover, HandoverCode, HandoverSignature, User
from conventions.tests import factories as f
from conventions.tests.browser.pages import axe_violations, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
COUNT = 10
MOST_TAPS = 5  # the link, the consent, the name, the code asked, the signature


def prepared(site) -> Handover:
    """Ten devices, with a procès-verbal that names the president."""
    convention = f.ConventionFactory(
        title="Dix ordinateurs (fictif)",
        partner=site.world.partner,
        act="signe",
        act__equipment=[{"quantity": COUNT}],
    )
    by = User.objects.filter(is_superuser=True).first()
    act = convention.acts.get()
    devices = f.DeviceFactory.create_batch(COUNT, holds_data=False)
    items = reserving.reserve(act.equipmentterm_set.get(), devices, by=by)
    mandate = site.world.clients["president"].user.mandates.get()
    return handover.record_handover(
        act,
        items=items,
        handed_on=timezone.localdate(),
        place="Koné",
        given_by="Noa AGENT (fictif), magasinier",
        received_by=f"{mandate}, {mandate.title}",
        by=by,
    )


# Three at most: a fourth code of the day waits before it leaves.
@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1280, True), (390, False)])
def test_the_president_signs_for_ten_devices(site, width, scripts):
    made = prepared(site)
    context = site.context("president", viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    page, taps, faults = context.new_page(), 0, []

    def look() -> None:
        faults.extend([*axe_violations(page), *overflow(page)] if scripts else [])

    try:
        page.goto(f"{site.url}/espace/conventions/{made.act.convention.slug}/remises/{made.pk}/signer/")
        taps += 1
        look()
        page.get_by_label("Votre prénom et votre nom").fill(made.received_by.partition(",")[0])
        page.get_by_label("J’ai lu le procès-verbal").check()
        page.get_by_role("button", name="Recevoir mon code").click()
        taps += 3
        page.get_by_text("Le code est parti").wait_for()
        look()
        code = handover_codes.mint(HandoverCode.objects.get(handover=made).pk)
        page.keyboard.type(code)  # the field has the focus
        page.get_by_role("button", name="Signer le procès-verbal").click()
        taps += 1
        page.get_by_role("heading", name="Procès-verbal signé").wait_for()
        look()
    finally:
        context.close()
    assert HandoverSignature.objects.get(handover=made).typed_name
    assert (faults, taps) == ([], MOST_TAPS)
