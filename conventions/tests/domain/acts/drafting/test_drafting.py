"""Drafting: what is proposed, what is saved, what is refused; each write with its journal line."""

import datetime
import json

import pytest
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts import drafting
from conventions.domain.acts.drafting.usual_duties import accounting_years, report_due_on
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, ObligationKind, PartnerNature, PartyRole, TemplateState
from conventions.models import (
    Act,
    AgreementTemplate,
    Clause,
    ClauseTemplate,
    Convention,
    Funding,
    JournalEntry,
    Plan,
)
from conventions.tests.factories import (
    AgreementTemplateFactory,
    ClauseTemplateFactory,
    ConventionFactory,
    FundingFactory,
    InKindFactory,
    KindFactory,
    PartnerFactory,
    RepresentativeFactory,
    UserFactory,
    opt_partner,
    settle,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


def create(officer, **values):
    given = {
        "by": officer,
        "partner": values.pop("partner", None) or PartnerFactory(),
        "kind": KindFactory(slug="partenariat"),
        "title": "Dojo (fictif)",
        "starts_on": DAY(2027, 1, 1),
        "ends_on": DAY(2027, 12, 31),
        "officer": officer,
    }
    return drafting.create_convention(**given | values)


def edit_of(convention, **values):
    act = convention.acts.get(rank=0)
    return drafting.Edit(convention=convention, act=act, **values)


# Creation


def test_signatories_are_those_in_office_with_the_titles_of_their_mandates(officer):
    partner = PartnerFactory()
    RepresentativeFactory(partner=partner, former=True, title="ancien président")
    RepresentativeFactory(partner=partner, title="présidente", civility="mme")
    RepresentativeFactory(partner=partner, title="trésorier", usual_signatory=False)
    for position, title in enumerate(("président du conseil d’administration", "directeur général")):
        RepresentativeFactory(partner=opt_partner(), title=title, position=position)
    people = create(officer, partner=partner).acts.get().signatories.order_by("order")
    expected = ["président du conseil d’administration", "directeur général", "présidente"]
    assert [person.title for person in people] == expected
    assert [person.order for person in people] == [1, 2, 3]


def test_partner_without_usual_signatory_gets_its_first_representative(officer):
    partner = PartnerFactory()
    RepresentativeFactory(partner=partner, title="secrétaire", usual_signatory=False, position=1)
    RepresentativeFactory(partner=partner, title="gérante", usual_signatory=False, position=0)
    act = create(officer, partner=partner).acts.get()
    assert [person.title for person in act.signatories.all()] == ["gérante"]


@pytest.mark.parametrize(
    ("year_end", "due"),
    [
        (DAY(2027, 12, 31), DAY(2028, 6, 30)),
        (DAY(2027, 6, 30), DAY(2027, 12, 31)),
        (DAY(2027, 8, 31), DAY(2028, 2, 29)),
        (DAY(2027, 3, 15), DAY(2027, 9, 15)),
    ],
)
def test_report_is_due_six_months_after_the_accounting_year(year_end, due):
    assert report_due_on(year_end) == due


@pytest.mark.parametrize(
    ("start", "end", "year_end", "years"),
    [
        (DAY(2027, 1, 1), DAY(2027, 12, 31), (31, 12), [DAY(2027, 12, 31)]),
        (DAY(2027, 9, 1), DAY(2028, 8, 31), (31, 12), [DAY(2027, 12, 31), DAY(2028, 12, 31)]),
        (DAY(2027, 1, 1), DAY(2027, 12, 31), (30, 6), [DAY(2027, 6, 30), DAY(2028, 6, 30)]),
        (DAY(2027, 7, 1), DAY(2028, 6, 30), (30, 6), [DAY(2028, 6, 30)]),
        (DAY(2027, 7, 1), DAY(2028, 6, 30), (29, 2), [DAY(2028, 2, 29), DAY(2029, 2, 28)]),
        (None, DAY(2027, 3, 1), (31, 12), [DAY(2027, 12, 31)]),
        (DAY(2027, 1, 1), None, (31, 12), []),
    ],
)
def test_each_accounting_year_of_the_term_is_told(start, end, year_end, years):
    assert accounting_years(start, end, year_end) == years


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (
            {"year_end_day": 30, "year_end_month": 6},
            [
                ("pour l’exercice clos le 30 juin 2027.", DAY(2027, 12, 31)),
                ("pour l’exercice clos le 30 juin 2028.", DAY(2028, 12, 31)),
            ],
        ),
        ({}, [("signé par la personne habilitée.", DAY(2028, 6, 30))]),
    ],
)
def test_report_is_asked_for_each_accounting_year_of_the_partner(officer, known, told):
    act = create(
        officer, partner=PartnerFactory(**known), starts_on=DAY(2027, 1, 1), ends_on=DAY(2027, 12, 31)
    )
    rows = act.acts.get().obligation_set.filter(kind=ObligationKind.FINANCIAL_REPORT).order_by("position")
    assert [
        (row.text[-len(end) :], row.due_on, row.due_wording) for row, (end, _) in zip(rows, told, strict=True)
    ] == [(*pair, "") for pair in told]


