"""Lists inside a typed or pasted text: bullets of every word processor, « 1. », « 2) », « 3° », « a) », « (i) »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_SPACE: Final = "[ \\t\u00a0\u202f]"
_BULLET = re.compile(f"(?:[•◦▪▫‣⁃●○■□◆◇➢➤➔►▶✓✔✗❖·*–—-]{_SPACE}+|[•●▪■◦➢➤❖]|o\\t+)(?=\\S)")
_NUMBER = re.compile(f"(\\(?)(\\d{{1,3}}|[a-z]|[ivx]{{2,5}})(\\.\\)|°\\)|[.)°]){_SPACE}*(?<=[)°\\s])(?=\\S)")
_ROMANS: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


@dataclass
class Block:
    """A paragraph (one item, no mark) or a list: its items, the mark that each was given (« 1° »); none: bullets."""

    is_list: bool
    items: list[str]
    marks: list[str] = field(default_factory=list)
    rank: tuple[str, int] = ("", 0)  # of the last item of a numbered list


def blocks(text: str) -> list[Block]:
    """The paragraphs and lists of a text, in order. Blank lines part paragraphs; the lines of one are joined."""
    found: list[Block] = []
    lines = text.replace("\r\n", "\n").split("\n")
    is_apart = True  # after a blank line
    for at, line in enumerate(lines):
        said = line.strip()
        if not said:
            is_apart = True
            continue
        last = found[-1] if found else None
        bullet, ranks = _BULLET.match(said), _ranks(said)
        if bullet:
            item = said[bullet.end() :]
            if last and last.is_list and not last.marks:
                last.items.append(item)
            else:
                found.append(Block(True, [item]))
        elif last and last.marks and (kept := next((r for r in ranks if r == _after(last.rank)), None)):
            _add(last, said, kept)
        elif starts := [rank for rank in ranks if _goes_on(lines[at + 1 :], _after(rank))]:
            found.append(Block(True, []))
            _add(found[-1], said, starts[0])
        elif last and not is_apart and (not last.is_list or line[0].isspace() or said[0].islower()):
            last.items[-1] += f" {said}"
        else:
            found.append(Block(False, [said]))
        is_apart = False
    return found


def leading_mark(line: str) -> str:
    """The bullet or the number that opens a line, with the blanks after it; empty for none."""
    found = _BULLET.match(line) or _NUMBER.match(line)
    return found[0] if found else ""


def unmarked(text: str) -> str:
    """The text without the bullets that open its lines: they are printed as ours."""
    return "\n".join(_BULLET.sub("", line.lstrip(), count=1) for line in text.split("\n"))


def _add(block: Block, said: str, rank: tuple[str, int]) -> None:
    mark = _NUMBER.match(said)
    if mark is not None:
        block.marks.append(mark[0].strip())
        block.items.append(said[mark.end() :])
        block.rank = rank


def _ranks(said: str) -> list[tuple[str, int]]:
    """The places that the mark of a line may name: « i) » is the ninth letter, or the first Roman number."""
    mark = _NUMBER.match(said)
    return list(_readings(mark)) if mark else []


def _readings(mark: re.Match[str]) -> Iterator[tuple[str, int]]:
    shape = mark[1] + mark[3]
    if mark[2].isdigit():
        yield f"1{shape}", int(mark[2])
        return
    if len(mark[2]) == 1:
        yield f"a{shape}", ord(mark[2]) - ord("a") + 1
    if mark[2] in _ROMANS:
        yield f"i{shape}", _ROMANS.index(mark[2]) + 1


def _after(rank: tuple[str, int]) -> tuple[str, int]:
    return rank[0], rank[1] + 1


def _goes_on(lines: list[str], wanted: tuple[str, int]) -> bool:
    """Whether a later line bears the next mark: one number alone is no list."""
    return any(wanted in _ranks(line.strip()) for line in lines)
