"""Version 2 reaches any base as a proposal: what lawyers prepare or have put in force stays."""

from importlib import import_module

import pytest
from django.apps import apps

from conventions.models import AgreementTemplate, ClauseTemplate
from conventions.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
migration = import_module("conventions.migrations.0037_second_texts")
DRAFT = "brouillon"


def state_of_texts():
    return list(
        ClauseTemplate.objects.order_by("pk").values(
            "act_kind", "code", "variant", "version", "state", "body"
        )
    )


def test_a_second_run_adds_nothing():
    before = state_of_texts()
    migration.load(apps, None)
    assert state_of_texts() == before
    assert AgreementTemplate.objects.filter(state=DRAFT).count() == 3


def test_going_back_takes_away_what_waits_and_nothing_else():
    migration.unload(apps, None)
    assert not ClauseTemplate.objects.filter(state=DRAFT).exists()
    assert not AgreementTemplate.objects.filter(state=DRAFT).exists()
    assert AgreementTemplate.objects.filter(state="en_vigueur", version=1).count() == 3
    migration.load(apps, None)
    assert AgreementTemplate.objects.filter(state=DRAFT, version=2).count() == 3


def test_text_that_a_lawyer_prepares_is_left_alone():
    migration.unload(apps, None)
    lawyer = UserFactory(role="juriste")
    old = ClauseTemplate.objects.get(code="assurance")
    ClauseTemplate.objects.create(
        act_kind=old.act_kind, code=old.code, heading=old.heading, body="Le nôtre (fictif).", version=2,
        state=DRAFT, updated_by=lawyer,
    )  # fmt: skip
    migration.load(apps, None)
    assert [row.body for row in ClauseTemplate.objects.filter(code="assurance", state=DRAFT)] == [
        "Le nôtre (fictif)."
    ]
