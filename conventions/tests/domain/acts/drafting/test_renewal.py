"""What the acts of a convention, in order, let one do next; what a renewal proposes, and what came before it."""

import datetime

import pytest
from django.urls import reverse

from conventions.domain.acts import amending, drafting, lifecycle
from conventions.domain.acts.drafting import renewing
from conventions.enums import ActKind, ActOrigin, ActState, TermKind
from conventions.formats import show_xpf
from conventions.models import Act, Funding
from conventions.tests import factories as f
from conventions.tests.archive.test_cases import words
from conventions.tests.pdf.reading import plain

DAY = datetime.date.fromisoformat
INITIAL, AMENDMENT, TERMINATION = ActKind.INITIAL, ActKind.AMENDMENT, ActKind.TERMINATION
SIGNED, DRAFT = ActState.SIGNED, ActState.DRAFT


@pytest.mark.parametrize(
    ("acts", "renewable"),
    [
        ([(INITIAL, DRAFT)], False),
        ([(INITIAL, SIGNED)], True),
        ([(INITIAL, SIGNED), (AMENDMENT, SIGNED)], True),
        ([(INITIAL, SIGNED), (TERMINATION, DRAFT)], True),
        ([(INITIAL, SIGNED), (TERMINATION, SIGNED)], False),
    ],
)
def test_signed_convention_that_nobody_terminated_is_renewable(acts, renewable):
    assert drafting.is_renewable([Act(kind=kind, state=state) for kind, state in acts]) is renewable


@pytest.mark.parametrize(
    ("origin", "states", "told"),
    [
        (ActOrigin.NEW, [DRAFT], False),
        (ActOrigin.NEW, [SIGNED], True),
        (ActOrigin.NEW, [SIGNED, DRAFT], True),
        (ActOrigin.REPRISE, [SIGNED], False),
        (ActOrigin.REPRISE, [SIGNED, DRAFT], False),
        (ActOrigin.REPRISE, [SIGNED, SIGNED], True),
    ],
)
def test_reprise_alone_has_no_text_in_force(origin, states, told):
    acts = [Act(origin=ActOrigin.NEW, kind=AMENDMENT, state=state) for state in states]
    acts[0].origin, acts[0].kind = origin, INITIAL
    assert amending.has_text(acts) is told


def _signed(start: str, end: str, **values):
    return f.ConventionFactory(
        act=ActState.SIGNED, act__starts_on=DAY(start), act__ends_on=DAY(end), **values
    )


def _renewed(convention):
    made = drafting.renew(convention, by=f.UserFactory(role="gestionnaire"))
    return made, made.acts.get()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end", "following"),
    [
        ("2026-01-01", "2026-06-30", ("2026-07-01", "2026-12-31")),  # half-years
        ("2026-07-01", "2026-12-31", ("2027-01-01", "2027-06-30")),
        ("2026-01-01", "2026-03-31", ("2026-04-01", "2026-06-30")),  # quarters
        ("2026-04-01", "2026-06-30", ("2026-07-01", "2026-09-30")),
        ("2026-10-01", "2026-12-31", ("2027-01-01", "2027-03-31")),
        ("2023-03-01", "2024-02-29", ("2024-03-01", "2025-02-28")),  # ends on a 29 February
        ("2027-03-01", "2028-02-29", ("2028-03-01", "2029-02-28")),
        ("2026-03-01", "2027-02-28", ("2027-03-01", "2028-02-29")),  # the next ends on one
        ("2024-02-29", "2025-02-28", ("2025-03-01", "2026-02-28")),  # begins on one
        ("2024-02-01", "2024-02-29", ("2024-03-01", "2024-03-31")),  # a month
        ("2026-02-15", "2026-08-14", ("2026-08-15", "2027-02-14")),  # a half-year from any day
        ("2024-01-01", "2025-12-31", ("2026-01-01", "2027-12-31")),  # two years
        ("2026-05-04", "2026-05-10", ("2026-05-11", "2026-05-17")),  # a week: as many days
        ("2026-09-12", "2026-09-12", ("2026-09-13", "2026-09-13")),  # a day
    ],
)
def test_period_that_follows_ends_on_the_right_day(start, end, following):
    _made, act = _renewed(_signed(start, end))
    assert (act.starts_on.isoformat(), act.ends_on.isoformat()) == following


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_on", "following"),
    [
        (None, ("2025-01-01", "2025-12-31")),  # the end alone: the period is the whole year
        ("2024-01-01", ("2025-01-01", "2025-12-31")),
        ("2024-10-01", ("2025-01-01", "2025-03-31")),  # after a gap: the last period is a quarter
    ],
)
def test_period_that_follows_begins_after_what_an_amendment_prolonged(starts_on, following):
    convention = _signed("2024-01-01", "2024-06-30")
    f.ActFactory(
        convention=convention,
        amendment=True,
        state=ActState.SIGNED,
        term_kind=TermKind.DATES,
        starts_on=starts_on and DAY(starts_on),
        ends_on=DAY("2024-12-31"),
    )
    _made, act = _renewed(convention)
    assert (act.starts_on.isoformat(), act.ends_on.isoformat()) == following


