"""Kept text without script: sessions that end, forms that expire, two pages; and all who would like to read it."""

import datetime
import html
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from conventions.domain.people import kept_texts
from conventions.domain.people.security import sessions
from conventions.models import ClauseTemplate, JournalEntry, KeptText, Partner, User
from conventions.tests.admin.conventions.browser_post import form_data
from conventions.tests.factories import (
    ClauseTemplateFactory,
    ConventionFactory,
    PartnerFactory,
    PresidentFactory,
    UserFactory,
)
from conventions.tests.harness import query_budget
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES

pytestmark = pytest.mark.django_db
MOMENT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
SEAL = re.compile(r'name="_onglet" value="([^"]+)" data-keep')
NASTY = "<script>alert(1)</script> \"'> (fictif)"


@pytest.fixture
def partner():
    return PartnerFactory(name="Association Niaouli (fictif)")


def url_of(partner) -> str:
    return reverse("admin:conventions_partner_change", args=[partner.pk])


def seal(response) -> str:
    return html.unescape(SEAL.search(response.content.decode()).group(1))


def typed(client, partner, **values) -> dict:
    """The form as it stands, with what was typed in it."""
    return form_data(client.get(url_of(partner)), "partner_form") | {
        name: [text] for name, text in values.items()
    }


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def offered(response) -> list[str]:
    return re.findall(r'name="_reprendre" value="(\d+)"', response.content.decode())


def test_form_sent_after_the_session_ended_is_offered_once_signed_in(as_role, partner):
    with time_machine.travel(MOMENT, tick=False) as clock:
        client = as_role("gestionnaire")
        data = typed(client, partner, notes="Écrit trop tard (fictif)")
        clock.shift(datetime.timedelta(hours=3))
        answer = client.post(url_of(partner), data, follow=True)
        assert any("est gardé" in text for text in told(answer))
        assert answer.redirect_chain[0][0].startswith(reverse("admin:login"))
        again = as_role(client.user)
        page = again.get(url_of(partner))
        (key,) = offered(page)
        resumed = again.post(url_of(partner), {"_onglet": seal(page), "_reprendre": key})
        assert form_data(resumed, "partner_form")["notes"] == ["Écrit trop tard (fictif)"]
        partner.refresh_from_db()
        assert (partner.notes, JournalEntry.objects.count()) == ("", 0)
        saved = again.post(url_of(partner), form_data(resumed, "partner_form"))
        assert saved.status_code == 302
    partner.refresh_from_db()
    assert (partner.notes, KeptText.objects.count()) == ("Écrit trop tard (fictif)", 0)


def test_cookie_that_is_gone_keeps_the_text_for_its_author_alone(as_role, partner):
    client = as_role("gestionnaire")
    data = typed(client, partner, notes="Sans cookie (fictif)")
    answer = Client().post(url_of(partner), data)
    assert answer.status_code == 302
    assert KeptText.objects.get().user == client.user
    other = as_role("superuser")
    assert offered(other.get(url_of(partner))) == []
    assert offered(as_role(client.user).get(url_of(partner))) != []


@pytest.mark.parametrize("token", [None, "x" * 64])
def test_page_open_for_weeks_keeps_its_text_for_its_author_who_signed_in_again(as_role, partner, token):
    with time_machine.travel(MOMENT, tick=False) as clock:
        author = as_role("gestionnaire").user
        data = typed(as_role(author), partner, name="", notes="Trois semaines plus tard (fictif)")
        clock.shift(datetime.timedelta(days=21))
        Client().post(url_of(partner), data)
        as_role("superuser").post(url_of(partner), data)
        assert KeptText.objects.count() == 0
        client = Client(enforce_csrf_checks=token is not None)
        client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
        client.post(url_of(partner), data | ({"csrfmiddlewaretoken": [token]} if token else {}))
    kept = KeptText.objects.get()
    assert (kept.user, dict(kept_texts.content(kept))["notes"]) == (
        author,
        ["Trois semaines plus tard (fictif)"],
    )


