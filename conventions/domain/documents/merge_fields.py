"""Merge fields: what a clause template may borrow from the file, and nothing else.

`{{ champ }}` is replaced by the text of a registered field. There is no expression, no filter and no code: an unknown
name is an error shown to lawyers in the editor, a known field without value blocks the freeze and is listed with the
place where it is filled in. Alternatives (« montant connu », « non communiqué »…) are variants of a clause, chosen by
`promises.facts`. Fields of type `bloc` stand alone in their paragraph; `resolve` leaves them in place and rendering
turns them into a table or a list.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from conventions.domain.documents.context import (
    AgreementContext,
    AmendedActContext,
    BoardDecisionContext,
    PartialDate,
)
from conventions.domain.documents.field_values import (
    beneficiary,
    cost,
    founding,
    request_seen,
    share_of_cost,
)
from conventions.domain.documents.promises import (
    ANNEXES_FIELD,
    COUNTERPARTS_FIELD,
    LOANS_FIELD,
    REPORTS_FIELD,
    counterparts,
    given,
    granted,
    has_annexes,
    lent,
    listed_duties,
    loans,
    opt_duties,
    other_money,
    others_promise,
    parties_with,
    reports,
)
from conventions.enums import (
    AmountStatus,
    PartyRole,
)
from conventions.formats import (
    after_word,
    amount_in_words,
    as_phrase,
    as_sentence,
    bare_label,
    capitalise,
    contract,
    counted,
    date_phrase,
    join_list,
    join_phrases,
    legal_text,
    purpose_phrase,
    show_date,
    show_xpf,
    words_for_count,
)

# Words parted by blanks, never tried twice: a long run of blanks is read once.
FIELD = re.compile(r"\{\{\s*+((?:[^{}\s]++(?:\s++(?!\}\}))?+)*+)\s*+\}\}")
LEFTOVER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
# A field with the small word or the colon before it, and the stop that follows it.
_PLACED = re.compile(
    rf"(?:(?P<word>:|\b(?:pour objet|[àÀ]|[dD]e|[lL]e|[dD]u|[aA]u|[jJ]usqu’au)) )?{FIELD.pattern}(?P<stop>(?=[.,;:]))?"
)
FOR_PURPOSE = "pour objet"
ENDING_PARTY = "partie_qui_resilie"
BLANK_DATE = "\u2026" * 12

Sort = Literal["texte", "date", "phrase", "bloc"]
BLOCK: Sort = "bloc"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeField:
    """One field: its name in templates, its French label, where its value is filled in."""

    name: str
    label: str
    where: str
    example: str
    value: Callable[[AgreementContext], str]
    type: Sort = "texte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A field used by a clause and without value in this file."""

    field: str
    label: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateError:
    """What is wrong in a template, in French, with the line (from 1) and a suggestion if any."""

    line: int
    message: str
    suggestion: str = ""


class UnresolvedField(ValueError):
    """A body that cannot be resolved: `missing` holds the fields without value."""

    def __init__(self, missing: list[Missing]) -> None:
        self.missing = missing
        super().__init__(", ".join(item.field for item in missing))


# Parties


def _prefixed(preposition: str) -> Callable[[AgreementContext], str]:
    return lambda ctx: contract(preposition, beneficiary(ctx)) if beneficiary(ctx) else ""


# Money and quantities


def _total(ctx: AgreementContext, *statuses: str) -> int | None:
    """Sum in XPF, or None as soon as one line is of another status or has no amount."""
    lines = granted(ctx)
    if not lines or any(line.status not in statuses or line.amount is None for line in lines):
        return None
    return sum(line.amount for line in lines if line.amount is not None)


def _money(show: Callable[[int], str], *statuses: str) -> Callable[[AgreementContext], str]:
    def value(ctx: AgreementContext) -> str:
        total = _total(ctx, *statuses)
        return "" if total is None else show(total)

    return value


def _equipment(ctx: AgreementContext) -> str:
    quantities = [line.quantity for line in given(ctx)]
    known = [quantity for quantity in quantities if quantity is not None]
    unknown = len(quantities) - len(known)
    lots = "1 lot dont la quantité n’est pas précisée"
    if unknown > 1:
        lots = f"{counted(unknown, 'lot')} dont les quantités ne sont pas précisées"
    return join_list([*([counted(sum(known), "appareil")] if known else []), *([lots] if unknown else [])])


