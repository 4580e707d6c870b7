"""Templates of acts: versions, one in force, comparison; what a draft keeps of the one it came from."""

import json

import pytest

from conventions.domain.acts import drafting, lifecycle
from conventions.domain.acts.content import assembling
from conventions.domain.acts.templates import agreements, clauses
from conventions.enums import ActKind, ActState, Event, SigningPath, TemplateState
from conventions.models import Act, AgreementTemplate, Clause, ClauseTemplate, JournalEntry
from conventions.reference.clauses import CLAUSES, CLOSING, propose
from conventions.tests.factories import (
    AgreementTemplateFactory,
    KindFactory,
    PartnerFactory,
    UserFactory,
    settle,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("version_1_alone")]
DRAFT, IN_FORCE, RETIRED = TemplateState.DRAFT, TemplateState.IN_FORCE, TemplateState.RETIRED
LAST = {"code": CLOSING, "mandatory": True, "position": 900}


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
    row = convention.acts.get()
    settle(row, ActState.IN_REVIEW)
    return Act.objects.get(pk=row.pk)


def codes(template):
    return [line.code for line in template.lines.order_by("position", "code")]


def refused(step, *args, **kwargs):
    with pytest.raises(agreements.TemplateRefused) as caught:
        step(*args, **kwargs)
    return str(caught.value)


# Version 1


@pytest.mark.parametrize("act_kind", ActKind.values)
def test_first_version_holds_every_article_at_its_place(act_kind):
    template = AgreementTemplate.objects.get(act_kind=act_kind)
    expected = {(text.code, text.position) for text in CLAUSES if text.act_kind == act_kind}
    assert set(template.lines.values_list("code", "position")) == expected
    assert [line.code for line in template.lines.filter(mandatory=True)] == [CLOSING]
    assert (template.version, template.state, template.in_force_since) == (1, IN_FORCE, template.updated_at)


def test_articles_of_a_new_act_are_those_of_before(act):
    expected = [text.code for text in propose("partenariat", ActKind.INITIAL, assembling.act_facts(act))]
    assert list(act.clause_set.order_by("position").values_list("code", flat=True)) == expected


def test_a_new_act_remembers_its_template(act, first):
    assert act.agreement_template == first


# Versions


def test_new_version_is_a_draft_with_the_same_articles_made_once(lawyer, first):
    draft = agreements.new_version(first, by=lawyer)
    assert agreements.new_version(first, by=lawyer) == draft
    assert (draft.version, draft.state, draft.name, codes(draft)) == (2, DRAFT, first.name, codes(first))
    assert JournalEntry.objects.get(event="modele_d_acte_nouvelle_version").actor == lawyer


def test_putting_in_force_retires_the_version_before_in_one_step(lawyer, first):
    draft = agreements.put_in_force(agreements.new_version(first, by=lawyer), by=lawyer)
    first.refresh_from_db()
    assert (first.state, draft.state) == (RETIRED, IN_FORCE)
    assert first.retired_at <= draft.in_force_since
    lines = JournalEntry.objects.filter(event="modele_d_acte_modifie").order_by("sequence")
    assert [json.loads(line.payload)["changes"] for line in lines] == [
        {"state": ["en_vigueur", "retire"]},
        {"state": ["brouillon", "en_vigueur"]},
    ]


def test_only_a_draft_enters_in_force(lawyer, first):
    assert refused(agreements.put_in_force, first, by=lawyer) == (
        "Seule une version en préparation peut entrer en vigueur."
    )


@pytest.mark.parametrize(
    "lines",
    [[], [LAST | {"mandatory": False}], [LAST | {"condition": "papier"}]],
    ids=["no", "optional", "some"],
)
def test_a_template_without_its_mandatory_closing_formula_is_refused(lawyer, lines):
    draft = AgreementTemplateFactory(lines=[{"code": "objet"}, *lines])
    assert "La formule de clôture" in refused(agreements.put_in_force, draft, by=lawyer)
    draft.refresh_from_db()
    assert draft.state == DRAFT


def test_an_article_that_does_not_exist_is_named(lawyer):
    draft = AgreementTemplateFactory(lines=[{"code": "inconnu"}, LAST])
    assert refused(agreements.put_in_force, draft, by=lawyer) == (
        "Aucun modèle d’article n’est en vigueur pour : inconnu."
    )


def test_two_templates_for_the_same_kinds_are_refused(lawyer, first):
    draft = AgreementTemplateFactory(lines=[LAST])
    assert "est déjà en vigueur pour les mêmes natures" in refused(agreements.put_in_force, draft, by=lawyer)
    draft.kinds.add(KindFactory(slug="mecenat"))
    assert agreements.put_in_force(draft, by=lawyer).state == IN_FORCE
    other = AgreementTemplateFactory(lines=[LAST])
    other.kinds.add(KindFactory(slug="mecenat"), KindFactory(slug="partenariat"))
    assert draft.name in refused(agreements.put_in_force, other, by=lawyer)


