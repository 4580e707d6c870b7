"""What was read, what a colleague saved, what was typed: what is told, and whose value the page shows."""

import pytest

from conventions.domain.acts import drafting
from conventions.domain.acts.drafting import reconciling

TITLE, AMOUNT, STATUS, YEAR = (
    "convention.title",
    "funding.12.amount",
    "funding.12.status",
    "funding.12.budget_year",
)
SHARED, START, PLACES = "funding.12.publishable", "act.starts_on", "convention.areas"
KEPT, TAKEN, SAME = "Votre saisie est gardée.", "Repris dans votre page.", "Vous avez écrit la même chose."


@pytest.mark.parametrize(
    ("key", "read", "saved", "typed", "told"),
    [
        (TITLE, "Un", "Deux", "Un", ("Titre", "Deux", "Un", TAKEN)),
        (TITLE, "Un", "Deux", "Trois", ("Titre", "Deux", "Trois", KEPT)),
        (TITLE, "Un", "Deux", "Deux", ("Titre", "Deux", "Deux", SAME)),
        (TITLE, None, "Deux", "", ("Titre", "Deux", "(vide)", TAKEN)),
        (TITLE, "Un", "", None, ("Titre", "(vide)", "(vide)", SAME)),
        (AMOUNT, 1_500, 2_000, 1_500, ("Financement : montant (F CFP)", "2 000 F CFP", "1 500 F CFP", TAKEN)),
        (AMOUNT, 1_500, None, 0, ("Financement : montant (F CFP)", "(vide)", "0 F CFP", KEPT)),
        (AMOUNT, None, 0, None, ("Financement : montant (F CFP)", "0 F CFP", "(vide)", TAKEN)),
        (STATUS, "connu", "plafonne", "connu", ("Financement : statut", "plafonné", "connu", TAKEN)),
        (YEAR, 2026, 2027, 2026, ("Financement : exercice", "2027", "2026", TAKEN)),
        (SHARED, True, False, True, ("Financement : publiable", "non", "oui", TAKEN)),
        (
            START,
            "2026-03-14",
            "2026-03-15",
            "2026-03-14",
            ("Prise d’effet", "15 mars 2026", "14 mars 2026", TAKEN),
        ),
        (PLACES, [], ["Koné", "Poya"], [], ("Territoires", "Koné, Poya", "(vide)", TAKEN)),
        (PLACES, [], ["Koné"], ["Poya"], ("Territoires", "Koné", "Poya", KEPT)),
        ("convention.kind", "Don (#1)", "Prêt (#2)", "Don (#1)", ("Nature", "Prêt", "Don", TAKEN)),
    ],
)
def test_field_of_the_page(key, read, saved, typed, told):
    meeting = drafting.meet(key, read, saved, typed)
    shown = (meeting.label, meeting.theirs, meeting.yours, meeting.outcome)
    assert tuple(text.replace("\u00a0", " ").replace("\u202f", " ") for text in shown) == told
    assert (meeting.clash, meeting.takes_theirs) == (told[3] == KEPT, told[3] == TAKEN)


@pytest.mark.parametrize(
    ("key", "read", "saved", "told"),
    [
        ("inkind.3", None, "Ballons", ("Soutien en nature « Ballons »", "Ballons", reconciling.ADDED)),
        ("inkind.3", "Ballons", None, ("Soutien en nature « Ballons »", "(vide)", reconciling.REMOVED)),
        (TITLE, "Un", "Deux", ("Titre", "Deux", reconciling.BESIDE)),
    ],
)
def test_what_the_page_has_no_field_for(key, read, saved, told):
    """What was typed cannot be told, and nothing of the page is changed."""
    meeting = drafting.meet_aside(key, read, saved)
    assert (meeting.label.replace("\u00a0", " "), meeting.theirs, meeting.outcome) == told
    assert (meeting.yours, meeting.clash, meeting.takes_theirs) == ("", False, False)


def test_long_text_is_cut():
    meeting = drafting.meet("convention.purpose", "", "a" * 500, "b")
    assert meeting.theirs == "a" * 400 + "\u00a0…"
