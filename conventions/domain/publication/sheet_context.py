"""Live rows to `PublicSheetContext`: the last read, in a constant number of queries.

What the public may not read has no way through: amounts pass `_public_amount`, names of people come without
their address, partners without theirs, and the context has no field for the rest.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from conventions.domain.documents.context import (
    AttendeeContext,
    BoardDecisionContext,
    CeremonyContext,
    PartialDate,
    PressContactContext,
    PublicActContext,
    PublicFundingContext,
    PublicPartyContext,
    PublicSheetContext,
    PublicSupportContext,
    SectionContext,
    SignatoryContext,
    SourceContext,
    TermContext,
)
from conventions.domain.documents.context.rows import term_context
from conventions.domain.documents.durations import term_of
from conventions.domain.publication.errors import PublicationError
from conventions.domain.publication.wording import quantity_phrase
from conventions.enums import (
    ActKind,
    AmountStatus,
    FundingFigure,
    PartnerNature,
    TermKind,
    Transfer,
)
from conventions.formats import (
    Moment,
    bare_label,
    is_line,
    join_list,
    join_phrases,
    measured,
    search_key,
    show_xpf,
    successive,
)
from conventions.models import (
    Act,
    Attendee,
    Convention,
    EquipmentTerm,
    Funding,
    InKind,
    Partner,
    Party,
    PressContact,
    Signatory,
)

NOT_SIGNED = (
    "Cette convention n’est pas signée : elle ne peut pas encore être publiée. "
    "Attendez la signature, ou enregistrez la reprise si elle a été signée avant l’application."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The live rows of one convention, read once."""

    convention: Convention
    acts: list[Act]
    parties: list[Party]
    fundings: list[Funding]
    in_kind: list[InKind]
    equipment: list[EquipmentTerm]


def sheet_context(convention: Convention, *, on: datetime.date | None = None) -> PublicSheetContext:
    """The published facts of a convention, from its signed acts and the terms in force.

    `on` is the date of publication printed on the sheet. Raises PublicationError when no act is signed.
    """
    acts = _acts(convention, signed=True)
    if not acts or acts[0].kind != ActKind.INITIAL:
        raise PublicationError(NOT_SIGNED, "not_signed")
    terms = {model: list(_current(model, convention)) for model in (Funding, InKind, EquipmentTerm)}
    return _context(_rows(convention, acts, terms), on=on)


def announced_context(convention: Convention) -> PublicSheetContext:
    """The same facts for a press release prepared before the signature: from the initial act as it stands."""
    acts = _acts(convention, signed=True) or _acts(convention, signed=False)[:1]
    if not acts:
        raise PublicationError("Cette convention n’a pas d’acte. Ouvrez-la pour la compléter.", "no_act")
    if acts[0].state == "signe":
        return sheet_context(convention)
    terms = {
        model: list(model.objects.filter(act=acts[0], removed=False))
        for model in (Funding, InKind, EquipmentTerm)
    }
    return _context(_rows(convention, acts, terms), on=None)


def _acts(convention: Convention, *, signed: bool) -> list[Act]:
    found = Act.objects.filter(convention=convention)
    return list(
        (found.signed() if signed else found)
        .order_by("rank")
        .select_related("board_decision", "ceremony")
        .prefetch_related(
            Prefetch("signatories", Signatory.objects.order_by("order", "pk")),
            Prefetch("attendees", Attendee.objects.order_by("position", "pk")),
        )
    )


def _current(model: Any, convention: Convention) -> Any:
    return model.objects.current().filter(act__convention=convention).order_by("act__rank", "position", "pk")


def _rows(convention: Convention, acts: list[Act], terms: dict[Any, list[Any]]) -> _Rows:
    fresh = (
        Convention.objects.select_related("kind", "project__area", "plan", "press_contact")
        .prefetch_related("areas", "themes", "values", "sources", "final_beneficiaries", "project__cofunders")
        .get(pk=convention.pk)
    )
    parties = Party.objects.standing().filter(convention=fresh).select_related("partner__commune")
    return _Rows(
        convention=fresh,
        acts=acts,
        parties=sorted(parties, key=lambda party: (not party.partner.is_opt, party.position, party.pk)),
        fundings=terms[Funding],
        in_kind=terms[InKind],
        equipment=terms[EquipmentTerm],
    )


