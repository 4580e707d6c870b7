"""Letters between who sends a payment and who pays it. None carries an account, nor the words of who sends it back."""

from typing import Any

from django.conf import settings

from conventions.domain.mails.act_letters import with_roles
from conventions.domain.mails.letter import Letter, Pointless
from conventions.domain.mails.space_letters import in_charge_of, note_to_staff
from conventions.enums import Role
from conventions.formats import long_date, show_xpf
from conventions.models import Payment, User


def versement_transmis(params: dict[str, Any]) -> list[Letter]:
    """To the accountants, save who sent it. Pointless once paid or sent back."""
    payment = _payment(params)
    if payment.paid_on or payment.returned_on:
        raise Pointless
    accountants = with_roles(Role.ACCOUNTANT)
    context = {
        "heading": "Un versement est à payer",
        "summary": "L’application ne paie pas : elle note ce que vous payez.",
        "paragraphs": [
            *_facts(payment),
            "Le compte sur lequel payer se lit dans le suivi de la convention, jamais dans un courriel.",
            "Notez le paiement une fois fait. Si quelque chose ne va pas, renvoyez le versement en disant pourquoi.",
        ],
        "button": "Enregistrer le paiement",
        "why": "vous êtes agent comptable dans OPT Partenariats",
    }
    subject = f"À payer : {show_xpf(payment.amount)}, {payment.convention.title}"
    return _letters(payment, params, accountants, subject, context)


def versement_renvoye(params: dict[str, Any]) -> list[Letter]:
    """To who is in charge of the file, who sent the payment and the accountants, save who sent it back."""
    payment = _payment(params)
    if payment.returned_on is None:
        raise Pointless
    people = [*in_charge_of(payment.convention), *with_roles(Role.ACCOUNTANT)]
    sender = payment.position.sent_by
    if sender is not None and sender.is_active:
        people.append(sender)
    context = {
        "heading": "Un versement est renvoyé",
        "summary": "Il n’est plus à payer.",
        "paragraphs": [
            *_facts(payment),
            f"Il est renvoyé le {long_date(payment.returned_on)} : il n’est plus à payer et ne compte plus.",
            "Le motif se lit dans le suivi de la convention. Un autre versement peut y être transmis.",
        ],
        "button": "Lire le motif",
        "why": "ce dossier est le vôtre, vous aviez transmis ce versement, ou vous êtes agent comptable",
    }
    return _letters(payment, params, people, f"Versement renvoyé : {payment.convention.title}", context)


def _payment(params: dict[str, Any]) -> Payment:
    rows = Payment.objects.with_budget_year().select_related("convention__officer", "instalment")
    row = rows.filter(pk=params["versement"]).first()
    if row is None:
        raise Pointless
    return row


def _facts(payment: Payment) -> list[str]:
    """What is paid, to whom, for what, on which budget year."""
    account, instalment, year = payment.bank_account, payment.instalment, payment.budget_year
    whom = f" à « {account.partner.name} »" if account else ""
    day = f", transmis le {long_date(payment.sent_on)}" if payment.sent_on else ""
    what = f"Versement prévu : {instalment.label}. " if instalment else ""
    told = f"Exercice {year}." if year else "Exercice non précisé."
    return [
        f"{show_xpf(payment.amount)}{whom}{day}.",
        f"Convention « {payment.convention.title} ».",
        f"{what}{told}",
    ]


def _letters(
    payment: Payment, params: dict[str, Any], people: list[User], subject: str, context: dict[str, Any]
) -> list[Letter]:
    """Who did it needs no telling; when nobody else is concerned, nothing leaves."""
    others = [user for user in people if user.pk != params["par"]]
    if people and not others:
        raise Pointless
    shown = {**context, "link": settings.SITE_URL + payment.address}
    return note_to_staff(others, subject, shown, payment.convention)
