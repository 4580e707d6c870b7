"""What becomes of a payment stands in its events alone."""

import importlib

from django.db import migrations

unlock = importlib.import_module("conventions.migrations.0060_money").unlock


class Migration(migrations.Migration):
    dependencies = [("conventions", "0061_money_data")]

    operations = [
        migrations.RemoveField(
            model_name="payment",
            name="bank_account",
        ),
        migrations.RemoveField(
            model_name="payment",
            name="paid_on",
        ),
        migrations.RemoveField(
            model_name="payment",
            name="reference",
        ),
        migrations.RemoveField(
            model_name="payment",
            name="return_reason",
        ),
        migrations.RemoveField(
            model_name="payment",
            name="returned_on",
        ),
        migrations.RemoveField(
            model_name="payment",
            name="sent_on",
        ),
        migrations.RunPython(migrations.RunPython.noop, unlock),
    ]
