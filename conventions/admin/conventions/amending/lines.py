"""What a small page is about: the draft amendment, one table of terms, one of its lines, and its form."""

import copy
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict

from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import act_of, convention_of, page_url
from conventions.admin.conventions.layout import CHANGES, ChangesSpec
from conventions.admin.conventions.row_forms import ROW_FORMS, begins_with
from conventions.domain.acts import amending, drafting
from conventions.domain.acts.content import changes
from conventions.domain.acts.drafting.page_content import ROWS_BY_KEY
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import ActKind
from conventions.forms.rows import RowForm
from conventions.models import Act, Convention
from conventions.models.terms import Term

SPECS = {block.key: block for block in CHANGES.blocks if isinstance(block, ChangesSpec)}
MODELS = {str(model._meta.model_name): model for model in changes.TERM_MODELS}


@dataclass(frozen=True)
class Place:
    """One table of one draft amendment, open to the person who asks."""

    convention: Convention
    act: Act
    spec: ChangesSpec
    model: type[Term]

    @property
    def back(self) -> str:
        return page_url(self.convention, self.act, f"#{self.spec.anchor or self.spec.key}")

    def line(self, row: int) -> amending.LineChange:
        """Raises Http404 for a row that is neither in force nor of this act."""
        found = amending.line_of(self.act, self.model, row)
        if found is None:
            raise Http404("Cette ligne n’existe pas.")
        return found

    def form(self, line: amending.LineChange | None = None, data: QueryDict | None = None) -> RowForm:
        """The form of the page's table for one line, prefilled with what the amendment says of it."""
        form_class, _formset = ROW_FORMS[self.spec.key]
        choices: dict[str, Any] = {}
        if self.spec.key in ("funding", "obligation", "budgetline"):
            choices["party"] = list(self.convention.parties.select_related("partner"))
        if self.spec.key == "instalmentterm":
            choices["obligation"] = drafting.duties_awaited(self.act)
        if self.spec.key == "inkind":
            choices["kind"] = drafting.support_kinds(self.act)
        return form_class(
            data,
            instance=self._instance(line),
            choices=choices,
            proposed={} if line else begins_with(self.spec.key, self.act),
            reprise=self.act.is_reprise,
        )

    def _instance(self, line: amending.LineChange | None) -> Term:
        if line is None:
            return self.model(position=NEW_POSITION)
        kept = copy.copy(line.row)
        kept.pk = None  # a form changes its instance; a line to come has no key
        return kept


NEW_POSITION = 500  # after the lines in force


def place_of(page: PartnersModelAdmin, request: SignedInRequest, pk: int, table: str) -> Place:
    """Raises Http404 (no such table, no amendment), PermissionDenied (not open to this person)."""
    convention = convention_of(page, request, pk)
    act = act_of(convention, request)
    if act.kind != ActKind.AMENDMENT or table not in SPECS:
        raise Http404("Cette page n’existe que pour un avenant.")
    if not (act.is_editable and drafting.scope_of(act, request.user).allows(ROWS_BY_KEY[table].part)):
        raise PermissionDenied
    return Place(convention, act, SPECS[table], MODELS[table])


def values_of(form: RowForm) -> dict[str, Any]:
    """The columns the form shows (a formset of the page adds its link to the act to the same class)."""
    names = [*(form._meta.fields or ()), *(f"{name}_precision" for name in form.partial)]
    return {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}
