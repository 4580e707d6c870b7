from django.db import migrations, models

from conventions.reference.letters import LETTERS, NOTE

KINDS = [
    ("notification", "notification d’un acte"),
    ("mise_en_demeure", "mise en demeure avant résiliation"),
    ("preavis", "préavis de résiliation pour un motif d’intérêt général"),
    ("recu_mecenat", "modèle de reçu de mécénat"),
]


def load(apps, schema_editor):
    """Each shipped text that this base does not hold yet, in preparation."""
    templates = apps.get_model("conventions", "LetterTemplate")
    for text in LETTERS:
        if not templates.objects.filter(code=text.code).exists():
            templates.objects.create(code=text.code, heading=text.heading, body=text.body, note=NOTE)


class Migration(migrations.Migration):
    dependencies = [("conventions", "0041_hashed_sessions")]

    operations = [
        migrations.AlterField(
            model_name=model,
            name=name,
            field=models.CharField(choices=KINDS, max_length=20, verbose_name="courrier"),
        )
        for model, name in (("lettertemplate", "code"), ("formalletter", "kind"))
    ] + [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
