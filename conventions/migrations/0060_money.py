"""Payments become cases with events; where each stands is kept beside it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Of PostgreSQL: what locks payments, and what keeps bounds by them; SQLite's step aside before any migration.
KEPT = (
    "act", "publicsheet", "obligation", "instalmentterm", "inkind", "equipmentterm", "payment", "paymentposition",
    "handover", "reportreceived", "return",
)  # fmt: skip
PAYMENT = ("update", "update_cols", "delete", "truncate", "end")


def unlock(apps, schema_editor):
    """Installed again after the migration, as the code of then has them."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    there = set(connection.introspection.table_names())
    named = [("payment", f"lock_payment_{moment}") for moment in PAYMENT]
    named += [
        (table, f"keep_{table}_{moment}") for table in KEPT for moment in ("insert", "update", "delete")
    ]
    for table, name in named:
        if f"conventions_{table}" in there:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON conventions_{table}")


class Migration(migrations.Migration):
    dependencies = [("conventions", "0072_projects_searched")]

    operations = [
        migrations.RunPython(unlock, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="payment",
            name="payment_has_a_date",
        ),
        migrations.RemoveConstraint(
            model_name="payment",
            name="payment_returned_unpaid_with_reason",
        ),
        migrations.RemoveIndex(
            model_name="payment",
            name="payment_waiting",
        ),
        migrations.CreateModel(
            name="PaymentEvent",
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
                        choices=[
                            ("prepare", "préparé"),
                            ("controle", "contrôlé"),
                            ("transmis", "transmis à l’agent comptable"),
                            ("retourne", "renvoyé"),
                            ("repris", "repris"),
                            ("compte_confirme", "compte confirmé"),
                            ("paye", "payé"),
                            ("rejete", "rejeté par la banque"),
                            ("annule", "annulé"),
                            ("trop_percu", "trop-perçu constaté"),
                            ("reverse", "reversé (titre de recette)"),
                        ],
                        max_length=16,
                        verbose_name="événement",
                    ),
                ),
                ("happened_on", models.DateField(verbose_name="le")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="enregistré le"
                    ),
                ),
                (
                    "amount",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="montant (F CFP)"),
                ),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="mandat ou titre")),
                ("details", models.JSONField(blank=True, default=dict, verbose_name="précisions")),
            ],
            options={
                "verbose_name": "événement d’un versement",
                "verbose_name_plural": "événements des versements",
                "ordering": ["payment", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PaymentEventText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("data", models.JSONField(verbose_name="textes")),
            ],
            options={
                "verbose_name": "texte d’un événement de versement",
                "verbose_name_plural": "textes des événements de versement",
            },
        ),
        migrations.CreateModel(
            name="PaymentPosition",
            fields=[
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="position",
                        serialize=False,
                        to="conventions.payment",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepare", "préparé"),
                            ("controle", "contrôlé"),
                            ("transmis", "transmis"),
                            ("renvoye", "renvoyé"),
                            ("rejete", "rejeté par la banque"),
                            ("paye", "payé"),
                            ("trop_percu", "trop-perçu à reverser"),
                            ("reverse", "reversé en entier"),
                            ("annule", "annulé"),
                        ],
                        max_length=12,
                        verbose_name="état",
                    ),
                ),
                ("holds", models.UUIDField(null=True, unique=True, verbose_name="versement prévu en cours")),
                ("prepared_on", models.DateField(null=True, verbose_name="préparé le")),
                ("controlled_on", models.DateField(null=True, verbose_name="contrôlé le")),
                ("sent_on", models.DateField(null=True, verbose_name="transmis au comptable le")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="transmission notée le")),
                ("paid_on", models.DateField(null=True, verbose_name="payé le")),
                ("paid_amount", models.PositiveBigIntegerField(default=0, verbose_name="payé (F CFP)")),
                (
                    "reference",
                    models.CharField(
                        blank=True, default="", max_length=80, verbose_name="référence du mandat"
                    ),
                ),
                ("returned_on", models.DateField(null=True, verbose_name="renvoyé ou rejeté le")),
                ("overpaid", models.PositiveBigIntegerField(default=0, verbose_name="trop-perçu (F CFP)")),
                (
                    "reversed_amount",
                    models.PositiveBigIntegerField(default=0, verbose_name="reversé (F CFP)"),
                ),
            ],
            options={
                "verbose_name": "position d’un versement",
                "verbose_name_plural": "positions des versements",
            },
        ),
        migrations.AlterModelOptions(
            name="payment",
            options={
                "ordering": ["convention", "pk"],
                "verbose_name": "versement",
                "verbose_name_plural": "versements",
            },
        ),
        migrations.AddField(
            model_name="paymentevent",
            name="bank_account",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payment_events",
                to="conventions.bankaccount",
                verbose_name="compte",
            ),
        ),
        migrations.AddField(
            model_name="paymentevent",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="conventions.payment",
                verbose_name="versement",
            ),
        ),
        migrations.AddField(
            model_name="paymentevent",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="enregistré par",
            ),
        ),
        migrations.AddField(
            model_name="paymenteventtext",
            name="event",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="text",
                to="conventions.paymentevent",
                verbose_name="événement",
            ),
        ),
        migrations.AddField(
            model_name="paymentposition",
            name="bank_account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="conventions.bankaccount",
                verbose_name="compte",
            ),
        ),
        migrations.AddField(
            model_name="paymentposition",
            name="last_event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="conventions.paymentevent",
                verbose_name="dernier événement",
            ),
        ),
        migrations.AddField(
            model_name="paymentposition",
            name="sent_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="transmis par",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentevent",
            index=models.Index(fields=["kind", "happened_on"], name="payment_event_by_kind"),
        ),
        migrations.AddConstraint(
            model_name="paymentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", None), ("amount__gt", 0), _connector="OR"),
                name="payment_event_amount_positive",
                violation_error_message="Un montant est supérieur à 0 F CFP.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["paye", "trop_percu", "reverse"]), _negated=True),
                    ("amount__isnull", False),
                    _connector="OR",
                ),
                name="payment_event_says_amount",
                violation_error_message="Écrivez le montant.",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentposition",
            index=models.Index(fields=["state", "sent_on"], name="payment_by_state"),
        ),
    ]
