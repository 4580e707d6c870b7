"""A small world with one row of everything, and one signed-in client for each kind of visitor."""

import copy
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.test import Client

from conventions.domain import publication
from conventions.enums import ActState, Role, SigningPath, TemplateState
from conventions.models import Partner, PressRelease, PublicSheet, User
from conventions.tests import factories as f
from conventions.tests.conftest import sign_in

LINK = "lien-d-invitation"
# Beside who signs in every day: a colleague who only reads, who was president until last month and signed nothing,
# staff whose roles were all withdrawn, somebody whose account was closed while signed in.
VISITORS = (
    "superuser", *Role.values, "president", "foreign", "reader", "former", "roleless", "closed", "anonymous",
)  # fmt: skip


@dataclass
class World:
    partner: Partner
    rows: dict  # model name → one row
    sheet: PublicSheet
    release: PressRelease
    clients: dict[str, Client] = field(default_factory=dict)

    def row(self, model_name: str):
        """One row of a model, made when it is first asked for."""
        if model_name not in self.rows:
            self.rows[model_name] = FACTORIES[model_name]()
        return self.rows[model_name]


FACTORIES = {
    factory._meta.model._meta.model_name: factory
    for factory in (getattr(f, name) for name in f.__all__ if name.endswith("Factory"))
    if factory is not f.PresidentFactory
}


def build(*visitors: str, lines: int = 1) -> World:
    """A signed convention of one association, with `lines` terms of each sort, published; a press release; a draft."""
    mark = "" if lines == 1 else f"-{lines}"
    partner = f.PartnerFactory(name=f"Association Banian{mark} (fictif)", slug=f"association-banian{mark}")
    convention = f.ConventionFactory(
        title="Soutien à la maison du Banian (fictif)",
        slug=f"maison-du-banian{mark}",
        partner=partner,
        act="signe",
        act__fundings=[{"amount": 1_500_000}, {"unknown": True}] * lines,
        act__instalments=[{}] * lines,
        act__equipment=[{"lot": True}] * lines,
        act__in_kind=[{}] * lines,
        act__clauses=[{}] * lines,
        act__obligations=[{}] * lines,
    )
    communication = f.UserFactory(role=Role.COMMUNICATION)
    sheet = publication.publish(convention, by=communication)
    release = publication.draft_press_release(by=communication, convention=convention)
    publication.publish_press_release(release, by=communication)
    release.refresh_from_db()
    act = convention.acts.get()
    rows = {
        "partner": partner,
        "convention": convention,
        "draft": f.ConventionFactory(
            title="Soutien en préparation (fictif)",
            partner=partner,
            act__fundings=[{}] * lines,
            act__equipment=[{"lot": True}] * lines,
            act__clauses=[{}] * lines,
        ),
        "act": act,
        "reprise": f.ConventionFactory(title="Reprise (fictif)", partner=partner, reprise=True),
        "amended": _amended(partner),
        "publicsheet": sheet,
        "pressrelease": release,
        "document": act.signed_document,
        "receivedfile": f.ReceivedFileFactory(document=act.signed_document),
        "clausetemplate": f.ClauseTemplateFactory(state=TemplateState.DRAFT),
        "lettertemplate": f.LetterTemplateFactory(),
        "letter": f.FormalLetterFactory(act=act),
        "journalentry": convention.journal.last(),
        "attachment": f.AttachmentFactory(convention=convention),
        "photo": f.PhotoFactory(convention=convention),
        "partner_file": f.AttachmentFactory(convention=None, partner=partner),
        "partner_with_logo": f.PartnerFactory(logo=f.AttachmentFactory(convention=None, partner=partner)),
        "bankaccount": f.BankAccountFactory(partner=partner),
        "payment": f.PaymentFactory(convention=convention, funding=None),
        "paymentfile": f.PaymentFileFactory(payment__convention=convention, payment__funding=None),
        "coded": f.DocumentFactory(act=act, kind="pv_remise", code=f"7K3M9QTRV2X{lines:02}"),
        "reportreceived": f.ReportReceivedFactory(obligation=act.obligation_set.first()),
    }
    rows |= _sent(partner, convention, act)
    world = World(partner=partner, rows=rows, sheet=sheet, release=release)
    world.clients = {who: _client(who, partner) for who in visitors}
    rows["signaturerequest"] = _invited(partner, world.clients.get("president"), LINK + mark)
    return world


def _invited(partner: Partner, president: Client | None, link: str):
    """An act to be signed online by the president (or by somebody else of the association)."""
    convention = f.ConventionFactory(title="Convention à signer en ligne (fictif)", partner=partner, act=None)
    act = f.ActFactory(convention=convention, path=SigningPath.ONLINE, signatories=None)
    mandate = president.user.mandates.get() if president else f.RepresentativeFactory(partner=partner)
    person = f.SignatoryFactory(
        act=act, party=convention.parties.last(), representative=mandate, email="presidence@exemple.invalid"
    )
    f.settle(act, ActState.TO_SIGN)
    return f.SignatureRequestFactory(document=act.frozen_document, signatory=person, token=link)


def _sent(partner: Partner, convention, act) -> dict:
    """What the association sent or may send; a convention that an amendment changed."""
    asked = f.ThreadFactory(convention=convention, partner=partner)
    lasting = f.ConventionFactory(
        title="Convention et avenant (fictif)", partner=partner, act="signe", act__clauses=[{}]
    )
    f.ActFactory(convention=lasting, amendment=True, state="signe")
    author = f.PresidentFactory(partner=partner)
    return {
        "asked": asked,
        "message_sent": f.MessageFactory(thread=asked, author=author),
        "proposal_sent": f.BankProposalFactory(partner=partner, sent_by=author),
        "given": f.HandoverFactory(act=act),
        "obligation": act.obligation_set.first(),
        "lasting": lasting,
        "donation": f.ConventionFactory(
            title="Mécénat (fictif)", partner=partner, kind=f.KindFactory(slug="mecenat"), act="signe"
        ),
    }


def _amended(partner: Partner):
    """A signed convention of the same association, with a draft amendment."""
    convention = f.ConventionFactory(
        title="Convention avec avenant (fictif)", partner=partner, act="signe", act__fundings=[{}]
    )
    f.ActFactory(convention=convention, amendment=True)
    return convention


def _person(who: str, partner: Partner):
    """A user, or the role of whoever has it."""
    if who == "reader":
        mandate = f.RepresentativeFactory(partner=partner, reads_only=True, user=f.UserFactory())
        return mandate.user
    makers = {
        "president": lambda: f.PresidentFactory(partner=partner),
        "closed": lambda: f.PresidentFactory(partner=partner),
        "former": lambda: f.PresidentFactory(partner=partner, former=True),
        "foreign": f.PresidentFactory,
        "roleless": lambda: f.UserFactory(staff=True),
    }
    return makers[who]() if who in makers else who


def _client(who: str, partner: Partner) -> Client:
    client = sign_in(_person(who, partner))
    if who == "closed":
        User.objects.filter(pk=client.user.pk).update(is_active=False)
    return browser(client)


def browser(like: Client) -> Client:
    """A browser of its own in which the same person is signed in."""
    client = Client()
    client.user, client.cookies = like.user, copy.deepcopy(like.cookies)
    client.raise_request_exception = False  # a page that breaks is an answer of the table, like another
    return client


@contextmanager
def undone():
    """Whatever is written inside is rolled back."""
    block = transaction.atomic()
    block._from_testcase = True  # of the test, not of the product: what is slow may happen inside
    with block:
        yield
        transaction.set_rollback(True)
