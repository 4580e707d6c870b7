"""The start alone: what the first page needs, while the invented conventions are still to come."""

import io

import pytest
from django.conf import settings as site
from django.core.management import call_command

from conventions.demonstration import progress
from conventions.demonstration.plan.accounts import PASSWORD
from conventions.models import Convention, PublicSheet, User

pytestmark = pytest.mark.slow


def run(*words) -> list[str]:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().splitlines()


def test_the_start_alone_opens_the_site_and_waits_for_the_rest(db, client, settings, tmp_path):
    settings.DEMO = True
    settings.DATA_DIR = tmp_path
    settings.ROOT_URLCONF = "conventions.tests.demo_urls"
    settings.STORAGES = {
        name: options | {"OPTIONS": {"location": str(tmp_path)}}
        if name in ("default", "private")
        else options
        for name, options in site.STORAGES.items()
    }
    told = run("charger_demo", "--si-vide", "--sans-fictives")
    assert told[:2] == ["  Comptes et partenaires", "  Cas publiés"]
    assert told[2].startswith("  Chargé : 8\u00a0cas publiés (")
    assert (Convention.objects.count(), PublicSheet.objects.published().count()) == (8, 8)
    assert "Les Kimonos du Cœur" in client.get("/").content.decode()
    assert User.objects.get(username="juriste").check_password(PASSWORD)
    assert progress.is_wanted()
    accounts, users = run("comptes_demo"), User.objects.count()
    assert "se chargent encore" in accounts[-1]
    assert 2 + len(accounts) <= 23  # with what `make run` says above them, and the line where one types
    again = run("charger_demo", "--si-vide", "--sans-fictives")
    assert again[2].startswith("  Chargé : 0\u00a0cas publié (")
    assert (Convention.objects.count(), User.objects.count()) == (8, users)
