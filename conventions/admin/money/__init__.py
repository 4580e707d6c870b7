"""The screens of money: importing this package registers them."""

from conventions.admin.money import envelopes  # noqa: F401
