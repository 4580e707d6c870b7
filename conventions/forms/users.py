"""Accounts of staff, made by an administrator."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conventions.enums import Role
from conventions.forms.typed import ModelForm
from conventions.models import User


class StaffForm(ModelForm):
    """A member of staff with roles; the password is chosen by its owner, from an invitation."""

    roles = forms.MultipleChoiceField(
        label=_("Rôles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = [
            "username", "civility", "first_name", "last_name", "job_title", "email", "phone", "is_active",
            "is_superuser",
        ]  # fmt: skip
        help_texts = {
            "is_active": _("Décochez pour fermer le compte : il n’est jamais supprimé."),
            "is_superuser": _("Gère aussi les comptes. Ne dispense pas de la double validation."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["roles"].initial = sorted(self.instance.roles)
        else:
            self.fields["email"].required = True
            self.fields["email"].help_text = _(
                "L’invitation y est envoyée : un lien pour choisir son mot de passe."
            )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not self.cleaned_data.get("roles") and not self.cleaned_data.get("is_superuser"):
            raise ValidationError({"roles": _("Choisissez au moins un rôle.")})
        return cleaned


class PartnerUserForm(ModelForm):
    """Someone of a partner: his or her roles come from mandates; only the contact details change here.

    The address opens the space: its owner changes it, or two of staff where the mailbox is lost.
    """

    class Meta:
        model = User
        fields = ["civility", "first_name", "last_name", "email", "phone", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["email"]
        field.disabled = True
        field.help_text = _(
            "Cette adresse ouvre son espace : la personne la change elle-même. Boîte perdue : fiche du partenaire, "
            "« Adresses de connexion »."
        )
