import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.formats import parse_phone, phone_warnings, show_phone


@pytest.mark.parametrize(
    "typed", ["82.77.67", "82 77 67", "827767", "+687 82 77 67", "00687827767", "687 82-77-67"]
)
def test_phone_of_six_digits_is_normalised(typed):
    phone = parse_phone(typed)
    assert (phone.normalised, phone.shown, phone.warnings) == ("+687827767", "82.77.67", ())


@given(st.from_regex(r"[0-9]{6}", fullmatch=True))
@settings(max_examples=100, derandomize=True, deadline=None)
def test_phone_shown_from_what_is_stored_is_stable(digits):
    phone = parse_phone(digits)
    assert parse_phone(phone.normalised).shown == phone.shown
    assert parse_phone(phone.shown).normalised == phone.normalised


def test_phone_green_number_is_kept_with_a_warning():
    phone = parse_phone("05.30.30")
    assert (phone.normalised, phone.shown) == ("+687053030", "05.30.30")
    assert phone.warnings == ("Numéro vert (il commence par 05). Vérifiez que c’est bien celui à afficher.",)


def test_phone_short_code_is_kept_with_a_warning():
    phone = parse_phone("3677")
    assert (phone.normalised, phone.shown) == ("3677", "3677")
    assert phone.warnings == ("Numéro court (3677). Vérifiez qu’il est complet.",)


def test_phone_from_abroad_is_shown_as_typed():
    phone = parse_phone("+33 6 12 34 56 78")
    assert (phone.normalised, phone.shown, phone.warnings) == ("+33612345678", "+33 6 12 34 56 78", ())


@pytest.mark.parametrize("typed", ["82.77.67 / 26.82.38", "82 77 6", "abc", "+687 82 77"])
def test_phone_not_recognised_is_kept_with_a_warning(typed):
    assert show_phone(typed) == typed
    assert len(phone_warnings(typed)) == 1


def test_phone_empty_has_no_warning():
    assert (show_phone(" "), phone_warnings(" ")) == ("", ())
