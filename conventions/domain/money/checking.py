"""What `verifier_comptes` checks: each total that screens show, added again by hand, row by row.

Rows are read plainly and added here, without any of the sums of `figures`, `budgets` or `queries`: the two readings
must agree to the franc. Where a payment stands is read again from its events, and its files from their bytes. Nothing
is written. Sums are whole XPF.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model

from conventions.domain.documents import storage
from conventions.domain.documents.storage import DamagedDocument
from conventions.domain.money import budgets, figures, queries, transitions
from conventions.enums import ENDED_STATES, ActState, AmountStatus, FundingFigure
from conventions.formats import Tally, show_xpf, tally
from conventions.models import (
    Act,
    Area,
    Charge,
    Convention,
    Envelope,
    EnvelopeMove,
    EquipmentTerm,
    Funding,
    InKind,
    Payment,
    PaymentEvent,
    PaymentFile,
    PaymentPosition,
)
from conventions.money_enums import OPEN, SPENT, STANDING, PaymentState

CHUNK = 500
APART = {"payment", "holds"}  # not read from events
UNSAID = {"bank_account", "account_read", "sent_by", "last_event"}  # compared, their values not shown


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as its events tell it."""

    payment: Payment
    events: list[PaymentEvent]
    where: transitions.Standing
    year: int | None
    line: Any

    @property
    def net(self) -> int:
        return self.where.paid_amount - self.where.reversed_amount

    @property
    def taken(self) -> int:
        if self.where.where in SPENT:
            return self.net
        return self.payment.amount if self.where.where == PaymentState.SENT else 0


class Accounts:
    """Every row that money is read from, read once; `year`: what is checked, everything when None."""

    def __init__(self, year: int | None = None) -> None:
        self.year = year
        self.lines = list(_read(Funding, "act__convention__kind", "replaces", figure=FundingFigure.GRANTED))
        self.goods = [*_read(InKind, "act"), *_read(EquipmentTerm, "act")]
        signed = Act.objects.filter(state=ActState.SIGNED).order_by()
        self.signed_conventions = set(signed.values_list("convention", flat=True))
        self.current = _current(self.lines)
        self.charge_of = {row.line: row.envelope_id for row in Charge.objects.order_by("pk")}
        self.payments = list(self._payments())

    def _payments(self) -> Iterator[Paid]:
        # Payments of any money: a year is that of the line, whosever money it is.
        last: dict[tuple[Any, int], Any] = {}
        rows = Funding.objects.select_related("act").order_by("act__rank", "pk")
        for row in rows.iterator(chunk_size=CHUNK):
            if row.act.state == ActState.SIGNED and not row.removed:
                last[row.line, row.act.convention_id] = row
        years = {line: row.budget_year for (line, _convention), row in last.items()}
        payments = Payment.objects.select_related("funding", "instalment").prefetch_related("events")
        for payment in payments.order_by("pk").iterator(chunk_size=CHUNK):
            line = payment.funding.line if payment.funding else None
            if line is None and payment.instalment:
                line = payment.instalment.funding_line
            events = sorted(payment.events.all(), key=lambda row: row.pk)
            yield Paid(payment, events, transitions.standing(payment, events), years.get(line), line)

    def concerns(self, year: int | None) -> bool:
        return self.year is None or year == self.year


def problems(accounts: Accounts) -> Iterator[str]:
    """Each difference, in French, named; nothing when everything agrees."""
    yield from wrong_positions(accounts)
    yield from wrong_files(accounts)
    yield from wrong_years(accounts)
    yield from wrong_envelopes(accounts)
    yield from wrong_conventions(accounts)


def wrong_positions(accounts: Accounts) -> Iterator[str]:
    """Payments that do not stand where their events say."""
    fields = [field for field in PaymentPosition._meta.fields if field.name not in APART]
    for paid in _of_year(accounts):
        told = f"Le versement {paid.payment.pk}"
        try:
            kept = paid.payment.position
        except ObjectDoesNotExist:
            yield f"{told} n’a pas de position."
            continue
        expected = transitions.position(paid.payment, paid.events, kept.holds)
        for field in fields:
            here, there = getattr(kept, field.attname), getattr(expected, field.attname)
            if here != there:
                values = (
                    ""
                    if field.name in UNSAID
                    else f" (écrit : {here or 'rien'}, attendu : {there or 'rien'})"
                )
                yield f"{told} : « {field.verbose_name} » n’est pas ce que donnent ses événements{values}."
        line = paid.payment.instalment.line if paid.payment.instalment else None
        if kept.holds is not None and (paid.where.where not in OPEN or kept.holds != line):
            yield f"{told} retient une échéance qui n’est pas, ou n’est plus, la sienne."