def test_usual_obligations_are_on_the_beneficiary(officer):
    convention = create(officer)
    rows = convention.acts.get().obligation_set.all()
    assert [row.kind for row in rows] == [
        ObligationKind.FINANCIAL_REPORT,
        ObligationKind.REVIEW,
        ObligationKind.VISIBILITY,
    ]
    assert {row.party.role for row in rows} == {PartyRole.BENEFICIARY}


def test_reports_of_the_use_of_money_follow_what_the_draft_gives(officer):
    """Goods alone: none is left; money beside them: they are proposed anew; the journal tells both."""
    convention = create(officer)
    act = convention.acts.get()
    asked = act.obligation_set.filter(kind=ObligationKind.FINANCIAL_REPORT)
    proposed = set(asked.values_list("text", "due_on", "due_wording", "party"))
    given = InKindFactory.build(act=act)
    row = drafting.RowEdit(key="inkind", added=[given])
    drafting.save(edit_of(convention, rows=[row]), by=officer, version=1)
    assert not asked.exists()
    entry = JournalEntry.objects.get(event="convention_modifiee")
    assert sum(key.startswith("obligation.") for key in json.loads(entry.payload)["changes"]) == len(proposed)
    row = drafting.RowEdit(key="funding", added=[FundingFactory.build(act=act, party=None)])
    drafting.save(edit_of(convention, rows=[row]), by=officer, version=2)
    assert set(asked.values_list("text", "due_on", "due_wording", "party")) == proposed


@pytest.mark.parametrize("was", [{"status": "sans_objet", "amount": None}, {"figure": "collecte"}])
def test_reports_are_proposed_again_when_a_line_becomes_money(officer, was):
    """A line that was there, « sans objet » or somebody else's, becomes OPT-NC's money; then none again."""
    convention = create(officer)
    act = convention.acts.get()
    asked = act.obligation_set.filter(kind=ObligationKind.FINANCIAL_REPORT)
    known = asked.count()
    asked.delete()
    InKindFactory(act=act)
    line = FundingFactory(act=act, party=None, **was)
    becomes = {"status": "connu", "amount": 500_000, "figure": "accorde"}
    for version, values in enumerate((becomes, was), start=1):
        for name, value in values.items():
            setattr(line, name, value)
        row = drafting.RowEdit(key="funding", changed=[line], moved=frozenset(values))
        drafting.save(edit_of(convention, rows=[row]), by=officer, version=version)
        assert asked.count() == (known if values is becomes else 0)


