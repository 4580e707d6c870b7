"""Names of columns and values of the journal in French words; no query."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import ForeignObjectRel
from django.utils import timezone
from django.utils.text import capfirst

from conventions.enums import (
    ActOrigin,
    ActState,
    AttachmentKind,
    DocumentKind,
    Event,
    ObligationKind,
    Role,
    SignatureMethod,
)
from conventions.equipment_enums import SanitisationTechnique
from conventions.formats import NBSP, show_date, show_number, show_xpf
from conventions.models import (
    Act,
    Annex,
    Attachment,
    Attendee,
    BudgetLine,
    Clause,
    Convention,
    EquipmentTerm,
    Funding,
    Indicator,
    InKind,
    InstalmentTerm,
    Obligation,
    Party,
    Photo,
    Signatory,
    Source,
)
from conventions.reference.lists import SUPPORT_KINDS

# The lines of a convention's page, by the first word of their keys; `acts.drafting.page_content` has the same ones.
LINES: dict[str, type[models.Model]] = {
    str(model._meta.model_name): model
    for model in (
        Party,
        Signatory,
        Attendee,
        Funding,
        InstalmentTerm,
        InKind,
        EquipmentTerm,
        Obligation,
        BudgetLine,
        Indicator,
        Clause,
        Source,
        Photo,
        Annex,
        Attachment,
    )
}
NOTHING = "(vide)"
LONG = 120  # characters: beyond, the reader is shown what differs rather than both texts
KEY = re.compile(r" \(#\d+\)$")  # « Nouméa (#9) »: the name as it was, and the key
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")
DETAIL_LABELS = {
    "état": "État",
    "roles": "Rôles",
    "reference": "Référence",
    "numero": "Numéro",
    "evenement": "Demande",
    "reason": "Motif",
    "motif": "Motif",
    "signed_on": "Date portée sur l’acte",
    "confirmed_pages": "Nombre de pages confirmé",
    "exemplaire": "Exemplaire",
    "lot": "Lot de scans",
    "series": "Numéros de série",
    "serie": "Numéro de série",
    "methode": "Méthode",
    "quantite": "Quantité",
    "mandat": "Numéro de mandat",
    "close_le": "Close le",
    "restait": "Il restait",
    "renouveler": "À renouveler",
    "remis_par": "Remis par",
    "recu_par": "Reçu par",
    "deplace": "Déplacé",
    "origine": "Origine",
    "iban": "Compte",
    "compte_change": "Changement du compte, confirmé",
    "taille": "Taille (octets)",
    "comptes": "Nombre de comptes",
    "appareils": "Nombre d’appareils",
    "supports": "Nombre de supports de données",
    "fiches": "Fiches du stock",
    "champs": "Ce qui a changé",
    "evenements": "Événements d’appareils",
    "deliberation": "Délibération",
    "source": "Source",
    "agent": "Agent",
    "lignes_effacees": "Lignes effacées",
}
CHOICES: dict[str, tuple[type[models.TextChoices], ...]] = {
    "état": (ActState,),
    "roles": (Role,),
    "methode": (SanitisationTechnique, SignatureMethod),
    "origine": (ActOrigin,),
    "evenement": (Event,),
    "type": (DocumentKind, AttachmentKind, ObligationKind),
}
AMOUNTS = {"montant", "amount"}
# Before they were rows, the kinds of support went to the journal as codes.
KINDS_OF_BEFORE = {slug: name for slug, name, _behaviour in SUPPORT_KINDS}


@dataclass(frozen=True, slots=True)
class Named:
    """What a key of the journal is about: its label, the model and the column behind, if they are known."""

    label: str
    model: type[models.Model] | None = None
    column: str = ""


def named(key: str, model: type[models.Model] | None, lines: dict[str, str]) -> Named:
    """« funding.12.amount » → « Financement « 2026 », montant »; `lines` names the lines as they were."""
    parts = key.split(".")
    owner = _owner(parts[0])
    if owner is None or (len(parts) == 1 and parts[0] not in LINES):
        return _plain_name(key, model)
    if parts[0] in ("convention", "act"):
        return Named(_column_label(owner, parts[-1]), owner, parts[-1])
    thing = str(capfirst(owner._meta.verbose_name))
    name = lines.get(".".join(parts[:2]), "")
    called = f"{thing} « {name} »".replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»") if name else thing
    if len(parts) < 3:
        return Named(thing, owner)
    label = _column_label(owner, parts[2])
    return Named(f"{called}, {label[:1].lower()}{label[1:]}", owner, parts[2])


def _owner(first: str) -> type[models.Model] | None:
    return LINES.get(first) or {"convention": Convention, "act": Act}.get(first)


def _plain_name(key: str, model: type[models.Model] | None) -> Named:
    if key in DETAIL_LABELS:
        return Named(DETAIL_LABELS[key], None, key)
    if model is not None and _field(model, key) is not None:
        return Named(_column_label(model, key), model, key)
    head = key.partition(" : ")[0]
    if head != key:
        return Named(key.replace(" : ", f"{NBSP}: "), _inline_model(head))
    return Named(str(capfirst(key.replace("_", " "))), None, key)


def _inline_model(title: str) -> type[models.Model] | None:
    """The model of the lines that the admin names by their title: « Représentant : Mme X »."""
    for model in apps.get_app_config("conventions").get_models():
        if str(capfirst(model._meta.verbose_name)) == title:
            return model
    return None


def _field(
    model: type[models.Model], name: str
) -> models.Field | ForeignObjectRel | GenericForeignKey | None:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _column_label(model: type[models.Model], name: str) -> str:
    """The column's French label; its name in words when an old line tells of a column that is gone."""
    column = _field(model, name)
    return str(capfirst(getattr(column, "verbose_name", None) or name.replace("_", " ")))


