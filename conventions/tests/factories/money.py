"""Envelopes, what moves them, what is charged to them."""

import uuid

import factory
from factory.django import DjangoModelFactory

from conventions import models
from conventions.money_enums import MoveKind
from conventions.tests.factories.facts import FactFactory
from conventions.tests.factories.people import days_from_today


class EnvelopeFactory(FactFactory):
    class Meta:
        model = models.Envelope

    year = 2026
    label = factory.Sequence(lambda n: f"Enveloppe fictive {n}")


class EnvelopeMoveFactory(FactFactory):
    class Meta:
        model = models.EnvelopeMove

    envelope = factory.SubFactory(EnvelopeFactory)
    kind = MoveKind.VOTED
    amount = 10_000_000
    decided_on = factory.LazyFunction(lambda: days_from_today(-60))


class EnvelopeMoveTextFactory(DjangoModelFactory):
    class Meta:
        model = models.EnvelopeMoveText

    move = factory.SubFactory(EnvelopeMoveFactory)
    reason = "Motif fictif."


class ChargeFactory(FactFactory):
    """Of a line of no convention unless one is given."""

    class Meta:
        model = models.Charge

    convention = factory.SubFactory("conventions.tests.factories.ConventionFactory")
    line = factory.LazyFunction(uuid.uuid4)
    envelope = factory.SubFactory(EnvelopeFactory)


class ClosedYearFactory(FactFactory):
    class Meta:
        model = models.ClosedYear

    year = factory.Sequence(lambda n: 1990 + n % 30)
    closed_on = factory.LazyFunction(lambda: days_from_today(-10))
