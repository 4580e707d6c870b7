"""A reminder to a partner says what to send or fetch, on what grounds, and by when."""

import pytest

from conventions.domain.equipment import loans, stock
from conventions.domain.mails import delivery
from conventions.domain.mails.builders import BUILDERS
from conventions.domain.mails.letter import Pointless
from conventions.enums import ActState, MailState
from conventions.tests import factories as f
from conventions.tests.domain.mails.letters import build
from conventions.tests.domain.mails.test_delivery import queued
from conventions.tests.factories.people import days_from_today

pytestmark = pytest.mark.django_db


def reminded(mailoutbox, rule: str, key: str) -> str:
    """The plain part of the letter to the president, its spaces plain."""
    assert delivery.deliver(queued("rappel_partenaire", regle=rule, cle=key).pk).state == MailState.SENT
    (mail,) = mailoutbox
    return " ".join(mail.body.split())


@pytest.mark.parametrize(("days", "standing"), [(-3, "en retard"), (10, "à venir")])
def test_report_is_named_with_its_proof_and_its_day(mailoutbox, days, standing):
    world = build()
    duty = {
        "kind": "compte_rendu", "text": "Remettre le compte rendu, signé.", "due_on": days_from_today(days),
        "proof": "factures acquittées",
    }  # fmt: skip
    act = world.convention(act=ActState.SIGNED, act__obligations=[duty]).acts.get()
    said = reminded(mailoutbox, "comptes_rendus", str(act.obligation_set.get().line))
    assert f"Compte rendu d’emploi : {standing}" in said
    assert "Remettre le compte rendu, signé. Ce qui en fait foi : factures acquittées." in said
    assert "Échéance : " in said


def test_equipment_is_listed_with_the_place_and_the_day(mailoutbox):
    world = build()
    line = {"pickup_place": "dépôt de Nouville", "pickup_by": days_from_today(10)}
    lines = [
        line | {"quantity": 2, "serial": ""},
        *({"quantity": 1, "serial": f"SN-{rank}"} for rank in range(9)),
    ]
    act = world.convention(act=ActState.SIGNED, act__equipment=lines).acts.get()
    said = reminded(mailoutbox, "remises", str(act.convention_id))
    assert "Enlèvement du matériel : à venir" in said
    assert "À retirer : dépôt de Nouville, avant le " in said
    assert "Lignes de matériel : 2 × ordinateur de bureautique Marque (fictif) Modèle A, " in said
    assert "SN-6 et 2 autres." in said


def test_loan_is_recalled_with_its_conditions(mailoutbox):
    world = build()
    loan = {"loan": True, "return_on": days_from_today(5), "conditions": "rapporter la batterie chargée"}
    act = world.convention(act=ActState.SIGNED, act__in_kind=[loan]).acts.get()
    said = reminded(mailoutbox, "prets", str(act.inkind_set.get().line))
    assert "retour du prêt" in said
    assert "Rapporter la batterie chargée." in said


def test_lent_devices_that_are_late_are_named_one_by_one_until_they_are_back(mailoutbox):
    world = build()
    line = {"transfer": "pret", "return_on": days_from_today(-3), "quantity": 3, "nature": "téléphone"}
    act = world.convention(act=ActState.SIGNED, act__equipment=[line]).acts.get()
    term = act.equipmentterm_set.get()
    items = [
        f.EquipmentItemFactory(equipment=term, serial=f"SN-{rank}", holds_data=False) for rank in range(3)
    ]
    f.HandoverFactory(act=act).items.set(items)
    said = reminded(mailoutbox, "prets", str(term.line))
    assert "Retour du matériel prêté, téléphone : en retard" in said
    assert "À rendre : SN-0, SN-1 et SN-2." in said
    by = f.UserFactory(role="logistique")
    loans.give_back(items[:1], on=days_from_today(0), condition="bon", by=by)
    stock.lose([items[1].device], on=days_from_today(0), by=by)
    mailoutbox.clear()
    assert "À rendre : SN-2." in reminded(mailoutbox, "prets", str(term.line))
    loans.give_back(items[2:], on=days_from_today(0), condition="bon", by=by)
    with pytest.raises(Pointless):
        BUILDERS["rappel_partenaire"]({"regle": "prets", "cle": str(term.line)})
