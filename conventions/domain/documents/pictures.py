"""A received image as its dots alone: upright, on white, without what it says of itself."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from conventions.domain.foundation.refusals import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 40_000_000


def flat(content: bytes, *, too_large: str, unreadable: str) -> Image:
    """An RGB picture made of the dots of a PNG, JPEG or WebP file.

    Raises Refused, in the words of the caller, for one of more than `MAX_PIXELS` and for one that does not open.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refused(too_large)
            upright = ImageOps.exif_transpose(image)
            found = Image.new("RGB", upright.size, "white")
            seen = upright.convert("RGBA")
            found.paste(seen, mask=seen.getchannel("A"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(unreadable) from error
    return found
