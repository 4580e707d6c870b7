"""Reference data: taken from the migration where it is there, made where it is not."""

import datetime

import factory
from factory.django import DjangoModelFactory

from conventions import models
from conventions.enums import AreaLevel, SupportBehaviour


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = models.Area
        django_get_or_create = ("slug",)

    slug = "noumea"
    name = factory.LazyAttribute(lambda o: o.slug.replace("-", " ").capitalize())
    level = AreaLevel.COMMUNE


class KindFactory(DjangoModelFactory):
    class Meta:
        model = models.Kind
        django_get_or_create = ("slug",)

    slug = "partenariat"
    name = factory.LazyAttribute(lambda o: o.slug.replace("-", " "))
    agreement_title = factory.LazyAttribute(lambda o: f"Convention de {o.name}")


class SupportKindFactory(DjangoModelFactory):
    class Meta:
        model = models.SupportKind
        django_get_or_create = ("slug",)

    slug = "don"
    name = factory.LazyAttribute(lambda o: o.slug.replace("-", " "))
    behaviour = SupportBehaviour.GIFT


class ValueFactory(DjangoModelFactory):
    class Meta:
        model = models.Value
        django_get_or_create = ("slug",)

    slug = "cohesion"
    name = factory.LazyAttribute(lambda o: o.slug.replace("-", " "))


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = models.Theme
        django_get_or_create = ("slug",)

    slug = "sport"
    name = factory.LazyAttribute(lambda o: o.slug.replace("-", " "))


class PlanFactory(DjangoModelFactory):
    class Meta:
        model = models.Plan
        django_get_or_create = ("slug",)

    slug = "construire-demain-opt-2025"
    name = "Construire Demain | OPT 2025"


class DeclaredYearFactory(DjangoModelFactory):
    class Meta:
        model = models.DeclaredYear

    year = 2020
    partnerships = 12
    source = factory.Sequence(lambda n: f"Rapport {n} (fictif)")


class LegalThresholdFactory(DjangoModelFactory):
    class Meta:
        model = models.LegalThreshold
        django_get_or_create = ("code", "effective_from")

    code = factory.Sequence(lambda n: f"seuil-fictif-{n}")
    label = "Seuil (fictif)"
    amount = 1_000_000
    effective_from = datetime.date(2020, 1, 1)


class PressContactFactory(DjangoModelFactory):
    class Meta:
        model = models.PressContact

    first_name = "Ève"
    last_name = factory.Sequence(lambda n: f"PRESSE {n} (fictif)")
    title = "chargée de communication"
    phones = "00.00.01 / 00.00.02"
    email = factory.Sequence(lambda n: f"presse{n}@exemple.invalid")
