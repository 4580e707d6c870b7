"""What an act changes, in words: the line before, the line after. One description per kind of term."""

from collections.abc import Callable

from django.db import models

from conventions.domain.context import ChangeContext
from conventions.enums import AmountStatus, DatePrecision
from conventions.formats import show_date, show_number, show_xpf
from conventions.models import (
    Act,
    Clause,
    EquipmentTerm,
    Funding,
    InKind,
    InstalmentTerm,
    Obligation,
)
from conventions.models.terms import Term

TERM_MODELS: tuple[type[Term], ...] = (
    Funding,
    InstalmentTerm,
    InKind,
    EquipmentTerm,
    Obligation,
    Clause,
)
REMOVED, ADDED = "supprimé", "(nouveau)"


def amount_wording(amount: int | None, status: str) -> str:
    """« 2 000 000 F CFP », « plafonné à … », « montant inconnu »; never 0 for what is unknown."""
    if amount is None:
        return f"montant {AmountStatus(status).label}"
    shown = show_xpf(amount)
    return f"plafonné à {shown}" if status == AmountStatus.CAPPED else shown


def _day(value, precision: str = DatePrecision.DAY) -> str:
    return show_date(value, precision) if value else ""


def _funding(row: Funding) -> str:
    year = f"exercice {row.budget_year}" if row.budget_year else ""
    return _joined(row.label, year, amount_wording(row.amount, row.status))


def _instalment(row: InstalmentTerm) -> str:
    amount = show_xpf(row.amount) if row.amount is not None else ""
    share = f"{row.percent} %" if row.percent is not None else ""
    return _joined(row.label, amount, share, row.condition, _day(row.due_on))


def _in_kind(row: InKind) -> str:
    quantity = f"{show_number(row.quantity)} {row.unit}".strip() if row.quantity else ""
    back = f"retour le {_day(row.return_on)}" if row.return_on else ""
    return _joined(row.get_kind_display(), row.description, quantity, back, row.conditions)


def _equipment(row: EquipmentTerm) -> str:
    quantity = show_number(row.quantity) if row.quantity else "quantité non précisée"
    serial = f"n° de série {row.serial}" if row.serial else ""
    return _joined(row.nature, quantity, row.brand, row.model, serial)


def _obligation(row: Obligation) -> str:
    return _joined(row.text, row.due_wording or _day(row.due_on))


def _clause(row: Clause) -> str:
    return row.body


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


_WORDINGS: dict[type[models.Model], Callable] = {
    Funding: _funding,
    InstalmentTerm: _instalment,
    InKind: _in_kind,
    EquipmentTerm: _equipment,
    Obligation: _obligation,
    Clause: _clause,
}


def describe(row: models.Model) -> str:
    """A line of an act in words."""
    return _WORDINGS[type(row)](row)


def term_wording(act: Act) -> str:
    """The duration an act sets, in words."""
    if act.ends_on is None:
        return act.term_wording or act.get_term_kind_display()
    start = _day(act.starts_on, act.starts_on_precision)
    end = _day(act.ends_on, act.ends_on_precision)
    return f"du {start} au {end}" if start else f"jusqu’au {end}"


def changes_of(act: Act) -> tuple[ChangeContext, ...]:
    """What an amendment changes: its duration, then line by line what it adds, replaces or removes."""
    found = list(_term_change(act))
    for model in TERM_MODELS:
        rows = model._default_manager.filter(act=act).select_related("replaces").order_by("position", "pk")
        if model is Clause:
            rows = rows.filter(replaces__isnull=False)  # its own articles are not changes
        found += [_change(row) for row in rows]
    return tuple(found)


def _change(row) -> ChangeContext:
    label = row.heading if isinstance(row, Clause) else str(row._meta.verbose_name)
    return ChangeContext(
        label=label[:1].upper() + label[1:],
        before=describe(row.replaces) if row.replaces else ADDED,
        after=REMOVED if row.removed else describe(row),
    )


def _term_change(act: Act):
    if not act.term_kind:
        return
    earlier = (
        Act.objects.signed().filter(convention=act.convention_id, rank__lt=act.rank).exclude(term_kind="")
    )
    before = earlier.order_by("-rank").first()
    if before is not None and term_wording(before) != term_wording(act):
        yield ChangeContext(label="Durée", before=term_wording(before), after=term_wording(act))
