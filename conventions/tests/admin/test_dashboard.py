"""The first page: what waits for me, the figures of the year, always for the same number of queries."""

from html import unescape

import pytest
from django.utils import timezone

from conventions.enums import Role
from conventions.tests.factories import ConventionFactory, UserFactory

pytestmark = pytest.mark.django_db


def fill(count, officer=None):
    year = timezone.localdate().year
    for _rank in range(count):
        for state in ("brouillon", "en_relecture", "valide", "a_signer"):
            ConventionFactory(act=state, officer=officer)
        ConventionFactory(
            act="signe",
            officer=officer,
            act__fundings=[{"amount": 500_000, "budget_year": year}],
            act__equipment=[{"quantity": 2}],
        )


@pytest.mark.parametrize("count", [1, 30])
def test_dashboard_costs_the_same_for_1_and_30(as_role, query_budget, count):
    fill(count)
    # Every role: one query per kind of task, the figures of the year and what sources declare of it; nine for the state
    # of the service, which an administrator reads first.
    client = as_role("superuser")
    with query_budget(41):  # one more kind of task: payments sent back, rejected or paid too much
        assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_figures_page_costs_the_same_for_1_and_30(as_role, query_budget, count):
    fill(count)
    client = as_role(Role.READER)
    # The database makes each sum, and each table reads its own page: two more than when every row was read.
    with query_budget(17):
        assert client.get("/admin/chiffres/").status_code == 200


def test_officer_starts_with_own_files_and_may_look_at_all(as_role):
    officer = UserFactory(role=Role.OFFICER)
    own, other = ConventionFactory(officer=officer), ConventionFactory()
    client = as_role(officer)
    mine = unescape(client.get("/admin/").content.decode())
    assert own.title in mine
    assert other.title not in mine
    everyone = unescape(client.get("/admin/?dossiers=tous").content.decode())
    assert other.title in everyone


def test_empty_dashboard_says_so(as_role):
    html = as_role(Role.READER).get("/admin/").content.decode()
    assert "Rien ne vous attend" in html


def test_long_section_folds_the_rest(as_role):
    for _rank in range(9):
        ConventionFactory(act="en_relecture")
    response = as_role(Role.LAWYER).get("/admin/")
    (group,) = response.context["groups"]
    assert (group.count, len(group.first), group.more.replace("\u00a0", " ")) == (9, 6, "Et 3 autres")


def test_late_task_is_counted_and_marked(as_role):
    import datetime

    due = timezone.localdate() - datetime.timedelta(days=2)
    ConventionFactory(act="signe", act__obligations=[{"kind": "compte_rendu", "due_on": due}])
    response = as_role(Role.OFFICER).get("/admin/?dossiers=tous")
    assert response.context["late_count"] == 1
    html = response.content.decode()
    assert 'class="is-late"' in html
    assert "2\u00a0jours de retard" in html


def test_figures_page_lists_the_rows_of_its_totals(as_role):
    fill(2)
    year = timezone.localdate().year
    response = as_role(Role.DIRECTOR).get(f"/admin/chiffres/?annee={year}")
    html = response.content.decode()
    assert response.context["figures"].granted.total == 1_000_000
    assert html.count("1\u202f000\u202f000\u00a0F\u00a0CFP") >= 3
    assert "500\u202f000\u00a0F\u00a0CFP" in html


def test_figures_export_has_one_line_per_row(as_role):
    fill(2)
    year = timezone.localdate().year
    response = as_role(Role.DIRECTOR).get(f"/admin/chiffres/?annee={year}&format=csv")
    lines = b"".join(response.streaming_content).decode().splitlines()
    granted = [line for line in lines if line.startswith("Engagé")]
    assert len(granted) == 2
    assert all(";500000;" in line for line in granted)


def test_figures_are_for_staff(client):
    assert client.get("/admin/chiffres/").status_code == 302
