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


# A vowel that is heard: « le onze », « la une », « de 8 », « que oui » are right; « dites-le à » has a pronoun.
_VOWEL = r"(?!(?:onz|oui|ouist|uhlan|ulul|un\b|une\b|[A-ZÀ-Ý]\b))[aeiouàâäéèêëîïôöûüœAEIOUÀÂÉÈÊËÎÏÔÖÛÜŒ]"
_FAULTY = re.compile(
    r"\.,|(?<!etc)\. (?=[a-zà-ÿ])|(?<!\.)\.\.(?!\.)|\S [,.]|\.\s;"
    r"|(?<!-)\b(?:le|du|au) (?:dans|avant|à|en|fin|chaque|au plus tard)\b"
    r"|\b[Vv]u (?:le|la) [aeiou]"
    r"|\b0 article|[dD]urée inconnue"
    r"|\b[dD]e les? (?!\w+r\b)|\b[àÀ] les? (?!\w+r\b)|au plus tard au plus tard|\ble le\b|\bau au\b"
    r"|\bNone\b|\bnan\b|\bN/A\b|\bundefined\b|\{\{|\}\}|\{%|%\}|\[ ?\]|\( ?\)|« ?»|&(?:amp|nbsp|lt|gt|#\d+);|\\[nrt]\b"
    r"|\b(?P<twice>du|de|des|d’un|la|les|à|et|ou|que|qui|pour|par|avec|dans|sur|un|une) (?P=twice)\b|n° n°"
    r"|\b(?:du|des) (?:du|des|de|le|la|les|l’)\b|\b(?:au|aux) (?:au|aux|à|le|la|les|l’)\b"
    rf"|(?<!-)\b(?:[dDlL]e|[lL]a|[qQ]ue|[jJ]usque|[lL]orsque|[pP]uisque|[nN]e|[sS]e) (?={_VOWEL})"
)


def faults_of(text: str) -> list[str]:
    """What no French sentence holds: « ., », « le dans », « .. », « de le », « à le », a space before a comma…"""
    said = plain(text)
    return [said[max(0, found.start() - 30) : found.end() + 30] for found in _FAULTY.finditer(said)]


def double_spaces_of(html: str) -> list[str]:
    """Spaces in a row inside a paragraph, an item or a cell of a document’s HTML."""
    inner = re.findall(r"<(?:p|li|td|h2)\b[^>]*>(.*?)</(?:p|li|td|h2)>", html, re.DOTALL)
    return [text for text in inner if re.search(r"\S[ \u00a0\u202f]{2,}\S", re.sub(r"<[^>]+>", "", text))]


def raw_faults_of(texts: list[str]) -> list[str]:
    """Spaces in a row between two words of a line, in what a reader finds page by page."""
    return [
        line[max(0, found.start() - 30) : found.end() + 30]
        for text in texts
        for line in text.splitlines()
        for found in re.finditer(r"(?<=\S)[ \u00a0\u202f]{2,}(?=\S)", line)
    ]
