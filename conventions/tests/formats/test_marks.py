"""Marks nobody sees: all of them, whatever the text."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.formats import clean_address, clean_line, clean_text

HIDDEN = {"Cf", "Cs", "Co"}
CONTROLS = {"Cc", "Zl", "Zp"}
texts = st.text(st.characters(), max_size=60)


def categories(text):
    return {unicodedata.category(sign) for sign in text}


def test_every_sign_of_unicode_that_nobody_sees_is_removed_from_a_line():
    left = [sign for sign in map(chr, range(0x110000)) if categories(clean_line(sign)) & (HIDDEN | CONTROLS)]
    assert left == []


@pytest.mark.parametrize("sign", "\ufe0f\u034f\u115f\u3164\uffa0\u180b\U000e0100")
def test_fillers_and_variation_selectors_are_removed(sign):
    assert clean_line(f"a{sign}b") == "ab"


@given(texts)
@settings(max_examples=400, derandomize=True, deadline=None)
def test_a_text_cleaned_twice_is_cleaned_once(text):
    for clean in (clean_line, clean_text, clean_address):
        assert clean(clean(text)) == clean(text)
    assert not categories(clean_line(text)) & (HIDDEN | CONTROLS)
    assert not categories(clean_text(text).translate(dict.fromkeys(b"\t\r\n"))) & (HIDDEN | CONTROLS)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("Club\u000bde danse", "Club de danse"),
        ("Club \u000b de danse\u202c", "Club de danse"),
        ("Les\u202cKimonos", "Les Kimonos"),
        ("Les \u202aKimonos\u202c, 2e", "Les Kimonos, 2e"),
        ("parte\u00adna\u200briat", "partenariat"),
        ("\ufeffe\u0301cole\u2003d’\u02bbO\u0304fisi", "école d’ʻŌfisi"),
        ("2\u202f000\u00a0F", "2\u202f000\u00a0F"),
        ("a\tb\r\nc", "a b c"),
        ("NGUYỄN THỊ Hîu", "NGUYỄN THỊ Hîu"),
    ],
)
def test_a_line_reads_as_it_was_meant(typed, line):
    assert clean_line(typed) == line


def test_a_text_keeps_its_lines_and_the_bullets_of_word():
    assert clean_text("\uf0b7 un\u000bdeux\u2028trois\r\n\tquatre \uf0b7cinq") == (
        "• un\ndeux\ntrois\r\n\tquatre cinq"
    )


def test_an_address_holds_nothing_beside_its_letters():
    assert clean_address(" ofis@exemple\u200b.nc\u202c\u00a0") == "ofis@exemple.nc"
    assert clean_address("a\u202cb@exemple.nc") == "ab@exemple.nc"
