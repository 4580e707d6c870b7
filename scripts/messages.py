"""Keep the French catalogue: add the plurals the code uses, compile .po → .mo, without gettext's programs.

Usage: .venv/bin/python scripts/messages.py            (`make messages`)

Our msgids are French already, so a plural translates to itself; but without an entry gettext counts as English
does and prints « 0 conventions ». The .mo is committed: a site needs neither gettext nor a build step.
"""

import ast
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "conventions" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
MAGIC = 0x950412DE
PLURAL_CALLS = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
KEYWORDS = ("msgctxt", "msgid_plural", "msgid", "msgstr")


def plurals_in_python(source: str) -> Iterator[str]:
    """Yield the catalogue key of each plural written as literals in Python code."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if name in PLURAL_CALLS and len(texts) == (3 if "np" in name else 2):
                yield key_of(*texts)


def plurals_in_template(source: str) -> Iterator[str]:
    """Yield the catalogue key of each {% blocktranslate count … %} of a template."""
    for arguments in re.findall(r" np?gettext\((.*?), ?count\) ", templatize(source)):
        yield key_of(*ast.literal_eval(f"({arguments})"))


def key_of(*texts: str) -> str:
    """Return gettext's key of (singular, plural) or (context, singular, plural)."""
    *context, singular, plural = texts
    return "".join(f"{text}\4" for text in context) + f"{singular}\0{plural}"


def plurals_used() -> list[str]:
    """Return the key of each plural the site uses, sorted."""
    code = (path for path in ROOT.glob("conventions/**/*.py") if "tests" not in path.parts)
    templates = (path for path in ROOT.glob("templates/**/*") if path.is_file())
    found = {key for path in code for key in plurals_in_python(path.read_text(encoding="utf-8"))}
    found |= {key for path in templates for key in plurals_in_template(path.read_text(encoding="utf-8"))}
    return sorted(found)


def entry_of(key: str) -> str:
    """Return the .po entry of a plural that translates to itself."""
    context, _, texts = key.rpartition("\4")
    singular, plural = texts.split("\0")
    lines = [f"msgctxt {_quoted(context)}"] if context else []
    lines += [f"msgid {_quoted(singular)}", f"msgid_plural {_quoted(plural)}"]
    lines += [f"msgstr[0] {_quoted(singular)}", f"msgstr[1] {_quoted(plural)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def missing_plurals(text: str) -> list[str]:
    """Return the keys used by the site that a catalogue's text lacks."""
    known = parse(text)
    return [key for key in plurals_used() if key not in known]


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
    tables: tuple[list[bytes], list[bytes]] = ([], [])
    texts = b""
    start = 28 + 16 * count
    for side in (0, 1):
        for pair in pairs:
            tables[side].append(struct.pack("<II", len(pair[side]), start + len(texts)))
            texts += pair[side] + b"\0"
    header = struct.pack("<7I", MAGIC, 0, count, 28, 28 + 8 * count, 0, 0)
    return header + b"".join(tables[0]) + b"".join(tables[1]) + texts


def main() -> int:
    text = CATALOGUE.read_text(encoding="utf-8")
    missing = missing_plurals(text)
    text += "".join(f"\n{entry_of(key)}" for key in missing)
    CATALOGUE.write_text(text, encoding="utf-8")
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(parse(text)))
    print(f"{CATALOGUE.relative_to(ROOT)} : {len(missing)} pluriel(s) ajouté(s), catalogue compilé.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
