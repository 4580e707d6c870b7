"""The law of coverage: what an act promises is printed in it, internal with a reason, or refused before freezing.

`LAW` declares each field once. `lost` says what of an act's promises a text does not hold; `check` asks it of every
frozen act, for `manage.py verifier_textes`.
"""

from conventions.domain.acts.coverage.checking import Finding, check, note_known
from conventions.domain.acts.coverage.law import LAW, fields_of
from conventions.domain.acts.coverage.promises import case_of, lost, promises_of
from conventions.domain.acts.coverage.shapes import Barred, Case, Declaration, Internal, Printed, Promise

__all__ = [
    "LAW",
    "Barred",
    "Case",
    "Declaration",
    "Finding",
    "Internal",
    "Printed",
    "Promise",
    "case_of",
    "check",
    "fields_of",
    "lost",
    "note_known",
    "promises_of",
]
