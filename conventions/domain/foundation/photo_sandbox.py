"""HEIC photos, which few browsers show, become JPEG in a process of their own (`apart`), with limits."""

import tempfile
from pathlib import Path

from conventions.domain.foundation import apart
from conventions.domain.foundation.label_sandbox import (
    ERRORS,
    MAX_PIXELS,
    MAX_SECONDS,
    TOO_HEAVY,
    UnreadablePhoto,
)

CHILD = Path(__file__).with_name("photo_sandbox_child.py")


def jpeg_of(content: bytes) -> bytes:
    """The photo as a JPEG, upright, of the same size and colours, without metadata. Raises UnreadablePhoto."""
    with tempfile.TemporaryDirectory(prefix="photo-") as folder:
        source, made = Path(folder) / "photo.heic", Path(folder) / "photo.jpg"
        source.write_bytes(content)
        try:
            for told in apart.told(
                CHILD, "jpeg", str(source), str(made), str(MAX_PIXELS), seconds=MAX_SECONDS
            ):
                raise UnreadablePhoto(ERRORS[told["error"]])
        except apart.Stopped as error:
            raise UnreadablePhoto(TOO_HEAVY) from error
        return made.read_bytes()
