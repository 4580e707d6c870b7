"""Second factor of staff: a code of the application, or a recovery code; the password where it is asked again."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conventions.domain.people.security.proofs import Way
from conventions.forms.sign_in import CodeForm
from conventions.forms.typed import Form

CODE_ATTRIBUTES = {
    "class": "vTextField",
    "autocomplete": "one-time-code",
    "spellcheck": "false",
    "autocapitalize": "none",
}


class FirstCodeForm(Form):
    code = forms.CharField(
        label=_("Les six chiffres affichés par l’application"),
        max_length=20,
        error_messages={"required": _("Écrivez les six chiffres affichés par l’application.")},
        widget=forms.TextInput(attrs=CODE_ATTRIBUTES | {"inputmode": "numeric"}),
    )


class SecondFactorForm(Form):
    code = forms.CharField(
        label=_("Code de votre application"),
        max_length=40,
        help_text=_("Six chiffres. Téléphone perdu ? Écrivez un de vos codes de secours."),
        error_messages={"required": _("Écrivez le code affiché par votre application.")},
        widget=forms.TextInput(attrs=CODE_ATTRIBUTES | {"autofocus": True}),
    )


class PasswordForm(Form):
    """Wrong passwords count like those of the sign-in page, and lock in the same way."""

    password = forms.CharField(
        label=_("Votre mot de passe"),
        strip=False,
        error_messages={"required": _("Écrivez votre mot de passe.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "vTextField"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        typed = self.cleaned_data["password"]
        known = authenticate(self.request, username=self.request.user.get_username(), password=typed)
        if known != self.request.user:
            raise forms.ValidationError(_("Ce mot de passe n’est pas le vôtre. Vérifiez les majuscules."))
        return typed


class RemovalForm(PasswordForm):
    code = SecondFactorForm.base_fields["code"]


class ProofForm(Form):
    """What proves who one is, by the way that the account has; `told` says why the last one was refused."""

    preuve = forms.CharField(max_length=4096, strip=False)

    def __init__(self, *args: Any, way: Way, told: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: forms.Field = {
            Way.FACTOR: SecondFactorForm.base_fields["code"],
            Way.PASSWORD: PasswordForm.base_fields["password"],
            Way.CODE: CodeForm.base_fields["code"],
        }[way]
        field = self.fields["preuve"]
        field.label, field.help_text, field.widget = source.label, source.help_text, source.widget
        field.error_messages["required"] = source.error_messages["required"]
        self.told = told
