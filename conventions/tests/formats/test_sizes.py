"""One wording for the weight of a file."""

import pytest

from conventions.formats import NBSP, show_size


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (0, "0 ko"),
        (1, "1 ko"),
        (1_499, "1 ko"),
        (128_400, "128 ko"),
        (999_499, "999 ko"),
        (999_500, "1,0 Mo"),
        (1_440_000, "1,4 Mo"),
        (31_000_000, "31,0 Mo"),
    ],
)
def test_size_is_told_in_round_numbers(size, told):
    assert show_size(size).replace(NBSP, " ") == told
