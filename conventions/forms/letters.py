"""Forms of formal letters: their templates, what one is asked to say, the day it was handed over."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.domain.acts import announced, letters
from conventions.domain.acts.templates.letters import check
from conventions.enums import LetterKind
from conventions.forms.clauses import VersionedTextForm, told
from conventions.forms.fields import DateInput, LoadedChoiceField, TextArea, field_of
from conventions.forms.typed import Form
from conventions.models import Act, LetterTemplate, Party


class LetterTemplateForm(VersionedTextForm):
    class Meta:
        model = LetterTemplate
        fields = ["code", "heading", "body", "note"]
        widgets = {
            "heading": forms.TextInput(attrs={"class": "vTextField"}),
            "body": forms.Textarea(attrs={"rows": 18, "class": "vLargeTextField opt-clause-body"}),
            "note": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        }

    def clean_heading(self) -> str:
        return self._checked("heading")

    def clean_body(self) -> str:
        return self._checked("body")

    def _checked(self, name: str) -> str:
        text = self.cleaned_data[name].replace("\r\n", "\n")
        if errors := check(text):
            raise ValidationError([told(error) for error in errors])
        return text


class LetterForm(Form):
    """What a letter is, for whom, who signs it. `parties`: those chosen, each receives its own letter."""

    kind = forms.ChoiceField(label=_("Courrier"), choices=LetterKind.choices)
    parties = forms.MultipleChoiceField(
        label=_("Pour"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins une partie.")},
    )
    signer = LoadedChoiceField(
        label=_("Signé pour l’OPT-NC par"),
        required=False,
        empty_label=_("à compléter à la main"),
        label_of=lambda person: f"{person}, {person.title}" if person.title else str(person),
    )
    place = forms.CharField(label=_("Fait à"), max_length=160, required=False)
    message = forms.CharField(
        label=_("Message"),
        max_length=2000,
        required=False,
        widget=TextArea(attrs={"rows": 3}),
        help_text=_("Pour une notification. Vide : rien n’est ajouté."),
    )
    reason = forms.CharField(
        label=_("Motif : ce qui est reproché, ou l’intérêt général"),
        max_length=4000,
        required=False,
        widget=TextArea(attrs={"rows": 5}),
        help_text=_(
            "Pour une mise en demeure : les faits, les articles, les dates. Pour un préavis : pourquoi."
        ),
    )
    days = forms.IntegerField(
        label=_("Délai pour y remédier, en jours"),
        min_value=1,
        max_value=365,
        initial=announced.DELAY,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("Pour une mise en demeure."),
    )
    effective_on = forms.DateField(
        label=_("Date d’effet de la résiliation"),
        required=False,
        widget=DateInput,
        help_text=_("Pour un préavis : deux mois au moins après que l’autre partie l’a reçu."),
    )

    def __init__(self, *args: Any, act: Act, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(party.pk): party for party in letters.others(act)}
        parties = field_of(self, "parties", forms.MultipleChoiceField)
        parties.choices = [(key, party.partner.name) for key, party in self.rows.items()]
        parties.initial = list(self.rows)
        field_of(self, "signer", LoadedChoiceField).load(letters.signers())
        self.fields["place"].initial = act.place
        self.ending = announced.termination_of(act.convention)
        if self.ending is not None:
            self.initial.update(announced.said_by(self.ending))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if kind in announced.GROUNDS and not data.get("reason", "").strip():
            message = _("Écrivez ce qui est reproché : la mise en demeure le dit.")
            if kind == LetterKind.PRIOR_NOTICE:
                message = _("Écrivez le motif d’intérêt général : le préavis le dit.")
            self.add_error("reason", message)
        if (
            kind == LetterKind.PRIOR_NOTICE
            and not data.get("effective_on")
            and "effective_on" not in self.errors
        ):
            self.add_error("effective_on", _("Donnez la date d’effet : le préavis la dit."))
        return data

    def orders(self) -> list[letters.Order]:
        """One letter for each party chosen."""
        data = self.cleaned_data
        return [
            letters.Order(
                kind=LetterKind(data["kind"]),
                party=self._party(key),
                signer=data["signer"],
                place=data["place"],
                message=data["message"],
                reason=data["reason"],
                days=data["days"],
                effective_on=data["effective_on"],
            )
            for key in data["parties"]
        ]

    def _party(self, key: str) -> Party:
        return self.rows[key]


class HandedForm(Form):
    """The day a letter was handed over on paper."""

    on = forms.DateField(label=_("Remis sur papier le"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
