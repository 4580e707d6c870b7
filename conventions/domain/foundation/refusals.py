"""The root of everything the domain refuses to do: a form or a page tells it without knowing which."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


class Refused(Exception):
    """Nothing was done; `faults` is {field: French sentence that says what to do}, an empty name speaks of the whole.

    Fields are named as the verb names its arguments. str() is every sentence. A right that is missing is no refusal:
    that is Django's PermissionDenied.
    """

    def __init__(self, faults: str | dict[str, str]) -> None:
        self.faults = {"": faults} if isinstance(faults, str) else dict(faults)
        super().__init__(" ".join(self.faults.values()))


def refusal_of(error: ValidationError, *, field: str = "") -> Refused:
    """What a model or a validator refuses, as a refusal; `field` is the one it speaks of when it names none."""
    if not hasattr(error, "error_dict"):
        return Refused({field: " ".join(error.messages)})
    named = error.message_dict.items()
    return Refused({"" if name == NON_FIELD_ERRORS else name: " ".join(told) for name, told in named})
