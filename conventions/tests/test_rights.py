"""Rights are asked for in the verb: a page only hides a button."""

import ast
import inspect
from importlib import import_module

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from conventions import permissions
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.security import sessions
from conventions.enums import AttachmentKind, Role
from conventions.models import Attachment
from conventions.tests import rights
from conventions.tests.factories import PresidentFactory, UserFactory

# {verb: right}, read from the first line of each: « permissions.require(permissions.can_…, by) ».
FIRST = {name: right for name, node in rights.verbs().items() if (right := rights.first_right(node))}


def test_every_verb_checks_or_is_a_step_of_one_that_does():
    assert rights.unchecked() == rights.INNER | rights.BY_LINK | rights.OWN


def test_no_page_calls_a_step():
    assert rights.used_by_doors(rights.INNER) == []


def test_the_law_sees_the_uses_it_looks_for():
    assert "conventions.admin.press uses conventions.domain.publication.press.publish_press_release" in (
        rights.used_by_doors({"conventions.domain.publication.press.publish_press_release"})
    )


@pytest.mark.parametrize(
    ("source", "checked"),
    [
        ("def verb(row, *, by):\n    permissions.require(permissions.can_publish, by)", True),
        (
            "def verb(row, *, by):\n    if row:\n        permissions.require(permissions.can_publish, by)",
            False,
        ),
        (
            "def verb(row, *, by):\n    with row:\n        permissions.require(permissions.can_publish, by)",
            True,
        ),
        ("def verb(row, *, by):\n    if row.by != by:\n        raise PermissionDenied", True),
        ("def verb(row, *, by):\n    permissions.can_publish(by)\n    row.save()", False),
        ("def verb(row, *, by):\n    row.save()", False),
    ],
)
def test_the_law_tells_a_check_from_none(monkeypatch, source, checked):
    node = ast.parse(source).body[0]
    module = "conventions.domain.publication.press"
    monkeypatch.setattr(rights, "definitions", lambda name: {"verb": node} if name == module else {})
    rights.checks.cache_clear()
    try:
        assert rights.checks(module, "verb") is checked
    finally:
        rights.checks.cache_clear()


def test_every_right_asked_for_says_whose_work_it_is():
    assert {right.__name__ for right in permissions.WHOSE} == rights.rights_asked()


@pytest.fixture
def people(db):
    """{who: account} of every kind of person."""
    known = {role: UserFactory(role=role) for role in Role.values}
    return known | {
        "président": PresidentFactory(),
        "administrateur": UserFactory(superuser=True),
        "compte fermé": UserFactory(role=Role.OFFICER, is_active=False),
        "sans rôle": UserFactory(),
        "personne": None,
    }


@pytest.mark.parametrize("name", sorted(FIRST))
def test_a_verb_refuses_who_has_not_the_right_before_anything_else(people, name):
    module, _dot, verb = name.rpartition(".")
    function = getattr(import_module(module), verb)
    refused = {who for who, by in people.items() if _is_refused(function, by)}
    right = getattr(permissions, FIRST[name])
    assert refused == {who for who, by in people.items() if by is None or not right(by)}
    assert refused, "a right that everybody has is none"


def _is_refused(function, by) -> bool:
    """Called with nothing that it can use: who has the right comes to a fault of ours, the others to the refusal."""
    needed = [
        one
        for one in inspect.signature(function).parameters.values()
        if one.default is inspect.Parameter.empty and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
    ]
    values = {one.name: by if one.name == "by" else object() for one in needed}
    try:
        with transaction.atomic():
            function(**values)
    except PermissionDenied:
        return True
    except (AttributeError, TypeError, ValueError, Refused):
        return False  # what a verb does with an object() for everything else
    return False


def test_files_are_read_by_those_who_work_with_them(people):
    """{file: who reads it}; a file kept from a refused form is its sender's alone."""
    staff = {*Role.values, "administrateur"}
    of_accounts = {Role.OFFICER, Role.ACCOUNTANT, "administrateur"}
    officer = people[Role.OFFICER]
    for values, readers in (
        ({"kind": AttachmentKind.PROJECT}, staff),
        ({"kind": AttachmentKind.BANK}, of_accounts),
        ({"kind": AttachmentKind.PROJECT, "pending": True, "uploaded_by": officer}, {Role.OFFICER}),
        ({"kind": AttachmentKind.BANK, "pending": True, "uploaded_by": people[Role.LOGISTICS]}, set()),
    ):
        row = Attachment(**values)
        assert {
            who for who, by in people.items() if by and permissions.can_read_attachment(by, row)
        } == readers


def test_sessions_are_closed_by_their_owner_and_who_manages_them(people):
    assert _who_closes(people, people["président"]) == {"président", Role.OFFICER, "administrateur"}
    assert _who_closes(people, people[Role.OFFICER]) == {Role.OFFICER, "administrateur"}
    assert _who_closes(people, people[Role.LAWYER]) == {Role.LAWYER, "administrateur"}


def _who_closes(people, account):
    closed = set()
    for who, by in people.items():
        try:
            sessions.close_all(account, by=by)
        except PermissionDenied:
            continue
        closed.add(who)
    return closed