@pytest.mark.parametrize("field", ["text", "due_wording", "proof", "submitted"])
def test_report_that_somebody_changed_or_submitted_stays_with_goods_alone(officer, field):
    convention = create(officer)
    act = convention.acts.get()
    report = act.obligation_set.get(kind=ObligationKind.FINANCIAL_REPORT)
    if field == "submitted":
        Act.objects.filter(pk=act.pk).update(submitted_at=timezone.now())
    else:
        type(report).objects.filter(pk=report.pk).update(**{field: "Voulu (fictif)."})
    row = drafting.RowEdit(key="inkind", added=[InKindFactory.build(act=act)])
    drafting.save(edit_of(convention, rows=[row]), by=officer, version=1)
    assert act.obligation_set.filter(pk=report.pk).exists()


def test_two_files_of_one_title_have_two_addresses(officer):
    assert [create(officer).slug, create(officer).slug] == ["dojo-fictif", "dojo-fictif-2"]


def test_file_of_a_fictitious_partner_is_fictitious(officer):
    assert create(officer, partner=PartnerFactory(is_demo=True)).is_demo is True


def test_the_only_plan_is_proposed(officer):
    Plan.objects.update(active=False)
    plan = Plan.objects.create(slug="plan-essai", name="Plan (fictif)", starts_on=DAY(2027, 1, 1))
    assert create(officer).plan == plan
    assert create(officer, starts_on=DAY(2026, 1, 1)).plan is None


def test_created_partner_that_has_a_twin_is_refused(officer):
    PartnerFactory(name="L’Œuvre des Îles (fictif)")
    with pytest.raises(Refused, match="existe déjà"):
        drafting.create_partner("l'oeuvre des iles (fictif)", nature=PartnerNature.ASSOCIATION, by=officer)


# Articles


@pytest.fixture
def templates():
    """Three articles: one general, one with a variant that wants a known amount, one for mécénat alone."""
    ClauseTemplate.objects.update(state=TemplateState.RETIRED)
    AgreementTemplate.objects.update(state=TemplateState.RETIRED)
    AgreementTemplateFactory(state=TemplateState.IN_FORCE, lines=[{"code": "objet"}, {"code": "argent"}])
    ClauseTemplateFactory(code="objet", version=9, position=10, body="Objet.")
    ClauseTemplateFactory(code="argent", version=9, position=20, body="Sans montant.")
    ClauseTemplateFactory(
        code="argent", variant="connu", position=20, condition="montant_connu", body="Connu."
    )
    mecenat = ClauseTemplateFactory(code="objet", version=9, variant="mecenat", position=10, body="Mécénat.")
    mecenat.kinds.add(KindFactory(slug="mecenat"))


def bodies(act):
    return list(Clause.objects.filter(act=act).order_by("position").values_list("body", flat=True))


def test_condition_that_holds_and_kind_win_over_the_general_article(officer, templates):
    convention = create(officer, kind=KindFactory(slug="mecenat"))
    act = convention.acts.get()
    assert bodies(act) == ["Mécénat.", "Sans montant."]
    FundingFactory(act=act, amount=1000)
    assert drafting.refresh_clauses(act, by=officer) is True
    assert bodies(act) == ["Mécénat.", "Connu."]
    assert drafting.refresh_clauses(act, by=officer) is False


def test_refreshing_keeps_an_article_written_by_hand(officer, templates):
    act = create(officer).acts.get()
    Clause.objects.filter(act=act, code="argent").update(body="À nous.")
    FundingFactory(act=act, amount=1000)
    assert drafting.refresh_clauses(act, by=officer) is False
    assert bodies(act) == ["Objet.", "À nous."]


def test_articles_follow_a_save_until_the_first_submission(officer, templates):
    convention = create(officer)
    act = convention.acts.get()
    money = drafting.RowEdit(key="funding", added=[Funding(amount=5000, status="connu")])
    drafting.save(edit_of(convention, rows=[money]), by=officer, version=1)
    assert bodies(act) == ["Objet.", "Connu."]
    settle(act, ActState.TO_CORRECT)
    removal = drafting.RowEdit(key="funding", removed=list(Funding.objects.filter(act=act)))
    drafting.save(edit_of(convention, rows=[removal]), by=officer, version=2)
    assert bodies(act) == ["Objet.", "Connu."]


# Saving


