"""Who gets what at each address. A new address without a line here fails the tests: write its line.

An answer is a status code, or SIGN_IN: a redirection to a page where one signs in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from conventions.enums import Role
from conventions.tests.matrix.world import VISITORS, World

SIGN_IN = "connexion"
STAFF = ("superuser", *Role.values)
PRESIDENTS = ("president", "foreign")
R = Role


@dataclass(frozen=True)
class Line:
    """Expected answers to a GET at one address; `arguments` makes the parts of the address from the world."""

    answers: dict[str, int | str]
    arguments: Callable[[World], dict] = lambda world: {}
    query: str = ""


def answers(default: int | str, **exceptions: int | str) -> dict[str, int | str]:
    """The same for all, save `staff=`, `presidents=`, or one visitor by name."""
    found = dict.fromkeys(VISITORS, default)
    groups = {"staff": STAFF, "presidents": PRESIDENTS}
    for name, answer in exceptions.items():
        found |= dict.fromkeys(groups.get(name, (name,)), answer)
    return found


def staff_only(roles: Iterable[str] = Role.values, ok: int | str = 200) -> dict[str, int | str]:
    """`ok` for these roles and the superuser, 403 for the other roles; the others are asked to sign in as staff."""
    allowed = dict.fromkeys(("superuser", *roles), ok)
    return answers(SIGN_IN, staff=403) | allowed


PUBLIC = answers(200)
ALL = tuple(Role.values)
NONE: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rights:
    """Roles that may do a thing in the admin; the superuser may whatever a role may, when somebody may."""

    view: tuple[str, ...] = ALL
    add: tuple[str, ...] | None = None
    change: tuple[str, ...] | None = None
    delete: tuple[str, ...] | None = None


def _may(roles: tuple[str, ...] | None, *, of: tuple[str, ...] = ()) -> dict[str, int | str]:
    """None: nobody, superuser included; (): the superuser alone."""
    if roles is None:
        return answers(SIGN_IN, staff=403)
    return staff_only(roles)


def _model_lines(model: str, rights: Rights) -> dict[str, Line]:
    """The five addresses that Django's admin gives each model."""
    prefix = model.replace(".", "_")
    name = model.split(".")[1]

    def one(world: World) -> dict:
        return {"object_id": world.row(name).pk}

    seen = _may(rights.view)
    return {
        f"admin:{prefix}_changelist": Line(seen),
        f"admin:{prefix}_add": Line(_may(rights.add)),
        f"admin:{prefix}_change": Line(seen, one),
        f"admin:{prefix}_history": Line(seen, one),
        f"admin:{prefix}_delete": Line(_may(rights.delete), one),
    }


MODELS: dict[str, Rights] = {}
LINES: dict[str, Line] = {
    # --- admin ---
    "admin:index": Line(staff_only()),
    "admin:login": Line(answers(200, staff=302)),
    "admin:logout": Line(answers(405)),
    "admin:password_change": Line(staff_only()),
    "admin:password_change_done": Line(staff_only()),
    "admin:jsi18n": Line(staff_only()),
}
for _model, _rights in MODELS.items():
    LINES |= _model_lines(_model, _rights)
