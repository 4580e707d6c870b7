"""A command run without what it needs says so in one line, instead of a trace about something else."""

import os
import subprocess
import sys

from django.conf import settings


def test_command_without_a_secret_key_says_what_to_do(tmp_path):
    environment = {
        key: value for key, value in os.environ.items() if key not in {"SECRET_KEY", "DEBUG", "DEMO", "CI"}
    }
    result = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        env=environment | {"DATA_DIR": str(tmp_path)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("SECRET_KEY n’est pas définie")
    assert "Traceback" not in result.stderr
