"""Envelopes from their screens: opened, voted, charged in one gesture, moved, taken out; a year is closed."""

import csv
import datetime
from io import StringIO

import pytest
from django.urls import reverse

from conventions.domain.money import budgets
from conventions.enums import Role
from conventions.models import Charge, ClosedYear, Envelope, EnvelopeMove, Funding
from conventions.money_enums import MoveKind
from conventions.tests import factories as f
from conventions.tests.harness import captured_queries

pytestmark = pytest.mark.django_db
LIST = "/admin/conventions/envelope/"
YEAR = 2026
BUDGET = 20


def address(name, *arguments):
    return reverse(f"admin:conventions_envelope_{name}", args=arguments)


def line(amount=1_000_000, **values):
    rows = [{"budget_year": YEAR, "amount": amount, **values}]
    return f.ConventionFactory(act="signe", act__fundings=rows).acts.get().funding_set.get()


def downloaded(client, url):
    return b"".join(client.get(url).streaming_content).decode("utf-8-sig")


def moved(**values):
    return {"amount": "2 M", "decision": "12", "decided_on": "2026-01-15", "reason": "Vote fictif"} | values


def test_the_whole_way_of_an_envelope(as_role):
    client = as_role(Role.OFFICER)
    answer = client.post(address("add"), {"year": "2026", "label": "Solidarité fictive"})
    row = Envelope.objects.get()
    assert answer.url == address("move", row.pk)
    assert client.post(answer.url, moved(kind="vote")).url == address("change", row.pk)
    funding = line()
    page = client.get(f"{address('charge')}?annee={YEAR}")
    assert f'<option value="{row.pk}" selected>' in page.text
    assert not Charge.objects.exists()
    client.post(f"{address('charge')}?annee={YEAR}", {f"enveloppe-{funding.line}": row.pk})
    (standing,) = budgets.standings([row])
    assert (standing.voted, standing.committed_sum, standing.left) == (2_000_000, 1_000_000, 1_000_000)
    page = client.get(address("change", row.pk))
    assert funding.act.convention.title in page.text
    client.post(address("take_out", row.pk, funding.line))
    assert budgets.standings([row])[0].committed_sum == 0


def test_what_cannot_be_is_told_and_nothing_typed_is_lost(as_role):
    client, row = as_role(Role.OFFICER), f.EnvelopeFactory(year=YEAR)
    answer = client.post(address("move", row.pk), moved(kind="reduction", reason=""))
    assert "Dites pourquoi, en quelques mots." in answer.text
    assert 'value="2 M"' in answer.text
    answer = client.post(address("add"), {"year": "26", "label": row.label})
    assert "Donnez un exercice entre 1990 et 2100." in answer.text
    answer = client.post(address("add"), {"year": "2026", "label": row.label})
    assert "porte déjà ce libellé" in answer.text
    assert not EnvelopeMove.objects.exists()


@pytest.mark.parametrize(
    "posted", [{}, {"enveloppe-rien": "1"}, {"enveloppe-00000000-0000-0000-0000-000000000007": "1"}]
)
def test_a_charge_of_nothing_is_refused(as_role, posted):
    client = as_role(Role.OFFICER)
    answer = client.post(f"{address('charge')}?annee={YEAR}", posted, follow=True)
    assert "Choisissez au moins une ligne" in answer.text
    assert not Charge.objects.exists()


@pytest.mark.parametrize("asked", ["12", "99999999999", "abc", "²026"])
def test_a_year_that_is_none_is_not_found(as_role, asked):
    assert as_role(Role.OFFICER).get(f"{address('charge')}?annee={asked}").status_code == 404


def test_a_transfer_is_written_in_both(as_role):
    client = as_role(Role.ACCOUNTANT)
    row, other = f.EnvelopeFactory(year=YEAR), f.EnvelopeFactory(year=YEAR)
    assert client.post(address("transfer", row.pk), moved(target=other.pk)).url == address("change", row.pk)
    assert list(EnvelopeMove.objects.order_by("pk").values_list("kind", "amount")) == [
        (MoveKind.TRANSFER, -2_000_000), (MoveKind.TRANSFER, 2_000_000),
    ]  # fmt: skip
    assert "vers" in client.get(address("change", row.pk)).text


def test_the_accountant_closes_a_year_that_is_over(as_role):
    client = as_role(Role.ACCOUNTANT)
    answer = client.post(address("close_year", 2024), {"on": "2024-12-31"})
    assert "n’est pas terminé" in answer.text
    client.post(address("close_year", 2024), {"on": "2025-02-03"})
    assert ClosedYear.objects.get().closed_on == datetime.date(2025, 2, 3)
    assert as_role(Role.OFFICER).get(address("close_year", 2023)).status_code == 403


def test_the_list_its_export_and_the_page_agree(as_role):
    row = f.EnvelopeFactory(year=YEAR, label="Fictive")
    f.EnvelopeMoveFactory(envelope=row, amount=3_000_000)
    for funding in (line(500_000), line(250_000)):
        f.ChargeFactory(convention=funding.act.convention, line=funding.line, envelope=row)
    client = as_role(Role.READER)
    texts = [client.get(LIST).text, client.get(address("change", row.pk)).text]
    for told in ("3\u202f000\u202f000\u00a0F\u00a0CFP", "750\u202f000\u00a0F\u00a0CFP"):
        assert all(told in text for text in texts)
    exported = downloaded(client, address("export", "csv"))
    (found,) = csv.DictReader(StringIO(exported), delimiter=";")
    assert (found["Voté (F CFP)"], found["Engagé (F CFP)"]) == ("3000000", "750000")
    assert found["Reste (F CFP)"] == "2250000"
    lines = downloaded(client, address("rows", row.pk, "csv"))
    rows = list(csv.DictReader(StringIO(lines), delimiter=";"))
    assert sum(int(one["Montant connu (F CFP)"]) for one in rows) == 750_000


def test_pages_cost_the_same_whatever_they_show(as_role):
    row = f.EnvelopeFactory(year=YEAR)
    client = as_role(Role.OFFICER)
    for _ in range(2):
        for _more in range(4):
            funding = line()
            f.ChargeFactory(convention=funding.act.convention, line=funding.line, envelope=row)
            line()
        for url in (LIST, address("change", row.pk), f"{address('charge')}?annee={YEAR}"):
            with captured_queries() as queries:
                assert client.get(url).status_code == 200
            assert len(queries) <= BUDGET, url
    assert Funding.objects.count() == 16
