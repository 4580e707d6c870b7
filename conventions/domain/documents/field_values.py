"""What some merge fields say of a file: its beneficiary, its founding texts, the cost of its project."""

from collections.abc import Callable

from conventions.domain.documents.context import AgreementContext
from conventions.domain.documents.promises import parties_with, project_cost, share
from conventions.enums import PartnerNature, PartyRole
from conventions.formats import contract, legal_text

WITH_STATUTES = (PartnerNature.ASSOCIATION, PartnerNature.FOUNDATION)


def beneficiary(ctx: AgreementContext) -> str:
    """« l’Association », or « chaque bénéficiaire » so that verbs stay in the singular."""
    parties = parties_with(ctx, PartyRole.BENEFICIARY)
    if not parties:
        return ""
    return parties[0].short_name if len(parties) == 1 else "chaque bénéficiaire"


def cost(show: Callable[[int], str]) -> Callable[[AgreementContext], str]:
    """What the project costs, as `show` writes an amount in XPF; empty when unknown."""

    def value(ctx: AgreementContext) -> str:
        total = project_cost(ctx)
        return "" if total is None else show(total)

    return value


def share_of_cost(ctx: AgreementContext) -> str:
    """« 40 % », « environ 33,3 % »; never 0 nor 100 for what is neither."""
    part = share(ctx)
    if part is None:
        return ""
    tenths = min(max(round(part * 1000), 1), 999) if part < 1 else 1000
    whole, rest = divmod(tenths, 10)
    figure = f"{whole},{rest}" if rest else str(whole)
    return f"{figure} %" if part * 1000 == tenths else f"environ {figure} %"


def founding(role: PartyRole) -> Callable[[AgreementContext], str]:
    """The founding texts of the parties of this role, one a line; failing any, the statutes of an association."""

    def value(ctx: AgreementContext) -> str:
        lines: list[str] = []
        for party in parties_with(ctx, role):
            statutes = (
                [f"les statuts {contract('de', party.short_name)}"] if party.nature in WITH_STATUTES else []
            )
            lines += [legal_text(text) for text in party.founding_texts] or statutes
        return "\n".join(lines)

    return value


def request_seen(ctx: AgreementContext) -> str:
    """« la demande de soutien de l’Association », once it is filed."""
    if not ctx.has_request or not beneficiary(ctx):
        return ""
    several = len(parties_with(ctx, PartyRole.BENEFICIARY)) > 1
    return "la demande de soutien" + ("" if several else f" {contract('de', beneficiary(ctx))}")
