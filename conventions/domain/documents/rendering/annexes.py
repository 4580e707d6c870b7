"""What stands after the signatures: the annex of equipment, and the list of the received files under the seal."""

from __future__ import annotations

from conventions.domain.documents.context import AnnexContext, EquipmentContext
from conventions.domain.documents.merge_fields import show_partial
from conventions.domain.documents.rendering.text import (
    Column,
    Foot,
    Table,
    came_from,
    cell,
    compose,
)
from conventions.enums import AmountStatus, Transfer
from conventions.formats import (
    as_value,
    bare_label,
    capitalise,
    counted,
    loan_phrases,
    measured,
    pickup_phrase,
    show_amount,
    show_computation,
    show_number,
    show_xpf,
)

_COUNT, _WORTH = "Qté", "Valeur estimée"
JOINED = "Annexes jointes à ce document"


def files_table(files: tuple[AnnexContext, ...], caption: str = JOINED) -> Table:
    """Each received annex with its title, its pages and the hash of its file."""
    columns = (
        Column(label="N°", css="w-rank"),
        Column(label="Titre"),
        Column(label="Empreinte SHA-256", css="w-hash"),
        Column(label="Pages", css="w-short number"),
    )
    rows = tuple(
        (cell(str(file.number)), cell(file.title), cell(file.sha256), cell(str(file.page_count)))
        for file in files
    )
    foot = Foot(sums=(str(sum(file.page_count for file in files)),))
    return Table(caption=caption, columns=columns, rows=rows, foot=foot)


def equipment_table(lines: tuple[EquipmentContext, ...]) -> Table:
    """The equipment annex: what every line shares is said once, and so is what none of them says.

    A place that all share stands above the table; a column that would be empty is left out; totals say what they left
    out.
    """
    shared = len({(line.place, line.pickup_deadline) for line in lines}) == 1
    quantity = Column(
        label=_COUNT, css=f"{'w-short' if any(line.unit for line in lines) else 'w-qty'} number"
    )
    printed = [
        (Column(label="N°", css="w-rank"), [cell(str(line.number)) for line in lines]),
        (Column(label="Nature, marque et modèle"), [_thing(line) for line in lines]),
        (
            Column(label="N° de série, inventaire", css="w-serial"),
            [cell(line.serial, line.tag) for line in lines],
        ),
        (Column(label="Achat", css="w-date"), [cell(show_partial(line.purchased)) for line in lines]),
        (Column(label="Lieu, retrait", css="w-place"), [_pickup(line, shared) for line in lines]),
        (quantity, [cell(_quantity(line)) for line in lines]),
        (
            Column(label=_WORTH, css="w-value number"),
            [cell(_value(line), show_computation(None, "", line.unit_price)) for line in lines],
        ),
    ]
    kept = [(column, cells) for column, cells in printed if any(one != cell() for one in cells)]
    place = pickup_phrase(lines[0].place, lines[0].pickup_deadline) if shared else ""
    return Table(
        caption=compose(f"Retrait : {place}" if place else "Liste des équipements"),
        columns=tuple(column for column, _ in kept),
        rows=tuple(zip(*(cells for _, cells in kept), strict=True)),
        foot=_equipment_total(lines, frozenset(column.label for column, _ in kept)),
    )


def _thing(line: EquipmentContext) -> tuple[str, ...]:
    made = " ".join(part for part in (line.brand, line.model) if part)
    return cell(_nature(line), made, *_rules(line), came_from(line.from_act))


def _pickup(line: EquipmentContext, shared: bool) -> tuple[str, ...]:
    return cell() if shared else cell(bare_label(line.place), pickup_phrase("", line.pickup_deadline))


def _quantity(line: EquipmentContext) -> str:
    return measured(line.quantity, line.unit) if line.quantity is not None else line.unit


def _nature(line: EquipmentContext) -> str:
    return f"{line.nature} (prêt)" if line.transfer == Transfer.LENT else line.nature


def _rules(line: EquipmentContext) -> tuple[str, ...]:
    """What a loan says of this thing."""
    if line.transfer != Transfer.LENT:
        return ()
    dates = (show_partial(line.starts_on), show_partial(line.return_on))
    return loan_phrases(*dates, line.custody, line.insurance, line.state_given)


def _value(line: EquipmentContext) -> str:
    """Empty where nobody estimated it: the foot of the table says it."""
    if line.value is not None:
        return show_xpf(line.value)
    if not line.status or line.status == AmountStatus.UNKNOWN:
        return ""
    return as_value(show_amount(line.amount, line.status))


def _equipment_total(lines: tuple[EquipmentContext, ...], printed: frozenset[str]) -> Foot:
    """The sums of the columns that are printed, and what they left out or what no line says."""
    quantities = [line.quantity for line in lines if line.quantity is not None]
    values = [line.value for line in lines if line.value is not None]
    columns = (
        (
            _COUNT,
            "quantité",
            show_number(sum(quantities)) if quantities else "—",
            len(lines) - len(quantities),
        ),
        (_WORTH, "valeur estimée", show_xpf(sum(values)) if values else "—", len(lines) - len(values)),
    )
    sums = tuple(total for column, _, total, _ in columns if column in printed)
    notes = [
        _left_out(missing, thing) if column in printed else f"{thing} non précisée"
        for column, thing, _, missing in columns
        if missing
    ]
    return Foot(sums=sums, label="Total" if sums else "", note=capitalise(" ; ".join(notes)))


def _left_out(count: int, thing: str) -> str:
    known = thing.partition(" ")[0]
    return f"{counted(count, 'ligne')} sans {known} connue, non comptée{'s' if count > 1 else ''}"
