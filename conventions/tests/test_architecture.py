"""What holds the project together: heavy libraries, who may write a state, how long a file may be, templates."""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from conventions.tests.journal_events import written_events

ROOT = Path(settings.BASE_DIR)
APP = ROOT / "conventions"
HEAVY = {"weasyprint", "pyhanko", "pyhanko_certvalidator", "openpyxl", "pypdf", "fontTools", "pydyf"}
ONLY_IMPORTER = {
    "weasyprint": "conventions/domain/documents/rendering",
    "pydyf": "conventions/domain/documents/rendering",
    "pyhanko": "conventions/domain/documents/sealing",
}
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
MAX_VIEW_LINES = 20
VIEWS = ("conventions/views/", "conventions/admin/", "conventions/demonstration/views.py")
# Their ValueError says, in English, that the code that called is wrong.
TELLS_PROGRAMMERS = (
    "conventions/domain/documents/rendering/",
    "conventions/domain/publication/press.py",
    "conventions/domain/foundation/pdf_sandbox_child.py",
    "conventions/domain/foundation/pdf_sandbox_pages.py",
)
STATE_WRITER = "conventions/domain/acts/lifecycle"


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py") if path.is_file())


def own_code() -> list[Path]:
    """Code of the product: neither tests nor migrations."""
    found = python_files("conventions", "opt_partners")
    return [path for path in found if not {"tests", "migrations"}.intersection(path.parts)]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported_modules(node: ast.AST, path: Path) -> list[str]:
    """Dotted names that an import statement brings, relative ones made absolute."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        parents = path.relative_to(ROOT).parts[: -node.level]
        base = ".".join([*parents, base]) if base else ".".join(parents)
    return [f"{base}.{alias.name}" for alias in node.names]


def test_formats_are_pure():
    """No database, no Django, no clock."""
    faults = [
        f"{name_of(path)} imports {module}"
        for path in python_files("conventions/formats")
        for node in ast.walk(tree(path))
        for module in imported_modules(node, path)
        if module.split(".")[0] == "django"
    ]
    assert faults == []


def test_permissions_do_not_read_the_database():
    names = {node.attr for node in ast.walk(tree(APP / "permissions.py")) if isinstance(node, ast.Attribute)}
    assert names & {"objects", "filter", "exists", "get", "count"} == set()


def test_heavy_libraries_are_imported_inside_functions():
    faults = [
        f"{name_of(path)}:{node.lineno} imports {module}"
        for path in own_code()
        for node in _module_level(tree(path).body)
        for module in imported_modules(node, path)
        if module.split(".")[0] in HEAVY
    ]
    assert faults == []


def _module_level(body):
    """Statements run at import time, those under `if` and `try` included; `if TYPE_CHECKING` is not run."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        for inner in ("body", "orelse", "finalbody"):
            if isinstance(node, ast.If | ast.Try | ast.With | ast.ClassDef):
                yield from _module_level(getattr(node, inner, []))


def test_heavy_libraries_have_one_importer():
    faults = [
        f"{name_of(path)}:{node.lineno} imports {module}"
        for path in own_code()
        for node in ast.walk(tree(path))
        for module in imported_modules(node, path)
        if (place := ONLY_IMPORTER.get(module.split(".")[0])) and not name_of(path).startswith(place)
    ]
    assert faults == []


def test_only_transitions_writes_the_state_of_an_act():
    """No `act.state = …`, `setattr(act, "state", …)`, nor `Act.objects….update(state=…)` anywhere else."""
    faults = [
        f"{name_of(path)}:{node.lineno}"
        for path in own_code()
        if not name_of(path).startswith(STATE_WRITER)
        for node in ast.walk(tree(path))
        if _writes_act_state(node)
    ]
    assert faults == []


def _writes_act_state(node) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(t, ast.Attribute) and t.attr == "state" and _is_act(t.value) for t in targets)
    if isinstance(node, ast.Call):
        text = ast.unparse(node.func)
        if text == "setattr" and len(node.args) > 1:
            return ast.unparse(node.args[1]) == "'state'" and _is_act(node.args[0])
        named = {keyword.arg for keyword in node.keywords}
        return (
            text.endswith((".update", "Act", ".create")) and "state" in named and "Act" in text.split(".")[0]
        )
    return False


