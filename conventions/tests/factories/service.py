"""What the application knows of its own service."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from conventions import models


class SweepStepFactory(DjangoModelFactory):
    class Meta:
        model = models.SweepStep
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda rank: f"etape-{rank}")
    ran_at = factory.LazyFunction(timezone.now)
    seconds = 0.5


class ClockWatchFactory(DjangoModelFactory):
    """The one row."""

    class Meta:
        model = models.ClockWatch
        django_get_or_create = ("pk",)

    pk = 1
    seen_at = factory.LazyFunction(timezone.now)
