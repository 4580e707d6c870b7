"""« Versements transmis, non payés »: what the accountant finds there, counts, exports; what it costs."""

import csv
import io

import pytest
from openpyxl import load_workbook

from conventions.enums import Role
from conventions.models import Payment
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today
from conventions.tests.pdf.reading import plain

pytestmark = pytest.mark.django_db
LIST = "/admin/conventions/payment/"
BUDGET = 22


def sent(title="Atelier du lagon (fictif)", *, year=2026, **values) -> Payment:
    convention = f.ConventionFactory(title=title, act="signe", act__fundings=[{"budget_year": year}])
    return f.PaymentFactory(funding=convention.acts.get().funding_set.get(), **values)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def shown(response) -> list[int]:
    return [row.pk for row in response.context_data["cl"].result_list]


def test_what_waits_is_listed_oldest_first_and_counted(as_role):
    late, recent = sent(sent_on=days_from_today(-20)), sent(sent_on=days_from_today(-2), amount=1_000_000)
    sent(paid_on=days_from_today(-1))
    page = as_role(Role.ACCOUNTANT).get(LIST)
    assert shown(page) == [late.pk, recent.pk]
    assert plain(page.context_data["totals"]) == "2 versements · 1 250 000 F CFP à payer"


def test_payment_without_a_year_is_told_apart(as_role):
    sent(year=None)
    assert plain(as_role(Role.ACCOUNTANT).get(LIST).context_data["totals"]).endswith(
        "· 1 sans exercice précisé"
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "lagon"}, ["lagon"]),
        ({"q": "250 000"}, ["lagon"]),
        ({"q": "rien de tel"}, []),
        ({"exercice": "2025"}, ["pirogue"]),
        ({"exercice": "sans"}, []),
    ],
)
def test_list_is_searched_and_filtered(as_role, asked, found):
    rows = {"lagon": sent(), "pirogue": sent("La pirogue (fictif)", year=2025, amount=70_000)}
    assert shown(as_role(Role.ACCOUNTANT).get(LIST, asked)) == [rows[name].pk for name in found]


def test_list_is_filtered_by_who_is_in_charge(as_role):
    mine = sent()
    sent()
    officer = f.UserFactory(role=Role.OFFICER)
    mine.convention.officer = officer
    mine.convention.save()
    assert shown(as_role(Role.ACCOUNTANT).get(LIST, {"charge": officer.pk})) == [mine.pk]


def test_nothing_to_pay_is_said(as_role):
    assert "Rien n’attend d’être payé" in as_role(Role.ACCOUNTANT).get(LIST).content.decode()


def test_accountant_is_led_to_pay_and_a_reader_to_read(as_role):
    sent()
    assert "Enregistrer le paiement" in as_role(Role.ACCOUNTANT).get(LIST).content.decode()
    assert "Enregistrer le paiement" not in as_role(Role.READER).get(LIST).content.decode()


def test_export_gives_the_budget_year_and_no_full_account(as_role):
    row = sent(year=2025)
    content = body(as_role(Role.ACCOUNTANT).get(f"{LIST}export/csv/")).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(content), delimiter=";")
    assert (line["Exercice"], line["Montant (F CFP)"], line["Convention"]) == (
        "2025",
        "250000",
        row.convention.title,
    )
    assert line["Compte"] == str(row.bank_account)


def test_export_to_excel_has_a_row_for_each(as_role):
    sent()
    sent()
    workbook = load_workbook(io.BytesIO(body(as_role(Role.ACCOUNTANT).get(f"{LIST}export/xlsx/"))))
    sheet = workbook.active
    assert (sheet.max_row, [cell.value for cell in sheet[1]][:2]) == (3, ["Convention", "Référence"])


def test_president_finds_no_list(as_role):
    assert as_role(f.PresidentFactory()).get(LIST).status_code in (302, 403, 404)


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_the_same_for_1_and_30(as_role, query_budget, count):
    for rank in range(count):
        sent(f"Atelier {rank} (fictif)")
    client = as_role(Role.ACCOUNTANT)
    with query_budget(BUDGET):
        response = client.get(LIST)
    assert len(shown(response)) == count
