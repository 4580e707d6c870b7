"""Forms of the stock: a device, what is done to many at once, labels that a reader typed or a photo shows."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.enums import AmountStatus, DatePrecision, Transfer
from conventions.equipment_enums import (
    DeviceCondition,
    MediumKind,
    SanitisationCheck,
    SanitisationMethod,
    SanitisationTechnique,
)
from conventions.formats import ParsedDate
from conventions.forms.fields import LoadedChoiceField, OneFileField, PartialDateField, TextArea, XpfField
from conventions.forms.following import PastDateField
from conventions.forms.typed import Form
from conventions.models import Device
from conventions.validators import PHOTO_KINDS

if TYPE_CHECKING:
    from conventions.formats.dates import Precision


def choices_of(kinds: Any, *, without: tuple[str, ...] = (), empty: Any = "") -> list[tuple[str, Any]]:
    """Those of a closed list, an empty one first."""
    return [("", empty or "—"), *((code, label) for code, label in kinds.choices if code not in without)]


class CellForm(Form):
    """`spans` places the fields in twelfths, in their order."""

    spans: dict[str, int] = {}

    @property
    def cells(self) -> list[tuple[forms.BoundField, int]]:
        return [(self[name], self.spans.get(name, 6)) for name in self.fields]


class DeviceForm(CellForm):
    """What a device is. Nothing is filled that nobody said: an unknown value is empty, never 0."""

    nature = forms.CharField(
        label=_("Nature"), max_length=120, help_text=_("Par exemple « ordinateur de bureautique ».")
    )
    maker = forms.CharField(label=_("Marque"), max_length=80, required=False)
    model = forms.CharField(label=_("Modèle"), max_length=120, required=False)
    serial = forms.CharField(label=_("Numéro de série"), max_length=80, required=False)
    inventory_tag = forms.CharField(label=_("Numéro d’inventaire"), max_length=80, required=False)
    purchased = PartialDateField(label=_("Date d’achat"), required=False)
    amount = XpfField(label=_("Valeur estimée (F CFP)"), required=False)
    weight_grams = forms.IntegerField(
        label=_("Poids (grammes)"), min_value=1, max_value=2_000_000_000, required=False
    )
    condition = forms.ChoiceField(
        label=_("État"), choices=DeviceCondition.choices, initial=DeviceCondition.UNKNOWN, required=False
    )
    condition_words = forms.CharField(label=_("État, en quelques mots"), max_length=255, required=False)
    place = forms.CharField(label=_("Lieu"), max_length=160, required=False)
    holds_data = forms.BooleanField(
        label=_("Contient des données"),
        required=False,
        initial=True,
        help_text=_("La remise est bloquée tant que ses supports ne sont pas effacés."),
    )
    spans = {
        "nature": 6, "maker": 3, "model": 3, "serial": 4, "inventory_tag": 4, "purchased": 4, "amount": 4,
        "weight_grams": 4, "condition": 4, "condition_words": 6, "place": 6, "holds_data": 12,
    }  # fmt: skip

    def values(self) -> dict[str, Any]:
        """The columns of the device."""
        found = dict(self.cleaned_data)
        bought = found.pop("purchased")
        found["purchased_on"] = bought.date if bought else None
        found["purchased_on_precision"] = bought.precision if bought else DatePrecision.DAY
        found["status"] = AmountStatus.UNKNOWN if found["amount"] is None else AmountStatus.KNOWN
        found["condition"] = found["condition"] or DeviceCondition.UNKNOWN
        return found


def told_device(device: Device) -> dict[str, Any]:
    """The form's first values, from a device."""
    names = [name for name in DeviceForm.base_fields if name != "purchased"]
    return {name: getattr(device, name) for name in names} | {"purchased": _bought(device)}


def _bought(device: Device) -> Any:
    if device.purchased_on is None:
        return None
    return ParsedDate(device.purchased_on, cast("Precision", device.purchased_on_precision))


