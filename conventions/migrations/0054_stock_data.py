"""Each device set aside becomes a row of the stock with its events, each erasure a try on a medium of it."""

from django.db import migrations
from django.utils import timezone

from conventions.formats import alike_key, maker_key, search_key, serial_key, tag_key

METHODS = {"ecrasement": "clear", "cryptographique": "purge", "destruction": "destroy"}
KEY = 80
BATCH = 500


def fill(apps, schema_editor):
    """Nothing is merged: where two rows bore one number, the second keeps it as typed, and its first event says so."""
    model = apps.get_model
    items = list(
        model("conventions", "EquipmentItem")
        .objects.filter(device=None)
        .select_related("equipment__act")
        .order_by("pk")
    )
    seen, devices, twins = {}, [], {}
    for item in items:
        device = _device(model("conventions", "Device"), item)
        for kind, key in (("serial", (device.maker_key, device.serial_key)), ("tag", device.tag_key)):
            if not (key[1] if kind == "serial" else key):
                continue
            first = seen.setdefault((kind, key), item.pk)
            if first != item.pk:
                setattr(device, f"{kind}_key", "")
                twins[item.pk] = first
        devices.append(device)
    devices = model("conventions", "Device").objects.bulk_create(devices, batch_size=BATCH)
    for item, device in zip(items, devices, strict=True):
        item.device = device
    model("conventions", "EquipmentItem").objects.bulk_update(items, ["device"], batch_size=BATCH)
    of_item = {item.pk: item for item in items}
    _events(model, items, twins)
    _erasures(model, of_item)
    _handed(model, of_item)


def _device(model, item):
    term = item.equipment
    serial = serial_key(item.serial)[:KEY]
    marks = (term.nature, term.brand, term.model, item.serial, item.inventory_tag)
    keys = (serial, tag_key(item.inventory_tag)[:KEY])
    return model(
        nature=term.nature,
        maker=term.brand,
        model=term.model,
        serial=item.serial,
        inventory_tag=item.inventory_tag,
        maker_key=maker_key(term.brand)[:KEY],
        serial_key=keys[0],
        tag_key=keys[1],
        alike_key=alike_key(serial),
        search_key=search_key(" ".join(text for text in (*marks, *keys) if text)),
        purchased_on=term.purchased_on,
        purchased_on_precision=term.purchased_on_precision,
        condition_words=item.note,
        holds_data=item.holds_data,
        written_off_on=item.written_off_on,
        entered_by_id=item.recorded_by_id,
        entered_at=item.recorded_at,
    )


def _event(model, item, kind, on, row, **more):
    return model("conventions", "DeviceEvent")(
        device=item.device,
        kind=kind,
        happened_on=on,
        recorded_at=row.recorded_at,
        recorded_by_id=row.recorded_by_id,
        **more,
    )


def _events(model, items, twins):
    found = []
    for item in items:
        day = timezone.localtime(item.recorded_at).date()
        twin = {"meme_numero_que_la_ligne": twins[item.pk]} if item.pk in twins else {}
        found.append(_event(model, item, "entre", day, item, details=twin))
        of = {"convention_id": item.equipment.act.convention_id, "line": item.equipment.line}
        found.append(_event(model, item, "reserve", day, item, **of))
        if item.written_off_on:
            found.append(_event(model, item, "sorti", item.written_off_on, item))
    model("conventions", "DeviceEvent").objects.bulk_create(found, batch_size=BATCH)


