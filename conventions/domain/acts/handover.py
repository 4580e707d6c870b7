"""Equipment, from the annex to the remise: set aside, erased, handed over with its procès-verbal.

Nothing that holds data leaves before its erasure is recorded. Facts are insert-only; each verb writes its journal
line in its own transaction. Days are plain dates in Nouméa.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts import refusing
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
from conventions.domain.equipment import happening, reserving, stock
from conventions.domain.equipment.happening import Happening
from conventions.domain.equipment.refusals import EquipmentRefused, refuse_if_any
from conventions.domain.foundation import outbox
from conventions.enums import ActState, DocumentKind, PartyRole
from conventions.equipment_enums import DeviceEventKind, MediaState
from conventions.formats import contract, join_list, named_with_article
from conventions.models import (
    Act,
    EquipmentItem,
    EquipmentTerm,
    Handover,
    Sanitisation,
    User,
)
from conventions.models.equipment import READY

APART = (
    "Ce qui est donné, ce qui est prêté, ce qui se rend un autre jour se remet à part : faites un procès-verbal pour "
    "chacun."
)
# Why the data of a device keep it here.
BLOCKED = {
    MediaState.NOT_LISTED: "contient des données : enregistrez d’abord leur effacement.",
    MediaState.TO_ERASE: "contient des données : enregistrez d’abord leur effacement.",
    MediaState.FAILED: "n’a pas pu être effacé : recommencez l’effacement, ou retirez le support.",
    MediaState.STALE: "a resservi depuis son effacement : effacez-le de nouveau.",
}
UNMARKED = (
    "Un appareil qui contient des données se prépare avec son numéro de série ou d’inventaire. "
    "Relevez-le sur l’étiquette."
)
CHANGED_MEANWHILE = "Le dossier a changé pendant la préparation du procès-verbal. Recommencez."


def set_aside(
    term: EquipmentTerm, serials: Sequence[tuple[str, str]], *, by: User, note: str = ""
) -> list[EquipmentItem]:
    """Reserve for a signed line the devices of these marks, (serial, inventory tag) each; the unknown enter the stock.

    `note` says the state they are in. Raises EquipmentRefused when the act is not signed, when there are more devices
    than promised, when a serial number stands twice, when a device is promised elsewhere.
    """
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        act = Act.objects.select_for_update(of=("self",)).select_related("convention").get(pk=term.act_id)
        journal.hold(act.convention)
        refuse_if_any(_aside_obstacles(act, term, serials))
        entries = [_entry(term, serial, tag) for serial, tag in serials]
        known = stock.known(entries)
        unknown = [rank for rank in range(len(entries)) if rank not in known]
        made = stock.enter([entries[rank] for rank in unknown], by=by) if unknown else []
        devices = known | dict(zip(unknown, made, strict=True))
        return reserving.reserve(term, [devices[rank] for rank in range(len(entries))], by=by, note=note)


def _entry(term: EquipmentTerm, serial: str, tag: str) -> stock.Entry:
    """A device as the annex describes it."""
    return stock.Entry(
        nature=term.nature,
        maker=term.brand,
        model=term.model,
        serial=serial,
        inventory_tag=tag,
        purchased_on=term.purchased_on,
        purchased_on_precision=term.purchased_on_precision,
        holds_data=term.holds_data,
    )


def _aside_obstacles(act: Act, term: EquipmentTerm, serials: Sequence[tuple[str, str]]) -> list[str]:
    reasons = []
    if act.state != ActState.SIGNED:
        reasons.append("L’acte n’est pas signé : attendez la signature pour préparer le matériel.")
    if not serials:
        reasons.append("Indiquez au moins un appareil.")
    if act.state == ActState.SIGNED and not EquipmentTerm.objects.current().filter(pk=term.pk).exists():
        reasons.append(reserving.CHANGED_LINE)
    reasons += reserving.beyond_promised(term, len(serials))
    # A line keeps its devices when an amendment takes it over: they hang on the row of their day.
    known = {item.serial for item in EquipmentItem.objects.open().filter(equipment__line=term.line)}
    unmarked = sum(not (serial.strip() or tag.strip()) for serial, tag in serials)
    if unmarked and term.holds_data:
        reasons.append(UNMARKED)
    named = [serial.strip() for serial, _tag in serials if serial.strip()]
    twice = sorted({serial for serial in named if named.count(serial) > 1 or serial in known})
    if twice:
        reasons.append(f"Numéro de série déjà enregistré pour cette ligne : {join_list(twice)}.")
    return reasons


def handover_obstacles(act: Act, items: Iterable[EquipmentItem], handed_on: datetime.date) -> list[str]:
    """Why these devices cannot be handed over that day, in French sentences; empty when they can."""
    ids = [item.pk for item in items]
    rows = EquipmentItem.objects.filter(pk__in=ids).with_media_state()
    found = list(rows.select_related("equipment__act").prefetch_related("handovers").order_by("pk"))
    reasons = []
    if act.state != ActState.SIGNED:
        reasons.append("L’acte n’est pas signé : le matériel ne peut pas encore être remis.")
    if not ids:
        reasons.append("Choisissez au moins un appareil à remettre.")
    if handed_on > timezone.localdate():
        reasons.append("La date de remise est dans le futur. Corrigez-la.")
    proofs = Sanitisation.objects.last_of(item.device_id for item in found)
    for item in found:
        reasons += _item_obstacles(act, item, proofs.get(item.device_id, []), handed_on)
    if len({(item.equipment.transfer, item.equipment.return_on) for item in found}) > 1:
        reasons.append(APART)
    return reasons


def _item_obstacles(
    act: Act, item: EquipmentItem, proofs: Sequence[Sanitisation], handed_on: datetime.date
) -> list[str]:
    if item.equipment.act.convention_id != act.convention_id:
        return [f"L’appareil {item} n’appartient pas à cette convention."]
    if item.handovers.all():
        return [f"L’appareil {item} a déjà été remis."]
    if item.released_at is not None:
        return [f"L’appareil {item} n’est plus réservé pour cette convention."]
    if item.device.lost_on is not None:
        return [f"L’appareil {item} est perdu."]
    if item.media_state not in READY:
        return [f"L’appareil {item} {BLOCKED[MediaState(item.media_state)]}"]
    if any(proof.done_on > handed_on for proof in proofs):
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
    refused: refusing.Refusals | None = None,
    note: str = "",
) -> Handover:
    """Record a remise with its procès-verbal, stored as a document of the act.

    `refused`: those that the association did not take, on the spot, each with its reason; they are free again, and the
    procès-verbal says so, after `note`, what was remarked.
    `given_by` and `received_by` read « Prénom NOM, titre ». Order: check, render (outside the transaction), lock,
    check again, store. Raises EquipmentRefused, whose reasons name each device that still holds data.
    """
    permissions.require(permissions.can_edit_equipment, by)
    refused = refused or {}
    refuse_if_any([*handover_obstacles(act, items, handed_on), *refusing.obstacles(act, items, refused)])
    planned = Handover(
        act=act,
        handed_on=handed_on,
        place=place,
        given_by=given_by,
        received_by=received_by,
        recorded_by=by,
        note=note.strip(),
    )
    code = storage.new_code()
    context = handover_context(planned, items=items, code=code, refused=refused)
    pdf = render_handover(context)
    with transaction.atomic():
        locked = Act.objects.select_for_update(of=("self",)).select_related("convention").get(pk=act.pk)
        refuse_if_any(
            [*handover_obstacles(locked, items, handed_on), *refusing.obstacles(locked, items, refused)]
        )
        again = handover_context(planned, items=items, code=code, refused=refused)
        if context_hash(again) != context_hash(context):
            raise EquipmentRefused([CHANGED_MEANWHILE])
        title = f"Procès-verbal de remise n° {context.reference}"
        planned.document = storage.store(
            pdf, kind=DocumentKind.HANDOVER, title=title, by=by, act=locked, context=context, code=code
        )
        planned.save()
        planned.items.set(items)
        _tell(planned, items, by=by)
        if refused:
            refusing.take_back(planned, refused, by=by)
        if context.signed_on_screen:
            outbox.queue("remise_a_signer", params={"remise": planned.pk}, convention=locked.convention)
    return planned


def _tell(handover: Handover, items: Sequence[EquipmentItem], *, by: User) -> None:
    document = handover.document
    lines = dict(
        EquipmentItem.objects.filter(pk__in=[item.pk for item in items]).values_list("pk", "equipment__line")
    )
    happening.write(
        (
            Happening(
                item.device,
                DeviceEventKind.HANDED,
                handover.handed_on,
                convention=handover.act.convention,
                line=lines[item.pk],
                handover=handover,
            )
            for item in items
        ),
        by=by,
    )
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
    handover: Handover,
    *,
    items: Iterable[EquipmentItem] | None = None,
    code: str = "",
    refused: refusing.Refusals | None = None,
) -> HandoverContext:
    """What the procès-verbal prints. `items`, `code` and `refused` are for a remise that is not saved yet."""
    code = handover.document.code if handover.document else code
    act = handover.act
    agreement = assembling.agreement_context(act, is_draft=False)
    chosen = handover.items.all() if items is None else items
    rows = EquipmentItem.objects.filter(pk__in=[item.pk for item in chosen])
    ordered = list(rows.select_related("equipment").order_by("equipment__position", "equipment", "pk"))
    proofs = Sanitisation.objects.last_of(item.device_id for item in ordered)
    receiver = _party(agreement.parties, opt=False)
    return HandoverContext(
        title=f"Remise de matériel {contract('à', named_with_article(receiver.name, receiver.short_name))}",
        reference=reference_of(handover),
        agreement_title=agreement.title,
        agreement_reference=act.reference or None,
        giver=_represented(_party(agreement.parties, opt=True), handover.given_by),
        receiver=_represented(receiver, handover.received_by),
        items=tuple(_item(rank, item, proofs) for rank, item in enumerate(ordered, start=1)),
        **_transfer([item.equipment for item in ordered]),
        handed_on=handover.handed_on,
        place=handover.place,
        board_decision=agreement.board_decision,
        remarks=" ".join(part for part in (handover.note, _refused_told(handover, refused)) if part),
        code=code,
        address=sealing.verification_address(code) if code else "",
        signed_on_screen=bool(code) and not act.is_reprise,
        made_by=str(handover.recorded_by or ""),
    )


def _refused_told(handover: Handover, refused: refusing.Refusals | None) -> str:
    if handover.pk is not None:
        return refusing.of([handover]).get(handover.pk, "")
    return refusing.told((item.device, reason) for item, reason in (refused or {}).items())


def _transfer(lines: list[EquipmentTerm]) -> dict[str, Any]:
    """Given, or lent and until when: the same of every device of a remise."""
    if not lines:
        return {}
    return {"transfer": lines[0].transfer, "return_on": partial(lines[0].return_on)}


def reference_of(handover: Handover) -> str:
    """« 2026-014-PV1 »: the number that its procès-verbal bears."""
    number = handover.act.reference
    return f"{number}-PV{_rank(handover)}" if number else f"PV{_rank(handover)}"


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


def _item(
    rank: int, item: EquipmentItem, proofs: Mapping[int, Sequence[Sanitisation]]
) -> HandoverItemContext:
    """A device with the proofs of each of its media: said once where they are the same."""
    term, found = item.equipment, proofs.get(item.device_id, [])
    return HandoverItemContext(
        number=rank,
        nature=term.nature,
        brand=term.brand,
        model=term.model,
        serial=item.serial,
        tag=item.inventory_tag,
        condition=item.note,
        bears_data=item.holds_data,
        erasure_method=_each(proof.get_technique_display() for proof in found),
        erased_on=max((proof.done_on for proof in found), default=None),
        erased_by=_each(proof.agent for proof in found),
        certificate=_each(proof.certificate for proof in found),
    )


def _each(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(word for word in words if word))
