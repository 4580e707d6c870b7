"""Run apart, by its path, with limits: reads the codes of a photo of labels.

Of the application it imports its neighbour apart_child alone. What it is asked (`apart`):

    codes SOURCE PIXELS    one JSON line per code, from the top of the photo to its foot

The last line is {"end": true}; before it, {"error": …} says « broken » or « large ».
"""

import resource
import sys
from typing import TYPE_CHECKING, Any

from conventions.domain.foundation.apart_child import say, wait

if TYPE_CHECKING:
    from PIL.Image import Image

MEMORY = 2 << 30  # bytes of address space
SECONDS = 60  # of processor
LONGER_SIDE = 3200  # dots: twelve labels on a photo keep three dots a bar
MOST = 500  # codes
KINDS = ("PNG", "JPEG", "WEBP")
ON_LABELS = ("QRCode", "DataMatrix", "Code128", "Code39", "Code93", "ITF", "Codabar", "EAN-13", "UPC-A")


def load() -> None:
    """Once, for all the children: what each would need."""
    import zxingcpp
    from PIL import ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

    assert {zxingcpp, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin} <= {*sys.modules.values()}


def main(_command: str, source: str, pixels: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    image = opened(source, int(pixels))
    if image is None:
        return
    for text, kind in codes_of(image)[:MOST]:
        say(text=text[:500], kind=kind)


def opened(source: str, pixels: int) -> "Image | None":
    """The photo, upright, in grey; None once the reason is said."""
    from PIL import Image, ImageOps

    try:
        with Image.open(source, formats=KINDS) as image:
            if image.width * image.height >= pixels:
                say(error="large")
                return None
            image.draft("L", (LONGER_SIDE, LONGER_SIDE))
            upright = ImageOps.exif_transpose(image).convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        say(error="broken")
        return None
    upright.thumbnail((LONGER_SIDE, LONGER_SIDE))
    return upright


def codes_of(image: "Image") -> list[tuple[str, str]]:
    """(text, kind) of each code, read line by line as a page is; a label that repeats its code gives it once."""
    import zxingcpp

    formats = zxingcpp.barcode_formats_from_str("|".join(ON_LABELS))
    found = [
        (_box(code), code) for code in zxingcpp.read_barcodes(image, formats=formats) if code.text.strip()
    ]
    lines: list[list[tuple]] = []
    for box, code in sorted(found, key=lambda pair: pair[0]):
        top, _left, height = box
        if lines and top < lines[-1][0][0][0] + max(height, image.height // 25):
            lines[-1].append((box, code))
        else:
            lines.append([(box, code)])
    read = [code for line in lines for _box_, code in sorted(line, key=lambda pair: pair[0][1])]
    return list(dict.fromkeys((code.text, code.format.name) for code in read))


def _box(code: Any) -> tuple[int, int, int]:
    """Top, left and height of a code, in dots."""
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
    top = min(corner.y for corner in corners)
    return top, min(corner.x for corner in corners), max(corner.y for corner in corners) - top


if __name__ == "__main__":
    load()
    wait(main)
