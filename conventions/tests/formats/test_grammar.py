import pytest

from conventions.formats import (
    Agreement,
    act_words,
    contract,
    counted,
    elide,
    join_list,
    named_with_article,
    of_the,
    party_labels,
    plural,
    to_the,
    with_article,
)


@pytest.mark.parametrize(("count", "shown"), [(0, "0 convention"), (1, "1 convention"), (2, "2 conventions")])
def test_plural_begins_at_two(count, shown):
    assert f"{count} {plural(count, 'convention', 'conventions')}" == shown
    assert counted(count, "convention") == shown.replace(" ", "\u00a0")


def test_plural_may_be_irregular():
    assert plural(3, "journal", "journaux") == "journaux"


def test_counted_groups_the_digits():
    assert counted(1234, "ligne") == "1\u202f234\u00a0lignes"


@pytest.mark.parametrize(
    ("particle", "word", "whole"),
    [
        ("de", "association", "d’association"),
        ("de", "Nouméa", "de Nouméa"),
        ("de", "Île des Pins", "d’Île des Pins"),
        ("de", "œuvre", "d’œuvre"),
        ("de", "Hienghène", "de Hienghène"),
        ("de", "huissier", "d’huissier"),
        ("de", "handball", "de handball"),
        ("de", "Yaté", "de Yaté"),
        ("de", "Yves", "d’Yves"),
        ("que", "elle", "qu’elle"),
        ("de", "Hnathalo", "de Hnathalo"),
        ("de", "héros", "de héros"),
        ("de", "héroïne", "d’héroïne"),
        ("le", "huis clos", "le huis clos"),
        ("le", "huissier", "l’huissier"),
        ("le", "haut-commissaire", "le haut-commissaire"),
        ("le", "hôpital", "l’hôpital"),
        ("le", "handballeurs", "le handballeurs"),
        ("la", "halte", "la halte"),
        ("la", "haltérophilie", "l’haltérophilie"),
        ("le", "onzième", "le onzième"),
        ("que", "Hô", "qu’Hô"),
        ("que", "onze", "que onze"),
        ("de", "ŋ", "de ŋ"),
        ("de", "Élan", "d’Élan"),
        ("de", "", "de "),
        ("le", "OPT-NC", "l’OPT-NC"),
        ("pour", "elle", "pour elle"),
    ],
)
def test_particle_is_elided_before_a_vowel(particle, word, whole):
    assert elide(particle, word) == whole


@pytest.mark.parametrize(
    ("noun", "gender", "forms"),
    [
        ("association", "f", ("l’association", "de l’association", "à l’association")),
        ("office", "m", ("l’office", "de l’office", "à l’office")),
        ("gouvernement", "m", ("le gouvernement", "du gouvernement", "au gouvernement")),
        ("commune", "f", ("la commune", "de la commune", "à la commune")),
        ("haut-commissariat", "m", ("le haut-commissariat", "du haut-commissariat", "au haut-commissariat")),
    ],
)
def test_article_contracts_with_its_preposition(noun, gender, forms):
    assert (with_article(noun, gender), of_the(noun, gender), to_the(noun, gender)) == forms


def test_article_in_the_plural():
    assert (with_article("bénévoles", "m", many=True), of_the("bénévoles", "m", many=True)) == (
        "les bénévoles",
        "des bénévoles",
    )
    assert to_the("associations", "f", many=True) == "aux associations"


@pytest.mark.parametrize(
    ("gender", "words"),
    [
        ("m", ("représenté", "dénommé", "M.")),
        ("f", ("représentée", "dénommée", "Mme")),
        (None, ("représenté(e)", "dénommé(e)", "")),
    ],
)
def test_agreement_of_a_person_or_party(gender, words):
    agreement = Agreement(gender)
    assert (
        agreement.represented,
        agreement.named,
        agreement.civility,
    ) == words


def test_agreement_of_several():
    assert Agreement("f", many=True).agree("représenté") == "représentées"


def test_agreement_chooses_a_title():
    assert Agreement("f").choose("directeur", "directrice") == "directrice"


def test_agreement_from_a_civility():
    assert [Agreement.of_civility(code).gender for code in ("m", "mme", "")] == ["m", "f", None]


def test_party_labels_for_two_and_for_more():
    assert party_labels(2) == ["d’une part", "d’autre part"]
    assert party_labels(4) == [
        "de première part",
        "de deuxième part",
        "de troisième part",
        "de quatrième part",
    ]
    assert len(set(party_labels(12))) == 12


@pytest.mark.parametrize("count", [0, 1, 13])
def test_party_labels_for_an_impossible_number_is_an_error(count):
    with pytest.raises(ValueError, match="An act has 2 to 12 parties"):
        party_labels(count)


@pytest.mark.parametrize(
    ("items", "joined"),
    [([], ""), (["A"], "A"), (["A", "B"], "A et B"), (["A", "B", "C"], "A, B et C")],
)
def test_list_is_joined_as_in_a_sentence(items, joined):
    assert join_list(items) == joined


def test_list_is_joined_with_another_word():
    assert join_list(["PDF", "PNG"], last="ou") == "PDF ou PNG"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("initial", "la convention|de la convention|à la convention|une convention|cette convention|signée"),
        ("avenant", "l’avenant|de l’avenant|à l’avenant|un avenant|cet avenant|signé"),
        (
            "resiliation",
            "la résiliation|de la résiliation|à la résiliation|une résiliation|cette résiliation|signée",
        ),
    ],
)
def test_act_words_agree_with_the_kind_of_act(kind, words):
    act = act_words(kind)
    assert [act.the, act.of, act.to, act.one, act.this, act.agree("signé")] == words.split("|")


def test_act_words_leave_an_adjective_that_does_not_change():
    assert act_words("initial").agree("valide") == "valide"


@pytest.mark.parametrize(
    ("name", "designation", "said"),
    [
        ("Association des amis du récif", "l’Association", "à l’Association des amis du récif"),
        ("ADAVI", "l’Association", "à ADAVI"),
        (
            "Gouvernement de la Nouvelle-Calédonie",
            "le Gouvernement",
            "au Gouvernement de la Nouvelle-Calédonie",
        ),
        ("Comité Éveil", "le Comité", "au Comité Éveil"),
        ("Ville de Koné", "la Ville", "à la Ville de Koné"),
        ("Les Kimonos du Cœur", "l’Association", "aux Kimonos du Cœur"),
    ],
)
def test_full_name_takes_the_article_of_its_noun(name, designation, said):
    assert contract("à", named_with_article(name, designation)) == said
