"""The weight of a file, for a reader."""

from .base import NBSP
from .money import show_number


def show_size(size: int) -> str:
    """« 128 ko », « 1,4 Mo », « 35,2 Go »: decimal units; never 0 for a file that holds something."""
    if size < 999_500:
        return f"{show_number(max(1, round(size / 1000)) if size else 0)}{NBSP}ko"
    unit, name = (1_000_000, "Mo") if size < 999_950_000 else (1_000_000_000, "Go")
    return f"{size / unit:.1f}".replace(".", ",") + f"{NBSP}{name}"
