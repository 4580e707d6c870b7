"""Numbers and amounts in French letters, with the agreements a legal act needs.

Spelling: the traditional rules (« quatre-vingts », « deux cents », « deux cent mille », « vingt et un »).
"""

from typing import Final

from .money import MAX_XPF

_SCALES: Final = (10**6, 10**9, 10**12)


def words_for_count(count: int, feminine: bool = False) -> str:
    """A whole number in letters, from 0 to 10¹²: 10 → « dix », 21 feminine → « vingt et une ».

    Raises ValueError outside that range.
    """
    if not 0 <= count <= MAX_XPF:
        raise ValueError(f"Only 0 to {MAX_XPF} can be written in letters, not {count}")
    from num2words import num2words

    words = str(num2words(count, lang="fr"))
    ends_with_one = words == "un" or words.endswith((" un", "-un"))
    return f"{words}e" if feminine and ends_with_one else words


def amount_in_words(amount: int) -> str:
    """An amount of XPF in letters, from 0 to 10¹²: 2000000 → « deux millions de francs CFP ».

    « de » follows million(s), milliard(s) and billion(s) when nothing comes after them; « franc » is singular
    for 0 and 1. Raises ValueError outside the range.
    """
    words = words_for_count(amount)
    if amount < 2:
        return f"{words} franc CFP"
    link = "de " if amount % _SCALES[0] == 0 else ""
    return f"{words} {link}francs CFP"
