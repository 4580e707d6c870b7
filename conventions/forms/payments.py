"""Forms of the steps of a payment, on the page « Suivi »: a date, a sum, a reference, a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conventions.domain.money.accounts import AccountChange
from conventions.forms.fields import LoadedChoiceField, TextArea, XpfField
from conventions.forms.following import FactForm, PastDateField, ReadCheckbox


def _reason(**kwargs: Any) -> forms.CharField:
    return forms.CharField(max_length=500, widget=TextArea(attrs={"rows": 2}), **kwargs)


class PrepareForm(FactForm):
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
    spans = {"amount": 4}


class PlainForm(FactForm):
    """A step that asks nothing."""


class SendForm(FactForm):
    sent_on = PastDateField(label=_("Transmis le"))
    bank_account = LoadedChoiceField(label=_("Compte"), required=False, empty_label=_("Non précisé"))
    spans = {"sent_on": 4, "bank_account": 8}


class CancelForm(FactForm):
    reason = _reason(label=_("Motif de l’annulation"), help_text=_("Lu dans le suivi."))
    spans = {"reason": 12}


class RejectForm(FactForm):
    rejected_on = PastDateField(label=_("Rejeté le"))
    reason = _reason(
        label=_("Motif donné par la banque"),
        help_text=_("Lu dans le suivi par la personne qui reprend le versement."),
    )
    spans = {"rejected_on": 4, "reason": 12}


class PayAgainForm(FactForm):
    paid_on = PastDateField(label=_("Payé le"))
    amount = XpfField(label=_("Montant (F CFP)"))
    reference = forms.CharField(label=_("Référence du mandat"), max_length=80, required=False)
    spans = {"paid_on": 4, "amount": 4, "reference": 4}


class OverpaymentForm(FactForm):
    noted_on = PastDateField(label=_("Constaté le"))
    amount = XpfField(label=_("Payé en trop (F CFP)"))
    reason = _reason(label=_("Motif"), help_text=_("Lu dans le suivi et dans « À faire »."))
    spans = {"reason": 12}


class ReverseForm(FactForm):
    reversed_on = PastDateField(label=_("Reversé le"))
    amount = XpfField(label=_("Montant reversé (F CFP)"))
    reference = forms.CharField(label=_("Numéro du titre de recette"), max_length=80)
    spans = {"reversed_on": 4, "amount": 4, "reference": 4}


class ConfirmAccountForm(FactForm):
    """`change`: what is to be read of the account (`following.AccountChange`)."""

    confirmed = forms.CharField(
        label=_("J’ai vérifié le compte avec le partenaire : il est bon"), required=False
    )
    spans = {"confirmed": 12}

    def __init__(self, *args: Any, change: AccountChange | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.change = change
        self.fields["confirmed"].widget = ReadCheckbox(change.key if change else "")

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.change.sentences if self.change else ()