def test_the_general_template_is_not_retired_alone(lawyer, first):
    assert "n’est retiré que par une nouvelle version" in refused(agreements.retire, first, by=lawyer)


# What an act takes


def test_the_template_made_for_the_kind_wins_over_the_general_one(lawyer):
    officer = UserFactory(role="gestionnaire")
    draft = AgreementTemplateFactory(lines=[{"code": "objet"}, LAST])
    draft.kinds.add(KindFactory(slug="mecenat"))
    agreements.put_in_force(draft, by=lawyer)
    made = drafting.create_convention(
        by=officer, partner=PartnerFactory(), kind=KindFactory(slug="mecenat"), title="Mécénat (fictif)",
        starts_on=None, ends_on=None, officer=officer, path=SigningPath.INK,
    )  # fmt: skip
    act = made.acts.get()
    assert act.agreement_template == draft
    assert list(act.clause_set.order_by("position").values_list("code", flat=True)) == ["objet", CLOSING]


def newer(first, lawyer, change):
    draft = agreements.new_version(first, by=lawyer)
    change(draft)
    return agreements.put_in_force(draft, by=lawyer)


def test_an_act_keeps_the_version_it_was_drafted_from(act, first, lawyer):
    newer(first, lawyer, lambda draft: draft.lines.filter(code="assurance").delete())
    found = drafting.clause_differences(act)
    assert (found.template, found.differing) == (first, ())
    assert found.newer_template.version == 2


def test_proposing_again_takes_the_newer_version_and_leaves_what_was_written_by_hand(act, first, lawyer):
    def change(draft):
        draft.lines.exclude(code__in=["objet", "duree", CLOSING]).delete()
        draft.lines.filter(code="objet").update(position=500)

    version = newer(first, lawyer, change)
    Clause.objects.filter(act=act, code="litiges").update(body="À nous.")
    assert drafting.refresh_clauses(act, by=lawyer) is True
    act.refresh_from_db()
    assert act.agreement_template == version
    kept = list(act.clause_set.order_by("position").values_list("code", flat=True))
    assert set(kept) - {CLOSING} == {"duree", "litiges", "objet"}
    assert kept.index("duree") < kept.index("objet")
    entry = JournalEntry.objects.get(event="articles_reproposes")
    told = json.loads(entry.payload)["changes"]["act.agreement_template"]
    assert told == [str(first), str(version)]
    assert drafting.refresh_clauses(act, by=lawyer) is False


# Mandatory articles


def test_freezing_without_the_closing_formula_is_refused(act):
    Act.objects.filter(pk=act.pk).update(state=ActState.APPROVED, path=SigningPath.INK)
    act.refresh_from_db()
    act.clause_set.filter(code=CLOSING).delete()
    labels = [item.label for item in lifecycle.missing_actions(act, Event.FREEZE)]
    assert "Article obligatoire absent : « Formule de clôture »." in labels


def test_a_mandatory_article_whose_condition_does_not_hold_is_not_missing(act, first):
    first.lines.filter(code="litiges").update(mandatory=True, condition="materiel_donne")
    act.clause_set.filter(code="litiges").delete()
    labels = [item.label for item in lifecycle.missing_actions(act, Event.FREEZE)]
    assert not any("obligatoire absent" in label for label in labels if "clôture" not in label)


# Comparison


def test_comparison_tells_what_was_added_removed_moved_and_made_mandatory(first, lawyer):
    draft = agreements.new_version(first, by=lawyer)
    draft.lines.filter(code="litiges").delete()
    draft.lines.filter(code="objet").update(position=700)
    draft.lines.filter(code="duree").update(mandatory=True)
    found = agreements.compare(first, draft)
    assert (found.added, found.removed, found.moved) == ((), ("Litiges",), ("Objet",))
    assert found.rules == ("« Durée et prise d’effet » devient obligatoire.",)
    back = agreements.compare(draft, first)
    assert (back.added, back.removed) == (("Litiges",), ())


def test_comparison_tells_the_words_of_a_clause_that_changed_meanwhile(first, lawyer):
    second = newer(first, lawyer, lambda draft: None)
    first.refresh_from_db()
    text = ClauseTemplate.objects.in_force().get(code="assurance")
    draft = clauses.new_version(text, by=lawyer)
    ClauseTemplate.objects.filter(pk=draft.pk).update(body=text.body + "\n\nUne phrase de plus.")
    clauses.put_in_force(draft, by=lawyer)
    (change,) = agreements.compare(first, second).texts
    assert [piece.text for piece in change.pieces if piece.is_added] == ["\n\nUne phrase de plus."]
    assert agreements.compare(second, second).is_empty
