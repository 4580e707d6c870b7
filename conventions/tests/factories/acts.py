"""Conventions and acts, in any state, with the facts that the database asks of that state."""

import datetime
import itertools

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from conventions import models
from conventions.enums import (
    ENDED_STATES,
    FROZEN_STATES,
    ActKind,
    ActOrigin,
    ActState,
    Civility,
    DocumentKind,
    PageSection,
    PartyRole,
    SigningPath,
)
from conventions.tests.factories import terms
from conventions.tests.factories.documents import DocumentFactory
from conventions.tests.factories.people import PartnerFactory, UserFactory, days_from_today, opt_partner
from conventions.tests.factories.reference import KindFactory

NUMBERS = itertools.count(1)
# What ActFactory takes as lists of values, and the factory of each line.
TERM_LISTS = {
    "fundings": terms.FundingFactory,
    "instalments": terms.InstalmentTermFactory,
    "in_kind": terms.InKindFactory,
    "equipment": terms.EquipmentTermFactory,
    "clauses": terms.ClauseFactory,
    "obligations": terms.ObligationFactory,
    "budget": terms.BudgetLineFactory,
    "indicators": terms.IndicatorFactory,
}


class BoardDecisionFactory(DjangoModelFactory):
    class Meta:
        model = models.BoardDecision

    number = factory.Sequence(lambda n: f"{n + 1}-FICTIF")
    decided_on = factory.LazyFunction(lambda: days_from_today(-120))
    title = "Délibération (fictif)"


class CeremonyFactory(DjangoModelFactory):
    class Meta:
        model = models.Ceremony

    title = factory.Sequence(lambda n: f"Cérémonie {n} (fictif)")
    slug = factory.Sequence(lambda n: f"ceremonie-{n}")
    held_on = factory.LazyFunction(lambda: days_from_today(-60))
    place = "Nouméa"


class BoundsFactory(DjangoModelFactory):
    """The row that the database keeps beside each convention."""

    class Meta:
        model = models.Bounds
        django_get_or_create = ("convention",)

    convention = factory.SubFactory("conventions.tests.factories.ConventionFactory")


class NumberCounterFactory(DjangoModelFactory):
    class Meta:
        model = models.NumberCounter
        django_get_or_create = ("year",)

    year = 2026


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = models.Party

    convention = factory.SubFactory(
        "conventions.tests.factories.acts.ConventionFactory", act=None, parties=None
    )
    partner = factory.SubFactory(PartnerFactory)
    role = PartyRole.BENEFICIARY
    position = 1


class ConventionFactory(DjangoModelFactory):
    """OPT-NC and one beneficiary (`partner=`), and an initial act in the state `act=` (None: no act).

    `act__…` goes to ActFactory; `reprise=True` makes the act a signed reprise; `parties=None`: no party.
    """

    class Meta:
        model = models.Convention

    title = factory.Sequence(lambda n: f"Soutien au projet {n} (fictif)")
    slug = factory.Sequence(lambda n: f"soutien-au-projet-{n}")
    kind = factory.SubFactory(KindFactory)
    purpose = "Soutenir un projet inventé pour les essais."

    @classmethod
    def _generate(cls, strategy, params):
        # factory_boy keeps `act__…` for sub-factories; here they are values for the act made afterwards.
        act_values = {name[5:]: params.pop(name) for name in list(params) if name.startswith("act__")}
        return super()._generate(strategy, params | {"act_values": act_values})

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        act_values = kwargs.pop("act_values", {})
        state = kwargs.pop("act", ActState.DRAFT)
        reprise = kwargs.pop("reprise", False)
        partner, parties = kwargs.pop("partner", None), kwargs.pop("parties", True)
        convention = super()._create(model_class, *args, **kwargs)
        if parties:
            PartyFactory(convention=convention, partner=opt_partner(), role=PartyRole.OPT, position=0)
            PartyFactory(convention=convention, partner=partner or PartnerFactory())
        if reprise:
            ActFactory(convention=convention, reprise=True, **act_values)
        elif state is not None:
            ActFactory(convention=convention, state=state, **act_values)
        convention.save()  # the search key holds the parties' names
        return convention


class SignatoryFactory(DjangoModelFactory):
    class Meta:
        model = models.Signatory

    act = factory.SubFactory("conventions.tests.factories.acts.ActFactory", signatories=None)
    party = factory.LazyAttribute(lambda o: o.act.convention.parties.last())
    order = 1
    civility = Civility.MONSIEUR
    first_name = "Alix"
    last_name = factory.Sequence(lambda n: f"SIGNATAIRE {n} (fictif)")
    title = "président"


