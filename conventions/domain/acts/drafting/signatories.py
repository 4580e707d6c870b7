"""Who signs: proposed from the mandates of the day, then linked to them."""

import datetime

from conventions.domain.people import delegations
from conventions.formats import search_key
from conventions.models import Act, Party, Representative, Signatory


def usual_signatories(party: Party, *, on: datetime.date | None = None) -> list[Representative]:
    """Usual signatories in office on a date; failing any, the first representative of a partner."""
    in_office = list(party.partner.representatives.in_office(on=on))
    usual = [person for person in in_office if person.usual_signatory]
    return usual or ([] if party.partner.is_opt else in_office[:1])


def propose_signatories(
    act: Act, parties: list[Party], *, on: datetime.date | None = None
) -> list[Signatory]:
    """Signatories of a new act with the titles of their mandates; OPT-NC first, in the order of the parties.

    Who is absent that day is replaced by the deputy, with the title to print.
    """
    absences = delegations.running(on=on)
    usual = [(party, person) for party in parties for person in usual_signatories(party, on=on)]
    people = list(
        dict.fromkeys((party, *delegations.signing_on(person, absences)) for party, person in usual)
    )
    return Signatory.objects.bulk_create(
        Signatory(
            act=act,
            party=party,
            representative=person,
            order=rank,
            civility=person.civility,
            first_name=person.first_name,
            last_name=person.last_name,
            title=title,
            capacity=person.capacity,
            email=person.email,
        )
        for rank, (party, person, title) in enumerate(people, start=1)
    )


def link_representatives(signatories: list[Signatory]) -> None:
    """Point each signatory at the representative of that name, so that mandates can be checked and signing allowed.

    In office first; somebody else of the same partner never.
    """
    partners = {person.party.partner_id for person in signatories}
    known: dict[tuple, Representative] = {}
    everyone = Representative.objects.filter(partner__in=partners)
    for found in (everyone, everyone.in_office()):
        known |= {(row.partner_id, _key(row)): row for row in found}
    for person in signatories:
        named = person.first_name and person.last_name
        person.representative = known.get((person.party.partner_id, _key(person))) if named else None


def _key(person: Representative | Signatory) -> str:
    return search_key(f"{person.first_name} {person.last_name}")
