"""A partner is found as one types, by the keyboard alone, on a line that was there and on one just added."""

import pytest
from django.urls import reverse

from conventions.models import Convention, Partner
from conventions.tests.browser.pages import Watched, axe_violations, overflow
from conventions.tests.factories import PartnerFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def clubs(site):
    """Two partners whose names begin alike, gone at the end."""
    made = [PartnerFactory(name=f"Judo club {place} (fictif)").pk for place in ("de Dumbéa", "de Païta")]
    yield [Partner.objects.get(pk=key) for key in made]
    Partner.objects.filter(pk__in=made).delete()


@pytest.fixture
def watched(site, clubs):
    context = site.context("superuser", viewport={"width": 1280, "height": 900})
    yield Watched(context.new_page())
    context.close()


def page_of(site, row) -> str:
    return site.url + reverse("admin:conventions_convention_change", args=[row.pk])


def test_answers_come_as_one_types_and_the_keyboard_suffices(site, watched, clubs):
    page, draft = watched.page, site.world.row("draft")
    page.goto(page_of(site, draft))
    held = page.locator("[name=party-1-partner_cherche]")
    assert held.input_value() == str(draft.parties.order_by("position", "pk")[1].partner)
    page.locator('[data-add="party"]').click()
    box = page.locator("[data-lines=party] > :last-child").get_by_role(
        "combobox", name="Partenaire", exact=True
    )
    assert box.evaluate("box => box === document.activeElement")
    box.press_sequentially("judo cl")
    page.get_by_role("listbox", name="Réponses").get_by_role("option").nth(1).wait_for()
    assert watched.errors == []  # before axe, which writes styles of its own
    for width in (1280, 768, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert (axe_violations(page), overflow(page)) == ([], [])
    box.press("ArrowDown")
    box.press("ArrowDown")
    assert (
        page.locator("#" + box.get_attribute("aria-activedescendant")).inner_text().startswith(str(clubs[1]))
    )
    box.press("Enter")
    assert (
        box.input_value(),
        page.get_by_role("listbox", name="Réponses").get_by_role("option").count(),
    ) == (str(clubs[1]), 0)
    chosen = page.locator("[data-lines=party] > :last-child select[name$=partner]")
    assert chosen.input_value() == str(clubs[1].pk)
    box.fill("")
    assert chosen.input_value() == ""


def test_several_are_added_one_by_one_and_what_is_chosen_is_saved(site, watched, clubs):
    page, draft = watched.page, site.world.row("draft")
    page.goto(page_of(site, draft))
    box = page.locator("[name=final_beneficiaries_cherche]")
    for club in clubs:
        box.fill(club.name[:18])
        page.get_by_role("option", name=club.name).click()
    assert page.get_by_role("checkbox", name=clubs[0].name).is_checked()
    page.get_by_role("checkbox", name=clubs[0].name).uncheck()
    try:
        page.locator(".save-bar [name=_enregistrer]").click()
        page.wait_for_load_state()
        assert list(Convention.objects.get(pk=draft.pk).final_beneficiaries.all()) == [clubs[1]]
        assert watched.errors == []
    finally:
        Convention.objects.get(pk=draft.pk).final_beneficiaries.clear()


def test_search_that_does_not_answer_says_so_and_loses_nothing(site, watched, clubs):
    page = watched.page
    page.route("**/choisir/**", lambda route: route.abort())
    page.goto(site.url + reverse("admin:conventions_convention_add"))
    box = page.get_by_role("combobox", name="Partenaire")
    box.press_sequentially("judo")
    page.get_by_text("La recherche ne répond pas.").wait_for()
    assert box.input_value() == "judo"
