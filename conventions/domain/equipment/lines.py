"""Lines of annexes that still wait for devices, to choose one."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from conventions.enums import ENDED_STATES, ActState
from conventions.formats import NBSP, bare_label, capitalise
from conventions.models import EquipmentItem, EquipmentTerm

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Filled(TypedDict):
        reserved: int

    FilledLine = WithAnnotations[EquipmentTerm, Filled]


def open_lines() -> "QuerySet[EquipmentTerm]":
    """Those of signed acts and of acts in preparation that are not full; each with how many are `reserved`."""
    signed = EquipmentTerm.objects.current().order_by().values("pk")
    drafted = EquipmentTerm.objects.exclude(act__state=ActState.SIGNED).exclude(act__state__in=ENDED_STATES)
    alike = EquipmentItem.objects.open().filter(equipment__line=OuterRef("line")).order_by()
    counted = alike.values("equipment__line").annotate(count=Count("pk")).values("count")
    rows = EquipmentTerm.objects.filter(Q(pk__in=signed) | Q(pk__in=drafted.values("pk")))
    rows = rows.filter(act__convention__closed_on=None).annotate(reserved=Coalesce(Subquery(counted), 0))
    return (
        rows.filter(Q(quantity=None) | Q(quantity__gt=F("reserved")))
        .select_related("act__convention")
        .order_by("act__convention__title", "act__rank", "position", "pk")
    )


def told(term: "FilledLine") -> str:
    """« Les Kimonos : ordinateur, Kaori (3 sur 10) »."""
    what = ", ".join(part for part in (capitalise(bare_label(term.nature)), term.brand, term.model) if part)
    limit = f"sur {term.quantity}" if term.quantity is not None else "réservés, quantité non dite"
    filled = f"{term.reserved} {limit}"
    return f"{term.act.convention.title}{NBSP}: {what} ({filled})"