@pytest.mark.parametrize(
    ("title", "before", "after", "expected"),
    [
        ("Rentrée 2025 (fictif)", 2025, 2026, "Rentrée 2026 (fictif)"),
        ("Saison 2025-2026 (fictif)", 2025, 2026, "Saison 2026-2027 (fictif)"),
        ("Pirogues (fictif)", 2025, 2026, "Pirogues (fictif)"),
        ("Ligne 253253 (fictif)", 2025, 2026, "Ligne 253253 (fictif)"),
        ("Été 2025, second semestre (fictif)", 2025, 2025, "Été 2025, second semestre (fictif)"),
    ],
)
def test_title_goes_on_with_the_period(title, before, after, expected):
    assert renewing.next_title(title, DAY(f"{before}-01-01"), DAY(f"{after}-01-01")) == expected
    assert renewing.next_title(title, None, DAY(f"{after}-01-01")) == title


@pytest.mark.parametrize(
    ("edition", "expected"),
    [
        ("1re édition", "2e édition"),
        ("12e édition", "13e édition"),
        ("3ème", "4e"),
        ("édition du centenaire", ""),
        ("", ""),
    ],
)
def test_edition_that_follows(edition, expected):
    assert renewing.next_edition(edition) == expected


@pytest.mark.django_db
def test_amounts_are_proposed_for_the_new_period_and_nothing_else_is():
    granted = {"amount": 800_000, "budget_year": 2025, "label": "subvention (fictif)"}
    others = {"amount": 9_000, "budget_year": 2025, "figure": "collecte"}
    convention = _signed(
        "2025-01-01", "2025-12-31", act__fundings=[granted, others], act__equipment=[{}], act__instalments=[{}],
        edition="3e édition", title="Rentrée 2025 (fictif)",
    )  # fmt: skip
    made, act = _renewed(convention)
    assert (made.title, made.edition) == ("Rentrée 2026 (fictif)", "4e édition")
    assert list(act.funding_set.values_list("amount", "budget_year", "label")) == [
        (800_000, 2026, "subvention (fictif)")
    ]
    assert (act.equipmentterm_set.count(), act.instalmentterm_set.count()) == (0, 0)
    assert [item.code for item in lifecycle.advice_on(act)] == ["renouvellement"]


@pytest.mark.django_db
def test_amount_that_an_amendment_changed_is_proposed_as_it_stands_today():
    by = f.UserFactory(role="gestionnaire")
    convention = _signed("2025-01-01", "2025-12-31", act__fundings=[{"amount": 800_000, "budget_year": 2025}])
    changed = [
        {"amount": 500_000, "budget_year": 2025, "replaces": Funding.objects.get(act__convention=convention)}
    ]
    f.ActFactory(convention=convention, amendment=True, state=ActState.SIGNED, fundings=changed)
    made = drafting.renew(convention, by=by)
    assert list(made.acts.get().funding_set.values_list("amount", flat=True)) == [500_000]


@pytest.mark.django_db
def test_last_three_periods_are_in_view_the_latest_first(as_role):
    before, years = None, range(2022, 2026)
    for year in years:
        before = _signed(
            f"{year}-01-01", f"{year}-12-31", title=f"Rentrée {year} (fictif)", renews=before,
            act__fundings=[{"amount": year * 100, "budget_year": year}],
        )  # fmt: skip
    made, _act = _renewed(before)
    former = renewing.history_before(made)
    assert [row.convention.title for row in former] == [
        f"Rentrée {year} (fictif)" for year in (2025, 2024, 2023)
    ]
    page = words(
        as_role("gestionnaire")
        .get(reverse("admin:conventions_convention_change", args=[made.pk]))
        .content.decode()
    )
    for year in (2025, 2024, 2023):
        told = (
            f"Rentrée {year} (fictif) , du 1er janvier {year} au 31 décembre {year} : {show_xpf(year * 100)}"
        )
        assert plain(told) in page
    assert "Rentrée 2022 (fictif)" not in page
    assert "Titre, dates et montants sont proposés" in page
