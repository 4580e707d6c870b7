"""The equipment annex: a form per line, and lines pasted from a spreadsheet.

Nothing pasted is dropped: each line is understood, or reported with its number and the reason.
"""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from conventions.enums import AmountStatus, Transfer
from conventions.formats import FormatError, counted, parse_date_fr, parse_xpf, search_key, whole_number
from conventions.forms.fields import field_of
from conventions.forms.rows import RowForm, in_order, model_field
from conventions.forms.terms import LOAN_CELLS, known_by_typing
from conventions.forms.typed import Form
from conventions.models import EquipmentTerm
from conventions.models.support import GIVEN_MESSAGE, RETURN_MESSAGE

MAX_PASTED = 500
# The order of a paste without headings; with headings, any order and any subset.
COLUMNS = (
    "nature",
    "quantity",
    "brand",
    "model",
    "serial",
    "inventory_tag",
    "purchased_on",
    "amount",
    "pickup_place",
)
HEADINGS = {
    "nature": ("nature", "designation", "materiel", "type", "equipement", "article"),
    "quantity": ("quantite", "qte", "nombre", "nb"),
    "brand": ("marque", "fabricant"),
    "model": ("modele", "reference"),
    "serial": ("serie", "n serie", "n de serie", "numero de serie", "no de serie", "serial", "s n", "sn"),
    "inventory_tag": ("inventaire", "n inventaire", "n d inventaire", "numero d inventaire", "etiquette"),
    "purchased_on": ("achat", "date d achat", "date achat", "achete le"),
    "amount": ("valeur", "valeur estimee", "prix", "montant", "valeur f cfp", "valeur estimee f cfp"),
    "pickup_place": ("lieu", "lieu d enlevement", "site", "emplacement"),
}
LABELS = {
    "nature": "Nature",
    "quantity": "Quantité",
    "brand": "Marque",
    "model": "Modèle",
    "serial": "N° de série",
    "inventory_tag": "N° d’inventaire",
    "purchased_on": "Date d’achat",
    "amount": "Valeur",
    "pickup_place": "Lieu",
}
UNKNOWN_WORDS = {"", "?", "-", "–", "—", "nc", "inconnu", "inconnue", "non communique"}


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


@dataclass(frozen=True)
class BadLine:
    """A pasted line that was not understood: its number (from 1), what is wrong, its text."""

    number: int
    message: str
    text: str


@dataclass
class Pasted:
    """What was understood of a paste: columns found, values per line, and the lines that were not understood."""

    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        return [LABELS[name] for name in self.columns]

    @property
    def shown(self) -> list[tuple[int, list[str]]]:
        """Lines as read, for the preview."""
        return [(number, [_shown(row.get(name)) for name in self.columns]) for number, row in self.rows]

    @property
    def count_text(self) -> str:
        """« 1 ligne comprise », « 12 lignes comprises »."""
        return counted(len(self.rows), "ligne comprise", "lignes comprises")

    def instances(self) -> list[EquipmentTerm]:
        return [EquipmentTerm(**row) for _number, row in self.rows]


def _shown(value: Any) -> str:
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def read_paste(text: str, *, reprise: bool = False) -> Pasted:
    """Lines of a spreadsheet, tab-separated (or « ; »); a first line of headings says which column is which.

    Without a quantity a line is one device, given; in an act of paper only a serial says how many, and nothing that it
    was given.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    found = Pasted()
    if not lines:
        return found
    separator = "\t" if any("\t" in line for _number, line in lines) else ";"
    split = [(number, line, [cell.strip() for cell in line.split(separator)]) for number, line in lines]
    columns = _headings(split[0][2])
    if columns:
        split = split[1:]
    else:
        width = max(len(cells) for _number, _line, cells in split)
        columns = list(COLUMNS[:width])
    found.columns = [name for name in columns if name]
    for rank, (number, line, cells) in enumerate(split, start=1):
        try:
            if rank > MAX_PASTED:
                raise ValidationError(f"Au-delà de {MAX_PASTED} lignes, collez en plusieurs fois.")
            found.rows.append((number, _read_line(columns, cells, reprise=reprise)))
        except ValidationError as error:
            found.bad.append(BadLine(number, " ".join(error.messages), line))
    return found


def _headings(cells: list[str]) -> list[str]:
    """The columns that a line of headings names; empty when it is a line of data. An unknown heading is ''."""
    known = {word: name for name, words in HEADINGS.items() for word in words}
    names = [known.get(search_key(cell), "") for cell in cells]
    return names if names.count("") < len(names) / 2 and "nature" in names else []


def _read_line(columns: list[str], cells: list[str], *, reprise: bool) -> dict[str, Any]:
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        raise ValidationError(
            f"{counted(len(cells), 'colonne')} au lieu de {len(columns)} au plus. Vérifiez l’ordre des colonnes."
        )
    typed = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    values: dict[str, Any] = {
        name: _text(name, typed.get(name, ""))
        for name in ("nature", "brand", "model", "serial", "inventory_tag", "pickup_place")
    }
    if not values["nature"]:
        raise ValidationError("La nature du matériel manque (première colonne).")
    alone = "" if reprise and not values["serial"] else "1"
    values["quantity"] = _quantity(typed.get("quantity", alone))
    if values["serial"] and values["quantity"] != 1:
        raise ValidationError("Un numéro de série désigne un seul appareil : la quantité est 1.")
    values["purchased_on"], values["purchased_on_precision"] = _date(typed.get("purchased_on", ""))
    values["amount"] = _amount(typed.get("amount", ""))
    values["status"] = AmountStatus.UNKNOWN if values["amount"] is None else AmountStatus.KNOWN
    return values | ({"transfer": Transfer.UNSAID} if reprise else {})


def _text(name: str, text: str) -> str:
    limit = cast(models.Field, EquipmentTerm._meta.get_field(name)).max_length
    if limit and len(text) > limit:
        raise ValidationError(f"{LABELS[name]} : {len(text)} caractères, {limit} au plus.")
    return text


def _quantity(text: str) -> int | None:
    if search_key(text) in UNKNOWN_WORDS or text in UNKNOWN_WORDS:
        return None
    number = whole_number(re.sub(r"\s", "", text))
    if number is None or not 1 <= number <= 100_000:
        raise ValidationError(f"Quantité illisible : « {text} ». Écrivez un nombre entier, ou laissez vide.")
    return number


def _date(text: str) -> tuple[datetime.date | None, str]:
    if text in UNKNOWN_WORDS:
        return None, "jour"
    try:
        parsed = parse_date_fr(text)
    except FormatError as error:
        raise ValidationError(f"Date d’achat : {error.message}") from error
    return parsed.date, parsed.precision


def _amount(text: str) -> int | None:
    if search_key(text) in UNKNOWN_WORDS or text in UNKNOWN_WORDS:
        return None
    try:
        return parse_xpf(text)
    except FormatError as error:
        raise ValidationError(f"Valeur : {error.message}") from error


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

    def clean_equipment_paste(self) -> str:
        text = self.cleaned_data["equipment_paste"]
        self.pasted = read_paste(text, reprise=self.of_reprise)
        if self.pasted.bad:
            raise ValidationError([f"Ligne {bad.number} : {bad.message}" for bad in self.pasted.bad])
        return text
