"""What people type is text: it opens no field, no tag and no file, and takes no time to read."""

import time

import pytest

from conventions.domain.documents.merge_fields import FIELD, check_template
from conventions.domain.documents.rendering import render_agreement
from conventions.tests.pdf import samples


@pytest.mark.parametrize(
    "body", ["{{" + " " * 50_000, "{{ a " * 10_000, "{{ a" + " b" * 20_000, "{" * 50_000]
)
def test_malformed_template_is_read_at_once(body):
    started = time.process_time()
    errors = check_template(body)
    assert (time.process_time() - started < 2, len(errors)) == (True, 1)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("{{objet}} et {{  objet  }}", ["objet", "objet"]),
        ("{{ un nom }} {{}} {{ }}", ["un nom", "", ""]),
        ("{{ a\n }} {{ {a} }} {a}", ["a"]),
    ],
)
def test_field_is_named_without_the_blanks_around_it(body, names):
    assert FIELD.findall(body) == names


@pytest.mark.pdf
def test_typed_text_is_printed_as_it_is():
    typed = '<img src="file:///etc/passwd"> {{ objet }} {% load static %}'
    html = render_agreement(samples.agreement(title=typed)).html
    assert ('<img src="file' in html, "&lt;img src=" in html, "{% load static %}" in html) == (
        False,
        True,
        True,
    )
