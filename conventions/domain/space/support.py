"""What OPT-NC brings: money granted by year, money paid, support in kind, equipment."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from conventions.domain.documents.rendering.text import compose
from conventions.domain.space.access import File
from conventions.domain.space.rows import Rows
from conventions.domain.space.sending import is_old_enough, may_tell_missing
from conventions.domain.space.wording import day
from conventions.enums import FundingFigure, Transfer
from conventions.formats import (
    Tally,
    bare_label,
    capitalise,
    counted,
    is_line,
    measured,
    show_amount,
    show_number,
    show_xpf,
    tally,
    typeset,
)
from conventions.models import (
    EquipmentItem,
    EquipmentTerm,
    Funding,
    Handover,
    InKind,
    InstalmentTerm,
    Payment,
    Return,
)
from conventions.models.terms import in_force

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from conventions.domain.space.rows import ReadHandover

    class Lent(TypedDict):
        returned_on: datetime.date | None

    class Given(TypedDict):
        handed_on: datetime.date | None

    ReadInKind = WithAnnotations[InKind, Lent]
    ReadItem = WithAnnotations[EquipmentItem, Given]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table: `what` names it, the rest may be empty."""

    what: str
    amount: str = ""
    when: str = ""
    detail: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device really set aside: its marks, and whether it was handed over."""

    name: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Lines of the annex that are alike: promised, prepared, handed over, and the devices one by one."""

    line: Line
    prepared: int
    handed: int
    devices: tuple[Device, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One remise and what the partner said of it; `open`: nothing yet; `late_answer`: a lack may still be told."""

    pk: int
    what: str
    detail: str
    answer: str
    missing: str
    open: bool
    late_answer: bool
    asks_news: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """`paid_known`: payments are followed here; a former representative does not read them."""

    signed: bool
    fundings: tuple[Line, ...]
    granted_total: str
    others: tuple[Line, ...]
    instalments: tuple[Line, ...]
    payments: tuple[Line, ...]
    paid_total: str
    in_kind: tuple[Line, ...]
    equipment: tuple[Goods, ...]
    equipment_total: str
    handovers: tuple[Received, ...]
    money: tuple[tuple[str, str, bool], ...]

    @property
    def is_empty(self) -> bool:
        return not (self.fundings or self.others or self.instalments or self.in_kind or self.equipment)


def support(file: File, rows: Rows) -> Support:
    """What the convention brings: six queries, beside `rows`. Facts after a mandate are not the former reader's."""
    acts = file.source_acts
    fundings = in_force(Funding.objects.filter(act__in=acts))
    fundings = [row for row in fundings if is_line(row.status)]
    granted = [row for row in fundings if row.figure == FundingFigure.GRANTED]
    equipment = in_force(EquipmentTerm.objects.filter(act__in=acts).select_related("act"))
    payments = _payments(file)
    return Support(
        signed=bool(file.signed_acts),
        fundings=tuple(_funding(row) for row in granted),
        granted_total=_total(granted),
        others=tuple(_other(row) for row in fundings if row.figure != FundingFigure.GRANTED),
        instalments=tuple(_instalment(row) for row in in_force(InstalmentTerm.objects.filter(act__in=acts))),
        payments=tuple(_payment(row) for row in payments),
        paid_total=_paid(payments),
        in_kind=tuple(_in_kind(row) for row in in_force(_in_kind_rows(file))),
        equipment=tuple(_goods(file, equipment)),
        equipment_total=_devices(equipment),
        handovers=tuple(_handover(row) for row in rows.handovers_of(file)),
        money=tuple(_money(file, granted, payments)),
    )


def _money(file: File, granted: list[Funding], payments: list[Payment]) -> Iterator[tuple[str, str, bool]]:
    """(label, words, whether a figure is known) of what is granted, paid, still to pay."""
    if not granted:
        return
    total = _tally(granted)
    yield "Accordé", total.words, total.total is not None
    if not (file.in_office and file.signed_acts):
        return
    paid = sum(row.position.net for row in payments)
    yield "Versé", show_xpf(paid) if paid else "rien n’est encore enregistré", bool(paid)
    if total.total is None or total.left_out:
        yield "Reste à verser", "ne se calcule pas : un montant n’est pas fixé", False
    else:
        left = total.total - paid
        yield "Reste à verser", show_xpf(left) if left > 0 else "rien, tout est versé", True


def _funding(row: Funding) -> Line:
    return Line(
        what=str(row.budget_year) if row.budget_year else "Exercice non précisé",
        detail=typeset(row.label),
        amount=show_amount(row.amount, row.status),
        known=row.amount is not None,
    )


def _other(row: Funding) -> Line:
    year = f" ({row.budget_year})" if row.budget_year else ""
    what = typeset(bare_label(row.label) or f"{row.get_figure_display()}".capitalize())
    return Line(
        what=f"{what}{year}", amount=show_amount(row.amount, row.status), known=row.amount is not None,
        detail=str(row.get_figure_display()) if row.label else "",
    )  # fmt: skip


def _tally(rows: list[Funding]) -> Tally:
    return tally((row.amount, row.status) for row in rows)


def _total(rows: list[Funding]) -> str:
    """The sum of certain amounts and what it left out; empty when there is nothing to add."""
    found = _tally(rows)
    return "" if found.total is None else found.words


def _instalment(row: InstalmentTerm) -> Line:
    share = f"{row.percent}\u00a0%" if row.percent is not None else ""
    figure = show_xpf(row.amount) if row.amount is not None else ""
    return Line(
        what=typeset(capitalise(bare_label(row.label))),
        amount=" · ".join(part for part in (figure, share) if part) or "non précisé",
        when=day(row.due_on),
        detail=typeset(capitalise(bare_label(row.condition_words))),
        known=bool(figure or share),
    )


def _payments(file: File) -> list[Payment]:
    if not file.in_office:
        return []
    rows = Payment.objects.standing().filter(convention=file.convention).select_related("instalment")
    return sorted(rows, key=lambda row: (row.paid_on or row.sent_on, row.pk))


def _payment(row: Payment) -> Line:
    label = bare_label(row.instalment.label) if row.instalment else ""
    if row.paid_on:
        when, state = day(row.paid_on), "versé"
    else:
        when, state = day(row.sent_on), "transmis à l’agent comptable, pas encore versé"
    return Line(
        what=when,
        detail=typeset(capitalise(label)),
        when=state,
        amount=show_xpf(row.position.net if row.paid_on else row.amount),
    )


def _paid(rows: list[Payment]) -> str:
    paid = [row.position.net for row in rows if row.paid_on]
    return show_xpf(sum(paid)) if paid else ""


def _in_kind_rows(file: File) -> QuerySet[ReadInKind]:
    back = Return.objects.filter(in_kind__line=OuterRef("line")).order_by("-returned_on")
    return InKind.objects.filter(act__in=file.source_acts).annotate(
        returned_on=Subquery(back.values("returned_on")[:1])
    )


def _in_kind(row: ReadInKind) -> Line:
    quantity = measured(row.quantity, row.unit) if row.quantity and row.unit else ""
    returned = row.returned_on
    dates = (
        f"à partir du {day(row.starts_on)}" if row.starts_on else "",
        f"rendu le {day(returned)}" if returned else "",
        compose(row.due) if not returned else "",
    )
    parts = (quantity, bare_label(row.conditions), *dates, *row.care)
    return Line(
        what=typeset(capitalise(bare_label(row.description))),
        when=typeset(str(row.kind).capitalize()),
        detail=typeset(" · ".join(part for part in parts if part)),
        amount=show_amount(row.amount, row.status) if row.amount is not None else "",
    )


def _goods(file: File, rows: list[EquipmentTerm]) -> Iterator[Goods]:
    """Lines alike make one row, with their devices one by one, whatever the act these were recorded under."""
    items = _items(file, rows)
    alike: dict[object, list[EquipmentTerm]] = defaultdict(list)
    for row in rows:
        loan = (row.transfer, row.return_on, row.care)
        same = (row.nature, row.brand, row.model, row.pickup_place, row.pickup_by, *loan)
        alike[same if row.quantity is not None else row.pk].append(row)
    for group in alike.values():
        found = [item for row in group for item in items[row.line]]
        promised = [device for row in group if not items[row.line] and (device := _promised(row))]
        yield Goods(
            line=_equipment(group, len(found)),
            prepared=len(found),
            handed=sum(item.handed_on is not None and item.released_at is None for item in found),
            devices=(*(_device(item) for item in found), *promised),
        )


def _items(file: File, rows: list[EquipmentTerm]) -> dict[object, list[ReadItem]]:
    """Line → devices recorded for it; a former representative does not read them."""
    of_line: dict[object, list[ReadItem]] = defaultdict(list)
    if file.in_office and rows:
        items = EquipmentItem.objects.filter(equipment__act__in=file.signed_acts).select_related("equipment")
        items = items.filter(
            Q(released_at=None) | Q(handovers__isnull=False)
        )  # without what was refused on the spot
        for item in items.annotate(handed_on=Min("handovers__handed_on")).order_by("pk"):
            of_line[item.equipment.line].append(item)
    return of_line


def _equipment(group: list[EquipmentTerm], prepared: int) -> Line:
    first, known = group[0], [row.quantity for row in group if row.quantity is not None]
    pickup = f"retrait : {first.pickup}" if first.pickup else ""
    unlisted = next((row.unlisted for row in group), "") if not prepared else ""
    return Line(
        what=_name(first),
        amount=show_number(sum(known)) if known else "non précisée",
        detail=typeset(" · ".join(part for part in (*_lent(first), pickup, unlisted) if part)),
        known=bool(known),
    )


def _lent(row: EquipmentTerm) -> list[str]:
    """Of a loan: that it is one, when it comes back, who takes care of it."""
    if row.transfer != Transfer.LENT:
        return []
    since = f"à partir du {day(row.starts_on)}" if row.starts_on else ""
    return [part for part in ("prêté", since, compose(row.due), *row.care) if part]


def _name(row: EquipmentTerm) -> str:
    """« Ordinateur, Kaori Bureau 400 »."""
    model = " ".join(part for part in (row.brand, row.model) if part)
    return typeset(capitalise(bare_label(row.nature))) + (f", {model}" if model else "")


def devices_of(handover: Handover) -> list[tuple[str, list[str]]]:
    """What was handed over, devices alike together: (name, marks of each)."""
    found: dict[str, list[str]] = {}
    for item in handover.items.select_related("equipment").order_by("equipment__position", "pk"):
        found.setdefault(_name(item.equipment), []).append(_marks(item) or "sans numéro")
    return list(found.items())


def _marks(row: EquipmentTerm | EquipmentItem) -> str:
    marks = (f"n° de série {row.serial}" if row.serial else "",
             f"inventaire {row.inventory_tag}" if row.inventory_tag else "")  # fmt: skip
    return typeset(" · ".join(mark for mark in marks if mark))


def _promised(row: EquipmentTerm) -> Device | None:
    """A device that the annex names, and that nobody has prepared yet."""
    marks = _marks(row)
    return Device(name=marks, state="promis") if marks else None


def _device(item: ReadItem) -> Device:
    handed_on = item.handed_on
    state = f"remis le {day(handed_on)}" if handed_on else "préparé"
    end = "rendu" if item.equipment.transfer == Transfer.LENT else "repris"
    return Device(
        name=_marks(item) or "appareil sans numéro",
        state=f"{state}{f', {end}' if item.released_at else ''}",
    )


def _devices(rows: list[EquipmentTerm]) -> str:
    known = [row.quantity for row in rows if row.quantity is not None]
    left_out = len(rows) - len(known)
    if not known:
        return ""
    total = counted(sum(known), "appareil")
    return f"{total}, sans compter {counted(left_out, 'ligne')} de quantité inconnue" if left_out else total


def _handover(row: ReadHandover) -> Received:
    devices = row.devices
    parts = (
        counted(devices, "appareil") if devices else "",
        row.place,
        f"reçu par {row.received_by}" if row.received_by else "",
    )
    on = day(timezone.localdate(row.acknowledged_at)) if row.acknowledged_at else ""
    told = f"Vous avez signalé un manque le {on}." if row.missing else f"Réception confirmée le {on}."
    return Received(
        pk=row.pk,
        what=f"Remis le {day(row.handed_on)}",
        detail=typeset(", ".join(part for part in parts if part)),
        answer=told if on else "",
        missing=typeset(row.missing),
        open=not on and not row.act.is_reprise,
        late_answer=may_tell_missing(row),
        asks_news=is_old_enough(row),
    )
