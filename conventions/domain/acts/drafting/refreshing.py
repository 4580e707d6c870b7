"""Proposing the articles of a draft again, from the template in force today."""

from django.db import transaction

from conventions.domain import journal
from conventions.domain.acts.drafting.clauses import align, template_for
from conventions.domain.acts.drafting.page_content import differences, read_content
from conventions.domain.acts.drafting.saving import check_scope, lock
from conventions.models import Act, User


def refresh_clauses(act: Act, *, by: User) -> bool:
    """Propose the articles again, from the template in force today. True if anything changed.

    Those written by hand stay, where they are; the others follow the file and the order of the template. Bumps the
    convention's version, so that a colleague who has the page open is told.
    """
    with transaction.atomic():
        convention, locked = lock(act)
        check_scope({"clauses"}, locked, by=by)
        before = read_content(convention, locked)
        old, new = locked.agreement_template, template_for(locked)
        updated = new is not None and new != old
        if updated:
            locked.agreement_template = new
            locked.save(update_fields=["agreement_template", "updated_at"])
        if not align(locked, reorder=updated) and not updated:
            return False
        convention.version += 1
        convention.save(update_fields=["version", "updated_at"])
        changes = differences(before, read_content(convention, locked))
        if updated:
            changes["act.agreement_template"] = [str(old) if old else None, str(new)]
        details = {"acte": locked.pk, "version": convention.version}
        journal.record("articles_reproposes", by=by, convention=convention, changes=changes, details=details)
    return True
