import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

PERSON = {"on_delete": django.db.models.deletion.PROTECT, "null": True, "blank": True, "related_name": "+"}
KINDS = [
    ("code_a_verifier", "code d’un document, inconnu"),
    ("fichier_a_verifier", "fichier à vérifier"),
    ("code_de_connexion", "demande de code de connexion"),
    ("rafale_de_codes", "rafale d’essais pour entrer"),
    ("code_faux", "code ou mot de passe faux"),
]


class Migration(migrations.Migration):
    dependencies = [("conventions", "0051_party_joined_by")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="factor_asked_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="second facteur demandé depuis le"
            ),
        ),
        migrations.AddField(
            model_name="addresschange",
            name="asked_by",
            field=models.ForeignKey(to=settings.AUTH_USER_MODEL, verbose_name="demandé par", **PERSON),
        ),
        migrations.AddField(
            model_name="addresschange",
            name="reason",
            field=models.TextField(blank=True, default="", verbose_name="comment la personne a été reconnue"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="addresschange",
            name="approved_by",
            field=models.ForeignKey(to=settings.AUTH_USER_MODEL, verbose_name="approuvé par", **PERSON),
        ),
        migrations.AddField(
            model_name="addresschange",
            name="applies_at",
            field=models.DateTimeField(
                blank=True, db_index=True, null=True, verbose_name="compte à partir du"
            ),
        ),
        migrations.AddField(
            model_name="addresschange",
            name="applied_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="fait le"),
        ),
        migrations.AddField(
            model_name="addresschange",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="annulé le"),
        ),
        migrations.AlterField(
            model_name="networktries",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20, verbose_name="essai"),
        ),
        migrations.AddConstraint(
            model_name="addresschange",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by", None))
                | models.Q(("approved_by", models.F("asked_by")), _negated=True),
                name="address_change_two_people",
                violation_error_message="Une autre personne approuve ce changement d’adresse.",
            ),
        ),
        migrations.CreateModel(
            name="ProofCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("code_hash", models.CharField(blank=True, max_length=64, verbose_name="empreinte du code")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="demandé le")),
                (
                    "leaves_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="Après plusieurs demandes, le courriel attend un peu.",
                        verbose_name="part le",
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expire le")),
                ("digits", models.PositiveSmallIntegerField(default=6, verbose_name="longueur")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="utilisé le")),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conventions.usersession",
                        verbose_name="connexion",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proof_codes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte",
                    ),
                ),
            ],
            options={
                "verbose_name": "code de confirmation",
                "verbose_name_plural": "codes de confirmation",
                "ordering": ["-pk"],
            },
        ),
    ]
