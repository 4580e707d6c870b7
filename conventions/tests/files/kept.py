"""The contexts that tests of documents read: what the product assembles from rows typed on its screens.

`python -m conventions.tests.files.kept` writes them again, beside `conventions.tests.pdf.samples`, once a context holds
more. Names and amounts are invented (« fictif »), but for the published facts of the demonstration's cases.
"""

import contextlib
import datetime
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest  # noqa: F401 - its presence tells the settings that these are tests
import time_machine

FOLDER = Path(__file__).parent.parent / "pdf" / "samples" / "kept"


@contextlib.contextmanager
def standing(year: int, month: int, day: int) -> Iterator[None]:
    """That morning in Nouméa."""
    from conventions.tests.conftest import NOUMEA

    with time_machine.travel(datetime.datetime(year, month, day, 9, tzinfo=NOUMEA), tick=False):
        yield


@contextlib.contextmanager
def at_work(desk: Any, *day: int) -> Iterator[None]:
    """That morning, the people of this desk signed in."""
    from conventions.tests.conftest import sign_in

    with standing(*day):
        desk.officer, desk.lawyer = sign_in(desk.officer.user), sign_in(desk.lawyer.user)
        yield


def assembled() -> dict[str, Any]:
    """{name of a sample: its context}, made on an empty base whose files go to a folder of its own."""
    from conventions.tests.files import fictitious, published

    with standing(2026, 3, 10):
        desk = fictitious.desk()
    return fictitious.contexts(desk) | published.contexts(desk)


def written(context: Any) -> str:
    """A context as its file holds it."""
    from conventions.domain.documents.context import to_snapshot

    return json.dumps(to_snapshot(context), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opt_partners.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import override_settings, setup_test_environment

    from conventions.tests.harness import Kept, one_clock, with_proofs

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    proved = override_settings(MIDDLEWARE=with_proofs(settings.MIDDLEWARE))
    with tempfile.TemporaryDirectory() as folder, Kept(Path(folder)).being_made(), one_clock(), proved:
        found = assembled()
    FOLDER.mkdir(exist_ok=True)
    for name, context in found.items():
        (FOLDER / f"{name}.json").write_text(written(context))
    return 0


if __name__ == "__main__":
    sys.exit(main())
