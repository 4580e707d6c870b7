"""What an amendment prints of each change: one sentence a line, as lawyers write it."""

import datetime

import pytest
from django.utils.html import strip_tags

from conventions.domain.acts import amending
from conventions.domain.acts.content import assembling
from conventions.domain.documents.rendering import amending as sentences
from conventions.enums import ActState
from conventions.models import Clause, Funding
from conventions.tests import factories as f
from conventions.tests.factories.acts import settle

DAY = datetime.date
BODIES = {
    "Objet": "La convention a pour objet : {{ objet }}",
    "Soutien financier": "Soit :\n\n{{ tableau_financements }}",
    "Versements": "Soit :\n\n{{ tableau_echeancier }}",
    "Engagements": "Soit :\n\n{{ liste_engagements }}",
    "Durée": "Du {{ date_debut }} au {{ date_fin }}.",
}


@pytest.fixture
def officer(db):
    return f.UserFactory(role="gestionnaire")


@pytest.fixture
def convention(officer):
    act = f.ActFactory(
        starts_on=DAY(2026, 1, 1),
        ends_on=DAY(2026, 12, 31),
        clauses=[
            {
                "code": f"article-{rank}",
                "heading": heading,
                "body": body,
                "position": rank * 10,
            }
            for rank, (heading, body) in enumerate(BODIES.items(), start=1)
        ],
    )
    f.FundingFactory(act=act, amount=2_000_000, budget_year=2026, label="Encadrement")
    f.ObligationFactory(
        act=act, text="Tenir un stand.", party=act.convention.parties.get(role="beneficiaire")
    )
    f.InstalmentTermFactory(act=act, label="Solde", amount=500_000)
    return settle(act, ActState.SIGNED, number="2026-014").convention


def told(act) -> list[str]:
    """The sentences of an amendment, as read: plain spaces, no mark."""
    blocks = sentences.changes(assembling.agreement_context(act))
    found = []
    for block in blocks:
        found += [strip_tags(text) for text in block.get("items", [block.get("text")])]
    return [text.replace("\u00a0", " ").replace("\u202f", " ") for text in found]


def started(convention, officer, **values):
    return amending.start_amendment(convention, by=officer, reason="Raison du dossier.", **values)


def in_force(convention, model):
    return amending.lines_in_force(convention)[model]


def test_replaced_line_is_cited_where_the_signed_text_holds_it_with_the_old_and_the_new_total(
    convention, officer
):
    act = started(convention, officer)
    (row,) = in_force(convention, Funding)
    amending.replace_line(act, row, by=officer, amount=1_500_000)
    assert told(act) == [
        "1° À l’article 2 « Soutien financier », la ligne de financement « Encadrement, exercice 2026, 2 000 000 F CFP "
        "(deux millions de francs CFP) » est remplacée par : « Encadrement, exercice 2026, 1 500 000 F CFP (un million "
        "cinq cent mille francs CFP) ».",
        "2° Le montant total du soutien financier de l’OPT-NC est ramené de 2 000 000 F CFP (deux millions de francs "
        "CFP) à 1 500 000 F CFP (un million cinq cent mille francs CFP).",
    ]


@pytest.mark.parametrize(
    ("table", "place", "added", "removed"),
    [
        ("instalmentterm", "À l’article 3 « Versements », ", "il est ajouté un versement : « ", " » est supprimé."),
        ("obligation", "À l’article 4 « Engagements », ", "il est ajouté un engagement : « ", " » est supprimé."),
        ("funding", "À l’article 2 « Soutien financier », ", "il est ajouté une ligne de financement : « ",
         " » est supprimée."),
        ("inkind", "", "Il est ajouté un soutien en nature : « ", ""),
        ("equipmentterm", "À l’annexe « Équipements », ", "il est ajouté une ligne : « ", ""),
        ("budgetline", "À l’annexe « Budget du projet », ", "il est ajouté une ligne : « ", ""),
        ("indicator", "À l’annexe « Indicateurs », ", "il est ajouté une ligne : « ", ""),
    ],
)  # fmt: skip
def test_added_and_removed_lines_say_where(convention, officer, table, place, added, removed):
    act = started(convention, officer)
    model = next(model for model in amending.lines_in_force(convention) if model._meta.model_name == table)
    made = {
        "funding": f.FundingFactory,
        "instalmentterm": f.InstalmentTermFactory,
        "inkind": f.InKindFactory,
        "equipmentterm": f.EquipmentTermFactory,
        "obligation": f.ObligationFactory,
        "budgetline": f.BudgetLineFactory,
        "indicator": f.IndicatorFactory,
    }[table](act=act)
    assert told(act)[0].startswith(f"1° {place}{added}")
    made.delete()
    if removed:
        (row,) = in_force(convention, model)
        amending.remove_line(act, row, by=officer)
        first = told(act)[0]
        assert first.startswith(f"1° {place}")
        assert first.endswith(removed)


