"""Forms of a convention: the page's own fields, files, handing over."""

from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Model, Q, QuerySet, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from conventions.domain.acts.drafting import page_content
from conventions.enums import (
    ActKind,
    AttachmentKind,
    DatePrecision,
    TerminationGround,
    TermKind,
)
from conventions.formats import ParsedDate, clean_line
from conventions.forms.choosing import Found, FoundChoiceField, FoundMultipleChoiceField
from conventions.forms.fields import DayField, PartialDateField, SeveralFilesField, TextArea, field_of
from conventions.forms.past import (
    ORDER_MESSAGE,
    PARTIAL_DATES,
    PastDates,
    partial_field,
    reversed_dates,
)
from conventions.forms.rows import in_order, model_field
from conventions.forms.typed import Form, ModelForm
from conventions.models import (
    Act,
    BoardDecision,
    Ceremony,
    Convention,
    Kind,
    Party,
    Plan,
    PressContact,
    User,
)
from conventions.reference.lists import UNSPECIFIED_KIND

UNSPECIFIED = UNSPECIFIED_KIND[0]
PARTNER_NAME = 200  # letters


class HeldChoiceField(forms.ModelChoiceField):
    """A choice of which the row already names one that its list always holds: that one is not read again."""

    held: Model | None = None

    def to_python(self, value: Any) -> Model | None:
        if self.held is not None and str(value) == str(self.held.pk):
            return self.held
        return cast(Model | None, super().to_python(value))


class NarrowedForm(ModelForm):
    """A form that only keeps the fields its user may change: what is not on the page cannot be posted."""

    def __init__(self, *args: Any, allowed: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in allowed]:
            del self.fields[name]
        for name, field in self.fields.items():
            if isinstance(field, HeldChoiceField) and self.is_bound:
                field.held = getattr(self.instance, name)
            if isinstance(field.widget, forms.TextInput | TextArea | forms.URLInput):
                field.widget.attrs.setdefault("class", "vLargeTextField")

    def _get_validation_exclusions(self) -> set[str]:
        """Links were checked by their field; of a form left as it was, the row is what is stored."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in Django's stubs
        columns = self._meta.model._meta.fields
        left = {column.name for column in columns if column.is_relation or not self.has_changed()}
        return excluded | left | self._settled()

    def _settled(self) -> set[str]:
        """Columns of the rules of the table that no change touches: what is stored obeys them."""
        rules: list[set[str]] = []
        for rule in self._meta.model._meta.constraints:
            if isinstance(rule, CheckConstraint):
                rules.append(set(cast(Q, rule.condition).referenced_base_fields))
            elif isinstance(rule, UniqueConstraint):
                rules.append(set(rule.fields))
        asked = (columns for columns in rules if columns & set(self.changed_data))
        return set().union(*rules) - set().union(*asked)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the model that are on the page."""
        many = {column.name for column in self._meta.model._meta.many_to_many}
        known = {column.name for column in self._meta.model._meta.fields}
        return tuple(name for name in self.fields if name in known and name not in many)