def wrong_files(accounts: Accounts) -> Iterator[str]:
    """Payment files whose bytes are lost, or are not those that were stored."""
    keys = {paid.payment.pk for paid in _of_year(accounts)}
    for row in PaymentFile.objects.order_by("pk").iterator(chunk_size=CHUNK):
        if row.payment_id not in keys:
            continue
        try:
            size = len(storage.read_bytes(row))
        except DamagedDocument as damage:
            yield f"Versement {row.payment_id}, dossier v{row.version} : {damage}"
            continue
        if size != row.size:
            yield f"Versement {row.payment_id}, dossier v{row.version} : {size} octets, attendu : {row.size}."


def _of_year(accounts: Accounts) -> list[Paid]:
    return [paid for paid in accounts.payments if accounts.concerns(paid.year)]


def wrong_years(accounts: Accounts) -> Iterator[str]:
    """Figures of each year, by kind and by province, that are not what their rows come to."""
    goods = [(_act_year(row), row) for row in _current(accounts.goods)]
    found = {row.budget_year for row in accounts.current} | {year for year, _row in goods}
    found |= {paid.year for paid in accounts.payments} | set(figures.years())
    places = _places_of()
    for year in sorted(one for one in found if one is not None and accounts.concerns(one)):
        shown, lines = (
            figures.year_figures(year),
            [row for row in accounts.current if row.budget_year == year],
        )
        told = f"Exercice {year}"
        yield from _compare(f"{told}, accordé", shown.granted, _tally(lines))
        yield from _compare(
            f"{told}, accordé sans exercice",
            shown.undated_granted,
            _tally(row for row in accounts.current if row.budget_year is None),
        )
        yield from _compare(
            f"{told}, en nature", shown.in_kind, _tally(row for of, row in goods if of == year)
        )
        for name, total, wanted in (
            ("versé", shown.paid, year),
            ("versé sans exercice", shown.undated_paid, None),
        ):
            nets = [one.net for one in accounts.payments if one.year == wanted and one.where.where in SPENT]
            yield from _compare(f"{told}, {name}", total, Tally(sum(nets) if nets else None, len(nets)))
        kinds = _grouped((row.act.convention.kind.name.capitalize(), row) for row in lines)
        yield from _compare_bars(f"{told}, type", figures.by_kind(year), kinds)
        provinces = _grouped(
            (name, row) for row in lines for name in places.get(row.act.convention_id) or {figures.NO_PLACE}
        )
        yield from _compare_bars(f"{told}, province", figures.by_province(year), provinces)


def wrong_envelopes(accounts: Accounts) -> Iterator[str]:
    """Envelopes whose sums are not those of their moves, of their lines and of their payments."""
    alive = [
        row
        for row in accounts.lines
        if not row.removed
        and row.act.state not in (ActState.SIGNED, *ENDED_STATES)
        and row.status != AmountStatus.NOT_APPLICABLE
    ]
    moves: dict[int, int] = defaultdict(int)
    for move in EnvelopeMove.objects.order_by("pk"):
        moves[move.envelope_id] += move.amount
    envelopes = [row for row in Envelope.objects.order_by("pk") if accounts.concerns(row.year)]
    for shown in budgets.standings(envelopes):
        key = shown.envelope.pk
        told = f"Enveloppe « {shown.envelope} »"
        own = [row for row in alive if accounts.charge_of.get(row.line) == key]
        signed = [row for row in own if row.act.convention_id in accounts.signed_conventions]
        committed = _tally(row for row in accounts.current if accounts.charge_of.get(row.line) == key)
        reserved = _tally(row for row in own if row.act.convention_id not in accounts.signed_conventions)
        raised = sum(map(_raise_by, signed))
        standing = [
            one
            for one in accounts.payments
            if one.where.where in STANDING and accounts.charge_of.get(one.line) == key
        ]
        voted = moves.get(key, 0)
        left = voted - (committed.total or 0) - (reserved.total or 0) - raised
        yield from _compare(f"{told}, engagé", shown.committed, committed)
        yield from _compare(f"{told}, réservé", shown.reserved, reserved)
        for name, kept, counted in (
            ("voté", shown.voted, voted),
            ("hausses en cours", shown.raised, raised),
            ("reste", shown.left, left),
            ("transmis", shown.sent, sum(one.payment.amount for one in standing)),
            ("versé", shown.paid, sum(one.net for one in standing)),
        ):
            yield from _compare(f"{told}, {name}", kept, counted)


