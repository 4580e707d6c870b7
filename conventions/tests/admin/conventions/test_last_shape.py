"""The terms in their last shape, filled in on the page: what is kept, what is refused beside its field."""

import datetime

import pytest
from django.urls import reverse

from conventions.domain.acts import amending, drafting
from conventions.domain.acts.content import assembling
from conventions.domain.acts.drafting.page_content import ROWS_BY_KEY
from conventions.domain.foundation.refusals import Refused
from conventions.enums import AmountStatus
from conventions.formats import NNBSP
from conventions.models import InstalmentTerm, Obligation, SupportKind
from conventions.tests import factories as f
from conventions.tests.admin.conventions.browser_post import add_line, form_data

pytestmark = pytest.mark.django_db
DAY = datetime.date(2027, 6, 30)


@pytest.fixture
def page(as_role, officer, draft, page_of):
    """(data to post, post) of the page of the draft."""
    client = as_role(officer)
    return form_data(client.get(page_of(draft))), lambda data: client.post(page_of(draft), data)


def refused(page, key, *lines):
    """The fields that each of these lines is refused for, in one post."""
    data, post = page
    for values in lines:
        add_line(data, key, **values)
    forms = post(data).context["sheet"].formsets[key].forms[-len(lines) :]
    return [list(form.errors) for form in forms]


def kept(page, act, key, **values):
    data, post = page
    add_line(data, key, **values)
    assert post(data).status_code == 302
    return getattr(act, f"{key}_set").last()


# What is typed beside the label; the kind that is kept, the condition in words.
CONDITIONS = (
    (
        {"condition_kind": "signature", "condition": "sur RIB"},
        "signature",
        "à la signature, sur RIB",
    ),
    ({"due_on": "2027-06-30"}, "date", "au plus tard le 30 juin 2027"),
    ({"condition": "Au vu du programme."}, "autre", "au vu du programme"),
    (
        {"condition_kind": "decision", "condition": "Sur décision du comité"},
        "decision",
        "sur décision du comité",
    ),
    (
        {"condition_kind": "justificatifs", "due_on": "2027-06-30"},
        "justificatifs",
        "sur justificatifs, et au plus tard le 30 juin 2027",
    ),
    ({}, "", ""),
)


def test_each_instalment_keeps_its_condition(page, the_act):
    data, post = page
    for typed, _kind, _due in CONDITIONS:
        add_line(data, "instalmentterm", label="solde", amount="1 M", **typed)
    assert post(data).status_code == 302
    found = [(row.condition_kind, row.due) for row in the_act.instalmentterm_set.all()]
    assert found == [(kind, due) for _typed, kind, due in CONDITIONS]


def test_instalment_names_the_report_it_waits_for(page, the_act):
    report = the_act.obligation_set.get(kind="compte_rendu")
    row = kept(page, the_act, "instalmentterm", label="solde", amount="1 M", obligation=report.pk)
    assert (row.condition_kind, row.obligation) == ("compte_rendu", report)
    line = assembling.agreement_context(the_act).instalments[0]
    assert (line.condition_kind, line.obligation) == ("compte_rendu", report.text)


WRONG_CONDITIONS = [
    ({"condition_kind": "date"}, "due_on"),
    ({"condition_kind": "autre"}, "condition"),
    ({"condition_kind": "signature", "obligation": "compte_rendu"}, "obligation"),
    ({"condition_kind": "date", "due_on": "2027-06-30", "obligation": "bilan"}, "obligation"),
    ({"condition_kind": "compte_rendu", "obligation": "visibilite"}, "obligation"),
]


def test_condition_that_says_nothing_or_two_things_is_refused(page, the_act):
    duties = {row.kind: row.pk for row in the_act.obligation_set.all()}
    lines = [
        {name: duties.get(value, value) if name == "obligation" else value for name, value in typed.items()}
        for typed, _field in WRONG_CONDITIONS
    ]
    found = refused(page, "instalmentterm", *({"label": "solde", **line} for line in lines))
    assert found == [[field] for _typed, field in WRONG_CONDITIONS]


