"""No value breaks a page: every form that a page shows is sent again, filled, with values at the edges.

`pytest -n 0 conventions/tests/boundary --inputs 20000` tries as many (see « Vérifier », docs/operations.md).
"""

import itertools
from collections import Counter
from dataclasses import replace

import pytest
from django.urls import reverse

from conventions.enums import ActState
from conventions.tests import factories as f
from conventions.tests.boundary.forms import Form
from conventions.tests.boundary.replay import TRACED, Input, Inputs, Visits, fault_of, harvest
from conventions.tests.matrix import world as worlds

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.edges]
SEED = 14
# Those whose pages are all read each time; the others send these forms too, and have theirs read in a long run.
READ_EACH_TIME = ("superuser", "president", "anonymous")
FEW = 250


def varied(*visitors: str) -> tuple[worlds.World, tuple[str, ...]]:
    """A world with an act in each state, and the addresses of their pages."""
    world = worlds.build(*visitors)
    files = [
        f.ConventionFactory(
            title=f"Soutien {state.label} (fictif)",
            partner=world.partner,
            act=state,
            act__fundings=[{}],
            act__clauses=[{}],
        )
        for state in ActState
    ]
    return world, tuple(
        [reverse("admin:conventions_convention_change", args=[each.pk]) for each in files]
        + [reverse("portal:convention", args=[each.slug]) for each in files]
    )


def test_no_value_breaks_a_page_loses_a_text_or_opens_a_right(request, capsys):
    count = request.config.getoption("--inputs") or FEW
    readers = worlds.VISITORS if count > 20 * FEW else READ_EACH_TIME
    world, more = varied(*worlds.VISITORS)
    visits = Visits(world)
    forms = {who: harvest(visits, who, more) if who in readers else [] for who in worlds.VISITORS}
    faults, answers = {}, Counter()
    for number, sent in enumerate(itertools.islice(Inputs(forms, SEED), count), start=1):
        answer, then = visits.replay(sent)
        answers[answer.status] += 1
        fault = fault_of(sent, answer, then)
        if fault and fault not in faults:
            faults[fault] = str(sent)
            if count > FEW:
                with capsys.disabled():
                    print(f"\n{number} {fault}\n    {sent}", flush=True)  # noqa: T201
    if count > FEW:
        with capsys.disabled():
            found = sum(len(each) for each in forms.values())
            print(f"\n{count} envois de {found} formulaires : {dict(answers)}")  # noqa: T201
    assert faults == {}


def test_refusal_told_by_the_journal_is_no_write_without_right_but_any_other_line_is():
    world = worlds.build("communication")
    visits, draft = Visits(world), world.row("draft")
    url = reverse("admin:conventions_convention_event", args=[draft.pk, "abandonner"])
    sent = Input("communication", Form(url, url, "post"), url, (("_confirmer", "1"), ("reason", "Non.")), "")
    answer, then = visits.replay(sent)
    assert (answer.lines, fault_of(sent, answer, then)) == ((TRACED,), "")
    assert "journalentry" in fault_of(sent, replace(answer, lines=("acte_abandonne",)), then)
    assert "journalentry" in fault_of(sent, replace(answer, lines=(TRACED, "acte_abandonne")), then)
