"""Version 2 over the whole cross of facts: every article says something, and only of what there is."""

import itertools
import re
from dataclasses import replace
from html import unescape

import pytest

from conventions.domain.documents import merge_fields, promises
from conventions.domain.documents.context import (
    AgreementContext,
    BudgetLineContext,
    ClauseContext,
    EquipmentContext,
    FundingContext,
    IndicatorContext,
    InKindContext,
    InstalmentContext,
    ObligationContext,
    TermContext,
)
from conventions.domain.documents.rendering import agreement_html
from conventions.enums import (
    ActKind,
    AmountStatus,
    BudgetSide,
    InstalmentCondition,
    ObligationKind,
    SigningPath,
    TermKind,
    Transfer,
)
from conventions.reference.clauses import CLAUSES as FIRST
from conventions.reference.clauses import VISAS, propose
from conventions.reference.clauses.second import CLAUSES, LINES
from conventions.reference.lists import KINDS
from conventions.tests.pdf import samples
from conventions.tests.pdf.reading import double_spaces_of, faults_of, plain

MONEY = {
    "sans argent": (),
    "connu": (FundingContext(amount=1_500_000, status=AmountStatus.KNOWN, budget_year=2027),),
    "plafonné": (FundingContext(amount=400_000, status=AmountStatus.CAPPED, budget_year=2027),),
    "inconnu": (FundingContext(amount=None, status=AmountStatus.UNKNOWN, budget_year=2027),),
    "à déterminer": (FundingContext(amount=None, status=AmountStatus.TO_BE_SET),),
    "selon résultat": (FundingContext(amount=300_000, status=AmountStatus.OUTCOME),),
    "divers": (
        FundingContext(amount=1_000_000, status=AmountStatus.KNOWN, budget_year=2027),
        FundingContext(amount=None, status=AmountStatus.TO_BE_SET, budget_year=2028),
    ),
}
EQUIPMENT = {
    "sans matériel": (),
    "donné": (EquipmentContext(number=1, nature="ordinateur", quantity=10),),
    "prêté": (EquipmentContext(number=1, nature="borne", quantity=2, transfer=Transfer.LENT),),
}
IN_KIND = {
    "rien": (),
    "don": (InKindContext(kind="don", kind_label="don", label="cent ramettes", behaviour="don"),),
    "prêt": (InKindContext(kind="pret", kind_label="prêt", label="deux tentes", behaviour="pret"),),
    "local": (InKindContext(kind="local", kind_label="local", label="une salle", behaviour="service"),),
}
BUDGET = (
    BudgetLineContext(side=BudgetSide.EXPENSE, heading="Achats", amount=4_500_000, status=AmountStatus.KNOWN),
)
REPORTS = tuple(
    ObligationContext(party="l’Association", label=label, kind=kind, due_wording="avant le 30 juin 2028")
    for label, kind in (
        ("remettre le bilan", ObligationKind.REVIEW),
        ("mentionner le soutien de l’OPT-NC", ObligationKind.VISIBILITY),
    )
)
PARTIES = {
    count: (samples.OPT, samples.ASSOCIATION, samples.COMMITTEE, samples.TOWN)[:count] for count in (2, 3, 4)
}
_MONEY_WORDS = re.compile(
    r"\bversement|bancaire|agent comptable|sommes? non employ|\bdépenses\b|compte rendu (?:d’emploi|financier)|"
    r"soutien financier|\bsommes\b|comptes annuels"
)
_GOODS_WORDS = re.compile(
    r"\bbiens? (?:prêt|donn)|\bmatériel\b|\béquipement|en nature|procès-verbal|usage du soutien"
)


def articles(ctx: AgreementContext) -> AgreementContext:
    """The act as the template of version 2 proposes it, its fields filled in."""
    facts = promises.facts(ctx)
    lines = LINES[ctx.act_kind]
    texts = [
        text
        for text in propose(ctx.kind, ctx.act_kind, facts, CLAUSES)
        if not lines[text.code][1] or lines[text.code][1] in facts
    ]
    bare = replace(ctx, clauses=tuple(_article(text) for text in texts if text.code != VISAS))
    filled = tuple(replace(one, body=merge_fields.resolve(one.body, bare)) for one in bare.clauses)
    [listed] = [text.body for text in texts if text.code == VISAS]
    return replace(bare, clauses=filled, visas=merge_fields.visas(listed, bare))


def _article(text) -> ClauseContext:
    return ClauseContext(code=text.code, heading=text.heading, body=text.body)


def said(html: str) -> str:
    """The text as it is read, a paragraph after the other."""
    body = re.sub(r"<(head|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return plain(unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(?:p|li|td|th|h2|caption)>", " · ", body))))


