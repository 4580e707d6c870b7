"""Filters of the list: each reads its choices once, and says in the address what it filters on."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conventions.domain.people.requests import signed_in
from conventions.enums import AreaLevel, ConventionStatus
from conventions.formats import whole_number
from conventions.models import Act, Area, Convention, Kind, User, Value
from conventions.models.conventions import ConventionQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class MenuFilter(SimpleListFilter):
    """Shown as a menu above the list, which keeps its whole width."""

    template = "admin/conventions/convention/filter.html"

    @property
    def used(self) -> bool:
        return self.value() is not None


class MineFilter(MenuFilter):
    title = _("dossiers")
    parameter_name = "dossiers"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [("moi", _("Mes dossiers")), ("personne", _("Sans chargé·e de dossier"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "moi":
            return cast(ConventionQuerySet, queryset).of_officer(signed_in(request).user)
        return queryset.filter(officer=None) if self.value() == "personne" else queryset


class StatusFilter(MenuFilter):
    """The derived status: the one annotation that also gives the badge."""

    title = _("état")
    parameter_name = "etat"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [(value, capfirst(label)) for value, label in ConventionStatus.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        rows = cast(ConventionQuerySet, queryset)
        return rows.in_state(value) if value in ConventionStatus.values else rows


class YearFilter(MenuFilter):
    """The year of the initial act: signed in it, else taking effect in it."""

    title = _("année")
    parameter_name = "annee"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [(str(year), str(year)) for year in Act.objects.years()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        if not (value.isascii() and value.isdigit() and len(value) == 4):
            return queryset
        year = Q(signed_on__year=value) | Q(signed_on=None, starts_on__year=value)
        acts = Act.objects.filter(year, convention=OuterRef("pk"), rank=0)
        return queryset.filter(Exists(acts))


class RowFilter(MenuFilter):
    """A filter on a link: `model`'s rows by their slug."""

    model: type[Kind | Value | Area] = Kind
    link = "kind"

    def rows(self) -> QuerySet:
        return self.model.objects.all()

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [(row.slug, capfirst(str(row))) for row in self.rows()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        through = Convention.objects.filter(**{f"{self.link}__slug": self.value()}, pk=OuterRef("pk"))
        return queryset.filter(Exists(through))


class KindFilter(RowFilter):
    title = _("nature")
    parameter_name = "nature"
    model, link = Kind, "kind"


class ValueFilter(RowFilter):
    title = _("valeur")
    parameter_name = "valeur"
    model, link = Value, "values"


class ProvinceFilter(RowFilter):
    """A province, its communes with it."""

    title = _("province")
    parameter_name = "province"
    model = Area

    def rows(self) -> QuerySet:
        return Area.objects.filter(level__in=[AreaLevel.PROVINCE, AreaLevel.TERRITORY])

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        areas = Area.objects.filter(Q(slug=self.value()) | Q(provinces__slug=self.value()))
        through = Convention.areas.through.objects.filter(
            convention=OuterRef("pk"), area__in=areas.values("pk")
        )
        return queryset.filter(Exists(through))


class OfficerFilter(MenuFilter):
    title = _("chargé·e de dossier")
    parameter_name = "charge"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        held = Convention.objects.filter(officer=OuterRef("pk"))
        return [(str(user.pk), str(user)) for user in User.objects.officers().filter(Exists(held))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        key = whole_number(self.value())
        return queryset if key is None else queryset.filter(officer=key)
