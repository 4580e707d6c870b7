"""An act with everything to be frozen, and papers that may become its annexes."""

import pytest

from conventions.domain.acts import drafting
from conventions.domain.acts.lifecycle import apply
from conventions.domain.documents import annexes
from conventions.enums import Event
from conventions.models import Act, Annex
from conventions.tests import factories as f

CLAUSE = {
    "code": "objet",
    "heading": "Objet",
    "body": "L’OPT-NC soutient {{ du_beneficiaire }} : {{ objet }}",
}


@pytest.fixture
def officer():
    return f.UserFactory(role="gestionnaire")


@pytest.fixture
def lawyer():
    return f.UserFactory(role="juriste")


@pytest.fixture
def act(officer):
    funding = {"amount": 2_000_000, "budget_year": 2026}
    convention = f.ConventionFactory(
        act__clauses=[CLAUSE], act__fundings=[funding], act__path="papier", act__prepared_by=officer
    )
    act = convention.acts.get()
    Act.objects.filter(pk=act.pk).update(board_decision=f.BoardDecisionFactory())
    act.refresh_from_db()
    return act


def paper(act, content=None, **values):
    """A paper filed with the act's convention."""
    values = {"title": "Plan de scène (fictif)"} | values
    return f.AttachmentFactory(
        convention=act.convention, content=content or f.small_pdf("Plan (fictif)"), **values
    )


def annex_of(act, attachment, title="Plan de scène (fictif)", **values):
    return annexes.take(Annex(act=act, attachment=attachment, title=title, **values))


def choose(act, *rows, by, changed=(), removed=()):
    """Save these annexes as the page of the convention does."""
    act.convention.refresh_from_db()
    row = drafting.RowEdit(key="annex", added=list(rows), changed=list(changed), removed=list(removed))
    edit = drafting.Edit(convention=act.convention, act=Act.objects.get(pk=act.pk), rows=[row])
    return drafting.save(edit, by=by, version=act.convention.version)


def frozen(act, officer, lawyer):
    act = apply(act, Event.SUBMIT, by=officer)
    act = apply(act, Event.APPROVE, by=lawyer)
    return apply(act, Event.FREEZE, by=officer)
