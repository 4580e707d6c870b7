"""Verifying a document: by the code printed on it, or by its file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conventions.formats import FormatError, normalise_code
from conventions.forms.typed import Form


class CodeForm(Form):
    code = forms.CharField(
        label=_("Code imprimé sur le document"),
        max_length=400,
        help_text=_(
            "13 signes, en bas de page, avec ou sans tirets. L’adresse que donne le code QR convient aussi."
        ),
        error_messages={"required": _("Tapez le code imprimé sur le document.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )

    def clean_code(self) -> str:
        try:
            return normalise_code(self.cleaned_data["code"])
        except FormatError as error:
            raise forms.ValidationError(str(error)) from error


class FileForm(Form):
    """A file, or only its SHA-256 when the browser computed it."""

    file = forms.FileField(
        label=_("Fichier PDF"),
        required=False,
        allow_empty_file=True,
        help_text=_("20 Mo au plus. Le fichier n’est pas gardé."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if not self.errors and data.get("file") is None and not data.get("sha256"):
            self.add_error("file", _("Choisissez un fichier PDF."))
        return data
