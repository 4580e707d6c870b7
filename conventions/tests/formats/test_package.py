"""The package as a whole: what it offers, and what it never needs."""

import subprocess
import sys

from conventions import formats


def test_every_public_name_exists_once():
    assert sorted(formats.__all__) == sorted(set(formats.__all__))
    assert [name for name in formats.__all__ if not hasattr(formats, name)] == []


def test_formats_are_imported_without_django_or_heavy_libraries():
    program = (
        "import sys, conventions.formats;"
        "print(sorted({'django', 'num2words', 'weasyprint', 'openpyxl'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
