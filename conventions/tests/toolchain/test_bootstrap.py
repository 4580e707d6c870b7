import importlib.util
import re

import bootstrap
import machine
import pytest

SETTINGS = (machine.ROOT / "opt_partners" / "settings.py").read_text(encoding="utf-8")
GUNICORN = (machine.ROOT / "gunicorn.conf.py").read_text(encoding="utf-8")
OPERATIONS = (machine.ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_make_venv_without_ensurepip_gives_the_command(monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find_spec(name)
    )
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", machine.ROOT / "no-such-python")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(machine.Fault, match="apt-get install -y --no-install-recommends python3-venv"):
        bootstrap.make_venv()


def test_missing_pdf_libraries_give_the_command(monkeypatch):
    monkeypatch.setattr(bootstrap, "PDF_CHECK", "raise SystemExit(1)")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(machine.Fault, match="install -y --no-install-recommends libpango"):
        bootstrap.check_pdf_libraries()


def test_pip_errors_are_shown_without_addresses():
    shown = bootstrap._errors_only(
        "Looking in indexes: https://a.example/x\nERROR: no match at https://b.example/y"
    )
    assert shown == "ERROR: no match at <serveur de paquets>"


def test_requirements_are_pinned():
    lines = [
        line
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (machine.ROOT / name).read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    ]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_operations_list_every_variable_the_site_reads():
    read = set(re.findall(r"\benv(?:\.\w+)?\(\s*['\"]([A-Z_]+)", SETTINGS))
    read |= set(re.findall(r"environ\.get\(['\"]([A-Z_]+)", GUNICORN))
    listed = {
        name
        for row in re.findall(r"^\| (`[A-Z].*?) \|", OPERATIONS, re.MULTILINE)
        for name in re.findall(r"[A-Z_]+", row)
    }
    assert listed == read
