"""An act to be signed online: a president who reads mail, two signatories of OPT-NC with their accounts."""

import re
from dataclasses import dataclass

from conventions.domain.acts import drafting, signing
from conventions.domain.acts.lifecycle import apply
from conventions.enums import Event, SigningOrder
from conventions.models import Act, Convention, SignatureRequest, User
from conventions.tests import factories as f

LINK = re.compile(r"http://127\.0\.0\.1:8000(/signer/\S+)")
CODE = re.compile(r"^(?:\d{3}.\d{3}|\d\d(?:.\d\d){3,4})$", re.MULTILINE)


@dataclass
class World:
    """Who prepared, who reads, who signs."""

    act: Act
    convention: Convention
    officer: User
    lawyer: User
    president: User
    directors: tuple[User, User]

    def request_of(self, user: User) -> SignatureRequest:
        """The live invitation of this person, with everything its pages show."""
        row = SignatureRequest.objects.get(
            document=self.act.frozen_document_id, signatory__representative__user=user, revoked_at=None
        )
        return signing.for_reader(row.pk)

    def refreshed(self) -> Act:
        self.act = Act.objects.get(pk=self.act.pk)
        return self.act


def drafted(
    *, order: str = SigningOrder.IN_TURN, email: str = "presidence@niaouli.invalid", **values
) -> World:
    """A complete draft, path online."""
    officer, lawyer = f.UserFactory(role="gestionnaire"), f.UserFactory(role="juriste")
    partner = f.PartnerFactory(name="Association Niaouli (fictif)")
    president = f.PresidentFactory(partner=partner, first_name="Léa", last_name="WABEALO", email=email)
    opt = f.opt_partner()
    opt.representatives.update(usual_signatory=False)  # those of another world, in the same database
    directors = []
    for last_name, title in (
        ("KADDOUR", "président du conseil d’administration"),
        ("NÉA", "directeur général"),
    ):
        user = f.UserFactory(role="direction", first_name="Alix", last_name=last_name)
        f.RepresentativeFactory(
            partner=opt, user=user, first_name="Alix", last_name=last_name, title=title, email=user.email
        )
        directors.append(user)
    convention = drafting.create_convention(
        by=officer,
        partner=partner,
        kind=f.KindFactory(slug="partenariat"),
        title="Atelier du lagon (fictif)",
        starts_on=f.acts.days_from_today(1),
        ends_on=f.acts.days_from_today(365),
        officer=officer,
    )
    Convention.objects.filter(pk=convention.pk).update(purpose="Soutenir un projet inventé pour les essais.")
    act = convention.acts.get()
    f.InKindFactory(act=act, description="Un local prêté (fictif)")
    Act.objects.filter(pk=act.pk).update(
        path="en_ligne", signing_order=order, board_decision=f.BoardDecisionFactory(), **values
    )
    drafting.refresh_clauses(Act.objects.get(pk=act.pk), by=officer)
    return World(
        act=Act.objects.get(pk=act.pk),
        convention=Convention.objects.get(pk=convention.pk),
        officer=officer,
        lawyer=lawyer,
        president=president,
        directors=tuple(directors),
    )


def frozen(**values) -> World:
    """Frozen, certified, invitations queued."""
    return freeze(drafted(**values))


def freeze(world: World) -> World:
    """From draft to frozen."""
    act = apply(world.refreshed(), Event.SUBMIT, by=world.officer)
    act = apply(act, Event.APPROVE, by=world.lawyer)
    world.act = apply(act, Event.FREEZE, by=world.officer)
    return world


def link_in(mail) -> str:
    """The path of the link of an invitation."""
    return LINK.search(mail.body)[1]


def code_in(mail) -> str:
    """The digits of a mail."""
    return re.sub(r"\D", "", CODE.search(mail.body)[0])
