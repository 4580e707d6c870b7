"""Whoever reads an amount or a duration reads the same words, and no sum counts what another does not."""

import datetime
import re

import pytest

from conventions.domain import publication, space
from conventions.domain.acts import amending
from conventions.domain.acts.content import assembling, changes
from conventions.domain.acts.drafting.readings import shown
from conventions.domain.documents.rendering import agreement, agreement_html
from conventions.domain.documents.rendering.public import sheet_page
from conventions.domain.following import overview
from conventions.domain.following.granted import granted_tally, totals, with_granted
from conventions.domain.money import figures as money_figures
from conventions.domain.publication import key_figures, wording
from conventions.enums import ActState, AmountStatus, FundingFigure, Role, TermKind
from conventions.exchange.public import CONVENTION_COLUMNS, published_rows
from conventions.formats import moment, show_amount, show_term, tally
from conventions.models import Convention, Funding
from conventions.tests import factories as f
from conventions.tests.pdf.reading import plain
from conventions.views import presenting

pytestmark = pytest.mark.django_db

YEAR = 2026
K, U, N, S, C, R = (
    AmountStatus.KNOWN,
    AmountStatus.UNKNOWN,
    AmountStatus.NOT_APPLICABLE,
    AmountStatus.TO_BE_SET,
    AmountStatus.CAPPED,
    AmountStatus.OUTCOME,
)
EACH = [(1_500_000, K), (None, U), (None, N), (None, S), (400_000, C), (300_000, R), (None, R)]
TABLE = [{"heading": "Soutien", "body": "{{ tableau_financements }}"}]


def signed(lines, **values) -> Convention:
    fundings = [
        {"budget_year": YEAR, "amount": amount, "status": status, "publishable": True, "label": ""}
        for amount, status in lines
    ]
    return f.ConventionFactory(act=ActState.SIGNED, act__fundings=fundings, act__clauses=TABLE, **values)


def supported(convention: Convention):
    partner = convention.parties.get(partner__is_opt=False).partner
    president = f.PresidentFactory(partner=partner)
    return space.page(president, space.file_for(president, convention.slug)).support


def amounts_told(convention: Convention) -> dict[str, list[str]]:
    """What each reader is told of each line; a line « sans objet » is in no list."""
    act, facts = convention.acts.get(), publication.sheet_context(convention)
    table = next(
        block["table"] for article in agreement.page(assembling.agreement_context(act))["articles"]
        for block in article["blocks"] if block["kind"] == "table"
    ) if Funding.objects.exclude(status=N).exists() else None  # fmt: skip
    rows = list(Funding.objects.exclude(status=N))
    told = {
        "acte": [row[-1][0] for row in table.rows] if table else [],
        "avenant": [changes.describe(row).rpartition(f"exercice {YEAR}, ")[2] for row in rows],
        "page publique": [row["amount"] for row in presenting.money_rows(facts)],
        "PDF public": [
            plain(line).rpartition(f"{YEAR} : ")[2]
            for label, lines in sheet_page(facts)["facts"] if label == "Soutien financier" for line in lines
        ],
        "espace": [line.amount for line in supported(convention).fundings],
        "chiffres": [row.text for row in money_figures.granted_rows(YEAR)],
        "dossier": [shown(row, "amount") for row in rows],
    }  # fmt: skip
    return {reader: [plain(words) for words in lines] for reader, lines in told.items()}


@pytest.mark.parametrize(("amount", "status"), EACH)
def test_every_reader_is_told_the_same_amount(amount, status):
    told = amounts_told(signed([(amount, status)]))
    expected = [] if status == N else [plain(show_amount(amount, status))]
    assert told == dict.fromkeys(told, expected)


def sums_of(convention: Convention) -> dict[str, tuple[int | None, int]]:
    """(sum, lines it left out) for each reader of a sum."""
    facts = publication.sheet_context(convention)
    row = with_granted(Convention.objects.filter(pk=convention.pk)).get()
    whole = totals(Convention.objects.filter(pk=convention.pk), 1)
    sheet = publication.publish(convention, by=f.UserFactory(role=Role.COMMUNICATION))
    exported = next(iter(published_rows([sheet], site_url="")))
    cells = {column.heading: column.value(exported) for column in CONVENTION_COLUMNS}
    published = key_figures.key_figures().granted
    figures = money_figures.year_figures(YEAR).granted
    seen = tally(line.stated for line in wording.granted(facts))
    return {
        "liste": (row.granted_known, row.granted_unknown or 0),
        "pied de liste": (whole.signed_known, whole.signed_unknown),
        "chiffres": (figures.total, figures.left_out),
        "page publique": (seen.total, seen.left_out),
        "chiffres publics": (published.total, published.left_out),
        "export public": (
            cells["Montant communiqué (F CFP)"],
            cells["Montants non communiqués ou non fixés"],
        ),
    }


@pytest.mark.pdf
@pytest.mark.parametrize("lines", [[pair] for pair in EACH] + [EACH, [(1, K), (2, K)], [(1, K), (5, R)]])
def test_no_sum_counts_what_another_does_not(lines):
    found, sums = tally(lines), sums_of(signed(lines))
    assert sums == dict.fromkeys(sums, (found.total, found.left_out))


def test_act_page_and_space_say_the_same_total():
    convention = signed(EACH)
    words = plain(tally(EACH).words)
    act = convention.acts.get()
    html = plain(str(agreement_html(assembling.agreement_context(act))))
    told = plain(re.sub(r"<[^>]+>", " ", html)).replace(" Sans compter", ", sans compter")
    assert f"Total {words}" in told
    assert plain(presenting.money_total(publication.sheet_context(convention))) == words
    assert plain(supported(convention).granted_total) == words


