"""No door forgets the proof: every function that changes who one is asks for it, or says what proves it otherwise."""

import ast

import pytest
from django.contrib import admin

from conventions.models import BankAccount, Delegation, Representative, SecondFactor, User
from conventions.tests import proofs


def test_every_writer_asks_for_a_proof_or_says_what_proves_it_otherwise():
    assert {name.removeprefix("conventions.") for name in proofs.unproven()} == set(proofs.OTHERWISE)


@pytest.mark.parametrize(
    ("source", "writes"),
    [
        ("account.email = change.email", True),
        ("user.groups.set(found)", True),
        ("user.set_password(typed)", True),
        ("BankAccount.objects.create(partner=partner)", True),
        ("SecondFactor.objects.filter(user=user).delete()", True),
        ("mandates.in_office().update(email=new)", True),
        ("before, account.active = account.active, active", True),
        ("known = user.email == typed", False),
        ("SecondFactor.objects.filter(user=user).first()", False),
        ("letter.to = user.email", False),
    ],
)
def test_the_law_sees_what_it_looks_for(source, writes):
    assert bool(proofs.WRITES.search(ast.unparse(ast.parse(source)))) is writes


def test_every_form_of_the_administration_about_people_asks_for_it():
    """Django’s own forms save rows without a verb."""
    pages = [*admin.site._registry.values()]
    pages += [inline for page in pages for inline in page.inlines]
    about_people = [page for page in pages if page.model in (User, Representative, Delegation)]
    assert len(about_people) == 3
    assert [page for page in about_people if not page.asks_proof] == []
    assert [page for page in pages if page.model in (BankAccount, SecondFactor)] == []
