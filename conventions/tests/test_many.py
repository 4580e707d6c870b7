"""A large base made in bulk is a true one: chains that hold, locks that stand, bounds and keys that are right."""

import pytest
from django.db import IntegrityError, connection, transaction

from conventions.domain import journal
from conventions.domain.documents.archives.kept import wrong_bounds
from conventions.domain.foundation import triggers
from conventions.enums import ActState
from conventions.models import Act, Convention, Document, Funding, JournalEntry, Partner, Party, Payment
from conventions.tests.factories.many import SAMPLES, Many

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_large_base_is_true():
    many = Many()
    many.grow(5 * SAMPLES)
    many.grow(10 * SAMPLES)
    assert many.count == Convention.objects.count() == 10 * SAMPLES
    assert list(journal.all_broken_links(lambda rank: None)) == []
    assert JournalEntry.objects.values("chain").distinct().count() == 10 * SAMPLES
    assert {name for _table, name in triggers.installed()} == set(triggers.triggers())
    assert list(wrong_bounds()) == []
    connection.check_constraints()
    for model in (Act, Document, Funding, Party, Payment):
        assert model.objects.count() % 10 == 0


def test_a_copy_is_linked_to_its_own_rows_and_locked():
    many = Many()
    many.grow(3 * SAMPLES)
    last = Convention.objects.order_by("-pk").filter(acts__state=ActState.SIGNED).first()
    sample = many.samples[[row.pk for row in many.samples].index(last.pk % many.stride)]
    act, model = last.acts.get(rank=0), sample.acts.get(rank=0)
    assert act.number == f"{model.number} 2"
    assert {document.act_id for document in act.documents.all()} == {act.pk}
    assert act.frozen_document.act == act
    assert act.frozen_document.sha256 == model.frozen_document.sha256
    assert last.payments.get().instalment.act == act
    assert last.parties.filter(partner=Partner.objects.opt()).count() == 1
    assert last.parties.exclude(partner__is_opt=True).get().partner.name.endswith(" 2")
    lines = set(act.funding_set.values_list("line", flat=True))
    assert len(lines) == model.funding_set.count() > 0
    assert lines.isdisjoint(model.funding_set.values_list("line", flat=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        act.funding_set.update(amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        last.journal.update(event="autre")


def test_new_rows_find_their_place_after_copies():
    many = Many()
    many.grow(2 * SAMPLES)
    partner = Partner.objects.create(name="Après (fictif)", slug="apres")
    assert partner.pk > Partner.objects.exclude(pk=partner.pk).order_by("-pk").first().pk
    many.grow(3 * SAMPLES)
    assert Convention.objects.count() == 3 * SAMPLES
