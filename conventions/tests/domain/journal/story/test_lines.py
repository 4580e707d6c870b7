"""A journal entry read by a newcomer: one sentence, labels, amounts, dates, names, texts compared."""

import datetime

import pytest
from django.db import transaction

from conventions.domain import journal
from conventions.domain.acts.drafting.page_content import ROWS_BY_KEY
from conventions.domain.journal import erasure, story
from conventions.domain.journal.story import Change
from conventions.domain.journal.story import values as value_words
from conventions.enums import Role
from conventions.models import InKind, JournalEntry
from conventions.tests.factories import ActFactory, ConventionFactory, PartnerFactory, UserFactory

pytestmark = pytest.mark.django_db


def read(event, *, with_personal=True, **values) -> story.Line:
    with transaction.atomic():
        entry = journal.record(event, by=values.pop("by", None), **values)
    fresh = JournalEntry.objects.select_related("actor", "personal").get(pk=entry.pk)
    return story.read_lines([fresh], with_personal=with_personal)[0]


def test_sentence_names_the_person_and_the_act():
    convention = ConventionFactory(act="signe")
    amendment = ActFactory(convention=convention, amendment=True, state="signe")
    camille = UserFactory(role=Role.LAWYER, first_name="Camille", last_name="D.")
    line = read("valider", by=camille, convention=convention, details={"acte": amendment.pk})
    assert line.sentence == f"Camille D. a validé l’avenant n°\u00a0{amendment.number}"
    assert line.role == "juriste"


@pytest.mark.parametrize("event", ["liste_exportee", "financement_impute"])
def test_a_number_of_lines_is_told_as_a_number(event):
    line = read(event, by=UserFactory(), details={"lignes": 6_000})
    assert line.details == (("Lignes", "6\u202f000"),)


def test_sentence_without_a_person_names_the_application():
    assert (
        read("cles_bancaires_renouvelees").sentence
        == "L’application a chiffré de nouveau des secrets sous la clé la plus récente"
    )


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("nature_de_convention_supprime", "a supprimé une nature de convention"),
        ("evenement_d_autrefois", "a fait : evenement d autrefois"),
    ],
)
def test_event_of_a_list_or_of_the_past_is_told(event, told):
    assert read(event).told == told


LINE = "Financement «\u00a0Saison 2026\u00a0»"


@pytest.mark.parametrize(
    ("key", "before", "after", "told"),
    [
        ("funding.12.amount", 1500, None, [f"{LINE}, montant (F CFP)", "1\u202f500\u00a0F\u00a0CFP", "(vide)"]),
        ("funding.12.status", "connu", "plafonne", [f"{LINE}, statut", "connu", "plafonné"]),
        ("act.starts_on", None, "2026-03-01", ["Prise d’effet", "(vide)", "1er mars 2026"]),
        ("convention.officer", "Camille D. (#4)", "Jo (#5)", ["Chargé·e de dossier", "Camille D.", "Jo"]),
        ("état", "brouillon", "en_relecture", ["État", "brouillon", "en relecture"]),
        ("funding.13", None, "Saison 2027", ["Financement", "(vide)", "Saison 2027"]),
    ],
)  # fmt: skip
def test_change_is_told_in_words(key, before, after, told):
    line = read(
        "convention_modifiee",
        convention=ConventionFactory(),
        changes={key: [before, after]},
        details={"lignes": {"funding.12": "Saison 2026"}},
    )
    assert line.changes == (Change(*told),)
    assert line.details == ()


@pytest.mark.parametrize(
    ("method", "told"),
    [("ecrasement", "effacement logiciel avec écrasement"), ("code", "en ligne, code envoyé par courriel")],
)
def test_method_of_an_erasure_or_a_signature_is_told(method, told):
    assert read("donnees_effacees", details={"methode": method}).details == (("Méthode", told),)


def test_long_texts_are_compared_word_by_word():
    before = "Le soutien est annuel. " * 9
    changes = {"convention.purpose": [before, before + "Il est versé."]}
    line = read("convention_modifiee", convention=ConventionFactory(), changes=changes)
    assert [piece.text for piece in line.changes[0].pieces if piece.is_added] == ["Il est versé."]


def test_personal_details_are_reserved_without_the_right():
    line = read(
        "partenaire_modifie", partner=PartnerFactory(), personal={"phone": ["", "1"]}, with_personal=False
    )
    assert line.changes == ()
    assert line.personal_note == "réservés aux personnes qui suivent le dossier"


def test_erased_details_say_when(at):
    partner = PartnerFactory()
    with transaction.atomic():
        entry = journal.record("partenaire_modifie", by=None, partner=partner, personal={"phone": ["", "1"]})
    with at(2026, 11, 25, 9, 5):
        erasure.erase([entry.pk], reason="Demande", by=UserFactory(superuser=True))
    fresh = JournalEntry.objects.select_related("actor", "personal").get(pk=entry.pk)
    line = story.read_lines([fresh], with_personal=True)[0]
    assert line.personal_note == "effacés le 25 novembre 2026 à 9\u00a0h\u00a005"


def test_filters_by_act_and_period():
    convention = ConventionFactory()
    act = convention.acts.get()
    for day in (1, 15):
        with transaction.atomic():
            moment = datetime.datetime(2026, 3, day, 12, tzinfo=datetime.UTC)
            journal.record(
                "valider", by=None, convention=convention, details={"acte": act.pk * day}, at=moment
            )
    rows = story.of_chain(convention=convention)

    def kept(**values) -> list[int]:
        found = story.filtered(rows, story.Filters(**values), with_personal=False)
        return [entry.sequence for entry in found]

    assert kept(act=act.pk) == [1]
    assert kept(since=datetime.date(2026, 3, 2)) == [2]
    assert kept(until=datetime.date(2026, 3, 1)) == [1]


def test_lines_of_a_page_are_the_tables_that_the_journal_names():
    assert {key: rows.model for key, rows in ROWS_BY_KEY.items()} == value_words.LINES


@pytest.mark.parametrize(("stored", "told"), [("telecom", "service télécom"), ("prêt (#2)", "prêt")])
def test_kind_of_support_reads_as_before_it_was_a_row(stored, told):
    assert value_words.shown(stored, InKind, "kind") == told
