"""A president signs on a telephone: by keyboard alone, and without JavaScript."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from conventions.domain import notifications
from conventions.enums import ActState
from conventions.models import NumberCounter
from conventions.tests import online
from conventions.tests.browser.pages import axe_violations, overflow
from conventions.tests.signing import world as worlds

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.pdf]


def elsewhere(function, *args):
    """Run it in a thread of its own: a seal wants a loop, and playwright holds this thread's."""
    shared = connections["default"]
    if shared.vendor == "sqlite" and shared.is_in_memory_db():
        shared.inc_thread_sharing()
    else:
        shared = None

    def run():
        if shared is not None:
            connections["default"] = shared
        try:
            return function(*args)
        finally:
            if shared is None:
                connections.close_all()

    try:
        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(run).result()
    finally:
        if shared is not None:
            shared.dec_thread_sharing()


def last_mail(mailbox):
    """The last mail, once what waits has left."""
    for mail in notifications.due():
        notifications.deliver(mail)
    return mailbox[-1]


def press(page, selector: str) -> None:
    """Reach something with the Tab key, then Enter."""
    for _stop in range(60):
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            break
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_in(page, name: str, value: str) -> None:
    for _stop in range(60):
        if page.evaluate("document.activeElement.name") == name:
            break
        page.keyboard.press("Tab")
    page.keyboard.type(value)


@pytest.mark.parametrize("scripts", [True, False], ids=["keyboard", "without JavaScript"])
def test_president_signs_from_the_link_of_the_mail(site, scripts, mailoutbox, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    online.give_keys()
    NumberCounter.objects.update_or_create(
        year=timezone.localdate().year, defaults={"last": 900 + scripts * 10}
    )
    world = elsewhere(worlds.frozen)
    context = site.context(java_script_enabled=scripts, viewport={"width": 320, "height": 800})
    page = context.new_page()

    def look():
        if scripts:
            assert (axe_violations(page), overflow(page)) == ([], [])

    page.goto(site.url + worlds.link_in(last_mail(mailoutbox)))
    look()
    press(page, "main button[type=submit]")
    assert "Lisez le texte" in page.locator("h1").inner_text()
    look()
    press(page, "a.btn-primary")
    look()
    type_in(page, "typed_name", "Léa Wabealo")
    type_in(page, "consents", " ")
    press(page, "button[name=_code]")
    look()
    type_in(page, "code", worlds.code_in(last_mail(mailoutbox)))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    look()
    assert page.locator("h1").inner_text() == "Votre signature est enregistrée"
    assert world.refreshed().state == ActState.PARTLY_SIGNED
    context.close()
