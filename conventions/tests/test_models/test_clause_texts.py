"""The texts of this version reach a base of before: nothing in force is overwritten, the lawyers find the new ones."""

from importlib import import_module

import pytest
from django.apps import apps

from conventions.models import AgreementLine, AgreementTemplate, ClauseTemplate
from conventions.reference.clauses import CLAUSES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("version_1_alone")]
migration = import_module("conventions.migrations.0033_clause_texts")


def an_older_base():
    """One text as it was worded before, one article that did not exist."""
    ClauseTemplate.objects.filter(code="objet", variant="").update(
        body="La convention a pour objet : {{ objet }}"
    )
    ClauseTemplate.objects.filter(code="engagements_opt").delete()
    AgreementLine.objects.filter(code="engagements_opt").delete()


def test_a_fresh_base_is_left_as_it_is():
    before = list(ClauseTemplate.objects.order_by("pk").values())
    migration.load(apps, None)
    assert list(ClauseTemplate.objects.order_by("pk").values()) == before
    assert not AgreementTemplate.objects.filter(state="brouillon").exists()


def test_text_in_force_stays_and_the_new_one_waits_for_the_lawyers():
    an_older_base()
    migration.load(apps, None)
    rows = ClauseTemplate.objects.filter(code="objet", variant="").order_by("version")
    shipped = next(text for text in CLAUSES if (text.code, text.variant) == ("objet", ""))
    assert [(row.version, row.state, row.body) for row in rows] == [
        (1, "en_vigueur", "La convention a pour objet : {{ objet }}"),
        (2, "brouillon", shipped.body),
    ]


def test_article_that_did_not_exist_is_in_force_and_its_place_is_proposed():
    an_older_base()
    migration.load(apps, None)
    assert ClauseTemplate.objects.get(code="engagements_opt").state == "en_vigueur"
    [draft] = AgreementTemplate.objects.filter(state="brouillon")
    [old] = AgreementTemplate.objects.filter(state="en_vigueur", act_kind=draft.act_kind, kinds=None)
    added = set(draft.lines.values_list("code", flat=True)) - set(old.lines.values_list("code", flat=True))
    assert (draft.version, added) == (old.version + 1, {"engagements_opt"})


def test_going_back_takes_away_what_waits():
    an_older_base()
    migration.load(apps, None)
    migration.unload(apps, None)
    assert not ClauseTemplate.objects.filter(state="brouillon").exists()
    assert not AgreementTemplate.objects.filter(state="brouillon").exists()
