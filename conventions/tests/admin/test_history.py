"""The journal's pages: sentences, filters, exports, who reads what."""

import csv
import io
import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import transaction

from conventions.domain import journal
from conventions.domain.journal import erasure
from conventions.enums import Role
from conventions.models import Kind
from conventions.tests.factories import ConventionFactory, PartnerFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/conventions/journalentry/"
EXPORT = f"{LIST}export/"


def record(event, **values):
    with transaction.atomic():
        return journal.record(event, by=values.pop("by", None), **values)


def history_of(row) -> str:
    return f"/admin/conventions/{row._meta.model_name}/{row.pk}/history/"


def told(client, url, **query) -> list[str]:
    return [line.told for line in client.get(url, query).context["timeline"].lines]


def test_history_of_a_convention_is_its_chain(as_role):
    convention, other = ConventionFactory(), ConventionFactory()
    record("convention_modifiee", convention=convention)
    record("convention_modifiee", convention=other)
    assert told(as_role(Role.READER), history_of(convention)) == ["a modifié le dossier de la convention"]


def test_changed_article_shows_the_names_of_its_fields(as_role):
    """In the history and in its export, whatever the length of the text: no braces; an unknown name as it is."""
    convention = ConventionFactory(act__clauses=[{"heading": "Objet"}])
    key = f"clause.{convention.acts.get().clause_set.get().pk}.body"
    long = "La convention dit ce que chacun promet et quand. " * 3
    for pair in ("{{ objet }}", "Voici : {{ objet }}"), (long + "{{ objet }}", long + "{{ inconnu }}"):
        record("convention_modifiee", convention=convention, changes={key: list(pair)})
    client = as_role(Role.OFFICER)
    page = client.get(history_of(convention)).content.decode()
    response = client.get(f"{EXPORT}csv/", {"chaine": journal.chain_of(convention)})
    export = b"".join(response.streaming_content).decode()
    assert (page.count("[Objet]"), page.count("<ins>inconnu</ins>"), "{{ objet }}" in page) == (2, 1, False)
    assert (export.count("[Objet]"), export.count("[inconnu]"), "{{ objet }}" in export) == (3, 1, False)


def test_history_of_a_list_item_is_its_own(as_role):
    one, other = Kind.objects.all()[:2]
    for kind in (one, other, one):
        record("nature_de_convention_modifie", details={"objet": "kind", "id": kind.pk, "nom": str(kind)})
    record("theme_modifie", details={"objet": "theme", "id": one.pk, "nom": "x"})
    assert len(told(as_role(Role.OFFICER), history_of(one))) == 2


def test_site_journal_is_filtered_by_event_actor_and_text(as_role):
    officer = UserFactory(role=Role.OFFICER)
    partner, convention = PartnerFactory(name="Œuvre des îles"), ConventionFactory()
    record("partenaire_modifie", partner=partner, by=officer)
    record("convention_modifiee", convention=convention)
    client = as_role(Role.READER)
    partner_line, file_line = "a modifié la fiche du partenaire", "a modifié le dossier de la convention"
    assert told(client, LIST) == [file_line, partner_line]
    assert told(client, LIST, quoi="partenaire_modifie") == [partner_line]
    assert told(client, LIST, qui=str(officer.pk)) == [partner_line]
    assert told(client, LIST, qui="application") == [file_line]
    assert told(client, LIST, q="oeuvre iles") == [partner_line]
    assert told(client, LIST, q=convention.title) == [file_line]


def test_menu_of_the_site_offers_what_happened_and_nothing_else(as_role):
    client = as_role(Role.READER)

    def offered() -> set[str]:
        groups = client.get(LIST).context["form"].fields["quoi"].choices
        inside = [choices for _group, choices in groups if isinstance(choices, list)]
        return {value for choices in inside for value, _title in choices}

    known = offered()
    for event in ("partenaire_modifie", "convention_modifiee", "convention_modifiee"):
        record(event, convention=ConventionFactory())
    assert offered() - known >= {"partenaire_modifie", "convention_modifiee"}
    assert "abandonner" not in offered()


def test_filters_that_keep_nothing_say_so(as_role):
    convention = ConventionFactory()
    record("convention_modifiee", convention=convention)
    page = as_role(Role.READER).get(history_of(convention), {"q": "introuvable"}).content.decode()
    assert "Rien au journal ne correspond à ces filtres." in page


def test_filter_of_an_absurd_value_is_told(as_role):
    convention = ConventionFactory()
    response = as_role(Role.READER).get(history_of(convention), {"du": "jadis", "qui": "x", "page": "zz"})
    assert response.context["form"].ignored == ["Qui", "Depuis le"]


