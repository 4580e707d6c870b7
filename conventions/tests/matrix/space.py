"""The addresses of the associations' space."""

from conventions.tests import factories as f
from conventions.tests.matrix.lines import PRESIDENTS, SIGN_IN, Line, R, answers, staff_only
from conventions.tests.matrix.world import World

# The space is of the associations: staff read the same files in the admin, other associations get a 404.
MINE = answers(404, president=200, anonymous=SIGN_IN)
READ = MINE | {"reader": 200}  # a colleague who reads sends nothing
PUBLIC = answers(200)


def _convention(world: World) -> dict:
    return {"slug": world.row("convention").slug}


def _document(world: World) -> dict:
    return {"pk": world.row("document").pk}


def _partner(world: World) -> dict:
    return {"slug": world.partner.slug}


def _address(world: World) -> dict:
    """Of somebody in office there."""
    if "addresschange" not in world.rows:
        president = f.PresidentFactory(partner=world.partner)
        world.rows["addresschange"] = f.AddressChangeFactory(user=president)
    return {"pk": world.partner.pk, "change": world.row("addresschange").pk, "verb": "annuler"}


SPACE: dict[str, Line] = {
    "portal:home": Line(answers(200, anonymous=SIGN_IN)),
    "portal:convention": Line(READ, _convention),
    "portal:support": Line(MINE | {"president": 302, "reader": 302}, _convention, page=False),
    "portal:text_in_force": Line(READ, lambda world: {"slug": world.row("lasting").slug}),
    "portal:copy": Line(READ, _convention),
    "portal:dossier": Line(READ, lambda world: _convention(world) | {"rank": 0}, page=False),
    "portal:receipt": Line(MINE, lambda world: {"slug": world.row("donation").slug}),
    "portal:bank": Line(MINE, _convention),
    "portal:handover_news": Line(MINE, lambda world: _convention(world) | {"pk": world.row("given").pk}),
    "portal:handover_sign": Line(MINE, lambda world: _convention(world) | {"pk": world.row("given").pk}),
    "portal:handover": Line(MINE, lambda world: _convention(world) | {"pk": world.row("given").pk}),
    "portal:report": Line(MINE, lambda world: _convention(world) | {"pk": world.row("obligation").pk}),
    "portal:ask": Line(MINE, _convention),
    "portal:thread": Line(MINE, lambda world: _convention(world) | {"pk": world.row("asked").pk}),
    "portal:association": Line(READ, _partner),
    "portal:public_contact": Line(MINE, _partner),
    "portal:president": Line(MINE, _partner),
    "portal:colleague": Line(MINE, _partner),
    "portal:me": Line(answers(404, presidents=200, anonymous=SIGN_IN)),
    "portal:my_address": Line(answers(404, presidents=200, anonymous=SIGN_IN)),
    "portal:my_address_cancel": Line(answers(405), writers=PRESIDENTS, page=False),
    "portal:my_address_code": Line(answers(404, presidents=302, anonymous=SIGN_IN), page=False),
    "portal:agreement": Line(READ, _convention),
    "portal:agreement_of": Line(READ, lambda world: _convention(world) | {"rank": 0}),
    "portal:mails": Line(answers(200, staff=302, roleless=302, anonymous=SIGN_IN)),
    "portal:document": Line(READ, _document, page=False),
    "portal:annex": Line(
        answers(404, anonymous=SIGN_IN), lambda world: _document(world) | {"number": 1}, page=False
    ),
    "portal:sign_in": Line(answers(302, anonymous=200)),
    "portal:sign_in_code": Line(answers(302), page=False),
    "portal:sign_in_again": Line(answers(405), page=False),
    "portal:sign_in_choice": Line(answers(302), page=False),
    "portal:sign_out": Line(answers(405), page=False),
    "portal:sessions": Line(answers(404, presidents=200, anonymous=SIGN_IN)),
    "portal:session_close": Line(answers(405), lambda world: {"pk": 0}, page=False),
    "portal:sessions_close": Line(answers(405), writers=PRESIDENTS, page=False),
    "portal:presence": Line(PUBLIC, page=False),
    # Of staff: how somebody whose mailbox is lost comes in again.
    "admin:partner_addresses": Line(staff_only((R.OFFICER,)), lambda world: {"pk": world.partner.pk}),
    "admin:partner_address_decide": Line(
        answers(SIGN_IN, staff=405), _address, writers=("superuser", R.OFFICER), page=False
    ),
}
