"""Forms of the associations' space: a RIB, a receipt of equipment, a report, a message, people and contacts."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conventions.domain.people import bank_accounts
from conventions.domain.space import kept_files, threads
from conventions.enums import Civility, MandateKind
from conventions.equipment_enums import News
from conventions.formats import NBSP, phone_warnings, postal_warnings
from conventions.forms.fields import DateInput, LoadedChoiceField, OneFileField, TextArea, XpfField, field_of
from conventions.forms.following import LoadedChoicesField
from conventions.forms.refusals import told_on_form
from conventions.forms.typed import Form, ModelForm
from conventions.models import EquipmentItem, Partner, Representative
from conventions.validators import DOCUMENT_KINDS, PROOF_KINDS, accept_attribute

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

INCOMPLETE_ADDRESS = _("Cette adresse n’est pas complète. Écrivez-la ainsi : nom@exemple.nc.")
GONE = _("Ce fichier n’est plus gardé. Choisissez-le de nouveau.")
KEPT = _("<strong>« {} » est gardé.</strong> Ne choisissez un fichier que pour le remplacer.")


class FileForm(Form):
    """A form with a file: readable, it is kept while the rest is put right, and need not be chosen again.

    `kept` says which file the page showed, `drop` takes it out. `cleaned_data["file"]`: the file chosen now, else the
    kept one, else None.
    """

    data: QueryDict
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    drop = forms.BooleanField(required=False)

    def __init__(self, *args: Any, desk: kept_files.Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        names = [name for name in self.fields if name not in ("kept", "drop")]
        names.insert(names.index("file") + 1, "drop")
        self.order_fields(names)
        key = self.data.get("kept", "")
        self.kept_file = desk.find(key) if key else None
        self.lost = bool(key) and self.kept_file is None
        self.dropped = bool(self.data.get("drop"))
        self._show()

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        chosen = self.cleaned_data.get("file")
        if self.lost and not chosen and not self.dropped:
            self.errors.pop("file", None)
            self.add_error("file", GONE)
        elif self.kept_file and not chosen and not self.dropped and "file" not in self.errors:
            self.cleaned_data["file"] = kept_files.as_upload(self.kept_file)
        for name in ("kept", "drop"):
            self.cleaned_data.pop(name, None)
        return cleaned

    def keep_file(self) -> None:
        """The form is refused: keep the file chosen now if it can be read, forget the one taken out."""
        chosen = self.files.get("file")
        if chosen and "file" not in self.errors:
            with told_on_form(self):
                self.kept_file = self.desk.keep(chosen)
        elif self.kept_file and self.dropped:
            self.desk.clear()
            self.kept_file = None
        self.data = self.data.copy()
        self.data["kept"] = str(self.kept_file.pk) if self.kept_file else ""
        self.data.pop("drop", None)
        self.dropped = False
        self._show()

    def _show(self) -> None:
        file, drop = self["file"], self["drop"]
        if self.kept_file is None:
            file.help_text, drop.field.widget = self.fields["file"].help_text, forms.HiddenInput()
            return
        name = self.kept_file.original_name
        file.field.required = file.field.required and self.dropped
        file.help_text, drop.field.widget = format_html(str(KEPT), name), forms.CheckboxInput()
        drop.label = _("Ne pas envoyer « %(name)s »") % {"name": name}


def _file(label: "StrOrPromise", kinds: Sequence[str], **options: Any) -> OneFileField:
    return OneFileField(
        label=label,
        kinds=kinds,
        widget=forms.FileInput(attrs={"accept": accept_attribute(kinds)}),
        error_messages={"required": _("Choisissez un fichier.")},
        **options,
    )


class RibForm(FileForm):
    number = forms.CharField(
        label=_("RIB ou IBAN"),
        max_length=60,
        required=False,
        help_text=_("Recopiez-le en entier, avec sa clé. Les espaces ne comptent pas."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )
    holder = forms.CharField(
        label=_("Titulaire du compte"),
        max_length=200,
        error_messages={"required": _("Écrivez le nom du titulaire, tel qu’il est sur le RIB.")},
    )
    bank_name = forms.CharField(label=_("Banque"), max_length=120, required=False)
    file = _file(_("Le RIB en fichier"), PROOF_KINDS, required=False, help_text=_("PDF ou photo."))

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"].strip()
        if typed:
            with told_on_form(self):
                bank_accounts.read_number(typed)
        return typed

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not (self.cleaned_data.get("number") or self.cleaned_data.get("file") or self.errors):
            self.add_error("number", _("Écrivez le numéro du compte, ou joignez le RIB."))
        return cleaned


class AcknowledgeForm(Form):
    complete = forms.ChoiceField(
        label=_("Avez-vous reçu tout ce matériel ?"),
        choices=[("oui", _("J’ai tout reçu")), ("non", _("Il manque quelque chose"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une réponse.")},
    )
    devices = LoadedChoicesField(
        label=_("Lesquels manquent ?"),
        required=False,
        help_text=_("Seulement s’il manque quelque chose."),
    )
    missing = forms.CharField(
        label=_("Que manque-t-il ?"),
        max_length=500,
        required=False,
        help_text=_("Seulement s’il manque quelque chose : quel appareil, ou quel défaut."),
        widget=TextArea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, items: list[EquipmentItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if items:
            field_of(self, "devices", LoadedChoicesField).load(items)
        else:
            del self.fields["devices"]

    def told(self) -> dict[str, Any]:
        """What `space.acknowledge` takes."""
        return {"missing": self.cleaned_data["missing"], "items": self.cleaned_data.get("devices") or []}

    def clean(self) -> dict[str, Any]:
        complete, missing = self.cleaned_data.get("complete"), self.cleaned_data.get("missing")
        devices = self.cleaned_data.get("devices")
        if complete == "oui" and devices:
            self.add_error(
                "devices", _("Vous dites avoir tout reçu. Décochez, ou choisissez l’autre réponse.")
            )
        if complete == "non" and not (missing or devices):
            self.add_error("missing", _("Dites ce qui manque."))
        if complete == "oui" and missing:
            self.add_error(
                "missing", _("Vous dites avoir tout reçu. Videz ce champ, ou choisissez l’autre réponse.")
            )
        super().clean()
        return self.cleaned_data


class NewsForm(Form):
    """What became of what was given: the buttons are its answers."""

    news = forms.ChoiceField(
        label=_("Ce qu’il est devenu"),
        choices=News.choices,
        error_messages={"required": _("Choisissez une réponse.")},
    )
    words = forms.CharField(
        label=_("Si vous voulez en dire plus"),
        max_length=500,
        required=False,
        widget=TextArea(attrs={"rows": 3}),
    )


class ReportForm(FileForm):
    file = _file(
        _("Le document"),
        DOCUMENT_KINDS,
        help_text=f"PDF, Word, Excel, LibreOffice, CSV ou photo. {settings.UPLOAD_MAX_BYTES // 2**20}{NBSP}Mo au plus.",
    )
    spent = XpfField(
        label=_("Somme dépensée (F CFP)"),
        required=False,
        help_text=_("Facultatif. Ce que ce document justifie."),
    )
    note = forms.CharField(
        label=_("Un mot pour l’OPT-NC"), max_length=255, required=False, widget=TextArea(attrs={"rows": 2})
    )


class MessageForm(Form):
    body = forms.CharField(
        label=_("Votre message"),
        max_length=threads.MAX_LENGTH,
        help_text=_("Du texte simple. N’y mettez ni mot de passe, ni numéro de compte."),
        widget=TextArea(attrs={"rows": 6}),
        error_messages={"required": threads.EMPTY},
    )


class AnswerForm(MessageForm):
    """What the office answers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Votre réponse")