class CorrectForm(DeviceForm):
    """With the version that was read: what a colleague changed meanwhile is not written over."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def cells(self) -> list[tuple[forms.BoundField, int]]:
        return [pair for pair in super().cells if pair[0].name != "version"]

    def values(self) -> dict[str, Any]:
        found = super().values()
        found.pop("version")
        return found


class PhotoForm(CellForm):
    file = OneFileField(label=_("Photo"), kinds=PHOTO_KINDS)
    spans = {"file": 12}


class ScanForm(CellForm):
    """One label a line: a reader that types ends each with Enter, so that the next begins a line."""

    lines = forms.CharField(
        label=_("Étiquettes lues"),
        required=False,
        max_length=50_000,
        widget=TextArea(
            attrs={"rows": 8, "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "autofocus": True}
        ),
        help_text=_(
            "Une étiquette par ligne : numéro de série, d’inventaire, ou code d’une étiquette de l’OPT-NC. "
            "Un lecteur de codes passe seul à la ligne suivante."
        ),
    )  # fmt: skip
    photo = OneFileField(
        label=_("Ou une photo des étiquettes"),
        kinds=PHOTO_KINDS,
        required=False,
        help_text=_("Plusieurs étiquettes par photo, bien éclairées. Ce qui se lit s’ajoute aux lignes."),
    )
    spans = {"lines": 12, "photo": 12}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("lines") and not data.get("photo"):
            self.add_error("lines", _("Lisez au moins une étiquette, ou choisissez une photo."))
        return data


# -- what is done to many at once -------------------------------------------------------------------------
class GestureForm(CellForm):
    """`packed` gives what the verb takes: days, texts, numbers and keys alone.

    `day` names the field of the day: nothing is filled there that nobody said, and one tap says « aujourd’hui », for
    `me` where the form asks who.
    """

    day = ""
    NO_DAY = _("Dites le jour, ou cochez « Aujourd’hui ».")
    OTHER_DAY = _("Un autre jour est coché et tapé. Gardez l’un des deux.")
    NO_AGENT = _("Dites qui l’a effacé, ou cochez « Aujourd’hui, par moi ».")

    def __init__(self, *args: Any, me: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me = me
        if self.day:
            label = _("Aujourd’hui, par moi") if "agent" in self.fields else _("Aujourd’hui")
            self.fields = {"now": forms.BooleanField(label=label, required=False), **self.fields}
            for name in {self.day, "agent"} & self.fields.keys():
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        super().clean()
        data, is_now = self.cleaned_data, self.cleaned_data.pop("now", False)
        if not self.day or self.day in self.errors:
            return data
        today, typed = timezone.localdate(), data.get(self.day)
        if is_now and typed not in (None, today):
            self.add_error(self.day, self.OTHER_DAY)
        elif not is_now and typed is None:
            self.add_error(self.day, self.NO_DAY)
        else:
            data[self.day] = typed or today
        if "agent" in self.fields and "agent" not in self.errors:
            data["agent"] = data.get("agent") or (self.me if is_now else "")
            if not data["agent"]:
                self.add_error("agent", self.NO_AGENT)
        return data

    def packed(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ReserveForm(GestureForm):
    term = LoadedChoiceField(label=_("Ligne de l’annexe"), empty_label=_("Choisissez une ligne"))
    note = forms.CharField(label=_("Note"), max_length=255, required=False)
    spans = {"term": 12, "note": 12}

    def packed(self) -> dict[str, Any]:
        return {"term": self.cleaned_data["term"].pk, "note": self.cleaned_data["note"]}


class AnnexForm(GestureForm):
    act = LoadedChoiceField(label=_("Acte en préparation"), empty_label=_("Choisissez un acte"))
    transfer = forms.ChoiceField(label=_("Donné ou prêté"), choices=choices_of(Transfer))
    spans = {"act": 8, "transfer": 4}

    def packed(self) -> dict[str, Any]:
        return {"act": self.cleaned_data["act"].pk, "transfer": self.cleaned_data["transfer"]}


class MediaForm(GestureForm):
    kind = forms.ChoiceField(label=_("Type de support"), choices=choices_of(MediumKind))
    count = forms.IntegerField(label=_("Nombre par appareil"), min_value=1, max_value=24, initial=1)


class EraseForm(GestureForm):
    technique = forms.ChoiceField(
        label=_("Technique"), choices=choices_of(SanitisationTechnique, without=("sans_donnees",))
    )
    method = forms.ChoiceField(label=_("Méthode"), choices=SanitisationMethod.choices, required=False)
    verification = forms.ChoiceField(
        label=_("Vérification"), choices=SanitisationCheck.choices, required=False
    )
    done_on = PastDateField(label=_("Effacé le"))
    agent = forms.CharField(label=_("Par"), max_length=120)
    tool = forms.CharField(label=_("Outil"), max_length=80, required=False)
    tool_version = forms.CharField(label=_("Version de l’outil"), max_length=40, required=False)
    certificate = forms.CharField(label=_("Numéro de certificat"), max_length=80, required=False)
    day = "done_on"
    spans = {"now": 12, "technique": 6, "method": 6, "verification": 4, "done_on": 4, "agent": 4, "tool": 4,
             "tool_version": 4, "certificate": 4}  # fmt: skip

    def packed(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        if found["method"] in ("", SanitisationMethod.UNKNOWN):
            found.pop("method")  # the technique may settle it
        found["verification"] = found["verification"] or SanitisationCheck.UNKNOWN
        return found


class CheckForm(GestureForm):
    on = PastDateField(label=_("Constaté le"))
    condition = forms.ChoiceField(
        label=_("État constaté"), choices=choices_of(DeviceCondition, without=("inconnu",))
    )
    words = forms.CharField(label=_("En quelques mots"), max_length=255, required=False)
    day = "on"
    spans = {"now": 12, "on": 4, "condition": 8, "words": 12}


class ReformForm(GestureForm):
    on = PastDateField(label=_("Réformé le"))
    decision = LoadedChoiceField(
        label=_("Délibération"), required=False, empty_label=_("Sans délibération notée")
    )
    day = "on"
    spans = {"now": 12, "on": 4, "decision": 8}

    def packed(self) -> dict[str, Any]:
        decision = self.cleaned_data["decision"]
        return {"on": self.cleaned_data["on"], "decision": decision.pk if decision else None}


class DayForm(GestureForm):
    on = PastDateField(label=_("Le"))
    words = forms.CharField(label=_("Précisions"), max_length=255, required=False)
    day = "on"
    spans = {"now": 12, "on": 4, "words": 8}


class ReasonForm(GestureForm):
    words = forms.CharField(label=_("Motif"), max_length=255, required=False)
    spans = {"words": 12}


FORMS: dict[str, type[GestureForm]] = {
    "reserver": ReserveForm,
    "annexer": AnnexForm,
    "supports": MediaForm,
    "effacer": EraseForm,
    "controler": CheckForm,
    "reformer": ReformForm,
    "reaffecter": DayForm,
    "liberer": ReasonForm,
    "rendre": CheckForm,
    "perdre": DayForm,
    "retrouver": DayForm,
    "sortir": DayForm,
}


class MediumForm(CellForm):
    """A medium, as its label says: gigabytes as makers count them."""

    kind = forms.ChoiceField(label=_("Type de support"), choices=choices_of(MediumKind))
    maker = forms.CharField(label=_("Marque"), max_length=80, required=False)
    model = forms.CharField(label=_("Modèle"), max_length=120, required=False)
    serial = forms.CharField(label=_("Numéro de série"), max_length=80, required=False)
    size = forms.IntegerField(label=_("Capacité (Go)"), min_value=1, max_value=1_000_000, required=False)

    def values(self) -> dict[str, Any]:
        """The fields of `media.NewMedium`, its device apart."""
        found = dict(self.cleaned_data)
        size = found.pop("size")
        return found | {"size_bytes": size * 1_000_000_000 if size else None}


class LabelsForm(CellForm):
    debut = forms.IntegerField(
        label=_("Première étiquette à la place n°"),
        min_value=1,
        max_value=24,
        initial=1,
        required=False,
        help_text=_("Pour finir une planche déjà entamée : les places se comptent de gauche à droite."),
    )
