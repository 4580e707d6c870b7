"""Tables that people bring, kept until they are done with, and what their columns meant."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conventions", "0057_transfer_unsaid"),
    ]

    operations = [
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("stock", "stock de matériel"), ("effacements", "certificats d’effacement")],
                        default="stock",
                        max_length=12,
                        verbose_name="contenu",
                    ),
                ),
                (
                    "headings_key",
                    models.CharField(editable=False, max_length=32, verbose_name="jeu de titres"),
                ),
                ("mapping", models.JSONField(default=dict, verbose_name="colonnes")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="choisi le")),
            ],
            options={
                "verbose_name": "modèle de colonnes",
                "verbose_name_plural": "modèles de colonnes",
                "ordering": ["kind", "headings_key"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "headings_key"), name="columnmapping_one_per_set"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("headings_key", ""), _negated=True),
                        name="columnmapping_has_headings",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("stock", "stock de matériel"), ("effacements", "certificats d’effacement")],
                        default="stock",
                        max_length=12,
                        verbose_name="contenu",
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="fichier")),
                (
                    "sha256",
                    models.CharField(db_index=True, editable=False, max_length=64, verbose_name="empreinte"),
                ),
                ("content", models.JSONField(default=dict, editable=False, verbose_name="ce qui a été lu")),
                (
                    "mapping",
                    models.JSONField(blank=True, default=dict, editable=False, verbose_name="colonnes"),
                ),
                ("options", models.JSONField(blank=True, default=dict, editable=False, verbose_name="choix")),
                (
                    "mended",
                    models.JSONField(
                        blank=True, default=dict, editable=False, verbose_name="lignes corrigées"
                    ),
                ),
                (
                    "confirmed",
                    models.JSONField(
                        blank=True, default=list, editable=False, verbose_name="lignes confirmées"
                    ),
                ),
                (
                    "done",
                    models.JSONField(
                        blank=True, default=dict, editable=False, verbose_name="lignes reprises"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="apporté le")),
                ("touched_at", models.DateTimeField(auto_now=True, verbose_name="repris le")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheet_imports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="apporté par",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="conventions.job",
                        verbose_name="travail",
                    ),
                ),
            ],
            options={
                "verbose_name": "fichier importé",
                "verbose_name_plural": "fichiers importés",
                "ordering": ["-created_at", "-pk"],
            },
        ),
    ]
