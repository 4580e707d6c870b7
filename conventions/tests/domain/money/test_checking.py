"""`verifier_comptes` agrees with the screens, and names what somebody changed behind them."""

import datetime
import io
import random

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from conventions.domain.money import figures
from conventions.enums import AmountStatus
from conventions.models import Area, Charge, Payment, PaymentFile, PaymentPosition
from conventions.money_enums import MoveKind
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
YEAR = 2026
MAY = datetime.date(YEAR, 5, 5)


def said(*args: str) -> str:
    out = io.StringIO()
    call_command("verifier_comptes", *args, stdout=out)
    return out.getvalue()


def problems(*args: str) -> list[str]:
    """What the command says is wrong, line by line; it ends by an error."""
    told = io.StringIO()
    with pytest.raises(CommandError, match="différence"):
        call_command("verifier_comptes", *args, stderr=told)
    return told.getvalue().splitlines()


@pytest.fixture
def paid():
    """A payment made, of a line of the year charged to an envelope."""
    act = f.ConventionFactory(
        act="signe", act__starts_on=MAY, act__fundings=[{"budget_year": YEAR, "amount": 900_000}]
    ).acts.get()
    line = act.funding_set.get()
    envelope = f.EnvelopeFactory(year=YEAR)
    f.EnvelopeMoveFactory(envelope=envelope, amount=5_000_000)
    f.ChargeFactory(convention=act.convention, line=line.line, envelope=envelope)
    return f.PaymentFactory(funding=line, amount=300_000, paid_on=MAY)


def test_a_year_of_every_sort_of_row_agrees():
    """Known, capped, unknown; in force, foreseen, to be amended; paid, sent, sent back, rejected; charged or not."""
    draw = random.Random(17)
    envelopes = f.EnvelopeFactory.create_batch(2, year=YEAR)
    for row in envelopes:
        f.EnvelopeMoveFactory(envelope=row)
        f.EnvelopeMoveFactory(envelope=row, kind=MoveKind.CUT, amount=-1_000_000)
    for rank in range(16):
        lines = []
        for _line in range(draw.randint(1, 3)):
            status = draw.choice(list(AmountStatus))
            known = status in (AmountStatus.KNOWN, AmountStatus.CAPPED)
            amount = draw.randint(1000, 10**6) if known else None
            year = draw.choice([YEAR, YEAR - 1, None])
            lines.append({"status": status, "amount": amount, "budget_year": year})
        state = {} if rank % 4 == 0 else {"act": "signe", "act__starts_on": MAY}
        convention = f.ConventionFactory(
            **state, act__fundings=lines, act__in_kind=[{}], act__equipment=[{}] * (rank % 2)
        )
        convention.areas.add(*draw.sample(list(Area.objects.all()), rank % 3))
        for line in convention.acts.get().funding_set.all():
            f.ChargeFactory(convention=convention, line=line.line, envelope=envelopes[0])
            f.ChargeFactory(convention=convention, line=line.line, envelope=draw.choice([*envelopes, None]))
            if state:
                ends = draw.choice([{"paid_on": MAY}, {"returned_on": MAY}, {}])
                more = {"paid_amount": 2000} if "paid_on" in ends and rank % 3 == 0 else {}
                f.PaymentFactory(funding=line, amount=draw.randint(1, 1999), sent_on=MAY, **ends, **more)
    assert Payment.objects.paid().exists()
    assert Payment.objects.waiting().exists()
    assert Charge.objects.standing().exists()
    assert figures.year_figures(YEAR).granted.total
    assert said().startswith("Tout concorde : ")
    assert said(str(YEAR)).startswith("Tout concorde : ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"paid_amount": 299_999}, "« payé (F CFP) »"),
        ({"reversed_amount": 1}, "« reversé (F CFP) »"),
        ({"state": "transmis"}, "« état »"),
        ({"paid_on": datetime.date(YEAR, 5, 6)}, "« payé le »"),
        ({"account_read": "autre compte"}, "« ce qui a été confirmé du compte »"),
    ],
)
def test_a_position_changed_behind_its_events_is_named(paid, change, words):
    PaymentPosition.objects.filter(payment=paid).update(**change)
    first = problems()[0]
    assert f"Le versement {paid.pk} : {words}" in first
    assert "autre compte" not in first


def test_totals_that_a_changed_position_moves_are_named_with_both_values(paid):
    PaymentPosition.objects.filter(payment=paid).update(paid_amount=100_000)
    told = "\n".join(problems(str(YEAR))).replace("\u202f", " ").replace("\u00a0", " ")
    assert f"Exercice {YEAR}, versé : les écrans disent 100 000 F CFP" in told
    assert "versé : les écrans disent 100 000 F CFP, les lignes donnent 300 000 F CFP" in told
    assert f"Convention {paid.convention_id}, payé : les écrans disent 100 000" in told


def test_another_year_is_not_looked_at(paid):
    PaymentPosition.objects.filter(payment=paid).update(paid_amount=100_000)
    assert said(str(YEAR - 1)).startswith("Tout concorde")


@pytest.mark.parametrize("content", [b"%PDF-1.7 autre", None])
def test_a_payment_file_that_changed_or_is_lost_is_named(paid, content):
    row = PaymentFile.objects.create(
        payment=paid, sha256="0" * 64, size=3, page_count=1, papers=[], created_by=paid.recorded_by
    )
    if content:
        storages["private"].save(row.storage_name, ContentFile(content))
    (told,) = problems()
    assert f"Versement {paid.pk}, dossier v1" in told
    assert ("a été modifié" if content else "a disparu") in told


def test_a_year_out_of_bounds_is_refused():
    with pytest.raises(CommandError, match="1990 et 2100"):
        call_command("verifier_comptes", "20266")
