"""Write docs/states.md from the table of transitions, so that the page and the code say the same.

Usage: .venv/bin/python scripts/states.py             (a test says when it must be run again)
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conventions.domain.acts.lifecycle import Transition

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "states.md"
sys.path.insert(0, str(ROOT))

INTRODUCTION = """# Les états d’un acte

Page écrite par `scripts/states.py` à partir de `conventions.domain.acts.lifecycle.TABLE`. Ne la modifiez pas à la main.

Un acte est une convention, un avenant ou une résiliation. Son état ne change que par un événement ci-dessous.
La même table donne les boutons de l’administration, la liste de ce qui manque, les refus et les tests.

- « Fige » : le PDF est enregistré, les termes ne changent plus, par aucune voie. La base de données elle-même refuse.
- « Reprendre » ramène au brouillon avec le même numéro. Le prochain document figé est la version suivante.
- Une reprise est un acte signé sur papier avant l’application. Elle reste modifiable jusqu’à son attestation.
- Quatre yeux : qui a créé ou soumis le dossier, ou en a écrit un terme (montant, durée, matériel, signataire, titre…),
  ne peut pas faire cette action, même administrateur. Corriger un article, ajouter une pièce ou nommer la délibération
  ne compte pas.
"""

STATUS_NOTES = {
    "en_preparation": "aucun acte n’est encore signé",
    "a_venir": "l’acte est signé, la date d’effet n’est pas arrivée",
    "en_cours": "l’acte est signé et son terme n’est pas atteint, ou sa durée est indéterminée",
    "a_renouveler": "le terme arrive dans {notice} jours ou moins, et aucune convention signée ne la renouvelle",
    "echue": "le terme est passé",
    "terme_inconnu": "l’acte est signé, mais son terme n’est pas connu : on n’affirme pas qu’elle est en cours",
    "close": "la convention a été close",
    "resiliee": "une résiliation signée a pris effet",
    "sans_suite": "tous les actes ont été abandonnés, annulés, refusés ou ont expiré",
}


def set_up() -> None:
    """Load the application; nothing here reads the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opt_partners.settings")
    os.environ.setdefault("DEBUG", "1")
    import django

    django.setup()


def states_page() -> str:
    """The whole page, in Markdown."""
    parts = [INTRODUCTION, diagram(), events_table(), states_table(), statuses()]
    return "\n".join(parts)


def diagram() -> str:
    from conventions.domain.acts.lifecycle import TABLE
    from conventions.enums import ENDED_STATES, ActState

    lines = ["## Le schéma", "", "```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {state.value}' for state in drawn_states()]
    lines += [f"    [*] --> {ActState.DRAFT.value}"]
    for event, rule in TABLE.items():
        if rule.target is None:
            continue
        sources = [source for source in rule.sources if source in drawn_states()]
        lines += [f"    {source.value} --> {rule.target.value} : {event.label}" for source in sources]
    ends = [ActState.SIGNED, *ENDED_STATES]
    lines += [f"    {state.value} --> [*]" for state in ends]
    return "\n".join([*lines, "```", ""])


def drawn_states() -> list:
    """States that an act may really be in, in their order."""
    from conventions.domain.acts.lifecycle import TABLE
    from conventions.enums import ActState

    reached = {ActState.DRAFT} | {rule.target for rule in TABLE.values()}
    return [state for state in ActState if state in reached]


def events_table() -> str:
    from conventions.domain.acts.lifecycle import TABLE

    lines = [
        "## Les événements",
        "",
        "| événement | de | vers | qui | conditions | effet |",
        "|---|---|---|---|---|---|",
    ]
    for event, rule in TABLE.items():
        sources = ", ".join(str(state.label) for state in rule.sources)
        target = str(rule.target.label) if rule.target else "(inchangé)"
        cells = [event.label, sources, target, who(rule), conditions(rule), rule.effect.label]
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join([*lines, ""])


def who(rule: "Transition") -> str:
    from conventions.domain.acts.lifecycle.table import Effect
    from conventions.enums import Role

    people = [str(role.label) for role in Role if role in rule.roles]
    people += ["le signataire dont c’est le tour"] if rule.by_signatory else []
    moment = (
        "une fois le dernier sceau posé"
        if rule.effect == Effect.SEAL
        else "passé la dernière date pour signer"
    )
    people += [f"l’application, {moment}"] if rule.by_system else []
    return " ou ".join(people)


DETAILS = {
    "reason": "un motif",
    "corrections": "une note par rubrique",
    "scan": "le scan de l’exemplaire signé",
    "signed_on": "la date de signature",
    "document": "le document qui porte tous les sceaux",
    "signature": "le nom tapé, l’accord, et le code reçu ou le second facteur",
    "ends_on": "une nouvelle date de fin",
    "ground": "une cause",
    "effective_on": "la date d’effet",
    "closed_on": "la date de clôture",
    "confirmed": "une confirmation s’il reste quelque chose à faire",
}


def conditions(rule: "Transition") -> str:
    from conventions.enums import ActKind, ActOrigin, SigningPath

    found = ["reprise seulement"] if rule.origin == ActOrigin.REPRISE else []
    found += ["la convention elle-même"] if rule.kind == ActKind.INITIAL else []
    found += ["ni close ni résiliée"] if rule.opens_act else []
    found += ["signature sur papier"] if rule.path == SigningPath.INK else []
    found += ["signature en ligne"] if rule.path == SigningPath.ONLINE else []
    last: dict[bool | None, list[str]] = {True: ["le dernier à signer"], False: ["d’autres signeront après"]}
    found += last.get(rule.last, [])
    found += ["dossier complet"] if rule.checks_content else []
    found += ["quatre yeux"] if rule.four_eyes else []
    found += [DETAILS[name] for name in rule.needs]
    return ", ".join(found + [f"au besoin {DETAILS[name]}" for name in rule.accepts])


def states_table() -> str:
    from conventions.enums import (
        EDITABLE_STATES,
        ENDED_STATES,
        FROZEN_STATES,
        SHOWN_TO_PARTNERS_STATES,
        ActState,
    )

    lines = [
        "## Les états",
        "",
        "| état | code | modifiable | figé | montré au partenaire | fin sans signature |",
        "|---|---|---|---|---|---|",
    ]
    for state in ActState:
        groups = (EDITABLE_STATES, FROZEN_STATES, SHOWN_TO_PARTNERS_STATES, ENDED_STATES)
        marks = " | ".join("oui" if state in group else "" for group in groups)
        lines.append(f"| {state.label} | `{state.value}` | {marks} |")
    unused = [f"« {state.label} »" for state in ActState if state not in drawn_states()]
    if unused:
        lines += ["", f"Aucun événement ne mène encore à : {', '.join(unused)}."]
    return "\n".join([*lines, ""])


def statuses() -> str:
    from conventions.enums import ConventionStatus
    from conventions.models.conventions import RENEWAL_NOTICE_DAYS

    lines = [
        "## L’état d’une convention",
        "",
        "Il n’est pas enregistré. Une seule requête le calcule (`ConventionQuerySet.with_status`).",
        "",
        "| état | code | quand |",
        "|---|---|---|",
    ]
    for status in ConventionStatus:
        note = STATUS_NOTES[status.value].format(notice=RENEWAL_NOTICE_DAYS)
        lines.append(f"| {status.label} | `{status.value}` | {note} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    set_up()
    PAGE.write_text(states_page(), encoding="utf-8")
