"""Invented partners and conventions, all marked « (fictif) »: `plan(today)` gives them for one day."""

from conventions.reference.demo.fictive.build import plan

__all__ = ["plan"]
