"""Each payment tells again what happened to it, in one or two events; its words go to a row that may be erased."""

import datetime

from django.db import migrations

BATCH = 500


def fill(apps, schema_editor):
    """Sent, then paid or sent back. Of two that wait for one instalment, the first recorded holds it."""
    model = apps.get_model
    rows = list(model("conventions", "Payment").objects.select_related("instalment").order_by("pk"))
    kinds = model("conventions", "PaymentEvent")
    events = kinds.objects.bulk_create(
        (event for row in rows for event in _events(kinds, row)), batch_size=BATCH
    )
    last, first = {}, {}
    for event in events:
        last[event.payment_id] = event
        if event.kind == "transmis":
            first[event.payment_id] = event
    model("conventions", "PaymentEventText").objects.bulk_create(
        (
            model("conventions", "PaymentEventText")(event=last[row.pk], data={"motif": row.return_reason})
            for row in rows
            if row.return_reason
        ),
        batch_size=BATCH,
    )
    held = set()
    model("conventions", "PaymentPosition").objects.bulk_create(
        (_position(model, row, first.get(row.pk), last[row.pk], held) for row in rows), batch_size=BATCH
    )


def _events(kinds, row):
    """A day may be missing of what was paid before it was followed here; what was recorded once has one moment."""

    def event(kind, on, **more):
        return kinds(
            payment=row,
            kind=kind,
            happened_on=on,
            recorded_at=row.recorded_at,
            recorded_by_id=row.recorded_by_id,
            bank_account_id=row.bank_account_id,
            details={"reprise": True},
            **more,
        )

    if row.sent_on:
        yield event("transmis", row.sent_on, reference="" if row.paid_on else row.reference)
    if row.paid_on:
        yield event("paye", row.paid_on, amount=row.amount, reference=row.reference)
    elif row.returned_on:
        yield event("retourne", row.returned_on)


def _position(model, row, sent, last, held):
    state = "paye" if row.paid_on else "renvoye" if row.returned_on else "transmis"
    holds = row.instalment.line if row.instalment_id and state == "transmis" else None
    if holds in held:
        holds = None
    held.add(holds)
    return model("conventions", "PaymentPosition")(
        payment=row,
        state=state,
        holds=holds,
        sent_on=row.sent_on,
        sent_at=sent.recorded_at if sent else None,
        sent_by_id=sent.recorded_by_id if sent else None,
        paid_on=row.paid_on,
        paid_amount=row.amount if row.paid_on else 0,
        reference=row.reference,
        returned_on=row.returned_on,
        bank_account_id=row.bank_account_id,
        last_event=last,
    )


def empty(apps, schema_editor):
    """What there was a column for: sent, paid, sent back. A case that nobody sent is told as sent when prepared."""
    model = apps.get_model
    texts = dict(model("conventions", "PaymentEventText").objects.values_list("event", "data"))
    events = {}
    for event in model("conventions", "PaymentEvent").objects.order_by("pk"):
        events.setdefault(event.payment_id, []).append(event)
    rows = list(model("conventions", "Payment").objects.order_by("pk"))
    places = {row.payment_id: row for row in model("conventions", "PaymentPosition").objects.all()}
    for row in rows:
        where, told = places[row.pk], events[row.pk]
        row.paid_on, row.reference = where.paid_on, where.reference
        row.bank_account_id = where.bank_account_id
        row.sent_on = where.sent_on or (None if row.paid_on else told[0].happened_on)
        if row.paid_on is None and where.state not in ("transmis", "prepare", "controle"):
            back = where.returned_on or told[-1].happened_on
            row.returned_on = max(back, row.sent_on or datetime.date.min)
            row.return_reason = texts.get(told[-1].pk, {}).get("motif", "")[:500] or "Motif effacé."
    columns = ["sent_on", "paid_on", "reference", "bank_account", "returned_on", "return_reason"]
    model("conventions", "Payment").objects.bulk_update(rows, columns, batch_size=BATCH)
    for name in ("PaymentPosition", "PaymentEventText", "PaymentEvent"):
        model("conventions", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("conventions", "0060_money")]

    operations = [migrations.RunPython(fill, empty)]
