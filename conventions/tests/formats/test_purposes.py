"""« a pour objet », then what fits it: an infinitive, a thing with its article, or a colon."""

import pytest

from conventions.formats import purpose_phrase


@pytest.mark.parametrize(
    ("typed", "follows"),
    [
        ("Soutenir un atelier inventé.", "de soutenir un atelier inventé."),
        ("Aider les familles", "d’aider les familles."),
        ("Éditer un livre", "d’éditer un livre."),
        ("S’associer au projet", "de s’associer au projet."),
        ("Se réunir chaque mois", "de se réunir chaque mois."),
        ("Mettre à disposition un local", "de mettre à disposition un local."),
        ("De soutenir un atelier", "de soutenir un atelier."),
        ("D’aider les familles", "d’aider les familles."),
        ("Publier un recueil", "de publier un recueil."),
        ("Identifier des besoins", "d’identifier des besoins."),
        ("Inscrire des jeunes", "d’inscrire des jeunes."),
        ("Promouvoir la lecture", "de promouvoir la lecture."),
        ("Le soutien au projet « Dojo solidaire ».", "le soutien au projet « Dojo solidaire »."),
        ("L'aide aux familles", "l'aide aux familles."),
        ("Dix ordinateurs", "dix ordinateurs."),
        ("Un dojo", "un dojo."),
    ],
)
def test_purpose_that_fits_follows_without_a_colon(typed, follows):
    assert purpose_phrase(typed) == follows


@pytest.mark.parametrize(
    ("typed", "follows"),
    [
        ("Atelier du lagon", ": atelier du lagon."),
        ("Chantier de jeunes", ": chantier de jeunes."),
        ("Quartier en fête", ": quartier en fête."),
        ("Dojo solidaire", ": Dojo solidaire."),
        ("ADAVI", ": ADAVI."),
        ("Prolongation d’un an", ": prolongation d’un an."),
        ("Soutenir un atelier. Former dix agents.", ": soutenir un atelier. Former dix agents."),
        ("Organiser la course ; former les jeunes", ": organiser la course ; former les jeunes."),
        ("Un dojo ?", ": un dojo ?"),
        ("Au profit des jeunes", ": au profit des jeunes."),
    ],
)
def test_purpose_that_no_verb_nor_article_begins_follows_a_colon(typed, follows):
    assert purpose_phrase(typed) == follows


@pytest.mark.parametrize("typed", ["", "  ", " ; "])
def test_empty_purpose_says_nothing(typed):
    assert purpose_phrase(typed) == ""
