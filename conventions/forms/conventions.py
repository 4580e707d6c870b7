"""Forms of a convention: creation in five fields, reprise, the page's own fields, handing over."""

import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.domain.acts.drafting import page_content
from conventions.enums import (
    ActKind,
    ActOrigin,
    AttachmentKind,
    DatePrecision,
    PartnerNature,
    TerminationGround,
    TermKind,
)
from conventions.forms.fields import DateInput, SeveralFilesField, TextArea, field_of
from conventions.forms.rows import in_order, model_field
from conventions.forms.typed import Form, ModelForm
from conventions.models import (
    Act,
    BoardDecision,
    Ceremony,
    Convention,
    Kind,
    Partner,
    Party,
    Plan,
    PressContact,
    Project,
    User,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FUTURE_MESSAGE = _("Cette date est dans le futur. Donnez la date portée sur le document signé.")
ORDER_MESSAGE = _("La date de fin précède la prise d’effet. Corrigez l’une des deux dates.")


class CreateForm(Form):
    """Five fields. A partner is typed by name; one that does not exist yet is created on the way."""

    partner = forms.CharField(
        label=_("Partenaire"),
        max_length=240,
        help_text=_("Tapez les premières lettres, puis choisissez dans la liste."),
        widget=forms.TextInput(attrs={"list": "partenaires", "autocomplete": "off", "class": "vTextField"}),
    )
    create_partner = forms.BooleanField(label=_("Créer ce partenaire"), required=False)
    partner_nature = forms.ChoiceField(
        label=_("Ce partenaire est"), choices=PartnerNature, required=False, initial=PartnerNature.ASSOCIATION
    )
    kind = forms.ModelChoiceField(
        label=_("Nature"), queryset=Kind.objects.filter(active=True), empty_label=None
    )
    title = forms.CharField(
        label=_("Titre"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Par exemple « Dojo solidaire »."),
    )
    starts_on = forms.DateField(label=_("Début"), widget=DateInput)
    ends_on = forms.DateField(label=_("Fin"), widget=DateInput)
    officer = forms.ModelChoiceField(
        label=_("Chargé·e de dossier"), queryset=User.objects.none(), empty_label=None
    )
    origin = ActOrigin.NEW

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "officer", forms.ModelChoiceField).queryset = User.objects.officers()
        self.fields["officer"].initial = user.pk
        self.partners = list(Partner.objects.active().others().only("pk", "name", "acronym"))
        self.found: Partner | None = None
        self.unknown_partner = False
        self.near: list[Partner] = []

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        in_order(self, "starts_on", "ends_on", ORDER_MESSAGE)
        if data.get("partner"):
            self._find_partner(data)
        return data

    def _find_partner(self, data: dict[str, Any]) -> None:
        typed = " ".join(data["partner"].split())
        exact = [partner for partner in self.partners if str(partner) == typed]
        found = exact or list(Partner.objects.others().lookalikes(typed))
        if len(found) == 1:
            self.found = found[0]
            return
        if found:
            names = ", ".join(f"« {partner} »" for partner in found)
            self.add_error(
                "partner", _("Plusieurs partenaires portent ce nom : %s. Choisissez-en un.") % names
            )
            return
        if data.get("create_partner") and len(typed) >= 3:
            return
        self.unknown_partner = True
        self.near = list(Partner.objects.active().others().search(typed)[:5])
        self.add_error("partner", self._unknown_message(typed))

    def _unknown_message(self, typed: str) -> "StrOrPromise":
        if self.near:
            names = ", ".join(f"« {partner} »" for partner in self.near)
            return _(
                "Aucun partenaire ne porte exactement ce nom. Vouliez-vous dire %s ? Sinon, cochez "
                "« Créer ce partenaire »."
            ) % (names)
        return _("Aucun partenaire ne porte ce nom. Corrigez-le, ou cochez « Créer ce partenaire ».")

    @property
    def new_partner_name(self) -> str:
        return " ".join(self.cleaned_data["partner"].split())

    def act_values(self) -> dict:
        return {}


class RepriseForm(CreateForm):
    """An act signed on paper before the application: dates as the sources give them, nothing proposed."""

    old_reference = forms.CharField(label=_("Ancienne référence"), max_length=80, required=False)
    signed_on = forms.DateField(label=_("Signé le"), widget=DateInput, required=False)
    signed_on_precision = forms.ChoiceField(
        label=_("Précision"), choices=DatePrecision, initial=DatePrecision.DAY, required=False
    )
    signed_on_wording = forms.CharField(
        label=_("Ou : date selon la source"),
        max_length=120,
        required=False,
        help_text=_("Les mots de la source, si la date est imprécise. Par exemple « courant 2021 »."),
    )
    origin = ActOrigin.REPRISE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_on", "ends_on"):
            self.fields[name].required = False
        self.fields["starts_on"].help_text = _("Vide si elle n’est pas connue.")

    def clean_signed_on(self) -> datetime.date | None:
        day = self.cleaned_data["signed_on"]
        if day and day > timezone.localdate():
            raise ValidationError(FUTURE_MESSAGE)
        return day

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if not data.get("signed_on") and not data.get("signed_on_wording") and "signed_on" not in self.errors:
            self.add_error("signed_on", _("Donnez la date de signature, ou les mots de la source."))
        return data

    def act_values(self) -> dict:
        names = ("old_reference", "signed_on", "signed_on_wording")
        values = {name: self.cleaned_data[name] for name in names}
        return values | {"signed_on_precision": self.cleaned_data["signed_on_precision"] or DatePrecision.DAY}


class NarrowedForm(ModelForm):
    """A form that only keeps the fields its user may change: what is not on the page cannot be posted."""

    def __init__(self, *args: Any, allowed: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in allowed]:
            del self.fields[name]
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput | TextArea | forms.URLInput):
                field.widget.attrs.setdefault("class", "vLargeTextField")

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the model that are on the page."""
        many = {column.name for column in self._meta.model._meta.many_to_many}
        known = {column.name for column in self._meta.model._meta.fields}
        return tuple(name for name in self.fields if name in known and name not in many)


class ConventionForm(NarrowedForm):
    """The convention's own fields."""

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
        widgets = {
            "purpose": TextArea(attrs={"rows": 2, "maxlength": 256}),
            "public_summary": TextArea(attrs={"rows": 3}),
            "public_story": TextArea(attrs={"rows": 8}),
            "interests_note": TextArea(attrs={"rows": 2}),
            "notes": TextArea(attrs={"rows": 3}),
            "values": forms.CheckboxSelectMultiple,
            "themes": forms.CheckboxSelectMultiple,
            "areas": forms.CheckboxSelectMultiple,
            "final_beneficiaries": forms.SelectMultiple(attrs={"size": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.instance
        querysets = {
            "project": lambda: Project.objects.filter(Q(is_demo=held.is_demo) | Q(pk=held.project_id)),
            "renews": self._renewable,
            "officer": lambda: User.objects.officers() | User.objects.filter(pk=held.officer_id),
            "kind": lambda: _active_or_held(Kind, held.kind_id),
            "plan": lambda: _active_or_held(Plan, held.plan_id),
            "press_contact": lambda: _active_or_held(PressContact, held.press_contact_id),
            "final_beneficiaries": lambda: Partner.objects.others().filter(
                Q(merged_into=None) | Q(pk__in=held.final_beneficiaries.values("pk"))
            ),
        }
        for name, queryset in querysets.items():
            if name in self.fields:
                field_of(self, name, forms.ModelChoiceField).queryset = queryset()

    def _get_validation_exclusions(self) -> set[str]:
        """An officer who left stays named until someone takes the file: the choices above are the rule."""
        excluded = super()._get_validation_exclusions()  # type: ignore[misc]  # not in Django's stubs
        return excluded | {"officer"}

    def _renewable(self) -> QuerySet[Convention]:
        """Other conventions of the same partners; and the one already named."""
        partners = self.instance.parties.filter(partner__is_opt=False).values("partner")
        shared = Party.objects.filter(partner__in=partners).values("convention")
        named = Q(pk__in=shared) | Q(pk=self.instance.renews_id)
        return Convention.objects.filter(named).exclude(pk=self.instance.pk)


Held = TypeVar("Held", Kind, Plan, PressContact)


def _active_or_held(model: type[Held], held: int | None) -> QuerySet[Held]:
    return model.objects.filter(active=True) | model.objects.filter(pk=held or 0)


SIGNING_HELP = {
    "path": _(
        "À choisir avant de figer. En ligne : chaque signataire reçoit un lien par courriel, et le document est scellé."
    ),
    "signing_order": _("Ne compte que pour une signature en ligne."),
}


class ActForm(NarrowedForm):
    """The act's own fields, on the same page as the convention's: no name is in both."""

    starts_on = model_field(Act, "starts_on")
    ends_on = model_field(Act, "ends_on")
    effective_on = model_field(Act, "effective_on")
    notice_on = model_field(Act, "notice_on")
    signed_on = model_field(Act, "signed_on")
    new_decision_date = forms.DateField(
        label=_("Ou nouvelle délibération du"), required=False, widget=DateInput
    )
    new_decision_number = forms.CharField(label=_("Son numéro"), required=False, max_length=60)
    new_ceremony_title = forms.CharField(label=_("Ou nouvelle cérémonie"), required=False, max_length=200)
    new_ceremony_date = forms.DateField(label=_("Sa date"), required=False, widget=DateInput)

    class Meta:
        model = Act
        fields = list(page_content.ACT_TERMS)
        widgets = {"preamble": TextArea(attrs={"rows": 5}), "reason": TextArea(attrs={"rows": 2})}
        widgets |= {"object_text": TextArea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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

    def clean_signed_on(self) -> datetime.date | None:
        day = self.cleaned_data["signed_on"]
        if day and day > timezone.localdate():
            raise ValidationError(FUTURE_MESSAGE)
        return day

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
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
        names -= {"old_reference", "signed_on", "signed_on_precision", "signed_on_wording"}
        names -= {"starts_on_precision", "ends_on_precision"}
    if act.is_reprise:
        names -= {"path", "signing_order"}
    if act.kind == ActKind.INITIAL:
        names -= {"reason"}
    if act.kind != ActKind.AMENDMENT:
        names -= {"object_text"}
    if act.kind == ActKind.TERMINATION:
        names -= {
            "term_kind",
            "starts_on",
            "starts_on_precision",
            "ends_on",
            "ends_on_precision",
            "term_wording",
        }
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
