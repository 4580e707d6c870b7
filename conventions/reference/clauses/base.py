"""The shape of a clause template."""

from __future__ import annotations

from dataclasses import dataclass

from conventions.enums import ActKind

INITIAL = ActKind.INITIAL.value
AMENDMENT = ActKind.AMENDMENT.value
TERMINATION = ActKind.TERMINATION.value
CLOSING = "cloture"
VISAS = "visas"
UNNUMBERED = (VISAS, CLOSING)  # printed at their own place, never amended: they belong to their act


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseText:
    """One article in one variant. `label` tells lawyers the variants apart."""

    code: str
    heading: str
    body: str
    position: int
    variant: str = ""
    label: str = ""
    kinds: tuple[str, ...] = ()
    act_kind: str = INITIAL
    condition: str = ""
