"""The associations' space where a page comes after another: the code, who one is, a refused form, nothing there."""

import pytest
from django.urls import reverse

from conventions.tests import factories as f
from conventions.tests.browser.pages import axe_violations, opened, overflow
from conventions.tests.browser.test_signing import apart, last_mail_to
from conventions.tests.conftest import sign_in
from conventions.tests.factories.people import days_from_today
from conventions.tests.signing.world import code_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SHARED = "a.deux@exemple.invalid"
# What is typed for the form to be refused; the rest is left as it stands.
REFUSED = {
    "portal:handover": {},
    "portal:ask": {},
    "portal:thread": {},
    "portal:president": {"email": "incomplet@"},
    "portal:colleague": {"email": "incomplet@"},
    "portal:public_contact": {"email": "incomplet@"},
    "portal:my_address": {"email": "incomplet@"},
}


def faults(page) -> dict[str, list[str]]:
    """What is wrong with a page on a screen, then on a telephone."""
    found = {}
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        found[str(width)] = axe_violations(page) + overflow(page)
    return found


GOOD = {"1280": [], "320": []}


def send(page) -> None:
    with page.expect_navigation():
        page.locator("main form .btn-primary").first.click()


def test_two_people_enter_by_one_address(site):
    partner = apart(f.PartnerFactory)
    for _rank in range(2):
        apart(f.PresidentFactory, partner=partner, email=SHARED)
    context = site.context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(site.url + reverse("portal:sign_in"))
    page.fill("[name=email]", SHARED)
    send(page)
    assert faults(page) == GOOD
    page.fill("[name=code]", "12")
    send(page)
    assert faults(page) == GOOD
    page.fill("[name=code]", code_in(last_mail_to(SHARED)))
    send(page)
    assert (page.locator("[name=account]").count(), faults(page)) == (2, GOOD)
    page.locator("[name=account]").first.check()
    send(page)
    assert page.locator("h1").inner_text() == "Mes conventions"
    context.close()


@pytest.mark.parametrize(("name", "typed"), REFUSED.items(), ids=list(REFUSED))
def test_refused_form_is_accessible_and_says_so_in_its_title(site, name, typed):
    with opened(site, name, "president") as watched:
        for field, value in typed.items():
            watched.page.fill(f"main [name={field}]", value)
        send(watched.page)
        assert watched.page.title().startswith("Erreur")
        assert watched.page.locator(".is-invalid").count() > 0
        assert faults(watched.page) == GOOD


@pytest.fixture
def awaited(site):
    """(RIB, report): the addresses where an association that has sent nothing yet sends them."""
    user = apart(f.PresidentFactory)
    convention = apart(
        f.ConventionFactory,
        partner=apart(user.mandates.get).partner,
        act="signe",
        act__fundings=[{}],
        act__obligations=[{"due_on": days_from_today(5)}],
    )
    site.world.clients["awaited"] = apart(sign_in, user)
    duty = apart(lambda: convention.acts.get().obligation_set.get().pk)
    return (
        site.url + reverse("portal:bank", args=[convention.slug]),
        site.url + reverse("portal:report", args=[convention.slug, duty]),
    )


def test_rib_and_report_that_are_awaited_keep_their_file(site, awaited):
    """The page as it opens, then refused: what is kept is told, and can be taken out."""
    context = site.context("awaited")
    page = context.new_page()
    for url, field, typed in zip(awaited, ("holder", "spent"), ("", "beaucoup"), strict=True):
        page.goto(url)
        assert faults(page) == GOOD
        page.fill(f"[name={field}]", typed)
        file = {"name": "papier.pdf", "mimeType": "application/pdf", "buffer": f.small_pdf("Papier")}
        page.set_input_files("[name=file]", file)
        send(page)
        assert page.get_by_text("« papier.pdf » est gardé.").is_visible()
        assert page.get_by_label("Ne pas envoyer « papier.pdf »").is_visible()
        assert faults(page) == GOOD
    context.close()


def test_code_of_a_new_address_is_asked_for(site):
    with opened(site, "portal:my_address", "president") as watched:
        watched.page.fill("[name=email]", "nouvelle@exemple.invalid")
        with watched.page.expect_navigation():
            watched.page.get_by_role("button", name="Recevoir un code").click()
        assert watched.page.locator("h1").inner_text() == "Regardez vos courriels"
        assert faults(watched.page) == GOOD


def test_nothing_there_leads_back_to_one_s_conventions(site):
    context = site.context("president", viewport={"width": 320, "height": 800})
    page = context.new_page()
    answer = page.goto(site.url + reverse("portal:convention", args=["inconnue"]))
    assert (answer.status, faults(page)) == (404, GOOD)
    with page.expect_navigation():
        page.get_by_role("link", name="Revenir à mes conventions").click()
    assert page.locator("h1").inner_text() == "Mes conventions"
    context.close()
