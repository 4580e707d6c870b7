"""Terms of an act: add them while it is a draft."""

import factory
from factory.django import DjangoModelFactory

from conventions import models
from conventions.enums import AmountStatus, ObligationKind, TemplateState


class TermFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    act = factory.SubFactory("conventions.tests.factories.acts.ActFactory")
    position = factory.Sequence(lambda n: n % 1000)


class FundingFactory(TermFactory):
    class Meta:
        model = models.Funding

    class Params:
        unknown = factory.Trait(status=AmountStatus.UNKNOWN, amount=None)

    budget_year = 2026
    status = AmountStatus.KNOWN
    amount = 500_000


class InstalmentTermFactory(TermFactory):
    class Meta:
        model = models.InstalmentTerm

    label = "premier versement"
    amount = 250_000
    condition = "à la signature, sur RIB"


class InKindFactory(TermFactory):
    class Meta:
        model = models.InKind

    class Params:
        loan = factory.Trait(kind_id="pret", description="téléphone mobile prêté")

    kind_id = "telecom"
    description = "abonnement de la ligne 00.00.03"
    quantity = 1


class EquipmentTermFactory(TermFactory):
    class Meta:
        model = models.EquipmentTerm

    class Params:
        lot = factory.Trait(quantity=10, serial="")

    nature = "ordinateur de bureautique"
    quantity = 1
    brand = "Marque (fictif)"
    model = "Modèle A"


class BudgetLineFactory(TermFactory):
    class Meta:
        model = models.BudgetLine

    heading = "location de la salle"
    amount = 120_000


class IndicatorFactory(TermFactory):
    class Meta:
        model = models.Indicator

    name = "enfants accueillis"
    target = 40


class ClauseTemplateFactory(DjangoModelFactory):
    class Meta:
        model = models.ClauseTemplate

    code = factory.Sequence(lambda n: f"article-{n}")
    heading = "Objet"
    body = "La présente convention fixe les engagements des parties."
    state = TemplateState.IN_FORCE
    position = factory.Sequence(lambda n: n % 1000)


class AgreementTemplateFactory(DjangoModelFactory):
    """A draft; `lines=[{…}]` for its articles."""

    class Meta:
        model = models.AgreementTemplate

    code = factory.Sequence(lambda n: f"modele-{n}")
    name = factory.Sequence(lambda n: f"Modèle {n} (fictif)")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        lines = kwargs.pop("lines", ())
        template = super()._create(model_class, *args, **kwargs)
        for rank, line in enumerate(lines, start=1):
            AgreementLineFactory(template=template, **{"position": rank * 10, **line})
        return template


class AgreementLineFactory(DjangoModelFactory):
    class Meta:
        model = models.AgreementLine

    template = factory.SubFactory(AgreementTemplateFactory)
    code = factory.Sequence(lambda n: f"article-{n}")
    position = factory.Sequence(lambda n: n % 1000)


class ClauseFactory(TermFactory):
    class Meta:
        model = models.Clause

    code = factory.Sequence(lambda n: f"article-{n}")
    heading = "Objet"
    body = "La présente convention fixe les engagements des parties."


class ObligationFactory(TermFactory):
    class Meta:
        model = models.Obligation

    kind = ObligationKind.FINANCIAL_REPORT
    text = "Remettre le compte rendu d’emploi."
