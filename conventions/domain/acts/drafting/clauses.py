"""The articles of an act: chosen among the templates in force by what is true of the file."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from conventions.domain.acts.content import assembling, loading
from conventions.domain.acts.templates.clauses import precedence
from conventions.models import Act, AgreementTemplate, Clause, ClauseTemplate

STEP = 10


def template_for(act: Act) -> AgreementTemplate | None:
    """The template in force for this act: the one made for its kind of convention, else the general one."""
    return AgreementTemplate.objects.for_act(kind=act.convention.kind, act_kind=act.kind).first()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An article to propose: its text, its place in the act."""

    template: ClauseTemplate
    position: int


def proposals(
    act: Act, *, facts: frozenset[str] | None = None, row: Act | None = None
) -> dict[str, Proposal]:
    """{code: proposal} for the file, in printing order: the articles of the template the act was drafted from, with
    the texts of its time when a later version has taken its place.

    Of the variants of an article, one made for the kind wins over a general one, then one whose condition holds over
    one without condition. `facts` when they are known already (`promises.facts`), `row` when the act is `loaded`.
    """
    facts = assembling.act_facts(act, row=row) if facts is None else facts
    act = row or act
    source = act.agreement_template or template_for(act)
    best = _texts(act, facts, at=source.retired_at if source else None)
    if source is None:
        places = {code: text.position for code, text in best.items()}
    else:
        places = {
            line.code: line.position
            for line in source.lines.all()
            if not line.condition or line.condition in facts
        }
    codes = sorted((code for code in best if code in places), key=lambda code: (places[code], code))
    return {code: Proposal(best[code], places[code]) for code in codes}


def _texts(act: Act, facts: frozenset[str], *, at: datetime.datetime | None) -> dict[str, ClauseTemplate]:
    """The text of each article that the file calls for, in force now or until a moment."""
    kind = act.convention.kind
    best: dict[str, ClauseTemplate] = {}
    templates = ClauseTemplate.objects.for_act(kind=kind, act_kind=act.kind, at=at).prefetch_related("kinds")
    for template in templates:
        if template.condition and template.condition not in facts:
            continue
        held = best.get(template.code)
        if held is None or precedence(template) > precedence(held):
            best[template.code] = template
    return best


def proposed_templates(act: Act, *, row: Act | None = None) -> list[ClauseTemplate]:
    """The texts of `proposals`, in printing order."""
    return [proposal.template for proposal in proposals(act, row=row).values()]


def choose_clauses(act: Act) -> list[Clause]:
    """Give a draft without article those of the template in force that its file calls for; the act remembers it.

    Writes no journal line: its caller does.
    """
    act.agreement_template = template_for(act)
    act.save(update_fields=["agreement_template", "updated_at"])
    return _insert(act, proposals(act).values())


def _insert(act: Act, proposed: Iterable[Proposal]) -> list[Clause]:
    return Clause.objects.bulk_create(
        Clause(
            act=act,
            code=proposal.template.code,
            heading=proposal.template.heading,
            body=proposal.template.body,
            template=proposal.template,
            position=proposal.position,
        )
        for proposal in proposed
    )


def are_as_proposed(act: Act, *, row: Act | None = None) -> bool:
    """Are the act's articles exactly the ones its file calls for, none written by hand? `row`: the act, `loaded`."""
    row = row or loading.loaded(act)
    rows = _own(row)
    if any(_is_written_by_hand(row) for row in rows):
        return False
    return {row.template_id for row in rows} == {template.pk for template in proposed_templates(act, row=row)}


def _own(row: Act) -> list[Clause]:
    """The articles of a `loaded` act's own text."""
    return [clause for clause in row.clause_set.all() if clause.is_own]


def _is_written_by_hand(row: Clause) -> bool:
    return row.template is None or row.differs_from_template or row.heading != row.template.heading


def align(act: Act, *, only: str = "", reorder: bool = False, row: Act | None = None) -> bool:
    """Bring articles left as their template in line with the file; articles written by hand stay. True if changed.

    `only`: the code of the one article to bring in line. `reorder`: put those left as their template back in its
    order. `row`: the act, `loaded`. Writes no journal line: its caller does.
    """
    row = row or loading.loaded(act)
    wanted = {code: one for code, one in proposals(act, row=row).items() if only in ("", code)}
    kept: set[str] = set()
    removed, misplaced = [], []
    for clause in (clause for clause in _own(row) if only in ("", clause.code)):
        proposal = wanted.get(clause.code)
        by_hand = _is_written_by_hand(clause)
        if not by_hand and (proposal is None or clause.template_id != proposal.template.pk):
            removed.append(clause.pk)
            continue
        kept.add(clause.code)
        if reorder and proposal is not None and not by_hand and clause.position != proposal.position:
            clause.position = proposal.position
            misplaced.append(clause)
    if removed:
        Clause.objects.filter(pk__in=removed).delete()
    Clause.objects.bulk_update(misplaced, ["position"])
    added = _insert(act, [proposal for code, proposal in wanted.items() if code not in kept])
    return bool(removed or added or misplaced)
