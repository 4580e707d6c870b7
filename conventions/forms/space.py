"""Forms of the associations' space: a RIB, a receipt of equipment, a report, a message, people and contacts."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.domain import banking, talking
from conventions.enums import Civility, MandateKind
from conventions.forms.fields import DateInput, LoadedChoiceField, OneFileField, TextArea, XpfField
from conventions.models import Partner
from conventions.validators import accept_attribute

RIB_KINDS = ("pdf", "png", "jpeg")
REPORT_KINDS = ("pdf", "docx", "odt", "xlsx", "png", "jpeg", "webp")
CHOOSE_AGAIN = _(
    "Rien n’est encore envoyé. Choisissez de nouveau votre fichier, le navigateur ne le garde pas."
)


class SpaceForm(forms.Form):
    """A form that says when a file must be chosen again: no browser keeps one."""

    def clean(self):
        cleaned = super().clean()
        for name, field in self.fields.items():
            if isinstance(field, forms.FileField) and self.errors and self.cleaned_data.get(name):
                self.add_error(name, CHOOSE_AGAIN)
        return cleaned


def _file(label, kinds, **options) -> OneFileField:
    return OneFileField(
        label=label,
        kinds=kinds,
        widget=forms.FileInput(attrs={"accept": accept_attribute(kinds)}),
        error_messages={"required": _("Choisissez un fichier.")},
        **options,
    )


class RibForm(SpaceForm):
    number = forms.CharField(
        label=_("RIB ou IBAN"),
        max_length=60,
        required=False,
        help_text=_("Recopiez-le en entier, avec sa clé. Les espaces ne comptent pas."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    holder = forms.CharField(
        label=_("Titulaire du compte"),
        max_length=200,
        error_messages={"required": _("Écrivez le nom du titulaire, tel qu’il est sur le RIB.")},
    )
    bank_name = forms.CharField(label=_("Banque"), max_length=120, required=False)
    file = _file(_("Le RIB en fichier"), RIB_KINDS, required=False, help_text=_("PDF, PNG ou JPEG."))

    def clean_number(self):
        typed = self.cleaned_data["number"].strip()
        if typed:
            try:
                banking.read_number(typed)
            except ValidationError as error:
                raise ValidationError(error.error_dict["number"]) from error
        return typed

    def clean(self):
        if not (self.cleaned_data.get("number") or self.cleaned_data.get("file") or self.errors):
            self.add_error("number", _("Écrivez le numéro du compte, ou joignez le RIB."))
        return super().clean()


class AcknowledgeForm(SpaceForm):
    complete = forms.ChoiceField(
        label=_("Avez-vous reçu tout ce matériel ?"),
        choices=[("oui", _("J’ai tout reçu")), ("non", _("Il manque quelque chose"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une réponse.")},
    )
    missing = forms.CharField(
        label=_("Que manque-t-il ?"),
        max_length=500,
        required=False,
        help_text=_("Seulement s’il manque quelque chose : quel appareil, ou quel défaut."),
        widget=TextArea(attrs={"rows": 3}),
    )

    def clean(self):
        complete, missing = self.cleaned_data.get("complete"), self.cleaned_data.get("missing")
        if complete == "non" and not missing:
            self.add_error("missing", _("Dites ce qui manque."))
        if complete == "oui" and missing:
            self.add_error(
                "missing", _("Vous dites avoir tout reçu. Videz ce champ, ou choisissez l’autre réponse.")
            )
        return super().clean()


class ReportForm(SpaceForm):
    file = _file(
        _("Le document"), REPORT_KINDS, help_text=_("PDF, Word, Excel, ODT ou image. 20 Mo au plus.")
    )
    spent = XpfField(
        label=_("Somme dépensée (F CFP)"),
        required=False,
        help_text=_("Facultatif. Ce que ce document justifie."),
    )
    note = forms.CharField(
        label=_("Un mot pour l’OPT-NC"), max_length=255, required=False, widget=TextArea(attrs={"rows": 2})
    )


class MessageForm(SpaceForm):
    body = forms.CharField(
        label=_("Votre message"),
        max_length=talking.MAX_LENGTH,
        help_text=_("Du texte simple. N’y mettez ni mot de passe, ni numéro de compte."),
        widget=TextArea(attrs={"rows": 6}),
        error_messages={"required": talking.EMPTY},
    )


class AnswerForm(MessageForm):
    """What the office answers."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Votre réponse")


