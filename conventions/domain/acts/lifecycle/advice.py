"""What is worth knowing before going on: it warns, it never blocks. Shown under the checklist of the page."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from conventions.domain.people import delegations
from conventions.enums import (
    AWAITING_SIGNATURE_STATES,
    BEFORE_FREEZING_STATES,
    ActOrigin,
    ActState,
    PartyRole,
)
from conventions.formats import NBSP, Agreement, capitalise, date_conflict, show_xpf, tally
from conventions.models import Act, Delegation, Funding, LegalThreshold, Party, Signatory

# The rules of the list « Seuils » that a total granted in a year may pass.
THRESHOLD_CODES = ("convention-obligatoire", "depot-des-comptes")
GRANTEE_ROLES = (PartyRole.BENEFICIARY, PartyRole.ORGANISER, PartyRole.INTERMEDIARY, PartyRole.PARTY)


@dataclass(frozen=True, kw_only=True)
class Advice:
    """A sentence, the section of the page it is about; `signatory` and `deputy`: who may be put in whose place."""

    code: str
    label: str
    anchor: str = ""
    signatory: int | None = None
    deputy: str = ""


def advice_on(act: Act, *, on: datetime.date | None = None, row: Act | None = None) -> list[Advice]:
    """Absent signatories and thresholds passed, for an act not yet signed; the same few queries for any act.

    `row` is the act already loaded. Of an act of paper: where the words of its source disagree with the date held.
    """
    if act.is_reprise:
        return list(_of_source_date(act))
    if act.origin != ActOrigin.NEW or act.state not in (*BEFORE_FREEZING_STATES, *AWAITING_SIGNATURE_STATES):
        return []
    day = on or timezone.localdate()
    found = [*_of_renewal(act), *_of_absences(act, day)]
    return found + _of_thresholds(act, day, row) if act.state in BEFORE_FREEZING_STATES else found


def _of_renewal(act: Act) -> Iterator[Advice]:
    """What a renewal proposes is said to be proposed, until it is submitted."""
    if (
        act.rank == 0
        and act.convention.renews_id
        and act.state == ActState.DRAFT
        and act.submitted_at is None
    ):
        label = (
            "Titre, dates et montants sont proposés d’après la convention renouvelée : "
            "vérifiez-les, changez-les ou retirez-les."
        )
        yield Advice(code="renouvellement", label=label, anchor="soutien")


def _of_source_date(act: Act) -> Iterator[Advice]:
    if act.signed_on is None:
        return
    conflict = date_conflict(act.signed_on, act.signed_on_precision, act.signed_on_wording)
    if conflict:
        yield Advice(code="date-source", label=f"{conflict} Les deux se lisent.", anchor="signature")


def _of_absences(act: Act, day: datetime.date) -> list[Advice]:
    absences = delegations.running(on=day)
    if not absences:
        return []
    people = act.signatories.filter(party__role=PartyRole.OPT, representative__in=absences, signed_on=None)
    return [_of_absence(act, person, absences[person.representative_id or 0]) for person in people]


def _of_absence(act: Act, person: Signatory, absence: Delegation) -> Advice:
    until = f"jusqu’au {absence.ends_on:%d/%m/%Y}" if absence.ends_on else "sans date de retour"
    label = f"{person} est {Agreement.of_civility(person.civility).agree('absent')} {until}."
    code = f"absence-{person.pk}"
    if absence.deputy is None:
        label += " Personne n’est désigné pour signer à sa place : complétez la délégation de signature."
        return Advice(code=code, label=label, anchor="parties")
    instead = f"{absence.deputy}, {absence.printed_title}"
    label += f" À sa place : {instead}."
    if act.is_editable:
        return Advice(
            code=code, label=label, anchor="parties", signatory=person.pk, deputy=str(absence.deputy)
        )
    return Advice(code=code, label=f"{label} Pour changer de signataire, faites revenir l’acte au brouillon.")


def _of_thresholds(act: Act, day: datetime.date, loaded: Act | None) -> list[Advice]:
    """Per grantee and budget year: what signed acts grant today, and what this act adds or replaces."""
    own = [row for row in act.funding_set.granted() if row.budget_year]
    kept = [row for row in own if not row.removed]
    if not kept:
        return []
    thresholds = LegalThreshold.objects.in_force(THRESHOLD_CODES, on=day)
    grantees = _grantees(act, loaded)
    years = {row.budget_year for row in kept if row.budget_year}
    replaced = [row.replaces_id for row in own if row.replaces_id]
    signed = _signed_fundings(grantees, years, excluding=replaced)
    return [
        found
        for party in grantees
        for year in sorted(years)
        if (found := _of_year(party, year, [*signed[party.partner_id, year], *_of(kept, year)], thresholds))
    ]


def _grantees(act: Act, loaded: Act | None) -> list[Party]:
    if loaded is not None:
        return [party for party in loaded.convention.parties.all() if party.role in GRANTEE_ROLES]
    rows = Party.objects.filter(convention=act.convention_id, role__in=GRANTEE_ROLES)
    return list(rows.select_related("partner").order_by("position", "pk"))


def _of(rows: list[Funding], year: int) -> list[Funding]:
    return [row for row in rows if row.budget_year == year]


def _signed_fundings(
    grantees: Iterable[Party], years: Iterable[int], *, excluding: Iterable[int]
) -> dict[tuple, list[Funding]]:
    rows = Funding.objects.current().granted().filter(budget_year__in=years).exclude(pk__in=excluding)
    ids = {party.partner_id for party in grantees}
    parties = Party.objects.filter(partner__in=ids, role__in=GRANTEE_ROLES)
    by_convention = defaultdict(list)
    for convention, partner in parties.values_list("convention", "partner"):
        by_convention[convention].append(partner)
    found: dict[tuple, list[Funding]] = defaultdict(list)
    for row in rows.filter(act__convention__in=list(by_convention)).select_related("act"):
        for partner in by_convention[row.act.convention_id]:
            found[partner, row.budget_year].append(row)
    return found


def _of_year(party: Party, year: int, rows: list[Funding], thresholds: list[LegalThreshold]) -> Advice | None:
    found = tally((row.amount, row.status) for row in rows)
    total = found.total or 0
    passed = [row for row in thresholds if total > row.amount]
    if not passed and not (found.left_out and thresholds):
        return None
    name = party.partner.short_name
    told = f"Exercice {year}, {name}{NBSP}: {show_xpf(total)} accordés, cet acte compris."
    for row in passed:
        doubt = ", à confirmer par le juridique" if row.to_confirm else ""
        told += f" Au-dessus du seuil de {show_xpf(row.amount)} ({row.label.lower()}{doubt})."
    if found.left_out:
        told += f" {capitalise(found.note)}."
    return Advice(code=f"seuil-{party.pk}-{year}", label=told, anchor="soutien")
