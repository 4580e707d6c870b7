"""The form of a clause template: every merge field must be one of the registry."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conventions.domain.documents.merge_fields import TemplateError, check_template
from conventions.formats import NBSP, NNBSP
from conventions.models import ClauseTemplate

# What `merge_fields.facts` may say of a file, in words.
CONDITIONS = (
    ("", _("toujours proposé")),
    ("montant_connu", _("si le montant est connu")),
    ("montant_non_communique", _("si le montant n’est pas communiqué")),
    ("montant_a_determiner", _("si le montant reste à déterminer")),
    ("montant_plafonne", _("si le montant est plafonné")),
    ("sans_financement", _("s’il n’y a pas de financement")),
    ("versement_unique", _("si le versement est unique")),
    ("versement_echelonne", _("si les versements sont échelonnés")),
    ("duree_datee", _("si la durée est datée")),
    ("duree_indeterminee", _("si la durée est indéterminée")),
    ("duree_libre", _("si la durée est écrite en toutes lettres")),
    ("fin_connue", _("si la date de fin est connue")),
    ("soutien_en_nature", _("s’il y a un soutien en nature")),
    ("materiel_donne", _("si du matériel est donné")),
    ("materiel_prete", _("si du matériel est prêté")),
    ("engagements_listes", _("si des engagements sont listés")),
    ("modifications_listees", _("si des modifications sont listées")),
    ("annexes_listees", _("s’il y a des annexes")),
    ("papier", _("si l’acte est signé sur papier")),
    ("en_ligne", _("si l’acte est signé en ligne")),
)


class ClauseTemplateForm(forms.ModelForm):
    condition = forms.ChoiceField(label=_("Retenu d’office"), choices=CONDITIONS, required=False)

    class Meta:
        model = ClauseTemplate
        fields = [
            "act_kind", "code", "variant", "kinds", "condition", "heading", "body", "position", "note",
        ]  # fmt: skip
        widgets = {
            "heading": forms.TextInput(attrs={"class": "vTextField"}),
            "body": forms.Textarea(attrs={"rows": 18, "class": "vLargeTextField opt-clause-body"}),
            "note": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "kinds": forms.CheckboxSelectMultiple,
        }

    def clean_body(self) -> str:
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        errors = check_template(body)
        if errors:
            raise ValidationError([told(error) for error in errors])
        return body


def told(error: TemplateError) -> str:
    """« Ligne 3 : Champ inconnu : « montan ». Vouliez-vous dire « montant_total » ? »"""
    text = f"Ligne {error.line}{NBSP}: {error.message}"
    if error.suggestion:
        text += f" Vouliez-vous dire «{NBSP}{error.suggestion}{NBSP}»{NNBSP}?"
    return text