def _is_act(node) -> bool:
    name = ast.unparse(node).split(".")[-1].lower()
    return name in {"act", "instance", "obj", "initial", "amendment", "self"} or name.endswith("_act")


@pytest.mark.parametrize(
    "source", ["act.state = x", "setattr(act, 'state', x)", "Act.objects.filter().update(state=1)"]
)
def test_a_writer_of_state_is_seen(source):
    assert any(_writes_act_state(node) for node in ast.walk(ast.parse(source)))


def test_files_are_short():
    files = python_files("conventions", "opt_partners", "scripts", "benchmarks")
    lengths = {
        name_of(path): len(path.read_text().splitlines()) for path in files if "migrations" not in path.parts
    }
    assert {name: length for name, length in lengths.items() if length > MAX_FILE_LINES} == {}


def test_functions_are_short():
    long = [
        f"{name_of(path)}:{node.lineno} {node.name} ({lines} lines)"
        for path in own_code()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := _lines(node)) > MAX_FUNCTION_LINES
    ]
    assert long == []


def test_views_are_short():
    """A right, a form, one verb, an answer: what is longer belongs to a form, to the domain or to a function apart."""
    long = [
        f"{name_of(path)}:{node.lineno} {node.name} ({lines} lines)"
        for path in own_code()
        if name_of(path).startswith(VIEWS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and "request" in [argument.arg for argument in node.args.args[:2]]
        and (lines := _lines(node)) > MAX_VIEW_LINES
    ]
    assert long == []


def test_what_the_domain_refuses_has_one_root():
    """Of « ValueError » or « ValidationError » a page would have to know which: a form tells `Refused` by itself."""
    faults = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files("conventions/domain")
        if not name_of(path).startswith(TELLS_PROGRAMMERS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        if ast.unparse(node.exc.func) in {"ValueError", "ValidationError"}
    ]
    assert faults == []


def test_pages_do_not_sort_the_refusals():
    """No ladder of « except A … except B … », no « except (A, B) »: `told_on_form` and `told_on_page` tell them all."""
    faults = [
        f"{name_of(path)}:{node.lineno}"
        for path in own_code()
        if name_of(path).startswith(VIEWS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Try)
        and (len(node.handlers) > 1 or any(isinstance(handler.type, ast.Tuple) for handler in node.handlers))
    ]
    assert faults == []


def _lines(function) -> int:
    """Length of a function's body, without its signature nor its docstring."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) else function.body
    return function.end_lineno - body[0].lineno + 1 if body else 0


# --- Dead names -------------------------------------------------------------------------------------------
GROUND = ("formats", "validators", "permissions", "enums", "equipment_enums", "money_enums")


def test_every_name_of_the_ground_floor_is_used():
    """A public function, constant, method or property that the product uses nowhere goes, with its tests.

    Members of an enumeration stay: they are stored values.
    """
    named = [*own_code(), *templates().values()]
    unused = [
        f"{name_of(path)}:{definition.lineno} {name}"
        for package in GROUND
        for path in python_files(f"conventions/{package}") or [APP / f"{package}.py"]
        for name, definition in _public_definitions(tree(path).body)
        if not any(_uses(user, name, but=definition if user == path else None) for user in named)
    ]
    assert unused == []


def _public_definitions(body):
    """Top-level names of a module, then what its classes define."""
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        names += [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
        yield from ((name, node) for name in names if not name.startswith("_"))
        if isinstance(node, ast.ClassDef):
            methods = [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]
            yield from ((method.name, method) for method in methods if not method.name.startswith("_"))


def _uses(path: Path, name: str, but: ast.AST | None) -> bool:
    """Whether a file loads a name, says it as a text or, in a template, as a word; importing it is not using it."""
    if path.suffix != ".py":
        return name in _words(path)
    inside = range(but.lineno, but.end_lineno + 1) if but else ()
    return any(line not in inside for line in _loads(path).get(name, ()))


@cache
def _words(path: Path) -> set[str]:
    return set(re.findall(r"\w+", path.read_text()))


@cache
def _loads(path: Path) -> dict[str, list[int]]:
    """Lines where each name is loaded, asked of an object, or written as a text outside `__all__`."""
    found = defaultdict(list)
    for statement in tree(path).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found[node.id].append(node.lineno)
            elif isinstance(node, ast.Attribute):
                found[node.attr].append(node.lineno)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found[node.value].append(node.lineno)
    return found


def test_a_dead_name_is_seen(tmp_path):
    module = tmp_path / "module.py"
    module.write_text(
        "from x import only_imported\n__all__ = ['dead', 'LIVE']\nLIVE = 1\n\ndef dead():\n    return dead, LIVE\n"
    )
    found = dict(_public_definitions(tree(module).body))
    assert [name for name, node in found.items() if not _uses(module, name, but=node)] == ["dead"]
    assert not _uses(module, "only_imported", but=None)


# --- Templates --------------------------------------------------------------------------------------------
# Django, its admin and our packages find these by name.
FOUND_BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "429.html"}
FOUND_IN = ("admin/", "registration/", "django/", "bootstrap5/")


def templates() -> dict[str, Path]:
    folders = [ROOT / "templates", *(ROOT / "conventions").glob("templates")]
    return {
        path.relative_to(folder).as_posix(): path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in {".html", ".txt", ".xml", ".svg"}
    }


def test_every_template_compiles():
    for name in templates():
        engines["django"].get_template(name)


def test_every_template_is_used():
    """Its name stands in the code or in another template, or Django looks for it by name.

    A component may wait for its page: then the design system says how to use it.
    """
    texts = [path.read_text() for path in [*own_code(), *templates().values()]]
    manual = (ROOT / "docs" / "design-system.md").read_text()
    known = {name for name in templates() if name in FOUND_BY_NAME or name.startswith(FOUND_IN)}
    known |= {name for name in templates() if name.startswith("components/") and Path(name).stem in manual}
    unused = [name for name in templates() if name not in known and not _named(name, texts)]
    assert unused == []


def _named(name: str, texts: list[str]) -> bool:
    """Written whole, without its suffix, or made from its folder: f"public/{template}" with "cookies.html"."""
    path = Path(name)
    made = f'f"{path.parent.as_posix()}/{{'
    words = (f'"{path.stem}"', f'"{path.name}"')
    if any(made in text for text in texts) and any(word in text for word in words for text in texts):
        return True
    bare = f'"{name.removesuffix(path.suffix)}"'
    return any(name in text or bare in text for text in texts)


def test_templates_hold_no_script_nor_style():
    """The policy refuses them; PDF pages, which no browser opens, may carry a style."""
    from conventions.tests.harness import page_faults

    faults = []
    for name, path in templates().items():
        if name.endswith(".html") and not name.startswith(("pdf/", "emails/")):
            found = [fault for fault in page_faults(path.read_text()) if "en ligne" in fault]
            faults += [f"{name} : {fault}" for fault in found]
    assert faults == []


def test_every_journal_event_has_its_sentence():
    from conventions.domain.journal.story.vocabulary import SENTENCES
    from conventions.enums import Event

    written, unread = set(Event.values), []
    for path in own_code():
        codes, faults = written_events(path)
        written |= codes
        unread += faults
    assert unread == [], "Écrivez le code de l’événement en toutes lettres dans journal.record(…)."
    assert written - set(SENTENCES) - _saved_by_pages() == set(), (
        "Ces événements n’ont pas de phrase : ajoutez-les, dans leur groupe, à SENTENCES de "
        "conventions/domain/journal/story/vocabulary.py (titre court, puis ce qui suit le nom de la personne)."
    )


def _saved_by_pages() -> set[str]:
    """Events of the admin's own saves; each page needs its name in THINGS."""
    from django.contrib import admin

    from conventions.domain.journal.story.vocabulary import THINGS, VERBS, thing_key

    models = [model for model, page in admin.site._registry.items() if hasattr(page, "journal_event")]
    # A page that adds, changes and deletes nothing has nothing to tell.
    silent = {"JournalEntry", "PublicSheet", "Convention", "ScanBatch", "Payment", "SheetImport"}
    keys = {thing_key(str(model._meta.verbose_name)) for model in models if model.__name__ not in silent}
    assert keys - set(THINGS) == set(), (
        "Ces pages n’ont pas de nom dans le journal : ajoutez-les à THINGS de "
        "conventions/domain/journal/story/vocabulary.py."
    )
    return {f"{thing}_{verb}" for thing in THINGS for verb in VERBS}
