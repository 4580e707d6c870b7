"""An act with its lines, in a fixed number of queries: for a document, for the checklist, locked or not."""

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from conventions.enums import GrammaticalGender, PartnerNature
from conventions.models import (
    Act,
    Clause,
    EquipmentTerm,
    Funding,
    InKind,
    InstalmentTerm,
    Obligation,
    Party,
    Signatory,
)

# What an act calls a partner after its first mention.
DEFAULT_DESIGNATIONS = {
    PartnerNature.ASSOCIATION: ("l’Association", GrammaticalGender.FEMININE),
    PartnerNature.FOUNDATION: ("la Fondation", GrammaticalGender.FEMININE),
    PartnerNature.LOCAL_AUTHORITY: ("la Collectivité", GrammaticalGender.FEMININE),
    PartnerNature.STATE: ("l’État", GrammaticalGender.MASCULINE),
    PartnerNature.PUBLIC_BODY: ("l’Établissement", GrammaticalGender.MASCULINE),
    PartnerNature.COMPANY: ("la Société", GrammaticalGender.FEMININE),
    PartnerNature.OTHER: ("le Partenaire", GrammaticalGender.MASCULINE),
}

JOINED = (
    "convention__kind",
    "convention__project",
    "convention__plan",
    "board_decision",
    "ceremony",
    "agreement_template",
    "frozen_document",
)

LINES: dict[str, Any] = {
    "funding_set": Funding.objects.select_related("replaces"),
    "instalmentterm_set": InstalmentTerm.objects.select_related("replaces"),
    "inkind_set": InKind.objects.select_related("replaces"),
    "equipmentterm_set": EquipmentTerm.objects.select_related("replaces"),
    "obligation_set": Obligation.objects.select_related("party__partner", "replaces__party__partner"),
    "clause_set": Clause.objects.select_related("template", "replaces"),
}


def loaded(act: Act) -> Act:
    """The act with everything a document prints, in a fixed number of queries."""
    row = Act.objects.select_related(*JOINED).get(pk=act.pk)
    load(row)
    return row


def initial_of(row: Act) -> Act:
    """The first act of a `loaded` act's convention, with its lines; the convention is not read again."""
    own = [name for name in JOINED if not name.startswith("convention")]
    first = Act.objects.select_related(*own).get(convention=row.convention_id, rank=0)
    first.convention = row.convention
    load(first, printed=False)
    return first


def locked(act: Act) -> Act:
    """The act and its convention, locked in this transaction, with what hangs on the act by one column."""
    return Act.objects.select_for_update(of=("self", "convention")).select_related(*JOINED).get(pk=act.pk)


def load(row: Act, *, printed: bool = True) -> None:
    """Give the act its lines. Without `printed`: those that the checklist reads, no more."""
    parties = Party.objects.select_related("partner__commune").order_by("position", "pk")
    wanted: list = [
        Prefetch("convention__parties", queryset=parties),
        Prefetch("signatories", queryset=Signatory.objects.select_related("representative__user", "party")),
        *(Prefetch(name, queryset=rows.all()) for name, rows in LINES.items()),
        "agreement_template__lines",
    ]
    if row.is_reprise and not printed:
        wanted = [wanted[0], "convention__sources"]
    elif printed:
        wanted += ["convention__sources", "convention__attachments", "attendees"]
    prefetch_related_objects([row], *wanted)
