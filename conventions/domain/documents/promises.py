"""What an act promises, by party and by status: one cut for the fields of articles, their choice and the print.

`facts` says what is true of a file, in the vocabulary of `ClauseText.condition`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction

from conventions.domain.documents.context import (
    AgreementContext,
    EquipmentContext,
    FundingContext,
    InKindContext,
    ObligationContext,
    PartyContext,
)
from conventions.enums import (
    ActKind,
    AmountStatus,
    BudgetSide,
    FundingFigure,
    ObligationKind,
    PartyRole,
    SupportBehaviour,
    TermKind,
    Transfer,
)
from conventions.formats import is_line

REPORTS = (ObligationKind.FINANCIAL_REPORT, ObligationKind.REVIEW)
TWO_PARTIES = 2
COUNTERPARTS_FIELD, REPORTS_FIELD = "liste_contreparties", "liste_comptes_rendus"
LOANS_FIELD, ANNEXES_FIELD = "liste_prets", "liste_annexes"
_NAME = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def cited(ctx: AgreementContext) -> frozenset[str]:
    """Names of the fields that the act's articles leave to rendering: its tables and its lists."""
    return frozenset(name for clause in ctx.clauses for name in _NAME.findall(clause.body))


# Parties


def parties_with(ctx: AgreementContext, *roles: str) -> tuple[PartyContext, ...]:
    return tuple(party for party in ctx.parties if party.role in roles)


def other_parties(ctx: AgreementContext) -> tuple[PartyContext, ...]:
    """Neither OPT-NC nor a beneficiary: co-funders, organisers, intermediaries, the State."""
    return tuple(party for party in ctx.parties if party.role not in (PartyRole.OPT, PartyRole.BENEFICIARY))


# Duties


def duties_of(ctx: AgreementContext, party: PartyContext) -> tuple[ObligationContext, ...]:
    return tuple(line for line in ctx.obligations if line.party == party.short_name)


def opt_duties(ctx: AgreementContext) -> tuple[ObligationContext, ...]:
    return tuple(line for party in parties_with(ctx, PartyRole.OPT) for line in duties_of(ctx, party))


def beneficiary_duties(ctx: AgreementContext) -> tuple[ObligationContext, ...]:
    """Those of the beneficiaries, and those that name nobody: the articles bind the beneficiary."""
    elsewhere = {party.short_name for party in (*parties_with(ctx, PartyRole.OPT), *other_parties(ctx))}
    return tuple(line for line in ctx.obligations if line.party not in elsewhere)


def counterparts(ctx: AgreementContext) -> tuple[ObligationContext, ...]:
    """What the beneficiary does to make the support seen."""
    return tuple(line for line in beneficiary_duties(ctx) if line.kind == ObligationKind.VISIBILITY)


def reports(ctx: AgreementContext) -> tuple[ObligationContext, ...]:
    """The reports and reviews that the beneficiary owes."""
    return tuple(line for line in beneficiary_duties(ctx) if line.kind in REPORTS)


def listed_duties(ctx: AgreementContext) -> tuple[ObligationContext, ...]:
    """Those that the beneficiary's own article lists: all that no other article of the act lists already."""
    names = cited(ctx)
    left = [
        *(counterparts(ctx) if COUNTERPARTS_FIELD in names else ()),
        *(reports(ctx) if REPORTS_FIELD in names else ()),
    ]
    return tuple(line for line in beneficiary_duties(ctx) if line not in left)


def plain_duties(ctx: AgreementContext) -> tuple[ObligationContext, ...]:
    """Neither reports nor counterparts."""
    kinds = (*REPORTS, ObligationKind.VISIBILITY)
    return tuple(line for line in beneficiary_duties(ctx) if line.kind not in kinds)


# Money and goods


def granted(ctx: AgreementContext) -> tuple[FundingContext, ...]:
    """The lines of OPT-NC's own money, « sans objet » left out."""
    return tuple(
        line for line in ctx.fundings if line.figure == FundingFigure.GRANTED and is_line(line.status)
    )


