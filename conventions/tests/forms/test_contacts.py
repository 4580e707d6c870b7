"""Telephone and postal code are checked on each screen where they are typed: a doubt is told, then saved."""

import html

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from conventions.formats import postal_warnings
from conventions.models import Area, Partner
from conventions.tests import factories as f
from conventions.tests.pdf.reading import plain

pytestmark = pytest.mark.django_db
SHORT_PHONE = "Numéro court (8277). Vérifiez qu’il est complet."
UNKNOWN_CODE = (
    "« 1234 » n’est pas un code postal de Nouvelle-Calédonie, par exemple 98800. "
    "Hors du pays, indiquez le pays."
)
OTHER_CODE = "Le code postal 98809 n’est pas celui de la commune choisie (98800). Vérifiez-le."


def _told(answer) -> list[str]:
    return [plain(html.unescape(str(message))) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize(
    ("typed", "country", "proposed", "told"),
    [
        ("98800", "", "", ()),
        ("98800", "", "98800", ()),
        (" 98800 ", "", "98800", ()),
        ("98600", "", "", ()),  # Wallis-et-Futuna writes 986
        ("", "", "98800", ()),
        ("75008", "France", "", ()),
        ("98809", "", "98800", (OTHER_CODE,)),
        ("1234", "", "98800", (UNKNOWN_CODE,)),
        ("9880", "", "", (UNKNOWN_CODE.replace("1234", "9880"),)),
        ("75008", "", "", (UNKNOWN_CODE.replace("1234", "75008"),)),
    ],
)
def test_postal_code_that_a_person_should_check(typed, country, proposed, told):
    found = postal_warnings(typed, country=country, proposed=proposed)
    assert tuple(plain(text) for text in found) == told


def test_staff_are_told_of_a_doubtful_partner(as_role):
    commune = Area.objects.get(name="Nouméa")
    typed = {"name": "Association Tamanou (fictif)", "nature": "association", "commune": commune.pk}
    typed |= {"representatives-TOTAL_FORMS": 0, "representatives-INITIAL_FORMS": 0, "gender": "f"}
    answer = as_role("gestionnaire").post(
        reverse("admin:conventions_partner_add"), typed | {"phone": "82.77", "postal_code": "98809"}
    )
    assert answer.status_code == 302
    assert _told(answer)[:2] == [OTHER_CODE, SHORT_PHONE]
    partner = Partner.objects.get(name="Association Tamanou (fictif)")
    assert (partner.phone, partner.postal_code) == ("82.77", "98809")


def test_association_is_told_of_its_own_doubtful_contact(as_role):
    partner = f.PartnerFactory(name="Association du Banian (fictif)")
    president = f.PresidentFactory(partner=partner)
    url = reverse("portal:public_contact", args=[partner.slug])
    typed = {"version": partner.version, "address": "", "postal_code": "1234", "email": "", "phone": "82.77"}
    answer = as_role(president).post(url, typed | {"website": ""})
    assert answer.status_code == 302
    assert _told(answer)[1:] == [SHORT_PHONE, UNKNOWN_CODE]
    partner.refresh_from_db()
    assert (partner.phone, partner.postal_code) == ("82.77", "1234")


def test_person_is_told_of_their_own_doubtful_number(as_role):
    president = f.PresidentFactory()
    answer = as_role(president).post(reverse("portal:me"), {"phone": "82.77"})
    assert answer.status_code == 302
    assert _told(answer)[1:] == [SHORT_PHONE]


def test_administrator_is_told_of_a_doubtful_colleague(as_role):
    typed = {"username": "mlaurent", "first_name": "Maya", "last_name": "LAURENT (fictif)", "is_active": "on"}
    typed |= {"email": "maya@exemple.invalid", "roles": ["lecture"], "phone": "82.77"}
    answer = as_role("superuser").post(reverse("admin:conventions_user_add"), typed)
    assert answer.status_code == 302
    assert SHORT_PHONE in _told(answer)


@pytest.mark.parametrize(
    ("phones", "told"), [("82.77.67 / 26.82.38", []), ("82.77.67 / 82.77", [SHORT_PHONE]), ("", [])]
)
def test_each_number_of_a_press_contact_is_checked(as_role, phones, told):
    typed = {"first_name": "Lou", "last_name": "PRESSE (fictif)", "title": "chargé", "phones": phones}
    answer = as_role("communication").post(reverse("admin:conventions_presscontact_add"), typed)
    assert answer.status_code == 302
    assert _told(answer)[:-1] == told