def test_save_writes_one_line_with_before_and_after(officer):
    convention = create(officer)
    convention.title = "Autre (fictif)"
    saved = drafting.save(edit_of(convention, convention_fields=("title",)), by=officer, version=1)
    entry = JournalEntry.objects.filter(convention=convention).order_by("-sequence").first()
    payload = json.loads(entry.payload)
    assert (saved.version, entry.event, entry.actor) == (2, "convention_modifiee", officer)
    assert payload["changes"] == {"convention.title": ["Dojo (fictif)", "Autre (fictif)"]}
    assert journal.broken_links(f"convention:{convention.pk}") == []


def test_save_over_a_newer_version_writes_nothing_and_tells_what_changed(officer):
    convention = create(officer)
    colleague = UserFactory(role="gestionnaire")
    stale = Convention.objects.get(pk=convention.pk)
    convention.title = "Un"
    drafting.save(edit_of(convention, convention_fields=("title",)), by=colleague, version=1)
    stale.title = "Deux"
    with pytest.raises(drafting.Conflict) as caught:
        drafting.save(edit_of(stale, convention_fields=("title",)), by=officer, version=1)
    assert caught.value.changes == {"convention.title": ["Dojo (fictif)", "Un"]}
    assert caught.value.authors == [str(colleague)]
    assert Convention.objects.get().title == "Un"


@pytest.mark.parametrize("state", [ActState.IN_REVIEW, ActState.APPROVED, ActState.TO_SIGN, ActState.SIGNED])
def test_terms_are_closed_once_submitted(officer, state):
    convention = ConventionFactory(act=state)
    convention.title = "Autre"
    with pytest.raises(drafting.Locked, match="ne se modifient plus"):
        drafting.save(edit_of(convention, convention_fields=("title",)), by=officer, version=1)


def test_notes_stay_open_once_signed(officer):
    convention = ConventionFactory(act=ActState.SIGNED)
    convention.notes = "Vu."
    saved = drafting.save(edit_of(convention, convention_fields=("notes",)), by=officer, version=1)
    assert saved.notes == "Vu."


@pytest.mark.parametrize("role", ["communication", "lecture", "comptable", "direction"])
def test_other_roles_do_not_change_terms_whatever_the_form(role):
    convention = ConventionFactory()
    convention.title = "Autre"
    with pytest.raises(drafting.Locked, match="Votre rôle"):
        drafting.save(edit_of(convention, convention_fields=("title",)), by=UserFactory(role=role), version=1)


def test_lines_of_another_convention_are_left_alone(officer):
    convention, other = create(officer), ConventionFactory(act__fundings=[{"amount": 1000}])
    row = Funding.objects.get(act__convention=other)
    row.amount = 9
    edit = drafting.RowEdit(key="funding", changed=[row], removed=[row])
    drafting.save(edit_of(convention, rows=[edit]), by=officer, version=1)
    assert Funding.objects.get(act__convention=other).amount == 1000


def test_reprise_stays_open_until_attested(officer):
    convention = ConventionFactory(reprise=True)
    act = convention.acts.get()
    act.place = "Koné"
    drafting.save(drafting.Edit(convention=convention, act=act, act_fields=("place",)), by=officer, version=1)
    Act.objects.filter(pk=act.pk).update(attested_at="2026-01-01T00:00Z")
    act.place = "Bourail"
    with pytest.raises(drafting.Locked):
        drafting.save(
            drafting.Edit(convention=convention, act=act, act_fields=("place",)), by=officer, version=2
        )
    assert Act.objects.get(pk=act.pk).place == "Koné"


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("convention.title", "Titre"),
        ("act.ends_on", "Fin"),
        ("funding.12.amount", "Financement\u00a0: montant (F CFP)"),
        ("equipmentterm.3", "Matériel"),
        ("état", "État"),
        ("act.ancienne_colonne", "Ancienne colonne"),
    ],
)
def test_change_is_named_in_words(key, label):
    assert drafting.change_label(key) == label


# Renewal, handing over
