"""The one door of what is typed: each form of the product derives from `Form` or `ModelForm` here.

What is posted is cleaned of the marks nobody sees (`formats.marks`) as it is read, so that a field checks, compares,
keeps and shows again the same text. Only a password is taken as it comes.

A text that its author takes up again (`domain.people.kept_texts`) comes as if it were posted: the form shows it, finds
nothing wrong with it yet and is never valid, so that no page saves it. So does a form that only asks what its words
find (« Chercher », `forms.choosing`).
"""

from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.utils import ErrorDict

from conventions.domain.people.kept_texts import RESUME
from conventions.formats import clean_address, clean_line, clean_text
from conventions.forms.choosing import SEARCH, Found, Sought
from conventions.validators import validate_address, validate_year


class TypedForm(forms.BaseForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if self.is_bound:  # the focus is for what is wrong
                field.widget.attrs.pop("autofocus", None)
            if isinstance(field, forms.EmailField):
                field.validators = [validate_address, *field.validators[1:]]
            elif isinstance(field, forms.DateField | forms.DateTimeField):
                field.validators = [*field.validators, validate_year]

    @property
    def has_field_errors(self) -> bool:
        """Whether a field is wrong; what is wrong as a whole is told apart."""
        return any(name != NON_FIELD_ERRORS for name in self.errors)

    @property
    def is_resumed(self) -> bool:
        """Whether it shows a text that was kept, and not what somebody sends."""
        return self.is_bound and RESUME in self.data

    @property
    def is_searching(self) -> bool:
        """Whether it only asks what the words typed in a choice find."""
        return self.is_bound and SEARCH in self.data

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_resumed and not self.is_searching

    def full_clean(self) -> None:
        if not self.is_resumed and not self.is_searching:
            return super().full_clean()
        self._errors, self.cleaned_data = ErrorDict(), {}
        if self.is_searching:
            self._search()
        return None

    def _search(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, Found):
                widget = cast(forms.Widget, field.widget)
                typed = self._widget_data_value(widget, self.add_prefix(name))
                if isinstance(typed, Sought):
                    field.offer(typed)

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        return cleaned(super()._widget_data_value(widget, html_name), widget)  # type: ignore[misc]  # not in the stubs


class Form(TypedForm, forms.Form):
    """A form of the product."""


class ModelForm(TypedForm, forms.ModelForm):
    """A form of the product, for a row."""


def cleaned(value: Any, widget: forms.Widget) -> Any:
    """What a widget read, without the marks nobody sees."""
    if isinstance(widget, forms.PasswordInput):
        return value
    if isinstance(value, list | tuple):
        return [cleaned(part, widget) for part in value]
    if not isinstance(value, str):
        return value
    if isinstance(widget, forms.EmailInput | forms.URLInput):
        return clean_address(value)
    return clean_text(value) if isinstance(widget, forms.Textarea | forms.HiddenInput) else clean_line(value)
