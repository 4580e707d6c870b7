"""Who imports whom in the product, read from its source; the order of the house, and what breaks it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APP = ROOT / "conventions"
# Imports go down these lists, from the last row to the first, never up. Names of one row do not import one another,
# save where SAME_LAYER says so.
LAYERS = [
    {"enums", "equipment_enums", "money_enums", "formats", "validators", "permissions", "reference"},
    {"models"},
    {"domain"},
    {"exchange"},
    {"forms"},
    {"admin", "views", "feeds", "management", "templatetags"},
    {"urls"},
    {"demonstration"},
]
SAME_LAYER = {
    ("permissions", "enums"),
    ("validators", "formats"),
    ("reference", "enums"),
    ("reference", "formats"),
}
AREAS = [
    {"foundation"},
    {"journal"},
    {"people"},
    {"documents"},
    {"money", "equipment"},
    {"following"},
    {"acts", "publication"},
    {"space", "worklist"},
    {"mails", "service"},
]
ROOMS_OF_ACTS = [
    {"content", "templates", "requests", "paper", "numbering"},
    {"coverage", "refusing"},
    {"drafting", "handover", "handover_papers", "missing"},
    {"review"},
    {"amending"},
    {"lifecycle", "announced"},
    {"signing", "scans", "batch", "letters"},
]
# The only reasons to import from the product inside a function, written as a comment on the line.
LATE_REASONS = {"the models load first", "its pages register with this site", "workers register as they load"}
# Loaded by name, or not shipped.
OUTSIDE = {"apps", "migrations", "tests", "locale"}


@dataclass(frozen=True)
class Import:
    """One first-party import: dotted names of both modules, the line, whether it stands in a function."""

    importer: str
    imported: str
    line: int = 0
    late: bool = False
    comment: str = ""

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


@cache
def modules() -> dict[str, Path]:
    """{dotted name: file} of the product's own code."""
    found = {}
    for path in sorted(APP.rglob("*.py")):
        name = path.relative_to(ROOT)
        if not {"tests", "migrations"}.intersection(name.parts):
            found[".".join(name.with_suffix("").parts).removesuffix(".__init__")] = path
    return found


@cache
def imports() -> tuple[Import, ...]:
    return tuple(one for name, path in modules().items() for one in _imports_of(name, path))


def _imports_of(name: str, path: Path) -> Iterator[Import]:
    source = path.read_text()
    lines = source.splitlines()
    tree = ast.parse(source, filename=str(path))
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom) or id(node) in for_types:
            continue
        comment = lines[node.lineno - 1].partition("#")[2].strip()
        for imported in sorted(set(names(node, name, path))):
            if imported != name:
                yield Import(name, imported, node.lineno, node.col_offset > 0, comment)


def names(node: ast.Import | ast.ImportFrom, importer: str, path: Path) -> Iterator[str]:
    """First-party modules an import statement loads: « from a import b » loads a.b where that is a module."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in modules())
        return
    base = node.module or ""
    if node.level:
        package = importer.split(".")[: None if path.name == "__init__.py" else -1]
        package = package[: len(package) - node.level + 1]
        base = ".".join([*package, base]) if base else ".".join(package)
    for alias in node.names:
        whole = f"{base}.{alias.name}"
        if whole in modules():
            yield whole
        elif base in modules():
            yield base


def faults(found: tuple[Import, ...]) -> list[str]:
    """Everything in these imports that the house does not allow."""
    return [
        *(f"{one} : vers le haut" for one in found if _goes_up(one)),
        *(f"{one} : dans une fonction, sans raison" for one in found if _is_late_for_nothing(one)),
        *(f"cercle de fichiers : {', '.join(circle)}" for circle in circles(files(found))),
        *(f"cercle de dossiers : {', '.join(circle)}" for circle in circles(_packages(found))),
    ]


def _goes_up(one: Import) -> bool:
    here, there = one.importer.split(".")[1:], one.imported.split(".")[1:]
    if not here or not there or OUTSIDE & {here[0], there[0]}:
        return False
    if here[0] != there[0]:
        return _is_above(LAYERS, there[0], here[0]) and (here[0], there[0]) not in SAME_LAYER
    if here[0] != "domain" or min(len(here), len(there)) < 2:
        return False
    if here[1] != there[1]:
        return _is_above(AREAS, there[1], here[1])
    if here[1] != "acts" or min(len(here), len(there)) < 3 or here[2] == there[2]:
        return False
    return _is_above(ROOMS_OF_ACTS, there[2], here[2])


def _is_above(rows: list[set[str]], imported: str, importer: str) -> bool:
    """Whether it stands higher, or beside; what has no row is refused."""
    return _rank(rows, imported) >= _rank(rows, importer)


def _rank(rows: list[set[str]], name: str) -> int:
    return next((rank for rank, names in enumerate(rows) if name in names), len(rows))


def _is_late_for_nothing(one: Import) -> bool:
    return one.late and one.comment.removeprefix("late: ").partition("  #")[0] not in LATE_REASONS


def files(found: tuple[Import, ...]) -> dict[str, set[str]]:
    """{module: those it imports}."""
    graph: dict[str, set[str]] = {}
    for one in found:
        graph.setdefault(one.importer, set()).add(one.imported)
    return graph


def _packages(found: tuple[Import, ...]) -> dict[str, set[str]]:
    """Folders, whole: a folder and one inside it are not two."""
    graph: dict[str, set[str]] = {}
    for one in found:
        here, there = _package(one.importer), _package(one.imported)
        if not f"{here}.".startswith(f"{there}.") and not f"{there}.".startswith(f"{here}."):
            graph.setdefault(here, set()).add(there)
    return graph


def _package(name: str) -> str:
    path = modules().get(name)
    return name if path is None or path.name == "__init__.py" else name.rpartition(".")[0]


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Names that import one another, in a row or around (strongly connected, by Kosaraju's two walks)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in sorted(graph):
        _walk(start, graph, seen, order)
    back: dict[str, set[str]] = {}
    for name, imported in graph.items():
        for other in imported:
            back.setdefault(other, set()).add(name)
    found, seen = [], set()
    for start in reversed(order):
        group: list[str] = []
        _walk(start, back, seen, group)
        if len(group) > 1:
            found.append(sorted(group))
    return sorted(found)


def reached(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """{module: itself and all that comes with it}."""
    found: dict[str, set[str]] = {name: set() for name in graph}
    for name, seen in found.items():
        _walk(name, graph, seen, [])
    return found


def _walk(start: str, graph: dict[str, set[str]], seen: set[str], order: list[str]) -> None:
    """Depth first; a name joins `order` once everything below it has."""
    if start in seen:
        return
    seen.add(start)
    stack = [(start, iter(sorted(graph.get(start, ()))))]
    while stack:
        name, below = stack[-1]
        following = next((other for other in below if other not in seen), None)
        if following is None:
            stack.pop()
            order.append(name)
        else:
            seen.add(following)
            stack.append((following, iter(sorted(graph.get(following, ())))))
