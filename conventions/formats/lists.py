"""Lists inside a typed or pasted text: bullets of every word processor, « 1. », « 2) », « 3° », « a) », « (i) »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_SPACE: Final = "[ \\t\u00a0\u202f]"
_BULLET = re.compile(f"(?:[•◦▪▫‣⁃●○■□◆◇➢➤➔►▶✓✔✗❖·*–—-]{_SPACE}+|[•●▪■◦➢➤❖]|o\\t+)(?=\\S)")
_NUMBER = re.compile(f"(\\(?)(\\d{{1,3}}|[a-z]|[ivx]{{2,5}})(\\.\\)|°\\)|[.)°]){_SPACE}*(?<=[)°\\s])(?=\\S)")
_ROMANS: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


_DEEPER: Final = {"•": "o◦", "o": "▪", "◦": "▪"}  # the bullets of Word, level by level


@dataclass
class Block:
    """A paragraph (one item, no mark) or a list: its items, the mark that each was given (« 1° »); none: bullets."""

    is_list: bool
    items: list[str]
    marks: list[str] = field(default_factory=list)
    rank: tuple[str, int] = ("", 0)  # of the last item of a numbered list
    inner: dict[int, list["Block"]] = field(default_factory=dict)  # lists inside an item, by its place
    indent: int = 0  # of its first item
    bullet: str = ""


def blocks(text: str) -> list[Block]:
    """The paragraphs and lists of a text, in order. Blank lines part paragraphs; the lines of one are joined.

    A list set in, or whose outer list goes on after it, is inside the last item before it.
    """
    found: list[Block] = []
    path: list[Block] = []  # the list that is open, the one inside it…
    lines = text.replace("\r\n", "\n").split("\n")
    is_apart = True  # after a blank line
    for at, line in enumerate(lines):
        said = line.strip()
        if not said:
            is_apart = True
            continue
        indent, later = len(line) - len(line.lstrip()), lines[at + 1 :]
        bullet, ranks = _BULLET.match(said), _ranks(said)
        if bullet:
            _add_bullet(found, path, said, bullet.end(), indent, later)
        elif kept := _numbered(path, ranks):
            del path[path.index(kept[0]) + 1 :]
            _add(kept[0], said, kept[1])
        elif starts := [rank for rank in ranks if _goes_on(later, _after(rank))]:
            is_inside = bool(path) and (indent > path[-1].indent or _goes_on_after(path[-1], later))
            _add(_opened(found, path, Block(True, [], indent=indent), inside=is_inside), said, starts[0])
        elif found and not is_apart and (not path or line[0].isspace() or said[0].islower()):
            (path[-1] if path else found[-1]).items[-1] += f" {said}"
        else:
            path.clear()
            found.append(Block(False, [said]))
        is_apart = False
    return found


def _add_bullet(
    found: list[Block], path: list[Block], said: str, end: int, indent: int, later: list[str]
) -> None:
    sign, item = said[0], said[end:]
    while len(path) > 1 and indent < path[-1].indent:
        path.pop()
    same = [rank for rank, block in enumerate(path) if block.bullet == sign and indent <= block.indent]
    if same:  # back to the level that bore this bullet
        del path[same[-1] + 1 :]
    last = path[-1] if path else None
    if last is not None and not same and _is_inside(last, sign, indent, later):
        _opened(found, path, Block(True, [item], indent=indent, bullet=sign), inside=True)
    elif last is not None and not last.marks:
        last.items.append(item)
    else:
        _opened(found, path, Block(True, [item], indent=indent, bullet=sign), inside=False)


def _is_inside(last: Block, sign: str, indent: int, later: list[str]) -> bool:
    """Whether a bullet opens a list inside the last item of the open one."""
    if last.marks:
        return indent > last.indent or _goes_on_after(last, later)
    return indent > last.indent or sign in _DEEPER.get(last.bullet, "")


def _numbered(path: list[Block], ranks: list[tuple[str, int]]) -> tuple[Block, tuple[str, int]] | None:
    """The open list that goes on with one of these marks, the innermost first."""
    for block in reversed(path):
        for rank in ranks:
            if block.marks and rank == _after(block.rank):
                return block, rank
    return None


def _opened(found: list[Block], path: list[Block], block: Block, *, inside: bool) -> Block:
    """A list that begins here, inside the last item of the open one or after it."""
    if inside:
        outer = path[-1]
        outer.inner.setdefault(len(outer.items) - 1, []).append(block)
    else:
        path.clear()
        found.append(block)
    path.append(block)
    return block


def _goes_on_after(block: Block, later: list[str]) -> bool:
    return bool(block.marks) and _goes_on(later, _after(block.rank))


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
