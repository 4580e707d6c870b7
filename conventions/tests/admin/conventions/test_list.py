"""The list: columns, filters, search, totals that say what they leave out, export, handing over."""

import csv
import io

import pytest
from django.urls import reverse

from conventions.enums import ActState, AreaLevel
from conventions.formats import NBSP, NNBSP
from conventions.models import Convention, JournalEntry
from conventions.tests.factories import (
    AreaFactory,
    ConventionFactory,
    KindFactory,
    PartnerFactory,
    UserFactory,
    ValueFactory,
)

LIST = reverse("admin:conventions_convention_changelist")
UNKNOWN = {"status": "inconnu", "amount": None}


def money(text: str) -> str:
    return text.replace(" F CFP", f"{NBSP}F{NBSP}CFP").replace("_", NNBSP)


@pytest.fixture
def three(db):
    """A known amount, an unknown one, a draft."""
    known = ConventionFactory(
        title="Dojo (fictif)", act=ActState.SIGNED, act__fundings=[{"amount": 2_000_000}], is_demo=True
    )
    unknown = ConventionFactory(title="Ligne (fictif)", act=ActState.SIGNED, act__fundings=[UNKNOWN])
    draft = ConventionFactory(title="Brouillon (fictif)", act__fundings=[{"amount": 500_000}])
    return known, unknown, draft


def titles(response) -> list[str]:
    return sorted(row.title for row in response.context["cl"].result_list)


def test_totals_say_what_they_could_not_count(as_role, three):
    page = as_role("lecture").get(LIST)
    expected = (
        f"3{NBSP}conventions · 2{NNBSP}000{NNBSP}000{NBSP}F{NBSP}CFP accordés, "
        f"sans compter 1{NBSP}montant non communiqué ou non fixé · 500{NNBSP}000{NBSP}F{NBSP}CFP prévus"
    )
    assert page.context_data["totals"].sentence == expected


def test_totals_without_any_known_amount_give_no_sum(as_role, db):
    ConventionFactory(act=ActState.SIGNED, act__fundings=[UNKNOWN, UNKNOWN])
    page = as_role("lecture").get(LIST)
    expected = f"1{NBSP}convention · accordé{NBSP}: 2{NBSP}montants non communiqués ou non fixés"
    assert page.context_data["totals"].sentence == expected


def test_totals_leave_out_lines_that_an_amendment_replaced(as_role, db):
    from conventions.tests.factories import ActFactory

    convention = ConventionFactory(act=ActState.SIGNED, act__fundings=[{"amount": 2_000_000}])
    first = convention.acts.get().funding_set.get()
    ActFactory(
        convention=convention,
        amendment=True,
        state=ActState.SIGNED,
        reason="Hausse.",
        fundings=[{"amount": 3_000_000, "replaces": first, "line": first.line}],
    )
    page = as_role("lecture").get(LIST)
    assert (page.context_data["totals"].signed_known, page.context_data["totals"].draft_known) == (
        3_000_000,
        None,
    )


def test_search_ignores_accents_and_ligatures(as_role, three):
    ConventionFactory(title="Lecture (fictif)", partner=PartnerFactory(name="Les Kimonos du Cœur (fictif)"))
    assert titles(as_role("lecture").get(LIST, {"q": "coeur KIMONOS"})) == ["Lecture (fictif)"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"etat": "en_cours"}, ["Dojo (fictif)", "Ligne (fictif)"]),
        ({"etat": "en_preparation"}, ["Brouillon (fictif)"]),
        ({"nature": "mecenat"}, ["Dojo (fictif)"]),
        ({"valeur": "cohesion"}, ["Dojo (fictif)"]),
        ({"province": "province-essai"}, ["Dojo (fictif)"]),
        ({"dossiers": "moi"}, ["Dojo (fictif)"]),
        ({"dossiers": "personne"}, ["Brouillon (fictif)", "Ligne (fictif)"]),
        ({"annee": "1999"}, []),
        ({"annee": "n'importe"}, ["Brouillon (fictif)", "Dojo (fictif)", "Ligne (fictif)"]),
    ],
)
def test_filters(as_role, officer, three, query, expected):
    dojo = three[0]
    province = AreaFactory(slug="province-essai", level=AreaLevel.PROVINCE)
    commune = AreaFactory(slug="commune-essai")
    commune.provinces.add(province)
    dojo.areas.add(commune)
    dojo.values.add(ValueFactory(slug="cohesion"))
    dojo.kind, dojo.officer = KindFactory(slug="mecenat"), officer
    dojo.save()
    assert titles(as_role(officer).get(LIST, query)) == expected


