"""Certificates that somebody brought: read, looked at file by file (`matching`), recorded; failed tries are kept."""

import dataclasses
import datetime
import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain.equipment import media
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ImportKind
from conventions.equipment_enums import (
    SanitisationCheck,
    SanitisationOutcome,
    SanitisationSource,
    SanitisationTechnique,
)
from conventions.exchange.equipment import desk, papers
from conventions.exchange.equipment.certificates import (
    Certificate,
    Sent,
    UnreadableCertificate,
    is_pdf,
    read_certificates,
    unpacked,
)
from conventions.exchange.equipment.matching import Fate, Matched, Plan, plan
from conventions.formats import counted, join_list
from conventions.models import Device, SheetImport, User

NO_FILE = "Choisissez au moins un fichier."
NOTHING = "Aucun certificat ne peut être enregistré. Lisez pourquoi, fichier par fichier."
PDF = "PDF : apportez-le depuis le site, seul ou dans une archive ZIP."
NO_DAY = "Un PDF ne se lit pas : dites le jour et le résultat de l’effacement."


def receive(files: Iterable[tuple[str, bytes]], *, by: User, device: Device | None = None) -> SheetImport:
    """Read these files, archives opened, and keep what they say for the dry run; `device`: all are its own.

    Raises Refused.
    """
    permissions.require(permissions.can_edit_equipment, by)
    files = list(files)
    if not files:
        raise Refused(NO_FILE)
    sent = list(unpacked(files))
    digest = hashlib.sha256(b"".join(hashlib.sha256(content).digest() for _name, content in files))
    row = SheetImport(
        kind=ImportKind.ERASURES,
        name=join_list([name for name, _content in files][:3])[:255],
        sha256=digest.hexdigest(),
        content={"files": read(sent, keep=lambda one: papers.keep(one, by=by).pk)},
        options={"device": device.pk} if device else {},
        created_by=by,
    )
    row.save()
    return row


def read(sent: Sequence[Sent], *, keep: Callable[[Sent], int] | None = None) -> list[dict[str, Any]]:
    """What each file says, as it is kept: {"file", "fault"}, {"file", "certificate"} or, where `keep` has
    PDFs wait, {"file", "paper", "sha256"}; each content once.
    """
    found: list[dict[str, Any]] = []
    seen: dict[str, str] = {}
    today = timezone.localdate()
    for one in sent:
        if not one.fault and (first := seen.setdefault(one.sha256, one.name)) is not one.name:
            found.append({"file": one.name, "fault": f"Le même fichier que « {first} », compté une fois."})
            continue
        try:
            if not one.fault and is_pdf(one):
                if keep is None:
                    raise UnreadableCertificate(PDF)
                found.append({"file": one.name, "paper": keep(one), "sha256": one.sha256})
                continue
            found += [
                {"file": one.name, "certificate": _packed(said)}
                for said in read_certificates(one, today=today)
            ]
        except Refused as refusal:
            found.append({"file": one.name, "fault": str(refusal)})
    return found


def _packed(said: Certificate) -> dict[str, Any]:
    values = dataclasses.asdict(said)
    values["done_on"] = said.done_on.isoformat()
    values["ended_at"] = said.ended_at.isoformat() if said.ended_at else None
    return values


def plan_of(row: SheetImport) -> Plan:
    """What each file of a send will be."""
    key = row.options.get("device")
    return plan(row.content["files"], only=Device.objects.filter(pk=key).first() if key else None)


def confirm(
    row: SheetImport,
    *,
    by: User,
    agent: str = "",
    technique: str = SanitisationTechnique.UNKNOWN,
    verification: str = SanitisationCheck.UNKNOWN,
    done_on: datetime.date | None = None,
    outcome: str = SanitisationOutcome.SUCCEEDED,
) -> str:
    """Record what matches; the page keeps the rest. What to tell. `done_on`, `outcome`: of PDFs. Raises Refused."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        row = desk.locked(row)
        found = plan_of(row)
        if found.asks_day and done_on is None:
            raise Refused(NO_DAY)
        going = found.going
        for one in going:
            if one.certificate is None and outcome == SanitisationOutcome.FAILED:
                one.fate = Fate.FAILED
        said = {"agent": agent, "technique": technique, "verification": verification}
        told = record(going, by=by, **said, done_on=done_on)
        row.done = row.done | {_digest(one): one.fate.value for one in going}
        row.save(update_fields=["done", "touched_at"])
    return told


def _digest(one: Matched) -> str:
    return one.certificate.sha256 if one.certificate else one.sha256


def record(
    going: Sequence[Matched],
    *,
    by: User,
    agent: str,
    technique: str,
    verification: str,
    done_on: datetime.date | None = None,
) -> str:
    """Keep these tries, those that failed too; a medium is made where the device had none listed."""
    permissions.require(permissions.can_edit_equipment, by)
    if not going:
        raise Refused(NOTHING)
    with transaction.atomic():
        _list_media([one for one in going if one.medium is None], by=by)
        filed = papers.of_devices(
            {one.paper: one.device for one in going if one.paper is not None and one.device is not None},
            by=by,
        )
        tries = [_try(one, agent, technique, verification, done_on) for one in going]
        proofs = [filed.get(one.paper) if one.paper is not None else None for one in going]
        media.sanitise(
            [dataclasses.replace(said, attachment=proof) for said, proof in zip(tries, proofs, strict=True)],
            by=by,
        )
    failed = sum(one.fate == Fate.FAILED for one in going)
    told = counted(len(going) - failed, "effacement enregistré", "effacements enregistrés")
    return (
        f"{told}, {counted(failed, 'essai échoué gardé', 'essais échoués gardés')}." if failed else f"{told}."
    )


def _list_media(bare: Sequence[Matched], *, by: User) -> None:
    """One medium for each device, whatever the number of its certificates."""
    first: dict[int, Matched] = {}
    for one in bare:
        if one.device is not None:
            first.setdefault(one.device.pk, one)
    if not first:
        return
    new = [
        media.NewMedium(
            device=one.device,
            model=one.certificate.model if one.certificate else "",
            size_bytes=one.certificate.size_bytes if one.certificate else None,
        )
        for one in first.values()
        if one.device is not None
    ]
    made = {medium.device_id: medium for medium in media.add(new, by=by)}
    for one in bare:
        if one.device is not None:
            one.medium = made[one.device.pk]


def _try(
    one: Matched, agent: str, technique: str, verification: str, done_on: datetime.date | None
) -> media.Try:
    said = one.certificate
    if one.medium is None:
        raise EquipmentRefused([NOTHING])
    if said is None:
        if done_on is None:
            raise EquipmentRefused([NO_DAY])
        return media.Try(
            medium=one.medium,
            done_on=done_on,
            agent=agent,
            outcome=SanitisationOutcome.FAILED if one.fate == Fate.FAILED else SanitisationOutcome.SUCCEEDED,
            technique=technique,
            verification=verification,
            source=SanitisationSource.CERTIFICATE,
            sha256=one.sha256,
        )
    return media.Try(
        medium=one.medium,
        done_on=said.done_on,
        ended_at=said.ended_at,
        agent=said.agent or agent,
        outcome=SanitisationOutcome.SUCCEEDED if said.succeeded else SanitisationOutcome.FAILED,
        technique=technique,
        verification=verification,
        tool=said.tool,
        tool_version=said.tool_version,
        source=SanitisationSource.NWIPE,
        raw=said.raw,
        sha256=said.sha256,
        words=said.why,
    )
