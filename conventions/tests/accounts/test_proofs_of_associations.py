"""The proof that a president gives: a code sent to the present address, before anything of hers changes."""

import pytest
from django.core import mail
from django.urls import reverse

from conventions.models import (
    BankProposal,
    MandateProposal,
    ProofCode,
)
from conventions.tests import factories as f
from conventions.tests.accounts.codes import asks, hidden, sent_digits
from conventions.tests.accounts.test_proofs import account_form, pdf
from conventions.tests.factories.people import days_from_today

pytestmark = [pytest.mark.django_db, pytest.mark.unproven]


@pytest.fixture
def partner():
    return f.PartnerFactory(name="Association du Banian (fictif)")


@pytest.fixture
def president(partner):
    return f.PresidentFactory(partner=partner, email="ancienne@exemple.invalid")


@pytest.fixture
def client(as_role, president):
    return as_role(president)


def test_president_proves_with_a_code_sent_to_the_present_address(client, president):
    url = reverse("portal:my_address")
    first = client.get(url)
    assert (asks(first), ProofCode.objects.count()) == (True, 0)
    second = client.post(url, hidden(first) | {"preuve_envoyer": "1"})
    digits = sent_digits()
    assert (mail.outbox[-1].to, asks(second)) == ([president.email], True)
    assert client.post(url, hidden(second) | {"preuve": digits})["Location"] == url
    assert client.post(url, {"email": "neuve@exemple.invalid"})["Location"] == reverse(
        "portal:my_address_code"
    )


def test_what_a_president_typed_comes_back_after_the_code(client, president):
    url = reverse("portal:me")
    answer = client.post(url, {"phone": "82.77.67"})
    assert asks(answer)
    done = client.post(url, hidden(answer) | {"preuve": sent_digits()})
    president.refresh_from_db()
    assert (done.status_code, president.phone) == (302, "82.77.67")


def test_code_asked_in_another_session_opens_nothing_here(client, as_role, president):
    url, thief = reverse("portal:me"), as_role(president)
    client.post(url, {"phone": "82.77.67"})
    digits = sent_digits()
    answer = thief.post(url, {"phone": "11.11.11", "preuve": digits, "preuve_pour": "POST"})
    assert "Ce code a été demandé depuis un autre appareil." in answer.content.decode()
    president.refresh_from_db()
    assert president.phone != "11.11.11"


def test_code_of_another_president_opens_nothing(client, as_role):
    other = as_role("president")
    other.post(reverse("portal:me"), {"phone": "82.77.67"})
    digits = sent_digits()
    asked = hidden(client.post(reverse("portal:me"), {"phone": "11.11.11"}))
    assert asks(client.post(reverse("portal:me"), asked | {"preuve": digits}))


def test_code_works_once_and_tries_are_counted(client, settings):
    url = reverse("portal:me")
    asked = hidden(client.post(url, {"phone": "82.77.67"}))
    digits = sent_digits()
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    for _try in range(settings.LOGIN_CODE_TRIES):
        answer = client.post(url, asked | {"preuve": wrong})
    assert "Demandez un nouveau code" in answer.content.decode()
    assert asks(client.post(url, asked | {"preuve": digits}))


def test_rib_of_an_association_waits_with_its_file(client, partner):
    convention = f.ConventionFactory(partner=partner, act="signe")
    url = reverse("portal:bank", args=[convention.slug])
    assert asks(client.get(url))
    answer = client.post(url, account_form(number="", file=pdf()))
    assert (asks(answer), BankProposal.objects.count()) == (True, 0)
    done = client.post(url, hidden(answer) | {"preuve": sent_digits()})
    assert (done.status_code, BankProposal.objects.get().attachment is not None) == (302, True)


def test_declared_president_waits_with_the_minutes(client, partner):
    url = reverse("portal:president", args=[partner.slug])
    assert asks(client.get(url))
    person = {
        "civility": "mme", "first_name": "Nadia", "last_name": "TEIN (fictif)", "title": "présidente",
        "email": "nadia@exemple.invalid", "mandate_start": days_from_today(0).isoformat(), "file": pdf(),
    }  # fmt: skip
    answer = client.post(url, person)
    assert (asks(answer), MandateProposal.objects.count()) == (True, 0)
    client.post(url, hidden(answer) | {"preuve": sent_digits()})
    assert MandateProposal.objects.get().attachment is not None


@pytest.mark.parametrize(
    ("field", "asked"), [("website", False), ("address", False), ("phone", True), ("email", True)]
)
def test_contact_by_which_staff_call_back_asks(client, partner, field, asked):
    values = {
        "address": "",
        "postal_code": "",
        "email": "",
        "phone": "",
        "website": "",
        "version": partner.version,
    }
    new = {
        "website": "https://banian.invalid/",
        "address": "2 rue Neuve",
        "phone": "26 82 17",
        "email": "b@c.invalid",
    }
    kept = {
        name: getattr(partner, name) or "" for name in ("address", "postal_code", "email", "phone", "website")
    }
    answer = client.post(
        reverse("portal:public_contact", args=[partner.slug]), values | kept | {field: new[field]}
    )
    assert asks(answer) is asked


def test_president_of_another_association_is_not_even_asked(as_role, partner):
    stranger = as_role("president")
    assert stranger.post(reverse("portal:president", args=[partner.slug]), {}).status_code == 404
    assert ProofCode.objects.count() == 0


def test_account_without_an_address_says_what_to_do(as_role, partner):
    client = as_role(f.PresidentFactory(partner=partner, email=""))
    answer = client.post(reverse("portal:me"), {"phone": "1"})
    assert "Votre compte n’a pas d’adresse." in answer.content.decode()