def originals_count(ctx: AgreementContext) -> int:
    return ctx.originals or len(ctx.parties)


def _originals(ctx: AgreementContext) -> str:
    count = originals_count(ctx)
    noun = "exemplaire original" if count == 1 else "exemplaires originaux"
    return f"{words_for_count(count)} {noun}" if count else ""


# Dates


def show_partial(moment: PartialDate | None) -> str:
    """« 14 mars 2023 », « mars 2023 », « 2023 », or the source's own words."""
    if moment is None:
        return ""
    return moment.wording or show_date(moment.value, moment.precision)


def _duration(ctx: AgreementContext) -> str:
    """The words of the duration, and the dates that go with them."""
    if not ctx.term.wording:
        return ""
    start, end = show_partial(ctx.term.start), show_partial(ctx.term.end)
    dates = (
        date_phrase("à compter du", start) if start else "",
        date_phrase("jusqu’au", end) if end else "",
    )
    return join_phrases(as_phrase(ctx.term.wording), *dates)


def _target(ctx: AgreementContext) -> str:
    """« convention n° 2026-014 « titre » signée le 14 mars 2026 », for amendments."""
    if ctx.amends is None:
        return ""
    parts = ["convention"]
    if ctx.amends.reference:
        parts.append(f"n° {ctx.amends.reference}")
    parts.append(f"« {ctx.amends.title} »")
    return " ".join([*parts, signed_phrase(ctx.amends)]).rstrip()


def signed_phrase(act: AmendedActContext) -> str:
    """« signée le 14 mars 2026 », « signée en mars 2026 »; empty when the day is unknown."""
    moment = act.signed_on
    return f"signée {date_phrase('le', show_date(moment.value, moment.precision))}" if moment else ""


def board_wording(decision: BoardDecisionContext | None) -> str:
    """« délibération n° 12 du conseil d’administration du 3 mars 2026 », nothing without a decision."""
    if decision is None:
        return ""
    number = f"délibération n° {decision.number}" if decision.number else "délibération"
    dated = f" du {show_partial(decision.decided_on)}" if decision.decided_on else ""
    return f"{number} {contract('de', legal_text(decision.body))}{dated}"


def _board(ctx: AgreementContext) -> str:
    return board_wording(ctx.board_decision)


def visas(body: str, ctx: AgreementContext) -> tuple[str, ...]:
    """Each line of the article of visas, its fields filled in: « vu la délibération n° 12… ; ».

    A line whose field this file leaves empty is left out; a field of several lines makes as many visas.
    """
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    said = [resolve(line, ctx) for line in lines if not missing_fields([line], ctx)]
    return tuple(f"{_seen(bare_label(line))} ;" for text in said for line in text.splitlines())


def _seen(text: str) -> str:
    """« vu » before a text that begins with its article."""
    return f"vu {text}" if text.lower().startswith(("le ", "la ", "les ", "l’", "l'")) else text


def _has(values: object) -> str:
    return "oui" if values else ""


_KNOWN, _CAPPED = AmountStatus.KNOWN, AmountStatus.CAPPED
# The titles of the sections of a convention's page.
_IDENTITY, _PARTIES, _TERM = "L’essentiel", "Parties et signataires", "Durée"
_MONEY = _EQUIPMENT = "Soutien de l’OPT-NC"
_BODY = "Engagements"


def _field(
    name: str,
    label: str,
    where: str,
    example: str,
    value: Callable[[AgreementContext], str],
    kind: Sort = "texte",
) -> MergeField:
    return MergeField(name=name, label=label, where=where, example=example, value=value, type=kind)


