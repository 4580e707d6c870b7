"""Versions of a template, of a clause or of an act: draft → in force → retired.

A text in force is never edited, it is replaced by its next version: both steps stand in one transaction and in the
journal. What is particular to each kind of template is in `domain.clauses` and `domain.agreements`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.documents.merge_fields import FIELD, REGISTRY
from conventions.domain.foundation.refusals import Refused
from conventions.domain.journal.story.vocabulary import thing_key
from conventions.enums import TemplateState
from conventions.models import AgreementTemplate, ClauseTemplate, LetterTemplate, User

Template = TypeVar("Template", ClauseTemplate, AgreementTemplate, LetterTemplate)


class TemplateRefused(Refused):
    """A step that a template's state or text does not allow; the message is French."""


def new_version(
    template: Template, *, by: User, same: tuple[str, ...], copied: tuple[str, ...], extra: Callable
) -> Template:
    """A draft copied from any version, numbered after the last one. Returns the draft already open, if any.

    `same`: the columns that make versions of one thing; `copied`: the further columns taken over; `extra` copies,
    from the template to the draft, what is in other tables.
    """
    permissions.require(permissions.can_edit_clauses, by)
    with transaction.atomic():
        siblings = versions_of(template, same)
        draft = siblings.filter(state=TemplateState.DRAFT).order_by("-version").first()
        if draft is not None:
            return draft
        last = siblings.aggregate(last=Max("version"))["last"] or 0
        values = {name: getattr(template, name) for name in (*same, *copied)}
        draft = type(template)._default_manager.create(**values, version=last + 1, updated_by=by)
        if not isinstance(template, LetterTemplate) and not isinstance(draft, LetterTemplate):
            draft.kinds.set(list(template.kinds.all()))
        extra(template, draft)
        record("nouvelle_version", draft, by=by, depuis=template.version)
    return draft


def put_in_force(
    template: Template, *, by: User, same: tuple[str, ...], check: Callable[[Any], None]
) -> Template:
    """Put a draft in force; the version in force until then is retired in the same step.

    `check` raises TemplateRefused when its content will not do. Raises TemplateRefused when it is not a draft.
    """
    permissions.require(permissions.can_edit_clauses, by)
    with transaction.atomic():
        locked = type(template)._default_manager.select_for_update().get(pk=template.pk)
        if locked.state != TemplateState.DRAFT:
            raise TemplateRefused("Seule une version en préparation peut entrer en vigueur.")
        check(locked)
        for previous in versions_of(locked, same).filter(state=TemplateState.IN_FORCE):
            set_state(previous, TemplateState.RETIRED, by=by)
        set_state(locked, TemplateState.IN_FORCE, by=by)
    return locked


def retire(template: Template, *, by: User) -> Template:
    """Withdraw a template: acts already drafted keep their own text. Raises TemplateRefused if it already is."""
    permissions.require(permissions.can_edit_clauses, by)
    with transaction.atomic():
        locked = type(template)._default_manager.select_for_update().get(pk=template.pk)
        if locked.state == TemplateState.RETIRED:
            raise TemplateRefused("Cette version est déjà retirée.")
        set_state(locked, TemplateState.RETIRED, by=by)
    return locked


def versions_of(template: Template, same: tuple[str, ...]) -> QuerySet[Template]:
    """Every version of one thing, in any state."""
    return type(template)._default_manager.filter(**{name: getattr(template, name) for name in same})


def set_state(template: Template, state: TemplateState, *, by: User) -> None:
    """Write the state, since when, and the journal line. Call in a transaction."""
    before, template.state = template.state, state
    template.updated_by = by
    dated = "in_force_since" if state == TemplateState.IN_FORCE else "retired_at"
    setattr(template, dated, timezone.now())
    template.save(update_fields=["state", dated, "updated_by", "updated_at"])
    record("modifie", template, by=by, changes={"state": [before, state]})


def record(
    verb: str, template: Template, *, by: User, changes: dict[str, list] | None = None, **details: Any
) -> None:
    """« modele_d_article_modifie », « modele_d_acte_nouvelle_version »…"""
    name = thing_key(str(template._meta.verbose_name))
    journal.record(
        f"{name}_{verb}",
        by=by,
        changes=changes,
        details={
            "objet": template._meta.model_name,
            "id": template.pk,
            "nom": str(template),
            **details,
        },
    )


def named_fields(body: str) -> str:
    """A text with the name of each field between brackets, for people to read: « [Montant total, en chiffres] »."""
    return FIELD.sub(
        lambda found: f"[{REGISTRY[found[1]].label if found[1] in REGISTRY else found[1]}]", body
    )
