"""From the lines of an act to what its frozen context holds of them, table by table; no query."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from conventions.domain.documents.context import (
    BudgetLineContext,
    EquipmentContext,
    FundingContext,
    IndicatorContext,
    InKindContext,
    InstalmentContext,
    ObligationContext,
)
from conventions.domain.documents.context.rows import partial
from conventions.formats import Amount, bare_label
from conventions.models import (
    BudgetLine,
    EquipmentTerm,
    Funding,
    Indicator,
    InKind,
    InstalmentTerm,
    Obligation,
)
from conventions.models.support import Loan
from conventions.models.terms import Row

# The table of each field of a content that `lines_of` fills.
FIELDS: dict[str, type] = {
    "fundings": Funding,
    "instalments": InstalmentTerm,
    "in_kind": InKind,
    "equipment": EquipmentTerm,
    "obligations": Obligation,
    "budget": BudgetLine,
    "indicators": Indicator,
}


def kept(rows: Iterable[Row]) -> list:
    """Rows that the act keeps, in order."""
    return sorted((row for row in rows if not row.removed), key=lambda row: (row.position, row.pk))


def lines_of(names: dict[int, str], rows: dict[type, list]) -> dict[str, Any]:
    """Rows by their table, as the fields of AgreementContext that hold them; `names`: short names of the parties."""
    duties = {row.line: row.text for row in rows[Obligation]}
    return {
        "fundings": tuple(_funding(row, names) for row in kept(rows[Funding])),
        "instalments": tuple(
            _instalment(row, rank, duties) for rank, row in enumerate(kept(rows[InstalmentTerm]), 1)
        ),
        "in_kind": tuple(_in_kind(row) for row in kept(rows[InKind])),
        "equipment": tuple(_equipment(row, rank) for rank, row in enumerate(kept(rows[EquipmentTerm]), 1)),
        "obligations": tuple(_obligation(row, names) for row in kept(rows[Obligation])),
        "budget": tuple(_budget_line(row, names) for row in kept(rows[BudgetLine])),
        "indicators": tuple(_indicator(row) for row in kept(rows[Indicator])),
    }


def _funding(row: Funding, names: dict[int, str]) -> FundingContext:
    return FundingContext(
        amount=row.amount,
        status=row.status,
        budget_year=row.budget_year,
        label=row.label,
        figure=row.figure,
        publishable=row.publishable,
        quantity=row.quantity,
        unit=row.unit,
        unit_price=row.unit_price,
        party=names.get(row.party_id or 0, ""),
        party_role=row.party.role if row.party else "",
    )


def _instalment(row: InstalmentTerm, rank: int, duties: dict[UUID, str]) -> InstalmentContext:
    """`duties`: the obligations of the same text by their line, for one that was replaced since."""
    label = bare_label(row.label)
    awaited = duties.get(row.obligation.line, row.obligation.text) if row.obligation else ""
    return InstalmentContext(
        order=rank,
        amount=row.amount,
        percentage=row.percent,
        due=partial(row.due_on),
        condition=" – ".join(text for text in (label, row.condition_words) if text),
        label=label,
        condition_kind=row.condition_kind,
        words=row.condition,
        obligation=awaited,
    )


def _loan(row: Loan) -> dict[str, Any]:
    return {
        "starts_on": partial(row.starts_on),
        "return_on": partial(row.return_on),
        "custody": row.custody,
        "insurance": row.insurance,
        "state_given": row.state_given,
    }


def _in_kind(row: InKind) -> InKindContext:
    return InKindContext(
        kind=row.kind.slug,
        kind_label=row.kind.name,
        behaviour=row.kind.behaviour,
        label=row.description,
        quantity=row.quantity,
        unit=row.unit,
        value=Amount(row.amount, row.status).certain,
        amount=row.amount,
        status=row.status,
        unit_price=row.unit_price,
        conditions=row.conditions,
        **_loan(row),
    )


def _equipment(row: EquipmentTerm, rank: int) -> EquipmentContext:
    return EquipmentContext(
        number=rank,
        nature=row.nature,
        quantity=row.quantity,
        brand=row.brand,
        model=row.model,
        serial=row.serial,
        tag=row.inventory_tag,
        purchased=partial(row.purchased_on, row.purchased_on_precision),
        value=Amount(row.amount, row.status).certain,
        amount=row.amount,
        place=row.pickup_place,
        pickup_deadline=row.pickup_by,
        transfer=row.transfer,
        status=row.status,
        unit=row.unit,
        unit_price=row.unit_price,
        holds_data=row.holds_data,
        **_loan(row),
    )


def _obligation(row: Obligation, names: dict[int, str]) -> ObligationContext:
    return ObligationContext(
        party=names.get(row.party_id or 0, ""),
        label=row.text,
        kind=row.kind,
        due=partial(row.due_on),
        due_wording=row.due_wording,
        proof=row.proof,
        party_role=row.party.role if row.party else "",
    )


def _budget_line(row: BudgetLine, names: dict[int, str]) -> BudgetLineContext:
    return BudgetLineContext(
        side=row.side,
        heading=row.heading,
        amount=row.amount,
        status=row.status,
        budget_year=row.budget_year,
        quantity=row.quantity,
        unit=row.unit,
        unit_price=row.unit_price,
        funder=names.get(row.party_id or 0, row.funder),
        by_party=row.party_id is not None,
        standing=row.standing,
    )


def _indicator(row: Indicator) -> IndicatorContext:
    return IndicatorContext(
        name=row.name,
        target=row.target,
        unit=row.unit,
        target_wording=row.target_wording,
        due=partial(row.due_on),
        due_wording=row.due_wording,
    )
