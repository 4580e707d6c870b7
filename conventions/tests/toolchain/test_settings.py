"""The data folder is never the project's own: collecting static files there would erase their sources."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SHOW = "from django.conf import settings; print(settings.DATA_DIR)"


def said(folder: str) -> str:
    """Last line of what the settings say with this DATA_DIR."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "opt_partners.settings",
        "DEBUG": "1",
        "DATA_DIR": folder,
    }
    result = subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    return (result.stdout or result.stderr).splitlines()[-1]


def test_empty_data_folder_is_the_usual_one():
    assert said("") == str(settings.BASE_DIR / "var")


@pytest.mark.parametrize("folder", [".", "static"])
def test_project_folder_is_refused(folder):
    assert said(folder).endswith(
        "DATA_DIR est le dossier du projet. Choisissez un dossier à part pour les données."
    )
