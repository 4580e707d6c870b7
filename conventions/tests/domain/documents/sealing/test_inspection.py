"""The reader of the process apart: quicker than pyHanko's, and of the same mind about every object."""

import io
import logging

import pytest
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from conventions.domain.documents.sealing import inspection
from conventions.tests import attacks, online

pytestmark = [pytest.mark.pdf, pytest.mark.slow]
CATALOG, PAGES = b"<</Type/Catalog/Pages 4 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"
TABLE = b"1 0 4 %d " % len(CATALOG)


def with_object_stream(table: bytes, *, count: int = 2, ranks: tuple[int, int] = (0, 1)) -> bytes:
    """A PDF whose catalogue (object 1) and page tree (object 4) stand in a stream, behind this table."""
    inside = table + CATALOG + PAGES
    head = b"%PDF-1.7\n"
    body = head + (
        b"2 0 obj\n<</Type/ObjStm/N %d/First %d/Length %d>>\nstream\n%b\nendstream\nendobj\n"
        % (count, len(table), len(inside), inside)
    )
    free, packed, plain = b"\0\0\0\0", b"\2\0\2", b"\1"
    rows = free + packed + bytes([ranks[0]]) + plain + len(head).to_bytes(2, "big") + b"\0"
    rows += plain + len(body).to_bytes(2, "big") + b"\0" + packed + bytes([ranks[1]])
    start = len(body)
    body += b"3 0 obj\n<</Type/XRef/Size 5/W[1 2 1]/Root 1 0 R/Length %d>>\nstream\n" % len(rows)
    return body + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def told(reader_class: type, content: bytes, number: int) -> bytes | str:
    """An object as this reader writes it back, or « refused »."""
    try:
        found = reader_class(io.BytesIO(content), strict=True).get_object(Reference(number, 0))
    except PdfReadError:
        return "refused"
    out = io.BytesIO()
    found.write_to_stream(out, None)
    return out.getvalue()


@pytest.mark.parametrize(
    ("table", "options"),
    [
        (TABLE, {}),
        (b"4 %d 1 0 " % len(CATALOG), {"ranks": (1, 0)}),
        (TABLE, {"ranks": (1, 0)}),
        (TABLE, {"ranks": (7, 1)}),
        (TABLE, {"count": 1}),
        (TABLE, {"count": 3}),
        (b"1 0 1 %d " % len(CATALOG), {}),
        (b"1 0 4 zz ", {}),
        (b"1 0 4 9999 ", {}),
        (b"1 -9 4 %d " % len(CATALOG), {}),
        (b"1 0 %% 4\n4 %d " % len(CATALOG), {}),
        (b"9 0 4 %d " % len(CATALOG), {}),
    ],
    ids=[
        "plain", "another order", "ranks exchanged", "rank too far", "too few", "too many", "twice the same number",
        "no digits", "beyond the end", "negative", "comment", "missing",
    ],
)  # fmt: skip
def test_objects_of_a_stream_are_those_that_pyhanko_reads(table, options):
    content = with_object_stream(table, **options)
    ours = [told(inspection.strict_reader(), content, number) for number in (1, 4)]
    assert ours == [told(PdfFileReader, content, number) for number in (1, 4)]


def test_plain_stream_of_objects_is_read():
    content = with_object_stream(TABLE)
    assert told(inspection.strict_reader(), content, 4) == told(PdfFileReader, content, 4)
    assert b"/Kids" in told(inspection.strict_reader(), content, 4)


@pytest.mark.django_db
def test_report_on_a_signed_file_is_the_one_of_the_plain_reader(monkeypatch, caplog):
    """The same for the file as it is and for what was done to it: only the time differs."""
    caplog.set_level(logging.CRITICAL)
    signed = online.contents(online.signed_act())[-1]
    files = [signed]
    for attack in (attacks.paint_over, attacks.annotate, attacks.append_bytes, attacks.flip_a_byte):
        files.append(attack(signed))
    quick = [inspection.inspect(content) for content in files]
    monkeypatch.setattr(inspection, "strict_reader", lambda: PdfFileReader)
    assert quick == [inspection.inspect(content) for content in files]
    assert [len(report["seals"]) for report in quick] == [3, 3, 3, 3, 3]
