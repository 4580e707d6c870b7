"""How a rule of the database is broken once, and the cases of what is about money."""

import datetime
from dataclasses import dataclass, field

import factory

from conventions.tests import factories as f


@dataclass(frozen=True)
class Broken:
    """A rule by name, and how to break it: build a row with the factory, then write these columns past the model."""

    constraint: str
    factory: type
    columns: dict
    given: dict = field(default_factory=dict)

    def __str__(self):
        return self.constraint


def twice(constraint, factory, *columns, **given):
    """A second row that repeats these columns of a first one."""
    return Broken(constraint, factory, {"copy": columns}, given)


MONEY = (
    twice(
        "paper_rule_once_per_date",
        f.PaperRuleFactory,
        "paper",
        "kind",
        "rank",
        "effective_from",
        kind=factory.SubFactory(f.KindFactory),
    ),
    twice("paper_rule_of_all_once_per_date", f.PaperRuleFactory, "paper", "rank", "effective_from"),
    Broken("paper_rule_ends_later", f.PaperRuleFactory, {"ends_on": datetime.date(2000, 1, 1)}),
    twice("payment_file_version_once", f.PaymentFileFactory, "payment", "version"),
    Broken("payment_file_has_pages", f.PaymentFileFactory, {"page_count": 0}),
    twice("envelope_once_a_year", f.EnvelopeFactory, "year", "label"),
    Broken(
        "envelope_one_scope",
        f.EnvelopeFactory,
        {"province_id": 1},
        {"kind": factory.SubFactory(f.KindFactory)},
    ),
    Broken("envelope_move_sign", f.EnvelopeMoveFactory, {"amount": -5}),
    Broken("envelope_move_other", f.EnvelopeMoveFactory, {"kind": "transfert"}),
)
