"""What writes who somebody is, or where money goes, read from the source; and how each comes to a proof."""

import ast
import re
from functools import cache

from conventions.tests import rights
from conventions.tests.imports import modules

REQUIRE = "conventions.domain.people.security.proofs.require"
# Statements that change it, as they are written.
WRITES = re.compile(
    r"""\.(email|is_superuser|is_staff|usual_signatory|mandate_end|reads_only)\ =\ (?!=)
    | \bupdate\([^)]*\b(email|phone)=
    | \.groups\.set\(
    | \.set_(unusable_)?password\(
    | \b(SecondFactor|RecoveryCode|BankAccount|Representative|Delegation|BankProposal|MandateProposal|AddressChange)
      \.objects\.(bulk_)?(create|update_or_create)\(
    | \bSecondFactor\.objects\.filter\([^)]*\)\.delete\(
    | \b(representatives|bank_accounts|mandates)\b[^=]*\.update\(
    | \baccount\.active\b.*\ =\ """,
    re.VERBOSE,
)
PLACES = ("domain", "admin", "views", "forms", "exchange", "management")
# {function: what proves it otherwise}.
OTHERWISE = {
    "domain.people.security.invitations.accept": "the link sent by mail, once",
    "domain.people.security.second_factor._draw_recovery_codes": "called by confirm, and by renew_recovery_codes",
    "domain.people.security.second_factor.remove": "a code of the factor, in the same verb",
    "domain.people.security.second_factor._take_away": "called by reset, and by who holds the server",
    "domain.people.partner_accounts._new_account": "opens what a mandate gives: the mandate asked for the proof",
    "domain.space.addresses._move": "asked for when the change was; done by the sweep two days later",
}


def unproven() -> set[str]:
    """Functions that write it, come to no proof, and are called by one that comes to none."""
    return {name for name in writers() if not _is_proven(*name.rsplit(".", 1))}


@cache
def writers() -> set[str]:
    return {
        f"{module}.{name}"
        for module in modules()
        if module.split(".")[1:2] and module.split(".")[1] in PLACES
        for name, node in rights.definitions(module).items()
        if WRITES.search(ast.unparse(node))
    }


def _is_proven(module: str, name: str) -> bool:
    if comes_to_proof(module, name):
        return True
    callers = [
        other for other, node in rights.definitions(module).items() if name in _names(node) and other != name
    ]
    return name.startswith("_") and bool(callers) and all(_is_proven(module, other) for other in callers)


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


@cache
def comes_to_proof(module: str, name: str) -> bool:
    """Whether the function comes to `proofs.require`, whatever its arguments."""
    if f"{module}.{name}" == REQUIRE:
        return True
    node = rights.definitions(module).get(name) if module in modules() else None
    if node is None:
        return False
    called = (rights.resolved(module, call.func) for call in rights.calls(node))
    return any(
        comes_to_proof(*target.rsplit(".", 1)) for target in called if target and target != f"{module}.{name}"
    )