class PhoneForm(SpaceForm):
    phone = forms.CharField(
        label=_("Votre téléphone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class ContactForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Partner
        fields = ["address", "postal_code", "email", "phone", "website"]
        widgets = {"address": TextArea(attrs={"rows": 3}), "phone": forms.TextInput(attrs={"type": "tel"})}

    def clean_website(self):
        url = self.cleaned_data["website"]
        if url and not url.startswith(("http://", "https://")):
            raise ValidationError(_("L’adresse du site commence par https://."))
        return url


class PersonForm(SpaceForm):
    """Someone to declare. For a president: a proof, and whose mandate ends."""

    civility = forms.ChoiceField(label=_("Civilité"), choices=Civility.choices, required=False)
    first_name = forms.CharField(
        label=_("Prénom"), max_length=80, error_messages={"required": _("Écrivez le prénom.")}
    )
    last_name = forms.CharField(
        label=_("Nom"),
        max_length=80,
        help_text=_("En capitales, comme il doit être imprimé."),
        error_messages={"required": _("Écrivez le nom.")},
    )
    title = forms.CharField(
        label=_("Titre"),
        max_length=200,
        help_text=_("Par exemple : présidente, trésorier."),
        error_messages={"required": _("Écrivez le titre dans l’association.")},
    )
    email = forms.EmailField(
        label=_("Courriel"),
        help_text=_("C’est là que cette personne recevra ses codes de connexion."),
        error_messages={
            "required": _("Écrivez le courriel de cette personne."),
            "invalid": _("Cette adresse n’est pas complète. Écrivez-la ainsi : nom@exemple.nc."),
        },
    )
    phone = forms.CharField(label=_("Téléphone"), max_length=40, required=False)
    mandate_start = forms.DateField(
        label=_("Début du mandat"),
        widget=DateInput,
        error_messages={"required": _("Donnez la date de l’élection ou du début du mandat.")},
    )
    mandate_end = forms.DateField(label=_("Fin du mandat"), widget=DateInput, required=False)
    replaces = LoadedChoiceField(
        label=_("Remplace"),
        required=False,
        empty_label=_("Personne"),
        label_of=lambda row: f"{row}, {row.title}",
    )
    file = _file(
        _("Preuve"),
        ("pdf", "png", "jpeg"),
        help_text=_("Procès-verbal de l’assemblée générale, ou récépissé. PDF, PNG ou JPEG."),
    )

    def __init__(self, *args, kind: MandateKind, mandates=(), **kwargs):
        super().__init__(*args, **kwargs)
        if kind == MandateKind.READER:
            del self.fields["replaces"]
            self.fields["file"].required = False
            self.fields["file"].help_text = _("Facultatif.")
        else:
            self.fields["replaces"].load(mandates)

    def clean(self):
        start, end = self.cleaned_data.get("mandate_start"), self.cleaned_data.get("mandate_end")
        if start and end and end < start:
            self.add_error(
                "mandate_end", _("La fin du mandat précède son début. Corrigez l’une des deux dates.")
            )
        if start and start > timezone.localdate().replace(month=12, day=31):
            self.add_error("mandate_start", _("Ce mandat commence l’an prochain. Déclarez-le alors."))
        return super().clean()


class DecisionForm(SpaceForm):
    """Of staff: accept, or refuse and say why. `number` is typed from the file where the partner gave none."""

    number = forms.CharField(
        label=_("RIB ou IBAN, d’après le fichier"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )
    reason = forms.CharField(
        label=_("Motif, en cas de refus"),
        max_length=500,
        required=False,
        help_text=_("L’association le lit."),
        widget=TextArea(attrs={"rows": 2}),
    )

    def __init__(self, *args, with_number: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not with_number:
            del self.fields["number"]
