"""An amendment of each table of the varied files: what it changes, removes and adds is read in its frozen text."""

import datetime

import pytest

from conventions.domain.acts import amending, coverage
from conventions.domain.acts.content import changes, loading
from conventions.domain.acts.coverage.added import added
from conventions.domain.documents import storage
from conventions.domain.documents.reading import Words
from conventions.enums import Event
from conventions.models import (
    Act,
    BudgetLine,
    Clause,
    EquipmentTerm,
    Funding,
    Indicator,
    InKind,
    InstalmentTerm,
    Obligation,
)

pytestmark = [pytest.mark.pdf, pytest.mark.slow]
DAY = datetime.date(2031, 5, 17)
# Where each table has lines, and what an amendment makes of one.
CHANGES = {
    Funding: ("collecte-et-prix", {"label": "cachets revus"}),
    InstalmentTerm: ("budget-et-indicateurs", {"condition": "visé par la trésorière"}),
    InKind: ("pret", {"conditions": "transport par camion", "insurance": "contrat groupe", "return_on": DAY}),
    EquipmentTerm: ("pret", {"custody": "gardé au dispensaire", "return_on": DAY}),
    Obligation: ("pret", {"text": "Rendre le matériel révisé.", "proof": "fiche de révision", "due_on": DAY}),
    BudgetLine: ("budget-et-indicateurs", {"heading": "location de deux bus"}),
    Indicator: ("budget-et-indicateurs", {"target_wording": "trois élèves sur quatre", "due_on": DAY}),
    Clause: ("pret", {"body": "Un article changé par l’avenant, à {{ lieu }}."}),
}


def frozen(made, act: Act) -> Act:
    """As the officer and the lawyer freeze it, on their screens."""
    desk = made["desk"]
    desk.save(act, {"board_decision": desk.decision.pk, "path": "papier"})
    for event in (Event.SUBMIT, Event.APPROVE, Event.FREEZE):
        act = desk.advance(act, event)
    return act


def test_every_table_is_tried():
    assert set(CHANGES) == set(changes.TERM_MODELS)


@pytest.mark.parametrize("model", CHANGES, ids=lambda model: model.__name__)
def test_what_an_amendment_changes_and_removes_is_read_in_its_text(made, model):
    key, values = CHANGES[model]
    by = made["desk"].officer.user
    convention = Act.objects.select_related("convention").get(pk=made["acts"][key]).convention
    act = amending.start_amendment(convention, by=by, reason="Les conditions changent (fictif).")
    first, *others = amending.lines_in_force(convention)[model]
    amending.replace_line(act, first, by=by, **values)
    if others:
        amending.remove_line(act, others[-1], by=by)
    act = frozen(made, act)
    words = Words.of_act(storage.read_bytes(act.frozen_document), act.frozen_document.code)
    case = coverage.case_of(loading.loaded(act))
    promised = [
        promise for group in coverage.promises_of(case) for promise in group if model.__name__ in promise.key
    ]
    assert [str(promise) for promise in coverage.lost(case, words)] == []
    assert added(case, words) == []
    assert {promise.key.split(".")[1] for promise in promised} >= set(values)
    assert any(promise.words.startswith("supprimé") for promise in promised) == bool(others)


def test_termination_says_its_reason_and_its_day(made):
    by, first = made["desk"].officer.user, Act.objects.get(pk=made["acts"]["argent-seul"])
    day = first.starts_on + datetime.timedelta(days=40)
    reason = "La troupe cesse (fictif)."
    act = amending.start_termination(first.convention, by=by, reason=reason, effective_on=day)
    act = frozen(made, act)
    case = coverage.case_of(loading.loaded(act))
    words = Words.of_act(storage.read_bytes(act.frozen_document), act.frozen_document.code)
    assert [str(promise) for promise in coverage.lost(case, words, fresh=True)] == []
    assert added(case, words) == []
    assert {"Act.reason", "Act.effective_on"} <= {
        one.key for group in coverage.promises_of(case) for one in group
    }
