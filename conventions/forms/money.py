"""Forms of envelopes: opening one, what moves it, closing a year."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conventions.domain.money.envelopes import SIGNS
from conventions.formats import whole_number
from conventions.forms.choosing import FoundChoiceField
from conventions.forms.fields import TextArea, XpfField
from conventions.forms.following import PastDateField
from conventions.forms.stock import CellForm
from conventions.models import Area, Envelope, Kind, Theme

NO_SUCH_YEAR = _("Donnez un exercice entre 1990 et 2100.")


class YearField(forms.CharField):
    """A budget year, in figures."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=8, **kwargs)
        self.widget.attrs |= {"inputmode": "numeric"}

    def clean(self, value: Any) -> Any:
        year = whole_number(super().clean(value).strip())
        if year is None or not 1990 <= year <= 2100:
            raise ValidationError(NO_SUCH_YEAR, code="year")
        return year


class EnvelopeForm(CellForm):
    year = YearField(label=_("Exercice"))
    label = forms.CharField(
        label=_("Libellé"),
        max_length=160,
        help_text=_("Par exemple « Solidarité » ou « Tous partenariats »."),
    )
    theme = forms.ModelChoiceField(Theme.objects.all(), label=_("Pour un thème"), required=False)
    kind = forms.ModelChoiceField(Kind.objects.all(), label=_("Pour un type de convention"), required=False)
    province = forms.ModelChoiceField(Area.objects.provinces(), label=_("Pour une province"), required=False)
    project = FoundChoiceField(label=_("Pour un projet"), source="budgets", required=False)
    spans = {"year": 3, "label": 9, "theme": 6, "kind": 6, "province": 6, "project": 6}


class _DecisionForm(CellForm):
    amount = XpfField(label=_("Montant (F CFP)"))
    decision = forms.CharField(label=_("Décision n°"), max_length=80, required=False)
    decided_on = PastDateField(label=_("Décidé le"))
    reason = forms.CharField(
        label=_("Motif"), max_length=500, required=False, widget=TextArea(attrs={"rows": 3})
    )


class MoveForm(_DecisionForm):
    kind = forms.ChoiceField(
        label=_("Mouvement"),
        choices=[("", "—"), *((one.value, one.label) for one in SIGNS)],
    )
    field_order = ["kind", "amount", "decision", "decided_on", "reason"]
    spans = {"kind": 6, "amount": 6, "decision": 6, "decided_on": 6, "reason": 12}


class TransferForm(_DecisionForm):
    target = forms.ModelChoiceField(Envelope.objects.none(), label=_("Vers l’enveloppe"))
    field_order = ["target", "amount", "decision", "decided_on", "reason"]
    spans = {"target": 6, "amount": 6, "decision": 6, "decided_on": 6, "reason": 12}

    def __init__(self, *args: Any, source: Envelope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Envelope.objects.filter(year__gte=source.year).exclude(pk=source.pk)
        self.fields["target"].queryset = rows.order_by("year", "label")  # type: ignore[attr-defined]  # a field that chooses rows


class CloseYearForm(CellForm):
    on = PastDateField(label=_("Clos le"))
    spans = {"on": 6}
