import random
import string

import pytest
import schwifty
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.formats import (
    FormatError,
    holds_account,
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


@pytest.mark.parametrize("typed", ["20041 01005 0500013M026", "2OO41 01005 0500013M026 06", "0733089.001"])
def test_rib_of_a_wrong_form_is_refused(typed):
    assert (refusal(parse_rib, typed), refusal(normalise_bank_account, typed)) == ("rib_length", "rib_length")


@pytest.mark.parametrize(
    "typed",
    [
        IBAN,
        "fr14 2004 1010 0505 0001 3M02 606",
        "IBAN : FR14 2004-1010-0505-0001-3M02-606",
        "Iban FR14 2004 1010 0505 0001 3M02 606",
        "IBANFR1420041010050500013M02606",
        "IBAN n° FR14\u00a02004\u202f1010\u200b0505.0001.3M02.606 ",
    ],
)
def test_iban_is_read_with_any_separators(typed):
    assert (normalise_iban(typed), normalise_bank_account(typed)) == (IBAN, IBAN)


@pytest.mark.parametrize(
    "typed", [RIB, "rib : 20041 01005 0500013m026 06", "RIB n° 20041-01005-0500013M026-06"]
)
def test_rib_is_read_with_any_separators(typed):
    assert normalise_bank_account(typed) == IBAN


# Published examples of the ISO 13616 registry; an Emirati IBAN has as many characters as a RIB.
@pytest.mark.parametrize(
    "iban",
    ["DE89370400440532013000", "AE070331234567890123456", "NO9386011117947", "GI75NWBK000000007099453"],
)
def test_iban_of_another_country_is_accepted(iban):
    assert (normalise_iban(iban), normalise_bank_account(f"iban {iban}")) == (iban, iban)


def refusal(read, typed) -> str | None:
    """The code of the refusal of what was typed; None when it is accepted."""
    try:
        read(typed)
    except FormatError as error:
        return error.code
    return None


def iban_of(country, bban):
    """An IBAN whose own check digits are right, whatever it holds (ISO 7064, worked out here letter by letter)."""
    rest = "".join(str(int(character, 36)) for character in f"{bban}{country}00")
    return f"{country}{98 - int(rest) % 97:02d}{bban}"


def drawn_accounts(count):
    """Bank, branch and account number, the same at each run; one account in two has letters."""
    draw = random.Random(2314)
    for rank in range(count):
        kinds = ALPHANUMERIC if rank % 2 else string.digits
        yield "".join(draw.choices(string.digits, k=10)) + "".join(draw.choices(kinds, k=11))


def right_key(account):
    """The RIB's definition: with its key, the whole is a multiple of 97."""
    return f"{97 - int(letters_as_rib_digits(account) + '00') % 97:02d}"


def test_iban_of_a_rib_with_a_wrong_key_is_refused():
    assert refusal(normalise_iban, "FR2314168000010123456789011") == "rib_key"
    draw = random.Random(89011)
    for account in drawn_accounts(10_000):
        right = right_key(account)
        wrong = draw.choice([key for key in range(100) if key != int(right)])
        country = draw.choice(["FR", "FR", "MC"])
        good, bad = iban_of(country, account + right), iban_of(country, f"{account}{wrong:02d}")
        assert (normalise_bank_account(good), refusal(normalise_bank_account, bad)) == (good, "rib_key")


def oracle_accepts(typed):
    """Whether a library that is not ours takes this IBAN, its national key included."""
    try:
        schwifty.IBAN(typed, validate_bban=True)
    except schwifty.exceptions.SchwiftyException:
        return False
    return True


@given(accounts, st.sampled_from(["FR", "MC"]), st.integers(0, 99), st.integers(0, 99), st.booleans())
@settings(max_examples=500, derandomize=True, deadline=None)
def test_iban_is_accepted_when_an_independent_library_accepts_it(account, country, check, key, right):
    bban = "".join(account) + (right_key("".join(account)) if right else f"{key:02d}")
    for typed in (f"{country}{check:02d}{bban}", iban_of(country, bban)):
        assert (refusal(normalise_iban, typed) is None) == oracle_accepts(typed)


def test_iban_with_one_wrong_digit_is_refused_wherever_it_is():
    for account in drawn_accounts(200):
        iban = iban_of("FR", account + right_key(account))
        wrong = [
            iban[:place] + digit + iban[place + 1 :]
            for place in range(2, 27)
            for digit in string.digits.replace(iban[place], "")
            if iban[place] in string.digits
        ]
        assert {refusal(normalise_iban, typed) for typed in wrong} <= {"iban_checksum", "rib_key"}


@pytest.mark.parametrize(("right", "other"), [("97", "00"), ("98", "01"), ("02", "99")])
def test_iban_check_digits_that_leave_the_same_rest_are_refused(right, other):
    ibans = [iban_of("DE", f"{number:018d}") for number in range(300)]
    iban = next(iban for iban in ibans if iban[2:4] == right)
    assert (refusal(normalise_iban, iban), refusal(normalise_iban, f"DE{other}{iban[4:]}")) == (
        None,
        "iban_checksum",
    )


@pytest.mark.parametrize("bban", ["2004A010050500013M02606", "20041010050500013M0260A"])
def test_french_iban_of_another_form_is_refused(bban):
    assert refusal(normalise_iban, iban_of("FR", bban)) == "rib_key"


@pytest.mark.parametrize("country", ["FR", "MC"])
def test_iban_wrong_key_says_what_to_do(country):
    with pytest.raises(FormatError) as caught:
        normalise_bank_account(iban_of(country, "14168000010123456789011"))
    assert caught.value.message == (
        "Dans cet IBAN, la clé RIB (les deux derniers chiffres) ne correspond pas au numéro de compte. Recopiez l’IBAN "
        "en entier, depuis le RIB de la banque. S’il y est écrit ainsi, demandez-lui un autre RIB."
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("FR1420041010050500013M02607", "iban_checksum"),
        ("FR1420041010050500013M0260", "iban_length"),
        ("MC581122200001012345678903", "iban_length"),
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


ACCOUNT = ("14168", "00001", "01012345678")
KEY = rib_key(*ACCOUNT)
WHOLE = "".join((*ACCOUNT, KEY))


@pytest.mark.parametrize(
    "text",
    [
        f"IBAN : {show_iban(rib_to_iban(parse_rib(WHOLE)))} BIC FICTXXXX",
        f"Réglez sur {rib_to_iban(parse_rib(WHOLE))}.",
        f"Banque Guichet N° compte Clé\n{' '.join(ACCOUNT)} {KEY}\nFICTIF",
        f"Code banque\n{ACCOUNT[0]}\nCode guichet\n{ACCOUNT[1]}\nNuméro de compte\n{ACCOUNT[2]}\nClé RIB\n{KEY}",
        f"RIB {WHOLE}",
        "Account GB82 WEST 1234 5698 7654 32, London",
    ],
)
def test_whole_account_is_seen_wherever_it_stands(text):
    assert holds_account(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"Compte {' '.join(ACCOUNT)} {(int(KEY) + 1) % 97:02}",  # a key that is not its own
        "Compte FR76 •••• •••• •••• •••• •••5 678",
        "Le relevé d’identité bancaire est joint au dossier.",
        "RIDET 0733089.001, tél. 82.77.67, 98800 Nouméa, 2 000 000 F CFP, 14/03/2023, n° 2026-014",
        f"Début {WHOLE[:15]} seulement",
    ],
)
def test_what_is_no_whole_account_is_not(text):
    assert not holds_account(text)
