"""Put the deputy of an absent signatory of OPT-NC in his or her place, in an act that may still change."""

from django.db import transaction

from conventions.domain.acts.drafting import clauses
from conventions.domain.acts.drafting.page_content import differences, read_content
from conventions.domain.acts.drafting.saving import check_scope, lock, tell
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people import delegations
from conventions.enums import ActState
from conventions.models import Act, Representative, Signatory, User


def replace_by_deputy(act: Act, signatory_id: int, *, by: User) -> Signatory:
    """The signatory becomes the deputy of the day, with the title to print. Return it.

    Raises Locked (the act or the role does not allow it), Refused when there is nobody to put there.
    """
    with transaction.atomic():
        convention, row = lock(act)
        check_scope({"terms"}, row, by=by)
        before = read_content(convention, row)
        follows = row.state == ActState.DRAFT and row.submitted_at is None and clauses.are_as_proposed(row)
        person = _absent_signatory(row, signatory_id)
        deputy, title = _deputy_of(person, row)
        for name in ("civility", "first_name", "last_name", "email", "capacity"):
            setattr(person, name, getattr(deputy, name))
        person.representative, person.title = deputy, title
        person.save()
        if follows:
            clauses.align(row)
        convention.version += 1
        convention.save(update_fields=["version", "updated_at"])
        changes = differences(before, read_content(convention, row))
        tell("signataire_remplace", changes, by=by, convention=convention, act=row)
    return person


def _absent_signatory(act: Act, signatory_id: int) -> Signatory:
    rows = act.signatories.select_related("party__partner", "representative")
    person = rows.filter(pk=signatory_id, party__partner__is_opt=True).first()
    if person is None:
        raise Refused("Ce signataire n’est plus sur l’acte. Rechargez la page.")
    return person


def _deputy_of(person: Signatory, act: Act) -> tuple[Representative, str]:
    absence = delegations.running().get(person.representative_id or 0)
    if absence is None or absence.deputy is None:
        raise Refused(f"{person} n’est pas absent, ou personne n’est désigné pour signer. Rechargez la page.")
    if act.signatories.filter(representative=absence.deputy).exists():
        raise Refused(f"{absence.deputy} signe déjà cet acte. Retirez l’une des deux lignes.")
    return absence.deputy, absence.printed_title
