"""« Exporter les PDF »: which version leaves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conventions.exchange.archives import ArchiveVersion
from conventions.forms.typed import Form


class ArchiveForm(Form):
    """Which version; the signed one asks for a promise."""

    version = forms.ChoiceField(choices=ArchiveVersion, label=_("Version"))
    kept_inside = forms.BooleanField(
        required=False,
        label=_("Je garde cette archive dans les services de l’OPT-NC."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("version") == ArchiveVersion.SIGNED and not values.get("kept_inside"):
            message = _("Cochez cette case pour télécharger les exemplaires signés.")
            self.add_error("kept_inside", message)
        return values
