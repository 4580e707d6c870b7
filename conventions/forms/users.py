"""Accounts of staff, made by an administrator."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conventions.enums import Role
from conventions.models import User


class StaffForm(forms.ModelForm):
    """A member of staff with roles; the first password is given by hand and changed at once."""

    roles = forms.MultipleChoiceField(
        label=_("Rôles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    new_password = forms.CharField(
        label=_("Mot de passe"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
        help_text=password_validators_help_text_html,
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["roles"].initial = sorted(self.instance.roles)
            self.fields["new_password"].label = _("Nouveau mot de passe")
            self.fields["new_password"].help_text = _("Vide : le mot de passe ne change pas.")
        else:
            self.fields["new_password"].required = True

    def clean_new_password(self):
        password = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        return password

    def clean(self):
        cleaned = super().clean()
        if not self.cleaned_data.get("roles") and not self.cleaned_data.get("is_superuser"):
            raise ValidationError({"roles": _("Choisissez au moins un rôle.")})
        return cleaned


class PartnerUserForm(forms.ModelForm):
    """Someone of a partner: his or her roles come from mandates; only the contact details change here."""

    class Meta:
        model = User
        fields = ["civility", "first_name", "last_name", "email", "phone", "is_active"]
