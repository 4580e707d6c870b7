import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.formats import MAX_XPF, FormatError, parse_xpf, show_number, show_xpf

amounts = st.integers(0, MAX_XPF)


def test_amount_shown_has_narrow_groups_and_no_break_unit():
    assert show_xpf(2_000_000) == "2\u202f000\u202f000\u00a0F\u00a0CFP"
    assert show_xpf(0) == "0\u00a0F\u00a0CFP"
    assert show_xpf(999) == "999\u00a0F\u00a0CFP"
    assert show_number(67_200_000) == "67\u202f200\u202f000"


def test_number_shown_when_negative_has_a_true_minus():
    assert show_number(-1500) == "\u22121\u202f500"


@given(amounts)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_amount_read_back_is_the_amount_shown(amount):
    assert parse_xpf(show_xpf(amount)) == amount
    assert parse_xpf(show_number(amount)) == amount
    assert parse_xpf(str(amount)) == amount


@given(
    amounts,
    st.sampled_from([" ", ".", "\u00a0", "\u2009", "'", "’"]),
    st.sampled_from(
        ["", "F", " F", " FCFP", " F CFP", " XPF", " francs", " francs CFP", "\u00a0fcfp", " F.CFP"]
    ),
)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_amount_read_whatever_its_groups_and_unit(amount, separator, unit):
    assert parse_xpf(f"{amount:,}".replace(",", separator) + unit) == amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("2 M", 2_000_000),
        ("2M", 2_000_000),
        ("2 millions", 2_000_000),
        ("1 million", 1_000_000),
        ("2,5 millions", 2_500_000),
        ("2.5 M", 2_500_000),
        ("2 millions de francs CFP", 2_000_000),
        ("67,2 millions F CFP", 67_200_000),
        ("500 k", 500_000),
        ("500K F", 500_000),
        ("1,5 milliard", 1_500_000_000),
        ("2 500 M", 2_500_000_000),
        ("XPF 1 500", 1500),
        ("2 000 000,00", 2_000_000),
        ("2.000.000,00 F CFP", 2_000_000),
        ("45\u202f000,00\u00a0F", 45_000),
        ("50000.0", 50_000),
        ("\u202a2\u00a0000\u202c\ufeff", 2_000),
        ("  1500  f ", 1500),
        ("0", 0),
        ("007", 7),
    ],
)
def test_amount_read_from_what_people_type(typed, amount):
    assert parse_xpf(typed) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (" \u00a0", "empty"),
        ("abc", "unreadable"),
        ("deux millions", "unreadable"),
        ("12x", "unreadable"),
        ("1e6", "unreadable"),
        ("٣٠٠", "unreadable"),
        ("9" * 5000, "unreadable"),
        ("-5", "negative"),
        ("\u2212 5 F", "negative"),
        ("1500,50", "decimals"),
        ("1.5", "decimals"),
        ("2 000 000,50 F CFP", "decimals"),
        ("1.500.00", "ambiguous"),
        ("2,000", "decimals"),
        ("1,2345678 million", "decimals"),
        ("2.500 M", "ambiguous"),
        ("12 34", "ambiguous"),
        ("1.234 567", "ambiguous"),
        ("2,000,000", "ambiguous"),
        ("20 €", "currency"),
        ("20 euros", "currency"),
        ("1 000 000 000 001", "too_large"),
        ("9999999 milliards", "too_large"),
    ],
)
def test_amount_that_is_doubtful_is_refused(typed, code):
    with pytest.raises(FormatError) as caught:
        parse_xpf(typed)
    assert caught.value.code == code


def test_refused_amount_says_in_french_what_to_do():
    with pytest.raises(FormatError) as caught:
        parse_xpf("abc")
    assert caught.value.message == (
        "Ce montant n’est pas lisible. Écrivez-le en chiffres, par exemple 2\u202f000\u202f000."
    )


@given(st.text(max_size=20))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_any_text_is_read_in_range_or_refused(text):
    amount = 0
    with contextlib.suppress(FormatError):
        amount = parse_xpf(text)
    assert 0 <= amount <= MAX_XPF
