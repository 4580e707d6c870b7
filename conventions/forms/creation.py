"""A new file from five fields; a reprise from what its source says."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conventions.enums import ActOrigin, PartnerNature
from conventions.forms.choosing import SOURCES
from conventions.forms.fields import DayField, field_of
from conventions.forms.past import (
    NO_DATE_MESSAGE,
    ORDER_MESSAGE,
    WORDING_HELP,
    PastDates,
    partial_field,
    reversed_dates,
)
from conventions.forms.rows import in_order
from conventions.forms.typed import Form
from conventions.models import Kind, Partner, User
from conventions.reference.lists import UNSPECIFIED_KIND

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

UNSPECIFIED = UNSPECIFIED_KIND[0]


class CreateForm(Form):
    """Five fields. A partner is typed by name; one that does not exist yet is created on the way."""

    partner = forms.CharField(
        label=_("Partenaire"),
        max_length=240,
        help_text=_("Tapez son nom, son sigle ou son RIDET, puis choisissez dans la liste."),
        widget=forms.TextInput(attrs={"list": "partenaires", "autocomplete": "off", "class": "vTextField"}),
    )
    create_partner = forms.BooleanField(label=_("Créer ce partenaire"), required=False)
    partner_nature = forms.ChoiceField(
        label=_("Ce partenaire est"), choices=PartnerNature, required=False, initial=PartnerNature.ASSOCIATION
    )
    kind = forms.ModelChoiceField(
        label=_("Nature"),
        queryset=Kind.objects.filter(active=True).exclude(slug=UNSPECIFIED),
        empty_label=None,
    )
    title = forms.CharField(
        label=_("Titre"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Par exemple « Dojo solidaire »."),
    )
    starts_on: forms.Field = DayField(label=_("Début"))
    ends_on: forms.Field = DayField(label=_("Fin"))
    officer = forms.ModelChoiceField(
        label=_("Chargé·e de dossier"), queryset=User.objects.none(), empty_label=None
    )
    origin = ActOrigin.NEW

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "officer", forms.ModelChoiceField).queryset = User.objects.officers()
        self.fields["officer"].initial = user.pk
        self.fields["partner"].widget.attrs["data-suggest"] = reverse("admin:choose", args=["partenaires"])
        self.found: Partner | None = None
        self.unknown_partner = False
        self.near: list[Partner] = []

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        self.check_order()
        if data.get("partner"):
            self._find_partner(data)
        return data

    def check_order(self) -> None:
        in_order(self, "starts_on", "ends_on", ORDER_MESSAGE)

    def _find_partner(self, data: dict[str, Any]) -> None:
        typed = " ".join(data["partner"].split())
        source = SOURCES["partenaires"]
        near = source.find(source.rows(0), typed)
        exact = [partner for partner in near if str(partner) == typed]
        found = exact or list(Partner.objects.others().lookalikes(typed))
        if len(found) == 1:
            self.found = found[0]
            return
        if found:
            names = ", ".join(f"« {partner} »" for partner in found)
            self.add_error(
                "partner", _("Plusieurs partenaires portent ce nom : %s. Choisissez-en un.") % names
            )
            return
        if data.get("create_partner") and len(typed) >= 3:
            return
        self.near = near[:5]
        if self.says_new(data) and len(typed) >= 3:
            return
        self.unknown_partner = True
        self.add_error("partner", self._unknown_message(typed))

    def says_new(self, data: dict[str, Any]) -> bool:
        """Whether what was typed asks for a new partner without saying so."""
        return False

    def _unknown_message(self, typed: str) -> "StrOrPromise":
        if self.near:
            names = ", ".join(f"« {partner} »" for partner in self.near)
            return _(
                "Aucun partenaire ne porte exactement ce nom. Vouliez-vous dire %s ? Sinon, cochez "
                "« Créer ce partenaire »."
            ) % (names)
        return _("Aucun partenaire ne porte ce nom. Corrigez-le, ou cochez « Créer ce partenaire ».")

    @property
    def new_partner_name(self) -> str:
        return " ".join(self.cleaned_data["partner"].split())

    def act_values(self) -> dict:
        return {"starts_on": self.cleaned_data["starts_on"], "ends_on": self.cleaned_data["ends_on"]}


class RepriseForm(PastDates, CreateForm):
    """An act signed on paper before the application: dates as the sources give them, nothing proposed."""

    partner_nature = forms.ChoiceField(
        label=_("Ce partenaire est"),
        choices=[("", _("Déjà dans la liste")), *PartnerNature.choices],
        required=False,
        help_text=_(
            "D’un partenaire nouveau, dites ce qu’il est ; « autre » si rien ne le dit : il sera créé."
        ),
    )
    old_reference = forms.CharField(label=_("Ancienne référence"), max_length=80, required=False)
    signed_on = partial_field(_("Signé le"))
    signed_on_wording = forms.CharField(
        label=_("Date selon la source"), max_length=120, required=False, help_text=WORDING_HELP
    )
    starts_on = partial_field(_("Début"))
    ends_on = partial_field(_("Fin"), ends=True)
    origin = ActOrigin.REPRISE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "kind", forms.ModelChoiceField).queryset = Kind.objects.filter(active=True)
        self.fields["kind"].initial = (
            Kind.objects.filter(slug=UNSPECIFIED).values_list("pk", flat=True).first()
        )
        self.fields["starts_on"].help_text = _("Vide si elle n’est pas connue.")

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if not (data.get("signed_on") or data.get("signed_on_wording") or "signed_on" in self.errors):
            self.add_error("signed_on", NO_DATE_MESSAGE)
        if data.get("create_partner") and not self.found and not data.get("partner_nature"):
            self.add_error(
                "partner_nature", _("Dites ce qu’est ce partenaire ; « autre » si rien ne le dit.")
            )
        return data

    def says_new(self, data: dict[str, Any]) -> bool:
        """Saying what an unknown partner is creates it, unless it looks like a known one."""
        return bool(data.get("partner_nature")) and not self.near

    def check_order(self) -> None:
        reversed_dates(self)

    def act_values(self) -> dict:
        return {
            "old_reference": self.cleaned_data["old_reference"],
            "signed_on_wording": self.said_of_signing(),
            **self.dated("signed_on", "starts_on", "ends_on"),
        }
