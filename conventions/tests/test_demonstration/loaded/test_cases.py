"""The real cases, fact by fact, as they are loaded and published."""

import datetime
import json

import pytest

from conventions.domain import publication
from conventions.domain.documents import storage
from conventions.enums import (
    AmountStatus,
    TermKind,
)
from conventions.models import (
    Act,
    Ceremony,
    PressRelease,
    PublicSheet,
)
from conventions.tests.pdf.reading import plain, text_of

pytestmark = pytest.mark.slow


def sheet_of(slug):
    return publication.stored_context(PublicSheet.objects.published().get(slug=slug))


def initial(slug):
    return Act.objects.get(convention__slug=slug)


def people_of(sheet):
    return [
        (party.acronym or party.name, f"{person.first_name} {person.last_name}", person.title)
        for party in sheet.parties
        for person in party.signatories
    ]


def test_c01_states_every_fact_of_the_press_release(demo):
    sheet = sheet_of("les-kimonos-du-coeur-dojo-solidaire")
    assert (sheet.kind_label, sheet.origin, sheet.signed_on.value) == (
        "Convention de partenariat", "reprise", datetime.date(2023, 3, 14),
    )  # fmt: skip
    assert people_of(sheet) == [
        ("OPT-NC", "Yoann LECOURIEUX", "président du conseil d’administration de l’OPT-NC"),
        ("OPT-NC", "Thomas DE DECCKER", "directeur général de l’OPT-NC"),
        ("Les Kimonos du Cœur", "Laurent CALLEJA", "président de l’association Les Kimonos du Cœur"),
    ]
    assert [line.amount for line in sheet.fundings] == [None]
    assert [line.label for line in sheet.supports] == ["10\u00a0ordinateurs de bureautique réformés"]
    assert (sheet.project, sheet.project_place, sheet.plan) == (
        "Dojo solidaire", "Tours de Magenta, Nouméa", "Construire Demain | OPT 2025",
    )  # fmt: skip
    assert sheet.values == ("cohésion", "qualité de service", "innovation", "responsabilité")
    [contact] = sheet.press_contacts
    assert (contact.name, contact.title, contact.phones, contact.email) == (
        "Camille DUMARTY", "chargée de communication externe", ("82.77.67", "26.82.38"), "camille.dumarty@opt.nc",
    )  # fmt: skip
    [source] = sheet.sources
    assert (source.publisher, source.url, source.published_on.value) == (
        "OPT-NC, communiqué de presse", "", datetime.date(2023, 3, 14),
    )  # fmt: skip


def test_c01_amount_is_unknown_not_publishable_and_never_zero(demo):
    act = initial("les-kimonos-du-coeur-dojo-solidaire")
    [line] = act.funding_set.all()
    assert (line.amount, line.status, line.publishable, line.budget_year) == (
        None, AmountStatus.UNKNOWN, False, None,
    )  # fmt: skip
    assert (act.number, act.place, act.term_kind) == (None, "", TermKind.UNKNOWN)
    [computers] = act.equipmentterm_set.all()
    assert (computers.quantity, computers.nature, computers.serial, computers.amount) == (
        10, "ordinateur de bureautique réformé", "", None,
    )  # fmt: skip


def test_c01_pdf_is_a_marked_reconstitution_without_amount(demo):
    sheet = PublicSheet.objects.get(slug="les-kimonos-du-coeur-dojo-solidaire")
    text = text_of(storage.read_bytes(sheet.document))
    wanted = [
        "mardi 14 mars 2023", "Reconstitution d’après les informations publiées", "montant non communiqué",
        "10 ordinateurs de bureautique réformés", "Laurent CALLEJA", "82.77.67 / 26.82.38",
    ]  # fmt: skip
    assert [words for words in wanted if words not in text] == []
    assert "F CFP" not in text


def test_c01_press_release_is_a_draft_that_states_the_facts(demo):
    release = PressRelease.objects.get(convention__slug="les-kimonos-du-coeur-dojo-solidaire")
    assert (release.state, release.dateline, release.document) == (
        "brouillon",
        datetime.date(2023, 3, 14),
        None,
    )
    text = plain(f"{release.title} {release.standfirst} {release.body}")
    wanted = [
        "Le mardi 14 mars 2023",
        "Yoann LECOURIEUX, président du conseil d’administration de l’OPT-NC",
        "Thomas DE DECCKER, directeur général de l’OPT-NC",
        "Laurent CALLEJA, président de l’association Les Kimonos du Cœur",
        "montant non communiqué",
        "10 ordinateurs de bureautique réformés",
        "Dojo solidaire",
        "Tours de Magenta",
        "bénévoles",
        "enfants de Nouvelle-Calédonie et du Pacifique",
        "cohésion, qualité de service, innovation et responsabilité",
        "Construire Demain | OPT 2025",
    ]
    assert [words for words in wanted if words not in text] == []
    assert release.contact.last_name == "DUMARTY"


