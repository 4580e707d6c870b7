"""Forms of partners: recognised before they are saved twice, warned about but never blocked by a doubt."""

from calendar import monthrange
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conventions.domain.people import bank_accounts, partners
from conventions.enums import AttachmentKind
from conventions.formats import FormatError, normalise_ridet, phone_warnings, postal_warnings, ridet_warnings
from conventions.forms.choosing import FoundChoiceField
from conventions.forms.fields import field_of
from conventions.forms.refusals import told_on_form
from conventions.forms.typed import Form, ModelForm
from conventions.forms.versions import VersionedForm
from conventions.models import Partner, Representative
from conventions.validators import DOCUMENT_KINDS, PHOTO_KINDS, UploadValidator, accept_attribute

ACCEPT = accept_attribute(DOCUMENT_KINDS)
OF_ACCOUNT = _(
    "C’est l’adresse avec laquelle cette personne entre dans son espace. Elle la change elle-même ; "
    "si sa boîte est perdue, passez par « Adresses de connexion »."
)


class PartnerForm(VersionedForm):
    """`lookalikes` holds recorded partners that may be this one; « créer quand même » then lets it pass."""

    create_anyway = forms.BooleanField(
        label=_("C’est un autre partenaire : enregistrer quand même"), required=False
    )

    class Meta:
        model = Partner
        exclude = ["slug", "merged_into"]
        widgets = {
            "postal_code": forms.TextInput(attrs={"list": "codes-postaux", "size": 8}),
            "address": forms.Textarea(attrs={"rows": 3}),
            "founding_texts": forms.Textarea(attrs={"rows": 3}),
            "phone": forms.TextInput(attrs={"type": "tel", "size": 24}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lookalikes: list[partners.Lookalike] = []

    def clean_ridet(self) -> str:
        """The normalised number is made at saving: its uniqueness is told here, beside the field."""
        ridet = self.cleaned_data["ridet"]
        other = self._holder_of(ridet) if ridet else None
        if other is not None:
            raise ValidationError(
                _(
                    "Un autre partenaire porte déjà ce RIDET : %(name)s. Vérifiez le numéro ou ouvrez sa fiche."
                )
                % {"name": other}
            )
        return ridet

    def _check_year_end(self, day: int | None, month: int | None) -> None:
        """A day of each year: 29 February is none."""
        if {"year_end_day", "year_end_month"} & set(self.errors):
            return
        if (day is None) != (month is None):
            missing = "year_end_day" if day is None else "year_end_month"
            self.add_error(missing, _("Donnez le jour et le mois, ou ni l’un ni l’autre."))
        elif day is not None and month is not None and not 1 <= day <= monthrange(2026, month)[1]:
            self.add_error("year_end_day", _("Ce jour n’existe pas chaque année dans ce mois."))

    def _holder_of(self, ridet: str) -> Partner | None:
        try:
            normalised = normalise_ridet(ridet).normalised
        except FormatError:
            return None  # the model's own validator says what is wrong with it
        same = Partner.objects.active().filter(ridet_normalised=normalised)
        return same.exclude(pk=self.instance.pk).first()

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        self._check_year_end(cleaned.get("year_end_day"), cleaned.get("year_end_month"))
        if {"name", "acronym", "ridet"}.intersection(self.changed_data):
            self.lookalikes = partners.lookalikes(
                self.cleaned_data.get("name", ""),
                acronym=self.cleaned_data.get("acronym", ""),
                ridet=self.cleaned_data.get("ridet", ""),
                excluding=self.instance,
            )
        if self.lookalikes and not self.cleaned_data.get("create_anyway"):
            self.add_error(
                None,
                _(
                    "Ce partenaire existe peut-être déjà. Ouvrez la fiche proposée plus haut, ou cochez "
                    "« enregistrer quand même »."
                ),
            )
        return cleaned

    def warnings(self) -> list[str]:
        """Doubts that a person should check, in French; they never block."""
        found = [*ridet_warnings(self.cleaned_data.get("ridet") or "")]
        commune = self.cleaned_data.get("commune")
        postal = postal_warnings(
            self.cleaned_data.get("postal_code") or "",
            country=self.cleaned_data.get("country") or "",
            proposed=commune.postal_code if commune else "",
        )
        return [*found, *postal, *phone_warnings(self.cleaned_data.get("phone") or "")]


class RepresentativeForm(ModelForm):
    open_access = forms.BooleanField(
        label=_("ouvrir son espace en ligne"),
        required=False,
        help_text=_("La personne se connecte par un code envoyé à son courriel, pendant son mandat."),
    )

    class Meta:
        model = Representative
        fields = [
            "civility",
            "first_name",
            "last_name",
            "title",
            "capacity",
            "email",
            "phone",
            "mandate_start",
            "mandate_end",
            "usual_signatory",
            "position",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.user_id:
            field = self.fields["open_access"]
            field.initial, field.disabled = True, True
            field.label = _("espace en ligne ouvert")

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        start, end = self.cleaned_data.get("mandate_start"), self.cleaned_data.get("mandate_end")
        if start and end and end < start:
            self.add_error(
                "mandate_end", _("La fin du mandat précède son début. Corrigez l’une des deux dates.")
            )
        if "email" in self.changed_data and self.instance.user and not self.instance.user.is_staff:
            self.add_error("email", OF_ACCOUNT)
        if self.cleaned_data.get("open_access") and not self.cleaned_data.get("email"):
            self.add_error("email", _("Indiquez le courriel de cette personne pour ouvrir son espace."))
        return cleaned

    def warnings(self) -> list[str]:
        return [f"{self.instance} : {text}" for text in phone_warnings(self.cleaned_data.get("phone") or "")]


class BankAccountForm(Form):
    number = forms.CharField(
        label=_("RIB ou IBAN"),
        max_length=60,
        help_text=_("Recopiez-le en entier, avec sa clé. Les espaces ne comptent pas."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 40, "class": "vTextField"}),
    )
    holder = forms.CharField(
        label=_("Titulaire"), max_length=200, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    bank_name = forms.CharField(
        label=_("Banque"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    file = forms.FileField(
        label=_("RIB (fichier)"),
        required=False,
        validators=[UploadValidator(DOCUMENT_KINDS)],
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        with told_on_form(self):
            bank_accounts.read_number(typed)
        return typed


class AttachmentForm(Form):
    file = forms.FileField(
        label=_("Fichier"),
        validators=[UploadValidator(DOCUMENT_KINDS)],
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )
    kind = forms.ChoiceField(label=_("Type"), choices=AttachmentKind.choices, initial=AttachmentKind.STATUTES)
    title = forms.CharField(
        label=_("Titre"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class LogoForm(Form):
    file = forms.FileField(
        label=_("Image"),
        validators=[UploadValidator(PHOTO_KINDS)],
        help_text=_("PNG, JPEG, WebP ou HEIC, prévue pour un fond clair. Ses marges blanches sont retirées."),
        widget=forms.ClearableFileInput(attrs={"accept": accept_attribute(PHOTO_KINDS)}),
    )


class LostAddressForm(Form):
    """Another sign-in address for somebody whose mailbox is lost. `people`: (account, name)."""

    person = forms.TypedChoiceField(label=_("Personne"), coerce=int)
    email = forms.EmailField(
        label=_("Sa nouvelle adresse"), max_length=254, widget=forms.EmailInput(attrs={"class": "vTextField"})
    )
    reason = forms.CharField(
        label=_("Comment l’avez-vous reconnue ?"),
        max_length=500,
        help_text=_("Par exemple : venue à l’agence avec sa pièce d’identité, le 3 décembre."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        error_messages={"required": _("Écrivez comment vous avez reconnu cette personne.")},
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "person", forms.TypedChoiceField).choices = people


class MergeForm(Form):
    """Choose the file that stays, then confirm."""

    target = FoundChoiceField(label=_("Fiche à garder"), source="fiches", empty_label=_("Choisir une fiche"))
    confirmed = forms.BooleanField(
        label=_("J’ai vérifié : les deux fiches sont celles du même partenaire"), required=False
    )

    def __init__(self, *args: Any, source: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        field_of(self, "target", FoundChoiceField).look_among("fiches", of=source.pk)

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        target = self.cleaned_data.get("target")
        if target is not None:
            for reason in partners.merge_obstacles(self.source, target):
                self.add_error("target", reason)
            if not self.cleaned_data.get("confirmed"):
                self.add_error("confirmed", _("Cochez cette case pour confirmer la fusion."))
        return cleaned
