"""The law of coverage for who signs, by what decision, for how long: parties, people, délibération, act, file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conventions.domain.acts.content import assembling
from conventions.domain.acts.coverage import wording as w
from conventions.domain.acts.coverage.shapes import Case, Declaration, Internal, Printed, Said
from conventions.enums import NOTICES, ActKind, Civility, PartyRole
from conventions.formats import show_date

_KEY = Internal("Clé de la base.")
_OWN = Internal("L’acte lui-même : le document est le sien.")
_BOX, _PARTIES = "comparution et cadre de signature", "« Entre les soussignés »"
_VISAS = "visas, « Vu la délibération… »"
_TERM = "article « Durée et prise d’effet »"
_HISTORY = Internal("Suivi du dossier dans l’application ; le journal le garde.")
_FOLLOWING = Internal("Gestion du dossier ; n’engage aucune partie.")
_PUBLIC = Internal("Page publique, écrite à part de l’acte.")


def _partner(row: Any, case: Case) -> Iterator[Said]:
    """The name as it was frozen: a partner may change its name afterwards."""
    parties = list(case.act.convention.parties.all())
    if row in parties and len(parties) == len(case.context.parties):
        yield case.context.parties[parties.index(row)].name
    else:
        yield row.partner.name


def _civility(row: Any, case: Case) -> Iterator[Said]:
    if row.civility != Civility.NONE:
        yield f"{'M.' if row.civility == Civility.MONSIEUR else 'Mme'} {row.first_name} {row.last_name}"


PARTY: dict[str, Declaration] = {
    "id": _KEY,
    "convention": Internal("La convention de l’acte."),
    "partner": Printed(where=_PARTIES, words=_partner),
    "role": Internal("Choisit l’article où la partie s’engage."),
    "position": Internal("Ordre des parties : « d’une part », « d’autre part »."),
    "joined_by": Internal("L’avenant qui l’apporte dit, en une phrase, qu’elle devient partie."),
}


def _named(row: Any, case: Case) -> Iterator[Said]:
    yield assembling.designation(row)[0]


def _year_end(row: Any, case: Case) -> Iterator[Said]:
    """The day on which its accounts close, of who reports."""
    owes = {
        party.partner_id for party in case.act.convention.parties.all() if party.role == PartyRole.BENEFICIARY
    }
    if row.year_end and row.pk in owes and case.act.kind == ActKind.INITIAL:
        yield row.year_end


def _town(row: Any, case: Case) -> Iterator[Said]:
    if row.commune:
        yield row.commune.name


PARTNER: dict[str, Declaration] = {
    "name": Printed(where=_PARTIES, words=w.typed("name")),
    "designation": Printed(where="« ci-après dénommé… », puis partout", words=_named, apart=True),
    "gender": Printed(where="accords : « dénommée », « représentée »", words=w.nothing),
    "nature": Printed(where="« ci-après dénommée », sans désignation propre", words=w.nothing),
    "ridet": Printed(where=_PARTIES, words=w.typed("ridet_normalised")),
    "rna": Printed(where=_PARTIES, words=w.typed("rna")),
    "siret": Printed(where=_PARTIES, words=w.typed("siret")),
    "receipt_number": Printed(where=_PARTIES, words=w.typed("receipt_number")),
    "address": Printed(where=_PARTIES, words=w.lines("address")),
    "postal_code": Printed(where=_PARTIES, words=w.typed("postal_code")),
    "commune": Printed(where=_PARTIES, words=_town),
    "country": Printed(where=_PARTIES, words=w.typed("country")),
    **dict.fromkeys(
        ("year_end_day", "year_end_month"),
        Printed(where="article « Compte rendu d’emploi et bilan »", words=_year_end, since=2, apart=True),
    ),
    "acronym": Printed(
        where="après le nom de l’OPT-NC, ou entre parties de même désignation", words=w.nothing
    ),
    "logo": Printed(where="en-tête : l’image choisie quand l’acte est figé", words=w.nothing, since=3),
    "legal_form": Printed(where=_PARTIES, words=w.typed("legal_form"), since=3, apart=True),
    "founding_texts": Printed(where="visas, que chaque acte choisit", words=w.nothing),
    "ridet_normalised": Internal("Le RIDET, tel qu’il est imprimé."),
    **dict.fromkeys(
        ("receipt_date", "jonc_number"), Internal("Le numéro du récépissé, imprimé, suffit à le désigner.")
    ),
    **dict.fromkeys(
        ("email", "phone", "website"), Internal("Coordonnées de travail ; elles changent sans avenant.")
    ),
    **dict.fromkeys(
        (
            "id",
            "slug",
            "is_opt",
            "address_is_public",
            "presentation",
            "purpose",
            "notes",
            "merged_into",
            "is_demo",
            "name_key",
            "acronym_key",
            "version",
            "created_at",
            "updated_at",
            "search_key",
        ),
        Internal("Fiche du partenaire, tenue à part de ses actes."),
    ),
}
_PERSON: dict[str, Declaration] = {
    "id": _KEY,
    "act": _OWN,
    "civility": Printed(where=_BOX, words=_civility),
    "first_name": Printed(where=_BOX, words=w.typed("first_name")),
    "last_name": Printed(where=_BOX, words=w.typed("last_name")),
    "title": Printed(where=_BOX, words=w.typed("title")),
}
SIGNATORY: dict[str, Declaration] = _PERSON | {
    "title": Printed(
        where=_BOX, words=w.typed("title"), refused="Indiquer le titre …, tel qu’il doit être imprimé."
    ),
    "capacity": Printed(where=_BOX, words=w.typed("capacity")),
    "party": Printed(where="cadre de signature, « Pour … »", words=w.nothing),
    "representative": Internal("Le mandat dont viennent le nom et le titre, qui sont imprimés."),
    "order": Internal("Ordre des cadres de signature."),
    "email": Internal("Adresse où part l’invitation à signer."),
    "signed_on": Internal("Chaque signature porte sa date, à l’encre ou dans son sceau."),
}
ATTENDEE: dict[str, Declaration] = _PERSON | {"position": Internal("Ordre des personnes présentes.")}
BOARD_DECISION: dict[str, Declaration] = {
    "id": _KEY,
    "number": Printed(where=_VISAS, words=w.typed("number")),
    "decided_on": Printed(where=_VISAS, words=w.day("decided_on")),
    "body": Printed(where=_VISAS, words=w.typed("body")),
    "title": Internal("Intitulé de travail ; le numéro, la date et l’organe désignent la délibération."),
    "attachment": Internal("La pièce, jointe au dossier."),
    "is_demo": Internal("Marque la démonstration."),
}


def _starts(row: Any, case: Case) -> Iterator[Said]:
    if row.kind != ActKind.TERMINATION and row.starts_on:
        yield show_date(row.starts_on, row.starts_on_precision)


def _ends(row: Any, case: Case) -> Iterator[Said]:
    if row.kind != ActKind.TERMINATION and row.ends_on:
        yield show_date(row.ends_on, row.ends_on_precision)


def _rank(row: Any, case: Case) -> Iterator[Said]:
    if row.kind == ActKind.AMENDMENT:
        yield f"Avenant n° {row.rank}"


def _reason(row: Any, case: Case) -> Iterator[Said]:
    if row.kind == ActKind.TERMINATION:
        yield from w.lines("reason")(row, case)


def _notice(row: Any, case: Case) -> Iterator[Said]:
    if row.ground in NOTICES:
        yield from w.day("notice_on")(row, case)


def _object(row: Any, case: Case) -> Iterator[Said]:
    if row.kind == ActKind.AMENDMENT:
        yield from w.lines("object_text")(row, case)


def _open_ended(row: Any, case: Case) -> Iterator[Said]:
    if row.term_kind == "indeterminee" and row.kind == ActKind.INITIAL:
        yield "durée indéterminée"


ACT: dict[str, Declaration] = {
    "id": _KEY,
    "convention": Internal("La convention dont c’est un acte ; son titre est imprimé."),
    "kind": Printed(where="surtitre", words=w.nothing),
    "rank": Printed(where="surtitre, « Avenant n° 1 »", words=_rank),
    "origin": Internal("Une reprise n’a pas de texte de l’application ; elle ne se fige pas."),
    "path": Printed(where="formule finale et cadres de signature", words=w.nothing),
    "signing_order": Internal("Ordre des invitations en ligne ; n’engage personne."),
    "state": _HISTORY,
    "number": Printed(where="en tête, et au pied de chaque page", words=w.typed("number")),
    "old_reference": Internal("D’une reprise seulement, qui ne se fige pas."),
    "term_kind": Printed(where=_TERM, words=_open_ended, apart=True, refused="Choisir la durée de la convention."),
    "starts_on": Printed(
        where=_TERM, words=_starts, apart=True, refused="Donner les dates de prise d’effet et de fin."
    ),
    "starts_on_precision": Printed(where=f"{_TERM}, avec la date", words=w.nothing),
    "ends_on": Printed(
        where=_TERM, words=_ends, apart=True, refused="Donner les dates de prise d’effet et de fin."
    ),
    "ends_on_precision": Printed(where=f"{_TERM}, avec la date", words=w.nothing),
    "term_wording": Printed(
        where=_TERM, words=w.due("term_wording", "ends_on"), apart=True,
        refused="Écrire la durée en toutes lettres.",
    ),
    "effective_on": Printed(
        where="résiliation : article « Date d’effet »", words=w.day("effective_on"), apart=True,
        refused="Donner la date d’effet de la résiliation.",
    ),
    "ground": Printed(where="résiliation : article « Objet »", words=w.nothing),
    "ended_by": Printed(where="résiliation : article « Objet », la partie qui résilie", words=w.nothing),
    "notice_on": Printed(where="résiliation : article « Objet »", words=_notice, apart=True),
    "signed_on": Internal("Laissée en blanc sur le papier ; en ligne, chaque signature porte la sienne."),
    "signed_on_precision": Internal("D’une reprise seulement, qui ne se fige pas."),
    "signed_on_wording": Internal("D’une reprise seulement, qui ne se fige pas."),
    "place": Printed(
        where="formule finale, « Fait à … »", words=w.place("place"), apart=True,
        refused="Renseigner « …, utilisé dans un article",
    ),
    "board_decision": Printed(
        where=_VISAS, words=w.nothing, refused="Indiquer la délibération qui autorise …"
    ),
    "ceremony": Internal("La cérémonie où l’on signe ; n’engage personne."),
    "preamble": Printed(where="préambule", words=w.lines("preamble"), apart=True),
    "reason": Printed(where="résiliation : article « Objet »", words=_reason, apart=True),
    "object_text": Printed(where="avenant : article « Objet de l’avenant »", words=_object, apart=True),
    "agreement_template": Internal("Le modèle qui a proposé les articles."),
    **dict.fromkeys(
        (
            "prepared_by", "submitted_at", "approved_at", "approved_by", "frozen_at", "ended_at", "end_reason",
            "correction_note", "read_sequence", "seal_error", "attested_at", "frozen_document", "signed_document",
            "created_at", "updated_at",
        ),
        _HISTORY,
    ),
}  # fmt: skip


def _purpose(row: Any, case: Case) -> Iterator[Said]:
    if case.act.kind == ActKind.INITIAL:
        yield from w.typed("purpose")(row, case)


def _kind(row: Any, case: Case) -> Iterator[Said]:
    if case.act.kind == ActKind.INITIAL:
        yield case.context.kind_label


CONVENTION: dict[str, Declaration] = {
    "id": _KEY,
    "title": Printed(where="titre", words=w.typed("title"), apart=True),
    "kind": Printed(where="surtitre", words=_kind, apart=True),
    "purpose": Printed(
        where="article « Objet »", words=_purpose, apart=True,
        refused="Écrire l’objet de la convention (256 caractères au plus).",
    ),
    "partners": Printed(where=_PARTIES, words=w.nothing),
    "source_kind_wording": Internal("Les mots de la source d’une reprise, qui ne se fige pas."),
    "project": Internal("Classe le dossier ; l’objet et le préambule disent le projet aux parties."),
    "final_beneficiaries": Internal("Qui n’est pas partie n’est tenu à rien ; l’objet le nomme s’il le faut."),
    "closed_on": _HISTORY,
    "is_demo": Internal("Marque la démonstration."),
    **dict.fromkeys(
        (
            "officer", "renews", "edition", "interests_note", "notes", "version", "created_at", "updated_at",
            "search_key",
        ),
        _FOLLOWING,
    ),
    **dict.fromkeys(
        ("slug", "public_summary", "public_story", "press_contact", "themes", "values", "areas", "plan"), _PUBLIC
    ),
}  # fmt: skip
