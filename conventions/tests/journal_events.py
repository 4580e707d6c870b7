"""Every event that the code writes in the journal, found by reading the code.

`record("code", …)`, also through a function of the module that passes its own parameter on, a constant of the module,
or a text with a part in braces. What cannot be read is told: write the code of the event as a plain text.
"""

import ast
from pathlib import Path

# Functions of other modules that write a line under the code they are given.
WRITERS = ("tell",)
# Codes that other lists hold: events of an act (enums.Event), what is said of a row of a list (vocabulary.THINGS).
ELSEWHERE = {"event.value", "self.journal_event(verb)", "f'{name}_{verb}'"}


def written_events(path: Path) -> tuple[set[str], list[str]]:
    """(codes, calls whose code cannot be read) of one file."""
    tree = ast.parse(path.read_text())
    given = [_argument(call, 0, "event") for call in _calls(tree, WRITERS)]
    found = {code.value for code in given if isinstance(code, ast.Constant) and isinstance(code.value, str)}
    unread = []
    for call in _calls(tree, ("record",)):
        if not _is_journal(call, path):
            continue
        code = _argument(call, 0, "event")
        if code is None or ast.unparse(code) in ELSEWHERE:
            continue
        codes = _values(code, tree)
        if not codes and _is_given(call, code, tree):
            continue
        found |= codes
        if not codes:
            unread.append(f"{path.name}:{call.lineno} {ast.unparse(code)}")
    return found, unread


def _is_given(call: ast.Call, code: ast.expr, tree: ast.Module) -> bool:
    """Whether it is the parameter of a function of WRITERS: its calls are read, wherever they are."""
    writers = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in WRITERS]
    return any(
        call in ast.walk(node) and ast.unparse(code) in {one.arg for one in node.args.args}
        for node in writers
    )


def _is_journal(call: ast.Call, path: Path) -> bool:
    return path.name == "journal.py" or ast.unparse(call.func) == "journal.record"


def _calls(tree: ast.AST, names) -> list[ast.Call]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if ast.unparse(call.func).rpartition(".")[2] in names]


def _argument(call: ast.Call, rank: int, name: str) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[rank] if rank < len(call.args) else None


def _values(code: ast.expr, tree: ast.Module, depth: int = 0) -> set[str]:
    """Texts that an expression may be."""
    if isinstance(code, ast.Constant):
        return {code.value} if isinstance(code.value, str) else set()
    if isinstance(code, ast.IfExp):
        return _values(code.body, tree, depth) | _values(code.orelse, tree, depth)
    if isinstance(code, ast.JoinedStr):
        found = {""}
        for part in code.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            found = {start + end for start in found for end in _values(inner, tree, depth)}
        return found
    if isinstance(code, ast.Subscript):
        return _table(code.value, tree)
    if isinstance(code, ast.Name) and depth < 4:
        return _named(code.id, tree, depth + 1)
    return set()


def _table(name: ast.expr, tree: ast.Module) -> set[str]:
    """Every text of a table of the module."""
    found: set[str] = set()
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(ast.unparse(target) == ast.unparse(name) for target in targets) and isinstance(
            node.value, ast.Dict
        ):
            found |= {value for item in node.value.values for value in _values(item, tree)}
    return found


def _named(name: str, tree: ast.Module, depth: int) -> set[str]:
    """Texts given to a name: by assignment, or to a parameter by the calls of its function."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == name for target in node.targets):
            found |= _values(node.value, tree, depth)
        if isinstance(node, ast.FunctionDef):
            found |= _given(node, name, tree, depth)
    return found


def _given(function: ast.FunctionDef, name: str, tree: ast.Module, depth: int) -> set[str]:
    positional = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    if name not in positional + [argument.arg for argument in function.args.kwonlyargs]:
        return set()
    rank = positional.index(name) if name in positional else len(positional) + 9
    found: set[str] = set()
    for call in _calls(tree, (function.name,)):
        shift = 1 if positional[:1] == ["self"] else 0
        given = _argument(call, rank - shift, name)
        found |= _values(given, tree, depth) if given is not None else set()
    return found
