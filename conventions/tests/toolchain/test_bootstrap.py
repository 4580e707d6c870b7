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


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes of each package of a lock, by normal name (PEP 503)."""
    found = {}
    for entry in re.split(r"\n(?=[\w.-]+==)", (machine.ROOT / name).read_text()):
        if match := re.match(r"([\w.-]+)==(\S+)", entry):
            hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)
            found[_normal(match[1])] = (match[2], len(hashes))
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(*names: str) -> dict[str, str]:
    lines = [line for name in names for line in (machine.ROOT / name).read_text().splitlines()]
    return {_normal(line.split("==")[0]): line.split("==")[1] for line in lines if "==" in line}


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("requirements.lock", ["requirements.txt"]),
        ("requirements-dev.lock", ["requirements.txt", "requirements-dev.txt"]),
    ],
)
def test_every_requirement_is_locked_with_hashes(lock, requirements):
    """When it fails: make lock"""
    held, wanted = locked(lock), pinned(*requirements)
    assert {name: version for name, (version, _hashes) in held.items() if name in wanted} == wanted
    assert [name for name, (_version, hashes) in held.items() if hashes == 0] == []


def test_the_two_locks_agree():
    """When it fails: make lock"""
    full = locked("requirements-dev.lock")
    run = locked("requirements.lock")
    assert {name: full.get(name) for name in run} == run


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_no_server_nor_folder(lock):
    assert re.findall(r"^-.*|://", (machine.ROOT / lock).read_text(), re.MULTILINE) == []


@pytest.mark.parametrize(
    ("dev", "lock"), [(False, "requirements.lock"), (True, "requirements-dev.lock")], ids=["run", "dev"]
)
def test_bootstrap_installs_the_lock_and_nothing_unknown(monkeypatch, tmp_path, dev, lock):
    """pip is replaced by a program that writes down what it is asked for."""
    asked = tmp_path / "asked"
    pip = tmp_path / "python"
    pip.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {asked}\n')
    pip.chmod(0o755)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", pip)
    monkeypatch.setattr(bootstrap, "check_pdf_libraries", lambda: None)
    bootstrap.prepare(dev=dev)
    words = asked.read_text().split()
    assert "--require-hashes" in words
    assert words[words.index("-r") + 1 :] == [str(machine.ROOT / lock)]
    asked.unlink()
    bootstrap.prepare(dev=dev)
    assert "install" not in asked.read_text().split()


def test_a_file_of_another_hash_is_refused(monkeypatch, tmp_path):
    """Really installed by pip, from a folder: what does not have the lock's hash does not get in."""
    from zipfile import ZipFile

    with ZipFile(tmp_path / "sample-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("sample.py", "")
        wheel.writestr("sample-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: sample\nVersion: 1.0\n")
        wheel.writestr(
            "sample-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("sample-1.0.dist-info/RECORD", "")
    (tmp_path / "sample.lock").write_text(f"sample==1.0 --hash=sha256:{'0' * 64}\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "PIP_ATTEMPTS", 1)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "installed"))
    with pytest.raises(machine.Fault, match="DO NOT MATCH THE HASHES"):
        bootstrap.install_locked("sample.lock")
    assert not (tmp_path / "installed").exists()


def test_operations_list_every_variable_the_site_reads():
    read = set(re.findall(r"\benv(?:\.\w+)?\(\s*['\"]([A-Z_]+)", SETTINGS))
    read |= set(re.findall(r"environ\.get\(['\"]([A-Z_]+)", GUNICORN))
    listed = {
        name
        for row in re.findall(r"^\| (`[A-Z].*?) \|", OPERATIONS, re.MULTILINE)
        for name in re.findall(r"[A-Z_]+", row)
    }
    assert listed == read