class AttendeeFactory(DjangoModelFactory):
    class Meta:
        model = models.Attendee

    act = factory.SubFactory("conventions.tests.factories.acts.ActFactory")
    first_name = "Lou"
    last_name = factory.Sequence(lambda n: f"TÉMOIN {n} (fictif)")
    title = "maire adjointe"


class CorrectionFactory(DjangoModelFactory):
    class Meta:
        model = models.Correction

    act = factory.SubFactory("conventions.tests.factories.acts.ActFactory", state=ActState.TO_CORRECT)
    section = PageSection.TERM
    note = "Corriger la date de fin (fictif)."
    asked_by = factory.SubFactory(UserFactory, role="juriste")
    asked_at = factory.LazyFunction(timezone.now)


class ActFactory(DjangoModelFactory):
    """An act with one signatory per party and its terms (`fundings=[{…}]`, `equipment=[{…}]`…), then settled.

    `signatories=None` leaves them out. In force: it began two months ago and ends in ten months.
    """

    class Meta:
        model = models.Act

    class Params:
        amendment = factory.Trait(kind=ActKind.AMENDMENT, rank=1, term_kind="", starts_on=None, ends_on=None)
        termination = factory.Trait(
            kind=ActKind.TERMINATION,
            rank=9,
            term_kind="",
            starts_on=None,
            ends_on=None,
            effective_on=factory.LazyFunction(lambda: days_from_today(-1)),
        )
        reprise = factory.Trait(origin=ActOrigin.REPRISE, state=ActState.SIGNED, path=SigningPath.INK)

    convention = factory.SubFactory(ConventionFactory, act=None)
    starts_on = factory.LazyFunction(lambda: days_from_today(-60))
    ends_on = factory.LazyFunction(lambda: days_from_today(300))
    state = ActState.DRAFT

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        state = ActState(kwargs.pop("state"))
        lists = {name: kwargs.pop(name, ()) for name in TERM_LISTS}
        sign = kwargs.pop("signatories", True)
        settled = {name: kwargs.pop(name) for name in ("number", "signed_on") if name in kwargs}
        act = super()._create(model_class, *args, **kwargs)
        for name, rows in lists.items():
            for position, row in enumerate(rows):
                TERM_LISTS[name](act=act, **{"position": position, **row})
        if sign:
            _add_signatories(act, state)
        return settle(act, state, **settled)


def _add_signatories(act, state):
    signed = {ActState.SIGNED: 99, ActState.TO_SEAL: 99, ActState.PARTLY_SIGNED: 1}.get(state, 0)
    for order, party in enumerate(act.convention.parties.all(), start=1):
        day = days_from_today(-61) if order <= signed else None
        SignatoryFactory(act=act, party=party, order=order, signed_on=day)


def settle(act, state, *, number=None, signed_on=None):
    """Put a draft act with its terms in a state, with every fact and document that the state asks for."""
    state = ActState(state)
    values = _history(act, state) | {"state": state, "path": act.path or SigningPath.INK}
    if act.origin == ActOrigin.REPRISE:
        # A reprise says when in a date or in the source's words; the factory gives a date unless words are there.
        values["signed_on"] = signed_on or (None if act.signed_on_wording else days_from_today(-61))
    elif state in FROZEN_STATES:
        values |= _frozen(act, state, number, signed_on)
    if state in ENDED_STATES:
        values |= {"ended_at": timezone.now(), "end_reason": "Motif inventé pour les essais."}
    if state == ActState.DRAFT:
        return act
    models.Act.objects.filter(pk=act.pk).update(**values)
    act.refresh_from_db()
    return act


def _history(act, state) -> dict:
    """Who prepared, submitted and approved: two different people."""
    if state in (ActState.DRAFT, ActState.ABANDONED) or act.origin == ActOrigin.REPRISE:
        return {}
    now = timezone.now()
    author = act.prepared_by or UserFactory(role="gestionnaire")
    values = {"prepared_by": author, "submitted_at": now - datetime.timedelta(days=3)}
    if state == ActState.TO_CORRECT:
        return values | {"correction_note": "Corriger la date de fin."}
    if state == ActState.IN_REVIEW:
        return values
    approver = act.approved_by or UserFactory(role="juriste")
    return values | {"approved_at": now - datetime.timedelta(days=2), "approved_by": approver}


def _frozen(act, state, number, signed_on) -> dict:
    values = {
        "number": number or f"2026-{next(NUMBERS):03d}",
        "frozen_at": timezone.now() - datetime.timedelta(days=1),
        "frozen_document": DocumentFactory(act=act, kind=DocumentKind.FROZEN),
    }
    if state == ActState.SIGNED:
        values["signed_document"] = DocumentFactory(act=act, kind=DocumentKind.SCAN)
        values["signed_on"] = signed_on or days_from_today(-61)
    return values
