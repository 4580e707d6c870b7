"""An act with its lines, in a fixed number of queries: for a document, for the checklist, locked or not."""

import copy
from collections.abc import Collection
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from conventions.enums import ActKind, ActState, GrammaticalGender, PartnerNature
from conventions.models import (
    Act,
    Annex,
    BudgetLine,
    Clause,
    Convention,
    EquipmentTerm,
    Funding,
    Indicator,
    InKind,
    InstalmentTerm,
    Obligation,
    Party,
    Signatory,
)
from conventions.models.terms import Term, in_force

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
    "ended_by",
    "frozen_document",
)

LINES: dict[str, Any] = {
    "funding_set": Funding.objects.select_related("party__partner", "replaces__party__partner"),
    "instalmentterm_set": InstalmentTerm.objects.select_related("obligation", "replaces__obligation"),
    "inkind_set": InKind.objects.select_related("replaces__kind"),
    "equipmentterm_set": EquipmentTerm.objects.select_related("replaces"),
    "obligation_set": Obligation.objects.select_related("party__partner", "replaces__party__partner"),
    "budgetline_set": BudgetLine.objects.select_related("party__partner", "replaces__party__partner"),
    "indicator_set": Indicator.objects.select_related("replaces"),
    "clause_set": Clause.objects.select_related("template", "replaces"),
}
# Where a loaded act holds the lines of a table of its page (`ROWS`).
OF_CONVENTION = "convention__"
PLACES = {
    "party": f"{OF_CONVENTION}parties",
    "source": f"{OF_CONVENTION}sources",
    "attachment": f"{OF_CONVENTION}attachments",
    "signatory": "signatories",
    "attendee": "attendees",
    "annex": "annexes",
    **{name.removesuffix("_set"): name for name in LINES},
}
LINE_MODELS: tuple[type[Term], ...] = (
    Funding,
    InstalmentTerm,
    InKind,
    EquipmentTerm,
    Obligation,
    BudgetLine,
    Indicator,
)


def loaded(act: Act) -> Act:
    """The act with everything a document prints, in a fixed number of queries."""
    row = Act.objects.select_related(*JOINED).get(pk=act.pk)
    load(row)
    return row


def loaded_several(keys: list[int]) -> list[Act]:
    """The same of several acts at once, in the order of their keys."""
    rows = list(Act.objects.select_related(*JOINED).filter(pk__in=keys).order_by("pk"))
    load(*rows)
    return rows


def initial_of(row: Act) -> Act:
    """The first act of a `loaded` act's convention, with its lines; the convention is not read again."""
    own = [name for name in JOINED if not name.startswith("convention")]
    first = Act.objects.select_related(*own).get(convention=row.convention_id, rank=0)
    first.convention = row.convention
    load(first, printed=False)
    return first


def amendments_before(row: Act) -> list[Act]:
    """Signed amendments of its convention, in order; those of a lower rank for an act that is signed itself."""
    signed = Act.objects.signed().filter(convention=row.convention_id, kind=ActKind.AMENDMENT)
    acts = signed.exclude(pk=row.pk).order_by("rank")
    return [act for act in acts if row.state != ActState.SIGNED or act.rank < row.rank]


def lines_after(first: Act, acts: list[Act]) -> dict[type[Term], list]:
    """Lines of a first act with its lines, as these acts change them; one query per table, none without acts."""
    found = {model: rows_of(first, model) for model in LINE_MODELS}
    for model in LINE_MODELS if acts else ():
        later = LINES[f"{model._meta.model_name}_set"].filter(act__in=acts)
        later = later.order_by("act__rank", "position", "pk")
        found[model] = in_force([*found[model], *later])
    return found


def rows_of(row: Act, model: type[Term]) -> list:
    """The act's own rows of this table."""
    return list(getattr(row, f"{model._meta.model_name}_set").all())


def page_lines(row: Act, key: str) -> list | None:
    """The lines of a table of the act's page (`ROWS`), read with a `loaded` act; None for what is not all loaded."""
    if key not in PLACES:
        return None
    name = PLACES[key]
    owner = row.convention if name.startswith(OF_CONVENTION) else row
    name = name.removeprefix(OF_CONVENTION)
    found = list(getattr(owner, name).all())
    return [line for line in found if line.is_own] if key == "clause" else found


def locked(act: Act, *also: str) -> Act:
    """The act and its convention, locked in this transaction, with what hangs on the act by one column; `also`: more
    of such columns."""
    rows = Act.objects.select_for_update(of=("self", "convention"))
    return rows.select_related(*JOINED, *also).get(pk=act.pk)


def beside(act: Act) -> Act:
    """A loaded copy of an act and its convention as these instances hold their columns: the act itself stays without
    lines, and reads those that are written meanwhile."""
    row = _alone(act)
    load(row)
    return row


def after(row: Act, act: Act, written: Collection[str]) -> Act:
    """The same once the act was written: its columns now, the lines of these tables (`ROWS`) read again, the others
    those that `row` holds."""
    fresh, moved = _alone(act), {PLACES[key] for key in written if key in PLACES}
    pairs: list[tuple[Act | Convention, Act | Convention, str]] = [
        (fresh, row, ""),
        (fresh.convention, row.convention, OF_CONVENTION),
    ]
    for owner, before, prefix in pairs:
        known: dict[str, Any] = vars(before)["_prefetched_objects_cache"]
        kept = {name: lines for name, lines in known.items() if prefix + name not in moved}
        vars(owner)["_prefetched_objects_cache"] = kept
        for line in (line for lines in kept.values() for line in lines):
            line._state.fields_cache[str(owner._meta.model_name)] = owner
    load(fresh, only=moved)
    return fresh


def _alone(act: Act) -> Act:
    row = copy.copy(act)
    row.convention = copy.copy(act.convention)
    return row


def load(*rows: Act, printed: bool = True, only: Collection[str] | None = None) -> None:
    """Give acts their lines. Without `printed`, for one act: those that the checklist reads, no more. `only`: those of
    these `PLACES`, the others being there."""
    parties = Party.objects.select_related("partner__commune", "partner__logo", "joined_by").order_by(
        "position", "pk"
    )
    wanted: list = [
        Prefetch("convention__parties", queryset=parties),
        Prefetch("signatories", queryset=Signatory.objects.select_related("representative__user", "party")),
        *(Prefetch(name, queryset=lines.all()) for name, lines in LINES.items()),
        "agreement_template__lines",
    ]
    if rows[0].is_reprise and not printed:
        wanted = [wanted[0], "convention__sources"]
    elif printed:
        annexes = Prefetch("annexes", queryset=Annex.objects.select_related("attachment"))
        wanted += ["convention__sources", "convention__attachments", annexes, "attendees"]
    if only is not None:
        wanted = [one for one in wanted if getattr(one, "prefetch_through", one) in only]
    shared = [row for row in rows if "parties" in getattr(row.convention, "_prefetched_objects_cache", {})]
    prefetch_related_objects(rows, *wanted)
    for row in rows:  # a party that a later amendment brings is none of this act
        if row in shared:
            continue
        read = row.convention.parties.all()
        read._result_cache = [party for party in read if party.is_of(row)]