def test_strangers_cannot_fill_what_is_kept(as_role, partner):
    """Without a seal nothing is kept; with one that leaked, the one row of its page; of a closed account, nothing."""
    client = as_role("gestionnaire")
    data = typed(client, partner, notes="De l’auteur (fictif)")
    sealed = data["_onglet"][0]
    stranger, other = Client(), as_role("president")
    for wrong in ("", "x", sealed[:-1], f"{sealed}:x", sealed.swapcase()):
        for who in (stranger, other):
            who.post(url_of(partner), data | {"_onglet": wrong, "_garder": "1"})
            who.post(url_of(partner), data | {"_onglet": wrong})
    other.post(url_of(partner), data | {"_garder": "1"})
    assert KeptText.objects.count() == 0
    for number in range(5):
        stranger.post(url_of(partner), data | {"notes": f"Rejoué {number} (fictif)", "_garder": "1"})
    assert KeptText.objects.get().user == client.user
    KeptText.objects.all().delete()
    User.objects.filter(pk=client.user.pk).update(is_active=False)
    for who in (client, stranger):
        who.post(url_of(partner), data | {"_garder": "1"})
        who.post(url_of(partner), data)
    assert KeptText.objects.count() == 0


def test_expired_form_keeps_its_text_and_never_advises_to_reload(as_role, partner):
    author = as_role("gestionnaire").user
    client = Client(enforce_csrf_checks=True)
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    data = typed(client, partner, notes="Jeton périmé (fictif)")
    answer = client.post(url_of(partner), data | {"csrfmiddlewaretoken": ["x" * 64]})
    page = answer.content.decode()
    assert (answer.status_code, "rechargez" in page.lower(), "est gardé" in page) == (403, False, True)
    assert f'href="{url_of(partner)}"' in page
    assert offered(client.get(url_of(partner))) != []


def test_expired_form_that_keeps_nothing_shows_its_text_to_be_copied_but_no_secret():
    client = Client(enforce_csrf_checks=True)
    data = {"email": "a@exemple.nc", "password": "Mot de passe secret", "message": NASTY, "code": "123 456"}
    answer = client.post(reverse("portal:sign_in"), data)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert html.escape(NASTY) in page
    assert "<script>alert" not in page
    assert ("Mot de passe secret" in page, "123 456" in page, "rechargez" in page.lower()) == (
        False,
        False,
        False,
    )


def test_refused_form_is_kept_and_forgotten_once_saved(as_role, partner):
    client = as_role("gestionnaire")
    answer = client.post(url_of(partner), typed(client, partner, name="", notes="Refusé (fictif)"))
    assert answer.status_code == 200
    assert KeptText.objects.count() == 1
    assert offered(answer) == []  # it is on the page
    client.post(url_of(partner), form_data(answer, "partner_form") | {"name": ["Niaouli (fictif)"]})
    assert (KeptText.objects.count(), Partner.objects.get(pk=partner.pk).notes) == (0, "Refusé (fictif)")


def test_two_pages_are_both_offered_and_neither_wins(as_role, partner):
    client = as_role("gestionnaire")
    pages = [client.get(url_of(partner)) for _ in range(2)]
    for page, text in zip(pages, ("Première page (fictif)", "Seconde page (fictif)"), strict=True):
        data = form_data(page, "partner_form") | {"notes": [text], "_garder": ["1"]}
        assert client.post(url_of(partner), data).json() == {"kept": True}
    partner.refresh_from_db()
    assert partner.notes == ""
    page = client.get(url_of(partner))
    keys = offered(page)
    assert len(keys) == 2
    # The second is saved: the first is still offered.
    data = form_data(pages[1], "partner_form") | {"notes": ["Seconde page (fictif)"]}
    assert client.post(url_of(partner), data).status_code == 302
    page = client.get(f"{url_of(partner)}?texte={offered(client.get(url_of(partner)))[0]}")
    assert "Première page (fictif)" in page.content.decode()
    client.post(url_of(partner), {"_onglet": seal(page), "_oublier": offered(page)[0]})
    assert KeptText.objects.count() == 0


def test_nobody_else_reads_takes_up_or_forgets_a_text(as_role, partner):
    client = as_role("gestionnaire")
    client.post(url_of(partner), typed(client, partner, notes=NASTY) | {"_garder": ["1"]})
    row = KeptText.objects.get()
    for who in ("superuser", "gestionnaire", "direction", "juriste"):
        other = as_role(who)
        page = other.get(f"{url_of(partner)}?texte={row.pk}")
        assert "alert(1)" not in page.content.decode()
        for gesture in ("_reprendre", "_oublier", "_garder"):
            data = {gesture: str(row.pk), "notes": "volé"}
            for mark in ({}, {"_onglet": seal(client.get(url_of(partner)))}):
                answer = other.post(url_of(partner), data | mark)
                assert answer.status_code in (200, 302)
                assert b"alert(1)" not in answer.content
    assert list(KeptText.objects.values_list("pk", flat=True)) == [row.pk]
    partner.refresh_from_db()
    assert partner.notes == ""


