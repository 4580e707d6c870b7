"""What is over, or means nothing, asks for nothing: « sans objet », all paid, closed."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from conventions.domain import following, publication, space
from conventions.enums import ActState, AmountStatus
from conventions.models import Convention
from conventions.tests import factories as f
from conventions.tests.archive.test_cases import words

pytestmark = pytest.mark.django_db
MEANINGLESS = {"amount": None, "status": AmountStatus.NOT_APPLICABLE, "budget_year": 2026}
UNKNOWN = {"amount": None, "status": AmountStatus.UNKNOWN, "budget_year": 2026}


def day(offset: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=offset)


@pytest.mark.parametrize(
    ("lines", "followed"),
    [([MEANINGLESS], []), ([MEANINGLESS, UNKNOWN], ["Exercice 2026"]), ([UNKNOWN], ["Exercice 2026"])],
)
def test_line_without_object_makes_no_row(as_role, lines, followed):
    convention = f.ConventionFactory(act=ActState.SIGNED, act__fundings=lines)
    assert [year.label for year in following.follow_up(convention).years] == followed
    url = reverse("admin:conventions_convention_follow", args=[convention.pk])
    page = words(as_role("gestionnaire").get(url).content.decode())
    assert ("Exercice 2026" in page) is bool(followed)
    assert "sans objet" not in page


@pytest.mark.parametrize(
    ("lines", "paid", "asked"),
    [
        ([{"amount": 500_000}], None, True),
        ([{"amount": 500_000}], 200_000, True),
        ([{"amount": 500_000}], 500_000, False),
        ([{"amount": 500_000}, UNKNOWN], 500_000, True),  # nobody knows that it is all
        ([MEANINGLESS], None, False),
        ([], None, False),
    ],
)
def test_bank_account_is_asked_for_while_something_is_left_to_pay(as_role, lines, paid, asked):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(partner=partner, act=ActState.SIGNED, act__fundings=lines)
    if paid:
        line = convention.acts.get().funding_set.exclude(amount=None).get()
        f.PaymentFactory(funding=line, amount=paid, bank_account=None, paid_on=day(-3))
    president = f.PresidentFactory(partner=partner)
    assert ("Envoyer votre RIB" in [item.what for item in space.home(president).todo]) is asked
    page = words(as_role(president).get(reverse("portal:home")).content.decode())
    assert ("Envoyer votre RIB" in page) is asked


@pytest.mark.pdf
@pytest.mark.parametrize(("start", "end"), [(30, 300), (-60, 300), (-400, -30)])
def test_closed_convention_is_never_to_come_in_public(client, start, end):
    convention = f.ConventionFactory(
        act=ActState.SIGNED, act__starts_on=day(start), act__ends_on=day(end), title="Pirogues (fictif)"
    )
    Convention.objects.filter(pk=convention.pk).update(closed_on=day(-1))
    sheet = publication.publish(
        Convention.objects.get(pk=convention.pk), by=f.UserFactory(role="communication")
    )
    answer = client.get(sheet.get_absolute_url())
    assert answer.context["status"].label == "Close"
    (card,) = client.get(reverse("public:convention_list")).context["cards"]
    assert (card.sheet.title, card.status.label) == ("Pirogues (fictif)", "Close")
    told = words(answer.content.decode())
    assert "Fin de la convention" not in told  # no day to come
