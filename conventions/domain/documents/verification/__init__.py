"""Is this file what the office and its partners signed? Hash first, then the seals, read by a process apart.

`of_hash(sha256)` and `of_file(content)` give a `Finding`: a verdict, and the facts of the document it is about, if it
is known. `of_code(code)` gives the facts alone. What is shown is decided in `facts`: never the document, never an
e-mail address, never an amount.
"""

from conventions.domain.documents.verification.checking import (
    MAX_BYTES,
    Finding,
    of_code,
    of_code_tried,
    of_file,
    of_hash,
)
from conventions.domain.documents.verification.facts import Facts, Signer
from conventions.domain.documents.verification.verdicts import Verdict, Wording, wording

__all__ = [
    "MAX_BYTES",
    "Facts",
    "Finding",
    "Signer",
    "Verdict",
    "Wording",
    "of_code",
    "of_code_tried",
    "of_file",
    "of_hash",
    "wording",
]
