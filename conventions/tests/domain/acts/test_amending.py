"""Amendments and terminations: signed rows stay; what is in force comes from the signed acts."""

import datetime
import re

import pytest
from django.db import IntegrityError, transaction
from django.utils.html import strip_tags

from conventions.domain.acts import amending, drafting, lifecycle
from conventions.domain.acts.content import assembling, changes
from conventions.domain.documents.rendering import consolidated_html
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActKind, ActState, ConventionStatus, Event
from conventions.models import BudgetLine, Clause, Convention, Funding, Indicator, Obligation
from conventions.tests.factories import ClauseTemplateFactory, ConventionFactory, UserFactory
from conventions.tests.factories.acts import settle
from conventions.tests.harness import captured_queries
from conventions.tests.pdf.reading import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


ARTICLE = {"heading": "Objet", "body": "Le premier texte."}


@pytest.fixture
def convention():
    return ConventionFactory(
        act=ActState.SIGNED,
        act__number="2026-014",
        act__starts_on=datetime.date(2026, 1, 1),
        act__ends_on=datetime.date(2026, 12, 31),
        act__fundings=[{"amount": 2_000_000, "budget_year": 2026, "label": ""}],
        act__clauses=[ARTICLE],
    )


def amended(convention, officer, *, state=ActState.SIGNED):
    act = amending.start_amendment(convention, by=officer, reason="Le projet s’étend.")
    row = Funding.objects.current().get(act__convention=convention)
    amending.replace_line(act, row, by=officer, amount=2_500_000)
    return settle(act, state, number="2026-014-A1")


def test_start_amendment_of_a_draft_says_to_edit_the_draft(officer):
    with pytest.raises(Refused, match="modifiez son brouillon"):
        amending.start_amendment(ConventionFactory(), by=officer, reason="x")


def test_draft_amendment_changes_nothing_in_force(convention, officer):
    amended(convention, officer, state=ActState.DRAFT)
    rows = amending.lines_in_force(convention)[Funding]
    assert [row.amount for row in rows] == [2_000_000]


def test_signed_amendment_takes_over_and_leaves_the_signed_row(convention, officer):
    amended(convention, officer)
    rows = amending.lines_in_force(convention)[Funding]
    assert [row.amount for row in rows] == [2_500_000]
    assert convention.acts.get(rank=0).funding_set.get().amount == 2_000_000
    assert [line.amount for line in amending.consolidated(convention).agreement.fundings] == [2_500_000]


def test_changes_of_an_amendment_are_told_before_and_after(convention, officer):
    act = amended(convention, officer, state=ActState.DRAFT)
    told = [(change.label, change.before, change.after) for change in changes.changes_of(act)]
    assert told == [
        (
            "Financement",
            "exercice 2026, 2\u202f000\u202f000\u00a0F\u00a0CFP",
            "exercice 2026, 2\u202f500\u202f000\u00a0F\u00a0CFP",
        )
    ]
    line, total = assembling.agreement_context(act).changes
    assert line.after == f"{told[0][2]} (deux millions cinq cent mille francs CFP)"
    assert (total.before, total.higher) == (
        "2\u202f000\u202f000\u00a0F\u00a0CFP (deux millions de francs CFP)",
        True,
    )


def test_removed_line_is_out_of_force_once_signed(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="Renoncement.")
    row = Funding.objects.current().get(act__convention=convention)
    amending.remove_line(act, row, by=officer)
    settle(act, ActState.SIGNED, number="2026-014-A1")
    assert amending.lines_in_force(convention)[Funding] == []


def test_replacing_a_line_that_is_no_longer_in_force_is_refused(convention, officer):
    row = Funding.objects.current().get(act__convention=convention)
    amended(convention, officer)
    second = amending.start_amendment(convention, by=officer, reason="Encore.")
    with pytest.raises(Refused, match="plus en vigueur"):
        amending.replace_line(second, row, by=officer, amount=1)


