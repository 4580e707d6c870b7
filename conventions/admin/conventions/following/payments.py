"""The steps of a payment on the page « Suivi »: which is offered, to whom, with which form."""

from collections.abc import Callable
from typing import Any

from conventions import permissions
from conventions.admin.conventions.following.fact import Fact
from conventions.domain import following
from conventions.domain.following import FollowUp
from conventions.domain.money import steps, transitions
from conventions.formats import show_xpf
from conventions.forms import following as following_forms
from conventions.forms import payments as forms
from conventions.models import InstalmentTerm, Payment, User
from conventions.money_enums import PaymentEventKind as Kind


def _in(kind: Kind) -> Callable[[Payment, User], bool]:
    """Whether a payment takes this event where it stands: the table of transitions alone says so."""
    return lambda row, user: transitions.takes(row.position.state, kind)


def _to_pay(row: Payment, user: User) -> bool:
    return transitions.takes(row.position.state, Kind.PAID) and not (row.paid_on or row.returned_on)


def _to_control(row: Payment, user: User) -> bool:
    """Somebody else prepared it."""
    return _in(Kind.CONTROLLED)(row, user) and row.position.last_event.recorded_by_id != user.pk


def _paid_once(row: Payment, user: User) -> bool:
    return row.paid_on is not None and _in(Kind.PAID)(row, user)


def _to_confirm(row: Payment, user: User) -> bool:
    """By another than who sent it."""
    return _in(Kind.ACCOUNT_CONFIRMED)(row, user) and row.position.sent_by_id != user.pk


def _payments(sheet: FollowUp) -> list[Payment]:
    return sheet.payments


def _payment_lists(sheet: FollowUp) -> dict[str, list]:
    return {
        "instalment": [line.row for line in sheet.instalments],
        "funding": sheet.fundings,
        "bank_account": sheet.accounts_offered,
    }


def _payment_initial(sheet: FollowUp, user: User, chosen: InstalmentTerm | None) -> dict:
    day = (
        "paid_on"
        if permissions.can_record_payments(user) and not permissions.can_edit_conventions(user)
        else "sent_on"
    )
    found: dict[str, Any] = {day: sheet.today}
    valid = [row for row in sheet.accounts if row.is_valid_on(sheet.today)]
    if len(valid) == 1:
        found["bank_account"] = valid[0]
    line = next((line for line in sheet.instalments if chosen is not None and line.row.pk == chosen.pk), None)
    if line is None:
        return found
    funding = next((row for row in sheet.fundings if row.line == line.row.funding_line), None)
    return found | {"amount": line.proposed} | ({"funding": funding} if funding else {})


def _payment_without(sheet: FollowUp, user: User) -> tuple[str, ...]:
    """An officer says what was sent; what was paid is the accountant's to say. One line of funding needs no choice."""
    closed = () if permissions.can_record_payments(user) else ("paid_on", "reference")
    lists = _payment_lists(sheet)
    empty = {name for name, rows in lists.items() if not rows}
    if len(lists["funding"]) == 1:
        empty.add("funding")
    return (*closed, *empty)


def _change(sheet: FollowUp, row: Payment) -> dict:
    return {"change": sheet.account_change(row)}


def _send_back(sheet: FollowUp, values: dict, by: User, row: Payment) -> str:
    following.send_back(row, by=by, **values)
    return f"Versement de {show_xpf(row.amount)} renvoyé : il n’est plus à payer."


def _pay(sheet: FollowUp, values: dict, by: User, row: Any) -> str:
    if values.get("sent_on") and not values.get("paid_on"):
        now = {name: value for name, value in values.items() if name not in ("paid_on", "reference")}
        payment = steps.send_at_once(sheet.convention, by=by, **now)
    else:
        payment = following.record_payment(sheet.convention, by=by, **values)
    verb = "payé" if payment.paid_on else "transmis à l’agent comptable"
    return f"Versement de {show_xpf(payment.amount)} {verb} : c’est enregistré."


def _mark_paid(sheet: FollowUp, values: dict, by: User, row: Payment) -> str:
    following.mark_paid(row, by=by, **values)
    return f"Versement de {show_xpf(row.amount)} payé : c’est enregistré."


# -- steps ------------------------------------------------------------------------------------------------
def _lines(sheet: FollowUp) -> dict[str, list]:
    return {name: rows for name, rows in _payment_lists(sheet).items() if name != "bank_account"}


def _prepare_initial(sheet: FollowUp, user: User, chosen: InstalmentTerm | None) -> dict:
    found = _payment_initial(sheet, user, chosen)
    return {name: found[name] for name in ("amount", "funding") if name in found}


def _prepare_without(sheet: FollowUp, user: User) -> tuple[str, ...]:
    return tuple(name for name in _payment_without(sheet, user) if name in forms.PrepareForm.base_fields)


def _send_initial(sheet: FollowUp, user: User, chosen: Any) -> dict:
    found = _payment_initial(sheet, user, None) | {"sent_on": sheet.today}
    return {name: found[name] for name in ("sent_on", "bank_account") if name in found}


def _accounts(sheet: FollowUp) -> dict[str, list]:
    return {"bank_account": sheet.accounts_offered}


def _prepare(sheet: FollowUp, values: dict, by: User, row: Any) -> str:
    payment = steps.prepare(sheet.convention, by=by, **values)
    return f"Versement de {show_xpf(payment.amount)} préparé : il reste à le transmettre."


