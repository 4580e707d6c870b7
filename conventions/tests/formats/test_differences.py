"""What changed between two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conventions.formats import NBSP, NNBSP, has_changed, moved_items, word_differences
from conventions.formats.differences import Mark

SAME, REMOVED, ADDED = Mark.SAME, Mark.REMOVED, Mark.ADDED


def told(before, after):
    return [(piece.mark, piece.text) for piece in word_differences(before, after)]


def test_equal_texts_are_one_kept_piece():
    assert told("Le soutien est versé.", "Le soutien est versé.") == [(SAME, "Le soutien est versé.")]


def test_two_empty_texts_have_no_piece():
    assert word_differences("", " \n ") == ()


def test_a_replaced_word_is_removed_then_added():
    assert told("versé en deux fois.", "versé en trois fois.") == [
        (SAME, "versé en "),
        (REMOVED, "deux "),
        (ADDED, "trois "),
        (SAME, "fois."),
    ]


def test_an_elided_article_stands_apart_from_its_word():
    assert told("l’association agit", "l’OPT-NC agit") == [
        (SAME, "l’"),
        (REMOVED, "association "),
        (ADDED, "OPT-NC "),
        (SAME, "agit"),
    ]


def test_an_amount_is_one_word():
    assert told(f"Un don de 2{NNBSP}000{NNBSP}000{NBSP}F.", f"Un don de 2{NNBSP}500{NNBSP}000{NBSP}F.") == [
        (SAME, "Un don de "),
        (REMOVED, f"2{NNBSP}000{NNBSP}000{NBSP}"),
        (ADDED, f"2{NNBSP}500{NNBSP}000{NBSP}"),
        (SAME, "F."),
    ]


def test_a_merge_field_is_one_word():
    assert told("Verser {{ montant_total }} à", "Verser {{ montant }} à") == [
        (SAME, "Verser "),
        (REMOVED, "{{ montant_total }} "),
        (ADDED, "{{ montant }} "),
        (SAME, "à"),
    ]


def test_spaces_and_apostrophes_typed_otherwise_are_no_change():
    before, after = "l'objet  : 2 000 F ;", f"l’objet{NBSP}: 2{NNBSP}000 F{NNBSP};"
    assert told(before, after) == [(SAME, after)]
    assert not has_changed(before, after)


def test_a_new_paragraph_is_added_whole():
    assert told("Un.\n\nTrois.", "Un.\n\nDeux.\n\nTrois.") == [
        (SAME, "Un.\n\n"),
        (ADDED, "Deux.\n\n"),
        (SAME, "Trois."),
    ]


def test_from_nothing_everything_is_added():
    assert told("", "Tout est neuf.") == [(ADDED, "Tout est neuf.")]


def test_an_accent_or_a_capital_is_a_change():
    assert has_changed("du a l’État", "dû à l’État")
    assert has_changed("l’état", "l’État")


WORDS = st.lists(st.sampled_from(["a", "l’", "2 000", "fin.", "{{ x }}", "\n\n", ";", "œuvre"]), max_size=30)


@given(WORDS, WORDS)
def test_kept_and_removed_pieces_read_as_before_kept_and_added_as_after(before, after):
    before, after = " ".join(before), " ".join(after)
    pieces = word_differences(before, after)
    old = "".join(piece.text for piece in pieces if piece.mark != ADDED)
    new = "".join(piece.text for piece in pieces if piece.mark != REMOVED)
    assert not has_changed(old, before)
    assert not has_changed(new, after)


def test_a_long_text_is_compared_by_paragraphs():
    lines = [f"Ligne {rank} du texte." for rank in range(1500)]
    changed = lines.copy()
    changed[10], changed[1400] = "Ligne 10 du document.", "Ligne 1400 du document."
    pieces = word_differences("\n".join(lines), "\n".join(changed))
    assert [(piece.mark, piece.text) for piece in pieces if piece.mark != SAME] == [
        (REMOVED, "texte"),
        (ADDED, "document"),
        (REMOVED, "texte"),
        (ADDED, "document"),
    ]


@pytest.mark.parametrize(
    ("before", "after"), [("a b " * 50_000, "b a a " * 40_000), ("a\n" * 9000, "b a\n" * 9000)]
)
def test_a_repetitive_text_is_replaced_whole(before, after):
    pieces = word_differences(before, after)
    assert [piece.mark for piece in pieces if piece.mark != SAME] == [REMOVED, ADDED]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("abcd", "abcd", ""),
        ("abcd", "dabc", "d"),
        ("abcd", "bcda", "a"),
        ("abcdef", "badcfe", "bdf"),
        ("", "", ""),
    ],
)
def test_the_fewest_items_are_said_to_have_moved(before, after, expected):
    found = moved_items(list(before), list(after))
    rest = [item for item in after if item not in found]
    assert len(found) == len(expected)
    assert rest == [item for item in before if item in rest]
