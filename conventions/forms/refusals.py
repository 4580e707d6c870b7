"""How what the domain refuses is told: beside its field on a form, at the top of a page.

The verb is called inside the block, with what follows when it went through. Refused, the block ends there and what
comes after it shows the form or the page again: nothing typed is lost.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from conventions.domain.foundation.refusals import Refused

REFUSED = "was_refused"  # of a request: what it asked was not done, though the answer leads elsewhere


@dataclass
class Attempt:
    """What became of the verb: `refusal` is None while nothing refused it."""

    refusal: Refused | None = None


def tell(form: forms.BaseForm, refusal: Refused, *, field: str | None = None) -> None:
    """Put each sentence beside its field; those of no field of the form go to `field`, or above them all."""
    for name, sentence in refusal.faults.items():
        form.add_error(name if name in form.fields else field, sentence)


@contextmanager
def told_on_form(form: forms.BaseForm, *, field: str | None = None) -> Iterator[Attempt]:
    """Run the block; `tell` what it refuses."""
    attempt = Attempt()
    try:
        yield attempt
    except Refused as refusal:
        attempt.refusal = refusal
        tell(form, refusal, field=field)


@contextmanager
def told_on_page(request: HttpRequest, level: int = messages.ERROR) -> Iterator[Attempt]:
    """Run the block; what it refuses becomes a message of the page that comes next."""
    attempt = Attempt()
    try:
        yield attempt
    except Refused as refusal:
        attempt.refusal = refusal
        refuse(request, str(refusal), level)


def refuse(request: HttpRequest, reason: str, level: int = messages.ERROR) -> None:
    """Say on the page that comes next why it was not done: what was typed is not saved, so it stays kept."""
    messages.add_message(request, level, reason)
    setattr(request, REFUSED, True)


def was_refused(request: HttpRequest) -> bool:
    return bool(getattr(request, REFUSED, False))
