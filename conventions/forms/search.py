"""The search form of the public list: everything optional, shareable by its address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conventions.domain.publication.facets import Facets
from conventions.formats import collapse_spaces
from conventions.forms.fields import field_of
from conventions.forms.typed import Form
from conventions.models import PublicSheet
from conventions.models.publication import PublicSheetQuerySet

ALL: list[tuple[str, Any]] = [("", _("Toutes"))]
ALL_MASCULINE: list[tuple[str, Any]] = [("", _("Tous"))]


class ConventionSearchForm(Form):
    """Filters published sheets. `facets` gives the choices that lead somewhere, each with its count."""

    q = forms.CharField(label=_("Rechercher"), max_length=120, required=False)
    annee = forms.ChoiceField(label=_("Année de signature"), required=False)
    nature = forms.ChoiceField(label=_("Nature"), required=False)
    territoire = forms.ChoiceField(label=_("Province ou territoire"), required=False)
    theme = forms.ChoiceField(label=_("Thème"), required=False)
    valeur = forms.ChoiceField(label=_("Valeur de l’OPT-NC"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, facets: Facets) -> None:
        super().__init__(data)
        field_of(self, "annee", forms.ChoiceField).choices = ALL + facets.years
        field_of(self, "nature", forms.ChoiceField).choices = ALL + facets.kinds
        field_of(self, "territoire", forms.ChoiceField).choices = ALL_MASCULINE + facets.territories
        field_of(self, "theme", forms.ChoiceField).choices = ALL_MASCULINE + facets.themes
        field_of(self, "valeur", forms.ChoiceField).choices = ALL + facets.values

    def clean_q(self) -> str:
        return collapse_spaces(self.cleaned_data["q"])

    def filtered(self, sheets: PublicSheetQuerySet) -> PublicSheetQuerySet:
        """The sheets asked for; a choice that is not in the list any more filters nothing and is told by `ignored`."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("annee"):
            sheets = sheets.filter(year=asked["annee"])
        if asked.get("nature"):
            sheets = sheets.filter(kind_slug=asked["nature"])
        if asked.get("territoire"):
            slug = asked["territoire"]
            # A subquery: a convention in two communes of one province is listed once.
            within = Q(areas__slug=slug) | Q(areas__provinces__slug=slug)
            sheets = sheets.filter(pk__in=PublicSheet.objects.filter(within).values("pk"))
        if asked.get("theme"):
            sheets = sheets.filter(themes__slug=asked["theme"])
        if asked.get("valeur"):
            sheets = sheets.filter(values__slug=asked["valeur"])
        return sheets.search(asked.get("q") or "")

    @property
    def ignored(self) -> list[str]:
        """Labels of the filters whose value means nothing."""
        return [str(self.fields[name].label) for name in self.errors]

    @property
    def is_active(self) -> bool:
        """Whether anything is asked."""
        return any(self.cleaned_data.values())
