"""Equipment, from the annex to the remise: set aside, erased, handed over with its procès-verbal.

Nothing that holds data leaves before its erasure is recorded. Facts are insert-only; each verb writes its journal
line in its own transaction. Days are plain dates in Nouméa.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.content import assembling
from conventions.domain.documents import sealing, storage
from conventions.domain.documents.context import (
    HandoverContext,
    HandoverItemContext,
    PartyContext,
    SignatoryContext,
    context_hash,
)
from conventions.domain.documents.context.rows import partial
from conventions.domain.documents.rendering import render_handover
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, DocumentKind, ErasureMethod, PartyRole
from conventions.formats import contract, counted, join_list, named_with_article
from conventions.models import Act, Attachment, EquipmentItem, EquipmentTerm, Erasure, Handover, User

APART = (
    "Ce qui est donné, ce qui est prêté, ce qui se rend un autre jour se remet à part : faites un procès-verbal pour "
    "chacun."
)
CHANGED_MEANWHILE = "Le dossier a changé pendant la préparation du procès-verbal. Recommencez."


class HandoverRefused(Refused):
    """Why equipment cannot be set aside, erased or handed over; `reasons` are French sentences."""

    def __init__(self, reasons: list[str]) -> None:
        # One key each: a form shows them one below the other.
        super().__init__({f"reason {rank}": reason for rank, reason in enumerate(reasons, start=1)})
        self.reasons = reasons


def set_aside(
    term: EquipmentTerm, serials: Sequence[tuple[str, str]], *, by: User, note: str = ""
) -> list[EquipmentItem]:
    """Name the devices really set aside for a line of the annex: (serial, inventory tag) of each.

    `note` says the state they are in. Raises HandoverRefused when the act is not signed, when there are more devices
    than promised, or when a serial number stands twice.
    """
    _require_rights(by)
    with transaction.atomic():
        act = Act.objects.select_for_update(of=("self",)).select_related("convention").get(pk=term.act_id)
        reasons = _aside_obstacles(act, term, serials)
        if reasons:
            raise HandoverRefused(reasons)
        items = EquipmentItem.objects.bulk_create(
            EquipmentItem(
                equipment=term,
                serial=serial.strip(),
                inventory_tag=tag.strip(),
                holds_data=term.holds_data,
                note=note,
                recorded_by=by,
            )
            for serial, tag in serials
        )
        details = {"ligne": term.pk, "appareils": len(items), "series": [item.serial for item in items]}
        journal.record("materiel_prepare", by=by, convention=act.convention, details=details)
    return items


def _require_rights(by: User) -> None:
    permissions.require(permissions.can_edit_equipment, by)


def _aside_obstacles(act: Act, term: EquipmentTerm, serials: Sequence[tuple[str, str]]) -> list[str]:
    reasons = []
    if act.state != ActState.SIGNED:
        reasons.append("L’acte n’est pas signé : attendez la signature pour préparer le matériel.")
    if not serials:
        reasons.append("Indiquez au moins un appareil.")
    if not EquipmentTerm.objects.current().filter(pk=term.pk).exists() and act.state == ActState.SIGNED:
        reasons.append(
            "Un avenant a changé cette ligne. Rechargez la page, puis choisissez la ligne en vigueur."
        )
    # A line keeps its devices when an amendment takes it over: they hang on the row of their day.
    of_line = EquipmentItem.objects.filter(equipment__line=term.line)
    known = list(of_line.values_list("serial", flat=True))
    if term.quantity is not None and len(known) + len(serials) > term.quantity:
        promised = counted(term.quantity, "appareil est prévu", "appareils sont prévus")
        reasons.append(f"{promised} sur cette ligne : vous en indiquez {len(known) + len(serials)} en tout.")
    named = [serial.strip() for serial, _tag in serials if serial.strip()]
    twice = sorted({serial for serial in named if named.count(serial) > 1 or serial in known})
    if twice:
        reasons.append(f"Numéro de série déjà enregistré pour cette ligne : {join_list(twice)}.")
    return reasons


def record_erasure(
    item: EquipmentItem,
    *,
    method: ErasureMethod,
    erased_on: datetime.date,
    agent: str,
    by: User,
    certificate: str = "",
    attachment: Attachment | None = None,
) -> Erasure:
    """Record that a device's data were erased: how, when, by whom. Raises HandoverRefused when it cannot be."""
    _require_rights(by)
    with transaction.atomic():
        locked = EquipmentItem.objects.select_for_update().get(pk=item.pk)
        reasons = _erasure_obstacles(locked, erased_on, agent)
        if reasons:
            raise HandoverRefused(reasons)
        erasure = Erasure.objects.create(
            item=locked,
            method=method,
            erased_on=erased_on,
            agent=agent.strip(),
            certificate=certificate.strip(),
            attachment=attachment,
            recorded_by=by,
        )
        journal.record(
            "donnees_effacees",
            by=by,
            convention=item.equipment.act.convention,
            details={"appareil": item.pk, "serie": item.serial, "methode": str(method), "date": erased_on},
            personal={"agent": erasure.agent},
        )
    return erasure


