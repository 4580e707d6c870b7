"""Each step of the sweep is timed, counted, and remembers how often it failed."""

import io

import pytest
from django.core.management import CommandError, call_command

from conventions.domain.foundation import throttling
from conventions.domain.foundation.failures import Failures
from conventions.domain.service import sweeping
from conventions.models import SweepStep
from conventions.tests import factories as f
from conventions.tests.domain.foundation.test_failures import STEPS

pytestmark = pytest.mark.django_db


def swept():
    try:
        call_command("balayer", stdout=io.StringIO())
    except CommandError as error:
        return str(error)
    return ""


def test_every_step_leaves_its_row_and_the_pass_its_own():
    swept()
    rows = {row.name: row for row in SweepStep.objects.all()}
    assert {*STEPS.values(), sweeping.WHOLE} <= set(rows)
    assert {row.failed_in_a_row for row in rows.values()} == {0}
    assert sweeping.last_pass() == rows[sweeping.WHOLE].ran_at
    assert rows[sweeping.WHOLE].seconds >= rows["Courriels"].seconds >= 0


def test_what_a_step_did_is_counted(at):
    with at(2026, 1, 5, 9):
        f.LoginCodeFactory()
    with at(2026, 3, 2, 9):
        swept()
    assert SweepStep.objects.get(name="Codes de connexion").counted == 1


def test_failures_in_a_row_are_counted_until_it_goes_well(monkeypatch):
    def fails():
        raise OSError("secret")

    with monkeypatch.context() as broken:
        broken.setattr(throttling, "purge", fails)
        assert "Essais des réseaux (OSError)" in swept()
        swept()
        row = SweepStep.objects.get(name="Essais des réseaux")
        assert (row.failed_in_a_row, row.error, row.went_well_at) == (2, "Essais des réseaux (OSError)", None)
        assert [step.name for step in sweeping.failing(2)] == ["Essais des réseaux"]
    swept()
    row.refresh_from_db()
    assert (row.failed_in_a_row, row.error, row.went_well_at == row.ran_at) == (0, "", True)


def test_step_that_depends_on_the_date_waits_while_the_clock_is_held():
    done, sweep = [], sweeping.Sweep(Failures(), held="Elle a avancé.")
    sweep.step("Tout de suite", lambda: done.append("now"))
    sweep.step("Plus tard", lambda: done.append("later"), dated=True)
    assert done == ["now"]
