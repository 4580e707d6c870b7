"""The verdicts, what each means, what to do; and how the report on the seals of a file becomes one. Pure."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from conventions.formats import NBSP, typeset

FILE = "ENTIRE_FILE"


class Verdict(StrEnum):
    CONFORMING = "conforme"
    STAMPED_SINCE = "conforme_horodate_depuis"
    PENDING = "en_cours"
    INTERMEDIATE = "version_intermediaire"
    REPLACED = "version_remplacee"
    ENDED = "sans_suite"
    WITHOUT_SEAL = "document_sans_sceau"
    ALTERED = "altere"
    CUT = "incomplet"
    STAMPED = "horodatage_ajoute"
    CHANGED_AFTER = "modifie_apres_signature"
    CHANGED = "modifie"
    STRIPPED = "sans_sceau"
    FOREIGN = "sceau_etranger"
    UNREGISTERED = "hors_registre"
    UNKNOWN = "inconnu"
    UNREADABLE = "illisible"
    TOO_HEAVY = "trop_lourd"
    PROTECTED = "protege"


@dataclass(frozen=True, slots=True)
class Wording:
    """`tone` is that of a notice; `is_sound`: the file is what it should be."""

    title: str
    tone: str
    meaning: str
    advice: str
    is_sound: bool = False


_ASK = "Demandez l’original à l’OPT-NC ou à la personne qui vous a envoyé ce fichier."
_WORDINGS: dict[Verdict, Wording] = {
    Verdict.CONFORMING: Wording(
        "Conforme",
        "ok",
        "Ce fichier est, octet pour octet, le document scellé que l’OPT-NC a enregistré. Rien n’y a changé.",
        "Vous pouvez vous appuyer sur lui. Gardez le fichier tel quel : une copie imprimée ne porte pas de sceau.",
        is_sound=True,
    ),
    Verdict.STAMPED_SINCE: Wording(
        "Conforme, un horodatage plus récent existe",
        "ok",
        "Ce fichier est, octet pour octet, le document signé de tous que l’OPT-NC a enregistré. Depuis, un horodatage a"
        " été ajouté après lui, pour que ses sceaux se prouvent plus longtemps ; rien d’autre n’a changé.",
        "Vous pouvez vous appuyer sur lui. Pour le garder longtemps, téléchargez la version la plus récente.",
        is_sound=True,
    ),
    Verdict.PENDING: Wording(
        "Conforme, signature en cours",
        "info",
        "Ce fichier est, octet pour octet, la version la plus récente du document. Il manque encore des signatures.",
        "Attendez la version signée de tous : elle portera une signature de plus.",
        is_sound=True,
    ),
    Verdict.INTERMEDIATE: Wording(
        "Version intermédiaire",
        "warn",
        "Ce fichier est authentique, mais ce n’est pas la dernière version : des signatures ont été ajoutées depuis.",
        "Demandez la dernière version à l’OPT-NC, ou téléchargez-la depuis votre espace.",
    ),
    Verdict.REPLACED: Wording(
        "Version remplacée",
        "warn",
        "Ce fichier est authentique, mais son texte a été repris pour être corrigé : il ne sera pas signé. Les"
        " signatures qu’il porte ne comptent plus.",
        "Ne vous y fiez pas. Demandez la nouvelle version à l’OPT-NC.",
    ),
    Verdict.ENDED: Wording(
        "Document sans suite",
        "warn",
        "Ce fichier est authentique, mais toutes les parties ne l’ont pas signé et ne le signeront pas.",
        "Ne vous y fiez pas : il n’engage pas les parties. Pour en savoir plus, écrivez à l’OPT-NC.",
    ),
    Verdict.WITHOUT_SEAL: Wording(
        "Document connu, sans sceau",
        "ok",
        "Ce fichier est, octet pour octet, un document enregistré par l’OPT-NC. Il ne porte pas de sceau électronique.",
        "Pour un acte signé à l’encre, l’original est l’exemplaire sur papier : comparez avec lui.",
        is_sound=True,
    ),
    Verdict.ALTERED: Wording(
        "Altéré",
        "bad",
        "Des octets protégés par un de nos sceaux ont changé : le contenu a été modifié, ou le fichier est abîmé.",
        f"Ne vous y fiez pas. {_ASK}",
    ),
    Verdict.CUT: Wording(
        "Incomplet",
        "bad",
        "Il manque la fin de ce fichier : un téléchargement interrompu, par exemple. Ce qui reste ne prouve rien.",
        f"Téléchargez-le de nouveau. {_ASK}",
    ),
    Verdict.STAMPED: Wording(
        "Horodatage ajouté",
        "warn",
        "Ce fichier est un document scellé ici, auquel un horodatage a été ajouté après le dernier sceau. Ses sceaux"
        " sont intacts et ce qu’ils protègent n’a pas changé ; l’horodatage n’est pas dans notre registre.",
        "Lisez ci-dessous l’état du document d’origine. Pour un fichier tel que nous l’avons enregistré, demandez-le à"
        " l’OPT-NC.",
    ),
    Verdict.CHANGED_AFTER: Wording(
        "Modifié après signature",
        "bad",
        "Quelque chose a été ajouté par-dessus le document scellé : texte, dessin, annotation, pièce jointe ou"
        " script, par exemple. Certains lecteurs de PDF affichent pourtant des signatures valides.",
        f"Ne vous y fiez pas. {_ASK}",
    ),
    Verdict.CHANGED: Wording(
        "Modifié",
        "bad",
        "Ce fichier n’est plus tel qu’il a été scellé ou enregistré : il a été modifié, réenregistré ou complété. Un"
        " logiciel a pu le faire sans le dire.",
        f"Ne vous y fiez pas. {_ASK}",
    ),
    Verdict.STRIPPED: Wording(
        "Sans sceau",
        "bad",
        "Ce fichier se présente comme un document de l’application, mais aucun sceau ne s’y lit et il n’est pas"
        " enregistré.",
        f"Ne vous y fiez pas. {_ASK}",
    ),
    Verdict.FOREIGN: Wording(
        "Sceau étranger",
        "bad",
        "Une signature de ce fichier n’a pas été faite avec notre certificat, quel que soit le nom qu’elle porte.",
        f"Ne vous y fiez pas : n’importe qui peut fabriquer un certificat du même nom. {_ASK}",
    ),
    Verdict.UNREGISTERED: Wording(
        "Sceaux intacts, document absent du registre",
        "warn",
        "Les sceaux sont les nôtres et ils sont intacts, mais ce fichier n’est pas dans notre registre.",
        "Écrivez à l’OPT-NC : ce cas ne devrait pas se présenter.",
    ),
    Verdict.UNKNOWN: Wording(
        "Inconnu",
        "warn",
        "Ce fichier n’est pas dans notre registre et aucun de nos sceaux ne s’y lit.",
        "Vérifiez que c’est le bon fichier, tel que vous l’avez reçu. Une photo, une copie numérisée ou un fichier"
        " réenregistré n’est pas reconnu : tapez plutôt le code imprimé en bas de page.",
    ),
    Verdict.UNREADABLE: Wording(
        "Illisible",
        "warn",
        "Ce fichier est vide, n’est pas un PDF, ou est trop abîmé ou trop complexe pour être lu.",
        "Choisissez le fichier PDF tel que vous l’avez reçu.",
    ),
    Verdict.TOO_HEAVY: Wording(
        "Trop lourd",
        "warn",
        f"Ce fichier dépasse 20{NBSP}Mo. Il n’a pas été lu.",
        "Les documents signés en ligne pèsent bien moins. Vérifiez que c’est le bon fichier.",
    ),
    Verdict.PROTECTED: Wording(
        "Protégé par un mot de passe",
        "warn",
        "Ce fichier est chiffré. Nos documents ne le sont jamais.",
        f"Un document chiffré ensuite n’est plus celui qui a été signé. {_ASK}",
    ),
}


def wording(verdict: Verdict) -> Wording:
    found = _WORDINGS[verdict]
    return Wording(
        typeset(found.title), found.tone, typeset(found.meaning), typeset(found.advice), found.is_sound
    )


def judge(
    report: dict[str, Any], is_own: Callable[[bytes], bool], *, size: int, has_origin: bool = False
) -> Verdict:
    """The verdict on a file that is not in the register, from `sealing.inspection`'s report.

    `is_own` tells our certificates (DER) by their fingerprint or their issuer's key, never by their name. The reader's
    own conclusion is not enough: it calls valid a file cut back, or with bytes after its end. `has_origin`: a
    document of the register is in this file, whole, as its hash proves. A reader that stumbles is no verdict.
    """
    if report["state"] == "protege":
        return Verdict.PROTECTED
    seals, stamps = report["seals"], report["stamps"]
    broken = [seal for seal in seals if seal["placed"] and not seal["intact"]]
    if any(seal["genuine"] and seal["end"] > size and _is_ours(seal, is_own) for seal in broken):
        return Verdict.CUT
    if not all(_is_ours(seal, is_own) for seal in seals):
        return Verdict.FOREIGN
    if broken:
        return Verdict.ALTERED
    if not seals:
        return _without_seal(report, has_origin=has_origin)
    if not all(seal["intact"] for seal in [*seals, *stamps]):
        return Verdict.CHANGED
    return _of_what_follows(seals, stamps, has_origin=has_origin)


def _is_ours(seal: dict[str, Any], is_own: Callable[[bytes], bool]) -> bool:
    """What bears no readable certificate is nobody else's."""
    return not seal["certificate"] or is_own(base64.b64decode(seal["certificate"]))


def _without_seal(report: dict[str, Any], *, has_origin: bool) -> Verdict:
    if has_origin:
        return Verdict.CHANGED
    if report["state"] != "lu":
        return Verdict.UNREADABLE
    return Verdict.STRIPPED if report["is_ours"] else Verdict.UNKNOWN


def _of_what_follows(
    seals: list[dict[str, Any]], stamps: list[dict[str, Any]], *, has_origin: bool
) -> Verdict:
    """Every seal holds: is there something after the last one?"""
    rows = [*seals, *stamps]
    last = max(rows, key=lambda row: row["end"])
    if any(row["allowed"] is False for row in rows):
        return Verdict.CHANGED_AFTER
    if last["coverage"] != FILE or not all(row["allowed"] for row in rows):
        return Verdict.CHANGED
    return Verdict.STAMPED if has_origin and last in stamps else Verdict.UNREGISTERED
