"""What the screens of an act of paper show before anybody types: nothing that a source should say."""

import pytest
from django.urls import reverse

from conventions.domain.acts.content import changes
from conventions.enums import ActKind, ActOrigin, PartyRole
from conventions.exchange.equipment.annex import read_paste
from conventions.models import Kind
from conventions.reference.lists import UNSPECIFIED_KIND
from conventions.tests import factories as f
from conventions.tests.admin.conventions.browser_post import add_line, form_data
from conventions.tests.archive.typing_in import REPRISE, address

pytestmark = pytest.mark.django_db
# What a new line of paper begins with: choices that must be one thing or another, each on the screen, none a figure.
CHOICES = {
    "party": {"role": "partie"},
    "signatory": {"order": "1"},
    "funding": {"status": "connu", "publishable": "on"},
    "inkind": {"status": "inconnu", "publishable": "on"},
    "equipmentterm": {"status": "inconnu", "holds_data": "on", "publishable": "on"},
    "obligation": {"kind": "autre"},
    "source": {"publishable": "on"},
    "attachment": {"kind": "autre"},
}
OWNERS = ("act", "convention", "id")


def _new_lines(as_role, origin: ActOrigin) -> dict[str, dict[str, str]]:
    """By table, what a line begins with once « Ajouter » is pressed."""
    convention = f.ConventionFactory(act=None)
    f.ActFactory(convention=convention, origin=origin)
    sheet = as_role("gestionnaire").get(address("change", convention)).context["sheet"]
    found = {}
    for table, formset in sheet.formsets.items():
        line = formset.empty_form
        values = {name: line[name].value() for name in line.fields if name not in OWNERS}
        found[table] = {
            name: "on" if value is True else str(value)
            for name, value in values.items()
            if value not in (None, "", [], False)
        }
    return {table: values for table, values in found.items() if values}


def test_new_line_of_paper_says_nothing_that_a_source_should(as_role):
    assert _new_lines(as_role, ActOrigin.REPRISE) == CHOICES | {"budgetline": {"status": "connu"}}


def test_new_line_of_a_new_act_is_proposed(as_role):
    lines = _new_lines(as_role, ActOrigin.NEW)
    assert lines["party"]["role"] == PartyRole.BENEFICIARY
    assert (lines["equipmentterm"]["quantity"], lines["equipmentterm"]["transfer"]) == ("1", "don")
    assert "kind" not in lines["inkind"]  # nobody is taken to give what they lend
    assert len(lines["funding"]["budget_year"]) == len("2026")


def test_form_of_a_reprise_holds_its_neutral_kind_alone(as_role):
    f.PressContactFactory()
    client = as_role("gestionnaire")
    form = client.get(REPRISE).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value()}
    kind = Kind.objects.get(slug=UNSPECIFIED_KIND[0])
    assert shown == {"kind": kind.pk, "officer": client.user.pk}


def test_form_of_a_later_act_of_paper_is_empty(as_role):
    convention = f.ConventionFactory(reprise=True)
    answer = as_role("gestionnaire").get(
        reverse("admin:conventions_convention_past_act", args=[convention.pk])
    )
    form = answer.context["form"]
    assert [name for name in form.fields if form[name].value()] == []


@pytest.mark.parametrize(
    ("table", "chosen"),
    [
        ("funding", {"status": "connu", "publishable": True}),
        ("inkind", {"status": "inconnu", "publishable": True}),
        ("equipmentterm", {"status": "inconnu", "holds_data": True, "publishable": True}),
        ("budgetline", {"status": "connu"}),
        ("obligation", {"kind": "autre"}),
    ],
)
def test_line_that_an_amendment_of_paper_adds_begins_as_empty(as_role, table, chosen):
    convention = f.ConventionFactory(reprise=True, act="signe")
    f.ActFactory(convention=convention, kind=ActKind.AMENDMENT, origin=ActOrigin.REPRISE, rank=1)
    url = f"{address('line_add', convention, table)}?acte=1"
    form = as_role("gestionnaire").get(url).context["form"]
    assert {name: value for name in form.fields if (value := form[name].value())} == chosen


def _amended(as_role, table: str, **typed: str):
    convention = f.ConventionFactory(reprise=True, act="signe")
    act = f.ActFactory(convention=convention, kind=ActKind.AMENDMENT, origin=ActOrigin.REPRISE, rank=1)
    url = f"{address('line_add', convention, table)}?acte=1"
    client = as_role("gestionnaire")
    answer = client.post(url, {"version": client.get(url).context["convention"].version, **typed})
    return act, answer


