"""Which verbs of the domain check the right of who calls them, read from the source; and the list of those that do not.

A verb is a public function of the domain, or of the exports, with a parameter `by`. It checks when, whatever its
arguments, it comes to `permissions.require`, to one of the other places that decide (`DECIDES`), to a refusal of its
own (`raise PermissionDenied`), or to another verb that checks.
"""

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from types import FunctionType, ModuleType

from conventions.tests.imports import modules

DOMAIN = "conventions.domain"
DECIDES = {
    "conventions.permissions.require",
    f"{DOMAIN}.acts.drafting.saving.check_scope",  # by part of the page, role and state
    f"{DOMAIN}.acts.lifecycle.table.decide",  # the table of transitions
    f"{DOMAIN}.space.mandates.require",  # a mandate that runs
}
# Called by verbs that check, never by a page: what they write is a step of something else.
INNER = {
    f"{DOMAIN}.{name}"
    for name in (
        "acts.drafting.saving.tell",
        "acts.lifecycle.effects.prepare",
        "acts.lifecycle.effects.run",
        "acts.lifecycle.mails.queue_for",
        "acts.missing.note",
        "acts.numbering.give_number",
        "acts.paper.signed_copy.add_copy",
        "acts.paper.signed_copy.file_signed_copy",
        "acts.refusing.take_back",
        "acts.requests.handover_codes.ask",
        "acts.requests.handover_codes.check",
        "acts.signing.handovers.sign",
        "acts.templates.versions.record",
        "acts.templates.versions.set_state",
        "documents.sealing.revisions.signed_document",
        "money.door.event",
        "money.door.tell",
        "money.door.write_to",
        "equipment.happening.tell",
        "equipment.happening.write",
        "equipment.reserving.release_ended",
        "equipment.reserving.release_lines",
        "documents.storage.store",
        "documents.storage.store_signed",
        "documents.storage.store_upload",
        "money.years.require_open",
        "journal.writing.record",
        "journal.writing.record_erasure",
        "people.partner_accounts.open_to_signatories",
        "space.proposals.deciding.settle",
    )
}
# The right is the request itself: the page opened it by its secret link, or for its signatory's own account.
BY_LINK = {
    f"{DOMAIN}.acts.requests.codes.ask",
    f"{DOMAIN}.acts.requests.invitations.open_request",
    f"{DOMAIN}.acts.requests.invitations.mark_read",
    f"{DOMAIN}.acts.signing.verbs.sign_with_code",
}
# What the person sent, and nothing else: `by` is the condition of the query.
OWN = {f"{DOMAIN}.documents.kept_files.{name}" for name in ("drop", "kept", "kept_of", "readable")}
# The pages that write with Django’s own forms, and the archive that leaves, keep their journal line themselves.
WRITE_IN_JOURNAL = {
    "conventions.admin.base",
    "conventions.demonstration",
    "conventions.exchange.archives.streaming",
    "conventions.exchange.workbooks",
}
DOORS = ("admin", "views", "exchange", "forms", "feeds", "management", "templatetags", "demonstration")


@cache
def verbs() -> dict[str, ast.FunctionDef]:
    """{dotted name: definition} of every verb."""
    return {
        f"{module}.{name}": node
        for module in sorted(modules())
        if module.startswith((DOMAIN, "conventions.exchange"))
        for name, node in definitions(module).items()
        if not name.startswith("_") and "by" in _parameters(node)
    }


@cache
def definitions(module: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(modules()[module].read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _parameters(node: ast.FunctionDef) -> set[str]:
    return {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}


def unchecked() -> set[str]:
    """Verbs that come to no check."""
    return {name for name in verbs() if not checks(*name.rsplit(".", 1))}


@cache
def checks(module: str, name: str) -> bool:
    """Whether the function comes to a check, whatever its arguments."""
    if f"{module}.{name}" in DECIDES:
        return True
    node = definitions(module).get(name) if module in modules() else None
    if node is None:
        return False
    if any(_refuses(statement) for statement in always(node.body)):
        return True
    called = (resolved(module, call.func) for call in calls(node))
    return any(checks(*target.rsplit(".", 1)) for target in called if target and target != f"{module}.{name}")


def always(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run whatever the arguments: not those inside a condition or a loop."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.With | ast.Try):
            yield from always(statement.body)


def calls(node: ast.FunctionDef) -> Iterator[ast.Call]:
    """Calls that run whatever the arguments."""
    for statement in always(node.body):
        parts: list[ast.AST] = [statement]
        if isinstance(statement, ast.If | ast.While):
            parts = [statement.test]
        elif isinstance(statement, ast.For):
            parts = [statement.iter]
        elif isinstance(statement, ast.With):
            parts = [item.context_expr for item in statement.items]
        elif isinstance(statement, ast.Try | ast.FunctionDef | ast.ClassDef):
            parts = []
        for part in parts:
            yield from (found for found in ast.walk(part) if isinstance(found, ast.Call))


def first_right(node: ast.FunctionDef) -> str:
    """« can_publish »: the right that a verb asks of `by` alone; empty when it does not."""
    asked = (
        call
        for call in calls(node)
        if ast.unparse(call.func) == "permissions.require" and len(call.args) == 2
    )
    return next((ast.unparse(call.args[0]).removeprefix("permissions.") for call in asked), "")


def rights_asked() -> set[str]:
    """Every right that a function asks for, on any condition."""
    return {
        ast.unparse(node.args[0]).removeprefix("permissions.")
        for module in modules()
        for node in ast.walk(ast.parse(modules()[module].read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "permissions.require"
    }


def _refuses(statement: ast.stmt) -> bool:
    """« if … : raise PermissionDenied »."""
    return isinstance(statement, ast.If) and any(
        isinstance(one, ast.Raise) and "PermissionDenied" in ast.unparse(one) for one in statement.body
    )


def resolved(module: str, expression: ast.expr) -> str:
    """The dotted name of the function an expression of the module means; empty when it is none of the product's."""
    found = _value(module, expression)
    found = inspect.unwrap(found) if callable(found) else found
    known = isinstance(found, FunctionType) and found.__module__.startswith("conventions.")
    return f"{found.__module__}.{found.__qualname__}" if known else ""


def _value(module: str, expression: ast.expr):
    if isinstance(expression, ast.Name):
        return getattr(importlib.import_module(module), expression.id, None)
    if isinstance(expression, ast.Attribute):
        owner = _value(module, expression.value)
        return getattr(owner, expression.attr, None) if isinstance(owner, ModuleType) else None
    return None


def used_by_doors(names: set[str]) -> list[str]:
    """« page uses verb » for every use of these verbs outside the domain."""
    return [
        f"{module} uses {target}"
        for module in sorted(modules())
        if module.split(".")[1:2] and module.split(".")[1] in DOORS
        for target in sorted(_used(module) & names)
        if not (target.endswith(".journal.writing.record") and _writes_in_journal(module))
    ]


def _used(module: str) -> set[str]:
    tree = ast.parse(modules()[module].read_text())
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name))
    return {resolved(module, node) for node in found} - {""}


def _writes_in_journal(module: str) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in WRITE_IN_JOURNAL)
