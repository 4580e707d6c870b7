"""Template filters over conventions.formats. An absent value shows nothing: unknown is never printed as 0."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from conventions import formats

register = template.Library()


def _plain_date(value: date | datetime) -> date:
    """The calendar day in Nouméa, so that an instant never shows as the day before."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def xpf(value: int | None) -> str:
    """`{{ 2000000|xpf }}` → « 2 000 000 F CFP »; nothing for an unknown amount."""
    return "" if value is None or value == "" else formats.show_xpf(int(value))


@register.filter
def number(value: int | None) -> str:
    """`{{ 67200|number }}` → « 67 200 »."""
    return "" if value is None or value == "" else formats.show_number(int(value))


@register.filter
def long_date(value: date | None) -> str:
    """« 14 mars 2023 », « 1er avril 2023 »: plain text."""
    return formats.long_date(_plain_date(value)) if value else ""


@register.filter
def long_date_html(value: date | None) -> SafeString:
    """The same with « er » as a superscript."""
    return mark_safe(formats.long_date_html(_plain_date(value)) if value else "")


@register.filter
def weekday_date(value: date | None) -> str:
    """« mardi 14 mars 2023 »."""
    return formats.weekday_date(_plain_date(value)) if value else ""


@register.filter
def show_date(value: date | None, precision: str = "jour") -> str:
    """`{{ act.signed_on|show_date:act.signed_on_precision }}` → as much of the date as is known."""
    return formats.show_date(_plain_date(value), precision) if value else ""


@register.filter(is_safe=True)
@stringfilter
def typeset(value: str) -> str:
    """French spaces and apostrophes; escaping is as for the value itself."""
    return formats.typeset(value)


@register.filter
@stringfilter
def bare_label(value: str) -> str:
    """`{{ "Premier versement."|bare_label }}, 100 000 F CFP`: a typed label that something follows."""
    return formats.bare_label(value)


@register.filter
def dates_html(value: str) -> SafeString:
    """Words that hold dates: typeset, « er » as a superscript."""
    return mark_safe(formats.raised(conditional_escape(formats.typeset(value))))


@register.filter
def plural(value: Any, forms: str) -> str:
    """`{{ n|plural:"convention,conventions" }}` → the word alone; singular for 0 and 1."""
    singular, _, many = forms.partition(",")
    return formats.plural(int(value or 0), singular, many or None)


@register.filter
def after(value: Any, preposition: str) -> str:
    """`{{ person|after:"de" }}` → « d’Ida », « de M. Jean », « du Comité »; « à » likewise."""
    return formats.contract(preposition, str(value))


@register.filter
def phone(value: str | None) -> str:
    """`{{ "+687827767"|phone }}` → « 82.77.67 »."""
    return formats.show_phone(value) if value else ""


@register.filter
def difference(before: str, after: str) -> SafeString:
    """`{{ before|difference:after }}` → the words that stay, <del> those that leave, <ins> those that come."""
    marks = {"removed": "<del>{}</del>", "added": "<ins>{}</ins>"}
    pieces = formats.word_differences(before, after)
    return format_html_join(
        "", "{}", ((format_html(marks.get(piece.mark, "{}"), piece.text),) for piece in pieces)
    )
