"""What the application knows of its own service."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from conventions import models
from conventions.tests.factories.people import UserFactory


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


class SheetImportFactory(DjangoModelFactory):
    """A stock of one line (fictif), as it was read."""

    class Meta:
        model = models.SheetImport

    name = "parc.csv"
    sha256 = factory.Sequence(lambda n: f"{n:064d}")
    content = factory.LazyFunction(
        lambda: {
            "rows": [[1, ["Type", "Numéro de série"]], [2, ["Écran (fictif)", "CN0123"]]],
            "source": "UTF-8, séparateur : point-virgule",
            "told": [],
            "hidden": [],
        }
    )
    created_by = factory.SubFactory(UserFactory)


class ColumnMappingFactory(DjangoModelFactory):
    class Meta:
        model = models.ColumnMapping

    headings_key = factory.Sequence(lambda n: f"{n:032d}")
    mapping = factory.LazyFunction(lambda: {"engin": "nature"})
