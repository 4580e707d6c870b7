"""What the settings make of the environment: where the data are, how PostgreSQL is asked to work."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

SERVER = "postgres://site:secret@serveur/base"


def said(setting: str, **variables: str) -> str:
    """Last line of what the settings say, as JSON, with these variables of environment."""
    show = f"import json; from django.conf import settings; print(json.dumps({setting}, default=str))"
    environment = {name: value for name, value in os.environ.items() if name != "PGOPTIONS"}
    result = subprocess.run(
        [sys.executable, "-c", show],
        env=environment | {"DJANGO_SETTINGS_MODULE": "opt_partners.settings", "DEBUG": "1"} | variables,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    return (result.stdout or result.stderr).splitlines()[-1]


def test_empty_data_folder_is_the_usual_one():
    assert json.loads(said("settings.DATA_DIR", DATA_DIR="")) == str(settings.BASE_DIR / "var")


@pytest.mark.parametrize("folder", [".", "static"])
def test_project_folder_is_refused(folder):
    """Collected static files there would erase their sources."""
    assert said("settings.DATA_DIR", DATA_DIR=folder).endswith(
        "DATA_DIR est le dossier du projet. Choisissez un dossier à part pour les données."
    )


@pytest.mark.parametrize(
    ("address", "more", "expected"),
    [
        ("", {}, {"options": "-c jit=off -c lock_timeout=20s"}),
        ("?sslmode=require", {}, {"sslmode": "require", "options": "-c jit=off -c lock_timeout=20s"}),
        (
            "?options=-c%20search_path%3Dsite",
            {},
            {"options": "-c jit=off -c lock_timeout=20s -c search_path=site"},
        ),
        ("?options=-c%20jit%3Don", {}, {"options": "-c jit=off -c lock_timeout=20s -c jit=on"}),
        (
            "",
            {"PGOPTIONS": "-c lock_timeout=5s"},
            {"options": "-c jit=off -c lock_timeout=20s -c lock_timeout=5s"},
        ),
        (
            "?options=-c%20search_path%3Dsite",
            {"PGOPTIONS": "-c lock_timeout=5s"},
            {"options": "-c jit=off -c lock_timeout=20s -c search_path=site"},
        ),
    ],
)
def test_postgresql_is_asked_not_to_compile_beside_what_the_address_asks(address, more, expected, tmp_path):
    """The last word is the operator's. The client itself reads PGOPTIONS only when the address has no options."""
    variables = {"DATABASE_URL": SERVER + address, "DATA_DIR": str(tmp_path)} | more
    assert json.loads(said("settings.DATABASES['default']['OPTIONS']", **variables)) == expected


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite ne compile pas ses requêtes")
def test_postgresql_does_not_compile_queries():
    """Each wide query of a list was compiled anew, for longer than it ran: 1.2 s for a page of 10,000 conventions."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