def test_duty_of_another_convention_cannot_be_named(page):
    other = f.ObligationFactory()
    line = {"label": "solde", "condition_kind": "remise", "obligation": other.pk}
    assert refused(page, "instalmentterm", line) == [["obligation"]]


def test_duty_that_a_payment_waits_for_is_not_removed(page, the_act, as_role, officer, draft, page_of):
    report = the_act.obligation_set.get(kind="compte_rendu")
    kept(page, the_act, "instalmentterm", label="solde", amount="1 M", obligation=report.pk)
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["obligation-0-DELETE"] = ["on"]
    response = client.post(page_of(draft), data)
    assert "changez d’abord sa condition" in response.content.decode()
    assert Obligation.objects.filter(pk=report.pk).exists()


PRICED = {"quantity": 120, "unit": "licences", "unit_price": "15 000"}
TABLES = {
    "funding": {"budget_year": 2027, "figure": "accorde"},
    "inkind": {"kind": "telecom", "description": "abonnement"},
    "equipmentterm": {"nature": "écran", "transfer": "don"},
    "budgetline": {"side": "depense", "heading": "licences"},
}


def test_amount_that_nobody_typed_is_the_product(page, the_act):
    data, post = page
    for key, values in TABLES.items():
        add_line(data, key, status="connu", **values, **PRICED)
    assert post(data).status_code == 302
    rows = [getattr(the_act, f"{key}_set").last() for key in TABLES]
    assert {(row.amount, row.status, row.unit) for row in rows} == {
        (1_800_000, AmountStatus.KNOWN, "licences")
    }


def test_amount_that_is_not_the_product_is_refused(page):
    data, post = page
    for key, values in TABLES.items():
        add_line(data, key, status="connu", amount="1 700 000", **values, **PRICED)
    formsets = post(data).context["sheet"].formsets
    errors = [formsets[key].forms[-1].errors for key in TABLES]
    assert [list(error) for error in errors] == [["amount"]] * len(TABLES)
    assert "1 800 000" in errors[0]["amount"][0].replace(NNBSP, " ")


WRONG_PRICES = [
    ({"quantity": "", "status": "connu", "amount": "100"}, "quantity"),
    ({"unit_price": "0", "status": "connu", "amount": "0"}, "unit_price"),
    ({"status": "inconnu", "amount": "1 800 000"}, "amount"),
]


def test_price_without_quantity_or_of_nothing_is_refused(page):
    lines = [TABLES["funding"] | PRICED | typed for typed, _field in WRONG_PRICES]
    assert refused(page, "funding", *lines) == [[field] for _typed, field in WRONG_PRICES]


def test_price_of_what_only_the_result_will_count_is_kept(page, the_act):
    typed = PRICED | {"quantity": "", "status": "resultat"}
    row = kept(page, the_act, "funding", **TABLES["funding"], **typed)
    assert (row.amount, row.quantity, row.unit_price) == (None, None, 15_000)


LOAN = {
    "return_on": "2027-06-30",
    "custody": "l’association",
    "insurance": "souscrite",
    "state_given": "bon état",
}


LENT = {
    "pret": ("inkind", {"kind": "pret", "description": "tente"}),
    "local": ("inkind", {"kind": "local", "description": "bureau"}),
    "equipment": ("equipmentterm", {"nature": "écran", "quantity": 1, "transfer": "pret"}),
}


def test_loan_says_who_keeps_and_insures_it(page, the_act):
    data, post = page
    for key, values in LENT.values():
        add_line(data, key, status="inconnu", **values, **LOAN)
    assert post(data).status_code == 302
    told = assembling.agreement_context(the_act)
    for line in (*told.in_kind, *told.equipment):
        said = (str(line.return_on.value), line.custody, line.insurance, line.state_given)
        assert said == tuple(LOAN.values())
    assert len(told.in_kind) + len(told.equipment) == len(LENT)


def test_gift_does_not_come_back(page):
    gift = {"kind": "don", "description": "tente", "status": "inconnu"}
    assert refused(page, "inkind", gift | {"return_on": "2027-06-30"}) == [["return_on"]]


