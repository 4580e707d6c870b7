"""The steps of the sweep, and the clock: what the application knows of its own service."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conventions", "0042_notice_of_end")]
    operations = [
        migrations.CreateModel(
            name="ClockWatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("seen_at", models.DateTimeField(verbose_name="dernier instant vu")),
                (
                    "machine",
                    models.CharField(blank=True, max_length=36, verbose_name="démarrage de la machine"),
                ),
                ("uptime", models.FloatField(default=0, verbose_name="secondes depuis ce démarrage")),
                ("held_since", models.DateTimeField(blank=True, null=True, verbose_name="retenue depuis")),
                ("reason", models.CharField(blank=True, max_length=255, verbose_name="raison")),
                ("confirmations", models.PositiveIntegerField(default=0, verbose_name="confirmations")),
            ],
            options={
                "verbose_name": "horloge",
                "verbose_name_plural": "horloge",
            },
        ),
        migrations.CreateModel(
            name="SweepStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="étape")),
                ("ran_at", models.DateTimeField(verbose_name="dernier passage")),
                (
                    "went_well_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dernier passage sans échec"),
                ),
                ("seconds", models.FloatField(verbose_name="durée en secondes")),
                ("counted", models.PositiveIntegerField(default=0, verbose_name="fait")),
                ("failed_in_a_row", models.PositiveIntegerField(default=0, verbose_name="échecs de suite")),
                ("error", models.CharField(blank=True, max_length=255, verbose_name="dernier échec")),
            ],
            options={
                "verbose_name": "étape du balayage",
                "verbose_name_plural": "étapes du balayage",
                "ordering": ["name"],
            },
        ),
    ]
