"""The pages of the admin: importing this module registers them."""

from conventions.admin import (  # noqa: F401
    clauses,
    conventions,
    delegations,
    journal,
    partners,
    press,
    reference,
    users,
)