def test_equipment_that_contradicts_its_loan_is_refused(page):
    screen = {"nature": "écran", "quantity": 1, "status": "inconnu", "transfer": "pret"}
    given = screen | {"transfer": "don", "custody": "l’association"}
    early = screen | {"starts_on": "2027-07-01", "return_on": "2027-06-30"}
    assert refused(page, "equipmentterm", given, early) == [["transfer"], ["return_on"]]


def test_retired_kind_is_proposed_only_where_it_is_held(page, the_act, as_role, officer, draft, page_of):
    kept(page, the_act, "inkind", kind="timbre", description="émission", status="inconnu")
    SupportKind.objects.filter(slug="timbre").update(active=False)
    client, option = as_role(officer), 'value="timbre"'
    assert option in client.get(page_of(draft)).content.decode()
    other = f.ConventionFactory(officer=officer)
    assert option not in client.get(page_of(other)).content.decode()


BUDGET = {
    "expense": {"side": "depense", "heading": "salle", "amount": "300 000", "status": "connu"},
    "other funder": {
        "side": "recette", "heading": "subvention", "amount": "100 000", "status": "connu", "funder": "fonds propres",
    },
    "asked": {"side": "recette", "heading": "province", "status": "a_determiner", "standing": "demande"},
}  # fmt: skip


def test_budget_lines_are_kept(page, the_act):
    data, post = page
    for values in BUDGET.values():
        add_line(data, "budgetline", **values)
    assert post(data).status_code == 302
    told = [
        (line.heading, line.funder, line.standing) for line in assembling.agreement_context(the_act).budget
    ]
    assert told == [
        (line["heading"], line.get("funder", ""), line.get("standing", "")) for line in BUDGET.values()
    ]


def test_budget_line_names_the_party_that_brings_it(page, the_act, draft):
    opt = draft.parties.get(partner__is_opt=True)
    values = {"side": "recette", "heading": "OPT-NC", "amount": "1 M", "status": "connu", "party": opt.pk}
    kept(page, the_act, "budgetline", **values)
    line = assembling.agreement_context(the_act).budget[0]
    assert (line.funder, line.by_party) == ("l’OPT-NC", True)


WRONG_BUDGETS = [
    (BUDGET["expense"] | {"funder": "fonds propres"}, "side"),
    (BUDGET["expense"] | {"standing": "demande"}, "side"),
    (BUDGET["expense"] | {"amount": ""}, "amount"),
    (BUDGET["asked"] | {"amount": "5"}, "amount"),
    (BUDGET["expense"] | {"budget_year": "27"}, "budget_year"),
]


def test_budget_line_that_contradicts_itself_is_refused(page, draft):
    party = draft.parties.last()
    lines = [*(typed for typed, _field in WRONG_BUDGETS), BUDGET["other funder"] | {"party": party.pk}]
    assert refused(page, "budgetline", *lines) == [[field] for _typed, field in WRONG_BUDGETS] + [["funder"]]


def test_indicator_is_kept(page, the_act):
    kept(
        page,
        the_act,
        "indicator",
        name="enfants accueillis",
        target="40",
        unit="enfants",
        due_on="2027-06-30",
    )
    line = assembling.agreement_context(the_act).indicators[0]
    assert (line.name, line.target, line.unit, line.due.value) == ("enfants accueillis", 40, "enfants", DAY)


def test_new_duty_names_its_party_and_its_proof(page, the_act, draft):
    values = {"kind": "autre", "text": "Tenir un stand", "proof": "photos"}
    row = kept(page, the_act, "obligation", **values, party=draft.parties.last().pk)
    assert row.proof == "photos"
    assert assembling.agreement_context(the_act).obligations[-1].party_role == "beneficiaire"


def test_new_duty_of_nobody_is_refused(page):
    assert refused(page, "obligation", {"kind": "autre", "text": "Tenir un stand"}) == [["party"]]


