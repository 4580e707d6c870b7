"""The articles of an act: chosen among the templates in force by what is true of the file."""

from collections.abc import Iterable

from django.db import transaction

from conventions.domain import journal, reading
from conventions.models import Act, Clause, ClauseTemplate

STEP = 10


def proposed_templates(act: Act) -> list[ClauseTemplate]:
    """One template in force per article, in printing order.

    A template made for the kind wins over a general one, then one whose condition holds over one without condition.
    """
    kind = act.convention.kind
    templates = ClauseTemplate.objects.for_act(kind=kind, act_kind=act.kind).prefetch_related("kinds")
    facts = reading.act_facts(act)
    best: dict[str, ClauseTemplate] = {}
    for template in templates:
        if template.condition and template.condition not in facts:
            continue
        held = best.get(template.code)
        if held is None or _rank(template) > _rank(held):
            best[template.code] = template
    return sorted(best.values(), key=lambda template: (template.position, template.code))


def _rank(template: ClauseTemplate) -> tuple[bool, bool]:
    return bool(template.kinds.all()), bool(template.condition)


def choose_clauses(act: Act) -> list[Clause]:
    """Give a draft without article the ones its file calls for. Writes no journal line: its caller does."""
    return _insert(act, proposed_templates(act))


def _insert(act: Act, templates: Iterable[ClauseTemplate]) -> list[Clause]:
    return Clause.objects.bulk_create(
        Clause(
            act=act,
            code=template.code,
            heading=template.heading,
            body=template.body,
            template=template,
            position=template.position,
        )
        for template in templates
    )


def are_as_proposed(act: Act) -> bool:
    """Are the act's articles exactly the ones its file calls for, none written by hand?"""
    rows = list(act.clause_set.select_related("template"))
    if any(_is_written_by_hand(row) for row in rows):
        return False
    return {row.template_id for row in rows} == {template.pk for template in proposed_templates(act)}


def _is_written_by_hand(row: Clause) -> bool:
    return row.template is None or row.differs_from_template or row.heading != row.template.heading


def align(act: Act, *, only: str = "") -> bool:
    """Bring articles left as their template in line with the file; articles written by hand stay. True if changed.

    `only`: the code of the one article to bring in line. Writes no journal line: its caller does.
    """
    wanted = {row.code: row for row in proposed_templates(act) if only in ("", row.code)}
    kept: set[str] = set()
    removed = []
    rows = act.clause_set.select_related("template")
    for row in rows.filter(code=only) if only else rows:
        template = wanted.get(row.code)
        if _is_written_by_hand(row) or (template is not None and row.template_id == template.pk):
            kept.add(row.code)
        else:
            removed.append(row.pk)
    Clause.objects.filter(pk__in=removed).delete()
    added = _insert(act, [template for code, template in wanted.items() if code not in kept])
    return bool(removed or added)


def refresh_clauses(act: Act, *, by) -> bool:
    """Propose the articles again: those written by hand stay, the others follow the file. True if any changed.

    Bumps the convention's version, so that a colleague who has the page open is told.
    """
    from conventions.domain.drafting.content import differences, read_content
    from conventions.domain.drafting.saving import check_scope, lock

    with transaction.atomic():
        convention, locked = lock(act)
        check_scope({"clauses"}, locked, by=by)
        before = read_content(convention, locked)
        if not align(locked):
            return False
        convention.version += 1
        convention.save(update_fields=["version", "updated_at"])
        changes = differences(before, read_content(convention, locked))
        details = {"acte": locked.pk, "version": convention.version}
        journal.record("articles_reproposes", by=by, convention=convention, changes=changes, details=details)
    return True