_FIELDS = (
    _field("titre", "Titre", _IDENTITY, "Dojo solidaire", lambda c: c.title),
    _field("nature", "Nature de la convention", _IDENTITY, "Convention de partenariat", lambda c: c.kind_label),
    _field("objet", "Objet", _IDENTITY, "Le soutien au projet « Dojo solidaire ».",
           lambda c: as_sentence(c.object), "phrase"),
    _field("projet", "Projet", _IDENTITY, "Dojo solidaire", lambda c: c.project),
    _field("lieu", "Lieu de signature", "Signature", "Nouméa", lambda c: c.place),
    _field("fondement_juridique", "Fondement juridique", "Natures de convention", "article Lp. 37-2",
           lambda c: legal_text(c.legal_basis) if c.legal_basis else ""),
    _field("textes_opt", "Textes fondateurs de l’OPT-NC", "Fiche de l’OPT-NC", "les statuts de l’OPT-NC",
           founding(PartyRole.OPT)),
    _field("textes_beneficiaire", "Textes et statuts du bénéficiaire", "Fiche du partenaire",
           "les statuts de l’Association", founding(PartyRole.BENEFICIARY)),
    _field("demande", "Demande de soutien", "Pièces jointes", "la demande de soutien de l’Association", request_seen),
    _field("contact_donnees", "Contact données personnelles", "Réglages", "dpo@ex.invalid", lambda c: c.dpo_contact),
    _field("deliberation", "Délibération", "Signature", "délibération n° 12 du 3 mars 2026", _board),
    _field("beneficiaire", "Nom du bénéficiaire", _PARTIES, "Association Exemple",
           lambda c: join_list([p.name for p in parties_with(c, PartyRole.BENEFICIARY)])),
    _field("le_beneficiaire", "Le bénéficiaire (sujet)", _PARTIES, "l’Association", beneficiary),
    _field("Le_beneficiaire", "Le bénéficiaire (en tête de phrase)", _PARTIES, "L’Association",
           lambda c: capitalise(beneficiary(c))),
    _field("du_beneficiaire", "Du bénéficiaire", _PARTIES, "de l’Association", _prefixed("de")),
    _field("au_beneficiaire", "Au bénéficiaire", _PARTIES, "à l’Association", _prefixed("à")),
    _field("montant_total", "Montant total, en chiffres", _MONEY, "2 000 000 F CFP", _money(show_xpf, _KNOWN)),
    _field("montant_total_lettres", "Montant total, en lettres", _MONEY, "deux millions de francs CFP",
           _money(amount_in_words, _KNOWN)),
    _field("montant_plafond", "Plafond, en chiffres", _MONEY, "500 000 F CFP", _money(show_xpf, _KNOWN, _CAPPED)),
    _field("montant_plafond_lettres", "Plafond, en lettres", _MONEY, "cinq cent mille francs CFP",
           _money(amount_in_words, _KNOWN, _CAPPED)),
    _field("cout_projet", "Coût du projet, en chiffres", "Budget du projet", "5 000 000 F CFP", cost(show_xpf)),
    _field("cout_projet_lettres", "Coût du projet, en lettres", "Budget du projet", "cinq millions de francs CFP",
           cost(amount_in_words)),
    _field("part_opt", "Part de l’OPT-NC dans le coût", "Budget du projet", "40 %", share_of_cost),
    _field("date_debut", "Date de début", _TERM, "1er avril 2026", lambda c: show_partial(c.term.start), "date"),
    _field("date_fin", "Date de fin", _TERM, "31 mars 2027", lambda c: show_partial(c.term.end), "date"),
    _field("duree", "Durée en toutes lettres", _TERM, "un an renouvelable", _duration),
    _field("nombre_equipements", "Nombre d’équipements donnés", _EQUIPMENT, "10 appareils", _equipment),
    _field("convention_visee", "Convention visée", "Acte", "convention n° 2026-014", _target),
    _field(ENDING_PARTY, "Partie qui résilie seule", _TERM, "l’OPT-NC", lambda c: c.ended_by),
    _field("date_notification", "Mise en demeure ou préavis reçu le", _TERM, "2 mars 2027",
           lambda c: show_partial(c.notice_on), "date"),
    _field("nombre_originaux", "Nombre d’exemplaires", _PARTIES, "deux exemplaires originaux", _originals),
    _field("date_a_completer", "Date laissée en blanc", "Automatique", BLANK_DATE, lambda _: BLANK_DATE),
    _field("tableau_financements", "Tableau des financements", _MONEY, "(tableau)",
           lambda c: _has(granted(c)), BLOCK),
    _field("tableau_echeancier", "Échéancier des versements", _MONEY, "(tableau)",
           lambda c: _has(c.instalments), BLOCK),
    _field("liste_soutiens_nature", "Soutiens en nature", _MONEY, "(liste)",
           lambda c: _has(c.in_kind), BLOCK),
    _field(LOANS_FIELD, "Biens prêtés", _MONEY, "(liste)", lambda c: _has(lent(c) or loans(c)), BLOCK),
    _field("regles_montants", "Règles des montants, par statut", _MONEY, "(liste)",
           lambda c: _has(granted(c)), BLOCK),
    _field("tableau_autres_financements", "Financements apportés par d’autres", _MONEY, "(tableau)",
           lambda c: _has(other_money(c)), BLOCK),
    _field("liste_engagements_opt", "Engagements de l’OPT-NC", _BODY, "(liste)",
           lambda c: _has(opt_duties(c)), BLOCK),
    _field("liste_engagements", "Engagements du bénéficiaire", _BODY, "(liste)",
           lambda c: _has(listed_duties(c)), BLOCK),
    _field("engagements_autres_parties", "Engagements des autres parties", _BODY, "(liste)",
           lambda c: _has(others_promise(c)), BLOCK),
    _field(COUNTERPARTS_FIELD, "Contreparties de visibilité", _BODY, "(liste)",
           lambda c: _has(counterparts(c)), BLOCK),
    _field(REPORTS_FIELD, "Comptes rendus et bilans", _BODY, "(liste)",
           lambda c: _has(reports(c)), BLOCK),
    _field(ANNEXES_FIELD, "Liste des annexes", "Pièces jointes", "(liste)",
           lambda c: _has(has_annexes(c)), BLOCK),
    _field("tableau_modifications", "Modifications apportées", "Acte", "(tableau)", lambda c: _has(c.changes), BLOCK),
)  # fmt: skip

