"""What pages where somebody signs share: a name, a consent, perhaps a drawing, then the code of a mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest

from conventions.domain.acts import signing
from conventions.domain.foundation import one_time_codes
from conventions.forms.refusals import told_on_form
from conventions.forms.signing import CodeSignForm, SignForm
from conventions.forms.typed import Form
from conventions.models.codes import OneTimeCode

Signing = TypeVar("Signing", bound=SignForm)


@dataclass(frozen=True, kw_only=True)
class Ceremony:
    """What one person signs with a code: the sentence, the name as printed, the hash of what is shown.

    `check` raises what stands in the way, `ask` sends the digits, `sign` uses them; `live` finds those on their way.
    """

    sentence: str
    person: str
    shown: str
    check: Callable[[signing.Entry], object]
    ask: Callable[[], object]
    sign: Callable[[signing.Entry, str], object]
    live: Callable[[], OneTimeCode | None]
    address: str

    def form(self, kind: type[Signing], request: HttpRequest, *, bound: bool) -> Signing:
        data = request.POST if bound else None
        return kind(data, initial={"shown": self.shown}, sentence=self.sentence, person=self.person)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What came of a request: signed, or the form to show, the code just sent or not."""

    form: CodeSignForm
    signed: bool = False
    just_sent: bool = False

    def shown(self, ceremony: Ceremony) -> dict[str, Any]:
        """What the form reads on its page."""
        code = ceremony.live()
        return {
            "form": self.form,
            "sent": code is not None,
            "just_sent": self.just_sent,
            "leaves_in": one_time_codes.leaves_in(code) if code else "",
            "address": ceremony.address,
        }


def attempt(request: HttpRequest, ceremony: Ceremony) -> Attempt:
    """Send the code, or sign, as the button pressed says."""
    if request.method == "POST" and "_code" in request.POST:
        return _send_code(request, ceremony)
    form = ceremony.form(CodeSignForm, request, bound=request.method == "POST")
    if form.is_bound and form.is_valid():
        entry, digits = entry_of(form), form.cleaned_data["code"]
        if done(form, lambda: ceremony.sign(entry, digits)):
            return Attempt(form=form, signed=True)
    return Attempt(form=form)


def _send_code(request: HttpRequest, ceremony: Ceremony) -> Attempt:
    """Send the digits once the name and the consent will do; what was typed stays in the form."""
    form = ceremony.form(CodeSignForm, request, bound=True)
    form.errors.pop("code", None)
    if form.errors or not done(form, lambda: ceremony.check(entry_of(form))):
        return Attempt(form=form)
    form = ceremony.form(CodeSignForm, request, bound=False)
    form.fields["code"].widget.attrs["autofocus"] = True
    form.initial.update({name: request.POST.get(name, "") for name in ("typed_name", "drawing")})
    form.initial["consents"] = "consents" in request.POST
    ceremony.ask()
    return Attempt(form=form, just_sent=True)


def entry_of(form: SignForm) -> signing.Entry:
    data = form.cleaned_data
    return signing.Entry(
        typed_name=data["typed_name"],
        consents=data["consents"],
        shown_sha256=data["shown"],
        drawing=data["drawing"],
    )


def done(form: Form, verb: Callable[[], object]) -> bool:
    """Do it; what is refused is said on the form."""
    with told_on_form(form) as tried:
        verb()
    return tried.refusal is None
