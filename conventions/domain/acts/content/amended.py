"""What an amendment says of each change: where the signed text holds it, the totals, the parties, its object.

From rows and contexts already read; no query.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from conventions.domain.acts.content import changes
from conventions.domain.acts.content.articles import Articles
from conventions.domain.documents.context import AgreementContext, ChangeContext, PartyContext
from conventions.domain.documents.promises import (
    COUNTERPARTS_FIELD,
    LOANS_FIELD,
    REPORTS,
    REPORTS_FIELD,
    granted,
)
from conventions.domain.documents.rendering.project import BUDGET, INDICATORS
from conventions.enums import (
    AmountStatus,
    BudgetSide,
    FundingFigure,
    ObligationKind,
    PartyRole,
    SupportBehaviour,
)
from conventions.formats import NBSP, Tally, amount_in_full, join_list, tally
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
from conventions.models.terms import Term

PARTY, JOINING, TOTAL = "partie", "adhesion", "total"
_DURATION = ("date_fin", "date_debut", "duree")
_MONEY = ("tableau_financements", "montant_total", "montant_plafond")


def changes_told(
    act: Act, articles: Articles, before: AgreementContext, after: AgreementContext
) -> Iterator[ChangeContext]:
    """The changes of a `loaded` amendment in the order of its text; `before` and `after`: what is in force, without it
    and once it is signed."""
    for change in changes.duration_change(act):
        yield replace(change, place=articles.holding(_DURATION))
    for model in changes.TERM_MODELS:
        rows = changes.changing_rows(act, model)
        for row in rows:
            change = changes.change_of(row, amount_in_full)
            if isinstance(row, Clause):
                line = row.replaces if isinstance(row.replaces, Clause) else row
                number = articles.number(line)
                yield replace(change, number=number, follows=articles.follows.get(row.line, ""))
            else:
                yield replace(change, place=_place(row.replaces or row, articles))
        yield from _totals(model, before, after) if rows else ()


def _place(row: Term, articles: Articles) -> str:
    """Where the signed text holds a line: the article that lists its kind, or its annex; empty where it holds none."""
    if isinstance(row, EquipmentTerm):
        return _annex("Équipements")
    if isinstance(row, BudgetLine):
        return _annex(BUDGET)
    return _annex(INDICATORS) if isinstance(row, Indicator) else articles.holding(_fields(row))


def _annex(title: str) -> str:
    return f"l’annexe «{NBSP}{title}{NBSP}»"


def _fields(row: Term) -> tuple[str, ...]:
    """The merge fields that print a line, the most precise first."""
    if isinstance(row, Funding):
        return _MONEY if row.figure == FundingFigure.GRANTED else ("tableau_autres_financements",)
    if isinstance(row, InstalmentTerm):
        return ("tableau_echeancier",)
    if isinstance(row, InKind):
        lent = row.kind.behaviour == SupportBehaviour.LOAN
        return (LOANS_FIELD,) if lent else ("liste_soutiens_nature",)
    return _duty_fields(row) if isinstance(row, Obligation) else ()


def _duty_fields(row: Obligation) -> tuple[str, ...]:
    role = row.party.role if row.party else PartyRole.BENEFICIARY
    if role == PartyRole.OPT:
        return ("liste_engagements_opt",)
    if role != PartyRole.BENEFICIARY:
        return ("engagements_autres_parties",)
    precise = {ObligationKind.VISIBILITY: COUNTERPARTS_FIELD} | dict.fromkeys(REPORTS, REPORTS_FIELD)
    return tuple(name for name in (precise.get(ObligationKind(row.kind), ""), "liste_engagements") if name)


# Totals

_Amounts = Callable[[AgreementContext], Iterable[Any]]


def _side(ctx: AgreementContext, side: BudgetSide) -> list[Any]:
    return [line for line in ctx.budget if line.side == side]


_SUMS: dict[type[Term], tuple[tuple[str, _Amounts], ...]] = {
    Funding: (("Le montant total du soutien financier de l’OPT-NC", granted),),
    BudgetLine: (
        ("Le total des dépenses prévues au budget du projet", partial(_side, side=BudgetSide.EXPENSE)),
        ("Le total des recettes prévues au budget du projet", partial(_side, side=BudgetSide.INCOME)),
    ),
}


def _totals(model: type[Term], before: AgreementContext, after: AgreementContext) -> Iterator[ChangeContext]:
    """The old and the new sum of what the amendment touched; nothing where no line can be added."""
    for label, lines in _SUMS.get(model, ()):
        old, new = (tally((line.amount, line.status) for line in lines(ctx)) for ctx in (before, after))
        if old.total is None and new.total is None:
            continue
        higher = None
        if old.total is not None and new.total is not None and old.total != new.total:
            higher = new.total > old.total
        yield ChangeContext(label=label, before=_sum(old), after=_sum(new), term=TOTAL, higher=higher)


def _sum(found: Tally) -> str:
    """« 1 500 000 F CFP (un million cinq cent mille francs CFP), sans compter … »; empty when nothing was added."""
    if found.total is None:
        return ""
    return ", ".join(part for part in (amount_in_full(found.total, AmountStatus.KNOWN), found.note) if part)


# Parties

_TOLD_OF_A_PARTY: tuple[tuple[str, Callable[[PartyContext], str]], ...] = (
    ("dénomination", lambda party: party.name),
    ("adresse", lambda party: ", ".join(party.address)),
    ("identification", lambda party: " · ".join(party.identifiers)),
)


def parties_told(
    before: tuple[PartyContext, ...], after: tuple[PartyContext, ...], joining: tuple[PartyContext, ...]
) -> Iterator[ChangeContext]:
    """What the parties of the last signed text are called, and where they sit, that is no longer so; who joins them."""
    stay = [party for party in after if party not in joining]
    if [party.role for party in before] == [party.role for party in stay]:
        for old, new in zip(before, stay, strict=True):
            for told, read in _TOLD_OF_A_PARTY:
                if read(old) != read(new) and read(new):
                    yield ChangeContext(
                        label=new.short_name, before=read(old), after=read(new), term=PARTY, heading=told
                    )
    for party in joining:
        yield ChangeContext(
            label=party.name, before="", after=party.role_label, term=JOINING, heading=party.short_name
        )


# Object

_TOUCHED: tuple[tuple[tuple[str, ...], str], ...] = (
    ((JOINING,), "les parties"),
    ((PARTY,), "les coordonnées des parties"),
    (("funding",), "le financement"),
    (("instalmentterm",), "l’échéancier des versements"),
    (("inkind",), "le soutien en nature"),
    (("equipmentterm",), "la liste du matériel"),
    (("obligation",), "les engagements des parties"),
    (("budgetline",), "le budget du projet"),
    (("indicator",), "les indicateurs"),
)


def object_of(told: tuple[ChangeContext, ...], *, prolongs: str = "") -> str:
    """What an amendment is for, from what it changes: « prolonger la convention … et de modifier le financement. ».

    `prolongs`: how far, in words. Empty when nothing changes.
    """
    terms = {change.term for change in told}
    lines = [words for names, words in _TOUCHED if terms.intersection(names)]
    articles = [change for change in told if change.term == "clause"]
    if articles:
        lines.append("un article de la convention" if len(articles) == 1 else "des articles de la convention")
    lasts = (prolongs or "fixer la durée de la convention") if changes.TERM in terms else ""
    acts = [
        lasts,
        f"{'de ' if lasts else ''}modifier {join_list(lines)}" if lines else "",
    ]
    said = " et ".join(part for part in acts if part)
    return f"{said}." if said else ""
