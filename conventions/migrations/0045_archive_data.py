"""A kind for acts whose source names none; the thresholds name the decree that gives them to New Caledonia."""

from django.db import migrations

from conventions.reference.lists import DECREE_OF, DECREE_SOURCES, THRESHOLDS, UNSPECIFIED_KIND


def load(apps, schema_editor):
    """The kind is made once, or taken over from a demonstration; a threshold whose source somebody wrote anew is left alone."""
    slug, name, title = UNSPECIFIED_KIND
    kinds = apps.get_model("conventions", "Kind").objects
    columns = {"name": name, "agreement_title": title, "position": 90, "active": True}
    kinds.update_or_create(slug=slug, defaults=columns)
    rows = apps.get_model("conventions", "LegalThreshold").objects
    for code, _label, amount, since, source in THRESHOLDS:
        if rows.filter(code=code, effective_from=DECREE_OF).exists():
            continue
        delivered = rows.filter(code=code, amount=amount, effective_from=since, source=source)
        delivered.update(source=DECREE_SOURCES[code], effective_from=DECREE_OF)


def unload(apps, schema_editor):
    """What nobody uses goes; the thresholds get their first source back."""
    kind = apps.get_model("conventions", "Kind").objects.filter(slug=UNSPECIFIED_KIND[0])
    kind.filter(conventions=None).delete()
    rows = apps.get_model("conventions", "LegalThreshold").objects
    for code, _label, amount, since, source in THRESHOLDS:
        told = rows.filter(code=code, amount=amount, effective_from=DECREE_OF, source=DECREE_SOURCES[code])
        told.update(source=source, effective_from=since)


class Migration(migrations.Migration):
    dependencies = [("conventions", "0044_archive")]

    operations = [migrations.RunPython(load, unload)]
