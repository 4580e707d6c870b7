import pytest

from conventions.formats import CODE_ALPHABET, CODE_LENGTH, FormatError, normalise_code, show_code


def test_code_is_shown_in_groups_and_read_back():
    assert show_code("7K3M9QTRV2X4B") == "7K3M-9QTR-V2X4B"
    assert normalise_code(show_code("7K3M9QTRV2X4B")) == "7K3M9QTRV2X4B"


@pytest.mark.parametrize(
    "typed",
    [
        " 7k3m 9qtr v2x4b ",
        "7K3M–9QTR–V2X4B",
        "7k3m9qtr.v2x4b",
        "7K3M\u200b9QTR\u202cV2X4B\ufeff",
        "７Ｋ３Ｍ-9QTR-V2X4B",
        "https://exemple.nc/verifier/7K3M9QTRV2X4B/?e=1&p=2",
        "HTTPS://EXEMPLE.NC/VERIFIER/7K3M-9QTR-V2X4B",
        "exemple.nc/verifier/7k3m%E2%80%8B9qtrv2x4b#haut",
    ],
)
def test_code_is_read_whatever_the_case_and_the_dashes(typed):
    assert normalise_code(typed) == "7K3M9QTRV2X4B"


def test_code_reads_signs_that_look_alike():
    assert normalise_code("OoIiLl0000000") == "0011110000000"


@pytest.mark.parametrize("typed", ["7K3M-9QTR", "7K3M-9QTR-V2X4BB", "7K3M-9QTR-V2X4U", "’" * 13])
def test_code_of_another_form_is_refused(typed):
    with pytest.raises(FormatError, match="Ce code n’a pas la bonne forme"):
        normalise_code(typed)


def test_code_left_empty_is_asked_for():
    with pytest.raises(FormatError, match="Tapez le code imprimé sur le document"):
        normalise_code("  ")


def test_code_holds_at_least_sixty_bits():
    assert len(set(CODE_ALPHABET)) == 32
    assert CODE_LENGTH * 5 >= 60
