"""How the articles of an act differ from the template it was drafted from: what a lawyer reads first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db.models import Q

from conventions.domain.acts.content import assembling, loading
from conventions.domain.acts.drafting.clauses import Proposal, proposals, template_for
from conventions.domain.acts.templates.versions import named_fields
from conventions.formats import NBSP, Piece, has_changed, moved_items, word_differences
from conventions.models import Act, AgreementTemplate, Clause, ClauseTemplate
from conventions.reference.clauses import CLOSING

CLOSING_NAME = "Formule de clôture"


class Fate(StrEnum):
    """What became of an article of the template in an act."""

    SAME = "identique"
    MODIFIED = "modifie"
    BY_HAND = "ecrit"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseDifference:
    """One article beside its template. `pieces` go from the template's text to the act's, where both exist.

    `text` is that of an article without template, or of the template for one that the act lacks.
    """

    code: str
    heading: str
    fate: Fate
    moved: bool = False
    mandatory: bool = False
    pieces: tuple[Piece, ...] = ()
    text: str = ""
    source: str = ""  # « version 2 »
    newer: str = ""  # the version in force, when the act's article comes from an older one
    newer_pieces: tuple[Piece, ...] = ()  # from the older text of the template to the one in force

    @property
    def differs(self) -> bool:
        return self.fate != Fate.SAME or self.moved


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDifferences:
    """The articles of an act in its order, those it lacks last; the template it was drafted from, and a newer one."""

    rows: tuple[ClauseDifference, ...]
    template: AgreementTemplate | None = None
    newer_template: AgreementTemplate | None = None

    @property
    def differing(self) -> tuple[ClauseDifference, ...]:
        return tuple(row for row in self.rows if row.differs)

    @property
    def has_newer(self) -> bool:
        return self.newer_template is not None or any(row.newer for row in self.rows)

    @property
    def told(self) -> str:
        """« 2 articles diffèrent du modèle. »"""
        count = len(self.differing)
        if count == 0:
            return "Tous les articles sont ceux du modèle."
        return "1 article diffère du modèle." if count == 1 else f"{count}{NBSP}articles diffèrent du modèle."


def clause_differences(act: Act, *, row: Act | None = None) -> ActDifferences:
    """Each article of the act beside its template, and what the template has that the act lacks.

    The articles that an amendment changes in the convention are read elsewhere: only its own are compared. A fixed
    number of queries. `row` is the act already loaded.
    """
    act = row or act
    wanted = proposals(act, facts=assembling.act_facts(act, row=row))
    kept = _own_clauses(act, row)
    lines = {line.code: line for line in act.agreement_template.lines.all()} if act.agreement_template else {}
    mandatory = {code for code, line in lines.items() if line.mandatory}
    out_of_place = _out_of_place(kept, wanted)
    in_force = _in_force_for(kept)
    present = [
        _compared(row, in_force, moved=row.code in out_of_place, mandatory=row.code in mandatory)
        for row in kept
    ]
    codes = {row.code for row in kept}
    absent = [
        _absent(proposal, mandatory=code in mandatory)
        for code, proposal in wanted.items()
        if code not in codes
    ]
    newest = template_for(act)
    is_old = act.agreement_template is not None and newest is not None and newest != act.agreement_template
    return ActDifferences(
        rows=(*present, *absent),
        template=act.agreement_template,
        newer_template=newest if is_old else None,
    )


def _own_clauses(act: Act, row: Act | None) -> list[Clause]:
    if row is not None:
        own = loading.page_lines(row, Clause._meta.model_name or "") or []
        return sorted(own, key=lambda clause: (clause.position, clause.pk))
    rows = Clause.objects.own().filter(act=act).select_related("template")
    return list(rows.order_by("position", "pk"))


def _out_of_place(kept: list[Clause], wanted: dict[str, Proposal]) -> set[str]:
    """Articles that no longer stand in the order of the template, the fewest that explain it."""
    here = list(dict.fromkeys(row.code for row in kept if row.code in wanted))
    return set(moved_items([code for code in wanted if code in here], here))


def _in_force_for(kept: list[Clause]) -> dict[tuple[str, str, str], ClauseTemplate]:
    """The text in force of each template that an article was copied from."""
    used = {(row.template.act_kind, row.template.code, row.template.variant) for row in kept if row.template}
    if not used:
        return {}
    wanted = Q()
    for act_kind, code, variant in sorted(used):
        wanted |= Q(act_kind=act_kind, code=code, variant=variant)
    found = ClauseTemplate.objects.in_force().filter(wanted)
    return {(row.act_kind, row.code, row.variant): row for row in found}


def _compared(row: Clause, in_force: dict, *, moved: bool, mandatory: bool) -> ClauseDifference:
    told = ClauseDifference(
        code=row.code, heading=_name(row), fate=Fate.BY_HAND, moved=moved, mandatory=mandatory
    )
    source = row.template
    if source is None:
        return replace(told, text=named_fields(row.body))
    changed = has_changed(source.body, row.body) or source.heading != row.heading
    told = replace(
        told,
        fate=Fate.MODIFIED if changed else Fate.SAME,
        pieces=word_differences(_whole(source), _whole(row)) if changed else (),
        source=f"version {source.version}",
    )
    newest = in_force.get((source.act_kind, source.code, source.variant))
    if newest is None or newest.pk == source.pk:
        return told
    newer = word_differences(_whole(source), _whole(newest))
    return replace(told, newer=f"version {newest.version}", newer_pieces=newer)


def _absent(proposal: Proposal, *, mandatory: bool) -> ClauseDifference:
    return ClauseDifference(
        code=proposal.template.code,
        heading=_name(proposal.template),
        fate=Fate.ABSENT,
        mandatory=mandatory,
        text=named_fields(proposal.template.body),
        source=f"version {proposal.template.version}",
    )


def _name(row: Clause | ClauseTemplate) -> str:
    return row.heading or (CLOSING_NAME if row.code == CLOSING else row.code)


def _whole(row: Clause | ClauseTemplate) -> str:
    return named_fields(f"{row.heading}\n\n{row.body}".strip())


def missing_articles(act: Act, *, facts: Callable[[], frozenset[str]]) -> list[str]:
    """Names of the mandatory articles that a `loading.loaded` act lacks, in the order of its template.

    An article whose condition does not hold in this file is not missing; the facts are read only if it matters.
    """
    if act.agreement_template is None:
        return []
    codes = {row.code for row in assembling.own_articles(act)}
    lines = [line for line in act.agreement_template.lines.all() if line.mandatory and line.code not in codes]
    true = facts() if any(line.condition for line in lines) else frozenset()
    absent = [line.code for line in lines if not line.condition or line.condition in true]
    if not absent:
        return []
    texts = ClauseTemplate.objects.in_force().filter(act_kind=act.kind, code__in=absent)
    names = {row.code: _name(row) for row in texts.order_by("code", "-variant")}
    return [names.get(code, code) for code in absent]
