import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.formats import raised, typeset

FRAGMENTS = [
    "dojo", "l'association", "OPT-NC", "14:30", "https://opt.nc/a?b=1;c!", "camille@exemple.invalid", "<b>", "</b>",
    '<a href="x: y!">', "</a>", "&amp;", "`a: b!`", "«", "»", "'", '"', "...", "…", ":", ";", "!", "?", "n°", "12",
    "2 000", "F CFP", "%", "€", "(", ")", "www.opt.nc", "a:b", "’", "\n", " ", "\u00a0", "\u202f", "-", "/", ".", ",",
    "km", "14 h 30", "<code>x: y!</code>", "<", ">",
]  # fmt: skip
texts = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=14).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda glue: glue.join(parts))
)


@given(texts)
@settings(max_examples=700, derandomize=True, deadline=None)
def test_text_set_twice_is_the_text_set_once(text):
    assert typeset(typeset(text)) == typeset(text)


@given(texts)
@settings(max_examples=250, derandomize=True, deadline=None)
def test_text_set_keeps_its_letters_and_digits(text):
    assert re.sub(r"[\W_]", "", typeset(text)) == re.sub(r"[\W_]", "", text)


@given(texts)
@settings(max_examples=250, derandomize=True, deadline=None)
def test_text_set_keeps_its_tags(text):
    tags = re.compile(r"</?[A-Za-z][^<>]*>")
    assert tags.findall(typeset(text)) == tags.findall(text)
    assert typeset(text).count("<") == text.count("<")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Bravo !", "Bravo\u202f!"),
        ("Bravo!", "Bravo\u202f!"),
        ("Vraiment ?!", "Vraiment\u202f?!"),
        ("un ; deux; trois", "un\u202f; deux\u202f; trois"),
        ("Objet : dojo", "Objet\u00a0: dojo"),
        ("Objet: dojo", "Objet\u00a0: dojo"),
        ("« dojo solidaire »", "«\u00a0dojo solidaire\u00a0»"),
        ("«dojo»", "«\u00a0dojo\u00a0»"),
        ('le projet "dojo solidaire".', "le projet «\u00a0dojo solidaire\u00a0»."),
        ("au projet 'dojo solidaire' ainsi", "au projet «\u00a0dojo solidaire\u00a0» ainsi"),
        ("la fête « Nuits « du lagon » » a lieu", "la fête «\u00a0Nuits “du lagon”\u00a0» a lieu"),
        ('il écrit : "le "solde" dû"', "il écrit\u00a0: «\u00a0le “solde” dû\u00a0»"),
        ("« a « b « c » ? » d »", "«\u00a0a “b ‘c’\u202f?” d\u00a0»"),
        ("« un\n« deux »", "«\u00a0un\n«\u00a0deux\u00a0»"),
        ("« sans fin « deux »", "«\u00a0sans fin «\u00a0deux\u00a0»"),
        ("l'OPT-NC s'engage", "l’OPT-NC s’engage"),
        ("aujourd'hui...", "aujourd’hui…"),
        ("Fait à ..........", "Fait à .........."),
        ("n° 12 et n°13", "n°\u00a012 et n°\u00a013"),
        ("2 000 000 F CFP", "2\u202f000\u202f000\u00a0F\u00a0CFP"),
        ("60 % ou 60%", "60\u00a0% ou 60\u00a0%"),
        ("10 km", "10\u00a0km"),
        ("2 millions", "2\u00a0millions"),
        ("à 14 h 30", "à 14\u00a0h\u00a030"),
        ("Rendez-vous à 14:30 !", "Rendez-vous à 14:30\u202f!"),
        ("10 ordinateurs", "10 ordinateurs"),
        ("82.77.67 / 26.82.38", "82.77.67 / 26.82.38"),
    ],
)
def test_text_set_in_french(typed, shown):
    assert typeset(typed) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://opt.nc/conventions?annee=2023;page=2",
        "http://127.0.0.1:8000/espace/",
        "www.opt.nc/l'office",
        "mailto:presse@exemple.invalid?subject=Dojo",
        "camille.dumarty@opt.nc",
        "14:30",
        "de 08:00:15 à 17:30",
        "2026-014-A1:v2",
        "a;b;c",
        "`if x: y!`",
        "<code>if x: 'y' !</code>",
        '<a href="https://opt.nc/?a=1" title="Objet: dojo!">lien</a>',
        "<!-- note: non! -->",
        "Tom &amp; Co",
        "",
        "\n  ! début\n",
    ],
)
def test_text_that_is_not_prose_is_left_alone(text):
    assert typeset(text) == text


@pytest.mark.parametrize(
    "text",
    ["'dojo''", "''dojo''", "'l'ami' \"dit 'oui'\"", "\"'a'\"", "'\"" * 1500 + "a" + "\"'" * 1500],
)
def test_text_of_tangled_quotes_is_set_once_and_for_all(text):
    assert typeset(typeset(text)) == typeset(text)


@pytest.mark.parametrize("part", ["a", "a.", "-", "a.b-", "<a ", "'a", '"a ', " ", "1 000", "l'ami : "])
def test_text_of_any_shape_is_set_in_linear_time(part):
    started = time.process_time()
    typeset(part * 10_000)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("le prix « du lagon »", "le prix “du lagon”"),
        ('le "grand" prix', "le “grand” prix"),
        ("« un « deux » »\n« trois »", "“un ‘deux’”\n“trois”"),
        ("sans guillemet", "sans guillemet"),
    ],
)
def test_text_set_to_be_quoted_keeps_the_outer_signs_for_the_whole(typed, shown):
    assert typeset(typed, is_quoted=True) == shown
    assert typeset(f"« {shown} »") == f"«\u00a0{shown}\u00a0»"


def test_text_around_tags_is_set():
    assert typeset("<p><b>Objet</b>: <i>dojo</i>!</p>") == "<p><b>Objet</b>\u00a0: <i>dojo</i>\u202f!</p>"
    assert typeset("voir https://opt.nc/ !") == "voir https://opt.nc/\u202f!"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("du 1er juillet, la 1re partie", "du 1<sup>er</sup> juillet, la 1<sup>re</sup> partie"),
        ("« 2e édition », 2nde fois", "« 2<sup>e</sup> édition », 2<sup>nde</sup> fois"),
        ("<td>1er mai</td>", "<td>1<sup>er</sup> mai</td>"),
        ('<img alt="le 1er mai">', '<img alt="le 1er mai">'),
        (
            "https://exemple.nc/1er SN-2e 1erx 11er 1er@x.nc",
            "https://exemple.nc/1er SN-2e 1erx 11er 1er@x.nc",
        ),
        ("1<sup>er</sup>", "1<sup>er</sup>"),
    ],
)
def test_ordinals_are_raised_and_nothing_else(text, expected):
    assert raised(text) == expected