def test_extension_after_a_gap_moves_the_end(convention, officer):
    act = amending.start_amendment(
        convention, by=officer, reason="Reprise du projet.", ends_on=datetime.date(2027, 12, 31)
    )
    assert [(c.label, c.after) for c in changes.changes_of(act)] == [
        ("Durée", "du 1er janvier 2026 au 31 décembre 2027")
    ]
    settle(act, ActState.SIGNED, number="2026-014-A1")
    row = Convention.objects.with_status(on=datetime.date(2027, 3, 1)).get(pk=convention.pk)
    assert row.status == ConventionStatus.RUNNING


def test_termination_ends_the_convention_on_its_date(convention, officer):
    act = amending.start_termination(
        convention, by=officer, reason="Dissolution.", effective_on=datetime.date(2026, 9, 1)
    )
    assert (act.kind, assembling.agreement_context(act).term.end.value) == (
        ActKind.TERMINATION, datetime.date(2026, 9, 1),
    )  # fmt: skip
    settle(act, ActState.SIGNED, number="2026-014-R1")
    seen = Convention.objects.with_status(on=datetime.date(2026, 9, 1)).get(pk=convention.pk)
    assert seen.status == ConventionStatus.TERMINATED
    with pytest.raises(Refused, match="résiliée"):
        amending.start_amendment(convention, by=officer, reason="Trop tard.")


def test_two_draft_amendments_at_once_have_their_own_ranks(convention, officer):
    ranks = [amending.start_amendment(convention, by=officer, reason="x").rank for _ in range(2)]
    assert ranks == [1, 2]


def two_drafts(convention, officer):
    """Two amendments in preparation that change the same funding: the second signed, the first overtaken."""
    row = Funding.objects.current().get(act__convention=convention)
    first, second = (amending.start_amendment(convention, by=officer, reason="x") for _ in range(2))
    mine = amending.replace_line(first, row, by=officer, amount=3_000_000)
    amending.replace_line(second, row, by=officer, budget_year=2027)
    settle(second, ActState.SIGNED, number="2026-014-A2")
    return first, mine


def test_changed_line_is_changed_again_in_place(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="x")
    row = Funding.objects.current().get(act__convention=convention)
    mine = amending.replace_line(act, row, by=officer, amount=2_500_000)
    amending.change_line(act, mine, by=officer, amount=2_600_000)
    assert [(one.amount, one.replaces_id) for one in act.funding_set.all()] == [(2_600_000, row.pk)]


def test_same_line_is_not_taken_over_twice_by_one_act(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="x")
    row = Funding.objects.current().get(act__convention=convention)
    amending.replace_line(act, row, by=officer, amount=1)
    with pytest.raises(Refused, match="change déjà"):
        amending.remove_line(act, row, by=officer)


def test_undone_change_leaves_the_signed_line_as_it_is(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="x")
    row = Funding.objects.current().get(act__convention=convention)
    amending.undo_change(act, amending.remove_line(act, row, by=officer), by=officer)
    assert changes.changes_of(act) == ()
    assert amending.tables_of(act)["funding"].lines[0].state == "kept"


def test_reader_may_not_change_a_line(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="x")
    row = Funding.objects.current().get(act__convention=convention)
    with pytest.raises(drafting.Locked):
        amending.replace_line(act, row, by=UserFactory(role="comptable"), amount=1)


def test_each_change_raises_the_version_of_the_convention(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="x")
    amending.add_line(act, Funding, by=officer, amount=1, budget_year=2027)
    assert Convention.objects.get(pk=convention.pk).version == convention.version + 1


def test_changed_article_is_no_article_of_the_amendment_itself(convention, officer):
    ClauseTemplateFactory(code="avenant", act_kind="avenant", heading="Objet de l’avenant")
    article = convention.acts.get().clause_set.get()
    act = amending.start_amendment(convention, by=officer, reason="x")
    amending.remove_line(act, article, by=officer)
    amending.add_line(act, Clause, by=officer, heading="Ajouté", body="Texte.", position=99)
    own = [clause.heading for clause in assembling.agreement_context(act).clauses]
    assert "Objet de l’avenant" in own
    assert {"Ajouté", article.heading}.isdisjoint(own)
    told = [(change.label, change.after) for change in changes.changes_of(act)]
    assert told == [(article.heading, ""), ("Ajouté", "Texte.")]


