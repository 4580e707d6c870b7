"""One's phone, one's sign-in address, the contact of the association."""

import pytest
from django.urls import reverse

from conventions.models import AddressChange
from conventions.tests import factories as f
from conventions.tests.portal.reading import main

pytestmark = pytest.mark.django_db
NEW = "nouvelle@exemple.invalid"


@pytest.fixture
def partner():
    return f.PartnerFactory(name="Association du Banian (fictif)", address="1, rue du Port (fictif)")


@pytest.fixture
def president(partner):
    return f.PresidentFactory(partner=partner, email="ancienne@exemple.invalid")


@pytest.mark.parametrize("email", ["", "nadia", "ancienne@exemple.invalid", "a@b\r\nBcc: c@d.invalid"])
def test_absurd_address_is_refused(as_role, president, email):
    answer = as_role(president).post(reverse("portal:my_address"), {"email": email})
    assert (answer.status_code, AddressChange.objects.count()) == (200, 0)


def posted(partner, **values) -> dict:
    base = {
        "version": partner.version,
        "address": partner.address,
        "postal_code": "",
        "email": "",
        "phone": "",
    }
    return {**base, "website": "", **values}


def test_contact_saved_by_somebody_else_meanwhile_is_not_lost(as_role, partner, president):
    url = reverse("portal:public_contact", args=[partner.slug])
    answer = as_role(president).post(url, posted(partner, version=partner.version + 5, phone="26 82 17"))
    assert "La fiche a changé pendant votre saisie" in main(answer)
    assert "26 82 17" in answer.content.decode()


@pytest.mark.parametrize("who", ["foreign", "former", "gestionnaire", "superuser"])
@pytest.mark.parametrize("name", ["association", "public_contact"])
def test_others_neither_read_nor_change_the_association(as_role, partner, who, name):
    user = f.PresidentFactory(partner=partner, former=True) if who == "former" else who
    client = as_role("president" if who == "foreign" else user)
    url = reverse(f"portal:{name}", args=[partner.slug])
    assert client.get(url).status_code == 404
    assert client.post(url, posted(partner, phone="1")).status_code == 404
