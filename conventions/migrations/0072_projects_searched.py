"""A project is found by its name or its place, as partners and conventions are."""

import django.contrib.postgres.indexes
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from conventions.formats import search_key

BATCH = 1000


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    projects = apps.get_model("conventions", "Project")._default_manager
    batch = []
    for row in projects.only("name", "place").iterator(BATCH):
        row.search_key = search_key(" ".join(text for text in (row.name, row.place) if text))
        batch.append(row)
        if len(batch) == BATCH:
            projects.bulk_update(batch, ["search_key"])
            batch = []
    projects.bulk_update(batch, ["search_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("conventions", "0058_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="search_key",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="project",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_key"], name="project_search", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