def test_copied_cookie_reads_nothing_once_its_session_is_closed(as_role, partner):
    client = as_role("gestionnaire")
    client.post(url_of(partner), typed(client, partner, notes="À moi (fictif)") | {"_garder": ["1"]})
    thief = Client()
    thief.cookies = client.cookies.copy()
    sessions.close_all(client.user, by=UserFactory(superuser=True))
    answer = thief.get(f"{url_of(partner)}?texte={KeptText.objects.get().pk}", follow=True)
    assert "À moi" not in answer.content.decode()


def test_page_that_one_may_no_longer_open_offers_nothing(as_role):
    lawyer = as_role("juriste")
    row = ClauseTemplateFactory(state="brouillon")
    url = reverse("admin:conventions_clausetemplate_change", args=[row.pk])
    data = form_data(lawyer.get(url), "clausetemplate_form") | {
        "body": ["Nouveau texte (fictif)"],
        "_garder": ["1"],
    }
    assert lawyer.post(url, data).json() == {"kept": True}
    ClauseTemplate.objects.filter(pk=row.pk).update(state="en_vigueur")
    page = lawyer.get(url)
    assert (offered(page), "Nouveau texte (fictif)" in page.content.decode()) == ([], True)
    lawyer.user.groups.clear()
    answer = lawyer.get(url)
    assert answer.status_code in (302, 403)
    assert "Nouveau texte" not in answer.content.decode()


def test_offered_text_is_only_text(as_role, partner):
    client = as_role("gestionnaire")
    client.post(url_of(partner), typed(client, partner, notes=NASTY) | {"_garder": ["1"]})
    page = client.get(f"{url_of(partner)}?texte={KeptText.objects.get().pk}").content.decode()
    assert html.escape(NASTY) in page
    assert "<script>alert" not in page


def test_huge_text_is_not_kept_and_says_so(as_role, partner):
    client = as_role("gestionnaire")
    data = typed(client, partner, notes="x" * (kept_texts.MOST_CHARACTERS + 1)) | {"_garder": ["1"]}
    assert client.post(url_of(partner), data).json() == {"kept": False}
    assert KeptText.objects.count() == 0


def test_keeping_costs_at_most_six_queries(as_role, partner):
    client = as_role("gestionnaire")
    data = typed(client, partner, notes="Un (fictif)") | {"_garder": ["1"]}
    for _ in range(2):
        with query_budget(6):
            assert client.post(url_of(partner), data).json() == {"kept": True}


def test_report_of_an_association_is_kept_and_offered(as_role):
    association = PartnerFactory()
    president = PresidentFactory(partner=association)
    convention = ConventionFactory(
        partner=association, act="signe", act__obligations=[{"kind": "compte_rendu"}], officer=UserFactory()
    )
    url = reverse("portal:report", args=[convention.slug, convention.acts.get().obligation_set.get().pk])
    client = as_role(president)
    answer = client.post(url, {"_onglet": seal(client.get(url)), "note": "Notre compte rendu (fictif)"})
    assert answer.status_code == 200  # its file is missing
    page = client.get(url)
    (key,) = offered(page)
    resumed = client.post(url, {"_onglet": seal(page), "_reprendre": key})
    assert "Notre compte rendu (fictif)" in resumed.content.decode()
    assert KeptText.objects.count() == 1


def test_every_form_in_which_more_than_a_line_is_typed_is_sealed_and_no_other_holds_a_secret():
    """« Find them all »: each page that the superuser or a president opens."""
    world, bare, secret, seen = worlds.build("president", "superuser"), [], [], 0
    for name, line in LINES.items():
        who = "president" if name.startswith("portal:") else "superuser"
        if line.answers[who] != 200 or not line.page:
            continue
        page = world.clients[who].get(reverse(name, kwargs=line.arguments(world)) + line.query)
        for form in re.findall(r"<form\b.*?</form>", page.content.decode(), re.DOTALL):
            has_text = "<textarea" in re.sub(r"<template.*?</template>", "", form, flags=re.DOTALL)
            seen += has_text
            if has_text and "data-keep" not in form and "readonly" not in form:
                bare.append(name)
            if "data-keep" in form and re.search(r'type="password"|one-time-code|name="iban"', form):
                secret.append(name)
    assert (bare, secret) == ([], [])
    assert seen > 15


def test_buttons_are_never_kept():
    """A text that comes back presses no button: their names begin with « _ », or are known."""
    from pathlib import Path

    from django.conf import settings

    found = set()
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        found |= set(re.findall(r'<button[^>]*? name="([a-z][^"]*)"', path.read_text()))
    assert found <= set(kept_texts.BUTTONS)
