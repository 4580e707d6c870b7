from django.db import migrations, models


class Migration(migrations.Migration):
    """What becomes of a device may stay unsaid in an act of paper; nothing changes in the table."""

    dependencies = [("conventions", "0056_indexes_of_lists")]

    operations = [
        migrations.AlterField(
            model_name="equipmentterm",
            name="transfer",
            field=models.CharField(
                blank=True,
                choices=[("", "non précisé"), ("don", "donné"), ("pret", "prêté")],
                default="don",
                max_length=4,
                verbose_name="donné ou prêté",
            ),
        ),
    ]
