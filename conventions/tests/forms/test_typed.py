"""Each form of the product passes by the one door of what is typed, and comes out clean."""

import importlib
import re

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import QueryDict

from conventions.forms.typed import Form, ModelForm, TypedForm, cleaned
from conventions.tests import imports
from conventions.validators import ascii_address

TYPED = "\ufeff\u202aL\u200be\u0301\u00ad\u2060\u000bx\u202c\ufe0f\u200f"
LINE, ADDRESS = "Lé x", "léx"


def every_form():
    """Every class of form, once each module is loaded."""
    for name in imports.modules():
        importlib.import_module(name)
    waiting, found = [forms.BaseForm], set()
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            found.add(kind)
    return found


def test_every_form_of_the_product_passes_by_the_door():
    ours = [form for form in every_form() if re.match(r"conventions\.(?!tests)", form.__module__)]
    assert len(ours) > 60
    assert [form for form in ours if not issubclass(form, TypedForm)] == []


def test_every_page_of_the_admin_passes_by_the_door():
    pages = list(admin.site._registry.values())
    made = [page.form for page in pages] + [inline.form for page in pages for inline in page.inlines]
    assert len(made) > 20
    assert [form for form in made if not issubclass(form, TypedForm)] == []


def bound(kind, name, field):
    """The form's own reading of a field, posted with the marks."""
    form = kind.__new__(kind)
    form.data, form.files, form.prefix = QueryDict(mutable=True), {}, None
    form.data[name] = TYPED
    return form._widget_data_value(field.widget, name)


def test_every_text_field_of_every_form_comes_out_clean():
    seen = 0
    for kind in every_form():
        if not issubclass(kind, TypedForm) or kind in (TypedForm, Form, ModelForm):
            continue
        for name, field in getattr(kind, "base_fields", {}).items():
            value = bound(kind, name, field)
            if not isinstance(value, str) or isinstance(field.widget, forms.PasswordInput):
                continue
            seen += 1
            several = isinstance(field.widget, forms.Textarea | forms.HiddenInput)
            tight = isinstance(field.widget, forms.EmailInput | forms.URLInput)
            assert value.lower() == (ADDRESS if tight else "lé\nx" if several else LINE.lower()), (kind, name)
    assert seen > 200


def test_a_password_is_taken_as_it_comes():
    assert cleaned(TYPED, forms.PasswordInput()) == TYPED


class AddressForm(Form):
    email = forms.EmailField(error_messages={"invalid": "incomplète"})


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("josé@exemple.nc", "Avant le « @ », une adresse de courriel s’écrit sans accent"),
        ("ſ@exemple.nc", "Avant le « @ », une adresse de courriel s’écrit sans accent"),
        ("jean dupont@exemple.nc", "incomplète"),
        ('"a b"@exemple.nc', "incomplète"),
        ("a@[127.0.0.1]", "incomplète"),
        ("a@localhost", "incomplète"),
        ("a..b@exemple.nc", "incomplète"),
        ("a@exemple..nc", "incomplète"),
        ("a@-exemple.nc", "incomplète"),
        (f"{'a' * 65}@exemple.nc", "incomplète"),
        ("a@" + "é" * 80 + ".nc", "incomplète"),
    ],
)
def test_an_address_that_cannot_receive_is_refused_at_typing(typed, told):
    (message,) = AddressForm({"email": typed}).errors["email"]
    assert message.startswith(told)


@pytest.mark.parametrize(
    "typed", ["\u202ajean@exemple.nc\u202c", "jean@exem\u200bple.nc\u00a0", " jean@exemple.nc"]
)
def test_an_address_pasted_with_marks_is_the_address(typed):
    form = AddressForm({"email": typed})
    assert form.is_valid()
    assert form.cleaned_data["email"] == "jean@exemple.nc"
    assert form["email"].value() == "jean@exemple.nc"


def test_a_domain_with_accents_receives():
    assert ascii_address("contact@océan.nc") == "contact@xn--ocan-cpa.nc"
    with pytest.raises(ValidationError):
        ascii_address("contact")


@pytest.mark.django_db
def test_signing_in_never_says_a_code_left_for_an_address_that_cannot_receive(client):
    response = client.post("/espace/connexion/", {"email": "josé@exemple.nc"})
    assert response.status_code == 200
    assert "s’écrit sans accent" in response.content.decode()
    assert "sign_in" not in client.session


class DayForm(Form):
    day = forms.DateField()
    moment = forms.DateTimeField()


@pytest.mark.parametrize("year", ["0001", "0024", "1799", "3000", "9999"])
def test_a_year_that_nobody_means_is_refused_beside_its_field(year):
    form = DayForm({"day": f"{year}-12-31", "moment": f"{year}-12-31T10:00"})
    assert [form.errors[name][0][:30] for name in form.fields] == [
        f"L’année {year} n’est pas plausible"[:30]
    ] * 2


def test_a_year_of_a_text_of_then_or_of_a_long_lease_is_taken():
    assert DayForm({"day": "1853-09-24", "moment": "2125-12-31T10:00"}).is_valid()
