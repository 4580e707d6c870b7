"""The one grammar of promises and their dates: every way of typing a label, with every way of saying when."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conventions.formats import (
    after_word,
    as_phrase,
    as_sentence,
    bare_label,
    condition_phrase,
    date_phrase,
    due_phrase,
    duty_phrase,
    impossible_date,
    join_phrases,
    legal_text,
    other_deadline,
    pickup_phrase,
)
from conventions.tests.pdf.reading import faults_of

DAY = datetime.date(2027, 6, 30)
LABELS = {
    "Remettre le bilan.": "remettre le bilan",
    "Remettre le bilan": "remettre le bilan",
    "remettre le bilan ;": "remettre le bilan",
    "remettre le  bilan": "remettre le bilan",
    "OPT-NC reçoit le bilan.": "OPT-NC reçoit le bilan",
    "L’Association remet le bilan": "l’Association remet le bilan",
    "Tenir un stand. Former dix agents.": "tenir un stand. Former dix agents",
}
# What people type, the phrase alone, the phrase with the 30 June 2027.
BOTH = ", et au plus tard le 30 juin 2027"
WORDS = {
    "": ("", "au plus tard le 30 juin 2027"),
    "dans les six mois…": ("dans les six mois…", f"dans les six mois…{BOTH}"),
    "Dans les six mois.": ("dans les six mois", f"dans les six mois{BOTH}"),
    "avant le 30 juin 2027": ("avant le 30 juin 2027", "avant le 30 juin 2027"),
    "Avant le 30 juin.": ("avant le 30 juin", "avant le 30 juin 2027"),
    "le 30 juin": ("au plus tard le 30 juin", "au plus tard le 30 juin 2027"),
    "au plus tard le 30 juin": ("au plus tard le 30 juin", "au plus tard le 30 juin 2027"),
    "le 30 juin 2027 au plus tard": ("au plus tard le 30 juin 2027", "au plus tard le 30 juin 2027"),
    "30 juin 2027": ("au plus tard le 30 juin 2027", "au plus tard le 30 juin 2027"),
    "30/06/2027": ("au plus tard le 30 juin 2027", "au plus tard le 30 juin 2027"),
    "juin 2027": ("au plus tard en juin 2027", "au plus tard le 30 juin 2027"),
    "avant juin 2027": ("avant juin 2027", f"avant juin 2027{BOTH}"),
    "2027": ("au plus tard en 2027", "au plus tard le 30 juin 2027"),
    "d'ici le 30 juin": ("d’ici au 30 juin", "d’ici au 30 juin 2027"),
    "jusqu’au 30 juin 2027": ("jusqu’au 30 juin 2027", "jusqu’au 30 juin 2027"),
    "pour le 1 juillet 2027": ("pour le 1er juillet 2027", f"pour le 1er juillet 2027{BOTH}"),
    "à la fin de l’action": ("à la fin de l’action", f"à la fin de l’action{BOTH}"),
    "A la signature, sur RIB": ("à la signature, sur RIB", f"à la signature, sur RIB{BOTH}"),
    "Chaque année": ("chaque année", f"chaque année{BOTH}"),
    "Six mois après la clôture": ("six mois après la clôture", f"six mois après la clôture{BOTH}"),
    "au plus tard six mois après la clôture": (
        "au plus tard six mois après la clôture",
        "au plus tard six mois après la clôture et le 30 juin 2027",
    ),
    "avant le 30 juin 2027 à midi": ("avant le 30 juin 2027 à midi", "avant le 30 juin 2027 à midi"),
    "avant le 31 mai 2027": ("avant le 31 mai 2027", f"avant le 31 mai 2027{BOTH}"),
    "Noël 2027": ("Noël 2027", f"Noël 2027{BOTH}"),
}


@pytest.mark.parametrize("words", WORDS)
def test_due_words_come_alone_or_with_their_date(words):
    assert (due_phrase(None, words), due_phrase(DAY, words)) == WORDS[words]


@pytest.mark.parametrize(("label", "words", "on"), list(itertools.product(LABELS, WORDS, (None, DAY))))
def test_every_label_takes_every_due(label, words, on):
    due = WORDS[words][on is not None]
    whole = "le tout " if "stand." in label else ""
    expected = f"{LABELS[label]}, {whole}{due}" if due else LABELS[label]
    said = duty_phrase(label, due_phrase(on, words))
    assert said == expected
    assert faults_of(said) == []


@pytest.mark.parametrize(
    ("precision", "words", "expected"),
    [
        ("mois", "", "au plus tard en juin 2027"),
        ("annee", "", "au plus tard en 2027"),
        ("mois", "avant juin 2027", "avant juin 2027"),
        ("mois", "le 30 juin", "au plus tard en juin 2027"),
        ("annee", "Dans l’année.", "dans l’année, et au plus tard en 2027"),
    ],
)
def test_due_date_is_no_more_precise_than_what_is_known(precision, words, expected):
    assert due_phrase(DAY, words, precision) == expected


def test_due_that_the_label_says_already_is_not_repeated():
    label = "Remettre le bilan au plus tard le 30 juin 2027."
    assert duty_phrase(label, due_phrase(DAY)) == "remettre le bilan au plus tard le 30 juin 2027"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Nouméa accueille les ateliers", "Nouméa accueille les ateliers"),
        ("Alexandre DUPONT anime", "Alexandre DUPONT anime"),
        ("RIB à fournir", "RIB à fournir"),
        ("Établir un bilan", "établir un bilan"),
        ("Échéance au 30 juin", "échéance au 30 juin"),
        ("Etablir un bilan", "Etablir un bilan"),  # its accent would be missed
        ("Présentation du RIB", "présentation du RIB"),
        ("Des balles, des filets, etc.", "des balles, des filets, etc."),
        ("Quatre ateliers...", "quatre ateliers…"),
        ("", ""),
        (" . ", ""),
    ],
)
def test_only_the_capital_of_a_common_word_goes(typed, expected):
    assert as_phrase(typed) == expected


def test_label_that_ends_with_etc_keeps_its_stop_once():
    assert as_sentence(bare_label("Des filets, etc.")) == "Des filets, etc."
    assert (
        duty_phrase("Des filets, etc.", due_phrase(DAY)) == "des filets, etc., au plus tard le 30 juin 2027"
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Un projet", "Un projet."),
        ("Un projet ;", "Un projet."),
        ("Quoi ?", "Quoi ?"),
        ("Fini.", "Fini."),
        ("", ""),
    ],
)
def test_sentence_ends_with_one_stop(typed, expected):
    assert as_sentence(typed) == expected


def test_labels_and_facts_are_joined_without_their_stops():
    assert (
        join_phrases("Deux bornes.", "", "2 bornes", "sans plafond ;")
        == "Deux bornes, 2 bornes, sans plafond"
    )


@pytest.mark.parametrize(
    ("link", "shown", "expected"),
    [
        ("le", "14 mars 2023", "le 14 mars 2023"),
        ("le", "mardi 14 mars 2023", "le mardi 14 mars 2023"),
        ("le", "mars 2023", "en mars 2023"),
        ("le", "2023", "en 2023"),
        ("du", "1er avril 2023", "du 1er avril 2023"),
        ("du", "avril 2023", "d’avril 2023"),
        ("au", "mars 2023", "à mars 2023"),
        ("jusqu’au", "2023", "jusqu’en 2023"),
        ("à compter du", "août 2023", "à compter d’août 2023"),
        ("le", "Courant 2021", "courant 2021"),
    ],
)
def test_date_takes_the_word_that_its_precision_wants(link, shown, expected):
    assert date_phrase(link, shown) == expected


@pytest.mark.parametrize(
    ("word", "text", "sort", "expected"),
    [
        ("à", "Le Mont-Dore", "texte", "au Mont-Dore"),
        ("À", "Le Mont-Dore", "texte", "Au Mont-Dore"),
        ("à", "La Foa", "texte", "à La Foa"),
        ("de", "Les Kimonos du Cœur", "texte", "des Kimonos du Cœur"),
        ("de", "ADAVI", "texte", "d’ADAVI"),
        ("le", "mars 2026", "date", "en mars 2026"),
        ("le", "mars 2026", "texte", "le mars 2026"),
        (":", "Soutenir un dojo.", "phrase", ": soutenir un dojo."),
        (":", "Un clic pour tous", "texte", ": Un clic pour tous"),
    ],
)
def test_text_agrees_with_the_word_before_it(word, text, sort, expected):
    assert after_word(word, text, sort=sort) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("code des impôts, article Lp. 37-2", "le code des impôts, article Lp. 37-2"),
        ("Article Lp. 37-2", "l’article Lp. 37-2"),
        ("articles Lp. 37-2 et Lp. 37-3", "les articles Lp. 37-2 et Lp. 37-3"),
        ("loi du pays n° 2019-5", "la loi du pays n° 2019-5"),
        ("Le code des impôts.", "le code des impôts"),
        ("l’arrêté n° 12", "l’arrêté n° 12"),
        ("avis n° 3", "l’avis n° 3"),
    ],
)
def test_legal_text_takes_its_article(typed, expected):
    assert legal_text(typed) == expected


def test_pickup_says_where_and_before_when():
    assert pickup_phrase("Dépôt de Nouville.", DAY) == "Dépôt de Nouville, avant le 30 juin 2027"
    assert (pickup_phrase("", DAY), pickup_phrase("Dépôt", None)) == ("avant le 30 juin 2027", "Dépôt")


@given(st.text(max_size=80), st.text(max_size=80), st.none() | st.dates())
def test_any_text_is_taken_and_keeps_its_words(label, words, on):
    said = duty_phrase(label, due_phrase(on, words))
    assert as_phrase(as_phrase(label)) == as_phrase(label)
    assert as_phrase(label) in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("au plus tard le 31 février 2027", "31 février 2027"),
        ("30/02/2027", "30/02/2027"),
        ("le 31 juin", "31 juin"),
        ("remise le 12/31/2027", "12/31/2027"),
        ("lundi 14 mars 2023", "lundi 14 mars 2023"),
        ("mardi 14 mars 2023", ""),
        ("avant le 29 février", ""),
        ("le 1er avril 2027", ""),
        ("numéro 05.11.11", ""),
        ("en 2027", ""),
    ],
)
def test_date_that_no_calendar_has_is_named(words, told):
    assert impossible_date(words) == told


@pytest.mark.parametrize(
    ("on", "words", "told"),
    [
        (datetime.date(2027, 6, 30), "avant le 31 mars 2027", "31 mars 2027"),
        (datetime.date(2027, 6, 30), "sur bilan, avant le 31 mars", "31 mars"),
        (datetime.date(2027, 6, 30), "d’ici au 30 juin 2028", "30 juin 2028"),
        (datetime.date(2027, 6, 30), "jusqu'au 01/07/2027", "1er juillet 2027"),
        (datetime.date(2027, 6, 30), "avant le 30 juin", ""),
        (datetime.date(2027, 6, 30), "Au plus tard le 30/06/2027", ""),
        (datetime.date(2028, 6, 30), "dans les six mois qui suivent le 31 décembre 2027", ""),
        (None, "avant le 31 mars 2027", ""),
    ],
)
def test_words_that_give_another_last_day_are_seen(on, words, told):
    assert other_deadline(on, words) == told


@pytest.mark.parametrize(
    ("label", "words", "told"),
    [
        ("à la signature", "sur présentation du RIB", "à la signature, sur présentation du RIB"),
        ("sur décision", "du comité de suivi", "sur décision du comité de suivi"),
        ("sur décision", "De l’assemblée générale.", "sur décision de l’assemblée générale"),
        ("à la remise", "d'un plan", "à la remise d'un plan"),
        ("à la remise", "des clés", "à la remise des clés"),
        ("sur justificatifs", "deux factures", "sur justificatifs, deux factures"),
        ("sur compte rendu accepté", "", "sur compte rendu accepté"),
        ("", "après la visite", "après la visite"),
        ("à la signature", "À la signature par tous", "à la signature par tous"),
    ],
)
def test_condition_is_said_with_its_words(label, words, told):
    assert condition_phrase(label, words) == told
