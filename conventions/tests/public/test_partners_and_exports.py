"""Partners, figures and the exported list: what is added up, and what is said instead."""

import csv
import io

import pytest

from conventions.domain import publication
from conventions.enums import ActState, AmountStatus
from conventions.tests import factories
from conventions.tests.pdf.reading import plain
from conventions.tests.public.kimonos import kimonos
from conventions.tests.public.reading import body

pytestmark = pytest.mark.django_db


@pytest.fixture
def communication():
    return factories.UserFactory(role="communication")


def published(by, **values):
    return publication.publish(factories.ConventionFactory(act=ActState.SIGNED, **values), by=by)


def exported(client, **query):
    text = body(client.get("/conventions/", {"format": "csv", **query})).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_export_leaves_the_amount_empty_when_it_is_not_communicated(client, communication):
    publication.publish(kimonos(with_secrets=True), by=communication)
    (row,) = exported(client)
    assert row["Montant communiqué (F CFP)"] == ""
    assert row["Montants non communiqués ou non fixés"] == "1"
    assert row["Date de signature"] == "2023-03-14"
    assert row["Fictif"] == "non"


def test_export_adds_what_is_communicated_and_follows_the_search(client, communication):
    lines = [{"amount": 500_000}, {"amount": None, "status": AmountStatus.UNKNOWN}]
    published(communication, title="Cherchée (fictif)", act__fundings=lines)
    published(communication, title="Autre (fictif)")
    (row,) = exported(client, q="cherchee")
    assert row["Convention"] == "Cherchée (fictif)"
    assert (row["Montant communiqué (F CFP)"], row["Montants non communiqués ou non fixés"]) == (
        "500000",
        "1",
    )


def test_export_of_a_text_that_looks_like_a_formula_is_harmless(client, communication):
    published(communication, title="=HYPERLINK(1)")
    (row,) = exported(client)
    assert row["Convention"] == "'=HYPERLINK(1)"


def test_partner_page_adds_what_it_can_and_says_the_rest(client, communication):
    partner = factories.PartnerFactory(name="Les Cagous (fictif)", slug="les-cagous")
    published(communication, partner=partner, act__fundings=[{"amount": 500_000}])
    secret = [{"amount": 900_000, "publishable": False}]
    published(communication, partner=partner, act__fundings=secret)
    response = client.get("/partenaires/les-cagous/")
    assert plain(response.context["granted"]) == "500 000"
    assert plain(response.context["granted_note"]) == "sans compter 1 montant non communiqué ou non fixé"
    assert len(response.context["cards"]) == 2


def test_partner_page_shows_no_address(client, communication):
    partner = factories.PartnerFactory(slug="discret", address="3 rue Privée", email="prive@exemple.invalid")
    published(communication, partner=partner)
    page = client.get("/partenaires/discret/").content.decode()
    assert ("3 rue Privée" in page, "prive@exemple.invalid" in page) == (False, False)


def test_partner_without_published_convention_has_no_page(client):
    partner = factories.PartnerFactory(slug="inconnu")
    factories.ConventionFactory(act=ActState.SIGNED, partner=partner)
    assert client.get("/partenaires/inconnu/").status_code == 404
    assert client.get("/partenaires/opt-nc/").status_code == 404


def test_partner_renamed_is_shown_under_its_last_published_name(client, communication):
    partner = factories.PartnerFactory(name="Ancien nom (fictif)", slug="ancien-nom")
    published(communication, partner=partner)
    partner.name, partner.slug = "Nouveau nom (fictif)", "nouveau-nom"
    partner.save()
    published(communication, partner=partner)
    names = [row.name for row in client.get("/partenaires/").context["page_obj"]]
    assert names == ["Nouveau nom (fictif)"]
    for slug in ("ancien-nom", "nouveau-nom"):
        assert client.get(f"/partenaires/{slug}/").context["partner"].conventions == 2


@pytest.mark.parametrize("words", ["cœur", "COEUR", "kimonos"])
def test_partner_search_ignores_accents(client, communication, words):
    publication.publish(kimonos(), by=communication)
    published(communication)
    rows = client.get("/partenaires/", {"q": words}).context["page_obj"]
    assert [row.name for row in rows] == ["Les Kimonos du Cœur"]


def test_figures_page_shows_words_for_what_is_not_known(client, communication):
    publication.publish(kimonos(), by=communication)
    response = client.get("/chiffres/")
    (row,) = response.context["money_by_year"]
    assert (row.label, row.text, row.share) == ("2023", "montant non communiqué", None)
    assert response.context["money_table"][0]["uncounted"] == 1