def file(kind: str, money: str, equipment: str, in_kind: str, parties: int, full: bool) -> AgreementContext:
    instalment = InstalmentContext(
        order=1, amount=150_000, condition="à la signature", condition_kind=InstalmentCondition.SIGNATURE
    )
    return samples.bare_agreement(
        kind=kind,
        kind_label=next(row[2] for row in KINDS if row[0].replace("-", "_") == kind),
        parties=PARTIES[parties],
        fundings=MONEY[money],
        instalments=(instalment,) * full if MONEY[money] else (),
        equipment=EQUIPMENT[equipment],
        in_kind=IN_KIND[in_kind],
        annexes=(),
        budget=BUDGET if full else (),
        indicators=(IndicatorContext(name="enfants accueillis", target=40),) if full else (),
        obligations=REPORTS if full or kind == "parrainage" else (),
        attendees=(),
        path=SigningPath.INK,
    )


def checked(ctx: AgreementContext) -> str:
    act = articles(ctx)
    html = agreement_html(act)
    text = said(html)
    assert faults_of(text) == []
    assert double_spaces_of(html) == []
    assert "{{" not in text
    assert "à compléter" not in text
    numbers = [int(found) for found in re.findall(r"Article (\d+)", re.sub(r"l’article \d+", "", text))]
    assert numbers == list(range(1, len(act.clauses)))  # the closing formula bears none
    headings = {clause.heading for clause in act.clauses}
    assert set(re.findall(r"l’article « ([^»]+?) »", text)) <= headings
    annexes = (
        {"Équipements"} & ({"Équipements"} if act.equipment else set())
        | ({"Budget du projet"} if act.budget else set())
        | ({"Indicateurs"} if act.indicators else set())
    )
    assert set(re.findall(r"l’annexe « ([^»]+?) »", text)) <= annexes
    assert all(clause.body.strip() for clause in act.clauses)
    if not (annexes or act.annexes):
        assert "annexe" not in text.lower()
    assert promises.left_over(act) == ()
    return text


@pytest.mark.slow
@pytest.mark.parametrize("kind", [row[0].replace("-", "_") for row in KINDS])
def test_every_file_of_a_kind_reads_right(kind):
    statuses = MONEY if kind == "partenariat" else ("sans argent", "connu", "divers")
    sizes = itertools.cycle(((2, False), (3, True), (4, False), (2, True), (3, False)))
    crossed = itertools.product(statuses, EQUIPMENT, IN_KIND)
    for (money, equipment, in_kind), (parties, full) in zip(crossed, sizes, strict=False):
        text = checked(file(kind, money, equipment, in_kind, parties, full))
        told = text.partition("Il a été convenu")[2].partition("Fait à")[0]
        if not MONEY[money]:
            assert _MONEY_WORDS.findall(told) == []
        if not (EQUIPMENT[equipment] or IN_KIND[in_kind]):
            assert _GOODS_WORDS.findall(told) == []
        assert ("à l’égard de la partie défaillante" in text) == (parties > 2)


@pytest.mark.parametrize(
    "term",
    [
        TermContext(kind=TermKind.OPEN_ENDED, start=samples.kept("convention").term.start),
        TermContext(kind=TermKind.WORDING, wording="un an renouvelable"),
        TermContext(kind=TermKind.UNKNOWN),
    ],
    ids=lambda term: term.kind,
)
def test_every_duration_reads_right(term):
    checked(replace(file("partenariat", "connu", "donné", "prêt", 2, True), term=term))


@pytest.mark.parametrize("path", SigningPath.values[1:])
@pytest.mark.parametrize("kept", ["avenant", "resiliation"])
def test_later_acts_read_right(kept, path):
    act = articles(replace(samples.kept(kept), clauses=(), path=path))
    text = said(agreement_html(act))
    assert faults_of(text) == []
    assert any("vu la convention" in visa for visa in act.visas)


@pytest.mark.parametrize("text", CLAUSES, ids=lambda text: f"{text.act_kind}-{text.code}-{text.variant}")
def test_text_is_well_formed(text):
    assert merge_fields.check_template(text.body) == []


def test_version_2_holds_every_article_of_version_1():
    first, second = ({(text.act_kind, text.code) for text in texts} for texts in (FIRST, CLAUSES))
    assert first - second == set()
    assert set(ActKind.values) == set(LINES)


@pytest.mark.parametrize(
    ("granted", "cost", "words"),
    [(1_500_000, 4_500_000, "environ 33,3 %"), (1, 3_000_000, "environ 0,1 %"), (5, 10, "50 %"), (10, 10, "100 %"),
     (2_999_999, 3_000_000, "environ 99,9 %"), (11, 10, ""), (125, 1000, "12,5 %")],
)  # fmt: skip
def test_share_of_the_cost(granted, cost, words):
    ctx = replace(
        samples.bare_agreement(),
        fundings=(FundingContext(amount=granted, status=AmountStatus.KNOWN),),
        budget=(replace(BUDGET[0], amount=cost),),
    )
    assert merge_fields.REGISTRY["part_opt"].value(ctx) == words


def test_cost_with_an_unknown_expense_is_not_told():
    unknown = replace(BUDGET[0], amount=None, status=AmountStatus.UNKNOWN)
    ctx = samples.bare_agreement(budget=(*BUDGET, unknown))
    assert {"cout_connu", "part_connue"} & promises.facts(ctx) == set()
