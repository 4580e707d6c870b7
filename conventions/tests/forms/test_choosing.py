"""A partner, a project, a convention found by typing: only what is chosen is in the page, with scripts or without."""

import datetime

import pytest
from django.urls import reverse

from conventions.domain.acts import drafting
from conventions.enums import ActState
from conventions.forms.choosing import SEARCH, SHOWN
from conventions.models import Convention, Partner, Project
from conventions.tests.admin.conventions.browser_post import add_line, form_data
from conventions.tests.factories import (
    ConventionFactory,
    KindFactory,
    PartnerFactory,
    ProjectFactory,
    UserFactory,
    opt_partner,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    client.force_login(UserFactory(role="gestionnaire"))
    return client


@pytest.fixture
def draft():
    opt_partner()
    return drafting.create_convention(
        by=UserFactory(role="gestionnaire"),
        partner=PartnerFactory(name="Association Niaouli (fictif)"),
        kind=KindFactory(slug="partenariat"),
        title="Dojo (fictif)",
        starts_on=datetime.date(2027, 1, 1),
        ends_on=datetime.date(2027, 12, 31),
        officer=UserFactory(role="gestionnaire"),
    )


@pytest.fixture
def judo():
    return [PartnerFactory(name=f"Judo club {place} (fictif)") for place in ("Dumbéa", "Païta")]


def page_of(convention):
    return reverse("admin:conventions_convention_change", args=[convention.pk])


def asked(client, among, **query):
    answer = client.get(reverse("admin:choose", args=[among]), query)
    return [row["label"] for row in answer.json()["results"]]


# -- what the page holds ------------------------------------------------------------------------------------
def test_page_holds_what_is_chosen_and_nothing_of_what_might_be(client, draft):
    before = len(client.get(page_of(draft)).content)
    PartnerFactory.create_batch(60, name="Partenaire étranger au dossier (fictif)")
    ProjectFactory.create_batch(60, name="Projet étranger au dossier (fictif)", is_demo=draft.is_demo)
    for _number in range(10):
        ConventionFactory(title="Soutien étranger au dossier (fictif)", partner=draft.parties.last().partner)
    page = client.get(page_of(draft))
    assert "étranger au dossier" not in page.content.decode()
    assert len(page.content) == pytest.approx(before, abs=40)  # a seal, a moment
    assert "Association Niaouli (fictif)" in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        reverse("admin:conventions_convention_add"),
        reverse("admin:conventions_convention_reprise"),
        reverse("admin:conventions_pressrelease_add"),
        reverse("admin:conventions_project_add"),
    ],
)
def test_other_forms_hold_none_either(client, address):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    PartnerFactory(name="Partenaire étranger (fictif)")
    ConventionFactory(title="Soutien étranger (fictif)")
    page = client.get(address)
    assert (page.status_code, "étranger" in page.content.decode()) == (200, False)
    assert "js/choose" in page.content.decode()


# -- without scripts ----------------------------------------------------------------------------------------
def test_search_button_shows_what_the_words_find_and_saves_nothing(client, draft, judo):
    data = form_data(client.get(page_of(draft)))
    add_line(data, "party", partner="", role="partie", partner_cherche="judo")
    data["title"] = ["Titre pas encore enregistré (fictif)"]
    page = client.post(page_of(draft), data | {SEARCH: ["party-2-partner"]})
    shown = form_data(page)
    assert (shown["party-2-partner_cherche"], shown["title"]) == (["judo"], data["title"])
    assert all(f'<option value="{row.pk}">{row}' in page.content.decode() for row in judo)
    assert "Plusieurs répondent à « judo » : choisissez." in page.content.decode()
    assert Convention.objects.get().version == 1
    shown["party-2-partner"] = [str(judo[1].pk)]
    assert client.post(page_of(draft), shown).status_code == 302
    assert draft.parties.last().partner == judo[1]


def test_saving_takes_the_one_row_that_the_words_find(client, draft, judo):
    project = ProjectFactory(name="Tatamis pour tous (fictif)", place="Lifou", is_demo=draft.is_demo)
    earlier = ConventionFactory(title="Dojo de l’an dernier (fictif)", partner=draft.parties.last().partner)
    data = form_data(client.get(page_of(draft)))
    add_line(data, "party", partner="", role="partie", partner_cherche="judo païta")
    data |= {"project_cherche": ["lifou"], "renews_cherche": ["an dernier"]}
    data |= {"final_beneficiaries_cherche": ["judo dumbea"]}
    assert client.post(page_of(draft), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.project, draft.renews, draft.parties.last().partner) == (project, earlier, judo[1])
    assert list(draft.final_beneficiaries.all()) == [judo[0]]


def test_words_that_find_several_or_none_are_refused_beside_the_field_and_kept(client, draft, judo):
    data = form_data(client.get(page_of(draft)))
    data |= {"final_beneficiaries_cherche": ["judo"], "project_cherche": ["introuvable"]}
    page = client.post(page_of(draft), data)
    form = page.context["sheet"].convention_form
    assert form.errors["final_beneficiaries"] == ["Plusieurs répondent à « judo » : choisissez."]
    assert form.errors["project"] == ["Rien ne répond à « introuvable ». Essayez un autre mot."]
    shown = form_data(page)
    assert (shown["final_beneficiaries_cherche"], shown["project_cherche"]) == (["judo"], ["introuvable"])
    shown |= {"final_beneficiaries": [str(row.pk) for row in judo], "project_cherche": [""]}
    assert client.post(page_of(draft), shown).status_code == 302
    assert set(draft.final_beneficiaries.all()) == set(judo)


