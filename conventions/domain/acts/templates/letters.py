"""Templates of formal letters: their fields, their text filled in, and their versions, put in force by lawyers."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from conventions.domain.acts.templates import versions
from conventions.domain.acts.templates.versions import TemplateRefused
from conventions.domain.documents.merge_fields import FIELD, LEFTOVER, TemplateError
from conventions.domain.foundation.refusals import Refused
from conventions.models import LetterTemplate, User

SAME = ("code",)
COPIED = ("heading", "body", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterField:
    """What a letter may borrow. `optional`: the paragraph that names it is left out while it has no value."""

    name: str
    label: str
    example: str
    optional: bool = False


FIELDS: dict[str, LetterField] = {
    field.name: field
    for field in (
        LetterField(name="acte", label="L’acte et son numéro", example="la convention n° 2026-014"),
        LetterField(name="acte_de", label="Le même, après « de »", example="de la convention n° 2026-014"),
        LetterField(
            name="acte_majuscule", label="Le même, en tête de phrase", example="La convention n° 2026-014"
        ),
        LetterField(name="titre", label="Titre de la convention", example="Voiles solidaires (fictif)"),
        LetterField(name="signature", label="Quand l’acte a été signé", example="signée le 12 mars 2026"),
        LetterField(name="partie", label="Comment l’acte nomme la partie", example="l’Association"),
        LetterField(
            name="partie_nom", label="Nom de la partie", example="Association fictive Les Voiles du Récif"
        ),
        LetterField(
            name="code_acte", label="Code de vérification de l’acte", example="2345-6789-ABCDE", optional=True
        ),
        LetterField(
            name="adresse_acte", label="Adresse où le vérifier", example="https://…/verifier/", optional=True
        ),
        LetterField(
            name="message", label="Message tapé en préparant", example="Nous vous remercions.", optional=True
        ),
        LetterField(
            name="motif", label="Motif tapé en préparant", example="Le bilan de 2026 n’a pas été remis."
        ),
        LetterField(name="delai", label="Délai pour y remédier, ou du préavis", example="30 jours"),
        LetterField(
            name="date_effet", label="Date d’effet de la résiliation annoncée", example="1er mars 2027"
        ),
        LetterField(
            name="argent_recu", label="Ce qui a été versé, ou à compléter", example="2 000 000 F CFP"
        ),
        LetterField(name="nature_recue", label="Ce qui a été remis, ou à compléter", example="10 appareils"),
        LetterField(
            name="base_legale", label="Base légale de la convention, ou à compléter", example="……………"
        ),
        LetterField(name="a_completer", label="Une ligne à compléter à la main", example="……………"),
    )
}


class LetterIncomplete(Refused):
    """A letter lacks what its text needs; the message says what to fill in."""


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text of a template with its fields filled in. Raises LetterIncomplete: one that is not optional is empty."""
    missing = [
        FIELDS[name].label
        for name in dict.fromkeys(FIELD.findall(text))
        if name in FIELDS and not FIELDS[name].optional and not values.get(name)
    ]
    if missing:
        raise LetterIncomplete(f"Il manque à ce courrier : {', '.join(missing)}.")
    chunks = text.replace("\r\n", "\n").strip().split("\n\n")
    kept = [chunk for chunk in chunks if all(values.get(name) for name in FIELD.findall(chunk))]
    return "\n\n".join(FIELD.sub(lambda found: values[found[1]], chunk) for chunk in kept)


def check(text: str) -> list[TemplateError]:
    """Every error of a text, in the order of its lines."""
    errors = []
    for number, line in enumerate(text.splitlines(), start=1):
        for name in FIELD.findall(line):
            if name not in FIELDS:
                close = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.5)
                told = f"Champ inconnu : « {name} »."
                errors.append(TemplateError(line=number, message=told, suggestion=close[0] if close else ""))
        if LEFTOVER.search(FIELD.sub("", line)):
            told = "Accolades mal formées : un champ s’écrit {{ champ }}."
            errors.append(TemplateError(line=number, message=told))
    return errors


def preview(text: str) -> str:
    """The text with the example of each field, for the lawyers’ editor."""
    return FIELD.sub(lambda found: FIELDS[found[1]].example if found[1] in FIELDS else found[0], text)


def new_version(template: LetterTemplate, *, by: User) -> LetterTemplate:
    """A draft copied from any version, numbered after the last one. Returns the draft already open, if any."""
    return versions.new_version(template, by=by, same=SAME, copied=COPIED, extra=lambda old, new: None)


def put_in_force(template: LetterTemplate, *, by: User) -> LetterTemplate:
    """Put a draft in force; the version in force until then is retired in the same step. Raises TemplateRefused."""
    return versions.put_in_force(template, by=by, same=SAME, check=_check)


def _check(template: LetterTemplate) -> None:
    if check(template.heading) or check(template.body):
        raise TemplateRefused("Le texte contient des champs inconnus ou mal écrits. Corrigez-les d’abord.")


def retire(template: LetterTemplate, *, by: User) -> LetterTemplate:
    """Withdraw a template: letters already made keep their text. Raises TemplateRefused if it already is."""
    return versions.retire(template, by=by)
