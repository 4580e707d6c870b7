"""Verbs on the templates of clauses: a text in force is never edited, it is replaced by its next version."""

from django.db import transaction
from django.db.models import Max

from conventions.domain import journal
from conventions.domain.merging import check_template
from conventions.enums import TemplateState
from conventions.models import ClauseTemplate


class ClauseRefused(Exception):
    """A step that a template's state or text does not allow; the message is French."""


def new_version(template: ClauseTemplate, *, by) -> ClauseTemplate:
    """A draft copied from any version, numbered after the last one. Returns the draft already open, if any."""
    with transaction.atomic():
        siblings = _versions(template)
        draft = siblings.filter(state=TemplateState.DRAFT).order_by("-version").first()
        if draft is not None:
            return draft
        kinds = list(template.kinds.all())
        last = siblings.aggregate(last=Max("version"))["last"] or 0
        copied = ("code", "variant", "act_kind", "condition", "heading", "body", "position", "note")
        values = {name: getattr(template, name) for name in copied}
        draft = ClauseTemplate.objects.create(**values, version=last + 1, updated_by=by)
        draft.kinds.set(kinds)
        _record("nouvelle_version", draft, by=by, depuis=template.version)
    return draft


def put_in_force(template: ClauseTemplate, *, by) -> ClauseTemplate:
    """Put a draft in force; the version in force until then is retired in the same step.

    Raises ClauseRefused when it is not a draft or its fields are wrong.
    """
    with transaction.atomic():
        locked = ClauseTemplate.objects.select_for_update().get(pk=template.pk)
        if locked.state != TemplateState.DRAFT:
            raise ClauseRefused("Seule une version en préparation peut entrer en vigueur.")
        if check_template(locked.body):
            raise ClauseRefused("Le texte contient des champs inconnus ou mal écrits. Corrigez-les d’abord.")
        for previous in _versions(locked).filter(state=TemplateState.IN_FORCE):
            _set_state(previous, TemplateState.RETIRED, by=by)
        _set_state(locked, TemplateState.IN_FORCE, by=by)
    return locked


def retire(template: ClauseTemplate, *, by) -> ClauseTemplate:
    """Withdraw a template: acts already drafted keep their own text. Raises ClauseRefused if it already is."""
    with transaction.atomic():
        locked = ClauseTemplate.objects.select_for_update().get(pk=template.pk)
        if locked.state == TemplateState.RETIRED:
            raise ClauseRefused("Cette version est déjà retirée.")
        _set_state(locked, TemplateState.RETIRED, by=by)
    return locked


def _versions(template: ClauseTemplate):
    return ClauseTemplate.objects.filter(
        act_kind=template.act_kind, code=template.code, variant=template.variant
    )


def _set_state(template: ClauseTemplate, state: TemplateState, *, by) -> None:
    before, template.state = template.state, state
    template.updated_by = by
    template.save(update_fields=["state", "updated_by", "updated_at"])
    _record("modifie", template, by=by, changes={"state": [before, state]})


def _record(verb: str, template: ClauseTemplate, *, by, changes=None, **details) -> None:
    journal.record(
        f"modele_d_article_{verb}",
        by=by,
        changes=changes,
        details={"objet": "clausetemplate", "id": template.pk, "nom": str(template), **details},
    )
