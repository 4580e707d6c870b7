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


def told(blocks, depth=0):
    """Every line of a text with how deep it stands."""
    for block in blocks:
        for place, item in enumerate(block.items):
            yield depth, block.marks[place] if block.marks else "", item
            yield from told(block.inner.get(place, ()), depth + 1)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("1. x\n- a\n- b\n2. y", [(0, "1.", "x"), (1, "", "a"), (1, "", "b"), (0, "2.", "y")]),
        ("1. x\na) u\nb) v\n2. y", [(0, "1.", "x"), (1, "a)", "u"), (1, "b)", "v"), (0, "2.", "y")]),
        ("1) x\n  i) u\n  ii) v", [(0, "", "1) x"), (0, "i)", "u"), (0, "ii)", "v")]),
        (
            "•\tx\no\tu\n▪\tz\no\tv\n•\ty",
            [(0, "", "x"), (1, "", "u"), (2, "", "z"), (1, "", "v"), (0, "", "y")],
        ),
        (
            "- x\n  - u\n    - z\n  - v\n- y",
            [(0, "", "x"), (1, "", "u"), (2, "", "z"), (1, "", "v"), (0, "", "y")],
        ),
        ("• x :\n\t1. u\n\t2. v\n• y", [(0, "", "x :"), (1, "1.", "u"), (1, "2.", "v"), (0, "", "y")]),
        ("- x\n  - u\n\nFin", [(0, "", "x"), (1, "", "u"), (0, "", "Fin")]),
        ("- x\n  - u\n    suite", [(0, "", "x"), (1, "", "u suite")]),
        ("  - x\n- y", [(0, "", "x"), (0, "", "y")]),
        ("1. x\n2. y\n- u\n- v", [(0, "1.", "x"), (0, "2.", "y"), (0, "", "u"), (0, "", "v")]),
    ],
)
def test_a_list_inside_an_item_stands_inside_it(text, lines):
    assert list(told(lists.blocks(text))) == lines
