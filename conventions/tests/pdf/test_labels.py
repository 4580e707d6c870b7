"""Labels of devices: 24 on a sheet, each with a code that a telephone opens."""

import io

import pypdfium2

from conventions.domain.documents.rendering.labels import LabelContext, render_labels
from conventions.domain.foundation.label_sandbox import codes_of


def label(rank: int, **more: str) -> LabelContext:
    said = {"tag": f"INV-{rank:04d}", "serial": f"5CG{rank:05d}", "name": "Ordinateur Kaori Bureau 400"}
    return LabelContext(**{"address": f"https://partenariats.test/gestion/{rank}/", **said, **more})


def drawn(content: bytes, page: int) -> bytes:
    stream = io.BytesIO()
    pdf = pypdfium2.PdfDocument(content)
    pdf[page].render(scale=2.5).to_pil().save(stream, "JPEG", quality=85)
    pdf.close()
    return stream.getvalue()


def pages_of(content: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_range() for page in pdf]
    pdf.close()
    return texts


def test_twenty_five_labels_take_two_sheets_and_each_code_is_read():
    made = render_labels([label(rank) for rank in range(25)])
    first, second = pages_of(made)
    assert first.count("OPT-NC") == 24
    assert second.count("OPT-NC") == 1
    assert "INV-0000" in first
    assert "N°\N{NO-BREAK SPACE}5CG00024" in second
    assert codes_of(drawn(made, 0)) == [f"https://partenariats.test/gestion/{rank}/" for rank in range(24)]


def test_places_already_used_on_a_sheet_are_left_white():
    first, second = pages_of(render_labels([label(rank) for rank in range(3)], skipped=22))
    assert first.count("OPT-NC") == 2
    assert second.count("OPT-NC") == 1


def test_a_device_without_number_still_has_its_name_and_its_code():
    (page,) = pages_of(render_labels([label(1, tag="", serial="")]))
    assert "Kaori" in page
    assert "N°" not in page