def test_money_of_a_party_is_not_that_of_opt(page, draft):
    values = {"budget_year": 2027, "amount": "1 M", "status": "connu", "party": draft.parties.last().pk}
    assert refused(page, "funding", values | {"figure": "accorde"}) == [["party"]]


def test_money_promised_by_a_party_is_kept(page, the_act, draft):
    values = {"budget_year": 2027, "amount": "1 M", "status": "connu", "party": draft.parties.last().pk}
    kept(page, the_act, "funding", **values, figure="cofinancement")
    assert assembling.agreement_context(the_act).fundings[0].party_role == "beneficiaire"


def test_condition_follows_the_duty_that_an_amendment_rewrites(officer):
    convention = f.ConventionFactory(
        act="signe", act__obligations=[{"text": "Remettre le bilan.", "kind": "bilan"}], act__signed_on=DAY
    )
    duty = Obligation.objects.get(act__convention=convention)
    act = amending.start_amendment(convention, by=officer, reason="x")
    amending.add_line(
        act, InstalmentTerm, by=officer, label="solde", condition_kind="compte_rendu", obligation=duty
    )
    amending.replace_line(act, duty, by=officer, text="Remettre le bilan moral.")
    lines = {InstalmentTerm: list(act.instalmentterm_set.all()), Obligation: list(act.obligation_set.all())}
    tables = {model: lines.get(model, []) for model in assembling.LINE_MODELS}
    found = assembling.line_contexts(convention.parties.all(), tables)["instalments"]
    assert [line.obligation for line in found] == ["Remettre le bilan moral."]


def test_lines_that_are_only_read_say_money_of_what_is_money():
    convention = f.ConventionFactory(
        act="signe",
        act__budget=[
            {"status": AmountStatus.TO_BE_SET, "amount": None},
            {"quantity": 2, "unit_price": 60_000},
        ],
        act__indicators=[{"target": 40, "unit": "enfants"}],
        act__in_kind=[{"description": "abonnement"}],
    )
    act = convention.acts.get()
    read = {
        key: drafting.readings.shown_rows(ROWS_BY_KEY[key], ROWS_BY_KEY[key].of(convention, act))
        for key in ("budgetline", "indicator", "inkind")
    }
    headings, (unset, priced) = read["budgetline"]
    price = headings.index("Prix unitaire (F CFP)")
    assert (unset[price], priced[price].replace(NNBSP, " ")) == ("", "60 000\xa0F\xa0CFP")
    assert read["indicator"][1] == [["enfants accueillis", "40", "enfants"]]
    assert "Prix unitaire (F CFP)" not in read["inkind"][0]


def test_duty_added_by_an_amendment_stays_while_a_payment_waits_for_it(officer):
    convention = f.ConventionFactory(act="signe")
    act = amending.start_amendment(convention, by=officer, reason="x")
    duty = amending.add_line(
        act, Obligation, by=officer, text="Remettre le bilan.", party=convention.parties.last()
    )
    values = {"label": "solde", "condition_kind": "remise", "obligation": duty}
    payment = amending.add_line(act, InstalmentTerm, by=officer, **values)
    with pytest.raises(Refused, match="changez d’abord sa condition"):
        amending.undo_change(act, duty, by=officer)
    amending.undo_change(act, payment, by=officer)
    amending.undo_change(act, duty, by=officer)
    assert not act.obligation_set.exists()


def test_line_of_an_amendment_names_a_duty_in_force(as_role, officer):
    convention = f.ConventionFactory(
        act="signe", act__obligations=[{"text": "Remettre le bilan.", "kind": "bilan"}]
    )
    act = amending.start_amendment(convention, by=officer, reason="x")
    duty = Obligation.objects.get(act__convention=convention)
    url = (
        reverse("admin:conventions_convention_line_add", args=[convention.pk, "instalmentterm"])
        + f"?acte={act.rank}"
    )
    client = as_role(officer)
    data = {"label": "solde", "amount": "1 M", "obligation": duty.pk, "version": "1"}
    assert client.post(url, data).status_code == 302
    assert act.instalmentterm_set.get().obligation == duty
