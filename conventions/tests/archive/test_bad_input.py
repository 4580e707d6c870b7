"""What nobody means to type in an act of paper: refused in words and shown again, or cleaned; nothing is lost."""

import html

import pytest
from django.urls import reverse

from conventions.models import Convention, DeclaredYear, Funding
from conventions.tests import factories as f
from conventions.tests.admin.conventions.browser_post import form_data
from conventions.tests.archive.typing_in import REPRISE, address
from conventions.tests.pdf.reading import plain

pytestmark = pytest.mark.django_db
HALF_FRANC = "17 000,50"
OVERRIDE, ZERO_WIDTH, SOFT = "\u202e", "\u200b", "\u00ad"


@pytest.fixture
def officer(as_role):
    return as_role("gestionnaire")


def _typed(**values: str) -> dict[str, str]:
    return {
        "partner": "Va’a des îles (fictif)",
        "partner_nature": "association",
        "signed_on": "2015",
    } | values


def _reprise(officer, **values):
    form = officer.get(REPRISE).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields if name != "create_partner"}
    return officer.post(REPRISE, shown | _typed(**values))


@pytest.mark.parametrize(
    "title",
    [
        f"Pirogues{OVERRIDE} du lagon (fictif)",
        f"{OVERRIDE}Pirogues du lagon (fictif)",
        f"Pirogues du{ZERO_WIDTH} lagon (fictif)",
        f"Pi{SOFT}rogues du \u2066lagon\u2069 (fictif)\ufeff",
    ],
)
def test_title_loses_the_marks_that_nobody_sees(officer, title):
    answer = _reprise(officer, title=title, signed_on_wording=f"courant{OVERRIDE} 2015{ZERO_WIDTH}")
    assert answer.status_code == 302
    made = Convention.objects.get()
    assert (made.title, made.slug) == ("Pirogues du lagon (fictif)", "pirogues-du-lagon-fictif")
    assert made.acts.get().signed_on_wording == "courant 2015"
    page = officer.get(address("change", made)).content.decode()
    assert [mark for mark in (OVERRIDE, ZERO_WIDTH) if mark in page] == []


@pytest.mark.parametrize("title", [OVERRIDE, f"{ZERO_WIDTH}{ZERO_WIDTH}", f" {SOFT} "])
def test_title_of_marks_alone_is_no_title(officer, title):
    answer = _reprise(officer, title=title)
    assert (answer.status_code, Convention.objects.count()) == (200, 0)
    assert list(answer.context["form"].errors) == ["title"]
    assert answer.context["form"]["partner"].value() == "Va’a des îles (fictif)"


@pytest.mark.parametrize("amount", [HALF_FRANC, "17\u202f000,50", "17000,5", "17 000.50 F CFP"])
def test_half_a_franc_is_refused_and_what_was_typed_is_shown_again(officer, amount):
    convention = f.ConventionFactory(act=None)
    f.ActFactory(convention=convention, origin="reprise")
    url = address("change", convention)
    data = form_data(officer.get(url)) | {"purpose": ["Ce que la source dit (fictif)"]}
    data |= {"funding-0-amount": [amount], "funding-0-budget_year": ["2015"], "funding-0-figure": ["accorde"]}
    answer = officer.post(url, data)
    shown = plain(html.unescape(answer.content.decode()))
    assert (answer.status_code, Funding.objects.count()) == (200, 0)
    (faults,) = [line for line in answer.context["sheet"].formsets["funding"].errors if line]
    assert list(faults) == ["amount"]
    assert "Ce que la source dit (fictif)" in shown
    assert plain(f'value="{amount}"') in shown


def test_half_a_franc_is_refused_in_a_declared_year(officer):
    url = reverse("admin:conventions_declaredyear_add")
    answer = officer.post(url, {"year": "2020", "amount": HALF_FRANC, "source": "Presse (fictif)"})
    assert (answer.status_code, DeclaredYear.objects.count()) == (200, 0)
    assert list(answer.context["adminform"].form.errors) == ["amount"]
    assert plain(HALF_FRANC) in plain(html.unescape(answer.content.decode()))