def _erasure_obstacles(item: EquipmentItem, erased_on: datetime.date, agent: str) -> list[str]:
    reasons = []
    if Erasure.objects.filter(item=item).exists():
        reasons.append(f"L’effacement de l’appareil {item} est déjà enregistré.")
    if item.handovers.exists():
        reasons.append(f"L’appareil {item} a déjà été remis.")
    if erased_on > timezone.localdate():
        reasons.append("La date d’effacement est dans le futur. Corrigez-la.")
    if not agent.strip():
        reasons.append("Indiquez l’agent qui a effacé les données.")
    return reasons


def handover_obstacles(act: Act, items: Iterable[EquipmentItem], handed_on: datetime.date) -> list[str]:
    """Why these devices cannot be handed over that day, in French sentences; empty when they can."""
    ids = [item.pk for item in items]
    found = EquipmentItem.objects.filter(pk__in=ids).select_related("equipment", "erasure").order_by("pk")
    reasons = []
    if act.state != ActState.SIGNED:
        reasons.append("L’acte n’est pas signé : le matériel ne peut pas encore être remis.")
    if not ids:
        reasons.append("Choisissez au moins un appareil à remettre.")
    if handed_on > timezone.localdate():
        reasons.append("La date de remise est dans le futur. Corrigez-la.")
    for item in found:
        reasons += _item_obstacles(act, item, handed_on)
    if len({(item.equipment.transfer, item.equipment.return_on) for item in found}) > 1:
        reasons.append(APART)
    return reasons


def _item_obstacles(act: Act, item: EquipmentItem, handed_on: datetime.date) -> list[str]:
    erasure = getattr(item, "erasure", None)
    if item.equipment.act.convention_id != act.convention_id:
        return [f"L’appareil {item} n’appartient pas à cette convention."]
    if item.handovers.exists():
        return [f"L’appareil {item} a déjà été remis."]
    if item.holds_data and erasure is None:
        return [f"L’appareil {item} contient des données : enregistrez d’abord leur effacement."]
    if erasure is not None and erasure.erased_on > handed_on:
        return [
            f"Les données de l’appareil {item} ont été effacées après la date de remise. Vérifiez les dates."
        ]
    return []


def record_handover(
    act: Act,
    *,
    items: Sequence[EquipmentItem],
    handed_on: datetime.date,
    place: str,
    given_by: str,
    received_by: str,
    by: User,
) -> Handover:
    """Record a remise with its procès-verbal, stored as a document of the act.

    `given_by` and `received_by` read « Prénom NOM, titre ». Order: check, render (outside the transaction), lock,
    check again, store. Raises HandoverRefused, whose reasons name each device that still holds data.
    """
    _require_rights(by)
    _refuse_if_any(handover_obstacles(act, items, handed_on))
    planned = Handover(
        act=act,
        handed_on=handed_on,
        place=place,
        given_by=given_by,
        received_by=received_by,
        recorded_by=by,
    )
    code = storage.new_code()
    context = handover_context(planned, items=items, code=code)
    pdf = render_handover(context)
    with transaction.atomic():
        locked = Act.objects.select_for_update(of=("self",)).select_related("convention").get(pk=act.pk)
        _refuse_if_any(handover_obstacles(locked, items, handed_on))
        if context_hash(handover_context(planned, items=items, code=code)) != context_hash(context):
            raise HandoverRefused([CHANGED_MEANWHILE])
        title = f"Procès-verbal de remise n° {context.reference}"
        planned.document = storage.store(
            pdf, kind=DocumentKind.HANDOVER, title=title, by=by, act=locked, context=context, code=code
        )
        planned.save()
        planned.items.set(items)
        _tell(planned, items, by=by)
    return planned


