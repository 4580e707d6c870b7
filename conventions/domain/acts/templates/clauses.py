"""Verbs on the templates of clauses: a text in force is never edited, it is replaced by its next version."""

from django.db.models import Count, Q, QuerySet

from conventions.domain.acts.templates import versions
from conventions.domain.acts.templates.versions import TemplateRefused
from conventions.domain.documents.merge_fields import check_template
from conventions.models import ClauseTemplate, User

SAME = ("act_kind", "code", "variant")
COPIED = ("condition", "heading", "body", "position", "note")


def with_use(rows: QuerySet[ClauseTemplate]) -> QuerySet[ClauseTemplate]:
    """Annotate `act_count`: acts of which an article is made from this very text."""
    acts = Count("clauses__act", filter=Q(clauses__removed=False), distinct=True)
    return rows.annotate(act_count=acts)


def precedence(template: ClauseTemplate) -> tuple[bool, bool]:
    """Of the texts of an article, the one made for a kind wins; then one with a condition. `kinds` are loaded."""
    return bool(template.kinds.all()), bool(template.condition)


def new_version(template: ClauseTemplate, *, by: User) -> ClauseTemplate:
    """A draft copied from any version, numbered after the last one. Returns the draft already open, if any."""
    return versions.new_version(template, by=by, same=SAME, copied=COPIED, extra=lambda old, new: None)


def put_in_force(template: ClauseTemplate, *, by: User) -> ClauseTemplate:
    """Put a draft in force; the version in force until then is retired in the same step.

    Raises TemplateRefused when it is not a draft or its fields are wrong.
    """
    return versions.put_in_force(template, by=by, same=SAME, check=_check)


def _check(template: ClauseTemplate) -> None:
    if check_template(template.body):
        raise TemplateRefused("Le texte contient des champs inconnus ou mal écrits. Corrigez-les d’abord.")


def retire(template: ClauseTemplate, *, by: User) -> ClauseTemplate:
    """Withdraw a template: acts already drafted keep their own text. Raises TemplateRefused if it already is."""
    return versions.retire(template, by=by)
