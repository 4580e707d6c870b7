"""The articles of an act beside their template, on its page."""

from html import unescape

import pytest

from conventions.admin.conventions.access import page_url
from conventions.domain.acts import drafting
from conventions.domain.acts.templates import agreements, clauses
from conventions.enums import ActKind, ActState, Role, SigningPath
from conventions.models import Act, AgreementTemplate, Clause, ClauseTemplate
from conventions.tests.factories import (
    ClauseFactory,
    ConventionFactory,
    KindFactory,
    PartnerFactory,
    UserFactory,
    settle,
)

pytestmark = pytest.mark.django_db
Fate = drafting.Fate


@pytest.fixture
def lawyer(as_role):
    return as_role(Role.LAWYER)


@pytest.fixture
def act():
    officer = UserFactory(role="gestionnaire")
    convention = drafting.create_convention(
        by=officer, partner=PartnerFactory(), kind=KindFactory(), title="Dojo (fictif)",
        starts_on=None, ends_on=None, officer=officer, path=SigningPath.INK,
    )  # fmt: skip
    settle(convention.acts.get(), ActState.IN_REVIEW)
    return Act.objects.get(convention=convention)


def fates(act):
    return {row.code: row.fate for row in drafting.clause_differences(act).differing}


def test_untouched_articles_do_not_differ(act):
    found = drafting.clause_differences(act)
    assert (found.differing, found.told) == ((), "Tous les articles sont ceux du modèle.")


def test_each_article_says_what_became_of_it(act):
    act.clause_set.filter(code="assurance").update(body="Chacun s’assure.")
    act.clause_set.filter(code="litiges").delete()
    ClauseFactory(act=act, code="special", position=130)
    assert fates(act) == {"assurance": Fate.MODIFIED, "litiges": Fate.ABSENT, "special": Fate.BY_HAND}
    assert drafting.clause_differences(act).told == "3\u00a0articles diffèrent du modèle."


def test_other_spaces_or_apostrophes_are_no_difference(act):
    row = act.clause_set.get(code="assurance")
    Clause.objects.filter(pk=row.pk).update(body=row.body.replace("’", "'") + " \n")
    assert fates(act) == {}


def test_an_article_out_of_its_place_is_moved(act):
    act.clause_set.filter(code="objet").update(position=500)
    (row,) = drafting.clause_differences(act).differing
    assert (row.code, row.fate, row.moved) == ("objet", Fate.SAME, True)


@pytest.mark.usefixtures("version_1_alone")
def test_a_newer_text_of_the_template_is_shown_with_its_words(act):
    lawyer = UserFactory(role="juriste")
    draft = clauses.new_version(ClauseTemplate.objects.in_force().get(code="assurance"), by=lawyer)
    ClauseTemplate.objects.filter(pk=draft.pk).update(body=draft.body + " Sans délai.")
    clauses.put_in_force(draft, by=lawyer)
    found = drafting.clause_differences(act)
    row = next(row for row in found.rows if row.code == "assurance")
    assert (row.fate, row.source, row.newer, found.has_newer) == (Fate.SAME, "version 1", "version 2", True)
    assert [piece.text for piece in row.newer_pieces if piece.is_added] == ["Sans délai."]


def test_queries_do_not_depend_on_the_number_of_articles(act, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        drafting.clause_differences(Act.objects.get(pk=act.pk))
    for rank in range(20):
        ClauseFactory(act=act, code=f"special-{rank}", position=130)
    with django_assert_num_queries(len(few)):
        drafting.clause_differences(Act.objects.get(pk=act.pk))


def read(client, act, **query):
    return unescape(client.get(page_url(act.convention, act), query).content.decode())


def test_lawyer_reads_the_differences_open_with_their_count(lawyer, act):
    act.clause_set.filter(code="assurance").update(body="Chacun s’assure.")
    html = read(lawyer, act)
    assert 'id="relecture" open>' in html
    assert "1 article diffère du modèle." in html
    assert "[supprimé : " in html


def test_only_what_differs_leaves_the_others_out(lawyer, act):
    act.clause_set.filter(code="assurance").update(body="Chacun s’assure.")
    response = lawyer.get(page_url(act.convention, act), {"ecarts": 1})
    assert [row.code for row, _tone, _label in response.context["review_rows"]] == ["assurance"]


@pytest.mark.usefixtures("version_1_alone")
def test_a_newer_template_is_told_with_its_comparison(lawyer, act):
    first = AgreementTemplate.objects.get(act_kind=ActKind.INITIAL)
    draft = agreements.new_version(first, by=lawyer.user)
    agreements.put_in_force(draft, by=lawyer.user)
    html = read(lawyer, act)
    assert "Une version plus récente du modèle est en vigueur." in html
    assert f"/{draft.pk}/comparer/?avec={first.pk}" in html


@pytest.mark.parametrize("state", [ActState.TO_SIGN, ActState.SIGNED, ActState.ABANDONED])
def test_a_settled_act_is_not_compared(lawyer, state):
    convention = ConventionFactory(act=state, act__clauses=[{}])
    assert lawyer.get(page_url(convention, convention.acts.get())).context["review"] is None


def test_a_reprise_is_not_compared(lawyer):
    convention = ConventionFactory(reprise=True)
    assert lawyer.get(page_url(convention, convention.acts.get())).context["review"] is None
