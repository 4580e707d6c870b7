"""Invented partners and conventions, all marked « (fictif) »: `plan(today)` gives them for one day."""

from conventions.demonstration.plan.fictive.build import plan
from conventions.demonstration.plan.fictive.programmes import SHOWCASE_KEY

__all__ = ["SHOWCASE_KEY", "plan"]