def wrong_conventions(accounts: Accounts) -> Iterator[str]:
    """Conventions whose payments are not what their events come to: to pay, paid, reversed, still to come back."""
    of: dict[int, list[Paid]] = defaultdict(list)
    for one in accounts.payments:
        of[one.payment.convention_id].append(one)
    shown = {one.payment.convention_id for one in _of_year(accounts)}
    rows = queries.with_sums(Convention.objects.filter(payments__isnull=False).distinct())
    for row in rows.order_by("pk").iterator(chunk_size=CHUNK):
        if row.pk not in shown:
            continue
        own = of[row.pk]
        over = [one.where for one in own if one.where.where == PaymentState.OVERPAID]
        for name, kept, counted in (
            (
                "à payer",
                row.to_pay,
                sum(one.payment.amount for one in own if one.where.where == PaymentState.SENT),
            ),
            ("payé", row.paid, sum(one.where.paid_amount for one in own)),
            ("reversé", row.reversed, sum(one.where.reversed_amount for one in own)),
            ("trop-perçu", row.overpaid, sum(where.overpaid - where.reversed_amount for where in over)),
            ("pris sur l’accordé", row.taken, sum(one.taken for one in own)),
        ):
            yield from _compare(f"Convention {row.pk}, {name}", kept, counted)


def _read(model: type[Model], *related: str, **only: Any) -> Iterator[Any]:
    rows = model._default_manager.filter(**only).select_related(*related).order_by("pk")
    return rows.iterator(chunk_size=CHUNK)


def _current(lines: Iterable[Any]) -> list[Any]:
    """Lines of signed acts that no signed act replaces nor removes; « sans objet » is no line.

    Both kinds of goods number their rows apart: a row is replaced by one of its own kind.
    """
    rows = list(lines)
    signed = [row for row in rows if row.act.state == ActState.SIGNED]
    replaced = {(type(row), row.replaces_id) for row in signed}
    return [
        row
        for row in signed
        if not row.removed
        and (type(row), row.pk) not in replaced
        and row.status != AmountStatus.NOT_APPLICABLE
    ]


def _act_year(row: Any) -> int | None:
    day = row.act.starts_on or row.act.signed_on
    return day.year if day else None


def _raise_by(row: Any) -> int:
    if row.status != AmountStatus.KNOWN or row.amount is None:
        return 0
    return max(row.amount - ((row.replaces.amount or 0) if row.replaces else 0), 0)


def _places_of() -> dict[int, set[str]]:
    """{convention: the provinces, or the wider areas, of its places}."""
    wider: dict[int, set[str]] = {}
    for area in Area.objects.prefetch_related("provinces"):
        wider[area.pk] = {place.name for place in area.provinces.all()} or {area.name}
    found: dict[int, set[str]] = defaultdict(set)
    for link in Convention.areas.through._default_manager.all():
        found[link.convention_id] |= wider[link.area_id]
    return found


def _tally(rows: Iterable[Any]) -> Tally:
    return tally((row.amount, row.status) for row in rows)


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, Tally]:
    found: dict[str, list[Any]] = defaultdict(list)
    for name, row in pairs:
        found[name].append(row)
    return {name: _tally(rows) for name, rows in found.items()}


def _compare_bars(told: str, bars: Iterable[figures.Slice], counted: dict[str, Tally]) -> Iterator[str]:
    shown = {bar.label: bar.total for bar in bars}
    for name in sorted(shown.keys() | counted.keys()):
        yield from _compare(f"{told} « {name} »", shown.get(name, Tally()), counted.get(name, Tally()))


def _compare(told: str, shown: Tally | int, counted: Tally | int) -> Iterator[str]:
    if shown != counted:
        yield f"{told} : les écrans disent {_said(shown)}, les lignes donnent {_said(counted)}."


def _said(value: Tally | int) -> str:
    if isinstance(value, int):
        return show_xpf(value)
    return f"{value.text or 'aucune ligne'} ({value.counted} comptées, {value.left_out} non comptées)"