def test_changed_articles_bear_their_number_their_new_title_and_their_new_text(convention, officer):
    act = started(convention, officer)
    purpose, _money, _paid, duties, _term = in_force(convention, Clause)
    amending.replace_line(act, purpose, by=officer, heading="But", body="Un.\n\n- deux <b>\n- trois")
    amending.remove_line(act, duties, by=officer)
    amending.add_line(act, Clause, by=officer, heading="Image", body="Quatre.", position=15)
    amending.add_line(act, Clause, by=officer, heading="Droit à l’image", body="Cinq.", position=500)
    assert told(act) == [
        "1° L’article 1 « Objet », désormais intitulé « But », est remplacé par les stipulations suivantes :",
        "« Un.",
        "deux &lt;b&gt;",
        "trois »",
        "2° Il est inséré à la convention, après l’article 1, un article 1 bis « Image » ainsi rédigé :",
        "« Quatre. »",
        "3° L’article 4 « Engagements » est supprimé.",
        "4° Il est ajouté à la convention un article 6 « Droit à l’image » ainsi rédigé :",
        "« Cinq. »",
    ]


def test_a_number_once_printed_is_never_given_to_another_article(convention, officer):
    first = started(convention, officer)
    _purpose, money, *_others, term = in_force(convention, Clause)
    amending.remove_line(first, money, by=officer)
    amending.add_line(first, Clause, by=officer, heading="Image", body="Deux.", position=15)
    settle(first, ActState.SIGNED, number="2026-014-A1")
    second = started(convention, officer)
    amending.replace_line(second, term, by=officer, body="Un an.")
    amending.add_line(second, Clause, by=officer, heading="Presse", body="Trois.", position=16)
    assert [text for text in told(second) if "rticle" in text] == [
        "1° Il est inséré à la convention, après l’article 1 bis, un article 1 ter « Presse » ainsi rédigé :",
        "2° L’article 5 « Durée » est remplacé par les stipulations suivantes :",
    ]


def test_words_that_change_are_marked(convention, officer):
    act = started(convention, officer)
    (row,) = in_force(convention, Funding)
    amending.replace_line(act, row, by=officer, label="Encadrement et transport")
    (line, *_total) = sentences.changes(assembling.agreement_context(act))
    assert "Encadrement <ins>et transport</ins>, exercice" in line["text"]


def test_duration_after_a_gap_tells_both_periods_and_the_gap(convention, officer):
    act = started(convention, officer, ends_on=DAY(2027, 12, 31))
    act.starts_on = DAY(2027, 3, 1)
    act.save()
    assert told(act) == [
        "1° À l’article 5 « Durée », la durée de la convention, « du 1er janvier 2026 au 31 décembre 2026 », est "
        "remplacée par : « du 1er janvier 2026 au 31 décembre 2026, puis du 1er mars 2027 au 31 décembre 2027 ». La "
        "convention a pris fin le 31 décembre 2026 ; l’avenant la prolonge à compter du 1er mars 2027, après une "
        "interruption du 1er janvier 2027 au 28 février 2027."
    ]


def test_object_is_its_own_words_else_what_it_changes_never_the_reason(convention, officer):
    act = started(convention, officer, ends_on=DAY(2027, 6, 30))
    (row,) = in_force(convention, Funding)
    amending.replace_line(act, row, by=officer, amount=1)
    assert assembling.agreement_context(act).object == (
        "prolonger la convention jusqu’au 30 juin 2027 et de modifier le financement."
    )
    act.object_text = "Accompagner l’atelier un an de plus."
    act.save()
    assert assembling.agreement_context(act).object == "Accompagner l’atelier un an de plus."


def test_an_amendment_that_changes_nothing_has_no_object(convention, officer):
    assert assembling.agreement_context(started(convention, officer)).object == ""


def test_text_in_force_keeps_the_numbers_that_amendments_cite_and_orders_payments_by_date(
    convention, officer
):
    act = started(convention, officer)
    _purpose, money, *_others = in_force(convention, Clause)
    amending.remove_line(act, money, by=officer)
    amending.add_line(act, Clause, by=officer, heading="Image", body="Deux.", position=15)
    for month in (9, 3):
        f.InstalmentTermFactory(act=act, label=f"Mois {month}", due_on=DAY(2026, month, 1))
    settle(act, ActState.SIGNED, number="2026-014-A1")
    text = amending.consolidated(convention).agreement
    assert [clause.number.replace("\u00a0", " ") for clause in text.clauses] == [
        "1",
        "1 bis",
        "2",
        "3",
        "4",
        "5",
    ]
    assert text.clauses[2].body == "Supprimé par l’avenant n° 2026-014-A1."
    assert [(line.order, line.label) for line in text.instalments] == [
        (1, "Mois 3"),
        (2, "Mois 9"),
        (3, "Solde"),
    ]
