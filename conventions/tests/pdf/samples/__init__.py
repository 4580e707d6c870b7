"""Contexts to print in tests: invented names say « fictif », real facts are published ones."""

from conventions.tests.pdf.samples.published import ceremony_release, kimonos, press_release, public_sheet
from conventions.tests.pdf.samples.signed import (
    ASSOCIATION,
    COMMITTEE,
    OPT,
    TOWN,
    agreement,
    amendment,
    bare_agreement,
    equipment,
    handover,
    termination,
    with_clauses,
)

__all__ = [
    "ASSOCIATION",
    "COMMITTEE",
    "OPT",
    "TOWN",
    "agreement",
    "amendment",
    "bare_agreement",
    "ceremony_release",
    "equipment",
    "handover",
    "kimonos",
    "press_release",
    "public_sheet",
    "termination",
    "with_clauses",
]
