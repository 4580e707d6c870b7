"""What happens after signature: payments, reports, loans that come back, review, closing.

Each verb checks the right, refuses in French (`Refused`), writes one fact and its journal line in one transaction.
Equipment has its own verbs in `domain.handover`. `follow_up` reads everything for the page « Suivi ».
"""

from conventions.domain.following.closing import close, record_review, still_open
from conventions.domain.following.overview import FollowUp, follow_up
from conventions.domain.following.reports import accept_report, ask_again, record_report, record_return
from conventions.domain.money.accounts import (
    AccountChange,
    account_change,
    loaded_accounts,
    no_account,
)
from conventions.domain.money.cases import mark_paid, may_pay, record_payment, send_back
from conventions.domain.money.queries import excess, to_pay

__all__ = [
    "AccountChange",
    "FollowUp",
    "accept_report",
    "account_change",
    "ask_again",
    "close",
    "excess",
    "follow_up",
    "loaded_accounts",
    "mark_paid",
    "may_pay",
    "no_account",
    "record_payment",
    "record_report",
    "record_return",
    "record_review",
    "send_back",
    "still_open",
    "to_pay",
]
