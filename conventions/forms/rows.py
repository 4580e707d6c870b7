"""Lines of a page: a form per line, all choices read once, checks in Python so that 300 lines cost no query each.

The database's constraints stay behind; the messages here stand beside the field that is wrong.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet, construct_instance, inlineformset_factory
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conventions.domain.acts.drafting import RowEdit
from conventions.enums import AmountStatus, DatePrecision
from conventions.formats import ParsedDate, show_number, show_xpf
from conventions.forms.choosing import Found
from conventions.forms.fields import DayField, LoadedChoiceField, PartialDateField, XpfField, field_of
from conventions.forms.typed import ModelForm
from conventions.models.terms import (
    AMOUNT_ABSENT,
    AMOUNT_GIVEN,
    AMOUNT_MESSAGE,
    NO_AMOUNT_MESSAGE,
    NO_PRICE_MESSAGE,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_ROWS = 1000  # of one table; what a form claims beyond is not read


class RowForm(ModelForm):
    """One line. `choices` are {field: rows} read once; `proposed` are the values of a new line, which alone do not make
    one; `reprise`: its act was signed on paper, and says what its source says. `main` fields show first, the others
    folded; `unsaid` are the choices that a new line of such an act begins without."""

    main: tuple[tuple[str, int], ...] = ()
    more: tuple[tuple[str, int], ...] = ()
    more_label: "StrOrPromise" = ""
    unsaid: tuple[str, ...] = ()

    def __init__(
        self,
        *args: Any,
        choices: dict[str, list] | None = None,
        proposed: dict[str, Any] | None = None,
        reprise: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.of_reprise = reprise
        for name, value in ({} if self.instance.pk else proposed or {}).items():
            self.initial[name] = value
            if value == "" and name in self.unsaid:
                self._ask_for(name)
        self.partial = [name for name, field in self.fields.items() if isinstance(field, PartialDateField)]
        for name in self.partial:
            held = getattr(self.instance, name)
            precision = getattr(self.instance, f"{name}_precision")
            self.initial[name] = ParsedDate(held, precision) if held else None
        self.fields["vanished"] = forms.BooleanField(required=False, widget=forms.HiddenInput)
        for name, field in self.fields.items():
            if isinstance(field, LoadedChoiceField | Found):
                field.load((choices or {}).get(name, []))
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")
        if "unit_price" in self.fields:
            self.fields["unit_price"].widget.attrs["placeholder"] = "1 500"

    def _ask_for(self, name: str) -> None:
        """A choice that nothing makes beforehand."""
        asked = field_of(self, name, forms.ChoiceField)
        known = cast("list[tuple[str, str]]", asked.choices)
        asked.choices = [("", _("Choisir")), *known]

    def _post_clean(self) -> None:
        """Fill and check the instance without a query per line: links were checked by their field, and each rule of
        the table is checked in `clean`, beside its field."""
        for name in (name for name in self.partial if name in self.cleaned_data):
            when = self.cleaned_data[name]
            self.cleaned_data[name] = when.date if when else None
            self.cleaned_data[f"{name}_precision"] = when.precision if when else DatePrecision.DAY
            setattr(self.instance, f"{name}_precision", self.cleaned_data[f"{name}_precision"])
        links = {column.name for column in self._meta.model._meta.fields if column.is_relation}
        try:
            self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
            excluded = self._get_validation_exclusions()  # type: ignore[attr-defined]  # not in Django's stubs
            self.instance.clean_fields(exclude=excluded | links)
            self.instance.clean()
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]  # not there either

    def check_amount(self, data: dict[str, Any]) -> None:
        """« connu » wants an amount, « inconnu » wants none: said beside the amount."""
        status, amount = data.get("status"), data.get("amount")
        if "amount" in self.errors or status is None:
            return
        if amount is None and status in AMOUNT_GIVEN:
            self.add_error("amount", NO_AMOUNT_MESSAGE)
        elif amount is not None and status in AMOUNT_ABSENT:
            self.add_error("amount", AMOUNT_MESSAGE)

    def compute_amount(self, data: dict[str, Any]) -> None:
        """So many × a price: the amount that nobody typed is their product, another one is refused beside itself."""
        price, quantity, amount = data.get("unit_price"), data.get("quantity"), data.get("amount")
        if price is None or {"unit_price", "quantity", "amount"} & set(self.errors):
            return
        if price == 0:
            self.add_error("unit_price", NO_PRICE_MESSAGE)
        elif quantity is None:
            if amount is not None or data.get("status") in AMOUNT_GIVEN:
                self.add_error("quantity", _("Donnez la quantité : le prix unitaire la multiplie."))
        elif amount is None:
            self._take_product(data, quantity * price)
        elif amount != quantity * price:
            told = _(
                "%(quantity)s × %(price)s font %(product)s : corrigez le montant, la quantité ou le prix."
            )
            shown = {"price": show_xpf(price), "product": show_xpf(quantity * price)}
            self.add_error("amount", told % {"quantity": show_number(quantity), **shown})

    def _take_product(self, data: dict[str, Any], product: int) -> None:
        if data.get("status") == AmountStatus.UNKNOWN and "status" not in self.changed_data:
            data["status"] = AmountStatus.KNOWN
        if data.get("status") in AMOUNT_GIVEN:
            data["amount"] = product

    @cached_property
    def main_cells(self) -> list[tuple[forms.BoundField, int]]:
        return [(self[name], span) for name, span in self.main]

    @cached_property
    def more_cells(self) -> list[tuple[forms.BoundField, int]]:
        return [(self[name], span) for name, span in self.more]

    @property
    def more_is_open(self) -> bool:
        return any(name in self.errors for name, _span in self.more)


class OwnRowField(forms.Field):
    """Which line of its table a form is: one of those already read, without a query for each."""

    widget = forms.HiddenInput

    def __init__(self, rows: Iterable[models.Model]) -> None:
        super().__init__(required=False)
        self._rows = rows

    def to_python(self, value: Any) -> models.Model | None:
        if value in self.empty_values:
            return None
        found = next((row for row in self._rows if str(row.pk) == str(value)), None)
        if found is None:
            raise ValidationError(_("Cette ligne n’est plus dans ce dossier."), code="invalid_choice")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class RowFormSet(BaseInlineFormSet):
    """Lines of one table. A line that a colleague removed meanwhile comes back as a new one, never lost."""

    data: QueryDict

    def __init__(
        self,
        data: QueryDict | None = None,
        *args: Any,
        choices: dict[str, list] | None = None,
        proposed: dict[str, Any] | None = None,
        reprise: bool = False,
        ready: bool = False,
        loaded: list | None = None,
        **kwargs: Any,
    ) -> None:
        """`ready`: an empty line waits when there is none yet. `loaded`: the lines, when they are read already."""
        super().__init__(data, *args, **kwargs)
        if loaded is not None:
            self._queryset = loaded  # what Django would read, and keep under this name
        self.form_kwargs = {
            "choices": choices or {},
            "proposed": proposed or {},
            "reprise": reprise,
            **self.form_kwargs,
        }
        if ready and not self.is_bound and not self.get_queryset():
            self.extra = 1
        if self.is_bound:
            self.data = self._without_vanished(self.data)

    def _without_vanished(self, data: QueryDict) -> QueryDict:
        """Posted lines whose row is gone move after the others, as lines to add."""
        prefix = self.prefix
        initial, total = (
            min(_count(data, f"{prefix}-{name}_FORMS"), MAX_ROWS) for name in ("INITIAL", "TOTAL")
        )
        known = {str(row.pk) for row in self.get_queryset()}
        gone = [index for index in range(initial) if data.get(f"{prefix}-{index}-id") not in known]
        if not gone:
            return data
        order = [index for index in range(total) if index not in gone] + gone
        changed = data.copy()
        rows = [_row_of(data, f"{prefix}-{index}-") for index in order]
        for index, row in enumerate(rows):
            for name in {name for other in rows for name in other}:
                changed.pop(f"{prefix}-{index}-{name}", None)
            for name, values in row.items():
                if name == "id" and order[index] in gone:
                    changed[f"{prefix}-{index}-vanished"] = "1"
                    continue
                changed.setlist(f"{prefix}-{index}-{name}", values)
        changed[f"{prefix}-INITIAL_FORMS"] = str(initial - len(gone))
        return changed

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if self.is_bound and "id" in form.fields:
            form.fields["id"] = OwnRowField(self.get_queryset())
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Supprimer")

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        return str(_("Deux lignes sont identiques. Retirez-en une."))

    def edit(self, key: str) -> RowEdit:
        """What the lines ask for, nothing written. Call when valid."""
        self.save(commit=False)
        return RowEdit(
            key=key,
            added=list(self.new_objects),
            changed=[row for row, _names in self.changed_objects],
            removed=list(self.deleted_objects),
            moved=frozenset(name for _row, names in self.changed_objects for name in names),
        )


def _count(data: QueryDict, name: str) -> int:
    try:
        return max(0, int(data.get(name, 0)))
    except ValueError:
        return 0


def _row_of(data: QueryDict, prefix: str) -> dict[str, list]:
    return {name.removeprefix(prefix): data.getlist(name) for name in data if name.startswith(prefix)}


def row_formset(
    parent: type[models.Model], form: type[RowForm], *, extra: int = 0, formset: type[RowFormSet] = RowFormSet
) -> type[RowFormSet]:
    """The class of formset for lines of `form`'s model that hang on `parent`."""
    made = inlineformset_factory(
        parent,
        form._meta.model,
        form=form,
        formset=formset,
        extra=extra,
        can_delete=True,
        max_num=MAX_ROWS,
        absolute_max=MAX_ROWS,
    )
    return cast(type[RowFormSet], made)


def model_field(model: type[models.Model], name: str, *, partial: bool = False) -> forms.Field:
    """The form field of a model's column, with our widgets for dates, amounts and links.

    `partial`: a date of which the month or the year may be all that is known; its column has a precision beside it.
    """
    column = cast(models.Field, model._meta.get_field(name))
    label = capfirst(column.verbose_name)
    common: dict[str, Any] = {"required": not column.blank, "label": label, "help_text": column.help_text}
    if column.get_internal_type() == "DateField":
        return PartialDateField(**common) if partial else DayField(**common)
    if column.get_internal_type() == "PositiveBigIntegerField":
        return XpfField(**common)
    if column.many_to_one:
        return LoadedChoiceField(**common)
    return cast(forms.Field, column.formfield())


def in_order(form: forms.BaseForm, first: str, last: str, message: "StrOrPromise") -> None:
    """Refuse a last day that precedes the first, beside the last."""
    start, end = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if start and end and end < start:
        form.add_error(last, ValidationError(message, code="order"))