class PhoneForm(Form):
    phone = forms.CharField(
        label=_("Votre téléphone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def warnings(self) -> list[str]:
        """Doubts about the number: told, they never block."""
        return [*phone_warnings(self.cleaned_data.get("phone") or "")]


class ContactForm(ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Partner
        fields = ["address", "postal_code", "email", "phone", "website"]
        error_messages = {"email": {"invalid": INCOMPLETE_ADDRESS}}
        widgets = {"address": TextArea(attrs={"rows": 3}), "phone": forms.TextInput(attrs={"type": "tel"})}

    def clean_website(self) -> str:
        url = self.cleaned_data["website"]
        if url and not url.startswith(("http://", "https://")):
            raise ValidationError(_("L’adresse du site commence par https://."))
        return url

    def warnings(self) -> list[str]:
        """Doubts about the number and the postal code: told, they never block."""
        data, commune = self.cleaned_data, self.instance.commune
        postal = postal_warnings(
            data.get("postal_code") or "",
            country=self.instance.country,
            proposed=commune.postal_code if commune else "",
        )
        return [*phone_warnings(data.get("phone") or ""), *postal]


class PersonForm(FileForm):
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
            "invalid": INCOMPLETE_ADDRESS,
        },
    )
    phone = forms.CharField(
        label=_("Téléphone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
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
        PROOF_KINDS,
        help_text=_("Procès-verbal de l’assemblée générale, ou récépissé. PDF ou photo."),
    )

    def __init__(
        self, *args: Any, kind: MandateKind, mandates: Iterable[Representative] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if kind == MandateKind.READER:
            del self.fields["replaces"]
            self.fields["file"].required = False
            self.fields["file"].help_text = _("Facultatif.")
        else:
            field_of(self, "replaces", LoadedChoiceField).load(mandates)

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("mandate_start"), self.cleaned_data.get("mandate_end")
        if start and end and end < start:
            self.add_error(
                "mandate_end", _("La fin du mandat précède son début. Corrigez l’une des deux dates.")
            )
        if start and start > timezone.localdate().replace(month=12, day=31):
            self.add_error("mandate_start", _("Ce mandat commence l’an prochain. Déclarez-le alors."))
        super().clean()
        return self.cleaned_data


class AcceptForm(Form):
    """Of staff, who checked. `number` is typed where only a file was sent; `retire` stops the accounts before."""

    number = forms.CharField(
        label=_("RIB ou IBAN, d’après le fichier"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    retire = forms.BooleanField(label=_("Ne plus utiliser les comptes d’avant"), required=False)
    checked = forms.BooleanField(
        error_messages={"required": _("Cochez cette case une fois la vérification faite.")}
    )

    def __init__(
        self, *args: Any, check: str, with_number: bool = False, with_former: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checked"].label = check
        if not with_number:
            del self.fields["number"]
        if not with_former:
            del self.fields["retire"]


class RefuseForm(Form):
    """Of staff: why it is refused; the association reads it."""

    reason = forms.CharField(
        label=_("Motif du refus"),
        max_length=500,
        help_text=_("L’association le lit. Dites ce qu’elle doit corriger."),
        widget=TextArea(attrs={"rows": 3}),
        error_messages={"required": _("Un refus se motive : écrivez pourquoi.")},
    )
