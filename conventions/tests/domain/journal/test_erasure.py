"""Personal details are erased by the verb alone, told in the journal without them; the chain holds."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from conventions.domain import journal
from conventions.domain.documents.archives.chains import erased_without_trace, texts_erased_without_trace
from conventions.domain.foundation.refusals import Refused
from conventions.domain.journal import erasure
from conventions.enums import Role
from conventions.models import DeviceEventText, JournalEntry, JournalPersonal
from conventions.tests.factories import (
    ConventionFactory,
    DeviceEventTextFactory,
    PartnerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ERASURE = "/admin/conventions/journalentry/effacer/"


@pytest.fixture
def admin():
    return UserFactory(superuser=True)


@pytest.fixture
def lines():
    """Two lines of a convention and one of a partner about Éloïse Kaddour, one about someone else (all invented)."""
    convention, partner = ConventionFactory(), PartnerFactory()
    with transaction.atomic():
        return [
            journal.record(
                "convention_modifiee", by=None, **about, personal={"signatory.1.last_name": ["", name]}
            )
            for about, name in [
                ({"convention": convention}, "Éloïse Kaddour"),
                ({"convention": convention}, "KADDOUR Eloise"),
                ({"partner": partner}, "Éloïse Kaddour"),
                ({"partner": partner}, "Jean Autre"),
            ]
        ]


def test_search_passes_over_accents_case_and_order(lines, admin):
    found = erasure.search("kaddour éloïse", by=admin)
    assert [row.entry.pk for row in found] == [line.pk for line in reversed(lines[:3])]


@pytest.mark.parametrize("words", ["", "a", "é b"])
def test_search_of_too_little_is_refused(admin, words):
    with pytest.raises(Refused):
        erasure.search(words, by=admin)


def test_erasure_is_told_without_the_details_and_the_chains_hold(lines, admin):
    erased = erasure.erase([line.pk for line in lines[:3]], reason="demande écrite", by=admin)
    told = [
        json.loads(entry.payload)["details"] for entry in JournalEntry.objects.filter(event=journal.ERASED)
    ]
    assert erased == 3
    assert sorted(told, key=lambda details: details["lignes_effacees"]) == [
        {"sequences": [1], "lignes_effacees": 1, "motif": "demande écrite"},
        {"sequences": [1, 2], "lignes_effacees": 2, "motif": "demande écrite"},
    ]
    assert [row.data for row in JournalPersonal.objects.all()] == [
        {"signatory.1.last_name": ["", "Jean Autre"]}
    ]
    assert [journal.broken_links(chain) for chain in {line.chain for line in lines}] == [[], []]
    assert list(erased_without_trace()) == []


def test_erasure_without_reason_or_line_is_refused(lines, admin):
    for keys, reason in (([lines[0].pk], " "), ([], "demande"), ([999_999], "demande")):
        with pytest.raises(Refused):
            erasure.erase(keys, reason=reason, by=admin)
    assert JournalPersonal.objects.count() == 4


@pytest.mark.parametrize("role", Role.values)
def test_no_role_erases(lines, role):
    user = UserFactory(role=role)
    with pytest.raises(PermissionDenied):
        erasure.search("Kaddour", by=user)
    with pytest.raises(PermissionDenied):
        erasure.erase([lines[0].pk], reason="demande", by=user)


def test_page_shows_then_erases_what_is_confirmed(as_role, lines):
    client = as_role("superuser")
    page = client.get(ERASURE, {"q": "kaddour"})
    assert page.context["counts"] == "3\u00a0lignes, 3\u00a0détails"
    values = {"lines": [lines[0].pk, lines[3].pk], "reason": "demande", "sure": "on"}
    refused = client.post(f"{ERASURE}?q=kaddour", values)  # the fourth line is not among those found
    assert (refused.status_code, JournalPersonal.objects.count()) == (200, 4)
    done = client.post(f"{ERASURE}?q=kaddour", values | {"lines": [lines[0].pk]})
    assert (done.status_code, JournalPersonal.objects.count()) == (302, 3)


def test_page_erases_nothing_without_the_box(as_role, lines):
    response = as_role("superuser").post(
        f"{ERASURE}?q=kaddour", {"lines": [lines[0].pk], "reason": "demande"}
    )
    assert response.context["form"].errors["sure"] == ["Cochez cette case pour effacer."]
    assert JournalPersonal.objects.count() == 4


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.READER])
def test_page_is_closed_to_roles(as_role, role):
    assert as_role(role).get(ERASURE).status_code == 403


@pytest.fixture
def told_of_devices():
    """Two events of devices that name Éloïse Kaddour, one that names another (all invented)."""
    return [
        DeviceEventTextFactory(data={"agent": name}, event__details={"texte": True}).event
        for name in ("Éloïse Kaddour", "E. KADDOUR Éloïse", "Jean Autre")
    ]


def test_what_devices_tell_of_a_person_is_found_and_erased_with_a_trace(told_of_devices, lines, admin):
    found = erasure.search("kaddour éloïse", by=admin)
    assert [row.entry for row in found[3:]] == [told_of_devices[1], told_of_devices[0]]
    keys = [row.key for row in found if row.entry in told_of_devices]
    assert erasure.erase(keys, reason="demande écrite", by=admin) == 2
    assert [row.event for row in DeviceEventText.objects.all()] == [told_of_devices[2]]
    told = json.loads(JournalEntry.objects.get(event=journal.ERASED).payload)["details"]
    assert told["evenements"] == sorted(event.pk for event in told_of_devices[:2])
    assert list(texts_erased_without_trace()) == []
    DeviceEventText.objects.all().delete()
    assert list(texts_erased_without_trace()) == [
        f"Appareils, événement {told_of_devices[2].pk} : texte effacé sans trace."
    ]


def test_page_offers_the_events_of_devices_too(as_role, told_of_devices, lines):
    client = as_role("superuser")
    page = client.get(ERASURE, {"q": "kaddour"})
    assert page.context["counts"] == "5\u00a0lignes, 5\u00a0détails"
    assert f"Appareil {told_of_devices[0].device}" in page.content.decode()
    key = f"appareil-{told_of_devices[0].pk}"
    values = {"lines": [key, lines[0].pk], "reason": "demande", "sure": "on"}
    assert client.post(f"{ERASURE}?q=kaddour", values).status_code == 302
    assert (DeviceEventText.objects.count(), JournalPersonal.objects.count()) == (2, 3)
