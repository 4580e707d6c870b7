"""On the page: what is impossible, what is to be checked, and the reason that sets a doubt aside."""

import pytest
from django.urls import reverse

from conventions.models import JournalEntry
from conventions.tests.admin.conventions.browser_post import add_line, form_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(as_role, officer, draft, page_of):
    """Lines typed on the page and saved; the page that comes next."""

    def save(**tables):
        client = as_role(officer)
        data = form_data(client.get(page_of(draft)))
        for key, lines in tables.items():
            for values in lines:
                add_line(data, key, **values)
        assert client.post(page_of(draft), data).status_code == 302
        return client.get(page_of(draft))

    return save


def codes(page, name):
    return {item.code.rstrip("0123456789").rstrip("-") for item in page.context[name]}


GRANT = {"amount": "1 000 000", "status": "connu", "figure": "accorde", "budget_year": "2030"}


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        (
            {"funding": [GRANT], "instalmentterm": [{"label": "tout", "amount": "1 800 000"}]},
            "versements",
        ),
        (
            {
                "funding": [GRANT],
                "instalmentterm": [{"label": "un", "percent": "80"}, {"label": "deux", "percent": "40"}],
            },
            "parts",
        ),
        ({"funding": [GRANT | {"amount": "", "status": "inconnu"}]}, "montant-tu"),
        ({"funding": [GRANT | {"amount": "0"}]}, "zero-funding"),
    ],
)
def test_what_is_impossible_is_told_on_the_page(typed, tables, code):
    assert code in codes(typed(**tables), "checklist")


def test_doubt_is_set_aside_with_a_reason_from_the_page(typed, as_role, officer, draft):
    page = typed(funding=[GRANT], instalmentterm=[{"label": "acompte", "amount": "300 000"}])
    assert "versements-incomplets" in codes(page, "doubts")
    url = reverse("admin:conventions_convention_doubt", args=[draft.pk])
    client = as_role(officer)
    again = client.post(url, {"doubt": "versements-incomplets", "reason": " "})
    assert "Écrivez pourquoi ce n’est pas un problème" in again.content.decode()
    told = client.post(
        url, {"doubt": "versements-incomplets", "reason": "Le reste sur avenant."}, follow=True
    )
    assert "Le reste sur avenant." in told.content.decode()
    assert JournalEntry.objects.filter(convention=draft, event="doute_ecarte").count() == 1
