"""Looking at the pages of a PDF as a reader sees them: how far each is printed, words cut or over each other."""

from collections.abc import Iterator

import pypdfium2

MM = 72 / 25.4
FOOT = 22 * MM  # where the footer begins, from the bottom
TOP = 10 * MM
SCALE = 0.5  # pixels a point
PAPER = 245  # lighter than this is paper, and the watermark


def pages_of(content: bytes) -> Iterator[pypdfium2.PdfPage]:
    pdf = pypdfium2.PdfDocument(content)
    try:
        yield from pdf
    finally:
        pdf.close()


def fills(content: bytes) -> list[float]:
    """How far down each page is printed, from its picture: share of the height between the head and the footer."""
    return [_fill(page) for page in pages_of(content)]


def _fill(page: pypdfium2.PdfPage) -> float:
    picture = page.render(scale=SCALE, grayscale=True).to_pil()
    height = page.get_height()
    foot = round((height - FOOT) * SCALE)
    seen = (
        picture.crop((0, 0, picture.width, foot))
        .point(lambda grey: 255 if grey < PAPER - 25 else 0)
        .getbbox()
    )
    return ((seen[3] / SCALE if seen else TOP) - TOP) / (height - FOOT - TOP)


def faults(content: bytes) -> list[str]:
    """Words that leave the page or stand on others, with the number of the page."""
    found = []
    for number, page in enumerate(pages_of(content), start=1):
        words = list(_words(page))
        found += [f"{number} : « {text} » sort" for text, box in words if _leaves(box, page)]
        found += [f"{number} : « {one} » sur « {two} »" for one, two in _overprinted(words)]
    return found


def _words(page: pypdfium2.PdfPage) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    text = page.get_textpage()
    for rank in range(text.count_rects()):
        box = text.get_rect(rank)
        said = text.get_text_bounded(*box).strip()
        if said:
            yield said, box


def _leaves(box: tuple[float, float, float, float], page: pypdfium2.PdfPage) -> bool:
    left, bottom, right, top = box
    edge = 5 * MM
    return (
        left < edge or bottom < edge or right > page.get_width() - edge or top > page.get_height() - edge / 2
    )


def _overprinted(words: list) -> Iterator[tuple[str, str]]:
    ordered = sorted(words, key=lambda word: -word[1][3])
    for rank, (one, (left, bottom, right, top)) in enumerate(ordered):
        for two, (left2, bottom2, right2, top2) in ordered[rank + 1 :]:
            if top2 < bottom:
                break
            wide = min(right, right2) - max(left, left2)
            high = min(top, top2) - max(bottom, bottom2)
            if wide > 1 and high > 0.35 * min(top - bottom, top2 - bottom2):
                yield one, two
