from django.db import migrations, models

from conventions.reference.clauses.second import CLAUSES
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


def settle(apps, schema_editor):
    """The texts of a termination's accounts, by what there is to settle: in preparation, unless somebody wrote others."""
    templates = apps.get_model("conventions", "ClauseTemplate").objects
    for clause in CLAUSES:
        if clause.code != "resiliation_comptes":
            continue
        known = templates.filter(act_kind=clause.act_kind, code=clause.code, variant=clause.variant)
        drafts = known.filter(state="brouillon")
        if known.filter(body=clause.body).exists() or drafts.exclude(updated_by=None).exists():
            continue
        drafts.delete()
        last = known.order_by("-version").first()
        templates.create(
            act_kind=clause.act_kind, code=clause.code, variant=clause.variant, condition=clause.condition,
            version=last.version + 1 if last else 1, state="brouillon", heading=clause.heading, body=clause.body,
            position=clause.position, note=f"{clause.label}\n{NOTE}".strip(),
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("conventions", "0041_hashed_sessions")]

    operations = [
        migrations.AlterField(
            model_name=model,
            name=name,
            field=models.CharField(choices=KINDS, max_length=20, verbose_name="courrier"),
        )
        for model, name in (("lettertemplate", "code"), ("formalletter", "kind"))
    ] + [
        migrations.RunPython(step, migrations.RunPython.noop, elidable=False) for step in (load, settle)
    ]
