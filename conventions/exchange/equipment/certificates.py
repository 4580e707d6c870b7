"""Certificates of erasure as files: the JSON of nwipe, alone or by hundreds in a ZIP; PDFs beside them.

A file says what it says: nwipe names neither the method nor the computer, and nothing is made up. « success » with
errors is a failure. What cannot be read says why, and the others go on.
"""

import datetime
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from conventions.domain.foundation.refusals import Refused
from conventions.formats import NBSP, clean_line, read_serial, search_key, show_size
from conventions.formats.encodings import read_table

NOUMEA: Final = ZoneInfo("Pacific/Noumea")
MAX_JSON: Final = 2 * 1024 * 1024
MAX_FILE: Final = 10 * 1024 * 1024
MAX_ARCHIVE: Final = 50 * 1024 * 1024
MAX_UNZIPPED: Final = 200 * 1024 * 1024
MAX_FILES: Final = 2_000
MAX_TEXT: Final = 300
SUCCESS: Final = frozenset({"success", "succeeded", "erased", "ok", "pass", "passed"})
FAILURE: Final = frozenset(
    {"failed", "failure", "fail", "error", "errors", "aborted", "abort", "user aborted", "incomplete"}
)
_PERSONS: Final = (
    "op_tech",
    "technician",
    "operator",
    "contact",
    "name",
    "email",
    "phone",
    "address",
    "customer",
)
_IGNORED: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


class UnreadableCertificate(Refused):
    """A file that is no certificate we can read; its message, in French, says what to do."""


class Sent(NamedTuple):
    """A file as it came, alone or in an archive. `fault`: why it is not opened, in French."""

    name: str
    content: bytes = b""
    fault: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem.lower()


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a file says of one medium. `why`: of a failure, in French; `raw`: its facts, without anybody's name."""

    file: str
    sha256: str
    serial: str
    key: str
    succeeded: bool
    done_on: datetime.date
    ended_at: datetime.datetime | None = None
    why: str = ""
    model: str = ""
    size_bytes: int | None = None
    tool: str = ""
    tool_version: str = ""
    agent: str = ""
    raw: dict[str, Any] = field(default_factory=dict)


def unpacked(files: Iterable[tuple[str, bytes]]) -> Iterator[Sent]:
    """Each file, and those of each archive. Raises UnreadableCertificate for an archive that is refused whole."""
    for name, content in files:
        if content.startswith(b"PK\x03\x04"):
            yield from _of_archive(name, content)
        else:
            yield Sent(name, content, _too_big(name, len(content)))


def _of_archive(name: str, content: bytes) -> Iterator[Sent]:
    if len(content) > MAX_ARCHIVE:
        raise UnreadableCertificate(
            f"«{NBSP}{name}{NBSP}» dépasse {show_size(MAX_ARCHIVE)}. Partagez-la en plusieurs."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not _is_nothing(entry)]
            if len(entries) > MAX_FILES:
                raise UnreadableCertificate(
                    f"«{NBSP}{name}{NBSP}» contient plus de {MAX_FILES} fichiers. Partagez-la en plusieurs."
                )
            left = MAX_UNZIPPED
            for entry in entries:
                sent = _entry(archive, entry, left)
                left -= len(sent.content)
                yield sent
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise UnreadableCertificate(f"L’archive «{NBSP}{name}{NBSP}» est abîmée. Refaites-la.") from error


def _is_nothing(entry: zipfile.ZipInfo) -> bool:
    """Folders, and what systems add by themselves."""
    path = PurePosixPath(entry.filename)
    return entry.is_dir() or path.name.lower() in _IGNORED or "__MACOSX" in path.parts


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> Sent:
    name = clean_line(PurePosixPath(entry.filename.replace("\\", "/")).name)
    if entry.flag_bits & 1:
        return Sent(name, fault="Protégé par un mot de passe. Retirez-le de l’archive.")
    try:
        with archive.open(entry) as part:
            content = part.read(min(MAX_FILE, left) + 1)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        return Sent(name, fault="Abîmé dans l’archive. Refaites-la.")
    if len(content) > left:
        raise UnreadableCertificate(f"Cette archive dépasse {show_size(MAX_UNZIPPED)} une fois ouverte.")
    if content.startswith(b"PK\x03\x04"):
        return Sent(name, fault="Archive dans l’archive. Envoyez-la à part.")
    fault = _too_big(name, len(content))
    return Sent(name, b"" if fault else content, fault)


def _too_big(name: str, size: int) -> str:
    most = MAX_JSON if name.lower().endswith(".json") else MAX_FILE
    return f"Dépasse {show_size(most)}. Ce n’est pas un certificat d’effacement." if size > most else ""


def is_pdf(sent: Sent) -> bool:
    return b"%PDF-" in sent.content[:1029]


def read_certificates(sent: Sent, *, today: datetime.date) -> list[Certificate]:
    """The certificates of a file: one, or those of a list. Raises UnreadableCertificate."""
    if sent.fault:
        raise UnreadableCertificate(sent.fault)
    loaded = _loaded(sent.content)
    reports = loaded if isinstance(loaded, list) else [loaded]
    if not reports:
        raise UnreadableCertificate("Ce fichier ne contient aucun rapport.")
    several = len(reports) > 1
    return [
        _certificate(report, sent, rank if several else 0, today)
        for rank, report in enumerate(reports, start=1)
    ]


