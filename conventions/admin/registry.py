"""The pages of the admin: importing this module registers them."""

from conventions.admin import (  # noqa: F401
    agreements,
    clauses,
    conventions,
    delegations,
    equipment,
    imports,
    journal,
    letter_templates,
    mails,
    money,
    partners,
    payments,
    press,
    reference,
    scans,
    users,
)
