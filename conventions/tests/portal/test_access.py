"""Who reads what in the space: own conventions only; a former president, what he or she signed."""

import pytest
from django.test import Client
from django.urls import reverse

from conventions.domain import space
from conventions.enums import ActState, DocumentKind
from conventions.models import Document
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today
from conventions.tests.portal.reading import main, rich, text, urls


def test_pages_of_another_association_do_not_exist(db, as_role):
    convention = rich(f.PartnerFactory())
    client = as_role("president")
    assert [client.get(url).status_code for url in urls(convention)] == [404] * 4


def test_pages_want_a_signed_in_reader(db):
    convention = rich(f.PartnerFactory())
    answers = [Client().get(url) for url in urls(convention)]
    assert [(answer.status_code, answer["Location"].split("?")[0]) for answer in answers] == [
        (302, "/espace/connexion/")
    ] * 4


def test_staff_are_sent_to_the_admin(db, as_role):
    convention = rich(f.PartnerFactory())
    client = as_role("gestionnaire")
    assert [client.get(url).status_code for url in urls(convention)] == [404] * 4
    assert "Aller à la gestion" in text(client.get("/espace/"))


@pytest.mark.parametrize("state", ["brouillon", "en_relecture", "a_corriger", "valide", "abandonne"])
def test_text_in_preparation_is_not_shown(db, as_role, state):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(partner=partner, act=state)
    client = as_role(f.PresidentFactory(partner=partner))
    assert client.get(urls(convention)[0]).status_code == 404
    assert "Rien à lire pour l’instant" in text(client.get("/espace/"))


def test_amendment_in_preparation_is_not_shown(db, as_role):
    partner = f.PartnerFactory()
    convention = rich(partner)
    f.ActFactory(convention=convention, amendment=True, state="valide")
    client = as_role(f.PresidentFactory(partner=partner))
    assert client.get(reverse("portal:agreement_of", args=[convention.slug, 1])).status_code == 404
    assert "venant" not in main(client.get(urls(convention)[0]))


@pytest.fixture
def former(db):
    """(client, convention signed in the mandate, amendment signed after it)."""
    partner = f.PartnerFactory(name="Association du Banian (fictif)")
    user = f.PresidentFactory(partner=partner, former=True)
    convention = f.ConventionFactory(partner=partner, act=None)
    act = f.ActFactory(convention=convention, signatories=None)
    f.FundingFactory(act=act, amount=300_000)
    f.ObligationFactory(act=act, due_on=days_from_today(10))
    f.SignatoryFactory(act=act, representative=user.mandates.get(), first_name="Jean", last_name="ANCIEN")
    f.settle(act, ActState.SIGNED)
    f.DocumentFactory(act=act, kind=DocumentKind.HANDOVER)
    f.PaymentFactory(convention=convention, amount=123_000, paid_on=days_from_today(-2))
    later = f.ActFactory(convention=convention, amendment=True, state="signe", fundings=[{"amount": 999_000}])
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client, convention, later


def test_former_president_reads_what_was_signed(former):
    client, convention, _later = former
    home = text(client.get("/espace/"))
    page = main(client.get(urls(convention)[0]))
    assert "Association du Banian (fictif) Mandat terminé : vous relisez ce que vous avez signé." in home
    assert "votre mandat est terminé" in page
    assert "Jean ANCIEN" in page
    assert "300 000 F CFP" in main(client.get(urls(convention)[0]))


def test_former_president_reads_nothing_of_what_came_after(former):
    client, convention, later = former
    pages = [client.get(url) for url in urls(convention)[:2]]
    assert all("venant" not in main(page) and "999 000" not in main(page) for page in pages)
    assert "123 000" not in main(pages[1])
    assert "Bientôt" not in main(pages[0])
    assert client.get(reverse("portal:agreement_of", args=[convention.slug, 1])).status_code == 404
    allowed = {
        row.kind: client.get(reverse("portal:document", args=[row.pk])).status_code
        for row in Document.objects.filter(act__convention=convention, act__rank=0)
    }
    assert allowed == {"fige": 200, "scan": 200, "pv_remise": 404}
    refused = [reverse("portal:document", args=[row.pk]) for row in later.documents.all()]
    assert [client.get(url).status_code for url in refused] == [404, 404]


def test_former_signatory_of_a_text_never_signed_reads_nothing(db, as_role):
    partner = f.PartnerFactory()
    user = f.PresidentFactory(partner=partner, former=True)
    convention = f.ConventionFactory(partner=partner, act=None)
    act = f.ActFactory(convention=convention, signatories=None)
    f.SignatoryFactory(act=act, representative=user.mandates.get())
    f.settle(act, ActState.TO_SIGN)
    assert as_role(user).get(urls(convention)[0]).status_code == 404


def test_home_groups_conventions_by_partner(db, as_role):
    one, two = f.PartnerFactory(name="Association A"), f.PartnerFactory(name="Association B")
    user = f.PresidentFactory(partner=one)
    f.RepresentativeFactory(user=user, partner=two)
    for partner, state in ((two, "signe"), (one, "signe"), (one, "a_signer")):
        f.ConventionFactory(partner=partner, act=state)
    f.ConventionFactory(act="signe")
    groups = space.home(user).groups
    assert [(group.partner, [card.situation.label for card in group.cards]) for group in groups] == [
        ("Association A", ["À signer", "En cours"]),
        ("Association B", ["En cours"]),
    ]