def _erasures(model, of_item):
    """One medium « non précisé » a device that was erased, and the words of its erasure."""
    rows = list(model("conventions", "Erasure").objects.filter(item__in=of_item).order_by("pk"))
    media = model("conventions", "Medium").objects.bulk_create(
        (
            model("conventions", "Medium")(
                device=of_item[row.item_id].device,
                kind="non_precise",
                recorded_at=row.recorded_at,
                recorded_by_id=row.recorded_by_id,
            )
            for row in rows
        ),
        batch_size=BATCH,
    )
    events = model("conventions", "DeviceEvent").objects.bulk_create(
        (
            _event(
                model, of_item[row.item_id], "efface", row.erased_on, row,
                details={"support": medium.pk, "certificat": row.certificate}
                | ({"texte": True} if row.agent or row.note else {}),
            )
            for row, medium in zip(rows, media, strict=True)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    model("conventions", "DeviceEventText").objects.bulk_create(
        (
            model("conventions", "DeviceEventText")(
                event=event,
                data={key: text for key, text in (("agent", row.agent), ("mots", row.note)) if text},
            )
            for row, event in zip(rows, events, strict=True)
            if row.agent or row.note
        ),
        batch_size=BATCH,
    )
    model("conventions", "Sanitisation").objects.bulk_create(
        (
            model("conventions", "Sanitisation")(
                medium=medium,
                event=event,
                outcome="reussi",
                method=METHODS.get(row.method, "inconnue"),
                technique=row.method,
                done_on=row.erased_on,
                certificate=row.certificate,
                attachment_id=row.attachment_id,
                recorded_at=row.recorded_at,
                recorded_by_id=row.recorded_by_id,
            )
            for row, medium, event in zip(rows, media, events, strict=True)
        ),
        batch_size=BATCH,
    )


def _handed(model, of_item):
    found = []
    given = model("conventions", "Handover").items.through.objects.filter(equipmentitem__in=of_item)
    for row in given.select_related("handover__act").order_by("handover", "pk"):
        item, handover = of_item[row.equipmentitem_id], row.handover
        found.append(
            _event(
                model,
                item,
                "remis",
                handover.handed_on,
                handover,
                handover=handover,
                convention_id=handover.act.convention_id,
                line=item.equipment.line,
            )
        )
    model("conventions", "DeviceEvent").objects.bulk_create(found, batch_size=BATCH)


def empty(apps, schema_editor):
    """Each reservation tells its device again; the last erasure that succeeded is the one there was room for."""
    model = apps.get_model
    items = list(model("conventions", "EquipmentItem").objects.select_related("device").order_by("pk"))
    told = set()
    for item in items:
        device = item.device
        if (item.equipment_id, device.serial) in told:  # refused, then reserved again for the same line
            continue
        told.add((item.equipment_id, device.serial) if device.serial else item.pk)
        item.serial, item.inventory_tag = device.serial, device.inventory_tag
        item.holds_data, item.written_off_on = device.holds_data, device.written_off_on
    columns = ["serial", "inventory_tag", "holds_data", "written_off_on"]
    model("conventions", "EquipmentItem").objects.bulk_update(items, columns, batch_size=BATCH)
    tries = model("conventions", "Sanitisation").objects.filter(outcome="reussi")
    last = {row.medium.device_id: row for row in tries.select_related("medium").order_by("done_on", "pk")}
    texts = dict(
        model("conventions", "DeviceEventText")
        .objects.filter(event__in=[row.event_id for row in last.values()])
        .values_list("event", "data")
    )
    model("conventions", "Erasure").objects.bulk_create(
        (
            model("conventions", "Erasure")(
                item=item,
                method=row.technique,
                erased_on=row.done_on,
                agent=texts.get(row.event_id, {}).get("agent", "")[:120],
                note=texts.get(row.event_id, {}).get("mots", "")[:255],
                certificate=row.certificate,
                attachment_id=row.attachment_id,
                recorded_by_id=row.recorded_by_id,
            )
            for item in items
            if (row := last.get(item.device_id)) is not None
        ),
        batch_size=BATCH,
    )
    model("conventions", "EquipmentItem").objects.update(device=None)
    papers = model("conventions", "Attachment").objects.filter(device__isnull=False)
    papers.filter(convention=None, partner=None, act=None).update(pending=True)


class Migration(migrations.Migration):
    dependencies = [("conventions", "0053_stock")]

    operations = [migrations.RunPython(fill, empty)]
