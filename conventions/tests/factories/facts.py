"""Facts recorded after signature, each on a term of a signed act."""

import datetime
import hashlib

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from conventions import models
from conventions.domain.money import door
from conventions.enums import ActState
from conventions.equipment_enums import DeviceEventKind, MediumKind, SanitisationTechnique
from conventions.money_enums import PaymentPaper
from conventions.tests.factories.acts import ActFactory
from conventions.tests.factories.documents import _stored, small_pdf
from conventions.tests.factories.people import (
    BankAccountFactory,
    RepresentativeFactory,
    UserFactory,
    days_from_today,
)


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
    """Sent to the accountant; `bank_account=None`: before an account was asked for.

    `sent_on`, `paid_on` (of `paid_amount`, else the whole sum) and `returned_on` make its events, in this order.
    """

    class Meta:
        model = models.Payment

    @classmethod
    def _create(cls, model_class, *args, **values):
        told = {name: values.pop(name, None) for name in TOLD}
        payment = super()._create(model_class, *args, **values)
        door.keep(payment, list(_events(payment, told)), words={"motif": told["return_reason"]})
        return payment

    funding = factory.LazyFunction(lambda: _signed_act(fundings=[{}]).funding_set.get())
    convention = factory.LazyAttribute(lambda o: o.funding.act.convention)
    bank_account = factory.LazyAttribute(lambda o: account_of(o.convention))
    amount = 250_000
    sent_on = factory.LazyFunction(lambda: days_from_today(-20))


TOLD = (
    "sent_on", "paid_on", "paid_amount", "returned_on", "return_reason", "reference", "bank_account",
)  # fmt: skip


def _events(payment, told):
    def event(kind, on, **more):
        account, by = told["bank_account"], payment.recorded_by
        return models.PaymentEvent(
            payment=payment, kind=kind, happened_on=on, recorded_by=by, bank_account=account, **more
        )

    reference = told["reference"] or ""
    if told["sent_on"]:
        yield event("transmis", told["sent_on"], reference="" if told["paid_on"] else reference)
    if told["paid_on"]:
        amount = told["paid_amount"] or payment.amount
        yield event("paye", told["paid_on"], amount=amount, reference=reference)
    if told["returned_on"]:
        yield event("retourne", told["returned_on"])


class PaymentPositionFactory(DjangoModelFactory):
    """That of a payment sent: it is never made alone."""

    class Meta:
        model = models.PaymentPosition

    @classmethod
    def _create(cls, model_class, *args, **values):
        return PaymentFactory(**values).position


class PaymentEventFactory(FactFactory):
    """One more event of a payment; where it stands is not counted again."""

    class Meta:
        model = models.PaymentEvent

    payment = factory.SubFactory(PaymentFactory)
    kind = "compte_confirme"
    happened_on = factory.LazyFunction(lambda: days_from_today(-5))


class PaymentEventTextFactory(DjangoModelFactory):
    class Meta:
        model = models.PaymentEventText

    event = factory.LazyFunction(lambda: PaymentFactory().events.get())
    data = factory.LazyFunction(lambda: {"motif": "RIB périmé (fictif)."})


class PaperRuleFactory(DjangoModelFactory):
    class Meta:
        model = models.PaperRule

    paper = PaymentPaper.HANDOVER
    effective_from = factory.Sequence(lambda n: days_from_today(-30 - n))


class PaymentFileFactory(DjangoModelFactory):
    """One page in private storage: files with papers are made by `domain.money.files`."""

    class Meta:
        model = models.PaymentFile

    payment = factory.SubFactory(PaymentFactory)
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(_file_of(o.payment)).hexdigest())
    size = factory.LazyAttribute(lambda o: len(_file_of(o.payment)))
    page_count = 1
    papers = factory.LazyFunction(list)
    created_by = factory.SubFactory(UserFactory, staff=True)

    @classmethod
    def _generate(cls, strategy, params):
        file = super()._generate(strategy, params)
        if file.pk:
            _stored(file.storage_name, _file_of(file.payment))
        return file


def _file_of(payment) -> bytes:
    return small_pdf(f"Dossier du versement {payment.pk} (fictif)")


