"""What the report of a delivery says, read back from its real PDF."""

from dataclasses import replace
from datetime import date

import pytest

from conventions.domain.documents.context import PartialDate
from conventions.domain.documents.rendering import render_handover
from conventions.tests.pdf import samples
from conventions.tests.pdf.reading import text_of

pytestmark = pytest.mark.pdf


def test_handover_lists_serials_with_the_proof_of_erasure():
    text = text_of(render_handover(samples.handover()).content)
    assert [n for n in range(1, 11) if text.count(f"FICTIF-{n:05d}") != 1] == []
    assert (
        text.count("Données effacées le 4 mai 2026 par agent fictif : effacement logiciel avec écrasement.")
        == 1
    )
    assert [text.count(f"certificat EFF-{n:03d}") for n in range(1, 11)].count(1) == 7
    assert text.count("sans données") == 3
    assert text.count("Observations et réserves") == 1
    assert "Fait à Nouméa, le 6 mai 2026" in text
    assert "L’OPT-NC donne et remet à l’Association, qui le reconnaît" in text


def test_handover_claims_no_erasure_without_its_proof():
    items = samples.handover().items
    text = text_of(
        render_handover(samples.handover(items=(replace(items[0], erased_on=None), *items[1:]))).content
    )
    assert text.count("effacement non renseigné") == 1
    assert "ont été effacées" not in text
    assert "ont été effacées avant la remise" in text_of(render_handover(samples.handover()).content)


def test_handover_of_a_loan_does_not_give_the_property_away():
    ctx = samples.handover(
        transfer="pret", return_on=PartialDate(value=date(2027, 3, 31)), handed_on=date(2026, 5, 6)
    )
    text = text_of(render_handover(ctx).content)
    assert "Il est restitué le 31 mars 2027." in text
    assert "La propriété passe" not in text
    assert "Fait à Nouméa, le 6 mai 2026" in text


def test_handover_of_what_no_paper_says_promises_neither():
    text = text_of(render_handover(samples.handover(transfer="", handed_on=date(2026, 5, 6))).content)
    assert [
        word for word in ("donne et remet", "prête et remet", "La propriété", "Le matériel") if word in text
    ] == []
    assert " remet à " in text


def test_handover_says_the_place_and_the_return_as_french_does():
    back = PartialDate(value=date(2027, 3, 1), precision="mois")
    text = text_of(
        render_handover(samples.handover(transfer="pret", return_on=back, place="Le Mont-Dore")).content
    )
    assert "Il est restitué en mars 2027." in text
    assert "Fait au Mont-Dore, le" in text


def test_handovers_of_several_erasures_tell_each_once():
    items = samples.handover().items
    later = replace(items[0], erased_on=date(2026, 5, 5), erased_by="autre agent fictif")
    text = text_of(render_handover(samples.handover(items=(later, *items[1:]))).content)
    assert "(a) Données effacées le 5 mai 2026 par autre agent fictif : effacement" in text
    assert text.count("(b) Données effacées le 4 mai 2026 par agent fictif : effacement") == 1
    assert "(a) certificat EFF-001" in text
