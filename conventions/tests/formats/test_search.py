import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.formats import acronym_key, initials_key, name_keys, search_key, search_words, slugify_fr

typed = st.text(st.characters(codec="utf-8"), max_size=40) | st.text("Les Kœurs-d'’ʻÎÆ.&·!", max_size=30)


@given(typed)
@settings(max_examples=400, derandomize=True, deadline=None)
def test_search_key_of_a_key_is_the_key(text):
    assert search_key(search_key(text)) == search_key(text)


@given(typed)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_search_key_ignores_kind_of_apostrophe_and_case_of_ascii(text):
    assert search_key(text.replace("'", "’")) == search_key(text.replace("’", "'"))
    assert search_key(f"{text} KIMONOS") == search_key(f"{text}-kimonos")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Les Kimonos du Cœur", "les kimonos du COEUR"),
        ("SOS Écoute", "sos ecoute"),
        ("Nouvelle-Calédonie", "nouvelle caledonie"),
        ("L’Œuvre", "l'oeuvre"),
        ("l'association", "L association"),
        ("Ægir", "aegir"),
        ("Faʻa", "Fa’a"),
        ("Faʻa", "Fa'a"),
        ("Faʻa", "Faa"),
        ("Île\u00a0des  Pins", "ile des pins"),
        ("I\u0302le", "Île"),
        ("Arts & cultures", "Arts et cultures"),
        ("opt\u2011nc", "OPT-NC"),
    ],
)
def test_search_key_is_one_for_spellings_of_one_name(one, other):
    assert search_key(one) == search_key(other)


def test_search_key_parts_the_words():
    assert search_key("L’Œuvre-des-Îles (BANC)") == "l oeuvre des iles banc"
    assert search_key("aujourd’hui, d'Ouvéa") == "aujourd hui d ouvea"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("RIDET 0733089001", ["0733089", "001"]),
        ("n° 2026014A1", ["2026", "014", "a1"]),
        ("2026-014", ["2026", "014"]),
        ("ki\u200bmo\u00adnos\u000bdu cœur", ["kimonos", "du", "coeur"]),
        ("no man", ["no", "man"]),
    ],
)
def test_search_finds_an_identifier_in_any_spelling(typed, words):
    assert search_words(typed) == words


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("M. Jean Martin", "Jean MARTIN"),
        ("monsieur  jean-martin", "Jean MARTIN"),
        ("Mme Anne d\u02bcALMEIDA", "Anne D’ALMEIDA"),
        ("Anne Dalmeida", "Anne D'ALMEIDA"),
        ("jean pierre o’connor", "Jean\u2011Pierre O CONNOR"),
        ("Lukasz Zolty", "Łukasz ŻÓŁTY"),
        ("Soeren Moeller", "Søren MØLLER"),
        ("Soren Moller", "Søren MØLLER"),
        ("Mueller", "Müller"),
        ("Aegir Oeuvre", "Ægir ŒUVRE"),
        ("Nguyen Thi Hiu", "NGUYỄN Thị Hîu"),
        ("Strasse", "Straße"),
        ("Jean Martin", "\u202aJean\u00a0MARTIN\u202c"),
        ("Isik", "Işık"),
    ],
)
def test_name_is_recognised_as_a_person_would(typed, name):
    assert not name_keys(typed).isdisjoint(name_keys(name))


@pytest.mark.parametrize(
    ("typed", "name"), [("Jean", "Jean MARTIN"), ("Marie Martin", "Jean MARTIN"), ("", "M. X")]
)
def test_another_name_is_not_recognised(typed, name):
    assert name_keys(typed).isdisjoint(name_keys(name))


def test_search_key_of_different_names_differs():
    assert search_key("SOS Écoute") != search_key("SOS Violences")


def test_acronym_is_compared_without_dots():
    assert {acronym_key(text) for text in ("B.A.N.C.", "banc", "B A N C")} == {"banc"}


def test_initials_of_a_name_give_its_acronym():
    assert initials_key("Banque alimentaire de Nouvelle-Calédonie") == acronym_key("BANC")
    assert initials_key("Comité territorial olympique et sportif") == acronym_key("CTOS")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Les Kimonos du Cœur", "les-kimonos-du-coeur"),
        ("  L’OPT-NC & l’association !", "l-opt-nc-et-l-association"),
        ("2026-014-A1", "2026-014-a1"),
        ("!!!", ""),
    ],
)
def test_slug_is_plain_ascii(title, slug):
    assert slugify_fr(title) == slug


def test_slug_too_long_is_cut_between_words():
    assert slugify_fr("un deux trois quatre", max_length=10) == "un-deux"
    assert slugify_fr("un deux trois", max_length=7) == "un-deux"
    assert slugify_fr("anticonstitutionnellement", max_length=4) == "anti"


@given(typed, st.integers(1, 20))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_slug_never_exceeds_its_length(text, length):
    slug = slugify_fr(text, max_length=length)
    assert len(slug) <= length
    assert slugify_fr(slug, max_length=length) == slug
