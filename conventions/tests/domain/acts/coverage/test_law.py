"""Each field of what an act promises has its declaration, and each declaration its field."""

import inspect

import pytest
from django.apps import apps
from django.utils.text import normalize_newlines

from conventions.domain.acts.content import changes
from conventions.domain.acts.coverage import LAW, Barred, Internal, Printed, fields_of
from conventions.domain.acts.lifecycle import checklist, impossible
from conventions.models import Act, Annex, Attendee, BoardDecision, Convention, Partner, Party, Signatory
from conventions.models.terms import Term
from scripts import coverage as page


@pytest.mark.parametrize("model", LAW, ids=lambda model: model.__name__)
def test_every_field_is_declared_and_every_declaration_has_its_field(model):
    assert set(LAW[model]) == {field.name for field in fields_of(model)}


def test_every_table_of_terms_is_under_the_law():
    terms = {model for model in apps.get_app_config("conventions").get_models() if issubclass(model, Term)}
    assert terms == set(changes.TERM_MODELS)
    assert set(LAW) == terms | {Act, Annex, Attendee, BoardDecision, Convention, Partner, Party, Signatory}


def test_every_declaration_says_where_why_or_what_to_do_in_a_sentence():
    for declared in LAW.values():
        for name, one in declared.items():
            said = {Printed: "where", Internal: "why", Barred: "sentence"}[type(one)]
            words = getattr(one, said)
            assert len(words) > 4, name
            assert isinstance(one, Printed) or words.endswith("."), name


def test_every_refusal_is_a_sentence_of_the_checklist():
    """As written there, up to the name of a row."""
    sources = "".join(inspect.getsource(module) for module in (checklist, impossible))
    said = {one.refused for declared in LAW.values() for one in declared.values() if isinstance(one, Printed)}
    stems = [sentence.split("…")[0].split(",")[0].strip() for sentence in said if sentence]
    assert len(stems) > 8
    assert [stem for stem in stems if stem not in sources] == []


def test_the_page_of_the_documentation_follows_the_law():
    """When it fails: .venv/bin/python scripts/coverage.py"""
    assert normalize_newlines(page.PAGE.read_text()) == page.coverage_page()
