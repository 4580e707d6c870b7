from django.db import migrations, models


def keep_what_is_known(apps, schema_editor):
    """Handed over on paper or made in the space, a letter was received that day; nobody knows it of a mail."""
    letters = apps.get_model("conventions", "FormalLetter").objects
    letters.filter(route__in=("papier", "espace")).update(received_on=models.F("sent_on"))


class Migration(migrations.Migration):
    dependencies = [("conventions", "0049_partner_logo")]

    operations = [
        migrations.AddField(
            model_name="formalletter",
            name="received_on",
            field=models.DateField(
                blank=True,
                help_text="Un courriel est envoyé un jour, reçu un autre : vide tant que personne ne le sait.",
                null=True,
                verbose_name="reçu le",
            ),
        ),
        migrations.AddConstraint(
            model_name="formalletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received_on__isnull", True),
                    models.Q(("received_on__gte", models.F("sent_on")), ("sent_on__isnull", False)),
                    _connector="OR",
                ),
                name="letter_received_after_sent",
                violation_error_message="Un courrier n’est pas reçu avant d’être envoyé.",
            ),
        ),
        migrations.RunPython(keep_what_is_known, migrations.RunPython.noop),
    ]
