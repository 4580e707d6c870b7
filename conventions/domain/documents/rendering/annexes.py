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

NOT_STATED = "non précisée"  # a quantity, a value
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
    """The equipment annex: a place shared by every line is said once, totals say what they left out."""
    shared = len({(line.place, line.pickup_deadline) for line in lines}) == 1
    columns = [
        Column(label="N°", css="w-rank"),
        Column(label="Nature, marque et modèle"),
        Column(label="N° de série, inventaire", css="w-serial"),
        Column(label="Achat", css="w-short"),
        *([] if shared else [Column(label="Lieu, retrait", css="w-place")]),
        Column(label="Qté", css=f"{'w-short' if any(line.unit for line in lines) else 'w-qty'} number"),
        Column(label="Valeur estimée", css="w-value number"),
    ]
    rows = tuple(
        (
            cell(str(line.number)),
            cell(
                _nature(line),
                " ".join(part for part in (line.brand, line.model) if part),
                *_rules(line),
                came_from(line.from_act),
            ),
            cell(line.serial, line.tag),
            cell(show_partial(line.purchased)),
            *([] if shared else [cell(bare_label(line.place), pickup_phrase("", line.pickup_deadline))]),
            cell(measured(line.quantity, line.unit) if line.quantity is not None else NOT_STATED),
            cell(_value(line), show_computation(None, "", line.unit_price)),
        )
        for line in lines
    )
    place = pickup_phrase(lines[0].place, lines[0].pickup_deadline) if shared else ""
    caption = f"Retrait : {place}" if place else "Liste des équipements"
    return Table(caption=compose(caption), columns=tuple(columns), rows=rows, foot=_equipment_total(lines))


def _nature(line: EquipmentContext) -> str:
    return f"{line.nature} (prêt)" if line.transfer == Transfer.LENT else line.nature


def _rules(line: EquipmentContext) -> tuple[str, ...]:
    """What a loan says of this thing."""
    if line.transfer != Transfer.LENT:
        return ()
    dates = (show_partial(line.starts_on), show_partial(line.return_on))
    return loan_phrases(*dates, line.custody, line.insurance, line.state_given)


def _value(line: EquipmentContext) -> str:
    if line.value is not None:
        return show_xpf(line.value)
    if not line.status or line.status == AmountStatus.UNKNOWN:
        return NOT_STATED
    return as_value(show_amount(line.amount, line.status))


def _equipment_total(lines: tuple[EquipmentContext, ...]) -> Foot:
    quantities = [line.quantity for line in lines if line.quantity is not None]
    values = [line.value for line in lines if line.value is not None]
    sums = (
        show_number(sum(quantities)) if quantities else "—",
        show_xpf(sum(values)) if values else "—",
    )
    parts = []
    for kept, label in ((quantities, "sans quantité connue"), (values, "sans valeur connue")):
        if left_out := len(lines) - len(kept):
            parts.append(f"{counted(left_out, 'ligne')} {label}, non comptée{'s' if left_out > 1 else ''}")
    return Foot(sums=sums, note=capitalise(" ; ".join(parts)))