class DeviceFactory(DjangoModelFactory):
    class Meta:
        model = models.Device

    nature = "ordinateur de bureautique"
    maker = "Kaori"
    model = "Bureau 400"
    serial = factory.Sequence(lambda n: f"SN-FICTIF-{n:05d}")
    entered_by = factory.SubFactory(UserFactory, staff=True)


class DeviceEventFactory(FactFactory):
    class Meta:
        model = models.DeviceEvent

    device = factory.SubFactory(DeviceFactory)
    kind = DeviceEventKind.ENTERED
    happened_on = factory.LazyFunction(lambda: days_from_today(-30))


class DeviceEventTextFactory(DjangoModelFactory):
    class Meta:
        model = models.DeviceEventText

    event = factory.SubFactory(DeviceEventFactory)
    data = factory.LazyFunction(lambda: {"agent": "Noa AGENT (fictif)"})


class MediumFactory(FactFactory):
    class Meta:
        model = models.Medium

    device = factory.SubFactory(DeviceFactory)
    kind = MediumKind.SSD
    serial = factory.Sequence(lambda n: f"DISQUE-FICTIF-{n:05d}")


class SanitisationFactory(FactFactory):
    """Done ten days ago, by a person named in the text of its event."""

    class Meta:
        model = models.Sanitisation

    medium = factory.SubFactory(MediumFactory)
    event = factory.LazyAttribute(
        lambda o: (
            DeviceEventTextFactory(
                event__device=o.medium.device,
                event__kind=DeviceEventKind.ERASED,
                event__happened_on=o.done_on,
            ).event
        )
    )
    technique = SanitisationTechnique.OVERWRITE
    done_on = factory.LazyFunction(lambda: days_from_today(-10))
    certificate = factory.Sequence(lambda n: f"CERT-FICTIF-{n}")


class EquipmentItemFactory(FactFactory):
    """`serial` and `inventory_tag` are those of its device."""

    class Meta:
        model = models.EquipmentItem

    class Params:
        serial = factory.Sequence(lambda n: f"SN-FICTIF-{n:05d}")
        inventory_tag = ""
        holds_data = True

    equipment = factory.LazyFunction(
        lambda: _signed_act(equipment=[{"quantity": 10}]).equipmentterm_set.get()
    )
    device = factory.LazyAttribute(
        lambda o: DeviceFactory(serial=o.serial, inventory_tag=o.inventory_tag, holds_data=o.holds_data)
    )


class HandoverFactory(FactFactory):
    class Meta:
        model = models.Handover

    act = factory.LazyFunction(lambda: _signed_act(equipment=[{"quantity": 10}]))
    handed_on = factory.LazyFunction(lambda: days_from_today(-5))
    place = "Nouméa"
    given_by = "Noa AGENT (fictif)"
    received_by = "Alix SIGNATAIRE (fictif)"


class HandoverCodeFactory(DjangoModelFactory):
    """Ten minutes to type a code, which is never kept."""

    class Meta:
        model = models.HandoverCode

    handover = factory.SubFactory(HandoverFactory)
    user = factory.SubFactory(UserFactory)
    document_sha256 = "a" * 64
    expires_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(minutes=10))


class HandoverSignatureFactory(DjangoModelFactory):
    class Meta:
        model = models.HandoverSignature

    handover = factory.SubFactory(HandoverFactory)
    representative = factory.SubFactory(RepresentativeFactory)
    user = factory.SubFactory(UserFactory)
    first_name = factory.LazyAttribute(lambda o: o.representative.first_name)
    last_name = factory.LazyAttribute(lambda o: o.representative.last_name)
    title = factory.LazyAttribute(lambda o: o.representative.title)
    document_sha256 = factory.LazyAttribute(
        lambda o: o.handover.document.sha256 if o.handover.document else "a" * 64
    )
    typed_name = factory.LazyAttribute(lambda o: f"{o.first_name} {o.last_name}")
    consent = "J’ai reçu le matériel (fictif)."
    identity_check = "code envoyé à l’adresse p…e@exemple.invalid"
    signed_at = factory.LazyFunction(timezone.now)


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
