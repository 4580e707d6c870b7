"""The journal in words, in its list and on each row."""

import pytest
from django.db import transaction

from conventions.admin import history
from conventions.domain import journal
from conventions.enums import Role
from conventions.models import Kind
from conventions.tests.factories import ConventionFactory, PartnerFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/conventions/journalentry/"


def record(event, **values):
    with transaction.atomic():
        return journal.record(event, by=values.pop("by", None), **values)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("partenaire_modifie", "Partenaire\u00a0: modifié"),
        ("nature_de_convention_supprime", "Nature de convention\u00a0: supprimé"),
        ("compte_bancaire_consulte", "Compte bancaire lu en entier"),
        ("valider", "Valider"),
        ("evenement_inconnu", "Evenement inconnu"),
    ],
)
def test_event_is_told_in_words(event, told):
    assert history.sentence(event) == told


def test_line_names_fields_and_shows_before_and_after():
    partner = PartnerFactory()
    entry = record(
        "partenaire_modifie",
        partner=partner,
        changes={"address_is_public": [False, True], "commune": [None, "Nouméa (#9)"]},
        personal={"phone": ["", "82.77.67"]},
    )
    line = history.read(entry)
    assert line.changes == [
        ("Adresse publiable", "non", "oui"),
        ("Commune", "(vide)", "Nouméa (#9)"),
        ("Téléphone", "(vide)", "82.77.67"),
    ]
    assert line.actor == "l’application"


def test_erased_details_are_said_to_be_erased():
    officer = UserFactory(role=Role.OFFICER)
    partner = PartnerFactory()
    entry = record("partenaire_modifie", partner=partner, personal={"phone": ["", "82.77.67"]})
    journal.erase_personal(entry, by=officer)
    entry = type(entry).objects.select_related("personal").get(pk=entry.pk)
    assert history.read(entry).details == [("Détails personnels", "effacés")]


def test_history_of_a_list_item_is_its_own():
    one, other = Kind.objects.all()[:2]
    for kind in (one, other, one):
        record("nature_de_convention_modifie", details={"objet": "kind", "id": kind.pk})
    record("theme_modifie", details={"objet": "theme", "id": one.pk})
    assert len(history.entries_about(one, {})) == 2


def test_list_is_filtered_by_event_actor_and_text(as_role):
    officer = UserFactory(role=Role.OFFICER)
    partner, convention = PartnerFactory(name="Œuvre des îles"), ConventionFactory()
    record("partenaire_modifie", partner=partner, by=officer)
    record("convention_modifie", convention=convention)
    client = as_role(Role.READER)

    def found(**query):
        return [entry.event for entry in client.get(LIST, query).context["cl"].result_list]

    assert found(evenement="partenaire_modifie") == ["partenaire_modifie"]
    assert found(qui=str(officer.pk)) == ["partenaire_modifie"]
    assert found(q="oeuvre iles") == ["partenaire_modifie"]
    assert found(q=convention.title) == ["convention_modifie"]


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_the_same_for_1_and_30(as_role, query_budget, count):
    partner = PartnerFactory()
    for _rank in range(count):
        record("partenaire_modifie", partner=partner, personal={"phone": ["", "1"]}, by=UserFactory())
    client = as_role(Role.READER)
    with query_budget(16):
        assert client.get(LIST).status_code == 200
