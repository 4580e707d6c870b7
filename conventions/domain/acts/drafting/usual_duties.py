"""The usual duties of a beneficiary, proposed to a draft; its financial reports follow what the file gives."""

from __future__ import annotations

import calendar
import contextlib
import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.db.models import Exists, Max, OuterRef

from conventions.enums import ActKind, ActState, ObligationKind, PartyRole
from conventions.formats import bare_label, long_date
from conventions.models import Act, EquipmentTerm, Funding, InKind, Obligation, Partner, Party

if TYPE_CHECKING:
    from conventions.domain.acts.drafting.saving import RowEdit

YEAR_END = (31, 12)  # of an association whose accounting year is not known
REPORT_MONTHS = 6  # a financial report is due within six months of the end of the accounting year
REPORT_TEXT = "Remettre le compte rendu d’emploi du soutien, signé par la personne habilitée."
REPORT_WORDING = "dans les six mois qui suivent la fin de chaque exercice comptable concerné"
LOAN_KIND = "mise_a_disposition"  # as delivered: nothing is paid, so no use of money is reported
REVIEW_TEXT = "Remettre un bilan du projet : actions menées, personnes touchées, difficultés."
VISIBILITY_TEXT = "Mentionner le soutien de l’OPT-NC sur les supports de communication du projet."
# The tables that say what OPT-NC gives.
GIVEN = {str(model._meta.model_name) for model in (Funding, InKind, EquipmentTerm)}

Report = tuple[str, datetime.date | None, str]  # its text; its date, or words where none is known
Duty = tuple[ObligationKind, str, datetime.date | None, str]


def accounting_years(
    starts_on: datetime.date | None, ends_on: datetime.date | None, year_end: tuple[int, int] = YEAR_END
) -> list[datetime.date]:
    """The last day of each accounting year that the term touches; none without an end. `year_end`: day and month."""
    if ends_on is None:
        return []
    first = starts_on or ends_on
    ends = [_day_of(year, *year_end) for year in range(first.year, ends_on.year + 2)]
    return [
        end
        for before, end in zip([datetime.date.min, *ends], ends, strict=False)
        if end >= first and before < ends_on
    ]


def report_due_on(year_end: datetime.date) -> datetime.date:
    """Six months after the end of an accounting year, at the end of the month if the year ends so."""
    months = year_end.month + REPORT_MONTHS
    year, month = year_end.year + (months - 1) // 12, (months - 1) % 12 + 1
    ends_month = (year_end + datetime.timedelta(days=1)).day == 1
    return _day_of(year, 31 if ends_month else year_end.day, month)


def _day_of(year: int, day: int, month: int) -> datetime.date:
    """This day, or the last of the month where the month is shorter."""
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def add(act: Act, beneficiary: Party) -> None:
    """Propose to a draft just created the usual duties of its beneficiary."""
    paid = act.convention.kind.slug != LOAN_KIND
    reports = _reports(act, beneficiary.partner) if paid else []
    usual = [
        *((ObligationKind.FINANCIAL_REPORT, *report) for report in reports),
        (ObligationKind.REVIEW, REVIEW_TEXT, act.ends_on, ""),
        (ObligationKind.VISIBILITY, VISIBILITY_TEXT, None, "pendant la durée de la convention"),
    ]
    _insert(act, beneficiary, usual)


def _insert(act: Act, party: Party, duties: Sequence[Duty], *, start: int = 0) -> None:
    Obligation.objects.bulk_create(
        Obligation(act=act, party=party, kind=kind, text=text, due_on=due, due_wording=wording, position=rank)
        for rank, (kind, text, due, wording) in enumerate(duties, start=start)
    )


def _reports(act: Act, partner: Partner) -> list[Report]:
    """(text, due date, words) of a report for each accounting year: its date alone, or words where no date is known."""
    known = partner.year_end_day is not None and partner.year_end_month is not None
    year_end = (partner.year_end_day or 0, partner.year_end_month or 0) if known else YEAR_END
    years = accounting_years(act.starts_on, act.ends_on, year_end)
    if not years:
        return [(REPORT_TEXT, None, REPORT_WORDING)]
    if len(years) == 1 and not known:
        return [(REPORT_TEXT, report_due_on(years[0]), "")]
    said = bare_label(REPORT_TEXT)
    return [
        (
            f"{said}, pour l’{'exercice clos le ' + long_date(end) if known else f'année {end.year}'}.",
            report_due_on(end),
            "",
        )
        for end in years
    ]


# Reports of the use of money, where there is money


def tables(act: Act, rows: Iterable[RowEdit]) -> list[str]:
    """The tables that `reports_following` may write besides these: of the draft of a new convention, never submitted,
    of which these begin or cease to give money, or goods."""
    is_new = act.kind == ActKind.INITIAL and not act.is_reprise
    is_draft = act.state == ActState.DRAFT and act.submitted_at is None
    given = (row for row in rows if row.key in GIVEN)
    moves = any(row.added or row.removed or row.moved & {"status", "figure"} for row in given)
    return [str(Obligation._meta.model_name)] if is_new and is_draft and moves else []


@contextlib.contextmanager
def reports_following(act: Act) -> Iterator[None]:
    """Around what writes its lines. Goods alone have no use of money to report: the reports left as proposed leave;
    they are proposed again with the money."""
    before, untouched = _gives_goods_alone(act), _left_as_proposed(act)
    yield
    after = _gives_goods_alone(act)
    if after and not before:
        Obligation.objects.filter(pk__in=untouched).delete()
    elif before and not after:
        _propose_reports(act)


def _gives_goods_alone(act: Act) -> bool:
    """Whether its stored lines give goods, and no money of OPT-NC whose use could be reported."""
    mine = {"act": OuterRef("pk")}
    goods = Exists(InKind.objects.filter(**mine)) | Exists(EquipmentTerm.objects.filter(**mine))
    money = Exists(Funding.objects.granted().stated().filter(**mine))
    return Act.objects.filter(goods, ~money, pk=act.pk).exists()


def _left_as_proposed(act: Act) -> list[int]:
    """Keys of the stored financial reports that still say what is proposed, and that no instalment awaits."""
    asked = Obligation.objects.filter(act=act, kind=ObligationKind.FINANCIAL_REPORT, instalments=None)
    lines = asked.select_related("party__partner")
    return [
        line.pk
        for line in lines
        if line.party is not None
        and not line.proof
        and (line.text, line.due_on, line.due_wording) in _reports(act, line.party.partner)
    ]


def _propose_reports(act: Act) -> None:
    """Propose the financial reports to a draft that asks for none, after its other duties."""
    duties = Obligation.objects.filter(act=act)
    party = Party.objects.filter(convention=act.convention_id, role=PartyRole.BENEFICIARY).first()
    if party is None or duties.filter(kind=ObligationKind.FINANCIAL_REPORT).exists():
        return
    last = duties.aggregate(last=Max("position", default=0))["last"]
    reports = [(ObligationKind.FINANCIAL_REPORT, *report) for report in _reports(act, party.partner)]
    _insert(act, party, reports, start=last + 1)
