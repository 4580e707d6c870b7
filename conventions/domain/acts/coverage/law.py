"""The law of coverage: each field of what an act promises is printed, internal with a reason, or refused.

A test refuses a field without its declaration and a declaration without its field; `docs/coverage.md` is written from
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

from conventions.domain.acts.coverage import wording as w
from conventions.domain.acts.coverage.people import (
    ACT,
    ATTENDEE,
    BOARD_DECISION,
    CONVENTION,
    PARTNER,
    PARTY,
    SIGNATORY,
)
from conventions.domain.acts.coverage.shapes import Case, Declaration, Internal, Printed, Said
from conventions.models import (
    Act,
    Attendee,
    BoardDecision,
    Clause,
    Convention,
    EquipmentTerm,
    Funding,
    InKind,
    InstalmentTerm,
    Obligation,
    Partner,
    Party,
    Signatory,
)

_MONEY, _PAID = "article du soutien financier", "article des versements, échéancier"
_GOODS, _ANNEX = "article du soutien en nature", "annexe « Équipements »"
_PICKUP = "annexe « Équipements » : dans la ligne, ou une fois au-dessus du tableau"
_DUTIES = "articles des engagements et des contreparties"


def _removed(row: Any, case: Case) -> Iterator[Said]:
    if row.removed:
        yield "supprimé"


# What each line of an act has. Of a line that an amendment replaces, the values before and after are both looked for.
_LINE: dict[str, Declaration] = {
    "id": Internal("Clé de la base."),
    "act": Internal("L’acte lui-même : le document est le sien."),
    "line": Internal("Suit une promesse d’un acte à l’autre ; l’avenant imprime l’avant et l’après."),
    "replaces": Printed(where="avenant : tableau des modifications, colonne « Avant »", words=w.nothing),
    "removed": Printed(where="avenant : tableau des modifications, « supprimé »", words=_removed),
    "position": Internal("Ordre des lignes imprimées."),
}
_PUBLISHABLE = Internal("Dit ce que le public lit ; les parties lisent tout.")

LAW: dict[type[models.Model], dict[str, Declaration]] = {
    Funding: _LINE
    | {
        "figure": Printed(where=_MONEY, words=w.nothing, since=2),
        "budget_year": Printed(where=_MONEY, words=w.number_as_typed("budget_year"), since=2),
        "status": Printed(where=_MONEY, words=w.standing, since=2),
        "amount": Printed(where=_MONEY, words=w.money("amount"), since=2),
        "label": Printed(where=_MONEY, words=w.typed("label"), since=2),
        "publishable": _PUBLISHABLE,
    },
    InstalmentTerm: _LINE
    | {
        "funding_line": Internal("Rattache le versement à une ligne, pour le suivi des paiements."),
        "label": Printed(where=_PAID, words=w.typed("label"), since=2),
        "amount": Printed(where=_PAID, words=w.money("amount"), since=2),
        "percent": Printed(where=_PAID, words=w.percent, since=2),
        "due_on": Printed(where=_PAID, words=w.day("due_on"), since=2),
        "condition": Printed(where=_PAID, words=w.due("condition"), since=2),
    },
    InKind: _LINE
    | {
        "kind": Printed(where=_GOODS, words=w.label("kind")),
        "description": Printed(where=_GOODS, words=w.typed("description")),
        "quantity": Printed(where=_GOODS, words=w.number("quantity", "unit"), since=2),
        "unit": Printed(where=_GOODS, words=w.nothing),
        "status": Printed(where=_GOODS, words=w.value_standing, since=2),
        "amount": Printed(where=_GOODS, words=w.money("amount")),
        "publishable": _PUBLISHABLE,
        "starts_on": Printed(where=_GOODS, words=w.day("starts_on"), since=2),
        "return_on": Printed(where=_GOODS, words=w.day("return_on")),
        "conditions": Printed(where=_GOODS, words=w.typed("conditions"), since=2),
    },
    EquipmentTerm: _LINE
    | {
        "nature": Printed(where=_ANNEX, words=w.typed("nature")),
        "quantity": Printed(where=_ANNEX, words=w.number("quantity")),
        "brand": Printed(where=_ANNEX, words=w.typed("brand")),
        "model": Printed(where=_ANNEX, words=w.typed("model")),
        "serial": Printed(where=_ANNEX, words=w.typed("serial")),
        "inventory_tag": Printed(where=_ANNEX, words=w.typed("inventory_tag")),
        "purchased_on": Printed(where=_ANNEX, words=w.day("purchased_on", "purchased_on_precision")),
        "purchased_on_precision": Printed(where=f"{_ANNEX}, avec la date d’achat", words=w.nothing),
        "status": Printed(where=_ANNEX, words=w.value_standing, since=2),
        "amount": Printed(where=_ANNEX, words=w.money("amount")),
        "publishable": _PUBLISHABLE,
        "pickup_place": Printed(where=_PICKUP, words=w.typed("pickup_place"), apart=True),
        "pickup_by": Printed(where=_PICKUP, words=w.day("pickup_by"), apart=True),
        "holds_data": Internal("Bloque la remise ; l’article du don dit la règle pour tous les supports."),
    },
    Obligation: _LINE
    | {
        "kind": Internal("Classe l’engagement et choisit son article ; l’engagement y est écrit en entier."),
        "party": Printed(where=f"{_DUTIES} : l’article de cette partie", words=w.nothing, since=2),
        "text": Printed(where=_DUTIES, words=w.typed("text"), since=2),
        "due_on": Printed(where=_DUTIES, words=w.day("due_on"), since=2),
        "due_wording": Printed(where=_DUTIES, words=w.due("due_wording"), since=2),
    },
    Clause: _LINE
    | {
        "code": Internal("Reconnaît l’article d’un modèle à l’autre."),
        "heading": Printed(where="titre de l’article", words=w.typed("heading")),
        "body": Printed(where="texte de l’article", words=w.article, apart=True),
        "template": Internal("Le modèle dont l’article vient, pour montrer ce qui en diffère."),
    },
    Party: PARTY,
    Partner: PARTNER,
    Signatory: SIGNATORY,
    Attendee: ATTENDEE,
    BoardDecision: BOARD_DECISION,
    Act: ACT,
    Convention: CONVENTION,
}


def fields_of(model: type[models.Model]) -> list[models.Field]:
    """The fields that a row of this table has of its own: those that the law must declare."""
    return [*model._meta.concrete_fields, *model._meta.many_to_many]
