"""What is left to send of what was granted, in the database and line by line. Whole XPF; unknown is never 0."""

import uuid

from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from conventions.enums import AmountStatus, FundingFigure
from conventions.formats import counted, show_xpf
from conventions.models import Convention, Funding, Payment
from conventions.models.money import NET, PaymentQuerySet
from conventions.money_enums import OPEN, SPENT, PaymentState

# What a payment takes of what is granted: what waits, or what was paid and did not come back.
SENT = Case(
    When(position__state=PaymentState.SENT, then=F("amount")),
    When(position__state__in=SPENT, then=NET),
    default=0,
    output_field=BigIntegerField(),
)
# With what is prepared too.
ENGAGED = Case(When(position__state__in=OPEN, then=F("amount")), default=SENT, output_field=BigIntegerField())


def with_sums(conventions: QuerySet) -> QuerySet:
    """Annotate, in XPF, what the payments of each come to: `to_pay` (sent, unpaid), `paid` (gross), `reversed`,
    `overpaid` (still to come back), `taken` (what counts against what is granted)."""
    rows = Payment.objects.filter(convention=OuterRef("pk"))
    owed_back = F("position__overpaid") - F("position__reversed_amount")
    return conventions.annotate(
        to_pay=_sum(rows.waiting(), F("amount")),
        paid=_sum(rows, F("position__paid_amount")),
        reversed=_sum(rows, F("position__reversed_amount")),
        overpaid=_sum(rows.in_state(PaymentState.OVERPAID), owed_back),
        taken=_sum(rows, SENT),
    )


def _sum(rows: PaymentQuerySet, amount: F | Case | CombinedExpression) -> Coalesce:
    found = rows.order_by().values("convention").annotate(value=Sum(amount)).values("value")
    return Coalesce(Subquery(found, output_field=BigIntegerField()), 0)


def sums(rows: PaymentQuerySet) -> dict[str, int]:
    """Of these payments: `count`, `taken`, `paid` (gross), `reversed`, `overpaid` (still to come back); one query."""
    found = rows.order_by().aggregate(
        count=Count("pk"),
        taken=Sum(SENT),
        paid=Sum("position__paid_amount"),
        reversed=Sum("position__reversed_amount"),
        overpaid=Sum(
            F("position__overpaid") - F("position__reversed_amount"),
            filter=Q(position__state=PaymentState.OVERPAID),
        ),
    )
    return {name: value or 0 for name, value in found.items()}


def left_on(funding: Funding, *, without: Payment | None = None) -> int | None:
    """What may still be prepared on the line of this row in force, in XPF; None where nothing certain limits it.

    Known and capped amounts limit; below 0 when an amendment left less than what was paid. `without` is not counted.
    """
    if funding.amount is None or funding.status not in (AmountStatus.KNOWN, AmountStatus.CAPPED):
        return None
    rows = of_line(funding.line).exclude(pk=without.pk if without else None)
    return funding.amount - (rows.aggregate(value=Sum(ENGAGED))["value"] or 0)


def beyond_faults(payment: Payment) -> dict[str, str]:
    """Why a payment still to send may not be: it goes beyond what is left on its line. Nothing where it is unknown."""
    if payment.funding is None:
        return {}
    row = Funding.objects.current().filter(line=payment.funding.line).first()
    left = left_on(row, without=payment) if row is not None else None
    if left is None or payment.amount <= left:
        return {}
    told = f"Il reste {show_xpf(left)}" if left > 0 else "Il ne reste rien"
    return {"amount": f"{told} à verser sur « {row} ». Corrigez le montant, ou faites un avenant."}


def of_line(line: uuid.UUID) -> PaymentQuerySet:
    """Payments on a line of funding, by themselves or by their instalment."""
    return Payment.objects.filter(
        Q(funding__line=line) | Q(funding=None, instalment__funding_line=line)
    ).order_by()


def to_pay(payments: PaymentQuerySet) -> str:
    """« 3 versements · 1 250 000 F CFP à payer · 1 sans exercice précisé » of those that wait; two queries."""
    found = payments.order_by().aggregate(count=Count("pk"), amount=Sum("amount"))
    if not found["count"]:
        return ""
    parts = [counted(found["count"], "versement"), f"{show_xpf(found['amount'])} à payer"]
    undated = payments.order_by().with_budget_year().filter(budget_year=None).count()
    if undated:
        parts.append(f"{undated} sans exercice précisé")
    return " · ".join(parts)


def taken(payment: Payment) -> int:
    """What a payment takes of what is granted, in XPF: what waits, or what was paid and did not come back."""
    where = payment.position
    if where.state in SPENT:
        return where.net
    return payment.amount if where.state == PaymentState.SENT else 0


def excess(convention: Convention) -> int | None:
    """By how many francs what was sent or paid goes beyond what is granted; None when it does not, or nobody knows."""
    granted = list(Funding.objects.current().granted().filter(act__convention=convention))
    limits = [row.amount or 0 for row in granted if row.status in (AmountStatus.KNOWN, AmountStatus.CAPPED)]
    if not granted or len(limits) < len(granted):
        return None
    rows = Payment.objects.standing().filter(convention=convention)
    ours = rows.filter(Q(funding=None) | Q(funding__figure=FundingFigure.GRANTED))
    beyond = sums(ours)["taken"] - sum(limits)
    return beyond if beyond > 0 else None
