"""Give the templates and the style sheets their one shape: indentation by djhtml, style rules by cssbeautifier.

Usage: .venv/bin/python scripts/format_pages.py [--check]

With --check nothing is written: what is out of shape is named, and the exit code is 1. What documents are printed from
is left alone: the hashes of its files are part of a layout, and a space is no reason for a new one.
"""

import subprocess
import sys
from pathlib import Path

import cssbeautifier

ROOT = Path(__file__).resolve().parent.parent


def shaped(sheet: str) -> str:
    """A style sheet with one declaration a line."""
    options = cssbeautifier.default_options()
    options.indent_size = 2
    options.end_with_newline = True
    options.newline_between_rules = False
    return cssbeautifier.beautify(sheet, options)


def format_sheets(check: bool) -> list[str]:
    """Names of the sheets that were out of shape."""
    paths = [path for path in (ROOT / "static" / "css").glob("*.css") if not path.name.startswith("pdf")]
    sheets = {path: path.read_text() for path in sorted(paths)}
    found = [path for path, text in sheets.items() if shaped(text) != text]
    if not check:
        for path in found:
            path.write_text(shaped(sheets[path]))
    return [path.relative_to(ROOT).as_posix() for path in found]


def format_templates(check: bool) -> bool:
    """Whether all is well. Only the beginning of lines moves: no text of a page changes."""
    paths = [path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "pdf"]
    words = [sys.executable, "-m", "djhtml", "--tabwidth", "2", *(["--check"] if check else [])]
    done = subprocess.run([*words, *sorted(paths)], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, end="")
    return done.returncode == 0


def main() -> int:
    check = "--check" in sys.argv[1:]
    sheets = format_sheets(check)
    templates = format_templates(check)
    if check and sheets:
        print("À mettre en forme :", ", ".join(sheets))
    if templates and not (check and sheets):
        return 0
    print("Tapez : make format")
    return 1


if __name__ == "__main__":
    sys.exit(main())