def test_outcome_of_an_act_is_in_no_total():
    """« Selon résultat » of 300 000 F beside 1 000 000 F."""
    convention = signed([(1_000_000, K), (300_000, R)])
    html = plain(str(agreement_html(assembling.agreement_context(convention.acts.get()))))
    told = plain(re.sub(r"<[^>]+>", " ", html))
    assert "Total 1 000 000 F CFP Sans compter 1 montant selon résultat" in told


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([(2_000_000, K)], "un soutien financier de 2 000 000 F CFP"),
        ([(None, U)], "un soutien financier (montant non communiqué)"),
        ([(None, S)], "un soutien financier (montant à déterminer)"),
        ([(None, R)], "un soutien financier (selon résultat)"),
        ([(400_000, C)], "un soutien financier jusqu’à 400 000 F CFP"),
        ([(300_000, R)], "un soutien financier de 300 000 F CFP, selon résultat"),
        ([(None, N)], ""),
    ],
)
def test_press_says_it_in_a_sentence(lines, words):
    facts = publication.sheet_context(signed(lines))
    assert plain(wording.money_phrase(wording.granted(facts))) == words


def test_what_may_not_be_published_reads_as_unknown():
    hidden = f.ConventionFactory(
        act=ActState.SIGNED,
        act__fundings=[{"budget_year": YEAR, "amount": 7, "status": K, "publishable": False}],
    )
    (row,) = presenting.money_rows(publication.sheet_context(hidden))
    assert row["amount"] == "montant non communiqué"
    assert publication.sheet_context(hidden).fundings[0].stated.certain is None


START, END = datetime.date(2026, 3, 1), datetime.date(2027, 12, 31)
TERMS = [
    (TermKind.DATES, START, "jour", END, "jour", ""),
    (TermKind.DATES, START, "mois", END, "mois", ""),
    (TermKind.DATES, START, "annee", END, "annee", ""),
    (TermKind.DATES, None, "jour", END, "jour", ""),
    (TermKind.DATES, None, "jour", END, "mois", ""),
    (TermKind.DATES, START, "jour", None, "jour", ""),
    (TermKind.DATES, START, "annee", None, "jour", ""),
    (TermKind.OPEN_ENDED, START, "jour", None, "jour", ""),
    (TermKind.OPEN_ENDED, None, "jour", None, "jour", ""),
    (TermKind.WORDING, None, "jour", None, "jour", "1 an renouvelable"),
    (TermKind.WORDING, START, "mois", None, "jour", "1 an renouvelable"),
]


def with_term(kind, start, start_precision, end, end_precision, words) -> Convention:
    return f.ConventionFactory(
        reprise=True,
        act__term_kind=kind,
        act__starts_on=start,
        act__starts_on_precision=start_precision,
        act__ends_on=end,
        act__ends_on_precision=end_precision,
        act__term_wording=words,
    )


@pytest.mark.parametrize("term", TERMS)
def test_every_reader_is_told_the_same_duration(term):
    kind, start, start_precision, end, end_precision, words = term
    convention = with_term(*term)
    facts = publication.sheet_context(convention)
    page, pdf = dict(presenting.convention_facts(facts)), dict(sheet_page(facts)["facts"])
    partner = convention.parties.get(partner__is_opt=False).partner
    president = f.PresidentFactory(partner=partner)
    told = {
        "avenant": changes.term_wording(convention.acts.get()),
        "texte en vigueur": changes.whole_term(list(convention.acts.all())),
        "page publique": page["Durée"][:1].lower() + page["Durée"][1:],
        "PDF public": pdf["Durée"][0],
        "espace": space.page(president, space.file_for(president, convention.slug)).overview.period,
    }
    expected = show_term(kind, moment(start, start_precision), moment(end, end_precision), words)
    assert {reader: plain(text) for reader, text in told.items()} == dict.fromkeys(told, plain(expected))


def test_two_periods_with_a_gap_are_told_everywhere():
    convention = f.ConventionFactory(
        act=ActState.SIGNED,
        act__starts_on=datetime.date(2024, 1, 1),
        act__ends_on=datetime.date(2024, 12, 31),
        act__term_kind=TermKind.DATES,
    )
    f.ActFactory(
        convention=convention, kind="avenant", rank=1, state=ActState.SIGNED, term_kind=TermKind.DATES,
        starts_on=datetime.date(2025, 3, 1), ends_on=datetime.date(2026, 2, 28),
    )  # fmt: skip
    facts = publication.sheet_context(convention)
    words = "du 1er janvier 2024 au 31 décembre 2024, puis du 1er mars 2025 au 28 février 2026"
    told = {
        "texte en vigueur": changes.whole_term(list(convention.acts.order_by("rank"))),
        "page publique": dict(presenting.convention_facts(facts))["Durée"].replace("Du", "du", 1),
        "PDF public": dict(sheet_page(facts)["facts"])["Durée"][0],
    }
    assert {reader: plain(text) for reader, text in told.items()} == dict.fromkeys(told, words)


def test_terms_in_force_are_the_same_rows_for_the_list_and_the_overview():
    convention = signed([(1_000, K)])
    officer = f.UserFactory(role=Role.OFFICER)
    amendment = amending.start_amendment(convention, by=officer, reason="Ajouter")
    amending.add_line(amendment, Funding, by=officer, budget_year=YEAR, amount=5, status=K, figure="accorde")
    row = with_granted(Convention.objects.filter(pk=convention.pk)).get()
    assert plain(granted_tally(row.granted_known, row.granted_unknown).words) == "1 000 F CFP"
    assert [year.granted for year in overview.follow_up(convention).years] == [show_amount(1_000, K)]
    assert key_figures.key_figures().granted.total is None
    assert Funding.objects.current().filter(figure=FundingFigure.GRANTED).count() == 1
