"""Serial numbers as labels, readers and spreadsheets bring them: compared alike, asked when in doubt, never guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.formats import (
    alike_key,
    is_placeholder,
    maker_key,
    read_serial,
    serial_key,
    tag_key,
)
from conventions.formats.serials import typed_as_qwerty

AZERTY_OF = dict(zip("1234567890AQZWM", "&é\"'(-è_çàQAWZ?", strict=True))


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("5CG8291KLM", "5CG8291KLM"),
        (" 5cg8291klm ", "5CG8291KLM"),
        ("S/N: 5CG8291KLM", "5CG8291KLM"),
        ("S/N5CG8291KLM", "5CG8291KLM"),
        ("SN: 5CG8291KLM", "5CG8291KLM"),
        ("s/n:5CG8291KLM", "5CG8291KLM"),
        ("Serial Number 5CG8291KLM", "5CG8291KLM"),
        ("N° de série : 5CG8291KLM", "5CG8291KLM"),
        ("Service Tag: 7XKQ3M2", "7XKQ3M2"),
        ("\u202a5CG8291KLM\u202c", "5CG8291KLM"),
        ("5CG-8291 KLM", "5CG8291KLM"),
        ("５ＣＧ８２９１ＫＬＭ", "5CG8291KLM"),
        ("356938035643809.0", "356938035643809"),
        ("SNAB12345", "SNAB12345"),
        ("SERIE5X99", "SERIE5X99"),
    ],
)
def test_same_device_has_one_key(typed, key):
    assert serial_key(typed) == key
    assert read_serial(typed).doubt == ""


@pytest.mark.parametrize(
    "typed",
    ["To be filled by O.E.M.", "TO BE FILLED BY O.E.M", "Default string", "N/A", "n/a", "0", "0000000", "none",
     "inconnu", "Inconnue", "n.c.", "xxxx", "-----", "?", "", "  ", "System Serial Number", "néant", "non relevé"],
)  # fmt: skip
def test_placeholders_identify_nothing(typed):
    assert serial_key(typed) == tag_key(typed) == ""
    assert is_placeholder(typed)
    assert serial_key(f"S/N: {typed}") == ""


@pytest.mark.parametrize(
    ("typed", "proposed"),
    [
        ("àà'HA\"", "004HQ3"),
        ("à&NNGCXUH?éK", "01NNGCXUHM2K"),
        ("àà’HA”", "004HQ3"),
        ("(CG_éç&KL?", "5CG8291KLM"),
    ],
)
def test_reader_of_another_keyboard_is_asked_not_corrected(typed, proposed):
    found = read_serial(typed)
    assert found.proposed == proposed
    assert proposed in found.doubt
    assert "clavier anglais" in found.doubt
    assert found.key != proposed  # what was read stays what it is until somebody says so


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="0123456789ABCDEFGHKLMNQRSTUWXZ", min_size=5, max_size=20))
def test_every_serial_through_the_wrong_keyboard_comes_back(serial):
    typed = "".join(AZERTY_OF.get(sign, sign) for sign in serial)
    if any(
        sign.isdecimal() and sign not in "68" for sign in serial
    ):  # « - » and « _ » are signs of serials too
        assert typed_as_qwerty(typed) == serial


@pytest.mark.parametrize("text", ["5CG8291KLM", "PF-2ABC_1", "clé USB bleue", "5CG(1)", "", "éà"])
def test_what_no_such_reader_typed_is_left_alone(text):
    assert typed_as_qwerty(text) == ""


@pytest.mark.parametrize("typed", ["3,56938E+14", "3.56938E+14", "8,03E+13", "5E10", "1e+20"])
def test_number_rounded_by_a_spreadsheet_is_lost_and_said(typed):
    found = read_serial(typed)
    assert found.key == ""
    assert typed in found.doubt
    assert "Recopiez-le" in found.doubt
    assert tag_key(typed) == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("https://support.exemple.nc/5CG8291KLM", "adresse d’un site"),
        ("A1", "bien court"),
        ("5CG8291€LM", "€"),
        ("X" + "1" * 90, "91 caractères"),
        ("1S20TES12300PF2ABCDE", "PF2ABCDE"),
    ],
)
def test_what_looks_like_no_serial_is_asked(typed, said):
    assert said in read_serial(typed).doubt


def test_makers_under_two_names_are_one():
    names = ("HP", "hp", "HP Inc.", "Hewlett-Packard", "HEWLETT PACKARD", "Hewlett-Packard Company")
    assert {maker_key(name) for name in names} == {"HP"}
    assert maker_key("Dell Inc.") == maker_key("DELL") != maker_key("Lenovo")
    assert maker_key("ASUSTeK COMPUTER INC.") == "ASUS"
    assert maker_key("To be filled by O.E.M.") == maker_key("") == ""


def test_tags_are_compared_without_their_label():
    assert tag_key("N° inventaire : OPT-00123") == tag_key("opt 00123") == "OPT00123"
    assert tag_key("INV00123") == "INV00123"


def test_o_and_zero_look_alike_but_are_two_devices():
    assert serial_key("5CGO291") != serial_key("5CG0291")
    assert alike_key("5CGO291") == alike_key("5CG0291")
    assert alike_key("AL12") == alike_key("AI12") == alike_key("A112")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read(text):
    found = read_serial(text)
    assert found.key == serial_key(text)
    assert serial_key(found.key) in (found.key, "") or found.doubt
