"""What associations propose and staff decide: a bank account, a mandate. Nothing counts before it is accepted.

`send_account` · `declare_person` ─ wait ─ `accept_account` · `accept_person` · `refuse`
"""

from conventions.domain.space.proposals.accounts import accept_account, read_proposed, send_account
from conventions.domain.space.proposals.deciding import DecisionRefused, refuse
from conventions.domain.space.proposals.mandates import Person, accept_person, declare_person

__all__ = [
    "DecisionRefused",
    "Person",
    "accept_account",
    "accept_person",
    "declare_person",
    "read_proposed",
    "refuse",
    "send_account",
]
