from datetime import date

import pytest

from conventions.domain.documents.context import FundingContext, PartialDate, TermContext
from conventions.domain.documents.merge_fields import (
    REGISTRY,
    Missing,
    TemplateError,
    UnresolvedField,
    check_template,
    fields_of,
    missing_fields,
    preview,
    resolve,
    show_partial,
)
from conventions.domain.documents.promises import facts
from conventions.formats import contract
from conventions.reference.clauses import CLAUSES, propose
from conventions.tests.pdf import samples
from conventions.tests.pdf.reading import plain


def test_resolve_writes_figures_and_letters():
    body = "{{ montant_total }} ({{ montant_total_lettres }})"
    assert plain(resolve(body, samples.bare_agreement())) == "2 000 000 F CFP (deux millions de francs CFP)"


def test_resolve_leaves_a_block_field_for_rendering():
    assert resolve("{{ tableau_financements }}", samples.bare_agreement()) == "{{ tableau_financements }}"


def test_resolve_does_not_evaluate_what_a_value_contains():
    ctx = samples.bare_agreement(object="{{ titre }} {% now %} {{ 7 * 7 }}")
    assert resolve("{{ objet }}", ctx) == "{{ titre }} {% now %} {{ 7 * 7 }}."


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Dix ordinateurs", "Dix ordinateurs."),
        ("Le dojo. ", "Le dojo."),
        ("Un dojo ?", "Un dojo ?"),
        ("", ""),
    ],
)
def test_purpose_ends_with_one_full_stop(typed, printed):
    assert REGISTRY["objet"].value(samples.bare_agreement(object=typed)) == printed


def test_missing_fields_are_all_listed_at_once():
    ctx = samples.bare_agreement(object="", place="", term=TermContext())
    bodies = ["{{ objet }} à {{ lieu }}", "du {{ date_debut }} au {{ date_fin }}", "{{ objet }} {{ titre }}"]
    assert missing_fields(bodies, ctx) == [
        Missing(field="objet", label="Objet", where="L’essentiel"),
        Missing(field="lieu", label="Lieu de signature", where="Signature"),
        Missing(field="date_debut", label="Date de début", where="Durée"),
        Missing(field="date_fin", label="Date de fin", where="Durée"),
    ]


def test_missing_value_blocks_the_resolution():
    with pytest.raises(UnresolvedField) as caught:
        resolve("Fait à {{ lieu }}", samples.bare_agreement(place=""))
    assert [item.field for item in caught.value.missing] == ["lieu"]


def test_unknown_amount_is_missing_and_never_zero():
    ctx = samples.bare_agreement(
        fundings=(
            FundingContext(amount=500_000, status="connu"),
            FundingContext(amount=None, status="inconnu"),
        )
    )
    assert [item.field for item in missing_fields(["{{ montant_total }}"], ctx)] == ["montant_total"]


def test_money_of_others_is_not_counted():
    ctx = samples.bare_agreement(
        fundings=(
            FundingContext(amount=300_000, status="connu"),
            FundingContext(amount=900_000, status="connu", figure="collecte"),
        )
    )
    assert plain(resolve("{{ montant_total }}", ctx)) == "300 000 F CFP"


def test_check_template_suggests_the_nearest_field():
    assert check_template("Objet\n{{ montant_totale }}") == [
        TemplateError(line=2, message="Champ inconnu : « montant_totale ».", suggestion="montant_total")
    ]


@pytest.mark.parametrize("body", ["{{ objet }", "{% if x %}", "{{ {{ objet }} }}", "{# note #}"])
def test_check_template_refuses_anything_but_fields(body):
    assert [error.line for error in check_template(body)] == [1]


def test_check_template_wants_a_table_alone_in_its_paragraph():
    assert check_template("Voici : {{ tableau_financements }}") == [
        TemplateError(line=1, message="Le champ « tableau_financements » doit être seul dans son paragraphe.")
    ]


def test_preview_shows_the_example_of_each_field():
    assert preview("{{ titre }} · {{ inconnu }}") == f"{REGISTRY['titre'].example} · {{{{ inconnu }}}}"


