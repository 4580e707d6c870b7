"""The demonstration: its plan, its loading, its pages and commands. On top of all; the product does not know it."""
