"""Read the seals of a PDF that anyone may have made. Run as a program, apart (`foundation.apart`): bytes in, JSON out.

Never imported by the site's processes: a hostile file makes a reader loop, fill the memory or raise anything. Limits
of memory and time are set before the first byte is read; the caller adds one on the clock.
"""

# ruff: noqa: BLE001 (a hostile file may make the reader raise anything)

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import logging
import re
import resource
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from conventions.domain.foundation.apart_child import say, wait

if TYPE_CHECKING:
    from asn1crypto import cms
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

MEMORY = 640 * 1024 * 1024  # bytes of addresses; the libraries take about 200
SECONDS = 10  # of processor
OWN_FIELD, OWN_GENERATOR = "sceau", "OPT Partners"
READ, UNREADABLE, PROTECTED = "lu", "illisible", "protege"
RANGES = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")
MAX_SEALS, MAX_FILES = 50, 100


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)  # pyHanko logs tracebacks of 100 kB


def inspect(content: bytes) -> dict:
    """What the file holds: `state`, `is_ours` (made by this application, it says), `seals` and `stamps` in order."""
    try:
        reader = strict_reader()(io.BytesIO(content), strict=True)
        if reader.encrypted:
            return report(PROTECTED)
        return report(
            READ,
            is_ours=is_ours(reader),
            seals=[seal(row, content) for row in reader.embedded_regular_signatures],
            stamps=[seal(row, content) for row in reader.embedded_timestamp_signatures],
            files=files_of(reader),
        )
    except MemoryError:
        raise
    except Exception:
        return stumbled(content)


def report(
    state: str,
    *,
    is_ours: bool = False,
    seals: Sequence = (),
    stamps: Sequence = (),
    files: Sequence[str] = (),
) -> dict:
    found = {"state": state, "is_ours": is_ours, "seals": [*seals], "stamps": [*stamps]}
    return found | {"files": [*files]}


def files_of(reader: PdfFileReader) -> list[str]:
    """SHA-256 of each file that the document holds, as its last revision names them.

    None where they do not read: a hostile file makes the reader raise anything, and the verdict on its bytes is made
    without them.
    """
    try:
        specs = reader.root["/AF"]  # an index follows references, an iteration does not
        found = (specs[rank]["/EF"]["/F"].data for rank in range(min(len(specs), MAX_FILES)))
        return [hashlib.sha256(data).hexdigest() for data in found]
    except MemoryError:
        raise
    except Exception:
        return []


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


def stumbled(content: bytes) -> dict:
    """The strict reader gave up: which seals are there, in their own place, and what a lax reader makes of the file.

    That is no verdict: bytes after the end, or before the beginning, suffice to make it give up.
    """
    rows = [placed_seal(content, *place) for place in places(content)]
    found = [row for row in rows if row]
    seals = [row for row in found if not row.pop("is_stamp")]
    stamps = [row for row in found if row not in seals]
    try:
        from pyhanko.pdf_utils.reader import PdfFileReader

        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if reader.encrypted and not found:
            return report(PROTECTED)
        is_readable = reader.root["/Type"] == "/Catalog"
        return report(
            READ if found or is_readable else UNREADABLE,
            is_ours=is_ours(reader),
            seals=seals,
            stamps=stamps,
            files=files_of(reader),
        )
    except MemoryError:
        raise
    except Exception:
        return report(READ if found else UNREADABLE, seals=seals, stamps=stamps)


def places(content: bytes) -> Iterator[tuple[cms.ContentInfo, list[int]]]:
    """Each message that is where the file says that a seal is, and the bytes that it is about."""
    for found in itertools.islice(RANGES.finditer(content), MAX_SEALS):
        before, after, length = (int(number) for number in found.groups())
        if message := message_at(content, before, after):
            yield message, [0, before, after, length]


def message_at(content: bytes, before: int, after: int) -> cms.ContentInfo | None:
    """What is between these two places: < a message in hexadecimal, then zeros >. None for anything else."""
    from asn1crypto import cms

    if before < 0 or content[before : before + 1] + content[after - 1 : after] != b"<>":
        return None
    digits = content[before + 1 : after - 1].lower()
    try:
        message = cms.ContentInfo.load(bytes.fromhex(digits.decode("ascii")))
        return message if digits == message.dump().hex().encode().ljust(len(digits), b"0") else None
    except MemoryError:
        raise
    except Exception:
        return None