def other_money(ctx: AgreementContext) -> tuple[FundingContext, ...]:
    """What others bring: co-funders, the public, a prize."""
    return tuple(
        line for line in ctx.fundings if line.figure != FundingFigure.GRANTED and is_line(line.status)
    )


def given(ctx: AgreementContext) -> tuple[EquipmentContext, ...]:
    """The equipment lines that change hands, loans left out."""
    return tuple(line for line in ctx.equipment if line.transfer == Transfer.GIVEN)


def lent(ctx: AgreementContext) -> tuple[EquipmentContext, ...]:
    return tuple(line for line in ctx.equipment if line.transfer == Transfer.LENT)


def loans(ctx: AgreementContext) -> tuple[InKindContext, ...]:
    """The support in kind that comes back."""
    return tuple(line for line in ctx.in_kind if line.behaviour == SupportBehaviour.LOAN)


def donated(ctx: AgreementContext) -> bool:
    """Whether goods change hands for good, equipment or not."""
    return bool(given(ctx)) or any(line.behaviour == SupportBehaviour.GIFT for line in ctx.in_kind)


def project_cost(ctx: AgreementContext) -> int | None:
    """What the project costs, in XPF: its expenses, when each is known; None otherwise."""
    lines = [line for line in ctx.budget if line.side == BudgetSide.EXPENSE and is_line(line.status)]
    if not lines or any(line.status != AmountStatus.KNOWN or line.amount is None for line in lines):
        return None
    return sum(line.amount for line in lines if line.amount is not None) or None


def share(ctx: AgreementContext) -> Fraction | None:
    """OPT-NC's part of the cost, from 0 to 1; None when one of both is unknown, or when it would pass the cost."""
    cost, lines = project_cost(ctx), granted(ctx)
    if cost is None or not lines or any(line.status != AmountStatus.KNOWN for line in lines):
        return None
    found = Fraction(sum(line.amount or 0 for line in lines), cost)
    return found if 0 < found <= 1 else None


def listed_in_kind(ctx: AgreementContext) -> tuple[InKindContext, ...]:
    """What the article of the support in kind lists: all that the article of the loans does not list already."""
    left = loans(ctx) if LOANS_FIELD in cited(ctx) else ()
    return tuple(line for line in ctx.in_kind if line not in left)


def brought_by(ctx: AgreementContext, party: PartyContext) -> tuple[FundingContext, ...]:
    """The money that a party other than OPT-NC brings."""
    return tuple(line for line in other_money(ctx) if line.party == party.short_name)


def others_promise(ctx: AgreementContext) -> bool:
    return any(duties_of(ctx, party) or brought_by(ctx, party) for party in other_parties(ctx))


# What no article holds

_HELD: tuple[tuple[str, str, Callable[[AgreementContext], object]], ...] = (
    ("tableau_financements", "Soutien financier de l’OPT-NC", granted),
    ("tableau_autres_financements", "Autres financements", other_money),
    ("tableau_echeancier", "Versements prévus", lambda ctx: ctx.instalments),
    ("liste_soutiens_nature", "Soutien en nature", listed_in_kind),
    ("liste_engagements_opt", "Engagements de l’OPT-NC", opt_duties),
    ("liste_engagements", "Engagements du bénéficiaire", listed_duties),
    ("engagements_autres_parties", "Engagements des autres parties", others_promise),
)
_HELD_BY_AMENDMENT = (("tableau_modifications", "Modifications", lambda ctx: ctx.changes),)


def left_over(ctx: AgreementContext) -> tuple[tuple[str, str], ...]:
    """(field, heading) of what the file promises and no article of the act holds: it is printed after them."""
    held = {ActKind.INITIAL: _HELD, ActKind.AMENDMENT: _HELD_BY_AMENDMENT}.get(ActKind(ctx.act_kind), ())
    held = (*held, (ANNEXES_FIELD, "Pièces annexées", lambda ctx: ctx.files))
    names = cited(ctx)
    return tuple((name, heading) for name, heading, read in held if name not in names and read(ctx))


