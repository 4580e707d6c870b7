"""Who may send something from the space: a person in office for the partner, whose mandate is not read-only."""

from django.core.exceptions import PermissionDenied

from conventions import permissions
from conventions.domain.space.access import File, Reader
from conventions.models import Partner, Representative

NOT_IN_OFFICE = "Seule une personne en fonction dans l’association peut faire cela."


def mandate_for(user: Reader, partner: Partner) -> Representative | None:
    """The mandate by which someone speaks for a partner today; one that may send before one that only reads."""
    if not user.is_authenticated:
        return None
    return (
        Representative.objects.with_access(user).filter(partner=partner).order_by("reads_only", "pk").first()
    )


def require(user: Reader, partner: Partner) -> Representative:
    """The mandate by which this person acts. Raises PermissionDenied."""
    mandate = mandate_for(user, partner)
    if mandate is None or not permissions.can_act_for_partner(user, mandate):
        raise PermissionDenied(NOT_IN_OFFICE)
    return mandate


def partner_for(user: Reader, file: File) -> Partner | None:
    """The party of a convention for which this person may send something; None for a reader or a former one."""
    if not file.in_office:
        return None
    mandates = Representative.objects.with_access(user).filter(reads_only=False)
    party = (
        file.convention.parties.filter(partner__in=mandates.values("partner"))
        .select_related("partner")
        .order_by("position", "pk")
        .first()
    )
    return party.partner if party else None
