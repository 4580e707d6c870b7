"""Lines of the project itself: its budget, and the indicators of its success."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from conventions.enums import BudgetSide
from conventions.forms.fields import LoadedChoiceField
from conventions.forms.parties import party_name
from conventions.forms.rows import RowForm, model_field
from conventions.forms.terms import clean_year
from conventions.models import BudgetLine, Indicator
from conventions.models.budget import NOT_INCOME_MESSAGE, TWO_FUNDERS_MESSAGE


class BudgetLineForm(RowForm):
    amount = model_field(BudgetLine, "amount")
    unit_price = model_field(BudgetLine, "unit_price")
    party = LoadedChoiceField(
        label=_("Apporté par"), required=False, empty_label=_("Aucune partie"), label_of=party_name
    )
    main = (("side", 2), ("heading", 5), ("amount", 3), ("budget_year", 2))
    more = (
        ("party", 4),
        ("funder", 5),
        ("standing", 3),
        ("status", 3),
        ("quantity", 3),
        ("unit", 3),
        ("unit_price", 3),
    )
    more_label = _("Financeur, statut, calcul du montant")
    unsaid = ("side",)

    class Meta:
        model = BudgetLine
        fields = [
            "side",
            "heading",
            "budget_year",
            "amount",
            "status",
            "quantity",
            "unit",
            "unit_price",
            "party",
            "funder",
            "standing",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heading"].widget.attrs["placeholder"] = _("location de la salle")
        self.fields["unit"].widget.attrs["placeholder"] = _("séances")
        self.fields["budget_year"].widget.attrs |= {"min": 2000, "max": 2100}

    def clean_budget_year(self) -> int | None:
        return clean_year(self.cleaned_data["budget_year"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        self.compute_amount(data)
        self.check_amount(data)
        paid_for = data.get("party") or data.get("funder") or data.get("standing")
        if data.get("side") == BudgetSide.EXPENSE and paid_for:
            self.add_error("side", NOT_INCOME_MESSAGE)
        elif data.get("party") and data.get("funder"):
            self.add_error("funder", TWO_FUNDERS_MESSAGE)
        return data

    @property
    def more_is_open(self) -> bool:
        return super().more_is_open or self.instance.side == BudgetSide.INCOME


class IndicatorForm(RowForm):
    due_on = model_field(Indicator, "due_on")
    main = (("name", 5), ("target", 2), ("unit", 3), ("due_on", 2))
    more = (("target_wording", 6), ("due_wording", 6))
    more_label = _("Cible ou échéance en toutes lettres")

    class Meta:
        model = Indicator
        fields = ["name", "target", "unit", "due_on", "target_wording", "due_wording"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = ""
        self.fields["name"].widget.attrs["placeholder"] = _("enfants accueillis au dojo")
        self.fields["unit"].widget.attrs["placeholder"] = _("enfants")
