"""What the screens of an act of paper show before anybody types: nothing that a source should say."""

import pytest
from django.urls import reverse

from conventions.enums import ActOrigin, PartyRole
from conventions.models import Kind
from conventions.reference.lists import UNSPECIFIED_KIND
from conventions.tests import factories as f
from conventions.tests.archive.typing_in import REPRISE, address

pytestmark = pytest.mark.django_db
# What a new line of paper begins with: choices that must be one thing or another, each on the screen, none a figure.
CHOICES = {
    "party": {"role": "partie"},
    "signatory": {"order": "1"},
    "funding": {"figure": "accorde", "status": "connu", "publishable": "on"},
    "inkind": {"status": "inconnu", "publishable": "on"},
    "equipmentterm": {"status": "inconnu", "transfer": "don", "holds_data": "on", "publishable": "on"},
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
    assert _new_lines(as_role, ActOrigin.REPRISE) == CHOICES | {
        "budgetline": {"side": "depense", "status": "connu"}
    }


def test_new_line_of_a_new_act_is_proposed(as_role):
    lines = _new_lines(as_role, ActOrigin.NEW)
    assert lines["party"]["role"] == PartyRole.BENEFICIARY
    assert lines["equipmentterm"]["quantity"] == "1"
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