class ConventionForm(NarrowedForm):
    """The convention's own fields."""

    new_beneficiaries = forms.CharField(
        label=_("Ou nouveaux bénéficiaires finaux"),
        required=False,
        widget=TextArea(attrs={"rows": 3}),
        help_text=_("Un nom par ligne ; chacun sera créé, ou retrouvé s’il existe."),
    )
    new_project = forms.CharField(
        label=_("Ou nouveau projet"), max_length=200, required=False, help_text=_("Son nom ; il sera créé.")
    )

    class Meta:
        model = Convention
        fields = [
            *page_content.CONVENTION_TERMS,
            *page_content.CONVENTION_FILE,
            *page_content.CONVENTION_PUBLIC,
            *page_content.CONVENTION_LINKS,
        ]
        field_classes = {
            **dict.fromkeys(("officer", "plan", "press_contact"), HeldChoiceField),
            **dict.fromkeys(("project", "renews"), FoundChoiceField),
            "final_beneficiaries": FoundMultipleChoiceField,
        }
        widgets = {
            "purpose": TextArea(attrs={"rows": 2, "maxlength": 256}),
            "public_summary": TextArea(attrs={"rows": 3}),
            "public_story": TextArea(attrs={"rows": 8}),
            "interests_note": TextArea(attrs={"rows": 2}),
            "notes": TextArea(attrs={"rows": 3}),
            "values": forms.CheckboxSelectMultiple,
            "themes": forms.CheckboxSelectMultiple,
            "areas": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.instance
        querysets = {
            "officer": lambda: User.objects.officers() | User.objects.filter(pk=held.officer_id),
            "kind": lambda: self._kinds(held),
            "plan": lambda: _active_or_held(Plan, held.plan_id),
            "press_contact": lambda: _active_or_held(PressContact, held.press_contact_id),
        }
        for name, queryset in querysets.items():
            if name in self.fields:
                field_of(self, name, forms.ModelChoiceField).queryset = queryset()
        self._look_among("project", "projets", Q(pk=held.project_id))
        self._look_among("renews", "suites", Q(pk=held.renews_id))
        self._look_among(
            "final_beneficiaries", "partenaires", Q(pk__in=held.final_beneficiaries.values("pk"))
        )

    def _look_among(self, name: str, source: str, held: Q) -> None:
        if name in self.fields:
            found = field_of(self, name, Found)
            found.look_among(source, of=self.instance.pk, also=held)
            if isinstance(found, FoundChoiceField):
                found.load([getattr(self.instance, name)])

    def clean_new_beneficiaries(self) -> tuple[str, ...]:
        lines = self.cleaned_data["new_beneficiaries"].splitlines()
        names = [name for line in lines if (name := clean_line(line))]
        if any(len(name) > PARTNER_NAME for name in names):
            raise ValidationError(_("Un nom a 200 caractères au plus. Écrivez un nom par ligne."))
        return tuple(dict.fromkeys(names))

    def _kinds(self, held: Convention) -> QuerySet[Kind]:
        """« non précisée » is for what was signed before the application: a new act says what it is."""
        kinds = _active_or_held(Kind, held.kind_id)
        is_past = any(act.rank == 0 and act.is_reprise for act in held.acts.all())
        return kinds if is_past else kinds.exclude(slug=UNSPECIFIED)


Held = TypeVar("Held", Kind, Plan, PressContact)


def _active_or_held(model: type[Held], held: int | None) -> QuerySet[Held]:
    return model.objects.filter(active=True) | model.objects.filter(pk=held or 0)


SIGNING_HELP = {
    "path": _(
        "À choisir avant de figer. En ligne : chaque signataire reçoit un lien par courriel, et le document est scellé."
    ),
    "signing_order": _("Ne compte que pour une signature en ligne."),
}


class ActForm(PastDates, NarrowedForm):
    """The act's own fields, on the same page as the convention's: no name is in both."""

    starts_on = model_field(Act, "starts_on")
    ends_on = model_field(Act, "ends_on")
    effective_on = model_field(Act, "effective_on")
    notice_on = model_field(Act, "notice_on")
    signed_on = model_field(Act, "signed_on")
    new_decision_date = DayField(label=_("Ou nouvelle délibération du"), required=False)
    new_decision_number = forms.CharField(label=_("Son numéro"), required=False, max_length=60)
    new_ceremony_title = forms.CharField(label=_("Ou nouvelle cérémonie"), required=False, max_length=200)
    new_ceremony_date = DayField(label=_("Sa date"), required=False)

    class Meta:
        model = Act
        fields = list(page_content.ACT_TERMS)
        field_classes = dict.fromkeys(("board_decision", "ceremony"), HeldChoiceField)
        widgets = {"preamble": TextArea(attrs={"rows": 5}), "reason": TextArea(attrs={"rows": 2})}
        widgets |= {"object_text": TextArea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_reprise:
            self._read_partial_dates()
        if "term_kind" in self.fields and self.instance.kind == ActKind.INITIAL:
            self.fields["term_kind"].help_text = ""
        for name, text in SIGNING_HELP.items():
            if name in self.fields:
                self.fields[name].help_text = text
        if "ended_by" in self.fields:
            parties = Party.objects.filter(convention=self.instance.convention_id).select_related("partner")
            field_of(self, "ended_by", forms.ModelChoiceField).queryset = parties
        if "board_decision" in self.fields:
            field_of(self, "board_decision", forms.ModelChoiceField).queryset = BoardDecision.objects.all()
        if "ceremony" in self.fields:
            field_of(self, "ceremony", forms.ModelChoiceField).queryset = Ceremony.objects.all()

    def _read_partial_dates(self) -> None:
        """A month or a year is typed as such: the precision is read from what is typed."""
        for name in (name for name in PARTIAL_DATES if name in self.fields):
            label = self.fields[name].label or ""
            self.fields[name] = partial_field(label, ends=name == "ends_on")
            held = getattr(self.instance, name)
            self.initial[name] = (
                ParsedDate(held, getattr(self.instance, f"{name}_precision")) if held else None
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """With the precision of each date of an act of paper."""
        names = [name for name in PARTIAL_DATES if isinstance(self.fields.get(name), PartialDateField)]
        return (*super().columns, *(f"{name}_precision" for name in names))

    def _post_clean(self) -> None:
        for name in (name for name in PARTIAL_DATES if isinstance(self.fields.get(name), PartialDateField)):
            if name in self.cleaned_data:
                when = self.cleaned_data[name]
                self.cleaned_data[name] = when.date if when else None
                precision = when.precision if when else DatePrecision.DAY
                setattr(self.instance, f"{name}_precision", precision)
        super()._post_clean()  # type: ignore[misc]  # not in Django's stubs

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if self.instance.is_reprise:
            reversed_dates(self)
            if "signed_on_wording" in self.fields:
                data["signed_on_wording"] = self.said_of_signing()
        else:
            in_order(self, "starts_on", "ends_on", ORDER_MESSAGE)
        if data.get("term_kind") == TermKind.OPEN_ENDED and data.get("ends_on"):
            message = _("Une durée indéterminée n’a pas de date de fin. Retirez la date ou changez la durée.")
            self.add_error("ends_on", message)
        if data.get("ground") == TerminationGround.AGREEMENT and (
            data.get("ended_by") or data.get("notice_on")
        ):
            message = _(
                "D’un commun accord, aucune partie ne résilie seule : choisissez une cause, ou videz ceci."
            )
            self.add_error("ended_by" if data.get("ended_by") else "notice_on", message)
        if data.get("new_decision_number") and not data.get("new_decision_date"):
            self.add_error("new_decision_date", _("Donnez la date de la délibération."))
        return data


def act_fields(act: Act) -> set[str]:
    """The fields of the act that have a meaning for it."""
    names = set(page_content.ACT_TERMS) | {
        "new_decision_date",
        "new_decision_number",
        "new_ceremony_title",
        "new_ceremony_date",
    }
    if not act.is_reprise:
        names -= {"old_reference", "signed_on", "signed_on_wording"}
    names -= {f"{name}_precision" for name in PARTIAL_DATES}
    if act.is_reprise:
        names -= {"path", "signing_order"}
    if act.kind == ActKind.INITIAL:
        names -= {"reason"}
    if act.kind != ActKind.AMENDMENT:
        names -= {"object_text"}
    if act.kind == ActKind.TERMINATION:
        names -= {"term_kind", "starts_on", "ends_on", "term_wording"}
    else:
        names -= {"effective_on", "ground", "ended_by", "notice_on"}
    return names


class UploadForm(Form):
    """Files to add to the convention."""

    uploads = SeveralFilesField(
        label=_("Ajouter des fichiers"),
        required=False,
        help_text=_("PDF, Word, Excel, LibreOffice, CSV, photo ou scan ; 10 Mo au plus par fichier."),
    )
    upload_kind = forms.ChoiceField(label=_("Type de ces fichiers"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "upload_kind", forms.ChoiceField).choices = AttachmentKind.choices
        self.fields["upload_kind"].initial = AttachmentKind.OTHER


class ReassignForm(Form):
    """The colleague who takes the files."""

    to = forms.ModelChoiceField(
        label=_("Confier à"), queryset=User.objects.none(), empty_label=_("Choisir un·e collègue")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "to", forms.ModelChoiceField).queryset = User.objects.officers()
