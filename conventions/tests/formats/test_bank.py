import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.formats import (
    FormatError,
    mask_iban,
    normalise_bank_account,
    normalise_iban,
    parse_rib,
    rib_key,
    rib_to_iban,
    show_iban,
)

# Published examples, of no real account: the ISO 13616 registry's and the RIB article of the banking federation.
IBAN = "FR1420041010050500013M02606"
RIB = "20041 01005 0500013M026 06"

ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
accounts = st.tuples(
    st.text("0123456789", min_size=5, max_size=5),
    st.text("0123456789", min_size=5, max_size=5),
    st.text(ALPHANUMERIC, min_size=11, max_size=11),
)


def letters_as_rib_digits(text):
    """The RIB's own table, written out row by row."""
    rows = ["AJ", "BKS", "CLT", "DMU", "ENV", "FOW", "GPX", "HQY", "IRZ"]
    for digit, letters in enumerate(rows, 1):
        for letter in letters:
            text = text.replace(letter, str(digit))
    return text


@given(accounts)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_rib_with_its_key_is_a_multiple_of_97(account):
    key = rib_key(*account)
    assert int(letters_as_rib_digits("".join(account) + key)) % 97 == 0
    assert 1 <= int(key) <= 97


@given(accounts)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_rib_and_its_iban_are_one_account(account):
    rib = parse_rib("".join(account) + rib_key(*account))
    assert normalise_iban(rib.iban) == rib.iban
    assert rib.iban[4:] == rib.bank + rib.branch + rib.account + rib.key
    assert normalise_bank_account(" ".join((*account, rib.key))) == rib.iban


@given(accounts, st.integers(0, 96))
@settings(max_examples=100, derandomize=True, deadline=None)
def test_rib_with_another_key_is_refused(account, key):
    wrong = f"{key:02d}"
    right = rib_key(*account)
    typed = "".join(account) + (wrong if wrong != right else "00")
    with pytest.raises(FormatError) as caught:
        parse_rib(typed)
    assert caught.value.code == "rib_key"


def test_rib_published_example_gives_its_iban():
    assert rib_to_iban(parse_rib(RIB)) == IBAN
    assert normalise_bank_account(RIB) == IBAN


def test_rib_made_of_digits_gives_an_iban_fr76():
    assert parse_rib("30006 00001 12345678901 89").iban == "FR7630006000011234567890189"


def test_rib_too_short_is_refused():
    with pytest.raises(FormatError) as caught:
        parse_rib("20041 01005 0500013M026")
    assert caught.value.code == "rib_length"


@pytest.mark.parametrize(
    "typed", [IBAN, "fr14 2004 1010 0505 0001 3M02 606", "IBAN : FR14 2004-1010-0505-0001-3M02-606"]
)
def test_iban_is_read_with_any_separators(typed):
    assert normalise_iban(typed) == IBAN


def test_iban_of_another_country_is_accepted():
    assert normalise_iban("DE89 3704 0044 0532 0130 00") == "DE89370400440532013000"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("FR1420041010050500013M02607", "iban_checksum"),
        ("FR1420041010050500013M0260", "iban_length"),
        ("", "iban_length"),
        ("0733089.001", "iban_length"),
    ],
)
def test_iban_wrong_is_refused(typed, code):
    with pytest.raises(FormatError) as caught:
        normalise_iban(typed)
    assert caught.value.code == code


@given(st.integers(2, 26), st.sampled_from(ALPHANUMERIC))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_iban_with_one_wrong_character_is_refused(place, character):
    if IBAN[place] == character or (place < 4 and not character.isdigit()):
        character = str((int(IBAN[place], 36) + 1) % 10)
    with pytest.raises(FormatError):
        normalise_iban(IBAN[:place] + character + IBAN[place + 1 :])


def test_iban_masked_keeps_four_characters_at_each_end():
    assert mask_iban(IBAN) == "FR14\u00a0••••\u00a0••••\u00a0••••\u00a0••••\u00a0•••2\u00a0606"
    assert mask_iban("FR14") == "••••"


def test_iban_shown_in_full_is_in_groups_of_four():
    assert show_iban(IBAN) == "FR14\u00a02004\u00a01010\u00a00505\u00a00001\u00a03M02\u00a0606"
