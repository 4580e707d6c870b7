"""The equipment annex: a form per line, and lines pasted from a spreadsheet."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conventions.enums import Transfer
from conventions.exchange.equipment.annex import Pasted, read_paste
from conventions.formats import counted
from conventions.forms.fields import field_of
from conventions.forms.rows import RowForm, in_order, model_field
from conventions.forms.terms import LOAN_CELLS, known_by_typing
from conventions.forms.typed import Form
from conventions.models import EquipmentTerm
from conventions.models.support import GIVEN_MESSAGE, RETURN_MESSAGE

SHOWN = 20  # remarks on a paste, in a message


class EquipmentForm(RowForm):
    purchased_on = model_field(EquipmentTerm, "purchased_on", partial=True)
    amount = model_field(EquipmentTerm, "amount")
    pickup_by = model_field(EquipmentTerm, "pickup_by")
    main = (("nature", 3), ("quantity", 1), ("brand", 2), ("model", 2), ("serial", 2), ("inventory_tag", 2))
    unit_price = model_field(EquipmentTerm, "unit_price")
    starts_on = model_field(EquipmentTerm, "starts_on")
    return_on = model_field(EquipmentTerm, "return_on")
    more = (
        ("purchased_on", 3),
        ("pickup_place", 3),
        ("pickup_by", 3),
        ("holds_data", 3),
        ("unit", 2),
        ("unit_price", 3),
        ("amount", 3),
        ("status", 2),
        ("publishable", 2),
        ("transfer", 4),
        ("starts_on", 4),
        ("return_on", 4),
        *LOAN_CELLS,
    )
    more_label = _("Achat, enlèvement, données, valeur, prêt")

    class Meta:
        model = EquipmentTerm
        fields = [
            "nature",
            "quantity",
            "brand",
            "model",
            "serial",
            "inventory_tag",
            "purchased_on",
            "unit",
            "unit_price",
            "amount",
            "status",
            "publishable",
            "pickup_place",
            "pickup_by",
            "holds_data",
            "transfer",
            "starts_on",
            "return_on",
            "custody",
            "insurance",
            "state_given",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nature"].help_text = ""
        self.fields["nature"].widget.attrs["placeholder"] = _("ordinateur de bureautique")
        self.fields["holds_data"].help_text = ""
        self.fields["serial"].label = _("N° de série")
        self.fields["inventory_tag"].label = _("N° d’inventaire")
        if not self.of_reprise:
            transfer = field_of(self, "transfer", forms.ChoiceField)
            transfer.choices = [choice for choice in Transfer.choices if choice[0]]
            transfer.required = True

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        known_by_typing(self, data)
        self.compute_amount(data)
        self.check_amount(data)
        self._check_loan(data)
        quantity = data.get("quantity")
        if quantity is not None and quantity < 1:
            self.add_error("quantity", _("La quantité est au moins 1. Laissez-la vide si elle est inconnue."))
        elif data.get("serial") and quantity != 1 and "quantity" not in self.errors:
            message = _("Un numéro de série désigne un seul appareil : la quantité est 1.")
            self.add_error("quantity", message)
        return data

    def _check_loan(self, data: dict[str, Any]) -> None:
        in_order(self, "starts_on", "return_on", RETURN_MESSAGE)
        said = any(data.get(name) for name in ("starts_on", "return_on", *(name for name, _ in LOAN_CELLS)))
        if said and data.get("transfer") == Transfer.UNSAID:  # what comes back was lent: nobody says it twice
            data["transfer"] = Transfer.LENT
        elif said and data.get("transfer") == Transfer.GIVEN:
            self.add_error("transfer", GIVEN_MESSAGE)


class PasteForm(Form):
    """The paste box. `pasted` says what was understood; one bad line keeps the whole text in the box."""

    equipment_paste = forms.CharField(
        label=_("Coller depuis un tableur"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "wrap": "off"}),
        help_text=_(
            "Une ligne par appareil. Colonnes : nature, quantité, marque, modèle, n° de série, n° d’inventaire, "
            "date d’achat, valeur, lieu. Avec une ligne de titres, l’ordre est libre."
        ),
    )
    pasted: Pasted | None = None

    def __init__(self, *args: Any, reprise: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_reprise = reprise

    @property
    def told(self) -> str:
        """What is to be read of a paste once saved: what had no place, what was left out. May be empty."""
        told = self.pasted.told if self.pasted else []
        more = f" … et {counted(len(told) - SHOWN, 'autre remarque')}" if len(told) > SHOWN else ""
        return f"Lignes collées. {' '.join(told[:SHOWN])}{more}" if told else ""

    def clean_equipment_paste(self) -> str:
        text = self.cleaned_data["equipment_paste"]
        self.pasted = read_paste(text, reprise=self.of_reprise)
        if self.pasted.bad:
            raise ValidationError([f"Ligne {bad.number} : {bad.message}" for bad in self.pasted.bad])
        return text