def test_device_of_a_paper_that_does_not_say_stays_neither_given_nor_lent(as_role):
    typed = {"nature": "écran (fictif)", "transfer": "", "status": "inconnu", "holds_data": "on"}
    act, answer = _amended(as_role, "equipmentterm", **typed)
    assert answer.status_code == 302, answer.context["form"].errors
    row = act.equipmentterm_set.get()
    assert (row.transfer, row.quantity) == ("", None)
    assert changes.describe(row) == "écran (fictif), quantité non précisée"


def test_device_that_comes_back_was_lent(as_role):
    typed = {"nature": "écran (fictif)", "transfer": "", "status": "inconnu", "return_on": "2015-06-30"}
    act, answer = _amended(as_role, "equipmentterm", **typed)
    assert answer.status_code == 302, answer.context["form"].errors
    assert act.equipmentterm_set.get().transfer == "pret"


def test_duty_that_an_amendment_of_paper_adds_may_name_nobody(as_role):
    act, answer = _amended(as_role, "obligation", kind="autre", text="Tenir un stand (fictif)")
    assert answer.status_code == 302, answer.context["form"].errors
    assert act.obligation_set.get().party is None


def test_money_of_a_paper_says_what_it_is(as_role):
    _act, answer = _amended(as_role, "funding", figure="", status="inconnu")
    assert list(answer.context["form"].errors) == ["figure"]


def test_new_act_says_whether_a_device_is_given_or_lent(as_role):
    convention = f.ConventionFactory(act="signe")
    f.ActFactory(convention=convention, kind=ActKind.AMENDMENT, rank=1)
    url = f"{address('line_add', convention, 'equipmentterm')}?acte=1"
    client = as_role("gestionnaire")
    version = client.get(url).context["convention"].version
    typed = {"version": version, "nature": "écran", "quantity": "1", "status": "inconnu", "transfer": ""}
    assert list(client.post(url, typed).context["form"].errors) == ["transfer"]


def test_lines_pasted_into_a_paper_say_no_more_than_they_hold():
    found = read_paste("Nature\tN° de série\nécran\t\nordinateur\tAB-12", reprise=True)
    told = [(row.quantity, row.transfer) for row in found.instances()]
    assert told == [(None, ""), (1, "")]
    assert [(row.quantity, row.transfer) for row in read_paste("écran").instances()] == [(1, "don")]


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("2015", ("2015-01-01", "annee")),
        ("juillet 2019", ("2019-07-01", "mois")),
        ("14/03/2019", ("2019-03-14", "jour")),
        ("2019-03-14", ("2019-03-14", "jour")),
        ("", (None, "jour")),
    ],
)
def test_purchase_and_source_are_dated_as_the_paper_dates_them(as_role, typed, held):
    """Typed in a line of the page, shown again as typed, and on the page of a line of an amendment."""
    convention = f.ConventionFactory(act=None)
    act = f.ActFactory(convention=convention, origin=ActOrigin.REPRISE)
    client, url = as_role("gestionnaire"), address("change", convention)
    data = form_data(client.get(url)) | {
        "equipmentterm-0-nature": ["écran"],
        "equipmentterm-0-purchased_on": [typed],
    }
    add_line(data, "source", title="Presse (fictif)", published_on=typed, publishable="on")
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.context["sheet"].formsets["equipmentterm"].errors
    device, source = act.equipmentterm_set.get(), convention.sources.get()
    told = [
        (device.purchased_on, device.purchased_on_precision),
        (source.published_on, source.published_on_precision),
    ]
    assert [(day and day.isoformat(), precision) for day, precision in told] == [held, held]
    again = form_data(client.get(url))
    assert client.post(url, again).status_code == 302
    device.refresh_from_db()
    assert (device.purchased_on, device.purchased_on_precision) == told[0]


def test_device_of_an_amendment_is_bought_in_a_year(as_role):
    act, _answer = _amended(
        as_role,
        "equipmentterm",
        nature="écran",
        transfer="",
        status="inconnu",
        purchased_on="2015",
        holds_data="on",
    )
    assert changes.describe(act.equipmentterm_set.get()) == "écran, quantité non précisée, achat : 2015"
