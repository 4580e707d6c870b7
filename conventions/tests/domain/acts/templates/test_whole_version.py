"""A whole version: delivered in preparation, read beside the one in force, put in force at once by a lawyer."""

import pytest
from django.core.exceptions import PermissionDenied

from conventions.domain.acts import drafting
from conventions.domain.acts.drafting import clauses as articles
from conventions.domain.acts.templates import agreements
from conventions.enums import ActKind, SigningPath, TemplateState
from conventions.models import Act, AgreementTemplate, Clause, ClauseTemplate, JournalEntry
from conventions.reference.clauses import second
from conventions.tests.factories import KindFactory, PartnerFactory, UserFactory

pytestmark = pytest.mark.django_db
DRAFT, IN_FORCE, RETIRED = TemplateState.DRAFT, TemplateState.IN_FORCE, TemplateState.RETIRED


@pytest.fixture
def lawyer():
    return UserFactory(role="juriste")


@pytest.fixture
def first():
    return AgreementTemplate.objects.get(act_kind=ActKind.INITIAL, version=1)


@pytest.fixture
def act():
    officer = UserFactory(role="gestionnaire")
    convention = drafting.create_convention(
        by=officer, partner=PartnerFactory(), kind=KindFactory(), title="Dojo (fictif)",
        starts_on=None, ends_on=None, officer=officer, path=SigningPath.INK,
    )  # fmt: skip
    return convention.acts.get()


def refused(step, *args, **kwargs):
    with pytest.raises(agreements.TemplateRefused) as caught:
        step(*args, **kwargs)
    return str(caught.value)


def delivered(act_kind=ActKind.INITIAL):
    """Version 2, as the migration leaves it: in preparation, with the texts of its articles."""
    return AgreementTemplate.objects.get(act_kind=act_kind, version=2)


def test_version_2_waits_for_the_lawyers(first):
    assert (first.state, delivered().state) == (IN_FORCE, DRAFT)
    assert not ClauseTemplate.objects.filter(version=2, state=IN_FORCE).exists()
    assert "à relire par le juridique" in delivered().note
    waiting = agreements.prepared_texts(delivered())
    assert [text for text in waiting if "à relire par le juridique" not in text.note] == []


def test_whole_version_comes_into_force_at_once(lawyer, first):
    texts = list(agreements.prepared_texts(delivered()))
    agreements.put_in_force_with_texts(delivered(), by=lawyer)
    first.refresh_from_db()
    assert (first.state, delivered().state) == (RETIRED, IN_FORCE)
    assert {text.state for text in ClauseTemplate.objects.filter(pk__in=[row.pk for row in texts])} == {
        IN_FORCE
    }
    told = JournalEntry.objects.filter(event="modele_d_article_modifie").count()
    assert told == len(texts) + sum(
        ClauseTemplate.objects.filter(
            act_kind=text.act_kind, code=text.code, variant=text.variant, state=RETIRED
        ).count()
        for text in texts
    )


def test_draft_of_before_keeps_the_texts_of_its_version(act, lawyer):
    before = {row.code: row.template_id for row in Clause.objects.filter(act=act)}
    agreements.put_in_force_with_texts(delivered(), by=lawyer)
    row = Act.objects.select_related("convention__kind").get(pk=act.pk)
    assert {code: one.template.pk for code, one in articles.proposals(row).items()} == before
    assert articles.are_as_proposed(row)
    told = drafting.clause_differences(row)
    assert (str(told.newer_template), [one.code for one in told.differing]) == ("Convention – version 2", [])


def test_draft_takes_the_new_version_when_somebody_asks(act, lawyer):
    agreements.put_in_force_with_texts(delivered(), by=lawyer)
    officer = UserFactory(role="gestionnaire")
    assert drafting.refresh_clauses(Act.objects.get(pk=act.pk), by=officer)
    rows = Clause.objects.filter(act=act).select_related("template").order_by("position")
    assert rows[0].code == "visas"
    assert {row.template.body for row in rows} <= {text.body for text in second.CLAUSES}


def test_comparison_of_a_draft_shows_the_texts_that_it_brings(first):
    told = agreements.compare(first, delivered())
    assert "Probité et conflits d’intérêts" in told.added
    texts = {change.name: change.pieces for change in told.texts}
    assert "Responsabilité et assurance – version 2" in texts
    assert [piece.is_added for piece in texts["Probité et conflits d’intérêts – version 1"]] == [True]
    assert [piece.is_added for piece in texts["Bilan (echeances_nature) – version 1"]] == [True]


def test_whole_version_with_a_wrong_text_changes_nothing(lawyer, first):
    text = agreements.prepared_texts(delivered()).first()
    ClauseTemplate.objects.filter(pk=text.pk).update(body="{{ inconnu }}")
    assert "champs inconnus" in refused(agreements.put_in_force_with_texts, delivered(), by=lawyer)
    first.refresh_from_db()
    assert first.state == IN_FORCE
    assert not ClauseTemplate.objects.filter(version=2, state=IN_FORCE).exists()


def test_only_a_lawyer_puts_a_whole_version_in_force():
    with pytest.raises(PermissionDenied):
        agreements.put_in_force_with_texts(delivered(), by=UserFactory(role="gestionnaire"))
