"""What changed between two texts, word by word: kept, removed and added pieces, in reading order.

Words are French ones: « l’ » stands apart from « article », « 2 000 000 » and « {{ montant }} » are one word, an
apostrophe or a space typed otherwise is no change. A very long or very repetitive text is compared by paragraphs:
what is shown stays true, only coarser.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain

MAX_WORDS = 4_000  # of each side, once what both begin and end with is set aside
MAX_PAIRS = 60_000  # pairs of equal words a comparison may have to look at
MAX_PARAGRAPHS = 2_000

_SPACES = " \t\u00a0\u2009\u202f"
_TOKEN = re.compile(
    rf"""
      \n[\n{_SPACES}]*
    | (?: \{{\{{[^{{}}\n]*\}}\}}
        | \d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)
        | aujourd['’]hui
        | [^\W\d_]+['’](?=\w)
        | \w+(?:[-‑.,/]\w+)*
        | [^\s]
      )[{_SPACES}]*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BLANKS = re.compile(rf"[{_SPACES}]+")


class Mark(StrEnum):
    """What became of a piece of text; the values are class names of the page."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words with one fate. `is_…` are for templates."""

    mark: Mark
    text: str

    @property
    def is_removed(self) -> bool:
        return self.mark == Mark.REMOVED

    @property
    def is_added(self) -> bool:
        return self.mark == Mark.ADDED


def word_differences(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces that tell how `before` became `after`: joined without the added ones they read as `before`.

    Kept pieces are in the spelling of `after`. Two texts that differ by spaces or apostrophes give kept pieces only.
    """
    old, new = _words(before.strip()), _words(after.strip())
    return _joined(_compared(old, new))


def has_changed(before: str, after: str) -> bool:
    """Does any word differ? Spaces and the shape of apostrophes do not count."""
    return [*map(_key, _words(before.strip()))] != [*map(_key, _words(after.strip()))]


def moved_items(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The fewest items of `after` to move so that both have the same order; given in the order of `after`.

    Both hold the same items, each once; meant for the articles of an act, not for thousands.
    """
    place = {code: rank for rank, code in enumerate(before)}
    best: list[
        tuple[int, int | None]
    ] = []  # of each item: length of the longest run that ends there, its previous
    for rank, code in enumerate(after):
        runs = [(best[earlier][0], earlier) for earlier in range(rank) if place[after[earlier]] < place[code]]
        length, previous = max(runs, default=(0, None))
        best.append((length + 1, previous))
    at: int | None = max(range(len(best)), key=lambda rank: best[rank][0], default=None)
    kept = set()
    while at is not None:
        kept.add(after[at])
        at = best[at][1]
    return [code for code in after if code not in kept]


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text.replace("\r\n", "\n"))


def _key(word: str) -> str:
    """What is compared of a word: not its spaces, nor the shape of its apostrophe."""
    if word.startswith("\n"):
        return "\n" if word.count("\n") == 1 else "\n\n"
    return _BLANKS.sub(" ", word).strip().replace("'", "’")


def _compared(old: list[str], new: list[str], *, by_paragraph: bool = True) -> Iterator[Piece]:
    """Pieces word by word; by paragraphs first where that would take too long."""
    old_keys, new_keys = [_key(word) for word in old], [_key(word) for word in new]
    head = _common(old_keys, new_keys)
    tail = _common(old_keys[head:][::-1], new_keys[head:][::-1])
    yield _kept(old[:head], new[:head])
    yield from _middle(
        old[head : len(old) - tail],
        new[head : len(new) - tail],
        old_keys[head : len(old) - tail],
        new_keys[head : len(new) - tail],
        by_paragraph=by_paragraph,
    )
    yield _kept(old[len(old) - tail :], new[len(new) - tail :])


def _kept(old: list[str], new: list[str]) -> Piece:
    """The words of `new`; a last word that had a space before keeps one, for what was removed after it."""
    text = "".join(new)
    space = bool(old) and old[-1][-1] in _SPACES and text[-1] not in _SPACES
    return Piece(Mark.SAME, f"{text} " if space else text)


def _middle(
    old: list[str], new: list[str], old_keys: list[str], new_keys: list[str], *, by_paragraph: bool
) -> Iterator[Piece]:
    if _is_short(old_keys, new_keys):
        yield from _matched(old, new, old_keys, new_keys)
    elif by_paragraph:
        yield from _by_paragraph(old, new)
    else:
        yield Piece(Mark.REMOVED, "".join(old))
        yield Piece(Mark.ADDED, "".join(new))


def _common(old: list[str], new: list[str]) -> int:
    """How many first words both have."""
    pairs = zip(old, new, strict=False)
    return next((rank for rank, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new)))


def _is_short(old: list[str], new: list[str]) -> bool:
    if max(len(old), len(new)) > MAX_WORDS:
        return False
    there = Counter(new)
    return sum(count * there[word] for word, count in Counter(old).items()) <= MAX_PAIRS


def _matched(old: list[str], new: list[str], old_keys: list[str], new_keys: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    for tag, start, end, to_start, to_end in matcher.get_opcodes():
        if tag == "equal":
            yield _kept(old[start:end], new[to_start:to_end])
        else:
            yield Piece(Mark.REMOVED, "".join(old[start:end]))
            yield Piece(Mark.ADDED, "".join(new[to_start:to_end]))


def _by_paragraph(old: list[str], new: list[str]) -> Iterator[Piece]:
    """Whole paragraphs first; then the words of those that stand in each other's place."""
    olds, news = _paragraphs(old), _paragraphs(new)
    old_keys = [" ".join(map(_key, words)) for words in olds]
    new_keys = [" ".join(map(_key, words)) for words in news]
    if max(len(olds), len(news)) > MAX_PARAGRAPHS or not _is_short(old_keys, new_keys):
        yield Piece(Mark.REMOVED, "".join(old))
        yield Piece(Mark.ADDED, "".join(new))
        return
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    for tag, start, end, to_start, to_end in matcher.get_opcodes():
        if tag == "equal":
            yield _kept([*chain(*olds[start:end])], [*chain(*news[to_start:to_end])])
        else:
            gone, come = chain(*olds[start:end]), chain(*news[to_start:to_end])
            yield from _compared([*gone], [*come], by_paragraph=False)


def _paragraphs(words: list[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for word in words:
        found[-1].append(word)
        if word.startswith("\n"):
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one fate are one piece; empty ones go. What was removed is told before what was added."""
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].mark == piece.mark:
            found[-1] = Piece(piece.mark, found[-1].text + piece.text)
        else:
            found.append(piece)
    return tuple(found)
