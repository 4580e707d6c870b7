"""Money: payments and their papers, for those who work with bank details."""

from conventions.tests.matrix.envelopes import ENVELOPES
from conventions.tests.matrix.lines import SIGN_IN, Line, R, answers, staff_only
from conventions.tests.matrix.world import World

PAYERS = (R.OFFICER, R.ACCOUNTANT)


def _payment(world: World) -> dict:
    return {"pk": world.row("payment").pk}


def _file(world: World) -> dict:
    return {"pk": world.row("paymentfile").payment_id, "version": 1}


def _step(*roles: str) -> Line:
    """A step of a payment, posted to its own address in the follow-up: a GET goes back to the page."""

    def arguments(world: World) -> dict:
        payment = world.row("payment")
        return {"pk": payment.convention_id, "row": payment.pk}

    return Line(answers(SIGN_IN, staff=302), arguments, writers=("superuser", *roles), page=False)


FOLLOWED = "admin:conventions_convention_follow_"
STEPS = {
    **dict.fromkeys(("controle", "transmis", "compte-confirme", "repris", "annule"), PAYERS),
    **dict.fromkeys(("rejete", "repaye", "trop-percu", "reverse"), (R.ACCOUNTANT,)),
}

MONEY: dict[str, Line] = {
    FOLLOWED + "preparer": Line(
        answers(SIGN_IN, staff=302),
        lambda world: {"pk": world.row("payment").convention_id},
        writers=("superuser", *PAYERS),
        page=False,
    ),
    **{FOLLOWED + code: _step(*roles) for code, roles in STEPS.items()},
    **ENVELOPES,
    # A payment is read in its place, the follow-up of its convention.
    "admin:conventions_payment_change": Line(
        staff_only(ok=302), lambda world: {"object_id": world.row("payment").pk}, writers=(), page=False
    ),
    "admin:payment_file": Line(staff_only(), _payment, writers=("superuser", *PAYERS)),
    # Each look is written: it is asked for by a button.
    "admin:payment_file_pdf": Line(
        answers(SIGN_IN, staff=405), _file, writers=("superuser", *PAYERS), page=False
    ),
}