def has_annexes(ctx: AgreementContext) -> bool:
    """Whether anything stands after the signatures: typeset from lines, or received."""
    return bool(ctx.annexes or ctx.files or ctx.equipment or ctx.budget or ctx.indicators)


# Facts choose the variant of a clause

_MONEY_FACTS: dict[str, str] = {
    AmountStatus.KNOWN: "montant_connu",
    AmountStatus.CAPPED: "montant_plafonne",
    AmountStatus.OUTCOME: "montant_selon_resultat",
    AmountStatus.TO_BE_SET: "montant_a_determiner",
    AmountStatus.UNKNOWN: "montant_non_communique",
}
_TERM_FACTS = {
    TermKind.DATES: "duree_datee",
    TermKind.OPEN_ENDED: "duree_indeterminee",
    TermKind.WORDING: "duree_libre",
}


def _money_fact(lines: Iterable[FundingContext]) -> str:
    statuses = Counter(line.status for line in lines)
    if not statuses:
        return "sans_financement"
    return _MONEY_FACTS[next(iter(statuses))] if len(statuses) == 1 else "montants_divers"


def _payment_fact(ctx: AgreementContext) -> str:
    """How the money is paid: by a plan, or at once when one certain amount allows it."""
    lines = granted(ctx)
    if not lines:
        return ""
    if ctx.instalments:
        return "versement_echelonne" if len(ctx.instalments) > 1 else "versement_prevu"
    if any(line.status != AmountStatus.KNOWN for line in lines):
        return "versement_sur_constat"
    return "versement_par_exercice" if len({line.budget_year for line in lines}) > 1 else "versement_unique"


def to_settle(ended: AgreementContext) -> frozenset[str]:
    """What a termination settles, of the convention in force that it ends: money, goods lent, both, or neither."""
    money, goods = bool(granted(ended)), bool(lent(ended) or loans(ended))
    if not money and not goods:
        return frozenset()
    return frozenset(
        {"comptes_argent_et_prets" if money and goods else "comptes_argent" if money else "comptes_prets"}
    )


def facts(ctx: AgreementContext) -> frozenset[str]:
    """What is true of this file."""
    money, goods, listed = bool(granted(ctx)), bool(ctx.in_kind or ctx.equipment), bool(reports(ctx))
    true_of_file = {
        _money_fact(granted(ctx)): True,
        _payment_fact(ctx): True,
        # After a gap, one period from the first day to the last would not be true: the changes tell both.
        _TERM_FACTS.get(TermKind(ctx.term.kind), ""): not any(change.note for change in ctx.changes),
        ctx.path: True,
        "fin_connue": ctx.term.end is not None,
        "autres_financements": bool(other_money(ctx)),
        "soutien_en_nature": len(loans(ctx)) < len(ctx.in_kind),
        "materiel_donne": bool(given(ctx)),
        "materiel_prete": bool(lent(ctx)),
        "biens_pretes": bool(lent(ctx) or loans(ctx)),
        "engagements_opt": bool(opt_duties(ctx)),
        "engagements_listes": bool(plain_duties(ctx)),
        "engagements_autres": others_promise(ctx),
        "visibilite_listee": bool(counterparts(ctx)),
        "comptes_rendus_listes": listed,
        "avec_financement": money,
        "avec_soutien": money or goods,
        "argent_seul": money and not goods,
        "nature_seule": goods and not money,
        "argent_et_nature": money and goods,
        "comptes_rendus_argent": listed and money,
        "comptes_rendus_nature": listed and not money,
        "bilan_argent": money and not listed,
        "bilan_nature": goods and not money and not listed,
        "biens_donnes": donated(ctx),
        "cout_connu": project_cost(ctx) is not None and share(ctx) is None,
        "part_connue": share(ctx) is not None,
        "plusieurs_parties": len(ctx.parties) > TWO_PARTIES,
        f"resiliation_{ctx.ground}": bool(ctx.ground),
        "modifications_listees": bool(ctx.changes),
        "annexes_listees": has_annexes(ctx),
    }
    return frozenset(name for name, holds in true_of_file.items() if holds and name)
