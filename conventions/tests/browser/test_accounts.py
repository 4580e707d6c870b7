"""Enrolling a second factor and signing in with its code: by keyboard alone, and without JavaScript."""

import re

import pytest
from django.utils import timezone
from django_otp.oath import TOTP

from conventions.domain.people.security import second_factor
from conventions.models import SecondFactor
from conventions.tests.browser.pages import axe_violations, overflow
from conventions.tests.factories import UserFactory
from conventions.tests.factories.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
CODE = re.compile(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}")


def shown_by_telephone(user) -> str:
    """The next code that was not used yet."""
    factor = SecondFactor.objects.get(user=user)
    totp = TOTP(bytes.fromhex(second_factor.encryption.decrypt(factor.secret_encrypted)))
    step = max(int(timezone.now().timestamp()) // 30, factor.last_step + 1)
    totp.time = step * 30
    return f"{totp.token():06d}"


def fill(page, **fields):
    """Type in fields reached with the Tab key, then Enter."""
    for name, value in fields.items():
        for _stop in range(60):
            if page.evaluate("document.activeElement.name") == name:
                break
            page.keyboard.press("Tab")
        page.keyboard.type(value)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["keyboard", "without JavaScript"])
def test_second_factor_from_enrolment_to_sign_in(site, scripts):
    user = UserFactory(role="direction")
    context = site.context(java_script_enabled=scripts, viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(f"{site.url}/admin/login/?next=/admin/compte/second-facteur/")
    fill(page, username=user.username, password=PASSWORD)
    fill(page, password=PASSWORD)
    secret = page.locator(".opt-secret").inner_text()
    assert secret == second_factor.secret_of(SecondFactor.objects.get(user=user))
    assert page.locator("svg.qr-code").is_visible()
    if scripts:
        assert (axe_violations(page), overflow(page)) == ([], [])
    fill(page, code=shown_by_telephone(user))
    codes = CODE.findall(page.locator(".opt-codes").inner_text())
    assert len(codes) == 10
    if scripts:
        assert (axe_violations(page), overflow(page)) == ([], [])
    context.clear_cookies()
    page.goto(f"{site.url}/admin/login/?next=/admin/compte/")
    fill(page, username=user.username, password=PASSWORD)
    assert page.url == f"{site.url}/admin/second-facteur/"
    if scripts:
        assert (axe_violations(page), overflow(page)) == ([], [])
    fill(page, code=codes[0])
    assert page.url == f"{site.url}/admin/compte/"
    assert "9\u00a0codes" in page.locator("main").inner_text().replace(" codes", "\u00a0codes")
    context.close()


def test_page_warns_before_the_end_and_stays_signed_in(site):
    user = UserFactory(role="gestionnaire")
    context = site.context()
    page = context.new_page()
    page.clock.install()
    page.goto(f"{site.url}/admin/login/?next=/admin/compte/")
    fill(page, username=user.username, password=PASSWORD)
    dialog = page.get_by_role("dialog")
    assert dialog.count() == 0
    page.clock.fast_forward("28:30")
    dialog.get_by_text("Votre session va se fermer").wait_for()
    assert axe_violations(page) == []
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    page.clock.fast_forward("28:30")
    dialog.get_by_text("Votre session va se fermer").wait_for()
    page.clock.fast_forward("02:00")
    dialog.get_by_text("Votre session est fermée").wait_for()
    assert dialog.get_by_role("link", name="Se connecter dans un nouvel onglet").is_visible()
    context.close()
