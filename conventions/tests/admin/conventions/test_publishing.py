"""Publishing from the file of a convention: state told, embargo, withdrawal, refusals."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from conventions.enums import ActState
from conventions.models import PublicSheet
from conventions.tests.factories import ConventionFactory

pytestmark = pytest.mark.django_db


def address(convention) -> str:
    return reverse("admin:conventions_convention_publication", args=[convention.pk])


@pytest.fixture
def signed():
    return ConventionFactory(act=ActState.SIGNED)


@pytest.mark.pdf
def test_publish_then_withdraw(as_role, signed, client):
    staff = as_role("communication")
    assert "Non publiée" in staff.get(address(signed)).content.decode()
    staff.post(address(signed), {"embargo_until": ""})
    assert client.get(signed.get_absolute_url()).status_code == 200
    staff.post(address(signed), {"_retirer": "1"})
    assert client.get(signed.get_absolute_url()).status_code == 404
    assert "Page retirée" in staff.get(address(signed)).content.decode()


@pytest.mark.pdf
def test_publish_under_embargo_keeps_the_page_back(as_role, signed, client):
    moment = timezone.localtime() + datetime.timedelta(days=2)
    as_role("communication").post(address(signed), {"embargo_until": moment.strftime("%Y-%m-%dT%H:%M")})
    sheet = PublicSheet.objects.get(convention=signed)
    assert sheet.embargo_until == moment.replace(second=0, microsecond=0)
    assert client.get(signed.get_absolute_url()).status_code == 404


def test_embargo_in_the_past_is_refused_beside_the_field_and_kept(as_role, signed):
    response = as_role("communication").post(address(signed), {"embargo_until": "2020-01-01T08:00"})
    text = response.content.decode()
    assert "Cette heure est passée. Donnez une heure à venir, ou laissez vide." in text
    assert 'value="2020-01-01T08:00"' in text
    assert PublicSheet.objects.count() == 0


def test_publish_of_a_draft_is_refused_in_words(as_role):
    draft = ConventionFactory()
    response = as_role("communication").post(address(draft), {"embargo_until": ""})
    assert [str(message) for message in response.context["messages"]] == [
        "Cette convention n’est pas signée : elle ne peut pas encore être publiée. Attendez la signature, ou "
        "enregistrez la reprise si elle a été signée avant l’application."
    ]
    assert PublicSheet.objects.count() == 0


@pytest.mark.parametrize("role", ["gestionnaire", "juriste", "lecture"])
def test_other_roles_read_the_state_and_cannot_publish(as_role, signed, role):
    staff = as_role(role)
    assert "La communication publie les pages." in staff.get(address(signed)).content.decode()
    assert staff.post(address(signed), {"embargo_until": ""}).status_code == 403
