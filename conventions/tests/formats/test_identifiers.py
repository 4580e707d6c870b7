import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.formats import (
    FormatError,
    luhn_is_valid,
    normalise_reference,
    normalise_ridet,
    normalise_rna,
    normalise_siret,
    ridet_warnings,
)


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("0733089.001", "0733089.001"),
        ("0733089001", "0733089.001"),
        ("0 733 089.001", "0733089.001"),
        ("0733089-001", "0733089.001"),
        ("RIDET : 0733089 001", "0733089.001"),
        ("0733089", "0733089"),
        ("0 733 089", "0733089"),
        ("\u202a0733089\u200b.001\u202c", "0733089.001"),
        ("n° RIDET 0733089 001", "0733089.001"),
        ("0733089,001", "0733089.001"),
        ("0733089001.0", "0733089.001"),
    ],
)
def test_ridet_complete_is_normalised_without_warning(typed, normalised):
    ridet = normalise_ridet(typed)
    assert (ridet.normalised, ridet.warnings) == (normalised, ())


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("733089", "0733089"),
        ("33089", "0033089"),
        ("733089.001", "0733089.001"),
        ("733089001", "0733089.001"),
        ("0733089.1", "0733089.001"),
        ("73A089", "73A089"),
    ],
)
def test_ridet_doubtful_is_kept_with_one_warning(typed, normalised):
    assert normalise_ridet(typed).normalised == normalised
    assert len(ridet_warnings(typed)) == 1


def test_ridet_that_a_spreadsheet_turned_into_a_number_is_read_or_said_to_be_lost():
    assert normalise_ridet("101012001.0").normalised == "0101012.001"
    assert ridet_warnings("8,03E+13") == (
        "Un tableur a changé ce RIDET en un nombre arrondi. Recopiez-le depuis l’avis d’immatriculation.",
    )


@pytest.mark.parametrize(
    "typed", ["2026-014-A1", "n° 2026/14 a1", "2026014A1", "N°2026 014-a1", "2026\u2011014\u200b\u2011A1"]
)
def test_number_of_an_act_is_read_in_any_spelling(typed):
    assert normalise_reference(typed) == "2026-014-A1"


def test_another_reference_is_kept_in_capitals():
    assert normalise_reference(" dg-conv \u202c7 ") == "DG-CONV 7"


def test_ridet_parts_are_given_apart():
    ridet = normalise_ridet("733089.001")
    assert (ridet.rid, ridet.establishment) == ("0733089", "001")
    assert normalise_ridet("733089").establishment is None


def test_ridet_padded_says_what_it_is_compared_as():
    assert ridet_warnings("733089") == (
        "Ce RIDET a moins de 7 chiffres. Il est comparé comme 0733089. Vérifiez-le.",
    )


@pytest.mark.parametrize("typed", ["07330890012", "0733089.0012", "10733089.01", "0733089.001.2"])
def test_ridet_too_long_is_refused(typed):
    with pytest.raises(FormatError) as caught:
        normalise_ridet(typed)
    assert caught.value.code == "too_long"
    assert ridet_warnings(typed) == (caught.value.message,)


def test_ridet_empty_has_no_warning():
    assert ridet_warnings(" ") == ()


@given(st.integers(0, 9_999_999), st.none() | st.integers(0, 999))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_ridet_normalised_twice_is_the_same(rid, establishment):
    written = f"{rid:07d}" + ("" if establishment is None else f".{establishment:03d}")
    once = normalise_ridet(written)
    assert once.normalised == written
    assert normalise_ridet(once.normalised) == once


def test_rna_is_put_in_capitals_without_spaces():
    assert normalise_rna(" w9n1 004321 ") == "W9N1004321"


@pytest.mark.parametrize("typed", ["", "W123", "X123456789", "W1234567890", "W12345678é"])
def test_rna_of_another_shape_is_refused(typed):
    with pytest.raises(FormatError) as caught:
        normalise_rna(typed)
    assert caught.value.code == "rna"


@pytest.mark.parametrize("typed", ["732 829 320 00074", "35600000000048", "356 000 000 00014"])
def test_siret_with_a_right_check_digit_is_accepted(typed):
    assert normalise_siret(typed) == typed.replace(" ", "")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("732 829 320 00075", "siret_checksum"),
        ("7328293200007", "siret_length"),
        ("0733089.001", "siret_length"),
    ],
)
def test_siret_wrong_is_refused(typed, code):
    with pytest.raises(FormatError) as caught:
        normalise_siret(typed)
    assert caught.value.code == code


@given(st.text("0123456789", min_size=13, max_size=13))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_luhn_accepts_exactly_one_last_digit(body):
    assert [luhn_is_valid(f"{body}{digit}") for digit in range(10)].count(True) == 1