def placed_seal(content: bytes, message: cms.ContentInfo, ranges: list[int]) -> dict | None:
    """The seal of this place, read without the rest of the file; None when it cannot be."""
    end = ranges[2] + ranges[3]
    found = {"placed": True, "end": end, "coverage": "ENTIRE_FILE" if end == len(content) else ""}
    try:
        signed = message["content"]
        return unreadable_seal() | found | {"is_stamp": is_stamp(signed)} | held(signed, content, ranges)
    except MemoryError:
        raise
    except Exception:
        return None


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
        "field": "", "placed": False, "genuine": False, "intact": False, "coverage": "", "allowed": None, "end": 0,
        "certificate": "", "time": "",
    }  # fmt: skip


def seal(embedded: EmbeddedPdfSignature, content: bytes) -> dict:
    """One seal or time stamp: whether its bytes hold, what they cover, whether what came after was allowed.

    Each question apart: what was added after may leave the last one without answer (`allowed` None), and says nothing
    of the first.
    """
    found = unreadable_seal() | {"field": embedded.field_name}
    try:
        ranges = [int(value) for value in embedded.byte_range]
        found |= {"end": ranges[-2] + ranges[-1], "placed": message_at(content, *ranges[1:3]) is not None}
        found["coverage"] = embedded.evaluate_signature_coverage().name
        found |= held(embedded.signed_data, content, ranges)
        found["intact"] = found["intact"] and found["placed"]
        embedded.compute_integrity_info()
        told = embedded.summarise_integrity_info()
    except MemoryError:
        raise
    except Exception:
        return found
    level = getattr(told["diff_result"], "modification_level", None)
    return found | {"allowed": bool(told["docmdp_ok"]) and getattr(level, "name", "OTHER") != "OTHER"}


def held(signed: cms.SignedData, content: bytes, ranges: list[int]) -> dict:
    """What a signature proves by itself: `genuine`, made by the key of its certificate; `intact`, of these bytes."""
    from pyhanko.sign.general import extract_certificate_info, extract_signer_info
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    signer, certificate = extract_signer_info(signed), extract_certificate_info(signed).signer_cert
    pieces = zip(ranges[::2], ranges[1::2], strict=True)
    covered = b"".join(content[start : start + length] for start, length in pieces)
    known = {"certificate": base64.b64encode(certificate.dump()).decode(), "time": stamped_at(signer)}
    algorithm = signer["digest_algorithm"]["algorithm"].native
    if not is_stamp(signed):
        digest = hashlib.new(algorithm, covered).digest()
        same, genuine = validate_sig_integrity(signer, certificate, "data", digest)
        return known | {"genuine": bool(genuine), "intact": bool(same and genuine)}
    token = signed["encap_content_info"]["content"]
    stamp, digest = token.parsed, hashlib.new(algorithm, bytes(token)).digest()
    same, genuine = validate_sig_integrity(signer, certificate, "tst_info", digest)
    imprint = stamp["message_imprint"]
    printed = hashlib.new(imprint["hash_algorithm"]["algorithm"].native, covered).digest()
    is_about = printed == imprint["hashed_message"].native
    return known | {
        "genuine": bool(same and genuine),
        "intact": bool(same and genuine and is_about),
        "time": stamp["gen_time"].native.isoformat(),
    }


def stamped_at(signer: cms.SignerInfo) -> str:
    """When an authority stamped this seal, as it says; empty without stamp."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    for token in extract_tst_data_iter(signer, signed=False):
        return str(token["encap_content_info"]["content"].parsed["gen_time"].native.isoformat())
    return ""


def is_stamp(signed: cms.SignedData) -> bool:
    return bool(signed["encap_content_info"]["content_type"].native == "tst_info")


def load() -> None:
    """Once, for all the children: what each would need."""
    from pyhanko.sign.validation import generic_cms, pdf_embedded

    strict_reader()
    assert {generic_cms, pdf_embedded} <= {*sys.modules.values()}


def main() -> None:
    limit()
    content = sys.stdin.buffer.read()
    try:
        found = inspect(content)
    except (MemoryError, RecursionError):
        found = report(UNREADABLE)
    say(**found)


if __name__ == "__main__":
    load()
    wait(main)
