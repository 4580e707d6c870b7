"""Formal letters: prepared from the text that lawyers put in force, kept byte for byte, sent once.

Order of a preparation: right, text in force, what it needs, render outside the transaction, lock, number compared,
store. Days are plain dates in Nouméa.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts import announced
from conventions.domain.acts.announced import LetterRefused
from conventions.domain.acts.content import assembling
from conventions.domain.acts.templates.letters import filled
from conventions.domain.documents import sealing, storage
from conventions.domain.documents.context import LetterContext, PartyContext, SignatoryContext
from conventions.domain.documents.rendering import RenderedPdf, render_letter
from conventions.domain.foundation import outbox
from conventions.domain.journal import clock
from conventions.enums import ActState, DocumentKind, LetterKind, LetterRoute, PartyRole
from conventions.formats import act_words, counted, join_list, long_date, show_code, show_xpf
from conventions.models import (
    Act,
    EquipmentItem,
    FormalLetter,
    Handover,
    LetterTemplate,
    Party,
    Payment,
    Representative,
    User,
)

MAIL = "courrier_officiel"
DOTS = "……………………………………"
LEGAL_BASIS = f"{DOTS} (code des impôts : article Lp. 37-2, ou Lp. 37-3 pour le mécénat économique)"
CHANGED = "Un autre courrier vient d’être préparé pour cet acte. Recommencez."
NOT_AWAITED = "La réception de ce courrier est déjà notée, ou il n’est pas encore parti. Rechargez la page."
ALREADY = "Ce courrier est déjà remis : il ne part pas deux fois. Préparez-en un autre s’il le faut."


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a letter is asked to be. `signer` signs for OPT-NC; `reason` is that of a notice.

    `days`: what a formal notice gives; `effective_on` (plain date): the end that a notice of general interest tells.
    """

    kind: LetterKind
    party: Party
    signer: Representative | None = None
    place: str = ""
    message: str = ""
    reason: str = ""
    days: int = announced.DELAY
    effective_on: datetime.date | None = None


def signers() -> list[Representative]:
    """Who may sign for OPT-NC today: its representatives in office."""
    rows = Representative.objects.in_office().filter(partner__is_opt=True)
    return list(rows.order_by("-usual_signatory", "last_name", "pk"))


def others(act: Act) -> list[Party]:
    """The parties that a letter may be for: all but OPT-NC."""
    rows = act.convention.parties.standing().exclude(role=PartyRole.OPT).select_related("partner")
    return list(rows.order_by("position", "pk"))


def letters_of(act: Act) -> QuerySet[FormalLetter]:
    """The letters made about an act, the last one first."""
    rows = FormalLetter.objects.filter(act=act).select_related("party__partner", "document", "template")
    return rows.order_by("-pk")


def letters_for(user: User, acts: Iterable[Act]) -> QuerySet[FormalLetter]:
    """Those that reached the party for which this person speaks today; nothing of the other parties'."""
    mandates = Representative.objects.with_access(user)
    rows = FormalLetter.objects.filter(
        act__in=list(acts), sent_on__isnull=False, party__partner__in=mandates.values("partner")
    )
    return rows.select_related("document", "act").order_by("-sent_on", "-pk")


def preview(act: Act, order: Order, *, by: User) -> RenderedPdf:
    """The letter as it would be, marked as a draft; nothing is kept. Raises LetterRefused, LetterIncomplete."""
    permissions.require(permissions.can_write_letters, by)
    return render_letter(replace(_context(act, order, _text(order.kind), code=""), is_draft=True))


def prepare(act: Act, order: Order, *, by: User) -> FormalLetter:
    """Make a letter and keep it, with its number and its code. Raises LetterRefused, LetterIncomplete."""
    permissions.require(permissions.can_write_letters, by)
    return _make(act, order, by=by)


def prepare_receipt(act: Act, party: Party, *, by: User, mandate: Representative | None) -> FormalLetter:
    """The model of a receipt, asked for from the space by the association that will issue it; one a day is enough.

    Raises PermissionDenied, LetterRefused.
    """
    permissions.require(permissions.can_act_for_partner, by, mandate)
    made = FormalLetter.objects.filter(
        act=act, party=party, kind=LetterKind.RECEIPT, route=LetterRoute.SPACE, sent_on=timezone.localdate()
    )
    if found := made.order_by("-pk").first():
        return found
    return _make(act, Order(kind=LetterKind.RECEIPT, party=party), by=by, route=LetterRoute.SPACE)