def test_consolidated_text_holds_the_articles_in_force_with_their_origin(convention, officer):
    article = convention.acts.get().clause_set.get()
    act = amending.start_amendment(convention, by=officer, reason="x")
    amending.replace_line(act, article, by=officer, body="Le nouveau texte.")
    settle(act, ActState.SIGNED, number="2026-014-A1")
    text = amending.consolidated(convention)
    assert [clause.body for clause in text.agreement.clauses] == ["Le nouveau texte."]
    assert text.origins == ("avenant n° 2026-014-A1",)
    assert [line.from_act for line in text.agreement.fundings] == [""]


def test_consolidated_text_costs_the_same_whatever_the_number_of_lines(convention, officer):
    with captured_queries() as few:
        amending.consolidated(convention)
    act = amending.start_amendment(convention, by=officer, reason="x")
    for rank in range(20):
        amending.add_line(act, Funding, by=officer, amount=rank + 1, budget_year=2027)
    settle(act, ActState.SIGNED, number="2026-014-A1")
    amending.consolidated(convention)
    with captured_queries() as many:
        amending.consolidated(convention)
    assert len(many) - len(few) <= 10  # what the amendment changed, table by table


def test_overtaken_change_is_told_and_blocks(convention, officer):
    first, mine = two_drafts(convention, officer)
    (conflict,) = amending.conflicts_of(first)
    assert (conflict.row, conflict.current.budget_year) == (mine, 2027)
    assert conflict.told == "L’avenant 2026-014-A2, signé depuis, a changé cette ligne."
    codes = [item.code for item in lifecycle.missing_actions(first, Event.SUBMIT)]
    assert f"repris-funding-{mine.pk}" in codes


def test_redone_change_keeps_both_intents(convention, officer):
    first, mine = two_drafts(convention, officer)
    redone = amending.redo_on_line_in_force(first, mine, by=officer)
    assert (redone.amount, redone.budget_year) == (3_000_000, 2027)
    assert amending.conflicts_of(first) == []


def test_redone_change_of_a_removed_line_leaves_the_draft(convention, officer):
    row = Funding.objects.current().get(act__convention=convention)
    first, second = (amending.start_amendment(convention, by=officer, reason="x") for _ in range(2))
    mine = amending.replace_line(first, row, by=officer, amount=1)
    amending.remove_line(second, row, by=officer)
    settle(second, ActState.SIGNED, number="2026-014-A2")
    assert amending.redo_on_line_in_force(first, mine, by=officer) is None
    assert first.funding_set.count() == 0


def test_signing_an_overtaken_amendment_is_refused_under_lock(convention, officer):
    first, _mine = two_drafts(convention, officer)
    with pytest.raises(Refused, match="Reprenez l’avenant"), transaction.atomic():
        amending.require_lines_in_force(first)


def test_database_refuses_two_signed_rows_that_replace_the_same(convention, officer):
    first, _mine = two_drafts(convention, officer)
    with pytest.raises(IntegrityError, match="reprenez la ligne en vigueur"), transaction.atomic():
        settle(first, ActState.SIGNED, number="2026-014-A1")


def test_extension_after_a_gap_says_so(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="x", ends_on=datetime.date(2027, 12, 31))
    act.starts_on = datetime.date(2027, 3, 1)
    act.save()
    told = changes.extension_sentence(act, today=datetime.date(2027, 2, 1))
    assert (
        told
        == "La convention a pris fin le 31 décembre 2026 ; l’avenant la prolonge à compter du 1er mars 2027."
    )
    assert changes.changes_of(act)[0].after.startswith(
        "du 1er janvier 2026 au 31 décembre 2026, puis du 1er mars 2027"
    )


