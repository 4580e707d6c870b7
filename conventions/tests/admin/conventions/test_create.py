"""Creation in five fields."""

import datetime

import pytest
from django.urls import reverse

from conventions.enums import ActOrigin, ActState, ObligationKind, PartyRole
from conventions.models import Convention, JournalEntry, Partner
from conventions.tests.factories import KindFactory, PartnerFactory, RepresentativeFactory, opt_partner

ADD = reverse("admin:conventions_convention_add")
REPRISE = reverse("admin:conventions_convention_reprise")


@pytest.fixture
def five(officer):
    """The five fields, for a partner that exists."""
    partner = PartnerFactory(name="Les Œuvres de la Côte (fictif)")
    RepresentativeFactory(partner=partner, title="présidente", email="rose@exemple.invalid")
    RepresentativeFactory(partner=opt_partner(), title="directeur général par intérim")
    return {
        "partner": "Les Œuvres de la Côte (fictif)",
        "kind": KindFactory(slug="partenariat").pk,
        "title": "Atelier (fictif)",
        "starts_on": "2027-01-01",
        "ends_on": "2027-12-31",
        "officer": officer.pk,
    }


def test_creation_makes_a_draft_ready_to_complete(as_role, officer, five):
    response = as_role(officer).post(ADD, five)
    convention = Convention.objects.get()
    act = convention.acts.get()
    assert response.url == reverse("admin:conventions_convention_change", args=[convention.pk])
    assert (act.state, act.prepared_by, convention.officer) == (ActState.DRAFT, officer, officer)
    assert [party.role for party in convention.parties.all()] == [PartyRole.OPT, PartyRole.BENEFICIARY]
    titles = [person.title for person in act.signatories.all()]
    assert titles == ["directeur général par intérim", "présidente"]
    report = act.obligation_set.get(kind=ObligationKind.FINANCIAL_REPORT)
    assert report.due_on == datetime.date(2028, 6, 30)
    assert act.clause_set.count() > 0
    assert JournalEntry.objects.get(convention=convention).event == "convention_creee"


def test_creation_finds_the_partner_without_its_accents(as_role, officer, five):
    as_role(officer).post(ADD, five | {"partner": "les oeuvres de la cote (fictif)"})
    assert Convention.objects.get().parties.last().partner.name == "Les Œuvres de la Côte (fictif)"


def test_creation_with_an_unknown_partner_offers_to_create_it(as_role, officer, five):
    client = as_role(officer)
    page = client.post(ADD, five | {"partner": "Œuvres (fictif)"})
    form = page.context["form"]
    assert Convention.objects.count() == 0
    assert [str(partner) for partner in form.near] == ["Les Œuvres de la Côte (fictif)"]
    assert form["title"].value() == "Atelier (fictif)"
    client.post(
        ADD, five | {"partner": "Œuvres (fictif)", "create_partner": "on", "partner_nature": "fondation"}
    )
    made = Partner.objects.get(name="Œuvres (fictif)")
    assert (made.nature, Convention.objects.get().parties.last().partner) == ("fondation", made)


def test_creation_with_dates_in_the_wrong_order_says_it_beside_the_end(as_role, officer, five):
    page = as_role(officer).post(ADD, five | {"ends_on": "2026-12-31"})
    message = "La date de fin précède la prise d’effet. Corrigez l’une des deux dates."
    assert page.context["form"].errors == {"ends_on": [message]}
    assert Convention.objects.count() == 0


def test_reprise_holds_what_the_source_says_and_proposes_nothing(as_role, officer, five):
    values = five | {
        "starts_on": "",
        "ends_on": "",
        "signed_on_wording": "courant 2021",
        "old_reference": "C-12",
    }
    as_role(officer).post(REPRISE, values)
    act = Convention.objects.get().acts.get()
    assert (act.origin, act.signed_on, act.signed_on_wording) == (ActOrigin.REPRISE, None, "courant 2021")
    assert (act.reference, act.term_kind) == ("C-12", "inconnue")
    assert [act.signatories.count(), act.clause_set.count(), act.obligation_set.count()] == [0, 0, 0]


def test_reprise_without_any_date_of_signature_is_refused(as_role, officer, five):
    page = as_role(officer).post(REPRISE, five)
    assert page.context["form"].errors == {
        "signed_on": ["Donnez la date de signature, ou les mots de la source."]
    }


@pytest.mark.parametrize(
    "role", ["juriste", "direction", "comptable", "logistique", "communication", "lecture"]
)
def test_creation_is_for_officers(as_role, role):
    assert as_role(role).get(ADD).status_code == 403