def _loaded(content: bytes) -> Any:
    table = read_table(content)
    if table is None:
        raise UnreadableCertificate("Ce fichier n’est ni un certificat nwipe (JSON) ni un PDF.")
    try:
        return json.loads(
            table.text.removeprefix("\ufeff"),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_int=_whole,
        )
    except RecursionError as error:
        raise UnreadableCertificate("Ce fichier n’est pas un certificat nwipe.") from error
    except json.JSONDecodeError as error:
        told = f"Ce fichier JSON est abîmé à la ligne {error.lineno}. Reprenez-le depuis nwipe."
        raise UnreadableCertificate(told) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            told = f"«{NBSP}{clean_line(key)[:60]}{NBSP}» est deux fois dans ce fichier, modifié ou abîmé."
            raise UnreadableCertificate(f"{told} Reprenez-le depuis nwipe.")
        found[key] = value
    return found


def _no_number(name: str) -> Any:
    raise UnreadableCertificate(f"Ce fichier contient une valeur impossible («{NBSP}{name}{NBSP}»).")


def _whole(digits: str) -> int:
    if len(digits) > 20:
        raise UnreadableCertificate("Ce fichier contient un nombre impossible.")
    return int(digits)


def _certificate(report: Any, sent: Sent, rank: int, today: datetime.date) -> Certificate:
    if not isinstance(report, dict):
        raise UnreadableCertificate("Ce fichier n’est pas un certificat nwipe.")
    device, result, made = (_part(report, name) for name in ("device", "wipe_result", "report_metadata"))
    if not device and not result:
        raise UnreadableCertificate("Ce fichier n’est pas un certificat nwipe.")
    read = read_serial(_text(device, "serial_no"))
    if not read.key:
        raise UnreadableCertificate(
            "Ce certificat ne dit pas le numéro de série du support. Saisissez cet effacement."
        )
    ended_at = _moment(result, "end_time") or _generated(made)
    if ended_at is None:
        raise UnreadableCertificate(
            "Ce certificat ne dit pas quand l’effacement a fini. Saisissez cet effacement."
        )
    done_on = ended_at.astimezone(NOUMEA).date()
    if done_on > today:
        raise UnreadableCertificate(
            f"Ce certificat est daté du {done_on:%d/%m/%Y}, dans le futur. Réglez l’horloge du poste."
        )
    succeeded, why = _outcome(result)
    return Certificate(
        file=sent.name,
        sha256=hashlib.sha256(f"{sent.sha256}-{rank}".encode()).hexdigest() if rank else sent.sha256,
        serial=read.text,
        key=read.key,
        succeeded=succeeded,
        done_on=done_on,
        ended_at=ended_at,
        why=why,
        model=_text(device, "model")[:120],
        size_bytes=_number(device, "size_bytes"),
        tool=(_text(made, "software") or "nwipe")[:80],
        tool_version=_text(made, "version")[:40],
        agent=_agent(report)[:120],
        raw={name: _facts(_part(report, name)) for name in ("report_metadata", "device", "wipe_result")},
    )  # fmt: skip


def _outcome(result: Mapping[str, Any]) -> tuple[bool, str]:
    """(whether it succeeded, why not). A success is one that says so, and counts no error."""
    status = search_key(_text(result, "status"))
    errors = [_number(result, name) for name in ("pass_errors", "verify_errors")]
    if status in FAILURE:
        return False, f"nwipe dit «{NBSP}{status}{NBSP}»"
    if status not in SUCCESS:
        raise UnreadableCertificate(
            f"Ce certificat ne dit pas si l’effacement a réussi (résultat «{NBSP}{_text(result, 'status')}{NBSP}»)."
        )
    if None in errors:
        raise UnreadableCertificate("Ce certificat ne compte pas les erreurs. Reprenez-le depuis nwipe.")
    total = sum(error for error in errors if error)
    return (
        (True, "")
        if not total
        else (False, f"«{NBSP}success{NBSP}», mais avec {total} erreur{'s' * (total > 1)}")
    )


def _part(report: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = report.get(name)
    return found if isinstance(found, dict) else {}


def _text(part: Mapping[str, Any], name: str) -> str:
    value = part.get(name)
    return clean_line(str(value)).strip()[:MAX_TEXT] if isinstance(value, str | int | float) else ""


def _number(part: Mapping[str, Any], name: str) -> int | None:
    value = part.get(name)
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value != int(value):
        return None
    return int(value) if value < 1 << 62 else None


def _moment(part: Mapping[str, Any], name: str) -> datetime.datetime | None:
    """Seconds since 1970, or a day and an hour; None for none."""
    seconds = _number(part, name)
    if seconds:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC) if seconds < 1 << 33 else None
    return _read_moment(_text(part, name))


def _generated(made: Mapping[str, Any]) -> datetime.datetime | None:
    return _moment(made, "generated_at")


def _read_moment(text: str) -> datetime.datetime | None:
    """ISO 8601, or « 2025/06/03 14:05:22 »; Nouméa's hour when none is said."""
    try:
        found = datetime.datetime.fromisoformat(text.replace("/", "-").removesuffix(" UTC"))
    except ValueError:
        return None
    if text.endswith(" UTC"):
        return found.replace(tzinfo=datetime.UTC)
    return found if found.tzinfo else found.replace(tzinfo=NOUMEA)


def _agent(report: Mapping[str, Any]) -> str:
    """Who did it, when the file says: nwipe calls it the technician of the organisation."""
    part = _part(report, "organization")
    return next(
        (found for name in ("op_tech_name", "technician", "operator") if (found := _text(part, name))), ""
    )


def _facts(part: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a part: plain facts, none about a person (the name of a device is its path)."""
    kept = {}
    for key, value in list(part.items())[:60]:
        plain = clean_line(str(key))[:60]
        if any(word in plain.lower() for word in _PERSONS):
            continue
        if isinstance(value, str | int | float | bool) or value is None:
            kept[plain] = clean_line(value)[:MAX_TEXT] if isinstance(value, str) else value
    return kept
