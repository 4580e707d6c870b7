"""Facts recorded after signature, each on a term of a signed act."""

import factory
from factory.django import DjangoModelFactory

from conventions import models
from conventions.enums import ActState, ErasureMethod
from conventions.tests.factories.acts import ActFactory
from conventions.tests.factories.people import BankAccountFactory, UserFactory, days_from_today


def _signed_act(**lists):
    return ActFactory(state=ActState.SIGNED, **lists)


def account_of(convention) -> models.BankAccount:
    """An account in use of the convention's partner, made when there is none."""
    partner = convention.parties.filter(partner__is_opt=False).last().partner
    return partner.bank_accounts.filter(active=True).first() or BankAccountFactory(partner=partner)


class FactFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    recorded_by = factory.SubFactory(UserFactory, staff=True)


class PaymentFactory(FactFactory):
    """Sent to the accountant; `bank_account=None`: before an account was asked for."""

    class Meta:
        model = models.Payment

    funding = factory.LazyFunction(lambda: _signed_act(fundings=[{}]).funding_set.get())
    convention = factory.LazyAttribute(lambda o: o.funding.act.convention)
    bank_account = factory.LazyAttribute(lambda o: account_of(o.convention))
    amount = 250_000
    sent_on = factory.LazyFunction(lambda: days_from_today(-20))


class EquipmentItemFactory(FactFactory):
    class Meta:
        model = models.EquipmentItem

    equipment = factory.LazyFunction(
        lambda: _signed_act(equipment=[{"quantity": 10}]).equipmentterm_set.get()
    )
    serial = factory.Sequence(lambda n: f"SN-FICTIF-{n:05d}")


class ErasureFactory(FactFactory):
    class Meta:
        model = models.Erasure

    item = factory.SubFactory(EquipmentItemFactory)
    method = ErasureMethod.OVERWRITE
    erased_on = factory.LazyFunction(lambda: days_from_today(-10))
    agent = "Noa AGENT (fictif)"
    certificate = factory.Sequence(lambda n: f"CERT-FICTIF-{n}")


class HandoverFactory(FactFactory):
    class Meta:
        model = models.Handover

    act = factory.LazyFunction(lambda: _signed_act(equipment=[{"quantity": 10}]))
    handed_on = factory.LazyFunction(lambda: days_from_today(-5))
    place = "Nouméa"
    given_by = "Noa AGENT (fictif)"
    received_by = "Alix SIGNATAIRE (fictif)"


class ReturnFactory(FactFactory):
    class Meta:
        model = models.Return

    in_kind = factory.LazyFunction(lambda: _signed_act(in_kind=[{"loan": True}]).inkind_set.get())
    returned_on = factory.LazyFunction(lambda: days_from_today(-2))
    quantity = 1


class ReportReceivedFactory(FactFactory):
    class Meta:
        model = models.ReportReceived

    obligation = factory.LazyFunction(lambda: _signed_act(obligations=[{}]).obligation_set.get())
    received_on = factory.LazyFunction(lambda: days_from_today(-2))


class ReviewFactory(FactFactory):
    class Meta:
        model = models.Review

    convention = factory.LazyFunction(lambda: _signed_act().convention)
    reviewed_on = factory.LazyFunction(lambda: days_from_today(-2))
    conclusion = "Les engagements sont tenus."
