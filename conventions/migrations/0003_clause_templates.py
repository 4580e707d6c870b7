"""The clause templates the site starts with, in force from version 1; lawyers then edit them in the admin."""

from django.db import migrations, transaction
from django.db.models import ProtectedError

from conventions.reference.clauses import CLAUSES


def load(apps, schema_editor):
    """A template is made unless some version of it exists; none is ever overwritten."""
    template = apps.get_model("conventions", "ClauseTemplate")
    kinds = {kind.slug: kind for kind in apps.get_model("conventions", "Kind").objects.all()}
    for clause in CLAUSES:
        key = {"act_kind": clause.act_kind, "code": clause.code, "variant": clause.variant}
        if template.objects.filter(**key).exists():
            continue
        row = template.objects.create(
            **key,
            version=1,
            state="en_vigueur",
            condition=clause.condition,
            heading=clause.heading,
            body=clause.body,
            position=clause.position,
            note=clause.label,
        )
        row.kinds.set([kinds[slug] for slug in clause.kinds if slug in kinds])


def unload(apps, schema_editor):
    """Delete the first versions that no act has used."""
    template = apps.get_model("conventions", "ClauseTemplate")
    for clause in CLAUSES:
        key = {"act_kind": clause.act_kind, "code": clause.code, "variant": clause.variant, "version": 1}
        for row in template.objects.filter(**key):
            try:
                with transaction.atomic():
                    row.delete()
            except ProtectedError:
                continue


class Migration(migrations.Migration):
    dependencies = [("conventions", "0002_reference_data")]
    operations = [migrations.RunPython(load, unload)]
