"""Acts of paper recorded in any order: each takes its place in time, its lines follow those of the act before."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conventions.domain.acts import amending, drafting, lifecycle
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActKind, ActState, Event
from conventions.formats import parse_date_fr
from conventions.models import Act, Convention, Funding
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def by():
    return f.UserFactory(role="gestionnaire")


@pytest.fixture
def paper(by):
    """A reprise of 2010 that is recorded, with one amount."""
    return f.ConventionFactory(
        reprise=True, act__signed_on=DAY(2010, 1, 10), act__fundings=[{"amount": 1_000, "budget_year": 2010}]
    )


def past(convention: Convention, when: str, *, by, kind: ActKind = ActKind.AMENDMENT, **values) -> Act:
    found = parse_date_fr(when)
    return amending.record_past_act(
        convention, kind, by=by, signed_on=found.date, signed_on_precision=found.precision, **values
    )


def recorded(act: Act, by) -> Act:
    f.SourceFactory(convention=act.convention)
    lifecycle.apply(act, Event.RECORD_REPRISE, by=by)
    act.refresh_from_db()
    return act


def amounts(convention: Convention) -> list[int | None]:
    rows = Funding.objects.current().filter(act__convention=convention)
    return list(rows.values_list("amount", flat=True))


def test_acts_take_their_place_whatever_the_order_of_typing(paper, by):
    termination = past(paper, "2013", by=by, kind=ActKind.TERMINATION)
    last = past(paper, "juin 2012", by=by)
    first = past(paper, "4/5/2011", by=by)
    ranks = dict(paper.acts.values_list("pk", "rank"))
    assert [ranks[act.pk] for act in (first, last, termination)] == [1, 2, 3]
    assert (first.place, first.term_kind, first.signatories.count(), first.clause_set.count()) == (
        "",
        "",
        0,
        0,
    )


def test_termination_of_paper_without_a_day_of_effect_ends_the_convention(paper, by):
    assert paper.status != "resiliee"
    recorded(past(paper, "2013", by=by, kind=ActKind.TERMINATION), by)
    assert Convention.objects.get(pk=paper.pk).status == "resiliee"


def test_earlier_amendment_recorded_later_slips_under_the_later_one(paper, by):
    line = Funding.objects.get(act__convention=paper)
    late = past(paper, "2014", by=by)
    amending.replace_line(late, line, by=by, amount=3_000)
    recorded(late, by)
    early = past(paper, "2012", by=by)
    middle = amending.replace_line(early, line, by=by, amount=2_000)
    assert amounts(paper) == [3_000]  # nothing counts of what is still being typed
    recorded(early, by)
    late_row = Funding.objects.get(act=late)
    assert (middle.replaces_id, late_row.replaces_id, amounts(paper)) == (line.pk, middle.pk, [3_000])


def test_two_drafts_that_change_one_line_are_recorded_in_either_order(paper, by):
    line = Funding.objects.get(act__convention=paper)
    early, late = past(paper, "2012", by=by), past(paper, "2014", by=by)
    amending.replace_line(late, line, by=by, amount=3_000)
    amending.replace_line(early, line, by=by, amount=2_000)
    recorded(late, by)
    assert amounts(paper) == [3_000]
    recorded(early, by)
    assert amounts(paper) == [3_000]


def test_amendment_older_than_its_convention_is_refused(paper, by):
    with pytest.raises(Refused, match="daterait d’avant la convention, signée le 10 janvier 2010"):
        past(paper, "2009", by=by)
    assert paper.acts.count() == 1
    past(paper, "2010", by=by)  # the same year: nothing says that it is older


def test_attested_line_that_a_later_act_changed_is_not_changed_behind_it(paper, by):
    line = Funding.objects.get(act__convention=paper)
    late = past(paper, "2014", by=by)
    amending.replace_line(late, line, by=by, amount=3_000)
    recorded(late, by)
    lifecycle.apply(late, Event.ATTEST_REPRISE, by=f.UserFactory(role="juriste"))
    early = past(paper, "2012", by=by)
    amending.replace_line(early, line, by=by, amount=2_000)
    f.SourceFactory(convention=paper)
    with pytest.raises(Refused, match="change déjà"):
        lifecycle.apply(early, Event.RECORD_REPRISE, by=by)
    assert amounts(paper) == [3_000]


def test_act_of_paper_begins_before_the_convention_is_recorded_and_after_it_ended(by):
    convention = f.ConventionFactory(reprise=True, act__state=ActState.DRAFT, act__signed_on=DAY(2010, 1, 10))
    recorded(past(convention, "2013", by=by, kind=ActKind.TERMINATION), by)
    assert past(convention, "2012", by=by).rank == 1


def test_convention_made_here_takes_no_act_of_paper(by):
    convention = f.ConventionFactory(act=ActState.SIGNED)
    with pytest.raises(Refused, match="préparée dans l’application"):
        past(convention, "2030", by=by)


def test_act_made_here_keeps_the_rank_that_its_text_prints(paper, by):
    made = f.ActFactory(convention=paper, amendment=True, state=ActState.SIGNED)
    with pytest.raises(Refused, match="porte déjà son rang"):
        past(paper, "2012", by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Act.objects.filter(pk=made.pk).update(rank=7)


def test_line_taken_back_gives_its_place_to_the_later_one(paper, by):
    line = Funding.objects.get(act__convention=paper)
    early, late = past(paper, "2012", by=by), past(paper, "2014", by=by)
    middle = amending.replace_line(early, line, by=by, amount=2_000)
    last = amending.replace_line(late, middle, by=by, amount=3_000)
    amending.undo_change(early, middle, by=by)
    last.refresh_from_db()
    assert last.replaces_id == line.pk


def test_page_says_why_an_act_cannot_be_that_old_and_keeps_what_was_typed(as_role, paper):
    url = reverse("admin:conventions_convention_past_act", args=[paper.pk])
    page = as_role("gestionnaire").post(url, {"kind": "avenant", "signed_on": "2009", "reason": "Prolonger."})
    assert page.status_code == 200
    assert "daterait d’avant la convention" in str(page.context["form"].errors["signed_on"])
    assert page.context["form"]["reason"].value() == "Prolonger."


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("0202", "n’est pas plausible"),
        ("31/02/2012", "n’existe pas"),
        ("12/03/12", "quatre chiffres"),
        ("jadis", "n’est pas lisible"),
        ("2999", "dans le futur"),
    ],
)
def test_date_that_cannot_be_read_is_refused_in_words(as_role, paper, typed, fault):
    url = reverse("admin:conventions_convention_past_act", args=[paper.pk])
    page = as_role("gestionnaire").post(url, {"kind": "avenant", "signed_on": typed})
    assert fault in str(page.context["form"].errors["signed_on"])
    assert paper.acts.count() == 1


def test_reversed_dates_are_refused_whatever_their_precision(as_role, paper):
    url = reverse("admin:conventions_convention_past_act", args=[paper.pk])
    typed = {"kind": "avenant", "signed_on": "2012", "starts_on": "mars 2014", "ends_on": "2013"}
    page = as_role("gestionnaire").post(url, typed)
    assert list(page.context["form"].errors) == ["ends_on"]


@pytest.mark.parametrize("typed", ["mars 2014", "2014"])
def test_day_of_effect_known_by_its_month_is_refused_with_what_to_do(as_role, paper, typed):
    url = reverse("admin:conventions_convention_past_act", args=[paper.pk])
    sent = {"kind": "resiliation", "signed_on": "2013", "effective_on": typed, "reason": "Le théâtre ferme."}
    page = as_role("gestionnaire").post(url, sent)
    assert "écrivez ses mots dans le motif" in str(page.context["form"].errors["effective_on"])
    assert page.context["form"]["effective_on"].value() == typed
    assert paper.acts.count() == 1


@pytest.mark.parametrize("typed", ["14/03/2014", "14 mars 2014", "2014-03-14"])
def test_day_of_effect_is_typed_as_the_other_dates(as_role, paper, typed):
    url = reverse("admin:conventions_convention_past_act", args=[paper.pk])
    sent = {"kind": "resiliation", "signed_on": "2013", "effective_on": typed}
    assert as_role("gestionnaire").post(url, sent).status_code == 302
    assert paper.acts.get(kind=ActKind.TERMINATION).effective_on == DAY(2014, 3, 14)


def test_nothing_is_proposed_in_a_reprise(by):
    f.PressContactFactory()
    made = drafting.create_convention(
        by=by, partner=f.PartnerFactory(), kind=f.KindFactory(slug="partenariat"), title="Papier (fictif)",
        starts_on=DAY(2021, 1, 1), ends_on=None, officer=by, origin="reprise", signed_on=DAY(2021, 1, 1),
    )  # fmt: skip
    act = made.acts.get()
    assert (made.plan, made.press_contact, act.place, act.signatories.count()) == (None, None, "", 0)
    assert [party.role for party in made.parties.all()] == ["opt", "partie"]
