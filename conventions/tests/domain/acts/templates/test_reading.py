"""Templates in words: when each text is chosen, which wins, since when a version holds."""

import datetime

import pytest

from conventions.domain.acts.drafting.clauses import proposed_templates
from conventions.domain.acts.templates import reading
from conventions.enums import ActKind, ActState, TemplateState
from conventions.models import AgreementTemplate
from conventions.tests.factories import (
    AgreementTemplateFactory,
    ClauseTemplateFactory,
    ConventionFactory,
    KindFactory,
)

pytestmark = pytest.mark.django_db
ORDINARY, FOR_KIND, KNOWN = "texte ordinaire", "mecenat", "connu"
DAY = datetime.datetime(2026, 11, 25, 2, tzinfo=datetime.UTC)


def text(variant: str, *, kind=None, condition=""):
    row = ClauseTemplateFactory(act_kind=ActKind.INITIAL, code="essai", variant=variant, condition=condition)
    row.kinds.set([kind] if kind else [])
    return row


@pytest.fixture
def kind():
    return KindFactory()


@pytest.fixture
def texts(kind):
    return {
        ORDINARY: text(""),
        KNOWN: text(KNOWN, condition="montant_connu"),
        FOR_KIND: text(FOR_KIND, kind=kind),
        "les deux": text("les deux", kind=kind, condition="montant_connu"),
    }


def test_texts_of_an_article_come_in_the_order_in_which_they_win(texts, kind):
    assert reading.variants(texts[ORDINARY]) == [
        ("les deux", f"pour : {kind} ; si le montant est connu"),
        (FOR_KIND, f"pour : {kind}"),
        (KNOWN, "si le montant est connu"),
        (ORDINARY, "quand aucun autre texte ne convient mieux"),
    ]


def test_first_of_them_is_the_one_a_draft_receives(texts, kind):
    source = AgreementTemplateFactory(state=TemplateState.IN_FORCE, lines=[{"code": "essai", "position": 1}])
    convention = ConventionFactory(
        kind=kind, act=ActState.DRAFT, act__fundings=[{"amount": 1}], act__agreement_template=source
    )
    chosen = []
    while found := proposed_templates(convention.acts.get()):
        chosen += [row.variant or ORDINARY for row in found]
        found[0].delete()
    assert chosen == ["les deux", FOR_KIND, KNOWN, ORDINARY]


@pytest.mark.parametrize(
    ("state", "began", "ended", "told"),
    [
        (TemplateState.DRAFT, None, None, "en préparation"),
        (TemplateState.IN_FORCE, DAY, None, "en vigueur depuis le 25 novembre 2026"),
        (TemplateState.IN_FORCE, None, None, "en vigueur"),
        (TemplateState.RETIRED, DAY, DAY, "retirée le 25 novembre 2026"),
        (TemplateState.RETIRED, DAY, None, "retirée"),
    ],
)
def test_since_when_a_version_holds(state, began, ended, told):
    row = AgreementTemplate(state=state, in_force_since=began, retired_at=ended)
    assert reading.since(row).replace("\u00a0", " ") == told


def test_preview_shows_the_example_of_a_field_and_names_what_is_unknown():
    (block,) = reading.preview("Somme : {{ montant_total }}, {{ montan }}.")
    told = block["text"].replace("\u202f", " ").replace("\u00a0", " ")
    assert told == "Somme : 2 000 000 F CFP, [montan ?]."