def _context(rows: _Rows, *, on: datetime.date | None) -> PublicSheetContext:
    convention, initial = rows.convention, rows.acts[0]
    project = convention.project
    return PublicSheetContext(
        title=convention.title,
        slug=convention.slug,
        kind_label=convention.kind.agreement_title or convention.kind.name,
        kind_wording=convention.source_kind_wording,
        edition=convention.edition,
        reference=initial.reference or None,
        origin=initial.origin,
        summary=convention.public_summary,
        object=convention.purpose,
        project=project.name if project else "",
        project_place=project.place if project else "",
        area=join_list(area.name for area in convention.areas.all()),
        parties=tuple(_party(party, initial) for party in rows.parties),
        beneficiaries=tuple(partner.name for partner in convention.final_beneficiaries.all()),
        cofunders=tuple(partner.name for partner in project.cofunders.all()) if project else (),
        sections=_sections(convention),
        fundings=tuple(_funding(line) for line in rows.fundings if is_line(line.status)),
        supports=(*_equipment(rows.equipment), *(_in_kind(line) for line in rows.in_kind)),
        term=_term(rows.acts),
        periods=_periods(rows.acts),
        signed_on=_signed_on(initial),
        signed_wording=initial.signed_on_wording,
        place=initial.place,
        ceremony=_ceremony(initial),
        ceremony_id=initial.ceremony_id,
        attendees=tuple(_attendee(person) for person in initial.attendees.all()),
        board_decision=_board_decision(initial),
        values=tuple(value.name for value in convention.values.all()),
        themes=tuple(theme.name for theme in convention.themes.all()),
        plan=convention.plan.name if convention.plan else "",
        sources=tuple(_source(source) for source in convention.sources.all() if source.publishable),
        press_contacts=(press_contact(convention.press_contact),) if convention.press_contact else (),
        acts=tuple(_act(act) for act in rows.acts),
        is_demo=convention.is_demo,
        published_on=on,
        closed_on=convention.closed_on,
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a typed text: one per blank line, lines inside joined."""
    chunks = text.replace("\r\n", "\n").split("\n\n")
    return tuple(" ".join(chunk.split()) for chunk in chunks if chunk.strip())


def _sections(convention: Convention) -> tuple[SectionContext, ...]:
    description = convention.project.description if convention.project else ""
    found = (("Le projet", description), ("Pourquoi ce soutien", convention.public_story))
    return tuple(
        SectionContext(heading=heading, paragraphs=paragraphs(text))
        for heading, text in found
        if text.strip()
    )


def _party(party: Party, act: Act) -> PublicPartyContext:
    partner = party.partner
    people = [person for person in act.signatories.all() if person.party_id == party.pk]
    return PublicPartyContext(
        name=partner.name,
        acronym=partner.acronym,
        slug=partner.slug,
        role=party.role,
        role_label=party.get_role_display(),
        nature=partner.nature,
        nature_label=public_nature(partner),
        gender=partner.gender,
        commune=partner.commune.name if partner.commune else partner.country,
        presentation=partner.presentation,
        signatories=tuple(
            SignatoryContext(
                first_name=person.first_name,
                last_name=person.last_name,
                title=person.title,
                civility=person.civility,
                order=person.order,
            )
            for person in people
        ),
    )


def public_nature(partner: Partner) -> str:
    """The nature as the public reads it: « autre » says nothing to a reader."""
    return "organisme" if partner.nature == PartnerNature.OTHER else str(partner.get_nature_display())


def _attendee(person: Attendee) -> AttendeeContext:
    return AttendeeContext(
        first_name=person.first_name,
        last_name=person.last_name,
        title=person.title,
        civility=person.civility,
    )


def _public_amount(status: str, amount: int | None, publishable: bool) -> int | None:
    """The one gate of amounts: publishable, and known, capped or won."""
    shown = (AmountStatus.KNOWN, AmountStatus.CAPPED, AmountStatus.OUTCOME)
    return amount if publishable and status in shown else None


def _funding(line: Funding) -> PublicFundingContext:
    # A typed label may tell the figure: it stays behind with an amount that may not be published.
    label = line.label if line.publishable else ""
    if line.figure != FundingFigure.GRANTED and not label:
        display = str(line.get_figure_display())
        label = display[:1].upper() + display[1:]
    return PublicFundingContext(
        amount=_public_amount(line.status, line.amount, line.publishable),
        budget_year=line.budget_year,
        label=bare_label(label),
        capped=line.status == AmountStatus.CAPPED and line.publishable,
        outcome=line.status == AmountStatus.OUTCOME and line.publishable,
        to_be_set=line.status == AmountStatus.TO_BE_SET and line.publishable,
        figure=line.figure,
    )


def _equipment(lines: Iterable[EquipmentTerm]) -> list[PublicSupportContext]:
    """The annex told in a few words: lines of one nature are added, loans apart; serial numbers are left out."""
    groups: dict[tuple[str, str], list[EquipmentTerm]] = {}
    for line in lines:
        groups.setdefault((search_key(line.nature), line.transfer), []).append(line)
    supports = []
    for group in groups.values():
        quantities = [line.quantity for line in group]
        total = None if None in quantities else sum(quantity for quantity in quantities if quantity)
        lent = " (prêt)" if group[0].transfer == Transfer.LENT else ""
        label = f"{quantity_phrase(total, bare_label(group[0].nature))}{lent}"
        given = group[0].transfer == Transfer.GIVEN
        supports.append(PublicSupportContext(label=label, quantity=total, equipment=given))
    return supports


def _in_kind(line: InKind) -> PublicSupportContext:
    quantity = ""
    if line.quantity and line.unit:
        quantity = measured(line.quantity, line.unit)
    elif line.quantity and line.quantity > 1:
        quantity = f"quantité : {line.quantity}"
    value = _public_amount(line.status, line.amount, line.publishable)
    details = [
        quantity,
        line.conditions if line.publishable else "",
        f"valeur estimée {show_xpf(value)}" if value is not None else "",
    ]
    label, stated = bare_label(line.description), join_phrases(*details)
    return PublicSupportContext(
        label=f"{label} ({stated})" if stated else label,
        quantity=line.quantity,
        kind=line.kind.slug,
    )


def partial_date(value: datetime.date | None, precision: str) -> PartialDate | None:
    return PartialDate(value=value, precision=precision) if value else None


def _signed_on(act: Act) -> PartialDate | None:
    return partial_date(act.signed_on, act.signed_on_precision)


def _term(acts: list[Act]) -> TermContext:
    """From the first act that gives a term to the last: an amendment may extend it."""
    terms = [act for act in acts if act.term_kind and act.kind != ActKind.TERMINATION]
    if not terms:
        return TermContext()
    first, last = terms[0], terms[-1]
    unknown = last.term_kind == TermKind.UNKNOWN
    return TermContext(
        kind=last.term_kind,
        start=partial_date(first.starts_on, first.starts_on_precision),
        end=None if unknown else partial_date(last.ends_on, last.ends_on_precision),
        wording=last.term_wording,
    )


def _periods(acts: list[Act]) -> tuple[TermContext, ...]:
    """Each period where an amendment goes on after an interruption; empty where one term says it."""
    terms = (term_context(act) for act in acts if act.term_kind and act.kind != ActKind.TERMINATION)
    found = successive(term_of(term) for term in terms)
    periods = (
        TermContext(kind=one.kind, start=_partial(one.start), end=_partial(one.end), wording=one.wording)
        for one in found
    )
    return tuple(periods) if len(found) > 1 else ()


def _partial(when: Moment | None) -> PartialDate | None:
    return partial_date(when.date, when.precision) if when else None


def _ceremony(act: Act) -> CeremonyContext | None:
    if act.ceremony is None:
        return None
    held_on = partial_date(act.ceremony.held_on, "jour")
    return CeremonyContext(name=act.ceremony.title, held_on=held_on, place=act.ceremony.place)


def _board_decision(act: Act) -> BoardDecisionContext | None:
    decision = act.board_decision
    if decision is None:
        return None
    decided_on = partial_date(decision.decided_on, "jour")
    return BoardDecisionContext(number=decision.number, decided_on=decided_on, body=decision.body)


def _source(source: Any) -> SourceContext:
    return SourceContext(
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        published_on=partial_date(source.published_on, source.published_on_precision),
        fact=source.fact,
        wording=source.wording,
    )


def press_contact(contact: PressContact) -> PressContactContext:
    """Who journalists call, with each telephone number apart."""
    return PressContactContext(
        name=f"{contact.first_name} {contact.last_name}".strip(),
        title=contact.title,
        phones=tuple(phone.strip() for phone in contact.phones.split("/") if phone.strip()),
        email=contact.email,
    )


def _act(act: Act) -> PublicActContext:
    label = str(act.get_kind_display())
    if act.kind == ActKind.INITIAL:
        label = "Signature de la convention"
    elif act.kind == ActKind.AMENDMENT:
        label = f"Avenant n° {act.rank}"
    extended = act.kind == ActKind.AMENDMENT and act.ends_on
    return PublicActContext(
        kind=act.kind,
        label=label[:1].upper() + label[1:],
        signed_on=_signed_on(act),
        signed_wording=act.signed_on_wording,
        note="La durée de la convention est modifiée." if extended else "",
        effective_on=act.effective_on if act.kind == ActKind.TERMINATION else None,
    )


def mentions(convention: Convention) -> list[tuple[Party, int]]:
    """Parties and their rank on the sheet, for the rows that partner pages read."""
    parties = Party.objects.standing().filter(convention=convention).select_related("partner__commune")
    ordered = sorted(parties, key=lambda party: (not party.partner.is_opt, party.position, party.pk))
    return [(party, rank) for rank, party in enumerate(ordered)]
