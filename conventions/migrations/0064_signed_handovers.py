"""The procès-verbal of a remise signed on screen by who receives; papers of a remise, each once."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conventions", "0062_money_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandoverCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                ("document_sha256", models.CharField(max_length=64, verbose_name="empreinte lue")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="envoyé le")),
            ],
            options={
                "verbose_name": "code de remise",
                "verbose_name_plural": "codes de remise",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="HandoverSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_name", models.CharField(max_length=80, verbose_name="prénom")),
                ("last_name", models.CharField(max_length=80, verbose_name="nom")),
                ("title", models.CharField(max_length=200, verbose_name="titre")),
                ("document_sha256", models.CharField(max_length=64, verbose_name="empreinte lue")),
                ("typed_name", models.CharField(max_length=200, verbose_name="nom saisi")),
                ("consent", models.TextField(verbose_name="consentement")),
                ("identity_check", models.CharField(max_length=255, verbose_name="contrôle d’identité")),
                (
                    "drawing_sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="empreinte du tracé"),
                ),
                ("signed_at", models.DateTimeField(verbose_name="signé le")),
            ],
            options={
                "verbose_name": "signature d’un procès-verbal",
                "verbose_name_plural": "signatures de procès-verbaux",
                "ordering": ["handover", "pk"],
            },
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("projet", "projet"),
                    ("fige", "document à signer"),
                    ("exemplaires", "exemplaires à imprimer"),
                    ("signe", "document signé"),
                    ("horodate", "document signé, horodatage renouvelé"),
                    ("scan", "scan du document signé"),
                    ("reconstitution", "reconstitution (non signée)"),
                    ("public", "version publique"),
                    ("presse", "communiqué de presse"),
                    ("pv_remise", "procès-verbal de remise"),
                    ("pv_signe", "procès-verbal de remise, signé en ligne"),
                    ("pv_attestation", "attestation de signature d’un procès-verbal de remise"),
                    ("attestation", "attestation de signature"),
                    ("courrier", "courrier"),
                ],
                max_length=16,
                verbose_name="type",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["pv_signe", "pv_attestation"])),
                fields=("made_from", "kind"),
                name="handover_signed_document_once",
            ),
        ),
        migrations.AddField(
            model_name="handovercode",
            name="handover",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="codes",
                to="conventions.handover",
                verbose_name="remise",
            ),
        ),
        migrations.AddField(
            model_name="handovercode",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handover_codes",
                to=settings.AUTH_USER_MODEL,
                verbose_name="demandé par",
            ),
        ),
        migrations.AddField(
            model_name="handoversignature",
            name="handover",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signature",
                to="conventions.handover",
                verbose_name="remise",
            ),
        ),
        migrations.AddField(
            model_name="handoversignature",
            name="representative",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="conventions.representative",
                verbose_name="mandat",
            ),
        ),
        migrations.AddField(
            model_name="handoversignature",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="compte",
            ),
        ),
        migrations.AddIndex(
            model_name="handovercode",
            index=models.Index(fields=["handover", "created_at"], name="handover_code_by_handover"),
        ),
        migrations.AddConstraint(
            model_name="handoversignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consent", ""), _negated=True),
                    models.Q(("typed_name", ""), _negated=True),
                    models.Q(("identity_check", ""), _negated=True),
                    models.Q(("document_sha256", ""), _negated=True),
                ),
                name="handover_signature_says_how",
            ),
        ),
    ]
