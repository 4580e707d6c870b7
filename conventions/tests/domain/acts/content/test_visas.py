"""The visas of an act are its own ordered list; each party's standing is said as its file says it."""

import datetime
import re

import pytest

from conventions.domain.acts.content import assembling
from conventions.domain.documents import merge_fields
from conventions.domain.documents.rendering import agreement_html
from conventions.enums import AttachmentKind, PartnerNature
from conventions.models import Clause, Partner
from conventions.reference.clauses import VISAS
from conventions.tests import factories as f
from conventions.tests.pdf.reading import plain

pytestmark = pytest.mark.django_db


def said(act) -> str:
    return plain(re.sub(r"<[^>]+>", "", agreement_html(assembling.agreement_context(act))))


LIST = """vu {{ textes_opt }} ;

vu {{ textes_beneficiaire }} ;

vu {{ demande }}

la délibération cadre du 4 mai 2020

vu la {{ deliberation }} ;"""


@pytest.fixture
def act():
    partner = f.PartnerFactory(name="Association du Récif (fictif)", nature=PartnerNature.ASSOCIATION)
    act = f.ActFactory(convention__partner=partner, board_decision=None)
    Clause.objects.create(act=act, code=VISAS, heading="Visas", body=LIST, position=1)
    return act


def test_line_without_its_value_is_left_out_and_the_order_is_that_of_the_list(act):
    assert assembling.agreement_context(act).visas == (
        "vu les statuts de l’Association ;",
        "vu la délibération cadre du 4 mai 2020 ;",
    )


def test_each_founding_text_is_a_visa(act):
    Partner.objects.filter(is_opt=True).update(
        founding_texts="Décret inventé n° 1 (fictif)\nloi inventée (fictif)."
    )
    Partner.objects.filter(is_opt=False).update(nature=PartnerNature.COMPANY)
    assert assembling.agreement_context(act).visas[:2] == (
        "vu le décret inventé n° 1 (fictif) ;",
        "vu la loi inventée (fictif) ;",
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("commission permanente", "de la commission permanente"),
        ("Commission permanente", "de la commission permanente"),
        ("conseil d’administration", "du conseil d’administration"),
        ("assemblée générale", "de l’assemblée générale"),
        ("bureau", "du bureau"),
    ],
)
def test_body_that_decided_has_its_article(act, body, words):
    act.board_decision = f.BoardDecisionFactory(number="12", decided_on=datetime.date(2026, 3, 3), body=body)
    act.save()
    assert assembling.agreement_context(act).visas[-1] == f"vu la délibération n° 12 {words} du 3 mars 2026 ;"


def test_request_is_seen_once_it_is_filed(act):
    f.AttachmentFactory(convention=act.convention, kind=AttachmentKind.PROJECT)
    assert "vu la demande de soutien de l’Association ;" in assembling.agreement_context(act).visas


def test_visas_are_neither_a_numbered_article_nor_something_to_fill_in(act):
    context = assembling.agreement_context(act)
    assert [clause.code for clause in context.clauses if clause.code == VISAS] == []
    assert assembling.clause_gaps(assembling.loaded(act)) == []


def test_act_that_lists_no_visa_has_its_legal_basis_and_its_decision():
    decision = f.BoardDecisionFactory(number="7", decided_on=datetime.date(2026, 3, 3))
    act = f.ActFactory(board_decision=decision)
    assert assembling.agreement_context(act).visas == (
        "vu la délibération n° 7 du conseil d’administration du 3 mars 2026 ;",
    )


def test_comparution_says_form_seat_and_what_empowers(act):
    party = act.convention.parties.get(partner__is_opt=False)
    Partner.objects.filter(pk=party.partner_id).update(
        legal_form="association régie par la loi du 1er juillet 1901",
        address="3, rue inventée",
        postal_code="98800",
    )
    f.SignatoryFactory(
        act=act, party=party, civility="mme", first_name="Ida", last_name="NIAOULI (fictif)", title="présidente",
        capacity="Délibération du bureau du 3 mars 2026",
    )  # fmt: skip
    text = said(act)
    assert "Association du Récif (fictif), association régie par la loi du 1er juillet 1901" in text
    assert "dont le siège est : 3, rue inventée, 98800" in text
    assert "présidente, dûment habilitée par la délibération du bureau du 3 mars 2026" in text


def test_unknown_form_and_seat_are_left_out(act):
    Partner.objects.update(address="", postal_code="", commune=None)
    text = said(act)
    assert "dont le siège" not in text
    assert "habilité" not in text


def test_a_visa_in_an_article_is_one_field_like_another():
    assert merge_fields.check_template(LIST) == []
