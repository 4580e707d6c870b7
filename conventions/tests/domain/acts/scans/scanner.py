"""A scanner of paper: pages drawn as images, turned, skewed, noisy, in any order."""

import io
import random

import pypdf
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter


def drawn(texts: list[str]) -> bytes:
    """A PDF with one page per text, as our engine prints it."""
    from conventions.domain.documents.rendering.engine import write_marks

    pages = "".join(
        f'<section style="break-after: page"><h1>{text}</h1><p>{"Texte. " * 400}</p></section>'
        for text in texts[:-1]
    )
    return write_marks(f"{pages}<section><h1>{texts[-1]}</h1><p>{'Texte. ' * 400}</p></section>")


def page_images(content: bytes, dpi: int = 150) -> list[Image.Image]:
    """Pages in grey."""
    pdf = pypdfium2.PdfDocument(content)
    return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in pdf]


def skewed(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)


def noisy(image: Image.Image, share: float = 0.2) -> Image.Image:
    """Soft edges, grain, a grey paper: an old machine."""
    width, height = image.size
    grain = Image.frombytes("L", image.size, random.Random(1).randbytes(width * height))
    soft = image.filter(ImageFilter.GaussianBlur(0.7)).point(lambda level: 40 + int(level * 0.78))
    return Image.blend(soft, grain, share)


def upside_down(image: Image.Image) -> Image.Image:
    return image.rotate(180)


def blank(size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """The back of a sheet: grey paper, a little grain."""
    return noisy(Image.new("L", size, 255), share=0.05)


def faint(size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """Grey paper on which somebody wrote a few lines with a pencil."""
    page = blank(size)
    drawing = ImageDraw.Draw(page)
    for rank in range(4):
        drawing.line([(200, 400 + 60 * rank), (700, 410 + 60 * rank)], fill=200, width=4)
    return page


def on_one_sheet(left: Image.Image, right: Image.Image) -> Image.Image:
    """Two pages side by side, as « two pages per sheet » prints them, on a larger paper."""
    sheet = Image.new("L", (left.width + right.width, left.height), 255)
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width, 0))
    return sheet


def pdf_of(images: list[Image.Image], dpi: int = 150) -> bytes:
    """A PDF of images, as scanners make."""
    stream = io.BytesIO()
    images[0].save(stream, "PDF", save_all=True, append_images=images[1:], resolution=dpi, quality=70)
    return stream.getvalue()


def joined(*contents: bytes) -> bytes:
    writer = pypdf.PdfWriter()
    for content in contents:
        writer.append(io.BytesIO(content))
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def pages_of(content: bytes, *numbers: int) -> bytes:
    """Some pages of a PDF, from 1."""
    reader, writer = pypdf.PdfReader(io.BytesIO(content)), pypdf.PdfWriter()
    for number in numbers:
        writer.add_page(reader.pages[number - 1])
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def code_of(text: str) -> Image.Image:
    """A QR code alone on a page."""
    import segno

    stream = io.BytesIO()
    segno.make(text).save(stream, kind="png", scale=8, border=8)
    return Image.open(stream).convert("L")
