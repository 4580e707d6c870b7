"""Lines of a convention's page: who the parties are, who signs, who was present."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conventions.enums import ENDED_STATES, PartnerNature, PartyRole
from conventions.formats import search_key
from conventions.forms.choosing import FoundChoiceField
from conventions.forms.fields import LoadedChoiceField
from conventions.forms.rows import RowForm, RowFormSet
from conventions.models import Attendee, Partner, Party, Signatory
from conventions.models.signatories import NOBODY_MESSAGE


def party_name(party: Party) -> str:
    return party.partner.acronym or party.partner.name


class PartyForm(RowForm):
    partner = FoundChoiceField(
        label=_("Partenaire"), required=False, empty_label=_("Choisir un partenaire"), source="parties"
    )
    new_partner = forms.CharField(label=_("Ou nouveau partenaire"), max_length=200, required=False)
    new_nature = forms.ChoiceField(
        label=_("Ce partenaire est"), choices=[("", _("Choisir")), *PartnerNature.choices], required=False
    )
    main = (("partner", 8), ("role", 4))
    more = (("new_partner", 8), ("new_nature", 4))
    more_label = _("Ou un partenaire qui n’est pas dans la liste")

    class Meta:
        model = Party
        fields = ["partner", "role"]

    def clean(self) -> dict[str, Any]:
        """A partner of the list, or one that is made with the page: its name and what it is suffice."""
        super().clean()
        data = self.cleaned_data
        chosen, name = data.get("partner"), data.get("new_partner", "")
        if chosen is not None and name:
            self.add_error(
                "new_partner", _("Choisissez un partenaire de la liste, ou nommez-en un : pas les deux.")
            )
        elif chosen is None and not name and "partner" not in self.errors:
            self.add_error("partner", _("Choisissez un partenaire, ou nommez-en un nouveau."))
        elif name:
            data["partner"] = self._met(name)
        self._take_line_again(data.get("partner"))
        return data

    def _take_line_again(self, partner: Partner | None) -> None:
        """A partner that an amendment without effect had brought has its line already."""
        if partner is not None and partner.pk and self.instance.pk is None and self.instance.convention_id:
            rows = Party.objects.filter(joined_by__state__in=ENDED_STATES, partner=partner)
            self.instance = rows.filter(convention=self.instance.convention_id).first() or self.instance

    def _met(self, name: str) -> Partner:
        """The one of the list that bears this name, accents and case aside, or a new one."""
        key = search_key(name)
        known = Partner.objects.active().filter(name_key=key).first() if key else None
        nature = self.cleaned_data.get("new_nature", "")
        if known is None and not nature:
            self.add_error("new_nature", _("Dites ce qu’est ce partenaire ; « autre » si rien ne le dit."))
        return known or Partner(name=name, nature=nature or PartnerNature.OTHER)


class PartyFormSet(RowFormSet):
    """OPT-NC stays a party; a partner is a party once; one who signs or owes something is not removed."""

    def get_queryset(self) -> list:  # type: ignore[override]  # the page may have read them already
        rows = super().get_queryset()
        return [row for row in rows if row.joined_by is None or row.joined_by.state not in ENDED_STATES]

    def clean(self) -> None:
        super().clean()
        rows = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        seen = set()
        for form in rows:
            partner = form.cleaned_data.get("partner")
            key = partner and (partner.pk or search_key(partner.name))
            if key and key in seen:
                form.add_error("partner", _("Ce partenaire est déjà partie à cette convention."))
            seen.add(key)
        if self.is_bound and not any(form.cleaned_data.get("role") == PartyRole.OPT for form in rows):
            raise ValidationError(_("L’OPT-NC est toujours partie à la convention. Rétablissez sa ligne."))
        for form in self.deleted_forms:
            if form.instance.pk and self._is_used(form.instance):
                message = _(
                    "Cette partie a un signataire, un engagement, un financement ou une ligne du budget : retirez-les, "
                    "enregistrez, puis retirez la partie."
                )
                raise ValidationError(message)

    def _is_used(self, party: Party) -> bool:
        used = (party.signatories, party.obligations, party.fundings, party.budget_lines)
        return any(rows.exists() for rows in used)


def name_somebody(form: RowForm) -> None:
    """A person is known by a name or, failing that, by a title; a new act asks for more before it is submitted."""
    names = ("first_name", "last_name", "title")
    if not any(form.cleaned_data.get(name) for name in names) and not set(names) & set(form.errors):
        form.add_error("last_name", NOBODY_MESSAGE)


class SignatoryForm(RowForm):
    party = LoadedChoiceField(label=_("Pour"), empty_label=_("Choisir la partie"), label_of=party_name)
    main = (("party", 2), ("civility", 2), ("first_name", 2), ("last_name", 3), ("title", 3))
    more = (("capacity", 6), ("email", 4), ("order", 2))
    more_label = _("Ce qui l’habilite, courriel, rang")

    class Meta:
        model = Signatory
        fields = ["party", "civility", "first_name", "last_name", "title", "capacity", "email", "order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].required = False
        self.fields["title"].widget.attrs["placeholder"] = _("directeur général par intérim")

    def clean_order(self) -> int:
        return self.cleaned_data["order"] or 1

    def clean(self) -> dict[str, Any]:
        super().clean()
        name_somebody(self)
        return self.cleaned_data


class AttendeeForm(RowForm):
    main = (("civility", 2), ("first_name", 3), ("last_name", 3), ("title", 4))

    class Meta:
        model = Attendee
        fields = ["civility", "first_name", "last_name", "title"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        name_somebody(self)
        return self.cleaned_data