def test_row_that_bears_the_very_name_is_taken_among_those_that_hold_it(client, draft):
    exact = PartnerFactory(name="Judo (fictif)")
    PartnerFactory(name="Judo (fictif) de Koné")
    data = form_data(client.get(page_of(draft))) | {"final_beneficiaries_cherche": ["JUDO fictif"]}
    assert client.post(page_of(draft), data).status_code == 302
    assert list(draft.final_beneficiaries.all()) == [exact]


@pytest.mark.parametrize("typed", ["%", "_", "\0", "’", "a" * 10_000, "9" * 30, "judo' OR 1=1 --"])
def test_no_word_breaks_a_choice(client, draft, judo, typed):
    data = form_data(client.get(page_of(draft))) | {"project_cherche": [typed], "renews_cherche": [typed]}
    for sent in (data, data | {SEARCH: ["project"]}):
        assert client.post(page_of(draft), sent).status_code in (200, 302)
    assert (
        client.get(reverse("admin:choose", args=["parties"]), {"q": typed, "pour": typed}).status_code == 200
    )


@pytest.mark.parametrize("key", ["0", "999999999999999999999999", "abc", "-1"])
def test_key_of_no_row_is_refused_beside_its_field(client, draft, key):
    data = form_data(client.get(page_of(draft))) | {"project": [key], "final_beneficiaries": [key]}
    add_line(data, "party", partner=key, role="partie")
    page = client.post(page_of(draft), data)
    assert {"project", "final_beneficiaries"} <= set(page.context["sheet"].convention_form.errors)
    assert "partner" in page.context["sheet"].formsets["party"].forms[2].errors


def test_merge_and_press_release_find_theirs(client, judo):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    address = reverse("admin:partner_merge", args=[judo[0].pk])
    page = client.post(address, {"target_cherche": "judo", SEARCH: "target"})
    assert f'<option value="{judo[1].pk}">{judo[1]}' in page.content.decode()  # the other alone
    assert f'<option value="{judo[0].pk}"' not in page.content.decode()
    signed = ConventionFactory(title="Voiles (fictif)", act=ActState.SIGNED)
    answer = client.post(reverse("admin:conventions_pressrelease_add"), {"convention_cherche": "voiles"})
    assert (answer.status_code, signed.press_releases.count()) == (302, 1)


def test_project_finds_its_holder_and_its_cofunders(client, judo):
    address = reverse("admin:conventions_project_add")
    typed = {"name": "Tatamis (fictif)", "holder_cherche": "judo dumbéa", "cofunders_cherche": "judo païta"}
    assert client.post(address, typed).status_code == 302
    row = Project.objects.get()
    assert (row.holder, list(row.cofunders.all())) == (judo[0], [judo[1]])


# -- with scripts -------------------------------------------------------------------------------------------
def test_answers_are_few_the_likeliest_first_and_say_that_there_are_more(client):
    PartnerFactory(name="Amicale du foot (fictif)")
    begins = PartnerFactory(name="Foot de Lifou (fictif)")
    acronym = PartnerFactory(name="Ligue de football (fictif)", acronym="FOOT", ridet="0733089.001")
    assert asked(client, "partenaires", q="foot")[:2] == [str(acronym), str(begins)]
    assert asked(client, "partenaires", q="ridet 0733089001") == [str(acronym)]
    PartnerFactory.create_batch(SHOWN, name="Autre foot (fictif)")
    answer = client.get(reverse("admin:choose", args=["partenaires"]), {"q": "foot"}).json()
    assert (len(answer["results"]), answer["said"]) == (SHOWN, "Précisez pour en voir d’autres.")


def test_each_choice_answers_what_its_form_takes_and_nothing_else(client, draft):
    opt, partner = str(opt_partner()), draft.parties.last().partner
    merged = PartnerFactory(name="Fiche fusionnée (fictif)", merged_into=partner)
    other = ConventionFactory(title="Autre partenaire (fictif)")
    earlier = ConventionFactory(title="Même partenaire (fictif)", partner=partner)
    assert opt in asked(client, "parties")
    assert {opt, str(merged)} & set(asked(client, "partenaires")) == set()
    assert str(partner) not in asked(client, "fiches", pour=partner.pk)
    assert asked(client, "suites", pour=draft.pk) == [str(earlier)]
    assert {str(other), str(earlier)} <= set(asked(client, "sujets"))
    assert asked(client, "suites") == []
    assert client.get(reverse("admin:choose", args=["comptes"])).status_code == 404


def test_project_saved_or_renamed_is_found_by_its_name_and_its_place():
    row = ProjectFactory(name="L’école du bord de mer (fictif)", place="Païta")
    assert list(Project.objects.search("ecole paita")) == [row]
    row.name = "Œuvres (fictif)"
    row.save(update_fields=["name"])
    assert (list(Project.objects.search("oeuvres")), Partner.objects.search("oeuvres").count()) == ([row], 0)


def test_answers_read_as_many_queries_whatever_the_rows(client, django_assert_max_num_queries):
    ConventionFactory.create_batch(3)
    with django_assert_max_num_queries(6):
        asked(client, "sujets", q="a")
