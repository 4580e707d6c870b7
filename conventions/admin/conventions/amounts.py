"""What OPT-NC granted, convention by convention and in all: what is not known is counted, never added as 0."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from conventions.enums import ENDED_STATES, ActState, AmountStatus, FundingFigure
from conventions.formats import NBSP, NNBSP, counted, show_xpf
from conventions.models import Act, Funding

COUNTED = Q(status=AmountStatus.KNOWN, amount__isnull=False)
LEFT_OUT = ~COUNTED & ~Q(status=AmountStatus.NOT_APPLICABLE)


def _granted():
    """Lines of OPT-NC's money in force for the outer convention; of its draft as long as nothing is signed."""
    replaced = Funding.objects.filter(replaces=OuterRef("pk"), act__state=ActState.SIGNED)
    signed = Act.objects.filter(convention=OuterRef("act__convention"), state=ActState.SIGNED)
    in_force = Q(act__state=ActState.SIGNED, removed=False) & ~Exists(replaced)
    promised = ~Q(act__state__in=[ActState.SIGNED, *ENDED_STATES]) & Q(removed=False) & ~Exists(signed)
    return (
        Funding.objects.filter(act__convention=OuterRef("pk"), figure=FundingFigure.GRANTED)
        .filter(in_force | promised)
        .order_by()
        .values("act__convention")
    )


def with_granted(conventions: QuerySet) -> QuerySet:
    """Annotate `granted_known` (XPF or None), `granted_unknown` (lines no sum can count, or None), `is_signed`."""
    unknown = _granted().filter(LEFT_OUT).annotate(n=Count("pk")).values("n")
    return conventions.annotate(
        granted_known=Subquery(
            _granted().filter(COUNTED).annotate(total=Sum("amount")).values("total"),
            output_field=BigIntegerField(),
        ),
        granted_unknown=Subquery(unknown, output_field=BigIntegerField()),
        is_signed=Exists(Act.objects.filter(convention=OuterRef("pk"), state=ActState.SIGNED)),
    )


@dataclass(frozen=True)
class Totals:
    """Of a selection: how many conventions, what signed acts granted, what drafts foresee, what no sum can count."""

    conventions: int
    signed_known: int | None
    signed_unknown: int
    draft_known: int | None
    draft_unknown: int

    @property
    def sentence(self) -> str:
        """« 12 conventions · 8 400 000 F CFP accordés ; 3 montants inconnus non comptés »."""
        parts = [
            counted(self.conventions, "convention"),
            _part(self.signed_known, self.signed_unknown, "accordé"),
            _part(self.draft_known, self.draft_unknown, "prévu"),
        ]
        return " · ".join(part for part in parts if part)


def _part(known: int | None, unknown: int, verb: str) -> str:
    """Nothing known is said so: it is never a sum of 0."""
    if known is None and not unknown:
        return ""
    total = f"aucun montant {verb} connu" if known is None else f"{show_xpf(known)} {verb}s"
    if not unknown:
        return total
    words = "montant inconnu non compté" if unknown == 1 else "montants inconnus non comptés"
    return f"{total}{NNBSP}; {unknown}{NBSP}{words}"


def totals(conventions: QuerySet) -> Totals:
    """In one query. `conventions` carries `with_granted`."""
    signed, draft = Q(is_signed=True), Q(is_signed=False)
    rows = conventions.order_by().aggregate(
        conventions=Count("pk"),
        signed_known=Sum("granted_known", filter=signed),
        signed_unknown=Coalesce(Sum("granted_unknown", filter=signed), 0),
        draft_known=Sum("granted_known", filter=draft),
        draft_unknown=Coalesce(Sum("granted_unknown", filter=draft), 0),
    )
    return Totals(**rows)
