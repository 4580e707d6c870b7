"""The space opens to those who are asked to sign for a partner, as the text is frozen."""

import datetime
import json

import pytest
from django.utils import timezone

from conventions.models import JournalEntry, Representative, User
from conventions.tests.signing import world as worlds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]


@pytest.fixture
def without_account(keys):
    """A draft whose president has a mandate and an address, but no account."""
    world = worlds.drafted()
    Representative.objects.filter(user=world.president).update(user=None)
    world.president.delete()
    return world


def mandate_of(world) -> Representative:
    return Representative.objects.get(partner__name="Association Niaouli (fictif)")


@pytest.mark.parametrize("path", ["en_ligne", "papier"])
def test_signatory_of_a_partner_gets_an_account(without_account, path):
    without_account.convention.acts.update(path=path)
    mandate = mandate_of(without_account)
    Representative.objects.filter(pk=mandate.pk).update(email="presidence@niaouli.invalid")
    worlds.freeze(without_account)
    (user,) = User.objects.reachable_at("presidence@niaouli.invalid")
    assert mandate_of(without_account).user == user
    assert (user.is_staff, user.has_usable_password()) == (False, False)
    line = JournalEntry.objects.get(event="acces_ouvert")
    assert line.actor == without_account.officer
    assert json.loads(line.payload)["details"] == {"representant": mandate.pk, "compte": user.pk}


@pytest.mark.parametrize(
    "values",
    [
        {"email": ""},
        {"mandate_start": timezone.localdate() + datetime.timedelta(days=3)},
    ],
)
def test_nobody_enters_without_an_address_or_out_of_office(without_account, values):
    without_account.convention.acts.update(path="papier")
    Representative.objects.filter(pk=mandate_of(without_account).pk).update(**values)
    worlds.freeze(without_account)
    assert mandate_of(without_account).user is None
    assert not JournalEntry.objects.filter(event="acces_ouvert").exists()


def test_closed_account_stays_closed(keys):
    world = worlds.drafted()
    User.objects.filter(pk=world.president.pk).update(is_active=False)
    worlds.freeze(world)
    assert mandate_of(world).user == world.president
    assert not User.objects.get(pk=world.president.pk).is_active
