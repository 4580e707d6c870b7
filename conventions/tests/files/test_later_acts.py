"""Later acts typed on the screens: extended after a gap, ended by one party alone, told from a new address."""

import datetime

import pytest

from conventions.domain.acts import amending, coverage, lifecycle
from conventions.domain.acts.content import loading
from conventions.domain.acts.templates import agreements
from conventions.domain.documents import storage
from conventions.domain.documents.reading import Words, page_texts
from conventions.enums import ActKind, Event
from conventions.models import Act, AgreementTemplate, Clause, Partner
from conventions.tests.pdf.reading import faults_of, plain, raw_faults_of

pytestmark = [pytest.mark.pdf, pytest.mark.slow]


def first_of(made, key: str) -> Act:
    return Act.objects.select_related("convention").get(pk=made["acts"][key])


def frozen(made, act: Act, **fields) -> tuple[Act, str]:
    """Typed, read and frozen on their screens: the act, and its text, which holds all it promises in right French."""
    desk = made["desk"]
    desk.save(act, {"board_decision": desk.decision.pk, "path": "papier"} | fields)
    act = Act.objects.select_related("convention").get(pk=act.pk)
    for event in (Event.SUBMIT, Event.APPROVE, Event.FREEZE):
        act = desk.advance(act, event)
    content = storage.read_bytes(act.frozen_document)
    text = plain(" ".join(page_texts(content)))
    assert raw_faults_of(page_texts(content)) == []
    case = coverage.case_of(loading.loaded(act))
    words = Words.of_act(content, act.frozen_document.code)
    assert [str(promise) for promise in coverage.lost(case, words)] == []
    assert faults_of(text) == []
    return act, text


@pytest.fixture
def second_texts(made):
    """The lawyer puts version 2 of the termination in force."""
    draft = AgreementTemplate.objects.get(act_kind=ActKind.TERMINATION, state="brouillon", kinds=None)
    agreements.put_in_force_with_texts(draft, by=made["desk"].lawyer.user)


def test_extension_after_a_gap_tells_both_periods_and_the_gap(made):
    first = first_of(made, "argent-seul")
    start = first.ends_on + datetime.timedelta(days=32)
    end = start + datetime.timedelta(days=365)
    act = amending.start_amendment(first.convention, by=made["desk"].officer.user, reason="Reprise (fictif).")
    dates = {"term_kind": "dates", "starts_on": start.isoformat(), "ends_on": end.isoformat()}
    _act, text = frozen(made, act, **dates)
    assert "après une interruption du " in text
    assert "Il a pour objet de prolonger la convention, après une interruption, du " in text
    assert "Reprise (fictif)" not in text
    assert "La période couverte par la convention" not in text


def test_object_new_address_and_articles_are_told(made):
    first = first_of(made, "pret")
    by = made["desk"].officer.user
    act = amending.start_amendment(first.convention, by=by, reason="Dossier (fictif).")
    partner = first.convention.parties.get(role="beneficiaire").partner
    Partner.objects.filter(pk=partner.pk).update(address="12, rue de l’Étoile (fictive)")
    article = amending.lines_in_force(first.convention)[Clause][1]
    amending.add_line(
        act, Clause, by=by, heading="Image", body="Texte fictif.", position=article.position + 1
    )
    amending.remove_line(act, article, by=by)
    _act, text = frozen(made, act, object_text="Suivre le déménagement du siège (fictif).")
    assert "Il a pour objet de suivre le déménagement du siège (fictif)." in text
    assert "rue de l’Étoile (fictive)" in text
    assert "est remplacée par : «" in text
    assert (
        "Il est inséré à la convention, après l’article 2, un article 2 bis « Image » ainsi rédigé : « Texte"
        in text
    )
    assert f"L’article 2 « {article.heading} » est supprimé." in text


@pytest.mark.parametrize(
    ("key", "ground", "said"),
    [
        ("argent-seul", "faute", "sans effet dans le délai de trente jours, l’OPT-NC résilie la convention"),
        ("budget-et-indicateurs", "interet_general", "Pour un motif d’intérêt général, l’OPT-NC met fin à"),
        ("pret", "force_majeure", "depuis plus de trois mois, l’OPT-NC met fin à la convention"),
    ],
)  # fmt: skip
def test_one_party_ends_a_convention_alone(made, second_texts, key, ground, said):
    first = first_of(made, key)
    day = first.starts_on + datetime.timedelta(days=200)
    act = lifecycle.apply(
        first, Event.START_TERMINATION, by=made["desk"].officer.user, ground=ground, effective_on=day,
        reason="Le projet a cessé (fictif).",
    )  # fmt: skip
    assert {person.party.role for person in act.signatories.select_related("party")} == {"opt"}
    notice = (
        {} if ground == "force_majeure" else {"notice_on": (day - datetime.timedelta(days=70)).isoformat()}
    )
    act, text = frozen(made, act, **notice)
    assert said in text
    assert "D’un commun accord" not in text
    assert "Entre les soussignés" not in text
    assert "L’OPT-NC décide ce qui suit :" in text
    assert "Le motif en est le suivant : le projet a cessé (fictif)." in text
    assert text.count("Pour l’OPT-NC") >= 1
    assert "Pour l’Association" not in text


def test_a_notice_too_short_or_a_signatory_too_many_stop_the_act(made, second_texts):
    first = first_of(made, "argent-seul")
    by = made["desk"].officer.user
    day = first.starts_on + datetime.timedelta(days=200)
    act = lifecycle.apply(
        first, Event.START_TERMINATION, by=by, ground="faute", effective_on=day, reason="Faute (fictif)."
    )
    assert "preavis" in {one.code for one in lifecycle.missing_actions(act, Event.SUBMIT)}
    amending.record_notice(act, by=by, on=day - datetime.timedelta(days=29))
    act.refresh_from_db()
    (late,) = [one for one in lifecycle.missing_actions(act, Event.SUBMIT) if one.code == "preavis"]
    assert late.label.startswith("Repousser la date d’effet au ")
    amending.record_notice(act, by=by, on=day - datetime.timedelta(days=30))
    other = first.convention.parties.get(role="beneficiaire")
    act.signatories.create(party=other, first_name="Ida", last_name="FICTIVE", title="présidente", order=9)
    codes = {one.code.rpartition("-")[0] for one in lifecycle.missing_actions(act, Event.SUBMIT)}
    assert "signataire-de-trop" in codes
    assert "preavis" not in {one.code for one in lifecycle.missing_actions(act, Event.SUBMIT)}


def test_version_1_of_the_texts_cannot_be_signed_by_one_party(made):
    first = first_of(made, "argent-seul")
    act = lifecycle.apply(
        first, Event.START_TERMINATION, by=made["desk"].officer.user, ground="faute",
        effective_on=first.starts_on + datetime.timedelta(days=200), reason="Faute (fictif).",
    )  # fmt: skip
    assert "articles-accord" in {one.code for one in lifecycle.missing_actions(act, Event.SUBMIT)}
