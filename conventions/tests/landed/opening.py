"""Open the archive: its rows in the tables of that time, under the locks of that time; then today's migrations."""

import datetime
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from conventions.tests import migrating
from conventions.tests.landed import ARCHIVE, LANDED
from conventions.tests.landed.rows import decoded


@dataclass(frozen=True)
class Landed:
    """What the archive holds: its folder, its rows as (model, values), the moment it was made."""

    folder: Path
    rows: list[tuple[str, dict]]
    made_at: datetime.datetime


def unpacked(folder: Path) -> Landed:
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    lines = (folder / "rows.jsonl").read_text().splitlines()
    rows = [(name, values) for name, values in map(json.loads, lines)]
    told = [values["at"] for name, values in rows if name == "conventions.journalentry"]
    return Landed(folder, rows, datetime.datetime.fromisoformat(max(told)))


def fill(apps, landed: Landed) -> None:
    """These rows and no other: what migrations had put there is among them."""
    ours = apps.get_app_config("conventions").get_models(include_auto_created=True)
    models = [apps.get_model("auth", "Group"), *ours]
    with transaction.atomic(), connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
        for name, values in landed.rows:
            decoded(apps.get_model(name), values).save_base(raw=True, force_insert=True)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        for statement in json.loads((landed.folder / "locks.json").read_text())[connection.vendor]:
            cursor.execute(statement)


def opened(folder: Path) -> Landed:
    landed = unpacked(folder)
    fill(migrating.at(LANDED), landed)
    call_command("migrate", verbosity=0)
    return landed
