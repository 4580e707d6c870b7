"""What the domain refuses, told by a form or by the next page; what it does not refuse goes its way."""

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied

from conventions.domain.foundation.refusals import Refused
from conventions.forms.refusals import told_on_form, told_on_page


class NameForm(forms.Form):
    name = forms.CharField()


@pytest.fixture
def form():
    bound = NameForm({"name": "Niaouli"})
    assert bound.is_valid()
    return bound


def test_each_sentence_stands_beside_its_field(form):
    with told_on_form(form) as attempt:
        raise Refused({"name": "Ce nom est pris.", "other": "Ailleurs.", "": "Relisez."})
    assert form.errors == {"name": ["Ce nom est pris."], "__all__": ["Ailleurs.", "Relisez."]}
    assert str(attempt.refusal) == "Ce nom est pris. Ailleurs. Relisez."


def test_a_form_may_have_a_field_for_the_rest(form):
    with told_on_form(form, field="name"):
        raise Refused("Choisissez-en un autre.")
    assert form.errors == {"name": ["Choisissez-en un autre."]}


def test_what_goes_through_tells_nothing(form):
    with told_on_form(form) as attempt:
        pass
    assert (form.errors, attempt.refusal) == ({}, None)


def test_a_missing_right_is_no_refusal(form, rf):
    with pytest.raises(PermissionDenied), told_on_form(form):
        raise PermissionDenied
    with pytest.raises(PermissionDenied), told_on_page(rf.get("/")):
        raise PermissionDenied


@pytest.mark.parametrize("level", [messages.ERROR, messages.WARNING])
def test_the_next_page_tells_the_refusal(rf, level):
    request = rf.get("/")
    request._messages = CookieStorage(request)
    with told_on_page(request, level):
        raise Refused("Rien n’est attendu.")
    assert [(told.level, told.message) for told in request._messages] == [(level, "Rien n’est attendu.")]
