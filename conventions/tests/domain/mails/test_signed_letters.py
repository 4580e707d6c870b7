"""« L’acte est signé » is told to all, each with what comes next."""

import datetime

import pytest

from conventions.domain.mails import delivery
from conventions.enums import ActState, DocumentKind, MailState, PartyRole
from conventions.models import User
from conventions.tests import factories as f
from conventions.tests.domain.mails.letters import build, ended_alone
from conventions.tests.domain.mails.test_delivery import queued

pytestmark = pytest.mark.django_db


def told(mailoutbox, template: str, **params) -> dict[str, str]:
    """{address: the plain part, its spaces plain}."""
    assert delivery.deliver(queued(template, **params).pk).state == MailState.SENT
    return {mail.to[0]: " ".join(mail.body.split()) for mail in mailoutbox}


def signed(world, *, payments: int = 0, equipment: int = 0, duties: int = 0):
    act = world.act(ActState.DRAFT)
    for rank in range(payments):
        f.InstalmentTermFactory(
            act=act, label=f"versement {rank + 1}", amount=100_000 + rank, condition="sur RIB"
        )
    for rank in range(equipment):
        f.EquipmentTermFactory(act=act, quantity=rank + 1, serial="", pickup_place="au magasin")
    party = act.convention.parties.get(role=PartyRole.BENEFICIARY)
    for rank in range(duties):
        f.ObligationFactory(act=act, party=party, due_on=datetime.date(2027, 6, rank + 1))
    return f.settle(act, ActState.SIGNED)


def test_each_is_told_once_and_whom_it_concerns(mailoutbox):
    world = build()
    act = signed(world, payments=1, equipment=2, duties=1)
    found = told(mailoutbox, "acte_signe", act=act.pk)
    roles = {user.email: user for user in User.objects.filter(is_staff=True)}
    groups = {address: set(user.groups.values_list("name", flat=True)) for address, user in roles.items()}
    assert {frozenset(groups[address]) for address in found} == {
        frozenset({"gestionnaire"}), frozenset({"direction"}), frozenset({"comptable"}), frozenset({"logistique"}),
    }  # fmt: skip
    for said in found.values():
        assert "La convention est signée" in said
        assert "À verser : versement 1, 100 000 F CFP, sur RIB." in said
        assert "À remettre : ordinateur de bureautique Marque (fictif) Modèle A" in said
        assert "À remettre : 2 × ordinateur de bureautique" in said
        assert (
            "Attendu : compte rendu d’emploi, L’Anse « Niaouli » (fictif), au plus tard le 1er juin 2027."
            in said
        )


def test_accountant_and_logistics_hear_of_what_they_have_to_do_alone(mailoutbox):
    world = build()
    found = told(mailoutbox, "acte_signe", act=signed(world).pk)
    assert len(found) == 3  # who is in charge, who prepared it, who signed for OPT-NC
    assert all(
        "ne prévoit ni versement, ni matériel à remettre, ni échéance" in said for said in found.values()
    )


def test_many_lines_are_counted(mailoutbox):
    world = build()
    found = told(mailoutbox, "acte_signe", act=signed(world, payments=8, duties=7).pk)
    for said in found.values():
        assert said.count("À verser :") == 6
        assert "Et 2 autres versements." in said
        assert "Et 1 autre échéance." in said


def test_partner_hears_of_what_it_has_to_do_and_not_of_the_rest(mailoutbox):
    world = build()
    act = signed(world, payments=1, equipment=1, duties=1)
    (said,) = told(mailoutbox, "convention_signee", act=act.pk).values()
    assert "Ce qui vient ensuite : À remettre : ordinateur" in said
    assert "Attendu : compte rendu d’emploi, au plus tard le 1er juin 2027." in said
    assert "À verser" not in said


def test_act_that_was_ended_since_is_told_to_nobody(mailoutbox):
    world = build()
    act = world.act(ActState.CANCELLED)
    assert delivery.deliver(queued("acte_signe", act=act.pk).pk) is None
    assert mailoutbox == []


def test_termination_by_one_party_is_told_to_who_did_not_sign_it(mailoutbox):
    world = build()
    act = ended_alone(world)
    said = told(mailoutbox, "convention_signee", act=act.pk)[world.president.email]
    assert "L’OPT-NC a décidé et signé seule cette résiliation, le " in said
    assert "Elle prend effet le 1er mai 2027." in said
    assert "toutes les parties ont signé" not in said
    assert "vous représentez le partenaire" in said


def test_staff_reads_that_one_party_signed_alone_and_nothing_is_to_publish(mailoutbox):
    world = build()
    act = ended_alone(world)
    said = told(mailoutbox, "acte_signe", act=act.pk)[world.officer.email]
    assert "Toutes les parties ont signé" not in said
    assert "L’OPT-NC a décidé et signé seule" in said
    mail = queued("convention_a_publier", act=act.pk)
    assert delivery.deliver(mail.pk) is None


def test_signed_mail_gives_the_code_of_the_copy(mailoutbox):
    world = build()
    act = signed(world)
    printed = {"kind": DocumentKind.COPIES, "made_from": act.frozen_document, "code": "23456789ABCDE"}
    f.DocumentFactory(act=act, **printed)
    said = told(mailoutbox, "convention_signee", act=act.pk)[world.president.email]
    assert "/verifier/" in said
    assert "2345-6789-ABCDE" in said
