"""`verifier_textes` names what a frozen act promises and its stored text does not hold."""

import io
import json
from dataclasses import replace

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from conventions.domain.acts import coverage
from conventions.domain.acts.content import assembling
from conventions.domain.documents import storage
from conventions.domain.documents.reading import Words, letters
from conventions.domain.documents.rendering import LAYOUT, render_agreement
from conventions.domain.foundation import triggers
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, DocumentKind
from conventions.models import Act, Document, JournalEntry
from conventions.tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
TABLE = "{{ tableau_financements }}"
OBJECT = {"heading": "Objet", "body": "La convention a pour objet : {{ objet }}, jusqu’au {{ date_fin }}."}
START = {"heading": "Durée", "body": "Elle prend effet le {{ date_debut }}."}
PLACE = {"heading": "Fin", "body": "Fait à {{ lieu }}."}


def frozen(*bodies: str, **values) -> Act:
    """An act whose document was rendered from its rows, with these articles beside the usual ones.

    Without TABLE among them, its layout lost the lines of money.
    """
    articles = [
        OBJECT,
        START,
        *({"heading": f"Article {rank}", "body": body} for rank, body in enumerate(bodies)),
        PLACE,
    ]
    convention = f.ConventionFactory(
        act__clauses=articles, act__board_decision=f.BoardDecisionFactory(), **values
    )
    act = f.settle(convention.acts.get(), ActState.TO_SIGN)
    context = assembling.agreement_context(act, is_draft=False, code=storage.new_code())
    if TABLE not in bodies:
        context = replace(context, fundings=())
    pdf = render_agreement(context)
    document = storage.store(
        pdf, kind=DocumentKind.FROZEN, title="Essai", by=None, act=act, context=context, code=context.code
    )
    Act.objects.filter(pk=act.pk).update(frozen_document=document)
    return Act.objects.get(pk=act.pk)


def verified(*references: str, **options) -> list[str]:
    """What the command says, the verdict last."""
    said = io.StringIO()
    try:
        call_command("verifier_textes", *references, stdout=said, stderr=said, **options)
    except CommandError as fault:
        said.write(str(fault))
    return said.getvalue().splitlines()


FUNDINGS = {"act__fundings": [{"amount": 315_000, "budget_year": 2031, "label": "achat de voiles"}]}
AMOUNT = "Financement « achat de voiles », montant (F CFP) : « 315\u202f000\u00a0F\u00a0CFP »"


def test_text_that_holds_every_promise_passes():
    frozen(TABLE, **FUNDINGS)
    assert verified()[-1].startswith("Tout se lit : 1\u00a0acte figé, ")


def test_promise_that_no_article_prints_is_named():
    act = frozen("Le soutien est financier.", **FUNDINGS)
    said = verified()
    assert f"Acte {act.number}. Ne se lit pas dans son texte : {AMOUNT}." in said
    assert said[-1].startswith(
        "3\u00a0promesses ne se lisent pas dans le texte de son acte (1\u00a0acte figé, "
    )


def test_only_the_acts_asked_for_are_read():
    frozen("Rien.", **FUNDINGS)
    whole = frozen(TABLE, **FUNDINGS)
    assert verified(whole.number)[-1].startswith("Tout se lit : 1\u00a0acte figé")


def test_number_that_no_frozen_act_bears_is_refused():
    assert verified("2026-999") == [
        "Aucun acte figé ne porte le numéro 2026-999. Vérifiez-le, puis recommencez."
    ]


def test_values_of_two_rows_put_side_by_side_are_told_from_their_own():
    """Both amounts stand in the text, each beside the label of the other."""
    first, last = "310\u202f000\u00a0F\u00a0CFP", "320\u202f000\u00a0F\u00a0CFP"
    filler = "Chaque partie agit de bonne foi. " * 40
    act = frozen(
        f"Voiles : {last}, 2027.", filler, f"Bouées : {first}, 2027.",
        act__fundings=[
            {"amount": 310_000, "budget_year": 2027, "label": "Voiles"},
            {"amount": 320_000, "budget_year": 2027, "label": "Bouées"},
        ],
    )  # fmt: skip
    found = next(coverage.check([act.number]))
    assert {one.key for one in found.new} <= {"Funding.amount", "Funding.label"}
    assert len(found.new) == 2


