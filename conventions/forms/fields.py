"""Fields shared by the staff's forms: amounts in francs, dates, choices read once, several files."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.widgets import ChoiceWidget
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from conventions.formats import (
    FileKind,
    FormatError,
    ParsedDate,
    date_conflict,
    last_day,
    moment,
    parse_date_fr,
    parse_xpf,
    show_date,
    show_number,
)
from conventions.validators import DOCUMENT_KINDS, accept_attribute, validate_upload

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIRST_YEAR, LAST_YEAR = 1800, 2200  # outside, a date was mistyped

Sort = TypeVar("Sort", bound=forms.Field)


def field_of(form: forms.BaseForm, name: str, sort: type[Sort]) -> Sort:
    """A field of the form, known to be of this sort."""
    return cast(Sort, form.fields[name])


class DateInput(forms.DateInput):
    """The browser's own date picker: one field, one label."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day of a plausible year: « 0202 » was mistyped."""

    widget = DateInput

    def to_python(self, value: Any) -> datetime.date | None:
        day = super().to_python(value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            told = _(
                "L’année %(year)s n’est pas plausible. Écrivez-la sur quatre chiffres, par exemple 2026."
            )
            raise ValidationError(told % {"year": f"{day.year:04d}"}, code="year")
        return day


class PartialDateField(forms.Field):
    """A day, a month or a year, typed as the source gives it: « 14 mars 2023 », « juillet 2019 », « 2015 ».

    Gives a ParsedDate, or None. `ends`: a month or a year is held by its last day. A weekday that is not that of the
    date is the source's: `said` keeps those words, to stand beside the date.
    """

    widget = forms.TextInput

    def __init__(self, *, ends: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ends = ends
        self.said = ""
        self.widget.attrs |= {"autocomplete": "off", "placeholder": "jour, mois ou année"}

    def to_python(self, value: Any) -> ParsedDate | None:
        if isinstance(value, ParsedDate):
            return value
        typed = "" if value in self.empty_values else str(value).strip()
        if not typed:
            return None
        try:
            found = parse_date_fr(typed, any_weekday=True)
        except FormatError as error:
            raise ValidationError(error.message, code=error.code) from error
        self.said = typed if date_conflict(*found, typed) else ""
        return self._held(found)

    def _held(self, found: ParsedDate) -> ParsedDate:
        when = moment(*found)
        return ParsedDate(last_day(when), found.precision) if self.ends and when else found

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, ParsedDate):
            return show_date(*value)
        return show_date(value) if isinstance(value, datetime.date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class TextArea(forms.Textarea):
    """Lines end as they are stored: a browser's « CR LF » would make every text look changed."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> Any:
        text = super().value_from_datadict(data, files, name)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


class XpfField(forms.Field):
    """Whole francs CFP, typed as people write them: « 2 000 000 F CFP », « 2 M ». Empty is None, never 0."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {
            "inputmode": "numeric",
            "autocomplete": "off",
            "placeholder": "2 000 000",
            "maxlength": 60,
        }

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return parse_xpf(str(value))
        except FormatError as error:
            raise ValidationError(error.message, code=error.code) from error

    def prepare_value(self, value: Any) -> Any:
        return show_number(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class LoadedChoiceField(forms.Field):
    """A choice among rows read once for the whole page: a hundred lines cost no more queries than one."""

    widget: type[ChoiceWidget] = forms.Select

    def __init__(
        self,
        *,
        empty_label: "StrOrPromise" = "—",
        label_of: Callable[[Any], str] = str,
        key: str = "pk",
        **kwargs: Any,
    ) -> None:
        """`key`: the column that a link to such a row holds."""
        self.key = key
        self.rows: dict[str, Any] = {}
        self.label_of = label_of
        self.empty_label = empty_label
        super().__init__(**kwargs)

    def load(self, rows: Iterable[Any]) -> None:
        self.rows = {str(getattr(row, self.key)): row for row in rows}
        self.widget.choices = [
            ("", self.empty_label),
            *((key, self.label_of(row)) for key, row in self.rows.items()),
        ]

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, self.key, value)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        row = self.rows.get(str(getattr(value, self.key, value)))
        if row is None:
            raise ValidationError(
                _("Ce choix n’est plus possible. Choisissez dans la liste."), code="invalid"
            )
        return row

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(self.prepare_value(data) or "")


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Several files at once, each checked by its bytes; gives a list of (file, kind found in its bytes).

    When one file is refused, `kept` still holds those that were accepted.
    """

    widget = SeveralFilesInput

    def __init__(self, *, kinds: Sequence[str] = DOCUMENT_KINDS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kinds = kinds
        self.max_bytes: int | None = None  # None: that of any file
        self.kept: list[tuple[Any, FileKind]] = []
        self.widget.attrs["accept"] = accept_attribute(kinds)

    def clean(self, data: Any, initial: Any = None) -> list[tuple[Any, FileKind]]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        self.kept, faults = [], []
        for file in files:
            try:
                self.kept.append((file, validate_upload(file, self.kinds, self.max_bytes)))
            except ValidationError as error:
                faults += [f"{file.name} : {message}" for message in error.messages]
        if faults:
            raise ValidationError(faults)
        return self.kept


class OneFileField(forms.FileField):
    """One file checked by its bytes, among a few kinds."""

    def __init__(self, *, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kinds = kinds
        self.widget.attrs["accept"] = accept_attribute(kinds)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file is not initial:
            validate_upload(file, self.kinds)
        return file