@pytest.mark.parametrize(
    ("preposition", "name", "expected"),
    [
        ("de", "l’Association", "de l’Association"),
        ("de", "le Comité", "du Comité"),
        ("de", "les Amis", "des Amis"),
        ("de", "la Commune", "de la Commune"),
        ("de", "ADAVI", "d’ADAVI"),
        ("à", "le Comité", "au Comité"),
        ("à", "les Amis", "aux Amis"),
        ("à", "l’Association", "à l’Association"),
    ],
)
def test_contract_agrees_with_the_article(preposition, name, expected):
    assert contract(preposition, name) == expected


def test_several_beneficiaries_are_each_bound():
    ctx = samples.bare_agreement(parties=(samples.OPT, samples.ASSOCIATION, samples.ASSOCIATION))
    assert resolve("{{ Le_beneficiaire }} s’engage", ctx) == "Chaque bénéficiaire s’engage"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (PartialDate(value=date(2023, 4, 1)), "1er avril 2023"),
        (PartialDate(value=date(2023, 4, 1), precision="mois"), "avril 2023"),
        (PartialDate(value=date(2023, 4, 1), precision="annee"), "2023"),
        (PartialDate(value=date(2023, 4, 1), wording="au printemps austral"), "au printemps austral"),
        (None, ""),
    ],
)
def test_show_partial_is_no_more_precise_than_the_source(moment, expected):
    assert show_partial(moment) == expected


@pytest.mark.parametrize(
    ("fundings", "variant"),
    [
        ((FundingContext(amount=1, status="connu"),), "connu"),
        (
            (FundingContext(amount=1, status="connu"), FundingContext(amount=2, status="plafonne")),
            "montants_divers",
        ),
        ((FundingContext(amount=2, status="plafonne"),) * 2, "plafonne"),
        ((FundingContext(amount=None, status="resultat"),), "selon_resultat"),
        (
            (FundingContext(amount=1, status="connu"), FundingContext(amount=None, status="resultat")),
            "montants_divers",
        ),
        ((FundingContext(amount=None, status="inconnu"),), "non_communique"),
        ((FundingContext(amount=None, status="a_determiner"),), "a_determiner"),
        ((FundingContext(amount=None, status="sans_objet"),), "sans_objet"),
        ((), "sans_objet"),
    ],
)
def test_funding_clause_says_what_is_true(fundings, variant):
    ctx = samples.bare_agreement(fundings=fundings)
    proposed = {text.code: text.variant for text in propose(ctx.kind, ctx.act_kind, facts(ctx))}
    assert proposed["soutien_financier"] == variant


@pytest.mark.parametrize("kind", ["partenariat", "mecenat", "parrainage", "subvention", "mise_a_disposition"])
def test_every_kind_is_proposed_each_article_once_in_order(kind):
    texts = propose(kind, "initial", facts(samples.bare_agreement(kind=kind)))
    assert [text.position for text in texts] == sorted({text.position for text in texts})
    assert [text.code for text in texts] == [
        "objet", "duree", "soutien_financier", "versement", "soutien_nature", "materiel_reforme",
        "engagements_beneficiaire", "communication", "compte_rendu", "controle", "assurance",
        "donnees_personnelles", "evaluation", "avenant", "resiliation", "litiges", "annexes", "cloture",
    ]  # fmt: skip


def test_sponsoring_and_patronage_have_their_own_visibility_clause():
    def variant(kind):
        return {t.code: t.variant for t in propose(kind, "initial", frozenset())}["communication"]

    assert (variant("parrainage"), variant("mecenat"), variant("subvention")) == (
        "parrainage", "mecenat", "partenariat",
    )  # fmt: skip


@pytest.mark.parametrize(
    "clause", CLAUSES, ids=lambda clause: f"{clause.act_kind}-{clause.code}-{clause.variant}"
)
def test_default_clause_is_a_valid_template(clause):
    assert check_template(clause.body) == []


def test_default_clauses_use_every_kind_of_field_known():
    used = {name for clause in CLAUSES for name in fields_of(clause.body)}
    assert used <= set(REGISTRY)
    assert len({(c.act_kind, c.code, c.variant, c.kinds) for c in CLAUSES}) == len(CLAUSES)


def test_no_clause_claims_a_value_for_an_online_signature():
    text = " ".join(clause.body for clause in CLAUSES).lower()
    claims = [
        word
        for word in ("valeur probante", "force probante", "valeur légale", "equivaut", "équivaut")
        if word in text
    ]
    assert claims == []