def test_what_an_older_layout_did_not_print_is_told_apart():
    act = frozen("Rien.", **FUNDINGS)
    triggers.remove()
    document = Document.objects.get(pk=act.frozen_document_id)
    document.tool_versions = document.tool_versions | {"layout": "1"}
    document.save()
    triggers.install()
    assert verified()[0] == "Mise en page 1 : 3\u00a0promesses qu’elle n’imprimait pas toujours."
    assert verified()[-1].startswith("Tout se lit")
    assert f"Acte {act.number}, déjà connu. {AMOUNT}" in verified(tout=True)


def test_promise_noted_with_its_reason_is_known_from_then_on():
    act, lawyer = frozen("Rien.", **FUNDINGS), f.UserFactory(role="juriste")
    reason = "Montant écrit dans l’annexe signée (fictif)."
    assert verified(act.number, noter=reason, par=lawyer.username)[-1].startswith("Tout se lit")
    line = JournalEntry.objects.get(event="promesses_connues")
    assert (line.actor, json.loads(line.payload)["details"]["motif"]) == (lawyer, reason)
    assert verified()[0] == "Déjà connu, noté au journal : 3\u00a0promesses."
    other = frozen("Rien.", **FUNDINGS)
    assert any(line.startswith(f"Acte {other.number}. ") for line in verified())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"noter": "Vu."}, "Nommez les actes à noter : chacun se lit avant d’être noté."),
        ({"noter": "Vu.", "act": True}, "Dites qui le note : --par, puis l’identifiant d’un compte ouvert."),
        ({"noter": "Vu.", "act": True, "role": "lecture"},
         "Les actes avancent par les chargés de partenariats, les juristes et la direction."),
        ({"noter": " ", "act": True, "role": "juriste"},
         "Écrivez pourquoi le texte reste ainsi : le journal le garde."),
    ],
)  # fmt: skip
def test_noting_asks_which_act_who_and_why(options, told):
    act = frozen("Rien.", **FUNDINGS)
    references = [act.number] if options.pop("act", False) else []
    role = options.pop("role", "")
    said = verified(*references, **options, par=f.UserFactory(role=role).username if role else "")
    assert said[-1] == told
    assert not JournalEntry.objects.filter(event="promesses_connues").exists()


def test_nothing_new_is_not_noted():
    act = frozen(TABLE, **FUNDINGS)
    with pytest.raises(Refused, match="Rien de nouveau à noter"):
        coverage.note_known(
            next(coverage.check([act.number])), by=f.UserFactory(role="juriste"), reason="Vu."
        )


def test_lost_file_is_told_with_what_to_do():
    act = frozen(TABLE, **FUNDINGS)
    storages["private"].delete(act.frozen_document.storage_name)
    said = verified()
    assert said[0].startswith(f"Acte {act.number} : ")
    assert said[0].endswith("Lancez « manage.py verifier_archives ».")
    assert said[-1].startswith("1\u00a0promesse ne se lit pas")


def test_acts_cost_the_same_queries_whatever_their_number(query_budget):
    for _ in range(3):
        frozen(TABLE, **FUNDINGS)
    with query_budget(26):
        assert [found.is_sound for found in coverage.check()] == [True] * 3


def test_layout_of_today_is_one_that_prints_every_promise():
    since = {
        one.since for declared in coverage.LAW.values() for one in declared.values() if hasattr(one, "since")
    }
    assert max(since) <= LAYOUT


@pytest.mark.parametrize(
    ("pages", "wanted", "held"),
    [
        (["Un mon-\ntant de 15 000 F"], "montant de 15 000 F", True),
        (["l’o\ufb03ce"], "l’office", True),
        (["exercice 2015"], "15", False),
        (["part de 30 %"], "30 %", True),
        (["part de 30"], "30 %", False),
        (["œuvre « Kanéka »"], "OEUVRE", False),
        (["E\u0301cole"], "école", True),
        (["remettre le bilan du projet avant la fin\npied de page 1", "de la convention signée par tous"],
         "remettre le bilan du projet avant la fin de la convention signée par tous", True),
    ],
)  # fmt: skip
def test_words_are_found_whatever_the_lines_and_the_letters(pages, wanted, held):
    assert Words(pages).holds(wanted) is held


def test_letters_keep_what_carries_meaning():
    assert letters("« 1er avril » – 30\u00a0% à L’ÎLE") == "1eravril30%àlîle"