def _refuse_if_any(reasons: list[str]) -> None:
    if reasons:
        raise HandoverRefused(reasons)


def _tell(handover: Handover, items: Sequence[EquipmentItem], *, by: User) -> None:
    document = handover.document
    journal.record(
        "materiel_remis",
        by=by,
        convention=handover.act.convention,
        details={
            "remise": handover.pk,
            "date": handover.handed_on,
            "series": [item.serial for item in items],
            "document": document.sha256 if document else "",
        },
        personal={"remis_par": handover.given_by, "recu_par": handover.received_by},
    )


def handover_context(
    handover: Handover, *, items: Iterable[EquipmentItem] | None = None, code: str = ""
) -> HandoverContext:
    """What the procès-verbal prints. `items` and `code` stand for those of a remise that is not saved yet."""
    code = handover.document.code if handover.document else code
    act = handover.act
    agreement = assembling.agreement_context(act, is_draft=False)
    chosen = handover.items.all() if items is None else items
    rows = EquipmentItem.objects.filter(pk__in=[item.pk for item in chosen])
    ordered = rows.select_related("equipment", "erasure").order_by("equipment__position", "equipment", "pk")
    receiver = _party(agreement.parties, opt=False)
    return HandoverContext(
        title=f"Remise de matériel {contract('à', named_with_article(receiver.name, receiver.short_name))}",
        reference=f"{act.reference}-PV{_rank(handover)}" if act.reference else f"PV{_rank(handover)}",
        agreement_title=agreement.title,
        agreement_reference=act.reference or None,
        giver=_represented(_party(agreement.parties, opt=True), handover.given_by),
        receiver=_represented(receiver, handover.received_by),
        items=tuple(_item(rank, item) for rank, item in enumerate(ordered, start=1)),
        **_transfer([item.equipment for item in ordered]),
        handed_on=handover.handed_on,
        place=handover.place,
        board_decision=agreement.board_decision,
        remarks=handover.note,
        code=code,
        address=sealing.verification_address(code) if code else "",
    )


def _transfer(lines: list[EquipmentTerm]) -> dict[str, Any]:
    """Given, or lent and until when: the same of every device of a remise."""
    if not lines:
        return {}
    return {"transfer": lines[0].transfer, "return_on": partial(lines[0].return_on)}


def _rank(handover: Handover) -> int:
    """1 for the first remise of the act; one more than those recorded for a remise being prepared."""
    earlier = Handover.objects.filter(act=handover.act)
    if handover.pk is not None:
        earlier = earlier.filter(pk__lt=handover.pk)
    return earlier.count() + 1


def _party(parties: tuple[PartyContext, ...], *, opt: bool) -> PartyContext:
    """OPT-NC, or the beneficiary (the first other party where none is named so)."""
    found = [party for party in parties if (party.role == PartyRole.OPT) == opt]
    return next((party for party in found if party.role == PartyRole.BENEFICIARY), found[0])


def _represented(party: PartyContext, person: str) -> PartyContext:
    """The party with the one person who hands over or receives, « Prénom NOM, titre »."""
    name, _comma, title = person.partition(",")
    people: tuple[SignatoryContext, ...] = ()
    if name.strip():
        people = (SignatoryContext(first_name=name.strip(), last_name="", title=title.strip()),)
    return replace(party, signatories=people)


def _item(rank: int, item: EquipmentItem) -> HandoverItemContext:
    term = item.equipment
    erasure: Any = getattr(item, "erasure", None)
    return HandoverItemContext(
        number=rank,
        nature=term.nature,
        brand=term.brand,
        model=term.model,
        serial=item.serial,
        tag=item.inventory_tag,
        condition=item.note,
        bears_data=item.holds_data,
        erasure_method=erasure.get_method_display() if erasure else "",
        erased_on=erasure.erased_on if erasure else None,
        erased_by=erasure.agent if erasure else "",
        certificate=erasure.certificate if erasure else "",
    )