def test_c04_is_a_premises_loan_with_two_sources_that_differ(demo):
    act = initial("banque-alimentaire-local-prete")
    assert (act.convention.kind.slug, act.signed_on, act.term_wording) == (
        "mecenat", datetime.date(2020, 4, 17), "1 an renouvelable",
    )  # fmt: skip
    assert [(line.kind_id, line.description, line.amount) for line in act.inkind_set.all()] == [
        ("local", "local prêté : rez-de-chaussée de l’ancien CTC", None)
    ]
    assert [(row.publisher, row.wording) for row in act.convention.sources.all()] == [
        ("OPT-NC", "convention de mécénat"), ("presse", "partenariat financier"),
    ]  # fmt: skip
    assert [f"{row.first_name} {row.last_name}, {row.title}" for row in act.attendees.all()] == [
        "Yoann LECOURIEUX, président du conseil d’administration de l’OPT-NC",
        "Philippe BLAISE, 1er vice-président de la province Sud",
        "Isabelle CHAMPMOREAU, gouvernement de la Nouvelle-Calédonie",
    ]
    assert act.signatories.count() == 0


def test_c06_to_c09_share_one_ceremony_and_its_attendees(demo):
    ceremony = Ceremony.objects.get(held_on=datetime.date(2020, 8, 20))
    acts = ceremony.acts.order_by("pk")
    assert [(act.convention.parties.last().partner.name, act.signed_on) for act in acts] == [
        (name, datetime.date(2020, 8, 20))
        for name in ("SOS Écoute", "SOS Violences", "ADAVI", "Gouvernement de la Nouvelle-Calédonie")
    ]
    supports = [line for act in acts for line in act.inkind_set.all()]
    assert [(line.kind_id, line.description, line.conditions) for line in supports] == [
        ("telecom", "abonnement et consommations de la ligne 05.30.30", "sans plafond"),
        ("telecom", "abonnement et consommations de la ligne 05.11.11", "sans plafond"),
        ("telecom", "abonnement et consommations de la ligne 27.76.08", "sans plafond"),
        ("pret", "téléphone mobile prêté, numéro 50.00.67", ""),
    ]
    present = {tuple(act.attendees.values_list("last_name", flat=True)) for act in acts}
    assert present == {("CHAMPMOREAU", "LECOURIEUX", "GERVOLINO")}
    assert (ceremony.place, ceremony.is_demo) == ("", False)


def test_c12_keeps_the_decision_and_no_quantity(demo):
    act = initial("materiel-informatique-associations-2021")
    assert (act.board_decision.decided_on, act.board_decision.number) == (datetime.date(2021, 7, 28), "")
    assert [(line.nature, line.quantity) for line in act.equipmentterm_set.all()] == [
        ("matériel informatique", None)
    ]
    assert (act.signed_on, act.signed_on_wording) == (None, "date de signature non communiquée")
    labels = [line.label for line in sheet_of("materiel-informatique-associations-2021").supports]
    assert labels == ["matériel informatique (quantité non communiquée)"]


def test_c16_has_four_parties_and_no_amount(demo):
    act = initial("ctos-les-ailes-du-sport")
    parties = act.convention.parties.values_list("partner__name", flat=True)
    assert list(parties)[1:] == ["CTOS", "ANS", "Ville de Dumbéa"]
    assert [(line.amount, line.status) for line in act.funding_set.all()] == [(None, AmountStatus.UNKNOWN)]
    assert (act.starts_on.year, act.starts_on_precision, act.ends_on) == (2020, "annee", None)
    assert [(row.last_name, row.title) for row in act.attendees.all()] == [
        ("PERRIER", "secrétaire générale du CTOS")
    ]


def test_published_cases_tell_no_figure_that_the_sources_do_not_give(demo):
    """No amount in francs anywhere in the real sheets, and no invented address."""
    sheets = PublicSheet.objects.filter(is_demo=False)
    assert sheets.count() == 8
    assert {row.convention.is_demo for row in sheets} == {False}
    texts = [json.dumps(row.data, ensure_ascii=False) for row in sheets]
    assert [text for text in texts if "CFP" in text or "http" in text or ".invalid" in text] == []
