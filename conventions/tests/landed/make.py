"""Make `world.tar.xz` with the code of the commit that it is of. By hand, and once:

    git worktree add --detach ../landed 1fbc2b4
    .venv/bin/python -m conventions.tests.landed.make ../landed

The old code does all the work, in a process and a folder of its own (see `old_world`).
"""

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from conventions.tests import landed

HERE = Path(__file__).parent
KEPT = ("rows.jsonl", "locks.json", "private", "sceau")


def main(checkout: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "opt_partners.settings",
            "PYTHONPATH": str(checkout),
            "DEMO": "1",
            "DATA_DIR": name,
            "SECRET_KEY": landed.SECRET_KEY,
            "FIELD_ENCRYPTION_KEYS": landed.FIELD_KEY,
        }
        subprocess.run([sys.executable, HERE / "old_world.py", name], env=environment, check=True)
        pack(data)


def pack(data: Path) -> None:
    """Files in the order they were written: what a later one repeats of an earlier one costs nothing."""
    files = [path for kept in KEPT for path in [data / kept, *(data / kept).rglob("*")] if path.is_file()]
    with tarfile.open(landed.ARCHIVE, "w:xz", preset=9) as archive:
        for path in sorted(files, key=lambda path: path.stat().st_mtime_ns):
            archive.add(path, path.relative_to(data), filter=_anonymous)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o644
    return entry


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
