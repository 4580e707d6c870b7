"""Photos of labels are opened in a process of their own (`apart`), with limits of memory and time.

A code is read, never guessed: what the photo does not show clearly is simply not among the answers.
"""

import tempfile
from pathlib import Path

from conventions.domain.foundation import apart
from conventions.domain.foundation.refusals import Refused

CHILD = Path(__file__).with_name("label_sandbox_child.py")
MAX_PIXELS = 60_000_000
MAX_SECONDS = 40  # for one photo, whatever the processor does
ERRORS = {
    "broken": "Cette photo est abîmée et ne s’ouvre pas. Reprenez-la, en JPEG ou en PNG.",
    "large": "Cette photo est trop grande. Reprenez-la avec une définition plus basse.",
}
TOO_HEAVY = "Cette photo demande trop de mémoire ou de temps pour être lue. Reprenez-la avec une définition plus basse."


class UnreadablePhoto(Refused):
    """A photo that cannot be read; str() says why and what to do, in French."""


def codes_of(content: bytes) -> list[str]:
    """The texts of the bar codes and QR codes of a JPEG, PNG or WebP photo, from its top to its foot.

    The same code twice counts once. Empty when no code can be read. Raises UnreadablePhoto.
    """
    with tempfile.TemporaryDirectory(prefix="etiquettes-") as folder:
        source = Path(folder) / "photo"
        source.write_bytes(content)
        found: list[str] = []
        try:
            for told in apart.told(CHILD, "codes", str(source), str(MAX_PIXELS), seconds=MAX_SECONDS):
                if "error" in told:
                    raise UnreadablePhoto(ERRORS[told["error"]])
                found.append(told["text"])
        except apart.Stopped as error:
            raise UnreadablePhoto(TOO_HEAVY) from error
    return list(dict.fromkeys(found))
