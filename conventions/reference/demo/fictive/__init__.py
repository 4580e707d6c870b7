"""Invented partners and conventions, all marked « (fictif) »: `plan(today)` gives them for one day."""

from conventions.reference.demo.fictive.build import plan
from conventions.reference.demo.fictive.programmes import SHOWCASE_KEY

__all__ = ["SHOWCASE_KEY", "plan"]
