"""The form of each table of a convention's page, and what a new line of it begins with."""

from typing import Any

from conventions.domain.acts.drafting.page_content import ROWS_BY_KEY
from conventions.enums import PartyRole
from conventions.forms import evidence, parties, terms
from conventions.forms.budget import BudgetLineForm, IndicatorForm
from conventions.forms.equipment import EquipmentForm
from conventions.forms.rows import RowForm, RowFormSet, row_formset
from conventions.models import Act, Convention

ROW_FORMS: dict[str, tuple[type[RowForm], type[RowFormSet]]] = {
    "party": (parties.PartyForm, parties.PartyFormSet),
    "signatory": (parties.SignatoryForm, RowFormSet),
    "attendee": (parties.AttendeeForm, RowFormSet),
    "funding": (terms.FundingForm, RowFormSet),
    "instalmentterm": (terms.InstalmentForm, RowFormSet),
    "inkind": (terms.InKindForm, RowFormSet),
    "equipmentterm": (EquipmentForm, RowFormSet),
    "obligation": (terms.ObligationForm, terms.ObligationFormSet),
    "budgetline": (BudgetLineForm, RowFormSet),
    "indicator": (IndicatorForm, RowFormSet),
    "clause": (terms.ClauseForm, RowFormSet),
    "source": (evidence.SourceForm, RowFormSet),
    "photo": (evidence.PhotoForm, RowFormSet),
    "annex": (evidence.AnnexForm, RowFormSet),
    "attachment": (evidence.AttachmentForm, evidence.AttachmentFormSet),
}
# Tables that wait with an empty line: what nearly every convention fills in.
READY = ("funding", "equipmentterm")
CLASSES = {
    key: row_formset(Convention if ROWS_BY_KEY[key].owner == "convention" else Act, form, formset=formset)
    for key, (form, formset) in ROW_FORMS.items()
}


# A new line of an act of paper begins with nothing that its source did not say.
OF_PAPER: dict[str, dict[str, Any]] = {
    "party": {"role": PartyRole.PARTY},
    "funding": {"figure": ""},
    "equipmentterm": {"quantity": None, "transfer": ""},
    "budgetline": {"side": ""},
}


def begins_with(key: str, act: Act) -> dict[str, Any]:
    """What a new line of this table begins with, on the page of the act as on a page of its own."""
    if key == "inkind":
        return {"kind": ""}
    if act.is_reprise:
        return OF_PAPER.get(key, {})
    return {"budget_year": act.starts_on.year} if key == "funding" and act.starts_on else {}
