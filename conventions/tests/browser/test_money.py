"""An envelope on a phone and on a wide screen: nothing scrolls sideways, and anybody may read it."""

import pytest
from django.urls import reverse

from conventions.money_enums import MoveKind
from conventions.tests import factories as f
from conventions.tests.browser.pages import axe_violations, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
YEAR = 2026


def filled(width: int) -> list[str]:
    """An envelope with its moves, lines charged and lines to charge; the addresses to look at."""
    row = f.EnvelopeFactory(year=YEAR, label=f"Solidarité {width} (fictif)")
    other = f.EnvelopeFactory(year=YEAR, label=f"Inclusion numérique {width} (fictif)")
    f.EnvelopeMoveTextFactory(
        move=f.EnvelopeMoveFactory(envelope=row, amount=4_000_000, decision="2026-12"),
        reason="Budget primitif (fictif).",
    )
    f.EnvelopeMoveFactory(envelope=row, kind=MoveKind.TRANSFER, amount=-500_000, other=other)
    for rank in range(4):
        title = f"Accompagnement scolaire des jeunes du quartier, édition {rank + 1} (fictif)"
        lines = [{"amount": 1_500_000, "budget_year": YEAR}, {"unknown": True, "budget_year": YEAR}]
        act = f.ConventionFactory(title=title, act="signe", act__fundings=lines).acts.get()
        if rank < 2:
            for line in act.funding_set.all():
                f.ChargeFactory(convention=act.convention, line=line.line, envelope=row)
    names = [
        ("changelist", []),
        ("change", [row.pk]),
        ("charge", []),
        ("move", [row.pk]),
        ("transfer", [row.pk]),
    ]
    found = [reverse(f"admin:conventions_envelope_{name}", args=args) for name, args in names]
    found[2] += f"?annee={YEAR}"
    return [*found, reverse("admin:conventions_envelope_add"), f"{reverse('admin:figures')}?annee={YEAR}"]


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_envelopes_are_read_at_every_width(site, width):
    addresses = filled(width)
    page = site.context("superuser", viewport={"width": width, "height": 900}).new_page()
    faults = {}
    for address in addresses:
        page.goto(f"{site.url}{address}")
        if found := [*axe_violations(page), *overflow(page)]:
            faults[address] = found
    assert faults == {}