REGISTRY: dict[str, MergeField] = {field.name: field for field in _FIELDS}


def fields_of(body: str) -> list[str]:
    """Names used by a template, in order, without repetition."""
    return list(dict.fromkeys(FIELD.findall(body)))


def missing_fields(bodies: Iterable[str], ctx: AgreementContext) -> list[Missing]:
    """Every registered field that the templates use and this file leaves empty, each once."""
    names = dict.fromkeys(name for body in bodies for name in fields_of(body))
    fields = (REGISTRY[name] for name in names if name in REGISTRY)
    return [
        Missing(field=field.name, label=field.label, where=field.where)
        for field in fields
        if not field.value(ctx)
    ]


def resolve(body: str, ctx: AgreementContext) -> str:
    """The body with its text fields replaced, each agreeing with the word before it; block fields stay for rendering.

    « Fait à {{ lieu }} » gives « Fait au Mont-Dore »; a value and the article that quotes it end with one full stop.
    Raises `UnresolvedField` when a value is missing and `KeyError` on an unknown name, which
    `check_template` reports before a template can be used.
    """
    if missing := missing_fields([body], ctx):
        raise UnresolvedField(missing)

    return _PLACED.sub(lambda found: _placed(found, ctx), body)


def _placed(found: re.Match[str], ctx: AgreementContext) -> str:
    field = REGISTRY[found[2]]
    if field.type == "bloc":
        return found[0]
    value = field.value(ctx) if found["stop"] is None else bare_label(field.value(ctx))
    if found["word"] == FOR_PURPOSE:
        said = purpose_phrase(value)
        return f"{FOR_PURPOSE} {said if found['stop'] is None else bare_label(said)}"
    return after_word(found["word"], value, sort=field.type) if found["word"] else value


def preview(body: str) -> str:
    """The body with the example of each field, for the lawyers' editor."""
    return FIELD.sub(lambda m: REGISTRY[m[1]].example if m[1] in REGISTRY else m[0], body)


def check_template(body: str) -> list[TemplateError]:
    """Every error of a template, in the order of its lines."""
    errors = []
    for number, line in enumerate(body.splitlines(), start=1):
        for name in FIELD.findall(line):
            if error := _check_name(name, line, number):
                errors.append(error)
        if LEFTOVER.search(FIELD.sub("", line)):
            errors.append(
                TemplateError(line=number, message="Accolades mal formées : un champ s’écrit {{ champ }}.")
            )
    return errors


def _check_name(name: str, line: str, number: int) -> TemplateError | None:
    if name not in REGISTRY:
        close = difflib.get_close_matches(name, REGISTRY, n=1, cutoff=0.5)
        return TemplateError(
            line=number, message=f"Champ inconnu : « {name} ».", suggestion=close[0] if close else ""
        )
    if REGISTRY[name].type == BLOCK and FIELD.sub("", line).strip():
        return TemplateError(line=number, message=f"Le champ « {name} » doit être seul dans son paragraphe.")
    return None
