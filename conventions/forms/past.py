"""Dates of acts signed on paper before the application, as much of each as its source says; the later acts."""

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.enums import ActKind, DatePrecision
from conventions.formats import ParsedDate
from conventions.forms.fields import PartialDateField, TextArea
from conventions.forms.typed import Form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FUTURE_MESSAGE = _("Cette date est dans le futur. Donnez la date portée sur le document signé.")
ORDER_MESSAGE = _("La date de fin précède la prise d’effet. Corrigez l’une des deux dates.")
EFFECT_MESSAGE = _(
    "La date d’effet d’une résiliation est un jour entier, par exemple 14/03/2019. Si le document ne dit que le mois "
    "ou l’année, laissez cette case vide et écrivez ses mots dans le motif : la date de la signature compte alors."
)
NO_DATE_MESSAGE = _("Donnez la date de signature, ou les mots de la source.")
# Dates of an act that a reprise may know by their month or year alone.
PARTIAL_DATES = ("signed_on", "starts_on", "ends_on")


def partial_field(label: "StrOrPromise", *, ends: bool = False) -> PartialDateField:
    """A date of an act signed before the application: as much of it as its source says."""
    return PartialDateField(label=label, required=False, ends=ends)


WORDING_HELP = _("Les mots de la source, si la date est imprécise ou discutée. Par exemple « courant 2021 ».")


class PastDates:
    """What a form of an act of paper reads: each date with its precision, nothing in the future."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def clean_signed_on(self) -> ParsedDate | None:
        when = self.cleaned_data["signed_on"]
        day = when.date if isinstance(when, ParsedDate) else when
        if day and day > timezone.localdate():
            raise ValidationError(FUTURE_MESSAGE)
        return when

    def said_of_signing(self) -> str:
        """The words that stand beside the date of signature: those typed, or the date itself where it is at odds."""
        field = self.fields.get("signed_on")
        return str(self.cleaned_data.get("signed_on_wording") or getattr(field, "said", ""))

    def dated(self, *names: str) -> dict[str, Any]:
        """Columns of the act for these dates, each with its precision."""
        found = {name: self.cleaned_data.get(name) for name in names}
        return {name: when.date if when else None for name, when in found.items()} | {
            f"{name}_precision": when.precision if when else DatePrecision.DAY for name, when in found.items()
        }


def reversed_dates(form: forms.BaseForm) -> None:
    """Refuse an end before the start, whatever their precision."""
    start, end = form.cleaned_data.get("starts_on"), form.cleaned_data.get("ends_on")
    if start and end and end[0] < start[0]:
        form.add_error("ends_on", ValidationError(ORDER_MESSAGE, code="order"))


class PastActForm(PastDates, Form):
    """An amendment or a termination signed on paper before the application."""

    kind = forms.ChoiceField(
        label=_("Cet acte est"),
        choices=[(ActKind.AMENDMENT, _("un avenant")), (ActKind.TERMINATION, _("une résiliation"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites si c’est un avenant ou une résiliation.")},
    )
    signed_on = partial_field(_("Signé le"))
    signed_on_wording = forms.CharField(
        label=_("Date selon la source"), max_length=120, required=False, help_text=WORDING_HELP
    )
    old_reference = forms.CharField(label=_("Ancienne référence"), max_length=80, required=False)
    starts_on = partial_field(_("Nouveau début"))
    ends_on = partial_field(_("Nouvelle fin"), ends=True)
    effective_on = partial_field(_("Date d’effet de la résiliation"))
    reason = forms.CharField(
        label=_("Motif, s’il est connu"), required=False, max_length=2000, widget=TextArea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].help_text = _(
            "D’un avenant qui change la durée, après une interruption ou non."
        )
        self.fields["effective_on"].widget.attrs["placeholder"] = "14/03/2019"
        self.fields["effective_on"].help_text = _(
            "Vide si elle n’est pas connue au jour près : celle de la signature."
        )
        for name in ("reason", "old_reference", "signed_on_wording"):
            self.fields[name].widget.attrs["class"] = "vLargeTextField"

    def clean_effective_on(self) -> datetime.date | None:
        """The day itself: rights end on it, so that a month or a year is refused with what to do instead."""
        when = self.cleaned_data["effective_on"]
        if when and when.precision != DatePrecision.DAY:
            raise ValidationError(EFFECT_MESSAGE, code="precision")
        return when.date if when else None

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if not (data.get("signed_on") or data.get("signed_on_wording") or "signed_on" in self.errors):
            self.add_error("signed_on", NO_DATE_MESSAGE)
        reversed_dates(self)
        ends = data.get("kind") == ActKind.TERMINATION
        unmeant = ("starts_on", "ends_on") if ends else ("effective_on",)
        for name in unmeant if data.get("kind") else ():
            if data.get(name):
                self.add_error(
                    name, _("Cette date n’est pas celle d’un tel acte : videz-la, ou changez d’acte.")
                )
        return data

    def act_values(self) -> dict[str, Any]:
        """Columns of the act, besides its kind."""
        names = ("old_reference", "reason", "effective_on")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "signed_on_wording": self.said_of_signing(),
            **self.dated("signed_on", "starts_on", "ends_on"),
        }
