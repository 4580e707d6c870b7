"""Pages of signed copies read per second, and how many of their codes are found, at two resolutions.

    python -m benchmarks.scan_reading [pages]

Real print copies of a frozen act of the demonstration, made images as a scanner does: grey, grainy, two degrees askew,
at 150 and at 300 dpi. Each is drawn and read at 150, 200 and 300 dpi, in one process, as the worker's child does it.
Aim: every code at 200 dpi, at least 5 pages per second.
"""

import sys
import time

from benchmarks._ground import machine, set_up, staff_member, there

PAGES = 24


def scanned(pages: int, dpi: int) -> bytes:
    from conventions.domain.acts.paper import copies
    from conventions.domain.documents import storage
    from conventions.models import Act
    from conventions.tests.domain.acts.scans.scanner import noisy, page_images, pdf_of, skewed

    acts = Act.objects.exclude(frozen_document=None).filter(path="papier", origin="nouveau")
    act = there(acts.order_by("pk").first(), "d’acte figé à signer sur papier")
    printed = copies.print_copies(act, by=staff_member("gestionnaire"))
    images = page_images(storage.read_bytes(printed), dpi)
    images = (images * pages)[:pages]
    return pdf_of([noisy(skewed(image, 2)) for image in images], dpi)


def read(content: bytes, dpi: int) -> tuple[int, float]:
    """(pages whose code was found, seconds of processor)."""
    import pypdfium2

    from conventions.domain.foundation import pdf_sandbox, pdf_sandbox_child

    pdf, found, start = pypdfium2.PdfDocument(content), 0, time.process_time()
    for page in pdf:
        found += bool(
            pdf_sandbox_child.codes_of(pdf_sandbox_child.rendered(page, dpi, pdf_sandbox.MAX_PIXELS))
        )
    return found, time.process_time() - start


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    set_up()
    print(machine())
    for made_at in (150, 300):
        content = scanned(pages, made_at)
        print(f"Numérisé à {made_at} points : {pages} pages, {len(content) / 1e6:.1f} Mo")
        for dpi in (150, 200, 300):
            found, seconds = read(content, dpi)
            print(f"  lu à {dpi} points : {pages / seconds:5.1f} pages/s, {found} codes sur {pages}")


if __name__ == "__main__":
    main()