def test_year_and_officer_filters_offer_what_is_there(as_role, officer, three):
    three[0].officer = officer
    three[0].save()
    year = three[0].acts.get().signed_on.year
    client = as_role(officer)
    assert titles(client.get(LIST, {"annee": year, "charge": officer.pk})) == ["Dojo (fictif)"]


def read_csv(response) -> list[dict]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_csv_leaves_unknown_amounts_empty_and_says_why(as_role, three):
    url = reverse("admin:conventions_convention_export", args=["csv"])
    rows = {row["Titre"]: row for row in read_csv(as_role("lecture").get(url, {"etat": "en_cours"}))}
    assert sorted(rows) == ["Dojo (fictif)", "Ligne (fictif)"]
    assert [rows["Dojo (fictif)"][name] for name in ("Montant (F CFP)", "Statut du montant")] == [
        "2000000",
        "connu",
    ]
    assert [rows["Ligne (fictif)"][name] for name in ("Montant (F CFP)", "Statut du montant")] == [
        "",
        "inconnu",
    ]


def test_csv_makes_a_formula_a_text(as_role, db):
    ConventionFactory(title="=CMD|' /C calc'!A0 (fictif)")
    url = reverse("admin:conventions_convention_export", args=["csv"])
    [row] = read_csv(as_role("lecture").get(url))
    assert row["Titre"] == "'=CMD|' /C calc'!A0 (fictif)"


def test_xlsx_holds_the_same_rows(as_role, three):
    import openpyxl

    url = reverse("admin:conventions_convention_export", args=["xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(as_role("lecture").get(url).content))
    [heads, *rows] = [[cell.value for cell in row] for row in book.active.iter_rows()]
    amount = heads.index("Montant (F CFP)")
    assert sorted((row[0], row[amount]) for row in rows) == [
        ("Brouillon (fictif)", 500_000),
        ("Dojo (fictif)", 2_000_000),
        ("Ligne (fictif)", None),
    ]


def reassign(client, rows, **values):
    chosen = [row.pk for row in rows]
    return client.post(LIST, {"action": "reassign_action", "_selected_action": chosen, **values})


def test_handing_over_asks_then_tells_the_journal(as_role, officer, three):
    colleague = UserFactory(role="gestionnaire")
    client = as_role(officer)
    page = reassign(client, three[:2])
    assert [row.title for row in page.context["rows"].order_by("title")] == [
        "Dojo (fictif)",
        "Ligne (fictif)",
    ]
    assert Convention.objects.filter(officer=colleague).count() == 0
    assert reassign(client, three[:2], to=colleague.pk).status_code == 302
    assert set(Convention.objects.filter(officer=colleague)) == set(three[:2])
    assert list(JournalEntry.objects.values_list("event", flat=True)) == ["dossier_confie", "dossier_confie"]


def test_handing_over_to_someone_outside_staff_is_refused(as_role, officer, three):
    outsider = UserFactory()
    page = reassign(as_role(officer), three[:1], to=outsider.pk)
    assert list(page.context["form"].errors) == ["to"]
    assert Convention.objects.filter(officer=outsider).count() == 0


@pytest.mark.parametrize("role", ["juriste", "comptable", "logistique", "communication", "lecture"])
def test_handing_over_is_not_offered_to_other_roles(as_role, three, role):
    client = as_role(role)
    reassign(client, three[:1], to=UserFactory(role="gestionnaire").pk)
    assert JournalEntry.objects.count() == 0


def make(count):
    for _rank in range(count):
        ConventionFactory(
            act=ActState.SIGNED, act__fundings=[{"amount": 1000}, UNKNOWN], officer=UserFactory()
        )


@pytest.mark.parametrize("rows", [1, 30])
def test_list_stays_within_twenty_queries(as_role, db, query_budget, rows):
    make(rows)
    client = as_role("gestionnaire")
    with query_budget(20):
        client.get(LIST)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_costs_the_same_with_1_or_30_rows(as_role, db, query_budget, kind):
    url = reverse("admin:conventions_convention_export", args=[kind])
    client = as_role("gestionnaire")

    def spent():
        with query_budget(20) as queries:
            response = client.get(url)
            if response.streaming:
                b"".join(response.streaming_content)
        return len(queries)

    make(1)
    few = spent()
    make(29)
    assert spent() == few