def _make(act: Act, order: Order, *, by: User, route: str = "") -> FormalLetter:
    clock.require()
    template, code = _text(order.kind), storage.new_code()
    context = _context(act, order, template, code=code)
    pdf = render_letter(context)
    with transaction.atomic():
        locked = Act.objects.select_for_update(of=("self",)).select_related("convention").get(pk=act.pk)
        if _number(locked) != context.number:
            raise LetterRefused(CHANGED)
        title = f"{order.kind.label.capitalize()} n° {context.number} – {order.party.partner.name}"
        document = storage.store(
            pdf, kind=DocumentKind.LETTER, title=title, by=by, act=locked, context=context, code=code
        )
        letter = FormalLetter.objects.create(
            act=locked,
            party=order.party,
            kind=order.kind,
            number=context.number,
            template=template,
            document=document,
            route=route,
            sent_on=timezone.localdate() if route else None,
            received_on=timezone.localdate() if route else None,
        )
        _tell("courrier_prepare", letter, by=by)
    return letter


def _tell(event: str, letter: FormalLetter, *, by: User, **more: object) -> None:
    journal.record(
        event,
        by=by,
        convention=letter.act.convention,
        details={"acte": letter.act_id, "courrier": letter.number, "partie": letter.party_id, **more},
    )


def _text(kind: LetterKind) -> LetterTemplate:
    found = LetterTemplate.objects.in_force().filter(code=kind).first()
    if found is None:
        raise LetterRefused(
            f"Aucun texte n’est en vigueur pour « {kind.label} ». Un·e juriste le relit puis le met en vigueur, dans "
            "« Modèles de courriers »."
        )
    return found


def _number(act: Act) -> str:
    """« 2026-014-C2 »: the second letter about this act."""
    stem = act.reference or f"dossier-{act.convention_id}"
    return f"{stem}-C{FormalLetter.objects.filter(act=act).count() + 1}"


def _context(act: Act, order: Order, template: LetterTemplate, *, code: str) -> LetterContext:
    """What the letter prints. Raises LetterRefused before the act is signed, LetterIncomplete."""
    if act.state != ActState.SIGNED:
        words = act_words(act.kind)
        raise LetterRefused(
            f"{words.the.capitalize()} n’est pas {words.agree('signé')} : attendez sa signature pour écrire."
        )
    announced.check(act.convention, order.kind, order.effective_on, timezone.localdate())
    agreement = assembling.agreement_context(act, is_draft=False)
    ours = next(party for party in agreement.parties if party.role == PartyRole.OPT)
    theirs = _party(agreement.parties, order.party)
    values = _values(act, order, theirs)
    sender, addressee = replace(ours, signatories=_signing(order.signer)), theirs
    if order.kind == LetterKind.RECEIPT:
        sender, addressee = theirs, sender
    return LetterContext(
        kind=order.kind.value,
        title=filled(template.heading, values),
        number=_number(act),
        agreement_reference=act.reference,
        agreement_title=act.convention.title,
        sender=sender,
        addressee=addressee,
        body=filled(template.body, values),
        place=(order.place.strip() or act.place) if order.kind != LetterKind.RECEIPT else "",
        written_on=timezone.localdate() if order.kind != LetterKind.RECEIPT else None,
        code=code,
        address=sealing.verification_address(code) if code else "",
    )


def _party(parties: tuple[PartyContext, ...], row: Party) -> PartyContext:
    """The same party with who represents it today, whom the letter is for. Raises LetterRefused."""
    found = next((one for one in parties if one.name == row.partner.name and one.role == row.role), None)
    if found is None:
        raise LetterRefused("Cette partie n’est pas de cet acte. Choisissez dans la liste.")
    people = row.partner.representatives.in_office().order_by("-usual_signatory", "pk")
    first = people.first()
    return replace(found, signatories=_signing(first)) if first else found


def _signing(person: Representative | None) -> tuple[SignatoryContext, ...]:
    if person is None:
        return ()
    return (
        SignatoryContext(
            first_name=person.first_name,
            last_name=person.last_name,
            title=person.title,
            civility=person.civility,
        ),
    )


def _values(act: Act, order: Order, party: PartyContext) -> dict[str, str]:
    """The fields of the text. What nobody knows is empty, or dots to fill in by hand on a receipt."""
    words = act_words(act.kind)
    number = f" n° {act.reference}" if act.reference else ""
    code = storage.verification_codes([act]).get(act.pk, "")
    signed = words.agree("signé")
    single = len(others(act)) == 1  # with several, nobody knows here who received what
    return {
        "acte": f"{words.the}{number}",
        "acte_de": f"{words.of}{number}",
        "acte_majuscule": f"{words.the[:1].upper()}{words.the[1:]}{number}",
        "titre": act.convention.title,
        "signature": f"{signed} le {long_date(act.signed_on)}" if act.signed_on else signed,
        "partie": party.short_name,
        "partie_nom": party.name,
        "code_acte": show_code(code) if code else "",
        "adresse_acte": sealing.verification_address(code) if code else "",
        "message": order.message.strip(),
        "motif": order.reason.strip(),
        "delai": announced.delay(order.kind, order.days),
        "date_effet": long_date(order.effective_on) if order.effective_on else "",
        "argent_recu": (_paid(act) if single else "") or DOTS,
        "nature_recue": (_handed(act) if single else "") or DOTS,
        "base_legale": act.convention.kind.legal_basis.strip() or LEGAL_BASIS,
        "a_completer": DOTS,
    }


