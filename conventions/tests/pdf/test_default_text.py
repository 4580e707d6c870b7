"""What a convention created as everybody creates it says, with its usual obligations and articles: right French."""

import datetime
import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts import amending, drafting, lifecycle
from conventions.domain.acts.content import assembling
from conventions.domain.documents import storage
from conventions.domain.documents.rendering import agreement_html
from conventions.enums import ActState, AmountStatus, Event, ObligationKind, SigningPath, TermKind
from conventions.formats import capitalise
from conventions.models import Act, Clause, Convention, EquipmentTerm, InKind, InstalmentTerm, Obligation
from conventions.reference.lists import KINDS
from conventions.tests import factories as f
from conventions.tests.factories.acts import settle
from conventions.tests.pdf.reading import double_spaces_of, faults_of, plain, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
REPORT = "remettre le compte rendu d’emploi du soutien, signé par la personne habilitée, au plus tard le 30 juin 2028"
DAY = datetime.date
# Labels as people type them: a capital, a full stop, words for a date.
TYPED = {
    "instalments": [
        {
            "label": "Premier versement.",
            "amount": 100_000,
            "condition": "À la signature, sur RIB.",
            "position": 1,
        },
        {
            "label": "Solde",
            "amount": 50_000,
            "condition": "Dans les six mois qui suivent la fin de l’action.",
            "due_on": DAY(2028, 6, 30),
            "position": 2,
        },
    ],
    "in_kind": [
        {
            "kind_id": "pret",
            "description": "Deux bornes de réseau.",
            "quantity": 2,
            "unit": "bornes",
            "return_on": DAY(2027, 12, 31),
            "conditions": "Sans plafond.",
        }
    ],
    "equipment": [
        {"nature": "ordinateur", "pickup_place": "Le dépôt de Nouville.", "pickup_by": DAY(2027, 3, 1)},
        {"nature": "écran", "pickup_place": "Le dépôt de Nouville.", "pickup_by": DAY(2027, 3, 1)},
    ],
}


@pytest.fixture
def officer():
    return f.UserFactory(role="gestionnaire")


@pytest.fixture
def create(as_role, officer):
    """A convention of this kind, through the form of creation."""
    partner = f.PartnerFactory(name="Association du Niaouli (fictif)")
    f.RepresentativeFactory(partner=partner, title="présidente")
    f.RepresentativeFactory(partner=f.opt_partner(), title="directeur général")

    def made(kind: str) -> Act:
        data = {
            "partner": partner.name,
            "kind": f.KindFactory(slug=kind).pk,
            "title": "Atelier du lagon (fictif)",
            "starts_on": "2027-01-01",
            "ends_on": "2027-12-31",
            "officer": officer.pk,
        }
        response = as_role(officer).post(reverse("admin:conventions_convention_add"), data)
        assert response.status_code == 302
        return Act.objects.select_related("convention").latest("pk")

    return made


@pytest.fixture
def preview(as_role, officer):
    """The text of the draft as the page shows it, after a check of its paragraphs."""

    def read(act: Act) -> str:
        url = reverse("admin:conventions_convention_preview", args=[act.convention_id])
        assert double_spaces_of(agreement_html(assembling.agreement_context(act))) == []
        return text_of(as_role(officer).get(f"{url}?acte={act.rank}").content)

    return read


def complete(act: Act, officer, **values) -> Act:
    """What an officer adds before submitting: purpose, délibération, place, way of signing, support."""
    Convention.objects.filter(pk=act.convention_id).update(purpose="Soutenir un atelier inventé.")
    given = {"path": SigningPath.INK, "place": "Le Mont-Dore", "board_decision": f.BoardDecisionFactory()}
    Act.objects.filter(pk=act.pk).update(**given | values)
    f.FundingFactory(act=act, amount=150_000, status=AmountStatus.KNOWN, label="Achat de matériel.")
    for rows, factory in (
        ("instalments", f.InstalmentTermFactory),
        ("in_kind", f.InKindFactory),
        ("equipment", f.EquipmentTermFactory),
    ):
        for row in TYPED[rows]:
            factory(act=act, **row)
    drafting.refresh_clauses(Act.objects.get(pk=act.pk), by=officer)
    return Act.objects.select_related("convention").get(pk=act.pk)


@pytest.mark.parametrize("kind", [row[0] for row in KINDS])
def test_draft_of_every_kind_reads_right(create, preview, kind):
    text = preview(create(kind))
    assert faults_of(text) == []
    assert (f"s’engage à : {REPORT} ;" in text) == (kind != "mise_a_disposition")  # a loan pays nothing
    assert "difficultés, au plus tard le 31 décembre 2027." in text


def test_counterparts_of_a_sponsorship_say_during_what_time(create, preview):
    said = "sur les supports de communication du projet, pendant la durée de la convention."
    assert f"mentionner le soutien de l’OPT-NC {said}" in preview(create("parrainage"))


@pytest.mark.parametrize("kind", ["mecenat", "parrainage"])
def test_frozen_convention_reads_right(create, officer, kind):
    act = complete(create(kind), officer)
    for event, by in (
        (Event.SUBMIT, officer),
        (Event.APPROVE, f.UserFactory(role="juriste")),
        (Event.FREEZE, officer),
    ):
        act = lifecycle.apply(act, event, by=by)
    text = text_of(storage.read_bytes(act.frozen_document))
    assert faults_of(text) == []
    assert f"{REPORT} ;" in text
    assert "Fait au Mont-Dore, le" in text
    assert "prêt ou mise à disposition : deux bornes de réseau (2 bornes, à restituer le" in text
    assert "Premier versement – à la signature, sur RIB" in text
    assert "Retrait : Le dépôt de Nouville, avant le 1er mars 2027" in text


