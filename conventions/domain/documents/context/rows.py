"""One row, as an act prints it: a person, a date, a duration, a délibération, a ceremony, a source, an address."""

import datetime

from conventions.domain.documents.context import (
    AttendeeContext,
    BoardDecisionContext,
    CeremonyContext,
    PartialDate,
    SignatoryContext,
    SourceContext,
    TermContext,
)
from conventions.enums import ActKind
from conventions.formats import Agreement, legal_text
from conventions.models import Act, Attendee, BoardDecision, Ceremony, Partner, Signatory, Source


def partial(value: datetime.date | None, precision: str = "jour", wording: str = "") -> PartialDate | None:
    """A PartialDate, or None when there is no date."""
    return PartialDate(value=value, precision=precision, wording=wording) if value else None


def signatory_context(person: Signatory) -> SignatoryContext:
    return SignatoryContext(
        first_name=person.first_name,
        last_name=person.last_name,
        title=person.title,
        civility=person.civility,
        order=person.order,
        capacity=empowered(person),
    )


def empowered(person: Signatory) -> str:
    """« dûment habilitée par la délibération du bureau du 3 mars 2026 »; empty when nothing was said."""
    if not person.capacity:
        return ""
    agreement = Agreement.of_civility(person.civility)
    return f"dûment {agreement.agree('habilité')} par {legal_text(person.capacity)}"


def attendee_context(person: Attendee) -> AttendeeContext:
    return AttendeeContext(
        first_name=person.first_name, last_name=person.last_name, title=person.title, civility=person.civility
    )


def term_context(act: Act) -> TermContext:
    """The act's own duration; a termination has an end only: its date of effect."""
    if act.kind == ActKind.TERMINATION:
        return TermContext(end=partial(act.effective_on))
    return TermContext(
        kind=act.term_kind or "inconnue",
        start=partial(act.starts_on, act.starts_on_precision),
        end=partial(act.ends_on, act.ends_on_precision),
        wording=act.term_wording,
    )


def decision_context(decision: BoardDecision | None) -> BoardDecisionContext | None:
    if decision is None:
        return None
    return BoardDecisionContext(
        number=decision.number, decided_on=partial(decision.decided_on), body=decision.body
    )


def ceremony_context(ceremony: Ceremony | None) -> CeremonyContext | None:
    if ceremony is None:
        return None
    return CeremonyContext(name=ceremony.title, held_on=partial(ceremony.held_on), place=ceremony.place)


def source_context(source: Source) -> SourceContext:
    return SourceContext(
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        published_on=partial(source.published_on, source.published_on_precision),
    )


def identifiers(partner: Partner) -> tuple[str, ...]:
    """Only those we know, each with its name."""
    lines = [
        f"RIDET {partner.ridet_normalised or partner.ridet}" if partner.ridet else "",
        f"RNA {partner.rna}" if partner.rna else "",
        f"SIRET {partner.siret}" if partner.siret else "",
        f"récépissé n° {partner.receipt_number}" if partner.receipt_number else "",
    ]
    return tuple(line for line in lines if line)


def address(partner: Partner) -> tuple[str, ...]:
    """Line by line, as on an envelope."""
    town = " ".join(
        part for part in (partner.postal_code, partner.commune.name if partner.commune else "") if part
    )
    lines = [*partner.address.splitlines(), town, partner.country]
    return tuple(line.strip() for line in lines if line.strip())
