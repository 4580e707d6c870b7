"""The state of the seal, for who looks after the site; the check of the settings at start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils import timezone

from conventions.domain.documents.sealing import renewing
from conventions.domain.documents.sealing.authority import ALERT, SealKey, embedded_folder, seal_key
from conventions.domain.documents.sealing.errors import SealUnavailable
from conventions.formats import counted, long_date
from conventions.models import SealedRevision

SHOWN = 10
READABLE_BY_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class SealState:
    """`key` None: not made yet, or `problem` says why it cannot be read."""

    key: SealKey | None
    problem: str
    warnings: tuple[str, ...]
    last: list[SealedRevision]


def state() -> SealState:
    """What the page « Sceau » shows."""
    rows = SealedRevision.objects.select_related("document__act", "signature__signatory")
    key, problem = _key()
    return SealState(key, problem, tuple(warnings()), list(rows.order_by("-sealed_at", "-pk")[:SHOWN]))


def warnings() -> list[str]:
    """What to do about the seal, one French sentence each; empty when all is well."""
    return [*_of_the_key(), *_of_the_stamps()]


def _of_the_key() -> list[str]:
    key, problem = _key()
    if problem:
        return [problem]
    if key is None or not key.expires_soon():
        return []
    left = (key.expires_at - timezone.now()).days
    day = long_date(timezone.localdate(key.expires_at))
    if left < 0:
        return [f"Le certificat du sceau a expiré le {day} : plus rien n’est scellé. Installez-en un autre."]
    how = "lancez « manage.py sceau --renouveler »" if key.embedded else "installez le suivant"
    return [f"Le certificat du sceau expire le {day}, dans {counted(left, 'jour')} : {how}."]


def _of_the_stamps() -> list[str]:
    """Signed documents whose last time stamp ends soon, or ended: the daily renewal did not do its work."""
    now = timezone.now()
    rows = renewing.ending(before=now + ALERT).values_list("stamp_ends_at", flat=True)
    ends = [end for end in rows if end is not None]
    lost = sum(end <= now for end in ends)
    told = []
    if lost:
        told.append(
            f"L’horodatage de {counted(lost, 'document signé', 'documents signés')} a pris fin : seul le registre les"
            " prouve encore, leur fichier n’y suffit plus."
        )
    if left := [end for end in ends if end > now]:
        day = long_date(timezone.localdate(left[0]))
        documents = counted(len(left), "document signé", "documents signés")
        told.append(
            f"L’horodatage de {documents} prend fin à partir du {day} : vérifiez TSA_URL, puis lancez"
            " « manage.py renouveler_horodatages »."
        )
    return told


def _key() -> tuple[SealKey | None, str]:
    """The key, or why it cannot be read; neither while nothing was ever sealed."""
    configured = bool(settings.SEAL_CERTIFICATE)
    if not configured and not embedded_folder().is_dir() and not SealedRevision.objects.exists():
        return None, ""
    try:
        return seal_key(create=False), ""
    except SealUnavailable as error:
        return None, str(error)


def check_time_stamps(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Before a deployment: without an authority, the files do not prove their seals for long."""
    if settings.TSA_URL:
        return []
    hint = "Réglez TSA_URL. Sans elle, passé la fin du certificat du sceau, seul le registre prouve les actes signés."
    return [Warning("Aucune autorité d’horodatage n’est réglée.", hint=hint, id="conventions.W002")]


def check_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """At start: a certificate that the settings name must be readable, and its key private."""
    if not settings.SEAL_CERTIFICATE:
        return []
    try:
        seal_key()
    except SealUnavailable as error:
        hint = "Sans ce certificat, aucun acte ne se signe en ligne ; ceux qui le sont restent « à sceller »."
        return [Error(str(error), hint=hint, id="conventions.E001")]
    path = Path(settings.SEAL_KEY or settings.SEAL_CERTIFICATE)
    if settings.SEAL_SIGNER or not path.stat().st_mode & READABLE_BY_OTHERS:
        return []
    hint = f"Retirez ces droits : chmod 400 {path}"
    return [
        Warning(
            f"La clé du sceau ({path}) est lisible par d’autres comptes.", hint=hint, id="conventions.W001"
        )
    ]
