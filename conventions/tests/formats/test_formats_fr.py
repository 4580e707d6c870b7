"""The template filters, through real templates."""

from datetime import UTC, date, datetime
from typing import get_args

import pytest
from django.template import Context, Template

from conventions.enums import DatePrecision
from conventions.formats import Precision


def render(source, **values):
    return Template("{% load formats_fr %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ value|xpf }}", 2_000_000, "2\u202f000\u202f000\u00a0F\u00a0CFP"),
        ("{{ value|xpf }}", 0, "0\u00a0F\u00a0CFP"),
        ("{{ value|xpf }}", None, ""),
        ("{{ value|number }}", 67_200, "67\u202f200"),
        ("{{ value|number }}", None, ""),
        ("{{ value|long_date }}", date(2023, 4, 1), "1er avril 2023"),
        ("{{ value|long_date }}", None, ""),
        ("{{ value|long_date_html }}", date(2023, 4, 1), "1<sup>er</sup> avril 2023"),
        ("{{ value|long_date_html }}", None, ""),
        ("{{ value|dates_html }}", "avant le 1er avril", "avant le 1<sup>er</sup> avril"),
        ("{{ value|dates_html }}", "<b>1er avril</b> !", "&lt;b&gt;1<sup>er</sup> avril&lt;/b&gt;\u202f!"),
        ("{{ value|bare_label|capfirst }}", "<i>solde</i>.", "&lt;i&gt;solde&lt;/i&gt;"),
        ("{{ value|weekday_date }}", date(2023, 3, 14), "mardi 14 mars 2023"),
        ("{{ value|weekday_date }}", None, ""),
        ("{{ value|show_date:'mois' }}", date(2023, 3, 1), "mars 2023"),
        ("{{ value|show_date }}", date(2023, 3, 14), "14 mars 2023"),
        ("{{ value|show_date:'annee' }}", None, ""),
        ("{{ value|plural:'convention,conventions' }}", 0, "convention"),
        ("{{ value|plural:'convention,conventions' }}", 2, "conventions"),
        ("{{ value|plural:'act' }}", 2, "acts"),
        ("{{ value|phone }}", "+687827767", "82.77.67"),
        ("{{ value|phone }}", None, ""),
        ("{{ value|typeset }}", "l'OPT-NC !", "l’OPT-NC\u202f!"),
    ],
)
def test_filter_shows_a_value(source, value, shown):
    assert render(source, value=value) == shown


def test_typeset_escapes_what_is_not_safe():
    assert render("{{ value|typeset }}", value="<b>Oui</b> !") == "&lt;b&gt;Oui&lt;/b&gt;\u202f!"
    assert render("{{ value|safe|typeset }}", value="<b>Oui</b> !") == "<b>Oui</b>\u202f!"


def test_instant_is_shown_as_its_day_in_noumea():
    assert render("{{ value|long_date }}", value=datetime(2023, 3, 13, 20, 0, tzinfo=UTC)) == "14 mars 2023"


def test_precision_codes_are_those_of_the_enum():
    assert list(get_args(Precision)) == DatePrecision.values
