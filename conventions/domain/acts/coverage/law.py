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
from conventions.domain.documents.rendering import amending
from conventions.models import (
    Act,
    Annex,
    Attendee,
    BoardDecision,
    BudgetLine,
    Clause,
    Convention,
    EquipmentTerm,
    Funding,
    Indicator,
    InKind,
    InstalmentTerm,
    Obligation,
    Partner,
    Party,
    Signatory,
)
from conventions.reference.clauses import UNNUMBERED

_MONEY, _PAID = "article du soutien financier", "article des versements, échéancier"
_GOODS, _ANNEX = "article du soutien en nature", "annexe « Équipements »"
_PICKUP = "annexe « Équipements » : dans la ligne, ou une fois au-dessus du tableau"
_DUTIES = "articles des engagements et des contreparties"
_BUDGET, _INDICATORS = "annexe « Budget du projet »", "annexe « Indicateurs »"
_FILES = "liste des annexes"
# The first layout that always prints the lines of money, goods and engagements.
_WHOLE = 2


def _removed(row: Any, case: Case) -> Iterator[Said]:
    if row.removed:
        yield amending.removed(row._meta.model_name)


def _heading(row: Any, case: Case) -> Iterator[Said]:
    """Visas and the closing formula stand at their own place, without their title."""
    if row.code not in UNNUMBERED:
        yield from w.typed("heading")(row, case)


# What each line of an act has. Of a line that an amendment replaces, the values before and after are both looked for.
_LINE: dict[str, Declaration] = {
    "id": Internal("Clé de la base."),
    "act": Internal("L’acte lui-même : le document est le sien."),
    "line": Internal("Suit une promesse d’un acte à l’autre ; l’avenant imprime l’avant et l’après."),
    "replaces": Printed(
        where="avenant : la ligne d’avant, citée dans la phrase du changement", words=w.nothing
    ),
    "removed": Printed(where="avenant : « est supprimé »", words=_removed),
    "position": Internal("Ordre des lignes imprimées."),
}
_PUBLISHABLE = Internal("Dit ce que le public lit ; les parties lisent tout.")


def _computation(where: str) -> dict[str, Declaration]:
    return {
        "quantity": Printed(where=where, words=w.number("quantity", "unit"), since=_WHOLE),
        "unit": Printed(where=where, words=w.unit, since=_WHOLE),
        "unit_price": Printed(where=where, words=w.money("unit_price"), since=_WHOLE),
    }


def _loan(where: str) -> dict[str, Declaration]:
    return {
        "starts_on": Printed(where=where, words=w.day("starts_on"), since=_WHOLE),
        "return_on": Printed(where=where, words=w.day("return_on"), since=_WHOLE),
        "custody": Printed(where=where, words=w.typed("custody"), since=_WHOLE),
        "insurance": Printed(where=where, words=w.typed("insurance"), since=_WHOLE),
        "state_given": Printed(where=where, words=w.typed("state_given"), since=_WHOLE),
    }


def _due(where: str) -> dict[str, Declaration]:
    return {
        "due_on": Printed(
            where=where, words=w.day("due_on"), since=_WHOLE, refused="Choisir une seule échéance pour …"
        ),
        "due_wording": Printed(where=where, words=w.due("due_wording"), since=_WHOLE),
    }