def shown(value: Any, model: type[models.Model] | None = None, column: str = "") -> str:
    """A journalled value for a reader: labels, formatted amounts and dates, names without their keys."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(shown(item, model, column) for item in value)
    if isinstance(value, dict):
        return " · ".join(_pair(name, item, model) for name, item in value.items())
    if isinstance(value, int | float):
        return _number(value, model, column)
    return _text(str(value), model, column)


def _pair(name: str, value: Any, model: type[models.Model] | None) -> str:
    label = _column_label(model, name) if model is not None else _plain_name(name, None).label
    return f"{label}{NBSP}: {shown(value, model, name)}"


def _number(value: int | float, model: type[models.Model] | None, column: str) -> str:
    field = _field(model, column) if model is not None else None
    if column in AMOUNTS or isinstance(field, models.PositiveBigIntegerField):
        return show_xpf(int(value))
    if not isinstance(value, int) or column.endswith("year"):
        return str(value)
    return show_number(value)


def _text(text: str, model: type[models.Model] | None, column: str) -> str:
    field = _field(model, column) if model is not None else None
    label = dict(getattr(field, "flatchoices", ()) or ()).get(text) if field is not None else None
    if label is None and model is InKind and column == "kind":
        label = KINDS_OF_BEFORE.get(text)
    if label is None:
        found = (kind(text).label for kind in CHOICES.get(column, ()) if text in kind.values)
        label = next(found, None)
    if label is not None:
        return str(label)
    if DAY.fullmatch(text):
        return _day(text)
    if MOMENT.match(text):
        return _moment(text)
    return KEY.sub("", text)


def _day(text: str) -> str:
    try:
        return show_date(datetime.date.fromisoformat(text))
    except ValueError:
        return text


def _moment(text: str) -> str:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return text
    return show_moment(moment) if timezone.is_aware(moment) else text


def show_moment(moment: datetime.datetime) -> str:
    """« 14 mars 2026 à 9 h 05 », in Nouméa."""
    local = timezone.localtime(moment)
    return f"{show_date(local.date())} à {local.hour}{NBSP}h{NBSP}{local:%M}"


def is_long(before: str, after: str) -> bool:
    """Whether two texts are better compared than shown whole."""
    return max(len(before), len(after)) > LONG and NOTHING not in (before, after)
