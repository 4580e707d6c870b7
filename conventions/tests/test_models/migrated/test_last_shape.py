"""Migrations 0030 and 0031 over the terms of before, frozen or not: nothing is lost, each condition has its kind."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from conventions.models import InKind, InstalmentTerm, SupportKind
from conventions.tests import factories as f
from conventions.tests import migrating

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = datetime.date(2027, 6, 30)
# What was typed: the words, the day; then the kind that they say.
SAID = {
    ("à la signature", None): "signature",
    ("À la signature, sur RIB.", DAY): "signature",
    ("dans les six mois", None): "autre",
    ("sur présentation du bilan", DAY): "autre",
    ("", DAY): "date",
    ("", None): "",
}
KINDS = ("don", "pret", "telecom", "local", "timbre", "competences")


def acts():
    """A signed act and a draft."""
    return [f.ConventionFactory(act=state).acts.get().pk for state in ("signe", "brouillon")]


def lines(apps, acts):
    """The columns of each row as 0029 had them, in each act."""
    instalments = apps.get_model("conventions", "InstalmentTerm").objects
    supports = apps.get_model("conventions", "InKind").objects
    for act in acts:
        for words, day in SAID:
            instalments.create(act_id=act, label="x", condition=words, due_on=day)
        for kind in KINDS:
            supports.create(act_id=act, kind=kind, description="x")
    mine = {"act__in": acts}
    return {
        "instalments": list(instalments.filter(**mine).values()),
        "supports": list(supports.filter(**mine).values()),
    }


TRIED = migrating.Tried(before="0029_photo_hash", today=acts, then=lines)


def test_each_condition_keeps_its_words_and_has_the_kind_they_say(before):
    found = {row["id"]: row for row in InstalmentTerm.objects.values()}
    for row in before["instalments"]:
        kind = SAID[row["condition"], row["due_on"]]
        assert found[row["id"]] == row | {"condition_kind": kind, "obligation_id": None}


def test_each_support_points_at_the_row_of_its_kind(before):
    assert [row.kind_id for row in InKind.objects.order_by("pk")] == [
        row["kind"] for row in before["supports"]
    ]
    assert [row.kind.slug for row in InKind.objects.order_by("pk")] == [*KINDS, *KINDS]


@pytest.mark.usefixtures("before")
def test_kind_in_use_is_not_deleted():
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportKind.objects.filter(slug="pret").delete()
