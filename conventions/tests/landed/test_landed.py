"""What was made before the house was arranged anew stays whole, verifiable and alive with today's code."""

import io
import pytest
from django.apps import apps
from django.core.management import call_command

from conventions.tests.landed.rows import encoded

def test_nothing_is_lost(world):
    kept = {(name, values["id"]): values for name, values in world.rows}
    found = {(name, row.pk): encoded(row) for name in {n for n, _ in kept} for row in apps.get_model(name)._base_manager.all()}
    assert {key: values for key, values in kept.items() if not values.items() <= found.get(key, {}).items()} == {}

def test_archives(world):
    said = io.StringIO()
    call_command("verifier_archives", echantillon=100, stdout=said, stderr=said)
    assert said.getvalue().startswith("Tout concorde")
