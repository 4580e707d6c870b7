"""What is typed survives a closed tab, the back button, a lost line, an ended session; at each width."""

import pytest
from django.urls import reverse

from conventions.models import KeptText, Partner
from conventions.tests.browser.pages import Watched, axe_violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
NAME = "admin:conventions_partner_change"


@pytest.fixture
def notes(site):
    """The notes of the world's partner, brought back at the end."""
    row = Partner.objects.filter(pk=site.world.partner.pk)
    before = row.values("notes", "version").get()
    KeptText.objects.all().delete()
    yield lambda: row.get().notes
    row.update(**before)
    KeptText.objects.all().delete()


def url_of(site) -> str:
    return site.url + reverse(NAME, args=[site.world.partner.pk])


def type_in(page, text: str) -> None:
    """Type, leave the field, and wait until the page says that it is kept."""
    page.locator("#id_notes").fill(text)
    page.locator("#id_notes").blur()
    page.get_by_text("est gardé").wait_for()


def test_closed_tab_is_offered_again_then_saved(site, notes):
    context = site.context("superuser")
    page = context.new_page()
    page.goto(url_of(site))
    type_in(page, "Onglet fermé (fictif)")
    page.close(run_before_unload=False)
    watched = Watched(context.new_page())
    page = watched.page
    page.goto(url_of(site))
    assert watched.errors == []  # before axe, which writes styles of its own
    offer = page.get_by_role("region", name="Texte non enregistré")
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_violations(page) == []
        assert offer.evaluate("box => box.scrollWidth <= box.clientWidth && box.clientWidth <= innerWidth")
    offer.get_by_role("button", name="Reprendre ce texte").click()
    assert page.locator("#id_notes").input_value() == "Onglet fermé (fictif)"
    assert notes() == ""
    page.locator("[name=_continue]").first.click()
    page.wait_for_load_state()
    assert notes() == "Onglet fermé (fictif)"
    assert KeptText.objects.count() == 0
    assert page.get_by_role("region", name="Texte non enregistré").count() == 0
    context.close()


def test_back_button_brings_the_text_back(site, notes):
    context = site.context("superuser")
    page = context.new_page()
    page.goto(url_of(site))
    type_in(page, "Bouton retour (fictif)")
    page.goto(site.url + "/admin/")
    page.go_back()
    field = page.locator("#id_notes")
    field.wait_for()
    if field.input_value() != "Bouton retour (fictif)":
        page.get_by_role("button", name="Reprendre ce texte").click()
    assert page.locator("#id_notes").input_value() == "Bouton retour (fictif)"
    context.close()


def test_lost_line_is_told_and_kept_when_it_comes_back(site, notes):
    context = site.context("superuser")
    page = context.new_page()
    page.goto(url_of(site))
    context.set_offline(True)
    page.locator("#id_notes").fill("Hors ligne (fictif)")
    page.locator("#id_notes").blur()
    page.get_by_role("alert").get_by_text("La connexion est coupée").wait_for()
    assert KeptText.objects.count() == 0
    context.set_offline(False)
    page.get_by_text("est gardé").wait_for()
    assert KeptText.objects.count() == 1
    context.close()


def test_ended_session_still_keeps_and_offers_after_signing_in(site, notes):
    context = site.context("superuser")
    page = context.new_page()
    page.goto(url_of(site))
    context.clear_cookies(name="sessionid")
    page.locator("#id_notes").fill("Session finie (fictif)")
    page.locator("#id_notes").blur()
    page.get_by_text("est gardé").wait_for()
    context.close()
    again = site.context("superuser")
    page = again.new_page()
    page.goto(url_of(site))
    page.get_by_role("button", name="Reprendre ce texte").click()
    assert page.locator("#id_notes").input_value() == "Session finie (fictif)"
    again.close()


def test_two_tabs_are_both_offered(site, notes):
    context = site.context("superuser")
    for text in ("Onglet un (fictif)", "Onglet deux (fictif)"):
        page = context.new_page()
        page.goto(url_of(site))
        type_in(page, text)
    page = context.new_page()
    page.goto(url_of(site))
    assert page.get_by_role("button", name="Reprendre ce texte").count() == 2
    page.get_by_role("link", name="Le lire d’abord").first.click()
    page.get_by_text("Onglet deux (fictif)").wait_for()
    context.close()


def test_without_script_a_refused_form_is_offered(site, notes):
    context = site.context("superuser", java_script_enabled=False)
    page = context.new_page()
    page.goto(url_of(site))
    page.locator("#id_name").fill("")
    page.locator("#id_notes").fill("Sans script (fictif)")
    page.locator("[name=_continue]").first.click()
    page.goto(url_of(site))
    page.get_by_role("button", name="Reprendre ce texte").click()
    assert page.locator("#id_notes").input_value() == "Sans script (fictif)"
    context.close()