def _step(verb: Callable[..., Payment], told: str) -> Callable[..., str]:
    """Call the verb with what the form gives, then tell the sum."""

    def do(sheet: FollowUp, values: dict, by: User, row: Payment) -> str:
        verb(row, by=by, **values)
        return f"Versement de {show_xpf(row.amount)} {told}"

    return do


def _confirm(sheet: FollowUp, values: dict, by: User, row: Payment) -> str:
    steps.confirm_account(row, read=values["confirmed"], by=by)
    return f"Compte du versement de {show_xpf(row.amount)} confirmé."


def _moved(sheet: FollowUp, values: dict, by: User, row: Payment) -> str:
    steps.reverse(row, by=by, **values)
    return f"Reversement de {show_xpf(values['amount'])} enregistré."


def _noted(sheet: FollowUp, values: dict, by: User, row: Payment) -> str:
    steps.note_overpayment(row, by=by, **values)
    return f"Trop-perçu de {show_xpf(values['amount'])} constaté : il est à reverser."


PAYMENT_FACTS = (
    Fact(
        code="versement", address="versements/", anchor="versements", prefill="instalment",
        title="Enregistrer un versement", button="Enregistrer le versement", form=following_forms.PaymentForm,
        may=permissions.can_send_payments, lists=_payment_lists, initial=_payment_initial,
        without=_payment_without, do=_pay,
    ),
    Fact(
        code="paye", address="versements/<int:row>/paye/", anchor="versements", title="Enregistrer le paiement",
        button="Noter comme payé", form=following_forms.PaidForm, may=permissions.can_record_payments,
        rows=_payments, initial=lambda sheet, user, chosen: {"paid_on": sheet.today},
        do=_mark_paid, of_row=_change, takes=_to_pay,
    ),
    Fact(
        code="renvoye", address="versements/<int:row>/renvoyer/", anchor="versements", title="Renvoyer",
        button="Renvoyer ce versement", form=following_forms.SendBackForm, may=permissions.can_send_payments,
        rows=_payments, do=_send_back, takes=_in(Kind.RETURNED),
    ),
    Fact(
        code="preparer", address="versements/preparer/", anchor="versements", prefill="instalment",
        title="Préparer un versement", button="Préparer ce versement", form=forms.PrepareForm,
        may=permissions.can_send_payments, lists=_lines, initial=_prepare_initial, without=_prepare_without,
        do=_prepare,
    ),
    Fact(
        code="controle", address="versements/<int:row>/controler/", anchor="versements", title="Contrôler",
        button="Ce versement est juste", form=forms.PlainForm, may=permissions.can_send_payments, rows=_payments,
        takes=_to_control, do=_step(steps.control, "contrôlé."),
    ),
    Fact(
        code="transmis", address="versements/<int:row>/transmettre/", anchor="versements", title="Transmettre",
        button="Transmettre à l’agent comptable", form=forms.SendForm, may=permissions.can_send_payments,
        rows=_payments, takes=_in(Kind.SENT), lists=_accounts, initial=_send_initial,
        without=lambda sheet, user: () if sheet.accounts_offered else ("bank_account",),
        do=_step(steps.send, "transmis à l’agent comptable."),
    ),
    Fact(
        code="compte-confirme", address="versements/<int:row>/confirmer-le-compte/", anchor="versements",
        title="Confirmer le compte", button="Confirmer ce compte", form=forms.ConfirmAccountForm,
        may=permissions.can_send_payments, rows=_payments, takes=_to_confirm, of_row=_change, do=_confirm,
    ),
    Fact(
        code="repris", address="versements/<int:row>/reprendre/", anchor="versements", title="Reprendre",
        button="Reprendre ce versement", form=forms.PlainForm, may=permissions.can_send_payments, rows=_payments,
        takes=_in(Kind.TAKEN_UP), do=_step(steps.take_up, "repris : il reste à le transmettre."),
    ),
    Fact(
        code="annule", address="versements/<int:row>/annuler/", anchor="versements", title="Annuler",
        button="Annuler ce versement", form=forms.CancelForm, may=permissions.can_send_payments, rows=_payments,
        takes=_in(Kind.CANCELLED), do=_step(steps.cancel, "annulé."),
    ),
    Fact(
        code="rejete", address="versements/<int:row>/rejeter/", anchor="versements",
        title="Rejeté par la banque", button="Enregistrer le rejet", form=forms.RejectForm,
        may=permissions.can_record_payments, rows=_payments, takes=_in(Kind.REJECTED),
        do=_step(steps.reject, "rejeté par la banque : c’est enregistré."),
    ),
    Fact(
        code="repaye", address="versements/<int:row>/second-paiement/", anchor="versements",
        title="Second paiement", button="Enregistrer ce second paiement", form=forms.PayAgainForm,
        may=permissions.can_record_payments, rows=_payments, takes=_paid_once,
        do=_step(steps.pay_again, "payé une seconde fois : ce qui dépasse est à reverser."),
    ),
    Fact(
        code="trop-percu", address="versements/<int:row>/trop-percu/", anchor="versements", title="Trop-perçu",
        button="Constater ce trop-perçu", form=forms.OverpaymentForm, may=permissions.can_record_payments,
        rows=_payments, takes=_in(Kind.OVERPAID), do=_noted,
    ),
    Fact(
        code="reverse", address="versements/<int:row>/reverser/", anchor="versements", title="Reversé",
        button="Enregistrer le reversement", form=forms.ReverseForm, may=permissions.can_record_payments,
        rows=_payments, takes=_in(Kind.REVERSED), do=_moved,
    ),
)  # fmt: skip
