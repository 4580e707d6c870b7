"""Lines of a convention's page: money, support in kind, duties, articles."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from conventions.domain.documents.merge_fields import TemplateError, check_template
from conventions.enums import AmountStatus, FundingFigure, InstalmentCondition
from conventions.forms.fields import LoadedChoiceField, TextArea
from conventions.forms.parties import party_name
from conventions.forms.rows import RowForm, RowFormSet, in_order, model_field
from conventions.models import (
    Clause,
    Funding,
    InKind,
    InstalmentTerm,
    Obligation,
)
from conventions.models.bounds import REPORTS
from conventions.models.support import RETURN_MESSAGE
from conventions.models.terms import (
    AWAITING,
    NO_DATE_MESSAGE,
    NO_WORDS_MESSAGE,
    NOT_AWAITING_MESSAGE,
    NOT_OPT_MESSAGE,
)
from conventions.reference.clauses import CLOSING


def clean_year(year: int | None) -> int | None:
    """A budget year; raises ValidationError for one that is not written in full."""
    if year is not None and not 1990 <= year <= 2100:
        raise ValidationError(_("Écrivez l’exercice sur quatre chiffres, par exemple 2026."))
    return year


class FundingForm(RowForm):
    amount = model_field(Funding, "amount")
    main = (("budget_year", 2), ("amount", 3), ("status", 2), ("figure", 3), ("publishable", 2))
    unit_price = model_field(Funding, "unit_price")
    party = LoadedChoiceField(
        label=_("Promis par"),
        required=False,
        empty_label=_("l’OPT-NC, ou personne en particulier"),
        label_of=party_name,
    )
    more = (("label", 6), ("party", 6), ("quantity", 4), ("unit", 4), ("unit_price", 4))
    more_label = _("Libellé, qui le promet, calcul du montant")
    unsaid = ("figure",)

    class Meta:
        model = Funding
        fields = [
            "budget_year",
            "amount",
            "status",
            "figure",
            "publishable",
            "label",
            "quantity",
            "unit",
            "unit_price",
            "party",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publishable"].help_text = ""
        self.fields["unit"].widget.attrs["placeholder"] = _("licences")
        self.fields["budget_year"].widget.attrs |= {"min": 2000, "max": 2100}

    def clean_budget_year(self) -> int | None:
        return clean_year(self.cleaned_data["budget_year"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        self.compute_amount(data)
        self.check_amount(data)
        if data.get("party") and data.get("figure") == FundingFigure.GRANTED:
            self.add_error("party", NOT_OPT_MESSAGE)
        return data


def duty_name(row: Obligation) -> str:
    """What a choice shows of an obligation: its kind, the beginning of its text."""
    return Truncator(f"{row.get_kind_display()} : {row.text}").chars(90)


class InstalmentForm(RowForm):
    amount = model_field(InstalmentTerm, "amount")
    due_on = model_field(InstalmentTerm, "due_on")
    obligation = LoadedChoiceField(
        label=_("Engagement attendu"),
        required=False,
        empty_label=_("Aucun"),
        label_of=duty_name,
        help_text=_(
            "Celui qui, une fois tenu, fait verser. S’il est ajouté à l’instant, enregistrez d’abord."
        ),
    )
    main = (("label", 3), ("amount", 2), ("percent", 1), ("condition_kind", 4), ("due_on", 2))
    more = (("condition", 6), ("obligation", 6))
    more_label = _("Précision, engagement attendu")

    class Meta:
        model = InstalmentTerm
        fields = ["label", "amount", "percent", "condition_kind", "due_on", "condition", "obligation"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].help_text = ""
        self.fields["label"].widget.attrs["placeholder"] = _("premier versement")
        self.fields["percent"].widget.attrs |= {"min": 1, "max": 100}

    def clean_percent(self) -> int | None:
        percent = self.cleaned_data["percent"]
        if percent is not None and not 1 <= percent <= 100:
            raise ValidationError(_("La part est un nombre entier de 1 à 100."))
        return percent

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        kind, words, duty = data.get("condition_kind"), data.get("condition"), data.get("obligation")
        if kind == InstalmentCondition.UNSAID:  # what was typed says it: nobody has to say it twice
            kind = self._kind_said(data)
            data["condition_kind"] = kind
        if kind == InstalmentCondition.DATE and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", NO_DATE_MESSAGE)
        if kind == InstalmentCondition.OTHER and not words and "condition" not in self.errors:
            self.add_error("condition", NO_WORDS_MESSAGE)
        if duty and kind not in AWAITING:
            self.add_error("obligation", NOT_AWAITING_MESSAGE)
        elif duty and kind == InstalmentCondition.REPORT and duty.kind not in REPORTS:
            message = _(
                "Cet engagement n’est ni un compte rendu, ni un bilan, ni un reçu : choisissez-en un."
            )
            self.add_error("obligation", message)
        return data

    def _kind_said(self, data: dict[str, Any]) -> InstalmentCondition:
        duty = data.get("obligation")
        if duty and duty.kind in REPORTS:
            return InstalmentCondition.REPORT
        if data.get("condition") or duty:
            return InstalmentCondition.OTHER
        return InstalmentCondition.DATE if data.get("due_on") else InstalmentCondition.UNSAID

    @property
    def more_is_open(self) -> bool:
        return super().more_is_open or bool(self.instance.condition or self.instance.obligation_id)


# What a loan says beside its dates.
LOAN_CELLS = (("custody", 4), ("insurance", 4), ("state_given", 4))


class InKindForm(RowForm):
    kind = LoadedChoiceField(label=_("Type"), key="slug", empty_label=_("Choisir"))
    unit_price = model_field(InKind, "unit_price")
    amount = model_field(InKind, "amount")
    starts_on = model_field(InKind, "starts_on")
    return_on = model_field(InKind, "return_on")
    main = (("kind", 3), ("description", 5), ("quantity", 2), ("unit", 2))
    more = (
        ("unit_price", 3),
        ("amount", 3),
        ("status", 3),
        ("publishable", 3),
        ("starts_on", 3),
        ("return_on", 3),
        ("conditions", 6),
        *LOAN_CELLS,
    )
    more_label = _("Valeur, dates, conditions, prêt")

    class Meta:
        model = InKind
        fields = [
            "kind",
            "description",
            "quantity",
            "unit",
            "unit_price",
            "amount",
            "status",
            "publishable",
            "starts_on",
            "return_on",
            "conditions",
            "custody",
            "insurance",
            "state_given",
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        known_by_typing(self, data)
        self.compute_amount(data)
        self.check_amount(data)
        in_order(self, "starts_on", "return_on", RETURN_MESSAGE)
        kind = data.get("kind")
        if kind is not None and not kind.may_return:
            for name in ("return_on", "custody", "insurance"):
                if data.get(name):
                    self.add_error(name, NOT_LENT_MESSAGE)
        return data


NOT_LENT_MESSAGE = _("Rien n’est à rendre pour ce type de soutien : choisissez un prêt, ou videz ce champ.")


def known_by_typing(form: RowForm, data: dict) -> None:
    """An amount typed beside the proposed « inconnu » makes it known: nobody has to say it twice."""
    typed = data.get("amount") is not None and "amount" in form.changed_data
    if typed and data.get("status") == AmountStatus.UNKNOWN and "status" not in form.changed_data:
        data["status"] = AmountStatus.KNOWN
    cleared = data.get("amount") is None and "amount" in form.changed_data and "amount" not in form.errors
    if cleared and data.get("status") == AmountStatus.KNOWN and "status" not in form.changed_data:
        data["status"] = AmountStatus.UNKNOWN


class ObligationForm(RowForm):
    party = LoadedChoiceField(label=_("À la charge de"), required=False, label_of=party_name)
    due_on = model_field(Obligation, "due_on")
    main = (("kind", 3), ("text", 5), ("party", 2), ("due_on", 2))
    more = (("due_wording", 6), ("proof", 6))
    more_label = _("Échéance en toutes lettres, ce qui en fait foi")

    class Meta:
        model = Obligation
        fields = ["kind", "text", "party", "due_on", "due_wording", "proof"]
        widgets = {"text": TextArea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        """A new promise says whose it is; one that an amendment takes up, and a reprise, say no more than before."""
        super().clean()
        data, is_known = self.cleaned_data, bool(self.instance.text)
        if not (is_known or self.of_reprise or data.get("party") or "party" in self.errors):
            self.add_error("party", _("Dites quelle partie s’y engage."))
        return data


class ObligationFormSet(RowFormSet):
    """One that a payment waits for stays."""

    def clean(self) -> None:
        super().clean()
        gone = [form.instance.pk for form in self.deleted_forms if form.instance.pk]
        if gone and InstalmentTerm.objects.filter(obligation__in=gone).exists():
            message = _(
                "Un versement attend cet engagement : changez d’abord sa condition, enregistrez, "
                "puis retirez l’engagement."
            )
            raise ValidationError(message)


class ClauseForm(RowForm):
    main = (("position", 2), ("heading", 10))
    more = (("body", 12),)
    more_label = _("Lire et modifier le texte")

    class Meta:
        model = Clause
        fields = ["position", "heading", "body"]
        widgets = {"body": TextArea(attrs={"rows": 7})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        self.fields["heading"].required = self.instance.code != CLOSING  # « Fait à … » bears no title
        self.fields["body"].help_text = ""

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def clean_body(self) -> str:
        body = self.cleaned_data["body"]
        faults = check_template(body)
        if faults:
            raise ValidationError([_fault(fault) for fault in faults])
        return body

    def save(self, commit: bool = True) -> Clause:
        clause = super().save(commit=False)
        if not clause.code:
            clause.code = "article-libre"
        return clause

    @property
    def differs(self) -> bool:
        return bool(self.instance.pk) and self.instance.differs_from_template


def _fault(fault: TemplateError) -> str:
    hint = f" Vouliez-vous écrire « {fault.suggestion} » ?" if fault.suggestion else ""
    return f"Ligne {fault.line} : {fault.message}{hint}"
