"""Forms of the page « Suivi »: one for each fact that follows a signature.

Their choices are the rows that the page has read; a row of another convention is not among them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from conventions.domain.equipment.choosing import HELD_BY_DATA
from conventions.domain.money.accounts import AccountChange
from conventions.equipment_enums import MediaState, MissingOutcome, SanitisationTechnique
from conventions.formats import (
    NBSP,
    as_phrase,
    bare_label,
    capitalise,
    due_phrase,
    duty_phrase,
    elide,
    join_phrases,
    show_date,
)
from conventions.forms.fields import DateInput, LoadedChoiceField, OneFileField, TextArea, XpfField, field_of
from conventions.forms.ticked import LoadedChoicesField, ReasonedChoicesField
from conventions.forms.typed import Form
from conventions.models import BankAccount, EquipmentItem, Funding, InKind, InstalmentTerm, Obligation
from conventions.validators import DOCUMENT_KINDS

FUTURE = _("Cette date est dans le futur. Corrigez-la.")
MAX_DEVICES = 500


class PastDateField(forms.DateField):
    """A day that has come: facts are recorded once they happened."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DateInput, **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and day > timezone.localdate():
            raise ValidationError(FUTURE, code="future")
        return day


class FactForm(Form):
    """`spans` places the fields in twelfths; `lists` are the rows of the choices."""

    spans: dict[str, int] = {}

    def __init__(
        self, *args: Any, lists: dict[str, list] | None = None, without: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in without:
            del self.fields[name]
        for name, rows in (lists or {}).items():
            field_of(self, name, LoadedChoiceField).label_of = LABELS.get(name, str)
            field_of(self, name, LoadedChoiceField).load(rows)

    @property
    def cells(self) -> list[tuple[forms.BoundField, int]]:
        return [(self[name], self.spans.get(name, 6)) for name in self.fields if name != "kept"]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be read before the form is sent, in French sentences."""
        return ()


class FileForm(FactForm):
    """With a file; one sent with a form that failed is kept, and `kept` names it."""

    file = OneFileField(label=_("Fichier"), kinds=DOCUMENT_KINDS, required=False)
    kept = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PaymentForm(FactForm):
    instalment = LoadedChoiceField(
        label=_("Versement prévu"), required=False, empty_label=_("Aucun en particulier")
    )
    funding = LoadedChoiceField(
        label=_("Ligne de financement"),
        required=False,
        empty_label=_("Non précisée"),
        help_text=_("L’exercice du versement est celui de cette ligne."),
    )
    amount = XpfField(label=_("Montant (F CFP)"))
    bank_account = LoadedChoiceField(label=_("Compte"), required=False, empty_label=_("Non précisé"))
    sent_on = PastDateField(label=_("Transmis le"), required=False)
    paid_on = PastDateField(label=_("Payé le"), required=False)
    reference = forms.CharField(label=_("Référence du mandat"), max_length=80, required=False)
    spans = {"amount": 4, "bank_account": 8, "sent_on": 4, "paid_on": 4, "reference": 4}

    def clean_amount(self) -> int | None:
        amount = self.cleaned_data["amount"]
        if amount is not None and amount <= 0:
            raise ValidationError(_("Un versement est supérieur à 0 F CFP."))
        return amount


class ReadCheckbox(forms.CheckboxInput):
    """A box whose value names what was read: ticked before another change, it no longer counts."""

    def __init__(self, key: str) -> None:
        super().__init__(attrs={"value": key}, check_test=lambda value: False)

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> Any:
        return data.get(name, "")

    def format_value(self, value: Any) -> None:
        return None


class PaidForm(FactForm):
    """`change`: what happened to the account since the payment was sent (`following.AccountChange`), if anything."""

    paid_on = PastDateField(label=_("Payé le"))
    reference = forms.CharField(label=_("Référence du mandat"), max_length=80, required=False)
    spans = {"confirmed": 12}

    def __init__(self, *args: Any, change: AccountChange | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.change = change
        if change is not None:
            self.fields["confirmed"] = forms.CharField(
                label=_(
                    "J’ai vérifié le compte avec le partenaire : ce versement est payé sur le compte transmis"
                ),
                widget=ReadCheckbox(change.key),
                required=False,
            )

    @property
    def warnings(self) -> tuple[str, ...]:
        if self.change is None:
            return ()
        return (
            *self.change.sentences,
            "Si l’argent doit aller ailleurs, ne payez pas : renvoyez ce versement.",
        )


class SendBackForm(FactForm):
    reason = forms.CharField(
        label=_("Motif du renvoi"),
        max_length=500,
        help_text=_("Lu dans le suivi par la personne qui reprend le versement."),
        widget=TextArea(attrs={"rows": 2}),
    )
    spans = {"reason": 12}


class AsideForm(FactForm):
    term = LoadedChoiceField(label=_("Ligne de l’annexe"), empty_label=_("Choisir une ligne"))
    devices = forms.CharField(
        label=_("Numéros de série"),
        widget=TextArea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_(
            "Un appareil par ligne. Pour donner aussi son numéro d’inventaire, collez deux colonnes d’un tableur "
            "ou séparez-les par un point-virgule."
        ),
    )
    note = forms.CharField(
        label=_("État"), max_length=255, required=False, help_text=_("Par exemple « bon état ».")
    )
    spans = {"term": 8, "note": 4, "devices": 12}
    field_order = ("term", "note", "devices")

    def clean_devices(self) -> list[tuple[str, str]]:
        lines = [line for line in self.cleaned_data["devices"].splitlines() if line.strip()]
        if len(lines) > MAX_DEVICES:
            raise ValidationError(_("Au-delà de 500 appareils, collez en plusieurs fois."))
        return [self._device(rank, line) for rank, line in enumerate(lines, start=1)]

    def _device(self, rank: int, line: str) -> tuple[str, str]:
        separator = "\t" if "\t" in line else ";"
        cells = [cell.strip() for cell in line.split(separator)] + [""]
        if any(cells[2:]) or not any(cells):
            raise ValidationError(
                f"Ligne {rank} : écrivez le numéro de série, puis au plus le numéro d’inventaire."
            )
        if len(cells[0]) > 80 or len(cells[1]) > 80:
            raise ValidationError(f"Ligne {rank} : un numéro a 80 caractères au plus.")
        return cells[0], cells[1]


class ErasureForm(FileForm):
    items = LoadedChoicesField(label=_("Appareils effacés"))
    method = forms.ChoiceField(label=_("Méthode"), choices=SanitisationTechnique)
    erased_on = PastDateField(label=_("Effacé le"))
    agent = forms.CharField(label=_("Agent"), max_length=120)
    certificate = forms.CharField(label=_("Numéro de certificat"), max_length=80, required=False)
    spans = {"items": 12, "erased_on": 3, "method": 5, "agent": 4, "certificate": 4, "file": 8}
    field_order = ("items", "erased_on", "method", "agent", "certificate", "file", "kept")


class HandoverForm(FactForm):
    items = LoadedChoicesField(label=_("Appareils remis"))
    refused = ReasonedChoicesField(
        label=_("Refusés sur place"),
        required=False,
        help_text=_(
            "L’association ne les prend pas : ils redeviennent disponibles. Ne les cochez pas plus haut. Écrivez le "
            "motif de chacun, ou un seul plus bas."
        ),
    )
    refusal = forms.CharField(label=_("Motif de refus commun"), max_length=120, required=False)
    note = forms.CharField(
        label=_("Remarques"), max_length=120, required=False, help_text=_("Imprimées sur le procès-verbal.")
    )
    handed_on = PastDateField(label=_("Remis le"))
    place = forms.CharField(label=_("Lieu"), max_length=160)
    given_by = forms.CharField(
        label=_("Remis par"),
        max_length=160,
        help_text=_("Prénom NOM, titre : imprimés sur le procès-verbal."),
    )
    received_by = forms.CharField(label=_("Reçu par"), max_length=160, help_text=_("Prénom NOM, titre."))
    spans = {"items": 12, "refused": 12, "refusal": 6, "note": 6, "handed_on": 4, "place": 8}

    def clean(self) -> dict[str, Any]:
        """Who has no reason of its own has the common one."""
        values = super().clean() or self.cleaned_data
        refused, common = values.get("refused"), values.pop("refusal", "")
        if common and refused == {}:
            self.add_error("refusal", _("Cochez ce que l’association refuse, ou effacez ce motif."))
        if refused:
            values["refused"] = {item: reason or common for item, reason in refused.items()}
        return values


class HandoverPaperForm(FileForm):
    """The procès-verbal once signed on paper and scanned, or a photo of the remise."""

    what = forms.ChoiceField(
        label=_("Pièce"),
        choices=[("signe", _("procès-verbal signé, numérisé")), ("photo", _("photo de la remise"))],
    )
    spans = {"what": 6, "file": 6}
    field_order = ("what", "file", "kept")


class MissingForm(FactForm):
    """Devices of a remise that the association says it has not."""

    items = LoadedChoicesField(label=_("Appareils manquants"))
    outcome = forms.ChoiceField(
        label=_("Ce qu’ils sont devenus"), choices=[("", "—"), *MissingOutcome.choices]
    )
    on = PastDateField(label=_("Constaté le"))
    words = forms.CharField(label=_("Précisions"), max_length=255, required=False)
    spans = {"items": 12, "outcome": 8, "on": 4, "words": 12}


class ReportForm(FileForm):
    obligation = LoadedChoiceField(label=_("Ce qui était attendu"), empty_label=_("Choisir"))
    received_on = PastDateField(label=_("Reçu le"))
    spent = XpfField(
        label=_("Dépenses justifiées (F CFP)"),
        required=False,
        help_text=_("Vide si le document ne le dit pas."),
    )
    spans = {"obligation": 8, "received_on": 4, "spent": 5, "file": 7}
    field_order = ("obligation", "received_on", "spent", "file", "kept")


class AcceptForm(FactForm):
    accepted_on = PastDateField(label=_("Accepté le"))


class ReturnForm(FactForm):
    in_kind = LoadedChoiceField(label=_("Prêt"), empty_label=_("Choisir"))
    returned_on = PastDateField(label=_("Rendu le"))
    quantity = forms.IntegerField(
        label=_("Quantité rendue"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Vide : tout."),
    )
    condition = forms.CharField(label=_("État constaté"), max_length=160, required=False)
    spans = {"in_kind": 8, "returned_on": 4, "quantity": 4, "condition": 8}


class AskAgainForm(FactForm):
    reason = forms.CharField(
        label=_("Ce qu’il faut reprendre"),
        max_length=500,
        help_text=_("L’association le lit, et envoie un autre document."),
        widget=TextArea(attrs={"rows": 2}),
    )
    spans = {"reason": 12}


class ReviewForm(FactForm):
    reviewed_on = PastDateField(label=_("Date du bilan"))
    renew = forms.TypedChoiceField(
        label=_("Renouveler"),
        choices=[("", _("Pas d’avis")), ("oui", _("Oui")), ("non", _("Non"))],
        required=False,
        empty_value=None,
        coerce=lambda text: text == "oui",
    )
    conclusion = forms.CharField(
        label=_("Conclusion"),
        widget=TextArea(attrs={"rows": 3}),
        help_text=_("Ce que la convention a permis, ce qu’il faut en retenir."),
    )
    spans = {"reviewed_on": 4, "renew": 4, "conclusion": 12}


class CloseForm(FactForm):
    closed_on = PastDateField(label=_("Close le"))
    confirmed = forms.BooleanField(label=_("Clôturer quand même"), required=False)
    spans = {"closed_on": 4, "confirmed": 8}


def instalment_label(row: InstalmentTerm) -> str:
    """« Solde, au plus tard le 30 juin 2026 »."""
    return capitalise(duty_phrase(row.label, due_phrase(row.due_on)))


def funding_label(row: Funding) -> str:
    """« 2026, soutien au projet »."""
    return join_phrases(str(row.budget_year or "Exercice non précisé"), as_phrase(row.label))


def loan_label(row: InKind) -> str:
    return capitalise(bare_label(row.description))


def obligation_label(row: Obligation) -> str:
    """« Compte rendu d’emploi, au plus tard le 30 juin 2028 »."""
    return capitalise(duty_phrase(str(row.get_kind_display()), row.due))


def account_label(row: BankAccount) -> str:
    """« Association X : FR76 •••• 1234, au nom de X »."""
    ended = f" (plus utilisé depuis le {show_date(row.retired_on)})" if row.retired_on else ""
    return f"{row.partner.short_name}{NBSP}: {row.iban_masked}, au nom {elide('de', row.holder)}{ended}"


def item_label(row: EquipmentItem) -> str:
    """« 5CG1234 », and what of its data keeps it here: « 5CG1234 (données à effacer) »."""
    why = HELD_BY_DATA.get(MediaState(row.media_state))
    return f"{row} ({why})" if why else str(row)


LABELS: dict[str, Callable[[Any], str]] = {
    "items": item_label,
    "bank_account": account_label,
    "instalment": instalment_label,
    "funding": funding_label,
    "in_kind": loan_label,
    "obligation": obligation_label,
}