LAW: dict[type[models.Model], dict[str, Declaration]] = {
    Funding: _LINE
    | _computation(_MONEY)
    | {
        "figure": Printed(where=_MONEY, words=w.figure, since=_WHOLE),
        "budget_year": Printed(where=_MONEY, words=w.number_as_typed("budget_year"), since=_WHOLE),
        "status": Printed(
            where=_MONEY,
            words=w.standing,
            since=_WHOLE,
            refused="Donner le montant de …, ou choisir « à déterminer » ou « selon résultat »",
        ),
        "amount": Printed(
            where=_MONEY,
            words=w.money("amount"),
            since=_WHOLE,
            refused="Corriger … : 0 F CFP ne promet rien. Donner le montant, ou le laisser vide.",
        ),
        "label": Printed(where=_MONEY, words=w.typed("label"), since=_WHOLE),
        "party": Printed(where=_MONEY, words=w.party, since=_WHOLE),
        "publishable": _PUBLISHABLE,
    },
    InstalmentTerm: _LINE
    | {
        "funding_line": Internal("Rattache le versement à une ligne, pour le suivi des paiements."),
        "label": Printed(where=_PAID, words=w.typed("label"), since=_WHOLE),
        "amount": Printed(
            where=_PAID,
            words=w.money("amount"),
            since=_WHOLE,
            refused="Corriger les versements prévus ou le montant",
        ),
        "percent": Printed(
            where=_PAID,
            words=w.percent,
            since=_WHOLE,
            refused="Corriger les parts des versements prévus",
        ),
        "due_on": Printed(where=_PAID, words=w.day("due_on"), since=_WHOLE),
        "condition_kind": Printed(where=_PAID, words=w.condition, since=_WHOLE),
        "obligation": Printed(where=_PAID, words=w.awaited, since=_WHOLE),
        "condition": Printed(where=_PAID, words=w.due("condition"), since=_WHOLE),
    },
    InKind: _LINE
    | _computation(_GOODS)
    | _loan(_GOODS)
    | {
        "kind": Printed(where=_GOODS, words=w.support_kind),
        "description": Printed(where=_GOODS, words=w.typed("description")),
        "status": Printed(where=_GOODS, words=w.value_standing, since=_WHOLE),
        "amount": Printed(where=_GOODS, words=w.money("amount")),
        "publishable": _PUBLISHABLE,
        "conditions": Printed(where=_GOODS, words=w.typed("conditions"), since=_WHOLE),
    },
    EquipmentTerm: _LINE
    | _computation(_ANNEX)
    | _loan(_ANNEX)
    | {
        "transfer": Printed(where=_ANNEX, words=w.transfer, since=_WHOLE),
        "nature": Printed(where=_ANNEX, words=w.typed("nature")),
        "brand": Printed(where=_ANNEX, words=w.typed("brand")),
        "model": Printed(where=_ANNEX, words=w.typed("model")),
        "serial": Printed(where=_ANNEX, words=w.typed("serial")),
        "inventory_tag": Printed(where=_ANNEX, words=w.typed("inventory_tag")),
        "purchased_on": Printed(where=_ANNEX, words=w.day("purchased_on", "purchased_on_precision")),
        "purchased_on_precision": Printed(where=f"{_ANNEX}, avec la date d’achat", words=w.nothing),
        "status": Printed(where=_ANNEX, words=w.value_standing, since=_WHOLE),
        "amount": Printed(where=_ANNEX, words=w.money("amount")),
        "publishable": _PUBLISHABLE,
        "pickup_place": Printed(where=_PICKUP, words=w.typed("pickup_place"), apart=True),
        "pickup_by": Printed(where=_PICKUP, words=w.day("pickup_by"), apart=True),
        "holds_data": Internal("Bloque la remise ; l’article du don dit la règle pour tous les supports."),
    },
    Obligation: _LINE
    | _due(_DUTIES)
    | {
        "kind": Internal("Classe l’engagement et choisit son article ; l’engagement y est écrit en entier."),
        "party": Printed(where=f"{_DUTIES} : l’article de cette partie", words=w.nothing, since=_WHOLE),
        "text": Printed(where=_DUTIES, words=w.typed("text"), since=_WHOLE),
        "proof": Printed(where=_DUTIES, words=w.typed("proof"), since=_WHOLE),
    },
    BudgetLine: _LINE
    | _computation(_BUDGET)
    | {
        "side": Printed(where=_BUDGET, words=w.nothing, since=_WHOLE),
        "heading": Printed(where=_BUDGET, words=w.typed("heading"), since=_WHOLE),
        "budget_year": Printed(where=_BUDGET, words=w.number_as_typed("budget_year"), since=_WHOLE),
        "status": Printed(where=_BUDGET, words=w.standing, since=_WHOLE),
        "amount": Printed(where=_BUDGET, words=w.money("amount"), since=_WHOLE),
        "party": Printed(where=_BUDGET, words=w.party, since=_WHOLE),
        "funder": Printed(where=_BUDGET, words=w.typed("funder"), since=_WHOLE),
        "standing": Printed(where=_BUDGET, words=w.label("standing"), since=_WHOLE),
    },
    Indicator: _LINE
    | _due(_INDICATORS)
    | {
        "name": Printed(where=_INDICATORS, words=w.typed("name"), since=_WHOLE),
        "target": Printed(where=_INDICATORS, words=w.number("target", "unit"), since=_WHOLE),
        "unit": Printed(where=_INDICATORS, words=w.typed("unit"), since=_WHOLE),
        "target_wording": Printed(where=_INDICATORS, words=w.typed("target_wording"), since=_WHOLE),
    },
    Clause: _LINE
    | {
        "code": Internal("Reconnaît l’article d’un modèle à l’autre."),
        "heading": Printed(where="titre de l’article", words=_heading),
        "body": Printed(where="texte de l’article", words=w.article, apart=True),
        "template": Internal("Le modèle dont l’article vient, pour montrer ce qui en diffère."),
    },
    Party: PARTY,
    Partner: PARTNER,
    Signatory: SIGNATORY,
    Attendee: ATTENDEE,
    Annex: {
        "id": Internal("Clé de la base."),
        "act": Internal("L’acte lui-même : le document est le sien."),
        "attachment": Internal("La pièce du dossier dont l’annexe vient ; ses pages sont dans le document."),
        "title": Printed(where=_FILES, words=w.typed("title")),
        "position": Internal("Ordre des annexes, qui sont numérotées."),
        "sha256": Printed(where=_FILES, words=w.typed("sha256")),
        "size": Internal("Le document contient le fichier, dont l’empreinte est imprimée."),
        "page_count": Printed(where=_FILES, words=w.number("page_count")),
    },
    BoardDecision: BOARD_DECISION,
    Act: ACT,
    Convention: CONVENTION,
}


def fields_of(model: type[models.Model]) -> list[models.Field]:
    """The fields that a row of this table has of its own: those that the law must declare."""
    return [*model._meta.concrete_fields, *model._meta.many_to_many]
