"""The accounts of a termination speak of money and of loans only where the convention in force holds some."""

import itertools

import pytest
from django.utils import timezone

from conventions.domain.acts import amending
from conventions.domain.acts.content import assembling
from conventions.domain.acts.templates import agreements
from conventions.enums import ActKind, TemplateState
from conventions.models import AgreementTemplate
from conventions.tests import factories as f
from conventions.tests.pdf.reading import plain

pytestmark = pytest.mark.django_db

MONEY = {
    "sans argent": {},
    "montant connu": {"act__fundings": [{"budget_year": 2026}]},
    "montant inconnu": {"act__fundings": [{"budget_year": 2026, "status": "non_communique", "amount": None}]},
}
GOODS = {
    "sans bien": {},
    "service": {"act__in_kind": [{}]},
    "prêt": {"act__in_kind": [{"loan": True}]},
    "matériel donné": {"act__equipment": [{"quantity": 2, "transfer": "don"}]},
    "matériel prêté": {"act__equipment": [{"quantity": 2, "transfer": "pret"}]},
}
LENT = ("prêt", "matériel prêté")


@pytest.fixture
def second_texts():
    draft = AgreementTemplate.objects.get(act_kind=ActKind.TERMINATION, state=TemplateState.DRAFT, kinds=None)
    agreements.put_in_force_with_texts(draft, by=f.UserFactory(role="juriste"))


def accounts_of(convention, **values):
    act = amending.start_termination(
        convention, by=f.UserFactory(role="gestionnaire"), reason="Le projet a cessé (fictif).",
        effective_on=timezone.localdate(), **values,
    )  # fmt: skip
    return act, plain(act.clause_set.get(code="resiliation_comptes").body)


@pytest.mark.parametrize(("money", "goods"), list(itertools.product(MONEY, GOODS)))
def test_accounts_hold_what_there_is_to_settle(second_texts, money, goods):
    convention = f.ConventionFactory(act="signe", **MONEY[money], **GOODS[goods])
    _act, text = accounts_of(convention)
    assert ("sommes" in text) == bool(MONEY[money])
    assert ("versement" in text) == bool(MONEY[money])
    assert ("biens prêtés" in text) == (goods in LENT)
    assert "rend compte" in text or (goods in LENT and not MONEY[money])


def test_what_an_amendment_brought_is_settled_too(second_texts):
    convention = f.ConventionFactory(act="signe")
    later = f.ActFactory(
        convention=convention, kind=ActKind.AMENDMENT, rank=1, fundings=[{"budget_year": 2026}]
    )
    f.settle(later, "signe")
    act, text = accounts_of(convention)
    assert "sommes" in text
    assert "comptes_argent" in assembling.act_facts(act)


def test_other_acts_settle_nothing(second_texts):
    act = f.ConventionFactory(act__fundings=[{"budget_year": 2026}]).acts.get()
    assert not [fact for fact in assembling.act_facts(act) if fact.startswith("comptes_argent")]
