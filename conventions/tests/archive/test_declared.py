"""A declared year: what a source says of it, and how much of it is recorded, on every page of figures."""

import pytest
from django.urls import reverse

from conventions.enums import ActState
from conventions.formats import show_millions
from conventions.models import DeclaredYear
from conventions.tests import factories as f
from conventions.tests.archive.test_cases import words

pytestmark = pytest.mark.django_db
SOURCE = "Rapport d’activité 2020 (fictif)"


@pytest.fixture
def declared(as_role):
    """Typed on its own page, with two conventions of that year, one without amount."""
    add = reverse("admin:conventions_declaredyear_add")
    typed = {
        "year": "2020",
        "partnerships": "47",
        "amount": "67200000",
        "source": SOURCE,
        "publishable": "on",
    }
    assert as_role("gestionnaire").post(add, typed).status_code == 302
    known = f.ConventionFactory(
        title="Pirogues (fictif)",
        act=ActState.SIGNED,
        act__fundings=[{"amount": 2_000_000, "budget_year": 2020}],
    )
    silent = f.ConventionFactory(
        title="Voiles (fictif)",
        act=ActState.SIGNED,
        act__fundings=[{"amount": None, "status": "inconnu", "budget_year": 2020}],
    )
    return known, silent


def test_staff_read_how_much_is_recorded_and_its_rows(as_role, declared):
    page = words(as_role("direction").get(reverse("admin:figures"), {"annee": "2020"}).content.decode())
    assert "2 partenariats sur 47, 2,0 M sur 67,2 M F CFP" in page
    assert "Déclaré : 47 partenariats, 67 200 000 F CFP" in page
    assert "1 montant n’est pas connu ici" in page
    assert "Pirogues (fictif) 2 000 000 F CFP" in page
    assert "Voiles (fictif) montant inconnu" in page


def test_export_of_the_figures_holds_the_declaration(as_role, declared):
    answer = as_role("direction").get(reverse("admin:figures"), {"annee": "2020", "format": "csv"})
    line = next(line for line in answer.getvalue().decode().splitlines() if line.startswith("Déclaré"))
    assert SOURCE in line
    assert "67200000" in line


@pytest.mark.pdf
def test_public_reads_publishable_declarations_beside_what_is_published(as_role, client, declared):
    known, _silent = declared
    as_role("communication").post(
        reverse("admin:conventions_convention_publication", args=[known.pk]), {"embargo_until": ""}
    )
    page = words(client.get(reverse("public:figures")).content.decode())
    assert (
        "47 partenariats, 67 200 000 F CFP. Publié ici : 1 partenariat sur 47, 2,0 M sur 67,2 M F CFP."
        in page
    )
    assert "Pirogues (fictif) , 2 000 000 F CFP pour 2020" in page
    assert "Voiles (fictif)" not in page
    DeclaredYear.objects.update(publishable=False)
    assert SOURCE not in client.get(reverse("public:figures")).content.decode()


@pytest.mark.pdf
def test_sums_are_not_compared_when_one_amount_alone_is_missing(as_role, client, declared):
    """The last amount would be found by subtraction."""
    known, _silent = declared
    as_role("communication").post(
        reverse("admin:conventions_convention_publication", args=[known.pk]), {"embargo_until": ""}
    )
    DeclaredYear.objects.update(partnerships=2)
    page = words(client.get(reverse("public:figures")).content.decode())
    assert "Publié ici : 1 partenariat sur 2." in page


def test_two_sources_may_disagree_and_both_are_kept(as_role, declared):
    add = reverse("admin:conventions_declaredyear_add")
    client = as_role("gestionnaire")
    client.post(add, {"year": "2020", "partnerships": "45", "source": "Presse (fictif)"})
    assert DeclaredYear.objects.filter(year=2020).count() == 2
    again = client.post(add, {"year": "2020", "partnerships": "44", "source": "Presse (fictif)"})
    assert "Cette source est déjà enregistrée pour cette année" in again.content.decode()
    empty = client.post(add, {"year": "2019", "source": "Presse (fictif)"})
    assert "Donnez le nombre de partenariats, ou le montant" in empty.content.decode()


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(67_200_000, "67,2 M"), (2_000_000, "2,0 M"), (1_999_999, "2,0 M"), (999_999, "999 999"), (0, "0")],
)
def test_amount_cut_short(amount, shown):
    assert show_millions(amount).replace("\u00a0", " ").replace("\u202f", " ") == shown
