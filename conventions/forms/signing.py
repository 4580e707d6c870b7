"""Forms of someone who signs online: name, consent, drawing, code; or a reason to decline or to correct."""

import base64
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conventions.domain.acts.signing.entries import DRAWING_BYTES
from conventions.forms.sign_in import CodeForm
from conventions.forms.typed import Form

DATA_URL = "data:image/png;base64,"


class SignForm(Form):
    """`sentence` is what the signatory agrees to; `shown` travels with the form: the hash of the text displayed."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)  # the domain says what is stale
    typed_name = forms.CharField(
        label=_("Votre prénom et votre nom"),
        max_length=160,
        error_messages={"required": _("Tapez votre prénom et votre nom.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    data: QueryDict
    consents = forms.BooleanField(
        error_messages={"required": _("Cochez la phrase pour dire que vous êtes d’accord.")}
    )
    drawing = forms.CharField(
        required=False,
        widget=forms.HiddenInput,
        max_length=DRAWING_BYTES * 2,
        error_messages={
            "max_length": _("Ce dessin est trop lourd. Signez de nouveau, ou laissez le cadre vide.")
        },
    )

    def __init__(self, *args: Any, sentence: str, person: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consents"].label = sentence
        self.fields["typed_name"].help_text = f"Comme dans le texte : {person}."

    def add_error(self, field: str | None, error: Any) -> None:
        """A drawing that will not do is not sent again from a frame that looks empty."""
        super().add_error(field, error)
        if field == "drawing":
            self.data = self.data.copy()
            self.data["drawing"] = ""

    def clean_drawing(self) -> bytes:
        """The pixels drawn on the page, as PNG bytes; empty without script or without a drawing."""
        text = self.cleaned_data["drawing"]
        if not text:
            return b""
        if not text.startswith(DATA_URL):
            raise ValidationError(
                _("Le dessin n’a pas pu être lu. Signez de nouveau, ou laissez le cadre vide.")
            )
        try:
            return base64.b64decode(text.removeprefix(DATA_URL), validate=True)
        except ValueError as error:  # binascii.Error among them
            raise ValidationError(
                _("Le dessin n’a pas pu être lu. Signez de nouveau, ou laissez le cadre vide.")
            ) from error


class CodeSignForm(SignForm):
    """With the code received by mail."""

    code = forms.CharField(
        label=_("Le code du courriel"),
        max_length=20,
        error_messages={"required": _("Écrivez le code du courriel.")},
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }
        ),
    )
    clean_code = CodeForm.clean_code


class ReasonForm(Form):
    """Why one declines, or what is to be corrected."""

    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Écrivez au moins une phrase.")},
    )

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text


class AddressForm(Form):
    """Where a signatory really reads mail."""

    email = forms.EmailField(
        label=_("Adresse de courriel du signataire"),
        max_length=254,
        error_messages={
            "required": _("Écrivez l’adresse."),
            "invalid": _("Cette adresse n’est pas complète. Écrivez-la ainsi : nom@exemple.nc."),
        },
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
