"""The plain part of a mail says what its HTML says, in the same order."""

import pytest
from django.template.loader import render_to_string

from conventions.domain.mails.plain import plain
from conventions.models import User

BODY = """<!doctype html><html><head><title>Sujet</title></head><body>
<div style="display:none;max-height:0">Aperçu<br>caché <b>aussi</b></div>
<table><tr><td>OPT-NC <span>Partenariats</span></td></tr><tr><td><h1>{heading}</h1>{content}</td></tr>
<tr><td><div class="pied" style="x"><p>Pourquoi.</p><p>Office<br><a href="https://a.example/">https://a.example</a></p></div>
</td></tr></table></body></html>"""


def told(content: str, heading: str = "Titre") -> str:
    return plain(BODY.format(heading=heading, content=content))


def test_heading_paragraphs_and_foot_follow_each_other():
    assert told("<p>Un\n   seul\tparagraphe.</p><p>Un autre.</p>") == (
        "OPT-NC Partenariats\n\nTitre\n\nUn seul paragraphe.\n\nUn autre.\n\n--\n\nPourquoi.\n\nOffice\nhttps://a.example/\n"
    )


def test_link_is_followed_by_its_address():
    assert "\n\nLire le texte\u00a0:\nhttps://b.example/a?b=1&c=2\n\n" in told(
        '<table><tr><td><a href="https://b.example/a?b=1&amp;c=2">Lire le texte</a></td></tr></table>'
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>M&amp;M&#x27;s &lt;b&gt; l’été</p>", "M&M's <b> l’été"),
        ("<p>12\u00a0000\u202fF</p>", "12\u00a0000\u202fF"),
        ("<div><p>Une ligne<br>une autre</p><p>Fin</p></div>", "Une ligne\nune autre\n\nFin"),
        ("<p>avant <strong>fort</strong>, après</p>", "avant fort, après"),
    ],
)
def test_text_is_kept_as_it_reads(html, text):
    assert f"Titre\n\n{text}\n\n--" in told(html)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            {"email": "a@a.nc", "phone": "251234", "job_title": "chargée"},
            "Répondez à ce message ou appelez Léa X, chargée, au",
        ),
        ({"email": "a@a.nc", "phone": "251234"}, "Répondez à ce message ou appelez Léa X, au"),
        ({"email": "a@a.nc", "job_title": "chargée"}, "Répondez à ce message : Léa X, chargée, vous répondra."),
        ({"email": "a@a.nc"}, "Répondez à ce message : Léa X, vous répondra."),
        ({"phone": "251234"}, "Appelez Léa X, au"),
        ({"job_title": "chargée"}, "Adressez-vous à Léa X, chargée."),
        ({}, "Adressez-vous à Léa X."),
        (None, "Adressez-vous à votre interlocuteur habituel à l’OPT-NC."),
    ],
)  # fmt: skip
def test_who_is_asked_is_asked_as_is_possible(known, said):
    """« appelez » only with a number, « répondez » only with an address."""
    officer = None if known is None else User(first_name="Léa", last_name="X", **known)
    assert f"Une question ? {said}" in plain(
        render_to_string("emails/_officer.html", {"officer": officer})
    ).replace("\u00a0", " ").replace("\u202f", " ")
