"""What the public reads, the journal, jobs and mails."""

import datetime
import hashlib

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from conventions import models
from conventions.enums import ActState, JobState, MailRhythm, MailState, PressState
from conventions.tests.factories.acts import ActFactory, ConventionFactory
from conventions.tests.factories.documents import DocumentFactory
from conventions.tests.factories.people import PartnerFactory, UserFactory


class PublicSheetFactory(DjangoModelFactory):
    """A bare row for lists and constraints; a sheet to be read whole comes from `domain.publication.publish`."""

    class Meta:
        model = models.PublicSheet

    convention = factory.SubFactory(ConventionFactory, act=ActState.SIGNED)
    slug = factory.LazyAttribute(lambda o: o.convention.slug)
    title = factory.LazyAttribute(lambda o: o.convention.title)
    summary = "Un soutien inventé pour les essais."
    kind_label = "convention de partenariat"
    kind_slug = "partenariat"
    signed_on = datetime.date(2026, 3, 2)
    year = 2026
    data = factory.LazyFunction(dict)


class PublicSheetPartnerFactory(DjangoModelFactory):
    class Meta:
        model = models.PublicSheetPartner

    sheet = factory.SubFactory(PublicSheetFactory)
    partner = factory.SubFactory(PartnerFactory)
    slug = factory.LazyAttribute(lambda o: o.partner.slug)
    name = factory.LazyAttribute(lambda o: o.partner.name)
    nature_label = "association"
    role = "beneficiaire"


class PublicSheetFundingFactory(DjangoModelFactory):
    class Meta:
        model = models.PublicSheetFunding

    sheet = factory.SubFactory(PublicSheetFactory)
    budget_year = 2026
    amount = 500_000


class PressReleaseFactory(DjangoModelFactory):
    """A draft; `published=True` has its PDF."""

    class Meta:
        model = models.PressRelease

    class Params:
        published = factory.Trait(
            state=PressState.PUBLISHED,
            published_at=factory.LazyFunction(timezone.now),
            document=factory.LazyAttribute(
                lambda o: DocumentFactory(act=o.convention.acts.first(), kind="presse")
            ),
        )

    convention = factory.LazyFunction(lambda: ActFactory(state=ActState.SIGNED).convention)
    slug = factory.Sequence(lambda n: f"communique-{n}")
    title = factory.Sequence(lambda n: f"Communiqué {n} (fictif)")
    standfirst = "Un chapeau inventé pour les essais."
    body = "Un premier paragraphe.\n\n## Le soutien\n\nUn second paragraphe."
    dateline = datetime.date(2026, 3, 2)
    place = "Nouméa"


class JournalEntryFactory(DjangoModelFactory):
    """A bare line of a chain of its own; real lines come from `domain.journal.record`."""

    class Meta:
        model = models.JournalEntry

    chain = factory.Sequence(lambda n: f"essai:{n}")
    sequence = 1
    at = factory.LazyFunction(timezone.now)
    event = "essai"
    payload = "{}"
    hash = factory.LazyAttribute(lambda o: hashlib.sha256(f"{o.chain}{o.payload}".encode()).hexdigest())


class JournalDigestFactory(DjangoModelFactory):
    """A bare digest; real ones come from `domain.digests.seal_day`."""

    class Meta:
        model = models.JournalDigest

    day = factory.Sequence(lambda n: datetime.date(2000, 1, 1) + datetime.timedelta(days=n))
    heads_count = entries_count = 0
    heads_sha256 = "0" * 64
    sealed = '{"heads":{},"rows":{}}'
    hash = factory.LazyAttribute(lambda o: hashlib.sha256(o.day.isoformat().encode()).hexdigest())


class JournalPersonalFactory(DjangoModelFactory):
    class Meta:
        model = models.JournalPersonal

    entry = factory.SubFactory(JournalEntryFactory)
    data = factory.LazyFunction(dict)
    salt = "0" * 32


class JobFactory(DjangoModelFactory):
    class Meta:
        model = models.Job

    class Params:
        finished = factory.Trait(state=JobState.DONE, finished_at=factory.LazyFunction(timezone.now))

    kind = "essai"
    label = factory.Sequence(lambda n: f"Travail {n} (fictif)")
    owner = factory.SubFactory(UserFactory, staff=True)


class OutgoingMailFactory(DjangoModelFactory):
    class Meta:
        model = models.OutgoingMail

    class Params:
        sent = factory.Trait(state=MailState.SENT, sent_at=factory.LazyFunction(timezone.now))

    template = "essai"
    params = factory.LazyFunction(dict)


class MailPreferenceFactory(DjangoModelFactory):
    class Meta:
        model = models.MailPreference

    user = factory.SubFactory(UserFactory)
    letter = "acte_valide"
    rhythm = MailRhythm.NEVER


class HeldMailFactory(DjangoModelFactory):
    class Meta:
        model = models.HeldMail

    mail = factory.SubFactory(OutgoingMailFactory)
    user = factory.SubFactory(UserFactory)
