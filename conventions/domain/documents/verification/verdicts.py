"""The verdicts, what each means, what to do; and how the report on the seals of a file becomes one. Pure."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from conventions.formats import NBSP, typeset

FILE = "ENTIRE_FILE"
WHOLE = (FILE, "ENTIRE_REVISION")


class Verdict(StrEnum):
    CONFORMING = "conforme"
    STAMPED_SINCE = "conforme_horodate_depuis"
    PENDING = "en_cours"
    INTERMEDIATE = "version_intermediaire"
    REPLACED = "version_remplacee"
    ENDED = "sans_suite"
    WITHOUT_SEAL = "document_sans_sceau"
    ALTERED = "altere"
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
        "Des octets protégés par un sceau ont changé. Le contenu a été modifié, ou le fichier est abîmé ou incomplet.",
        f"Ne vous y fiez pas. {_ASK}",
    ),
    Verdict.CHANGED_AFTER: Wording(
        "Modifié après signature",
        "bad",
        "Quelque chose a été ajouté par-dessus le document scellé : texte, dessin ou annotation. Certains lecteurs"
        " de PDF affichent pourtant des signatures valides.",
        f"Ne vous y fiez pas. {_ASK}",
    ),
    Verdict.CHANGED: Wording(
        "Modifié",
        "bad",
        "Ce fichier a été réenregistré, ou complété après le dernier sceau. Un logiciel a pu le faire sans le dire.",
        f"Ne vous y fiez pas. {_ASK}",
    ),
    Verdict.STRIPPED: Wording(
        "Sans sceau",
        "bad",
        "Ce fichier se présente comme un document de l’application, mais ne porte aucun sceau et n’est pas enregistré.",
        f"Ne vous y fiez pas. {_ASK}",
    ),
    Verdict.FOREIGN: Wording(
        "Sceau étranger",
        "bad",
        "Une signature de ce fichier n’a pas été faite avec notre certificat, même si elle porte le même nom.",
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
        "Ce fichier n’est pas dans notre registre et ne porte aucun de nos sceaux.",
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


def judge(report: dict[str, Any], is_own: Callable[[bytes], bool]) -> Verdict:
    """The verdict on a file that is not in the register, from `sealing.inspection`'s report.

    `is_own` tells our certificates (DER) by their fingerprint or their issuer's key, never by their name. The reader's
    own conclusion is not enough: it calls valid a file cut back, or with bytes after its end.
    """
    if report["state"] != "lu":
        return Verdict.PROTECTED if report["state"] == "protege" else Verdict.UNREADABLE
    seals = report["seals"]
    if not seals:
        return Verdict.STRIPPED if report["is_ours"] else Verdict.UNKNOWN
    if not all(is_own(base64.b64decode(seal["certificate"])) for seal in seals if seal["certificate"]):
        return Verdict.FOREIGN
    if not all(seal["intact"] for seal in seals):
        return Verdict.ALTERED if any(seal["coverage"] in WHOLE for seal in seals) else Verdict.CHANGED
    if not all(seal["allowed"] for seal in seals):
        return Verdict.CHANGED_AFTER
    last = max(seals, key=lambda seal: seal["end"])
    return Verdict.UNREGISTERED if last["coverage"] == FILE else Verdict.CHANGED
