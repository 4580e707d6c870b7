"""Who gets what at each address. A new address without a line here fails the tests: write its line.

An answer is a status code, or SIGN_IN: a redirection to a page where one signs in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from conventions.enums import Role
from conventions.models import PublicSheet
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
    page: bool = True  # HTML, looked at in a browser too; False for files and redirections


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


def _sheet(world: World) -> dict:
    return {"slug": world.sheet.slug}


def _release(world: World) -> dict:
    return {"slug": world.release.slug}


def _partner(world: World) -> dict:
    return {"slug": world.partner.slug}


def _type_and_row(world: World) -> dict:
    kind = ContentType.objects.get_for_model(PublicSheet)
    return {"content_type_id": kind.pk, "object_id": world.sheet.pk}


MODELS: dict[str, Rights] = {}
LINES: dict[str, Line] = {
    # --- public pages ---
    "public:home": Line(PUBLIC),
    "public:convention_list": Line(PUBLIC),
    "public:convention_detail": Line(PUBLIC, _sheet),
    "public:convention_pdf": Line(PUBLIC, _sheet, page=False),
    "public:partner_list": Line(PUBLIC),
    "public:partner_detail": Line(PUBLIC, _partner),
    "public:press_list": Line(PUBLIC),
    "public:press_detail": Line(PUBLIC, _release),
    "public:press_pdf": Line(PUBLIC, _release, page=False),
    "public:figures": Line(PUBLIC),
    "public:press_contact": Line(PUBLIC),
    "public:legal": Line(PUBLIC),
    "public:privacy": Line(PUBLIC),
    "public:accessibility": Line(PUBLIC),
    "public:cookies": Line(PUBLIC),
    "public:sitemap": Line(PUBLIC),
    "public:health": Line(PUBLIC, page=False),
    "public:robots": Line(PUBLIC, page=False),
    "public:sitemap_xml": Line(PUBLIC, page=False),
    # --- admin: pages of no model ---
    "admin:index": Line(staff_only()),
    "admin:login": Line(answers(200, staff=302)),
    "admin:logout": Line(answers(405), page=False),
    "admin:password_change": Line(staff_only()),
    "admin:password_change_done": Line(staff_only()),
    "admin:jsi18n": Line(staff_only(), page=False),
    "admin:autocomplete": Line(answers(SIGN_IN, staff=403), page=False),
    "admin:view_on_site": Line(staff_only(ok=302), _type_and_row, page=False),
}
for _model, _rights in MODELS.items():
    LINES |= _model_lines(_model, _rights)
