"""Signing in to the space: an address, then a code, then who one is where several share the address."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conventions.formats import remove_separators
from conventions.forms.fields import field_of
from conventions.forms.typed import Form


class EmailForm(Form):
    email = forms.EmailField(
        label=_("Votre adresse de courriel"),
        max_length=254,
        help_text=_("Celle que vous avez donnée à l’OPT-NC."),
        error_messages={
            "required": _("Écrivez votre adresse de courriel."),
            "invalid": _("Cette adresse n’est pas complète. Écrivez-la ainsi : nom@exemple.nc."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CodeForm(Form):
    code = forms.CharField(
        label=_("Le code du courriel"),
        max_length=20,
        error_messages={"required": _("Écrivez le code du courriel.")},
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )

    def clean_code(self) -> str:
        """Spaces and dashes are welcome: « 123 456 »."""
        typed = remove_separators(self.cleaned_data["code"])
        if not (typed.isascii() and typed.isdigit()):
            raise forms.ValidationError(_("Le code n’a que des chiffres. Recopiez-le du courriel."))
        return typed


class ChoiceForm(Form):
    """`accounts`: (id, label) of those who share the address."""

    account = forms.TypedChoiceField(
        label=_("Qui êtes-vous ?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez votre nom."),
            "invalid_choice": _("Choisissez votre nom dans la liste."),
        },
    )

    def __init__(self, *args: Any, accounts: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "account", forms.ChoiceField).choices = accounts
