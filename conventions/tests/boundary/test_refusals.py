"""What every refused form shows: a summary that takes the focus, and our own sentences, never Django's."""

import html
import re
from collections.abc import Iterator

import pytest

from conventions.tests.boundary.forms import TYPED, Field, Form
from conventions.tests.boundary.replay import Input, Visits, closed_to, filled, harvest, name_of
from conventions.tests.matrix import world as worlds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
VISITORS = ("gestionnaire", "juriste", "communication", "superuser", "president", "anonymous")
# A field that is wrong is marked so for every reader.
WRONG = re.compile(r'aria-invalid="true"')
SUMMARY = re.compile(r'<(?:p|div)[^>]*role="alert"[^>]*\sautofocus')
FOCUS = re.compile(r"<[^>]*\sautofocus(?=[\s>=])")
# How Django's own French begins or ends; the product says what to do instead.
OF_DJANGO = re.compile(
    r"Saisissez (?:une?|des|un)\b|Assurez-vous que|Sélectionnez un choix|Ce champ est obligatoire|Ce champ ne peut"
    r"|[Ll](?:’|')objet [^.]{1,80} (?:a été|existe)|existe déjà\.|Veuillez |n(?:’|')est pas un choix valide"
    r"|Aucun fichier n(?:’|')a été soumis|a été (?:ajouté|modifié|supprimé)e? avec succès"
)
ABSURD = {
    "email": "personne",
    "url": "nulle part",
    "date": "jadis",
    "datetime-local": "jadis",
    "time": "tantôt",
}
UNTOUCHED = ("csrfmiddlewaretoken", "TOTAL_FORMS", "INITIAL_FORMS")


def _absurd(control: Field, value: object) -> object:
    if control.kind == "hidden" or any(name in control.name for name in UNTOUCHED):
        return value
    if control.kind in ABSURD:
        return ABSURD[control.kind]
    if control.options:
        return "inconnu"
    return "beaucoup" if control.numeric or control.kind == "number" else value


def _emptied(control: Field, value: object) -> object:
    typed = control.kind in (*TYPED, *ABSURD, "number", "tel", "password") and "_FORMS" not in control.name
    return "" if typed else value


def _sent(who: str, form: Form) -> Iterator[Input]:
    """The form emptied; the form filled with what cannot be read; each pressed by its first button."""
    for words, change, wholly in (("vidé", _emptied, False), ("absurde", _absurd, True)):
        pairs = [(control.name, change(control, value)) for control, value in filled(form, wholly=wholly)]
        pairs += [(name, value) for name, value, elsewhere in form.buttons if not elsewhere][:1]
        yield Input(who, form, form.action, tuple(pairs), words)


def _faults(text: str) -> list[str]:
    shown = html.unescape(re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))
    told = [found[0] for found in OF_DJANGO.finditer(shown)]
    if not WRONG.search(text):
        return told
    if not SUMMARY.search(text):
        told.append("aucun résumé ne prend le focus")
    elif len(FOCUS.findall(text)) > 1:
        told.append("deux focus")
    return told


def test_refused_form_has_a_summary_that_takes_the_focus_and_says_what_to_do():
    visits = Visits(worlds.build(*worlds.VISITORS))
    faults, refused, tried = {}, set(), set()
    for who in VISITORS:
        for form in harvest(visits, who):
            place = name_of(form.action)
            if form.method != "post" or (place, form.shape) in tried:
                continue
            for sent in _sent(who, form):
                answer, _then = visits.replay(sent)
                if not closed_to(who, form.action):
                    tried.add((place, form.shape))
                if WRONG.search(answer.text):
                    refused.add(place)
                for fault in _faults(answer.text):
                    faults.setdefault((place, fault), f"{who}, {sent.edges} : {form.page}")
    assert faults == {}
    assert len(refused) > 40
