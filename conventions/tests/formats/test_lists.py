"""Lists in what is typed or pasted: each kind of bullet and number, and what only looks like one."""

import pytest

from conventions.formats import lists

SAID = [
    ("Intro :\n•\tun\n•\tdeux\n\nfin", [["Intro :"], ["un", "deux"], ["fin"]], []),
    ("- a ;\n- b.", [["a ;", "b."]], []),
    ("– un\n— deux\n* trois\n▪ quatre\no\tcinq", [["un", "deux", "trois", "quatre", "cinq"]], []),
    ("• un\n\n• deux", [["un", "deux"]], []),
    ("1. un\n2. deux\n\n3. trois", [["un", "deux", "trois"]], ["1.", "2.", "3."]),
    ("1.\tun\n2.\tdeux", [["un", "deux"]], ["1.", "2."]),
    ("3° trois ;\n4° quatre.", [["trois ;", "quatre."]], ["3°", "4°"]),
    ("a) x\nb) y", [["x", "y"]], ["a)", "b)"]),
    ("(i) x\n(ii) y", [["x", "y"]], ["(i)", "(ii)"]),
    ("h) x\ni) y\nj) z", [["x", "y", "z"]], ["h)", "i)", "j)"]),
    (
        "Texte\n- item qui\n  continue\n- autre\nSuite",
        [["Texte"], ["item qui continue", "autre"], ["Suite"]],
        [],
    ),
    ("2026. Rien\nsuite", [["2026. Rien suite"]], []),
    ("1) seul", [["1) seul"]], []),
    ("Il fait 1.5\n-5 degrés", [["Il fait 1.5 -5 degrés"]], []),
    ("12.5 mètres\n13.5 mètres", [["12.5 mètres 13.5 mètres"]], []),
    ("Un\nparagraphe.\n\nUn autre.", [["Un paragraphe."], ["Un autre."]], []),
    ("", [], []),
]


@pytest.mark.parametrize(("text", "items", "marks"), SAID)
def test_lists_and_paragraphs_are_told_apart(text, items, marks):
    found = lists.blocks(text)
    assert [block.items for block in found] == items
    assert [mark for block in found for mark in block.marks] == marks


@pytest.mark.parametrize(("text", "items", "marks"), SAID)
def test_no_word_is_lost(text, items, marks):
    letters = "".join(filter(str.isalnum, lists.unmarked(text))).removeprefix("o")
    printed = "".join(
        mark + item
        for block in lists.blocks(text)
        for mark, item in zip(block.marks or [""] * len(block.items), block.items, strict=True)
    )
    assert "".join(filter(str.isalnum, printed)) == letters
