"""Run apart, by its path, with limits: makes a JPEG of a HEIC photo.

Of the application it imports its neighbour apart_child alone. What it is asked (`apart`):

    jpeg SOURCE MADE PIXELS    writes the file MADE

The last line is {"end": true}; before it, {"error": …} says « broken » or « large ».
"""

import resource
import sys

from conventions.domain.foundation.apart_child import say, wait

MEMORY = 2 << 30  # bytes of address space
SECONDS = 60  # of processor
QUALITY = 90
KINDS = ("HEIF",)


def load() -> None:
    """Once, for all the children: what each would need."""
    import pillow_heif
    from PIL import JpegImagePlugin

    pillow_heif.register_heif_opener(thumbnails=False)
    assert {pillow_heif, JpegImagePlugin} <= {*sys.modules.values()}


def main(_command: str, source: str, made: str, pixels: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from PIL import Image

    try:
        with Image.open(source, formats=KINDS) as image:  # turned as the file says when it is read
            if image.width * image.height >= int(pixels):
                say(error="large")
                return
            colours = image.info.get("icc_profile")
            image.convert("RGB").save(made, "JPEG", quality=QUALITY, icc_profile=colours)
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, Image.DecompressionBombError):
        say(error="broken")


if __name__ == "__main__":
    load()
    wait(main)
