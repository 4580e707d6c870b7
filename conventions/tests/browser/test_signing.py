"""The ceremony as people live it: a president on a telephone, by keyboard alone, then once more without JavaScript."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from conventions import permissions
from conventions.domain.documents import storage, verification
from conventions.domain.documents.verification import Verdict
from conventions.enums import ActState
from conventions.models import NumberCounter
from conventions.tests.browser.pages import axe_violations, overflow
from conventions.tests.conftest import sign_in
from conventions.tests.signing.world import code_in, frozen, link_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PHONE = {"width": 320, "height": 800}


@pytest.fixture(autouse=True)
def _numbers(site):
    """Acts of the site's world took numbers without the counter: go on after them."""
    counter, _made = NumberCounter.objects.get_or_create(year=timezone.localdate().year)
    NumberCounter.objects.filter(pk=counter.pk).update(last=max(counter.last, 900))


def apart(work, *args, **values):
    """Do this in a thread of its own: the browser holds this thread's event loop, which sealing needs."""

    def run():
        try:
            return work(*args, **values)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def last_mail_to(address: str):
    return next(message for message in reversed(mail.outbox) if message.to == [address])


def press(page, role: str, name: str) -> None:
    """Reach a control with the Tab key, then press Enter."""
    target = page.get_by_role(role, name=name, exact=True).first
    target.wait_for()
    for _stop in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            break
    assert target.evaluate("element => element === document.activeElement"), name
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_in(page, name: str, text: str) -> None:
    """Reach a field with the Tab key and type; a box is ticked with the space bar."""
    for _stop in range(80):
        if page.evaluate("document.activeElement.name") == name:
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space") if text == " " else page.keyboard.type(text)


def check(page, scripts: bool) -> None:
    """Accessible and within the width of a telephone."""
    assert overflow(page) == []
    if scripts:
        assert axe_violations(page) == []


def sign_as_president(page, site, scripts: bool) -> None:
    page.goto(site.url + link_in(last_mail_to("presidence@niaouli.invalid")))
    check(page, scripts)
    press(page, "button", "Ouvrir la convention")
    check(page, scripts)
    way = page.get_by_role("link", name="Aller à la signature").bounding_box()
    assert way["y"] + way["height"] <= PHONE["height"]  # under the thumb before anything is scrolled
    assert way["height"] >= 44
    assert page.get_by_role("heading", name="En bref").bounding_box()["y"] < PHONE["height"]
    press(page, "link", "Signer la convention")
    check(page, scripts)
    type_in(page, "typed_name", "Léa Wabealo")
    type_in(page, "consents", " ")
    press(page, "button", "Recevoir mon code par courriel")
    check(page, scripts)
    assert page.locator("[name=typed_name]").input_value() == "Léa Wabealo"
    assert page.locator("[name=consents]").is_checked()
    type_in(page, "code", code_in(last_mail_to("presidence@niaouli.invalid")))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "Votre signature est enregistrée"
    check(page, scripts)


def sign_as_director(site, world, user, scripts: bool) -> None:
    client = sign_in(user)
    session = client.session
    session[permissions.VERIFIED] = 1
    session.save()
    site.world.clients[user.username] = client
    context = site.context(user.username, viewport=PHONE, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(site.url + reverse("signing:todo"))
    check(page, scripts)
    press(page, "link", world.convention.title)
    press(page, "link", "Signer la convention")
    type_in(page, "typed_name", str(world.request_of(user).signatory))
    type_in(page, "consents", " ")
    press(page, "button", "Signer la convention")
    assert page.locator("h1").inner_text() == "Votre signature est enregistrée"
    context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["keyboard", "without JavaScript"])
def test_ceremony_on_a_telephone(site, scripts):
    world = apart(frozen)
    context = site.context(viewport=PHONE, java_script_enabled=scripts)
    page = context.new_page()
    sign_as_president(page, site, scripts)
    for user in world.directors:
        sign_as_director(site, world, user, scripts)
    act = world.refreshed()
    assert (act.state, act.seal_error) == (ActState.SIGNED, "")
    content = storage.read_bytes(act.signed_document)
    assert verification.of_file(content).verdict == Verdict.CONFORMING
    tampered = content.replace(b"/Title", b"/Titre", 1)
    assert verification.of_file(tampered).verdict == Verdict.ALTERED
    page.goto(f"{site.url}/verifier/{act.frozen_document.code}/")
    assert "A signé" in page.locator("main").inner_text()
    check(page, scripts)
    context.close()


@pytest.mark.parametrize("leave", ["Demander une correction", "Refuser de signer"])
def test_leaving_asks_why_and_ends_the_link(site, leave):
    world = apart(frozen, email="autre@niaouli.invalid")
    context = site.context(viewport=PHONE)
    page = context.new_page()
    link = site.url + link_in(last_mail_to("autre@niaouli.invalid"))
    page.goto(link)
    press(page, "button", "Ouvrir la convention")
    press(page, "link", leave)
    check(page, True)
    page.locator("form.form button[type=submit]").click()
    assert page.locator("[name=reason]").get_attribute("aria-invalid") == "true"
    type_in(page, "reason", "Le montant n’est pas le bon.")
    page.locator("form.form button[type=submit]").click()
    assert page.locator("h1").inner_text() == "C’est transmis"
    check(page, True)
    page.goto(link)
    assert page.locator("h1").inner_text() == "Ce lien n’ouvre plus rien"
    check(page, True)
    assert world.refreshed().state in (ActState.TO_CORRECT, ActState.DECLINED)
    context.close()
