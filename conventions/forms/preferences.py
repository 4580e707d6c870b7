"""When one wants each letter."""

from typing import Any

from django import forms

from conventions.domain.foundation.mail_catalogue import Kind
from conventions.enums import MailRhythm
from conventions.forms.typed import Form


class MailChoicesForm(Form):
    """One question per letter its reader may choose; `kinds` and `chosen` come from `mails.preferences`."""

    def __init__(self, *args: Any, kinds: list[Kind], chosen: dict[str, MailRhythm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds:
            self.fields[kind.code] = forms.ChoiceField(
                label=kind.title,
                choices=MailRhythm.choices,
                initial=chosen[kind.code],
                widget=forms.Select,
            )