@pytest.mark.parametrize(
    "term",
    [
        {"term_kind": TermKind.OPEN_ENDED, "ends_on": None},
        {
            "term_kind": TermKind.WORDING,
            "term_wording": "Un an renouvelable.",
            "starts_on": None,
            "ends_on": None,
        },
    ],
    ids=lambda term: term["term_kind"],
)
def test_convention_without_an_end_says_when_its_report_is_due(create, preview, officer, term):
    act = complete(create("partenariat"), officer, **term)
    act.obligation_set.update(due_on=None)
    text = preview(act)
    assert faults_of(text) == []
    assert f"{REPORT.partition(', au plus')[0]} ;" in text


@pytest.fixture
def signed(create, officer) -> Convention:
    act = settle(complete(create("partenariat"), officer), ActState.SIGNED)
    return Convention.objects.get(pk=act.convention_id)


def amended(convention, officer) -> Act:
    """An amendment of each sort of line, as an officer words it."""
    act = amending.start_amendment(
        convention, by=officer, reason="Prolonger l’atelier.", ends_on=DAY(2028, 6, 30)
    )
    report, review, visibility = amending.lines_in_force(convention)[Obligation]
    amending.replace_line(act, report, by=officer, due_on=DAY(2029, 6, 30))
    amending.replace_line(
        act, review, by=officer, due_wording="Avant le 30 juin 2028.", due_on=DAY(2028, 6, 30)
    )
    amending.remove_line(act, visibility, by=officer)
    party = report.party
    amending.add_line(
        act, Obligation, by=officer, position=9, kind=ObligationKind.OTHER, party=party,
        text="Tenir un stand. Former dix agents.", due_wording="À la fin de l’action.",
    )  # fmt: skip
    _first, balance = amending.lines_in_force(convention)[InstalmentTerm]
    amending.replace_line(act, balance, by=officer, due_on=DAY(2028, 12, 31))
    [loan] = amending.lines_in_force(convention)[InKind]
    amending.replace_line(act, loan, by=officer, return_on=DAY(2028, 6, 30))
    computer, _screen = amending.lines_in_force(convention)[EquipmentTerm]
    amending.replace_line(act, computer, by=officer, pickup_by=DAY(2027, 9, 1))
    article = next(row for row in amending.lines_in_force(convention)[Clause] if row.code == "compte_rendu")
    amending.replace_line(
        act, article, by=officer, body=f"{article.body}\n\nLe bilan est remis à {{{{ lieu }}}}."
    )
    return act


def test_amendment_reads_right(signed, officer, preview):
    text = preview(amended(signed, officer))
    assert faults_of(text) == []
    assert "au plus tard le 30 juin 2029" in text
    assert "difficultés, avant le 30 juin 2028, à la charge" in text
    assert "Former dix agents, le tout à la fin de l’action, à la charge" in text


def test_text_in_force_of_an_amended_convention_reads_right(signed, officer, as_role):
    settle(amended(signed, officer), ActState.SIGNED)
    client = as_role(officer)
    names = ("text", "text_pdf")
    page, pdf = (
        client.get(reverse(f"admin:conventions_convention_{name}", args=[signed.pk])) for name in names
    )
    text = text_of(pdf.content)
    assert faults_of(text) == []
    assert double_spaces_of(page.context["text"]) == []
    assert f"{REPORT.replace('2028', '2029')} (issu de l’avenant" in text
    told = "tenir un stand. Former dix agents, le tout à la fin de l’action (issu de l’avenant n° "
    assert told in plain(text)


def test_termination_reads_right(signed, officer, preview):
    act = amending.start_termination(
        signed, by=officer, reason="La troupe cesse son activité.", effective_on=timezone.localdate()
    )
    assert faults_of(preview(act)) == []
    ending = amending.ending_of(act)
    assert faults_of(" ".join([*ending.stops, *ending.remains])) == []


def words_of(response) -> str:
    """The text of a page as it is read: a word is not parted from the stop that follows its tag."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return plain(
        unescape(re.sub(r"<[^>]+>", " · ", re.sub(r"</?(?:strong|span|a|sup|em)\b[^>]*>", "", body)))
    )


def test_pages_of_the_space_and_of_the_follow_up_word_the_due_as_the_act_does(signed, officer, as_role):
    president = f.PresidentFactory(partner=signed.parties.get(role="beneficiaire").partner)
    report = signed.acts.get().obligation_set.get(kind=ObligationKind.FINANCIAL_REPORT)
    due = REPORT.partition("habilitée, ")[2]
    client = as_role(president)
    read = {
        name: words_of(client.get(reverse(f"portal:{name}", args=[signed.slug, *more])))
        for name, more in (("convention", ()), ("support", ()), ("report", (report.pk,)))
    }
    follow = as_role(officer).get(reverse("admin:conventions_convention_follow", args=[signed.pk]))
    read["follow"] = words_of(follow)
    assert [fault for said in read.values() for fault in faults_of(said)] == []
    assert f"{capitalise(due)}" in read["convention"]
    assert f"À remettre {due}." in read["report"]
    assert f"habilitée · {due}" in read["follow"]
    assert (
        "Dans les six mois qui suivent la fin de l’action, et au plus tard le 30 juin 2028" in read["follow"]
    )
