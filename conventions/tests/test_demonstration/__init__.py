"""The demonstration: its data, a small load of them, its commands."""

from conventions.enums import ActState

REAL_NAMES = {"LECOURIEUX", "DE DECCKER", "CALLEJA", "BLAISE", "CHAMPMOREAU", "GERVOLINO", "PERRIER"}
UNREACHABLE_STATES = {ActState.TO_SEAL}  # for the minute that a seal takes
