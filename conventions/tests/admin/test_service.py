"""« État du service »: administrators see what waits, and confirm the date of the server."""

from html import unescape

import pytest
from django.core.management import call_command
from django.utils import timezone

from conventions.enums import Role
from conventions.models import ClockWatch, JournalEntry

pytestmark = pytest.mark.django_db
STATE = "/admin/etat/"
CONFIRM = "/admin/etat/horloge/"


@pytest.fixture
def held(db):
    ClockWatch.objects.create(
        pk=1, seen_at=timezone.now(), held_since=timezone.now(), reason="L’horloge du serveur a reculé."
    )


def read(client, address):
    return unescape(client.get(address).content.decode())


def test_first_page_of_an_administrator_tells_every_part(as_role, capsys):
    call_command("balayer")
    page = read(as_role("superuser"), "/admin/")
    for title in (
        "Courriels",
        "Sceaux",
        "Balayage",
        "Empreinte du journal",
        "Disque",
        "Certificats",
        "Horloge",
    ):
        assert f"<strong>{title}</strong>" in page
    assert "passé il y a" in page


@pytest.mark.parametrize("role", Role.values)
def test_nobody_else_reads_it(as_role, role):
    client = as_role(role)
    assert "État du service" not in read(client, "/admin/")
    assert (client.get(STATE).status_code, client.post(CONFIRM).status_code) in ((403, 403), (403, 302))
    assert JournalEntry.objects.filter(event="horloge_confirmee").count() == 0


def test_what_is_wrong_opens_by_itself(as_role, held):
    page = read(as_role("superuser"), "/admin/")
    assert '<details class="opt-more" open>' in page
    assert "Confirmer la date du serveur" in page


def test_administrator_confirms_the_date(as_role, held):
    client = as_role("superuser")
    assert "Cette date est la bonne" in read(client, STATE)
    page = unescape(client.post(CONFIRM, follow=True).content.decode())
    assert "La date est confirmée" in page
    assert "Cette date est la bonne" not in page
    assert JournalEntry.objects.get(event="horloge_confirmee").actor == client.user
    again = unescape(client.post(CONFIRM, follow=True).content.decode())
    assert "L’horloge n’attend aucune confirmation." in again


def test_steps_of_the_sweep_are_listed(as_role, capsys):
    client = as_role("superuser")
    assert "Le balayage n’est jamais passé." in read(client, STATE)
    call_command("balayer")
    page = read(client, STATE)
    assert "Empreinte du journal" in page
    assert "Actes expirés" in page


def test_page_costs_the_same_whatever_the_steps(as_role, query_budget, capsys):
    client = as_role("superuser")
    call_command("balayer")
    with query_budget(18):
        assert client.get(STATE).status_code == 200