@pytest.mark.parametrize("count", [1, 30, 500])
def test_history_of_a_convention_costs_ten_queries_at_most(as_role, query_budget, count):
    convention = ConventionFactory()
    act = convention.acts.get()
    people = [UserFactory(role=Role.OFFICER) for _ in range(min(count, 5))]
    for rank in range(count):
        record(
            "convention_modifiee",
            convention=convention,
            by=people[rank % len(people)],
            changes={"convention.title": ["Avant", "Après"]},
            personal={"signatory.1.email": ["", "x@exemple.invalid"]},
            details={"acte": act.pk},
        )
    erasure.erase(
        [convention.journal.latest("sequence").pk], reason="Demande", by=UserFactory(superuser=True)
    )
    client = as_role(Role.READER)
    client.get(history_of(convention))  # the count of the navigation is kept for a minute
    with query_budget(10):
        assert client.get(history_of(convention)).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_site_journal_costs_the_same_for_1_and_30(as_role, query_budget, count):
    for _rank in range(count):
        record(
            "partenaire_modifie", partner=PartnerFactory(), personal={"phone": ["", "1"]}, by=UserFactory()
        )
    client = as_role(Role.OFFICER)
    client.get(LIST)
    with query_budget(10):
        assert client.get(LIST).status_code == 200


def test_refused_action_is_shown_to_readers(as_role):
    convention = ConventionFactory()
    details = {
        "evenement": "valider",
        "acte": convention.acts.get().pk,
        "motif": "Vous avez préparé ce dossier.",
    }
    record("action_refusee", convention=convention, by=UserFactory(role=Role.LAWYER), details=details)
    line = as_role(Role.READER).get(history_of(convention)).context["timeline"].lines[0]
    assert line.is_refused
    assert line.told == "a demandé « Valider » pour la convention : l’application a refusé"
    assert line.details == (("Motif", "Vous avez préparé ce dossier."),)


@pytest.fixture
def phone_changed():
    partner = PartnerFactory()
    record("partenaire_modifie", partner=partner, personal={"phone": ["", "827767"]})
    return partner


@pytest.mark.parametrize(("role", "seen"), [(Role.OFFICER, True), (Role.READER, False)])
def test_personal_details_are_shown_to_who_may_read_them(as_role, phone_changed, role, seen):
    client = as_role(role)
    assert ("827767" in client.get(history_of(phone_changed)).content.decode()) is seen
    found = told(client, history_of(phone_changed), q="827767")
    assert len(found) == (1 if seen else 0), "la recherche ne doit rien deviner"


@pytest.mark.parametrize(("role", "seen"), [(Role.OFFICER, True), (Role.READER, False)])
def test_export_holds_personal_details_for_who_may_read_them(as_role, phone_changed, role, seen):
    response = as_role(role).get(f"{EXPORT}csv/", {"chaine": journal.chain_of(phone_changed)})
    assert ("827767" in b"".join(response.streaming_content).decode()) is seen


def test_export_tells_each_line_with_its_hashes(as_role):
    convention = ConventionFactory()
    record("convention_modifiee", convention=convention, changes={"convention.title": ["A", "B"]})
    entry = record("valider", convention=convention, details={"acte": convention.acts.get().pk})
    chain = journal.chain_of(convention)
    response = as_role(Role.OFFICER).get(f"{EXPORT}csv/", {"chaine": chain, "quoi": "valider"})
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [
        (row["Ce qui s’est passé"], row["Rang"], row["Empreinte"], row["Empreinte précédente"])
        for row in rows
    ] == [("L’application a validé la convention", "2", entry.hash, entry.previous_hash)]


@pytest.mark.parametrize("chain", ["convention:999999", "convention:x", "partner:0", "autre:1", "x"])
def test_export_of_an_unknown_chain_is_not_found(as_role, chain):
    assert as_role(Role.OFFICER).get(f"{EXPORT}csv/", {"chaine": chain}).status_code == 404


def recipe(folder, found: dict) -> str:
    """What the recipe of docs/operations.md says of a chain file."""
    text = (settings.BASE_DIR / "docs/operations.md").read_text()
    part = text.partition("### Vérifier une chaîne sans l’application")[2]
    (folder / "recette.py").write_text(part.partition("```python\n")[2].partition("```")[0])
    (folder / "chaine.json").write_text(json.dumps(found))
    command = [sys.executable, "-X", "utf8", folder / "recette.py", folder / "chaine.json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip()


def test_chain_file_is_checked_without_the_application(as_role, phone_changed, tmp_path):
    entry = record("partenaire_modifie", partner=phone_changed, changes={"name": ["Éa", "B"]})
    found = as_role(Role.READER).get(f"{EXPORT}json/", {"chaine": entry.chain}).json()
    assert "827767" not in json.dumps(found)
    assert recipe(tmp_path, found) == f"2 lignes, dernière empreinte {entry.hash}"
    found["lignes"][1]["payload"] = found["lignes"][1]["payload"].replace("B", "C")
    assert recipe(tmp_path, found) == "La ligne 2 a été modifiée."
    assert recipe(tmp_path, found | {"lignes": found["lignes"][1:]}) == "La ligne 1 manque."
