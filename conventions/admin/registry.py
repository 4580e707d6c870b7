"""The pages of the admin: importing this module registers them."""

from conventions.admin import (  # noqa: F401
    clauses,
    conventions,
    journal,
    partners,
    press,
    reference,
    users,
)
