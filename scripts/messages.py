"""Compile the French catalogue (.po → .mo) without gettext's programs.

Usage: python3 scripts/messages.py            write each .mo beside its .po (`make messages`)

The .mo files are committed: a site needs neither gettext nor a build step. A test compares both.
"""

import ast
import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAGIC = 0x950412DE
KEYWORDS = ("msgctxt", "msgid_plural", "msgid", "msgstr")


def parse(text: str) -> dict[str, str]:
    """Return msgid → msgstr as gettext keys them (context \\4 id \\0 plural); fuzzy and empty ones left out."""
    messages = {}
    for block in text.replace("\r\n", "\n").split("\n\n"):
        entry, fuzzy = _entry(block)
        translation = "\0".join(value for key, value in sorted(entry.items()) if key.startswith("msgstr"))
        if "msgid" not in entry or not translation.strip("\0") or (fuzzy and entry["msgid"]):
            continue
        key = entry["msgid"]
        if "msgctxt" in entry:
            key = f"{entry['msgctxt']}\4{key}"
        if "msgid_plural" in entry:
            key = f"{key}\0{entry['msgid_plural']}"
        messages[key] = translation
    return messages


def _entry(block: str) -> tuple[dict[str, str], bool]:
    """Read one block of a .po file: keyword → text, and whether it is marked fuzzy."""
    entry: dict[str, str] = {}
    current, fuzzy = "", False
    for line in block.splitlines():
        if line.startswith("#,") and "fuzzy" in line:
            fuzzy = True
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            current, line = line.split(" ", 1)
            if current.split("[")[0] not in KEYWORDS:
                raise ValueError(f"mot inconnu dans le catalogue : {current}")
            entry[current] = ""
        entry[current] += ast.literal_eval(line.strip())
    return entry, fuzzy


def compiled(messages: dict[str, str]) -> bytes:
    """Return the bytes of a .mo file: header, table of keys, table of translations, texts."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    count = len(pairs)
    tables, texts = [[], []], b""
    start = 28 + 16 * count
    for side in (0, 1):
        for pair in pairs:
            tables[side].append(struct.pack("<II", len(pair[side]), start + len(texts)))
            texts += pair[side] + b"\0"
    header = struct.pack("<7I", MAGIC, 0, count, 28, 28 + 8 * count, 0, 0)
    return header + b"".join(tables[0]) + b"".join(tables[1]) + texts


def main() -> int:
    for source in sorted(ROOT.glob("conventions/locale/*/LC_MESSAGES/*.po")):
        source.with_suffix(".mo").write_bytes(compiled(parse(source.read_text(encoding="utf-8"))))
        print(source.relative_to(ROOT).with_suffix(".mo"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