def test_text_in_force_tells_both_periods_of_a_term_with_a_gap(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="x", ends_on=datetime.date(2027, 12, 31))
    act.starts_on = datetime.date(2027, 3, 1)
    act.save()
    settle(act, ActState.SIGNED, number="2026-014-A1")
    text = amending.consolidated(convention)
    assert text.duration == (
        "du 1er janvier 2026 au 31 décembre 2026, puis du 1er mars 2027 au 31 décembre 2027"
    )
    assert text.agreement.term.start.value == datetime.date(2026, 1, 1)
    assert text.acts[1].told == (
        "Prolonge la convention, après une interruption, du 1er mars 2027 au 31 décembre 2027."
    )


def test_sentence_of_an_amendment_names_what_it_changed(convention, officer):
    act = amended(convention, officer)
    assert changes.sentence(act, changes.changes_of(act)) == "Modifie 1\u00a0ligne (financement)."


def test_changed_article_prints_its_fields_filled_in(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="x")
    article = convention.acts.get(rank=0).clause_set.get()
    amending.replace_line(act, article, by=officer, body="La convention a pour objet : {{ objet }}")
    (change,) = assembling.agreement_context(act).changes
    assert change.after.startswith("La convention a pour objet : ")
    assert "{{" not in change.after
    assert convention.purpose.rstrip(".")[1:] in change.after


def test_changed_article_is_read_with_the_values_in_force(convention, officer):
    amended(convention, officer)
    act = amending.start_amendment(convention, by=officer, reason="x", ends_on=datetime.date(2028, 6, 30))
    article = convention.acts.get(rank=0).clause_set.get()
    amending.replace_line(act, article, by=officer, body="Aide : {{ montant_total }}, {{ date_fin }}.")
    *_term, change = assembling.agreement_context(act).changes
    assert "2\u202f500\u202f000" in change.after
    assert "30 juin 2028" in change.after


def test_changed_article_follows_the_amount_that_the_same_act_changes(convention, officer):
    amended(convention, officer)
    act = amending.start_amendment(convention, by=officer, reason="x")
    row = Funding.objects.current().get(act__convention=convention)
    amending.replace_line(act, row, by=officer, amount=3_000_000)
    article = convention.acts.get(rank=0).clause_set.get()
    amending.replace_line(act, article, by=officer, body="Aide : {{ montant_total }}.")
    (change,) = [line for line in assembling.agreement_context(act).changes if line.term == "clause"]
    assert "3\u202f000\u202f000" in change.after
    settle(act, ActState.SIGNED, number="2026-014-A2")
    assert change.after in amending.consolidated(convention).agreement.clauses[0].body


def test_text_in_force_marks_each_value_with_its_act_and_tells_the_gap_and_the_end(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="x", ends_on=datetime.date(2027, 12, 31))
    act.starts_on = datetime.date(2027, 3, 1)
    act.save()
    (row,) = amending.lines_in_force(convention)[Funding]
    amending.replace_line(act, row, by=officer, amount=2_500_000)
    amending.add_line(act, Funding, by=officer, amount=7, budget_year=2027, label="Car")
    amending.add_line(act, Obligation, by=officer, text="Tenir un stand.", party=convention.parties.last())
    amending.add_line(act, Indicator, by=officer, name="Entrées", target=40)
    amending.add_line(act, BudgetLine, by=officer, side="depense", heading="Car", amount=7)
    amending.remove_line(act, convention.acts.get(rank=0).clause_set.get(), by=officer)
    settle(act, ActState.SIGNED, number="2026-014-A1")
    page = consolidated_html(amending.consolidated(convention))
    text = plain(strip_tags(page))
    origin = "issu de l’avenant n° 2026-014-A1"
    assert text.count(origin) == 6
    assert re.search(r"[^\s>]<span", page) is None  # a line of a cell stands apart, styles or not
    for words in (
        f"(dernière période : {origin})",
        "Du 1er janvier 2027 au 28 février 2027, aucune période ne court. Fin de la convention : le 31 décembre 2027.",
        f"enir un stand ({origin})",
        "Supprimé par l’avenant n° 2026-014-A1.",
    ):
        assert words in text, words
