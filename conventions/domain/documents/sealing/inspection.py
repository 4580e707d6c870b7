"""Read the seals of a PDF that anyone may have made. Run as a program, apart: bytes in, JSON out.

    python -I inspection.py < file.pdf

Never imported by the site's processes: a hostile file makes a reader loop, fill the memory or raise anything. Limits
of memory and time are set before the first byte is read; the caller adds one on the clock.
"""

# ruff: noqa: BLE001 (a hostile file may make the reader raise anything)

from __future__ import annotations

import base64
import io
import json
import logging
import resource
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

MEMORY = 640 * 1024 * 1024  # bytes of addresses; the libraries take about 200
SECONDS = 10  # of processor
OWN_FIELD, OWN_GENERATOR = "sceau", "OPT Partners"
READ, UNREADABLE, PROTECTED = "lu", "illisible", "protege"


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)  # pyHanko logs tracebacks of 100 kB


def inspect(content: bytes) -> dict:
    """What the file holds: `state`, `is_ours` (made by this application, it says), `seals` in order."""
    try:
        reader = strict_reader()(io.BytesIO(content), strict=True)
        if reader.encrypted:
            return {"state": PROTECTED, "is_ours": False, "seals": []}
        embedded = list(reader.embedded_regular_signatures)
        return {
            "state": READ,
            "is_ours": is_ours(reader),
            "seals": [seal(row, content) for row in embedded],
        }
    except MemoryError:
        raise
    except Exception:
        return broken(content)


def strict_reader() -> type:
    """pyHanko's reader, which reads the table of an object stream once, and not again for each of its objects.

    A six-page agreement with four seals takes a third of the time. Whatever is unusual is left to pyHanko's own way.
    """
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.decode_limits import DecodePurpose
    from pyhanko.pdf_utils.reader import PdfFileReader

    class StrictReader(PdfFileReader):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self.tables: dict = {}
            super().__init__(*args, **kwargs)

        def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> generic.PdfObject:
            if stmnum not in self.tables:
                stream = generic.Reference(stmnum, 0, self).get_object()
                if not isinstance(stream, generic.StreamObject):
                    return super()._get_object_from_stream(idnum, stmnum, idx)
                data = stream.read_data(DecodePurpose.OBJECT_STREAM)
                self.tables[stmnum] = data, object_table(stream, data)
            data, table = self.tables[stmnum]
            rank, start = table.get(idnum, (None, 0))
            if rank == idx:
                source = io.BytesIO(data)
                source.seek(start)
                found = generic.read_object(source, generic.Reference(idnum, 0, self))
                if not isinstance(found, generic.StreamObject | generic.IndirectObject):
                    return found
            return super()._get_object_from_stream(idnum, stmnum, idx)

    return StrictReader


def object_table(stream: dict, data: bytes) -> dict[int, tuple[int, int]]:
    """Number of an object → its rank and its first byte; empty unless it is plain digits, as many as announced."""
    first = int(stream["/First"])
    words = data[:first].split()
    if stream["/Type"] != "/ObjStm" or len(words) != 2 * stream["/N"] or not all(map(bytes.isdigit, words)):
        return {}
    table: dict[int, tuple[int, int]] = {}
    for rank, (number, offset) in enumerate(zip(words[::2], words[1::2], strict=True)):
        table.setdefault(int(number), (rank, first + int(offset)))
    return table


def broken(content: bytes) -> dict:
    """The strict reader stumbled: on a seal that does not hold, or on a foreign file that a lax one can read."""
    if b"/ByteRange" in content:
        return {"state": READ, "is_ours": True, "seals": [unreadable_seal()]}
    return {"state": READ if is_readable(content) else UNREADABLE, "is_ours": False, "seals": []}


def is_readable(content: bytes) -> bool:
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        return PdfFileReader(io.BytesIO(content), strict=False).root["/Type"] == "/Catalog"
    except Exception:
        return False


def is_ours(reader: PdfFileReader) -> bool:
    """Whether the file claims to come from here: it has our seal's field, or our name as its maker."""
    try:
        if reader.trailer["/Info"].get("/Creator", "") == OWN_GENERATOR:
            return True
        return OWN_FIELD in [row.get_object()["/T"] for row in reader.root["/AcroForm"]["/Fields"]]
    except MemoryError:
        raise
    except Exception:  # whatever is missing or of another shape
        return False


def unreadable_seal() -> dict:
    return {
        "field": "", "intact": False, "coverage": "ENTIRE_FILE", "allowed": False, "end": 0,
        "certificate": "", "stamped": False,
    }  # fmt: skip


def seal(embedded: EmbeddedPdfSignature, content: bytes) -> dict:
    """One seal: whether its bytes hold, what they cover, whether what came after was allowed."""
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    found = unreadable_seal() | {"field": embedded.field_name, "end": end_of(embedded)}
    try:
        found["certificate"] = base64.b64encode(embedded.signer_cert.dump()).decode()
        found["coverage"] = embedded.evaluate_signature_coverage().name
        context = ValidationContext(
            trust_roots=[embedded.signer_cert], allow_fetching=False, moment=embedded.self_reported_timestamp
        )
        status = validate_pdf_signature(embedded, signer_validation_context=context)
    except MemoryError:
        raise
    except Exception:
        return found
    level = getattr(status.modification_level, "name", "OTHER")
    return found | {
        "intact": bool(status.intact and status.valid),
        "coverage": getattr(status.coverage, "name", ""),
        "allowed": bool(status.docmdp_ok) and level != "OTHER",
        "stamped": status.timestamp_validity is not None,
    }


def end_of(embedded: EmbeddedPdfSignature) -> int:
    """Where the revision of a seal ends, in bytes from the start of the file."""
    try:
        ranges = [int(value) for value in embedded.byte_range]
        return ranges[-2] + ranges[-1]
    except Exception:
        return 0


def main() -> int:
    limit()
    content = sys.stdin.buffer.read()
    try:
        report = inspect(content)
    except (MemoryError, RecursionError):
        report = {"state": UNREADABLE, "is_ours": False, "seals": []}
    json.dump(report, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
