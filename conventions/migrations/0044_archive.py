"""An act of paper as its source gives it: people known by a title alone, a part that nobody names, a declared year."""

import django.core.validators
from django.db import migrations, models

from conventions.models.signatories import NOBODY_MESSAGE

ROLES = [
    ("opt", "OPT-NC"),
    ("beneficiaire", "bénéficiaire"),
    ("cofinanceur", "co-financeur"),
    ("organisateur", "organisateur"),
    ("intermediaire", "intermédiaire"),
    ("etat", "État"),
    ("partie", "partie, rôle non précisé"),
]


def person(model):
    return [
        migrations.AlterField(
            model_name=model, name="first_name", field=models.CharField(blank=True, max_length=80, verbose_name="prénom")
        ),
        migrations.AlterField(
            model_name=model, name="last_name", field=models.CharField(blank=True, max_length=80, verbose_name="nom")
        ),
        migrations.AddConstraint(
            model_name=model,
            constraint=models.CheckConstraint(
                condition=~models.Q(first_name="", last_name="", title=""),
                name=f"{model}_is_somebody",
                violation_error_message=NOBODY_MESSAGE,
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("conventions", "0043_service_watch")]

    operations = [
        migrations.AlterField(
            model_name="party",
            name="role",
            field=models.CharField(choices=ROLES, default="beneficiaire", max_length=16, verbose_name="rôle"),
        ),
        *person("signatory"),
        *person("attendee"),
        migrations.CreateModel(
            name="DeclaredYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1990),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="année",
                    ),
                ),
                (
                    "partnerships",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="partenariats déclarés"),
                ),
                (
                    "amount",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="montant déclaré (F CFP)"),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="Par exemple « rapport d’activité 2020, page 34 ».",
                        max_length=255,
                        verbose_name="source",
                    ),
                ),
                ("url", models.URLField(blank=True, verbose_name="adresse")),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="publiée le")),
                (
                    "publishable",
                    models.BooleanField(
                        default=False, help_text="Sinon seul le personnel la lit.", verbose_name="publiable"
                    ),
                ),
            ],
            options={
                "verbose_name": "année déclarée",
                "verbose_name_plural": "années déclarées",
                "ordering": ["-year", "source"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "source"),
                        name="declared_year_once_per_source",
                        violation_error_message="Cette source est déjà enregistrée pour cette année. Modifiez-la.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("partnerships__isnull", False), ("amount__isnull", False), _connector="OR"),
                        name="declared_year_declares",
                        violation_error_message="Donnez le nombre de partenariats, ou le montant, que dit la source.",
                    ),
                ],
            },
        ),
    ]
