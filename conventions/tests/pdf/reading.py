"""Reading real PDFs in tests: text without typographic spaces, structure, embedded files."""

import io
import re
import subprocess
from pathlib import Path

import pypdf


def text_of(content: bytes) -> str:
    """The text of every page as one line, each run of spaces of any kind made one plain space."""
    return plain(" ".join(page.extract_text() for page in reader(content).pages))


def page_texts(content: bytes) -> list[str]:
    return [plain(page.extract_text()) for page in reader(content).pages]


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " ")).strip()


def reader(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def poppler(tool: str, content: bytes, folder: Path, *options: str) -> str:
    """What a poppler tool prints about the document."""
    path = folder / "document.pdf"
    path.write_bytes(content)
    command = [tool, *options, str(path), *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout
