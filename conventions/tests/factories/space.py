"""What associations send from their space."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from conventions import models
from conventions.enums import AttachmentKind, MandateKind
from conventions.formats import mask_iban
from conventions.tests.factories.documents import AttachmentFactory
from conventions.tests.factories.people import (
    PartnerFactory,
    PresidentFactory,
    UserFactory,
    days_from_today,
    encrypted,
    fictitious_iban,
)


def _president_of(partner):
    """Someone in office there, made when there is nobody."""
    mandate = partner.representatives.in_office().filter(user__isnull=False).select_related("user").first()
    return mandate.user if mandate else PresidentFactory(partner=partner)


class BankProposalFactory(DjangoModelFactory):
    """`iban` is what the partner typed; kept encrypted and masked."""

    class Meta:
        model = models.BankProposal

    class Params:
        iban = factory.Sequence(lambda n: fictitious_iban(50_000 + n))

    partner = factory.SubFactory(PartnerFactory)
    sent_by = factory.LazyAttribute(lambda o: _president_of(o.partner))
    holder = factory.LazyAttribute(lambda o: o.partner.name)
    bank_name = "Banque (fictif)"
    iban_encrypted = factory.LazyAttribute(lambda o: encrypted(o.iban))
    iban_masked = factory.LazyAttribute(lambda o: mask_iban(o.iban))


class MandateProposalFactory(DjangoModelFactory):
    """A new president, with the minutes of the assembly; `reader=True`: a colleague who will read."""

    class Meta:
        model = models.MandateProposal

    class Params:
        reader = factory.Trait(kind=MandateKind.READER, attachment=None)

    kind = MandateKind.PRESIDENT
    partner = factory.SubFactory(PartnerFactory)
    sent_by = factory.LazyAttribute(lambda o: _president_of(o.partner))
    first_name = "Nadia"
    last_name = factory.Sequence(lambda n: f"TEIN {n} (fictif)")
    title = "présidente"
    email = factory.Sequence(lambda n: f"nouvelle{n}@exemple.invalid")
    mandate_start = factory.LazyFunction(lambda: days_from_today(0))
    attachment = factory.LazyAttribute(
        lambda o: AttachmentFactory(partner=o.partner, convention=None, kind=AttachmentKind.MANDATE)
    )


class ThreadFactory(DjangoModelFactory):
    """A question on a convention, that waits for the office; without message."""

    class Meta:
        model = models.Thread

    convention = factory.SubFactory("conventions.tests.factories.acts.ConventionFactory")
    partner = factory.LazyAttribute(lambda o: o.convention.parties.exclude(role="opt").first().partner)
    subject = "La convention"
    updated_at = factory.LazyFunction(timezone.now)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = models.Message

    thread = factory.SubFactory(ThreadFactory)
    author = factory.LazyAttribute(lambda o: _president_of(o.thread.partner))
    from_partner = True
    body = "Quand le matériel arrive-t-il ?"
    sent_at = factory.LazyFunction(timezone.now)


class AddressChangeFactory(DjangoModelFactory):
    class Meta:
        model = models.AddressChange

    user = factory.SubFactory(UserFactory)
    email = factory.Sequence(lambda n: f"autre{n}@exemple.invalid")
    previous = factory.LazyAttribute(lambda o: o.user.email)
    expires_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(minutes=10))


class KeptTextFactory(DjangoModelFactory):
    class Meta:
        model = models.KeptText

    user = factory.SubFactory(UserFactory)
    form = "/admin/conventions/partner/1/change/"
    tab = factory.Sequence(lambda n: f"{n:016x}")
    typed_encrypted = factory.LazyFunction(lambda: encrypted("[]"))


class KeptFileFactory(DjangoModelFactory):
    class Meta:
        model = models.KeptFile

    user = factory.SubFactory(UserFactory)
    form = "rib:1"
    original_name = "rib.pdf"
    size = 1000
    stored_as = factory.Sequence(lambda n: f"kept/{n:032x}")
