"""What a device is stands in the stock alone."""

import django.db.models.deletion
from django.db import migrations, models

LOCKS = {
    "conventions_equipmentitem": ("update_cols", "delete", "truncate", "release"),
    "conventions_handover_items": ("insert", "update", "delete", "truncate"),
}


def unlock(apps, schema_editor):
    """The tables that stay lose the locks of columns and tables that go; SQLite's step aside before any migration."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, moments in LOCKS.items():
        for moment in moments:
            name = f"lock_{table.removeprefix('conventions_')}_{moment}"
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


class Migration(migrations.Migration):
    dependencies = [("conventions", "0054_stock_data")]

    operations = [
        migrations.AlterField(
            model_name="equipmentitem",
            name="device",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="conventions.device",
                verbose_name="appareil du stock",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="equipmentitem",
            name="equipment_item_serial_once",
        ),
        migrations.AlterModelOptions(
            name="equipmentitem",
            options={
                "ordering": ["equipment", "pk"],
                "verbose_name": "appareil réservé",
                "verbose_name_plural": "appareils réservés",
            },
        ),
        migrations.RemoveField(
            model_name="equipmentitem",
            name="holds_data",
        ),
        migrations.RemoveField(
            model_name="equipmentitem",
            name="inventory_tag",
        ),
        migrations.RemoveField(
            model_name="equipmentitem",
            name="serial",
        ),
        migrations.RemoveField(
            model_name="equipmentitem",
            name="written_off_on",
        ),
        migrations.AddConstraint(
            model_name="equipmentitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("released_at", None)),
                fields=("device",),
                name="equipment_item_device_once",
                violation_error_message="Cet appareil est déjà réservé.",
            ),
        ),
        migrations.DeleteModel(
            name="Erasure",
        ),
        migrations.RunPython(migrations.RunPython.noop, unlock),
    ]
