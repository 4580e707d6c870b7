"""What a line of the table is: the expected answers at one address."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from conventions.enums import Role
from conventions.tests.matrix.world import VISITORS, World

SIGN_IN = "connexion"
STAFF = ("superuser", *Role.values)
PRESIDENTS = ("president", "foreign", "reader", "former")
STRANGERS = ("anonymous", "closed")
R = Role


@dataclass(frozen=True)
class Line:
    """Expected answers to a GET at one address; `arguments` makes the parts of the address from the world."""

    answers: dict[str, int | str]
    arguments: Callable[[World], dict] = lambda world: {}
    query: str = ""
    writers: tuple[str, ...] | None = None  # who may POST; None: whoever may read
    page: bool = True  # HTML, looked at in a browser too; False for files and redirections


def answers(default: int | str, **exceptions: int | str) -> dict[str, int | str]:
    """The same for all, save `staff=`, `presidents=`, `anonymous=` (a closed account too), or one visitor by name."""
    found = dict.fromkeys(VISITORS, default)
    groups = {"staff": STAFF, "presidents": PRESIDENTS, "anonymous": STRANGERS}
    for name, answer in exceptions.items():
        found |= dict.fromkeys(groups.get(name, (name,)), answer)
    return found


def staff_only(roles: Iterable[str] = Role.values, ok: int | str = 200) -> dict[str, int | str]:
    """`ok` for these roles and the superuser, 403 for the other roles; the others are asked to sign in as staff."""
    allowed = dict.fromkeys(("superuser", *roles), ok)
    return answers(SIGN_IN, staff=403) | allowed


def task(world: World) -> dict:
    return {"job_id": world.row("job").pk}
