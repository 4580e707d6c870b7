"""Every list of the admin exports what its search and filters leave, as CSV and as Excel."""

import csv
import io

import pytest
from django.contrib import admin
from django.urls import reverse

from conventions.enums import Role
from conventions.tests.factories import PressReleaseFactory, UserFactory
from conventions.tests.matrix.table import MODELS
from conventions.tests.matrix.world import build

pytestmark = pytest.mark.django_db
NAMES = sorted(model.replace(".", "_") for model in MODELS)


def exported(client, name: str, query: str = "", kind: str = "csv") -> list[dict[str, str]]:
    response = client.get(reverse(f"admin:{name}_export", args=[kind]) + query)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_every_list_of_the_admin_is_in_the_table():
    assert sorted(f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry) == NAMES


def test_each_list_offers_its_exports_and_each_row_is_in_them():
    world = build("superuser")
    client = world.clients["superuser"]
    for name in NAMES:
        world.row(name.split("_", 1)[1])
        page = client.get(reverse(f"admin:{name}_changelist"))
        for kind in ("csv", "xlsx"):
            assert page.content.decode().count(reverse(f"admin:{name}_export", args=[kind])) == 1, (
                name,
                kind,
            )
        rows = exported(client, name)
        shown = getattr(page, "context_data", {}).get("cl")
        if shown is not None:
            assert len(rows) == shown.result_count, name
        assert rows, name
        headings = list(rows[0])
        assert len(headings) == len({*headings, ""}) - 1, name
        assert any(row[headings[0]] for row in rows), name
        book = client.get(reverse(f"admin:{name}_export", args=["xlsx"]))
        assert b"".join(book)[:2] == b"PK", name


def test_an_export_keeps_what_the_search_and_the_filters_keep(as_role):
    client = as_role(Role.COMMUNICATION)
    PressReleaseFactory(published=True, title="Le dojo ouvre (fictif)")
    PressReleaseFactory(title="Le stade rouvre (fictif)")
    everything = {row["Titre"]: row["État"] for row in exported(client, "conventions_pressrelease")}
    assert everything == {"Le dojo ouvre (fictif)": "publié", "Le stade rouvre (fictif)": "en préparation"}
    assert [row["Titre"] for row in exported(client, "conventions_pressrelease", "?q=dojo")] == [
        "Le dojo ouvre (fictif)"
    ]
    assert [
        row["Titre"] for row in exported(client, "conventions_pressrelease", "?state__exact=brouillon")
    ] == ["Le stade rouvre (fictif)"]


def test_accounts_leave_with_their_roles_in_words(as_role):
    UserFactory(role=Role.ACCOUNTANT, last_name="COMPTABLE", is_active=False)
    row = next(row for row in exported(as_role("superuser"), "conventions_user") if row["Nom"] == "COMPTABLE")
    assert (row["Qui"], row["Rôles"], row["Second facteur"], row["Compte ouvert"]) == (
        "OPT-NC",
        "agent comptable",
        "absent",
        "non",
    )