def _paid(act: Act) -> str:
    """« 1 500 000 F CFP, versés le 1er mars 2026 et le 2 avril 2026 »; empty when nothing is recorded as paid."""
    rows = list(
        Payment.objects.standing()
        .paid()
        .filter(convention=act.convention)
        .order_by("position__paid_on", "pk")
    )
    if not rows:
        return ""
    days = dict.fromkeys(f"le {long_date(row.paid_on)}" for row in rows if row.paid_on)
    return f"{show_xpf(sum(row.position.net for row in rows))}, versés {join_list(list(days))}"


def _handed(act: Act) -> str:
    """« 10 appareils, remis le 6 mai 2026 »; empty when no remise is recorded."""
    rows = Handover.objects.filter(act__convention=act.convention)
    count = (
        EquipmentItem.objects.open().filter(handovers__in=rows, equipment__transfer="don").distinct().count()
    )
    given = rows.filter(items__equipment__transfer="don").distinct().order_by("handed_on", "pk")
    days = dict.fromkeys(f"le {long_date(row.handed_on)}" for row in given)
    return f"{counted(count, 'appareil')}, remis {join_list(list(days))}" if count else ""


def readers_of(letter: FormalLetter) -> list[Representative]:
    """Who reads the mail for the party today, with an address."""
    rows = letter.party.partner.representatives.in_office().filter(reads_only=False).select_related("user")
    return [person for person in rows.order_by("-usual_signatory", "pk") if address_of(person)]


def address_of(person: Representative) -> str:
    """The address of the account first, since the space opens with it."""
    return (person.user.email if person.user else "") or person.email


def send(letter: FormalLetter, *, by: User) -> FormalLetter:
    """Send it by mail to who represents the party today; the day it is received is noted apart, when it is known.

    Raises LetterRefused: sent already, nobody to write to; clock.ClockHeld: delays begin that day.
    """
    permissions.require(permissions.can_write_letters, by)
    clock.require()
    if not readers_of(letter):
        raise LetterRefused(
            "Personne en fonction chez ce partenaire n’a d’adresse de courriel. Ajoutez-la à sa fiche, ou remettez "
            "le courrier sur papier."
        )
    with transaction.atomic():
        locked = _leave(letter, LetterRoute.MAIL, timezone.localdate(), by=by)
        outbox.queue(MAIL, params={"courrier": locked.pk}, convention=locked.act.convention)
    return locked


def note_handed(letter: FormalLetter, on: datetime.date, *, by: User) -> FormalLetter:
    """Note that it was handed over, or received, on paper that day; the termination it announces takes that day.

    Raises LetterRefused.
    """
    permissions.require(permissions.can_write_letters, by)
    if on > timezone.localdate() or on < timezone.localdate(letter.document.created_at):
        raise LetterRefused("Cette date est dans le futur, ou avant le courrier. Corrigez-la.")
    with transaction.atomic():
        return _leave(letter, LetterRoute.PAPER, on, by=by)


def note_received(letter: FormalLetter, on: datetime.date, *, by: User) -> FormalLetter:
    """Note the day (plain date) a mail was received, as its reader said; the termination it announces takes that day.

    Raises LetterRefused.
    """
    permissions.require(permissions.can_write_letters, by)
    with transaction.atomic():
        locked = _locked(letter)
        if locked.sent_on is None or locked.received_on is not None:
            raise LetterRefused(NOT_AWAITED)
        if on > timezone.localdate() or on < locked.sent_on:
            raise LetterRefused("Cette date est dans le futur, ou avant l’envoi du courrier. Corrigez-la.")
        locked.received_on = on
        locked.save(update_fields=["received_on"])
        _tell("courrier_recu", locked, by=by, le=on)
        announced.tell_termination(locked, by=by)
    return locked


def _leave(letter: FormalLetter, route: LetterRoute, on: datetime.date, *, by: User) -> FormalLetter:
    locked = _locked(letter)
    if locked.sent_on is not None:
        raise LetterRefused(ALREADY)
    locked.route, locked.sent_on = route, on
    if route == LetterRoute.PAPER:
        locked.received_on = on
    locked.save(update_fields=["route", "sent_on", "received_on"])
    _tell("courrier_remis", locked, by=by, par=str(route), le=on)
    announced.tell_termination(locked, by=by)
    return locked


def _locked(letter: FormalLetter) -> FormalLetter:
    rows = FormalLetter.objects.select_for_update(of=("self",))
    return rows.select_related("act__convention", "party__partner").get(pk=letter.pk)
