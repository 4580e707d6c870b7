"""The oracle is a strict reader written here from the rules of French, without the product's code or library."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.formats import MAX_XPF, amount_in_words, words_for_count

UNITS = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf",
    "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
]  # fmt: skip
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante"}


def below_hundred() -> dict[str, int]:
    """The hundred words of 0 to 99 as they end a number."""
    words = {word: value for value, word in enumerate(UNITS)}
    for ten, name in TENS.items():
        words |= {name: ten, f"{name} et un": ten + 1}
        words |= {f"{name}-{UNITS[unit]}": ten + unit for unit in range(2, 10)}
    words |= {"soixante": 60, "soixante et un": 61, "soixante et onze": 71, "quatre-vingts": 80}
    words |= {f"soixante-{UNITS[rest]}": 60 + rest for rest in range(2, 20) if rest != 11}
    words |= {f"quatre-vingt-{UNITS[rest]}": 80 + rest for rest in range(1, 20)}
    assert sorted(words.values()) == list(range(100))
    return words


ENDING = below_hundred()
BEFORE_MILLE = {
    ("quatre-vingt" if word == "quatre-vingts" else word): value for word, value in ENDING.items()
}


def read_below_thousand(words: str, small: dict[str, int], plural_cents: str) -> int:
    """0 to 999; `plural_cents` is how several exact hundreds end: « cents », or « cent » before mille."""
    if words in small:
        return small[words]
    if words == "cent":
        return 100
    if found := re.fullmatch(rf"(\w+) {plural_cents}", words):
        hundreds = UNITS.index(found[1])
        assert 2 <= hundreds <= 9, words
        return hundreds * 100
    head, rest = re.fullmatch(r"(?:(\w+) )?cent (.+)", words).groups()
    hundreds = UNITS.index(head) if head else 1
    assert head is None or 2 <= hundreds <= 9, words
    assert small[rest] > 0, words
    return hundreds * 100 + small[rest]


def read_below_million(words: str) -> int:
    """0 to 999 999: « mille » never has an « s », nor « un » before it."""
    if "mille" not in words.split():
        return read_below_thousand(words, ENDING, "cents")
    thousands, rest = re.fullmatch(r"(?:(.+) )?mille(?: (.+))?", words).groups()
    value = read_below_thousand(thousands, BEFORE_MILLE, "cent") if thousands else 1
    assert value > 1 or thousands is None, words
    remainder = read_below_thousand(rest, ENDING, "cents") if rest else 0
    assert remainder > 0 or rest is None, words
    return value * 1000 + remainder


def read_number(words: str) -> int:
    """0 to 10¹²: groups joined by spaces, « s » on million and milliard from two on."""
    total, rest = 0, words
    for scale, name in ((10**12, "billion"), (10**9, "milliard"), (10**6, "million")):
        if found := re.fullmatch(rf"(.+?) {name}(s?)(?: (.+))?", rest):
            count = read_below_thousand(found[1], ENDING, "cents")
            assert bool(found[2]) == (count > 1), words
            total += count * scale
            rest = found[3] or ""
    if not rest:
        return total
    remainder = read_below_million(rest)
    assert remainder > 0 or total == 0, words
    return total + remainder


def read_amount(words: str) -> int:
    """An amount in letters: « franc » for 0 and 1, « de » exactly after a bare million, milliard or billion."""
    number, link, franc = re.fullmatch(r"(.+?) (de )?(francs?) CFP", words).groups()
    value = read_number(number)
    assert (franc == "francs") == (value > 1), words
    assert bool(link) == bool(re.search(r"(million|milliard|billion)s?$", number)), words
    return value


numbers = st.one_of(
    st.integers(0, MAX_XPF),
    st.integers(0, 10_000),
    st.builds(lambda head, zeros: head * 10**zeros, st.integers(1, 999), st.integers(0, 9)),
    st.builds(lambda high, low: high * 10**6 + low, st.integers(0, 999_999), st.integers(0, 999)),
)


@given(numbers)
@settings(max_examples=1500, derandomize=True, deadline=None)
def test_amount_in_words_read_by_the_rules_is_the_amount(amount):
    assert read_amount(amount_in_words(amount)) == amount


def test_amount_in_words_for_every_small_number():
    assert [read_amount(amount_in_words(amount)) for amount in range(2001)] == list(range(2001))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "zéro franc CFP"),
        (1, "un franc CFP"),
        (2, "deux francs CFP"),
        (21, "vingt et un francs CFP"),
        (71, "soixante et onze francs CFP"),
        (80, "quatre-vingts francs CFP"),
        (81, "quatre-vingt-un francs CFP"),
        (99, "quatre-vingt-dix-neuf francs CFP"),
        (200, "deux cents francs CFP"),
        (201, "deux cent un francs CFP"),
        (280, "deux cent quatre-vingts francs CFP"),
        (1000, "mille francs CFP"),
        (80_000, "quatre-vingt mille francs CFP"),
        (200_000, "deux cent mille francs CFP"),
        (1_000_000, "un million de francs CFP"),
        (2_000_000, "deux millions de francs CFP"),
        (2_500_000, "deux millions cinq cent mille francs CFP"),
        (80_000_000, "quatre-vingts millions de francs CFP"),
        (200_000_000, "deux cents millions de francs CFP"),
        (1_000_001, "un million un francs CFP"),
        (67_200_000, "soixante-sept millions deux cent mille francs CFP"),
        (3_000_000_000, "trois milliards de francs CFP"),
        (3_000_000_080, "trois milliards quatre-vingts francs CFP"),
        (MAX_XPF, "un billion de francs CFP"),
    ],
)
def test_amount_in_words_follows_each_rule(amount, words):
    assert amount_in_words(amount) == words


@pytest.mark.parametrize("amount", [-1, MAX_XPF + 1])
def test_amount_in_words_out_of_range_is_an_error(amount):
    with pytest.raises(ValueError, match="can be written in letters"):
        amount_in_words(amount)


@pytest.mark.parametrize(
    ("count", "feminine", "words"),
    [
        (10, False, "dix"),
        (10, True, "dix"),
        (1, True, "une"),
        (21, True, "vingt et une"),
        (81, True, "quatre-vingt-une"),
        (71, True, "soixante et onze"),
        (101, True, "cent une"),
        (1_000_000, True, "un million"),
    ],
)
def test_count_in_words_agrees_with_its_noun(count, feminine, words):
    assert words_for_count(count, feminine) == words
