"""Equipment leaves erased, with its procès-verbal, or does not leave."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from conventions.domain import journal
from conventions.domain.acts import amending, handover
from conventions.domain.documents import storage, verification
from conventions.domain.documents.context import HandoverContext, from_snapshot
from conventions.domain.equipment import media
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.enums import ActState, DocumentKind
from conventions.equipment_enums import SanitisationTechnique
from conventions.formats import show_code
from conventions.models import EquipmentItem, Handover, Sanitisation
from conventions.tests.factories import ActFactory, UserFactory
from conventions.tests.factories.acts import settle
from conventions.tests.pdf.reading import text_of

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 2)
SERIALS = [("SN-FICTIF-1", "INV-1"), ("SN-FICTIF-2", "INV-2")]


@pytest.fixture
def logistics():
    return UserFactory(role="logistique")


@pytest.fixture
def act():
    return ActFactory(
        state=ActState.SIGNED,
        number="2026-014",
        equipment=[{"nature": "ordinateur", "brand": "Kaori", "quantity": 3}],
    )


@pytest.fixture
def items(act, logistics, at):
    with at(2026, 2, 20, 9):
        return handover.set_aside(act.equipmentterm_set.get(), SERIALS, by=logistics, note="bon état")


def erase(item, by, **more):
    values = {"technique": SanitisationTechnique.OVERWRITE, "done_on": DAY, "agent": "Noa AGENT (fictif)"}
    return media.erase([item.device], by=by, **(values | more))


def hand_over(act, items, by, handed_on=DAY):
    return handover.record_handover(
        act,
        items=items,
        handed_on=handed_on,
        place="Nouméa",
        given_by="Noa AGENT, responsable logistique (fictif)",
        received_by="Alix PRÉSIDENT, président (fictif)",
        by=by,
    )


def refused(action) -> list[str]:
    with pytest.raises(EquipmentRefused) as caught:
        action()
    return caught.value.reasons


def test_set_aside_keeps_serials_tags_and_state(items, logistics, act):
    rows = EquipmentItem.objects.order_by("pk")
    assert [(row.serial, row.inventory_tag, row.holds_data, row.note) for row in rows] == [
        ("SN-FICTIF-1", "INV-1", True, "bon état"),
        ("SN-FICTIF-2", "INV-2", True, "bon état"),
    ]
    assert {row.recorded_by for row in rows} == {logistics}
    assert [line.event for line in act.convention.journal.all()] == ["materiel_prepare"]


def test_set_aside_of_more_than_promised_or_of_a_known_serial_tells_both(items, act, logistics):
    term = act.equipmentterm_set.get()
    assert refused(lambda: handover.set_aside(term, [("SN-FICTIF-1", ""), ("SN-3", "")], by=logistics)) == [
        "3 appareils sont prévus sur cette ligne : vous en indiquez 4 en tout.".replace("3 ", "3\u00a0"),
        "Numéro de série déjà enregistré pour cette ligne : SN-FICTIF-1.",
    ]
    assert EquipmentItem.objects.count() == 2


def test_set_aside_before_the_signature_is_refused(logistics):
    term = ActFactory(equipment=[{"quantity": 1}]).equipmentterm_set.get()
    assert refused(lambda: handover.set_aside(term, [("SN-1", "")], by=logistics)) == [
        "L’acte n’est pas signé : attendez la signature pour préparer le matériel."
    ]


@pytest.mark.parametrize("role", ["comptable", "communication", "lecture", "juriste"])
def test_equipment_is_closed_to_other_roles(act, role):
    with pytest.raises(PermissionDenied):
        handover.set_aside(act.equipmentterm_set.get(), SERIALS, by=UserFactory(role=role))


def test_an_erasure_is_recorded_once(items, logistics, at):
    with at(2026, 3, 2, 9):
        erase(items[0], logistics, certificate="CERT-1")
        assert refused(lambda: erase(items[0], logistics)) == [
            "L’effacement de l’appareil SN-FICTIF-1 est déjà enregistré."
        ]
    assert Sanitisation.objects.get().certificate == "CERT-1"


def test_an_erasure_to_come_and_without_agent_tells_both(items, logistics, at):
    with at(2026, 3, 1, 9):
        reasons = refused(lambda: erase(items[0], logistics, agent=" "))
    assert reasons == [
        "La date d’effacement est dans le futur. Corrigez-la.",
        "Indiquez l’agent qui a effacé les données.",
    ]


def test_handover_is_blocked_and_names_each_device_that_holds_data(act, items, logistics, at):
    with at(2026, 3, 2, 9):
        reasons = refused(lambda: hand_over(act, items, logistics))
    assert reasons == [
        "L’appareil SN-FICTIF-1 contient des données : enregistrez d’abord leur effacement.",
        "L’appareil SN-FICTIF-2 contient des données : enregistrez d’abord leur effacement.",
    ]
    assert (Handover.objects.count(), act.documents.filter(kind=DocumentKind.HANDOVER).count()) == (0, 0)


def test_handover_before_the_erasure_day_is_refused(act, items, logistics, at):
    with at(2026, 3, 5, 9):
        erase(items[0], logistics)
        reasons = refused(lambda: hand_over(act, items[:1], logistics, DAY - datetime.timedelta(days=1)))
    assert reasons == [
        "Les données de l’appareil SN-FICTIF-1 ont été effacées après la date de remise. Vérifiez les dates."
    ]


def test_handover_of_nothing_and_in_the_future_is_refused(act, logistics, at):
    with at(2026, 3, 1, 9):
        assert refused(lambda: hand_over(act, [], logistics)) == [
            "Choisissez au moins un appareil à remettre.",
            "La date de remise est dans le futur. Corrigez-la.",
        ]


def test_handover_of_another_convention_is_refused(act, items, logistics, at):
    other = ActFactory(state=ActState.SIGNED)
    with at(2026, 3, 2, 9):
        erase(items[0], logistics)
        assert refused(lambda: hand_over(other, items[:1], logistics)) == [
            "L’appareil SN-FICTIF-1 n’appartient pas à cette convention."
        ]


def test_a_device_without_data_leaves_without_erasure(logistics, at):
    act = ActFactory(state=ActState.SIGNED, equipment=[{"nature": "écran", "holds_data": False}])
    with at(2026, 3, 2, 9):
        [screen] = handover.set_aside(act.equipmentterm_set.get(), [("SN-ECRAN", "")], by=logistics)
        made = hand_over(act, [screen], logistics)
    assert list(made.items.all()) == [screen]
    assert "sans données" in text_of(storage.read_bytes(made.document))


def test_handover_stores_its_pv_with_serials_and_tells_the_journal(act, items, logistics, at):
    with at(2026, 3, 2, 9):
        for item in items:
            erase(item, logistics, certificate=f"CERT-{item.serial}")
        made = hand_over(act, items, logistics)
    document = made.document
    assert (document.kind, document.title, document.act) == (
        DocumentKind.HANDOVER,
        "Procès-verbal de remise n° 2026-014-PV1",
        act,
    )
    text = text_of(storage.read_bytes(document))
    whole = text.replace("- ", "-")  # a long number may go on to the next line after a hyphen
    wanted = ["SN-FICTIF-1", "SN-FICTIF-2", "CERT-SN-FICTIF-1", "Alix PRÉSIDENT", "2 mars 2026", "2026-014"]
    assert [words for words in wanted if words not in whole] == []
    assert show_code(document.code) in text
    facts = verification.of_code(document.code)
    assert (facts.document, facts.about) == ("Procès-verbal de remise", "de la convention n°\xa02026-014")
    assert facts.hashes == (("Ce document", document.sha256),)
    assert from_snapshot(document.snapshot) == handover.handover_context(Handover.objects.get())
    events = [line.event for line in act.convention.journal.order_by("sequence")]
    assert events == [
        "materiel_prepare",
        "donnees_effacees",
        "donnees_effacees",
        "document_produit",
        "materiel_remis",
    ]
    assert journal.broken_links(f"convention:{act.convention_id}") == []


def test_a_device_is_handed_over_once(act, items, logistics, at):
    with at(2026, 3, 2, 9):
        erase(items[0], logistics)
        hand_over(act, items[:1], logistics)
        assert refused(lambda: hand_over(act, items[:1], logistics)) == [
            "L’appareil SN-FICTIF-1 a déjà été remis."
        ]
        erase(items[1], logistics)
        second = hand_over(act, items[1:], logistics)
    assert second.document.title == "Procès-verbal de remise n° 2026-014-PV2"


def test_handover_context_names_who_gives_and_who_receives(act, items, logistics, at):
    planned = Handover(act=act, handed_on=DAY, place="Koné", given_by="Noa AGENT, agent", received_by="")
    context = handover.handover_context(planned, items=items)
    assert isinstance(context, HandoverContext)
    assert [(person.first_name, person.title) for person in context.giver.signatories] == [
        ("Noa AGENT", "agent")
    ]
    assert context.receiver.signatories == ()
    assert [(item.number, item.brand, item.serial, item.tag) for item in context.items] == [
        (1, "Kaori", "SN-FICTIF-1", "INV-1"),
        (2, "Kaori", "SN-FICTIF-2", "INV-2"),
    ]
    assert (context.place, context.handed_on, context.agreement_reference) == ("Koné", DAY, "2026-014")


def test_line_replaced_by_an_amendment_counts_its_devices_once(act, items, logistics):
    officer = UserFactory(role="gestionnaire")
    amendment = amending.start_amendment(act.convention, by=officer, reason="Un appareil de moins.")
    old = act.equipmentterm_set.get()
    new = amending.replace_line(amendment, old, by=officer, quantity=2)
    settle(amendment, ActState.SIGNED, number="2026-014-A1")
    assert refused(lambda: handover.set_aside(new, [("SN-FICTIF-3", "")], by=logistics)) == [
        "2\u00a0appareils sont prévus sur cette ligne : vous en indiquez 3 en tout."
    ]
    assert refused(lambda: handover.set_aside(old, [("SN-FICTIF-3", "")], by=logistics)) == [
        "Un avenant a changé cette ligne. Rechargez la page, puis choisissez la ligne en vigueur."
    ]
    again = refused(lambda: handover.set_aside(new, [("SN-FICTIF-1", "")], by=logistics))
    assert "Numéro de série déjà enregistré pour cette ligne : SN-FICTIF-1." in again


def test_what_is_lent_is_handed_over_apart_until_its_day_of_return(logistics, at):
    back = DAY + datetime.timedelta(days=200)
    equipment = [
        {"nature": "écran donné", "holds_data": False},
        {"nature": "écran prêté", "holds_data": False, "transfer": "pret", "return_on": back},
    ]
    act = ActFactory(state="signe", equipment=equipment)
    with at(DAY.year, DAY.month, DAY.day):
        lines = zip(act.equipmentterm_set.order_by("pk"), "GP", strict=True)
        given, lent = [handover.set_aside(line, [(serial, "")], by=logistics)[0] for line, serial in lines]
        assert refused(lambda: hand_over(act, [given, lent], logistics)) == [handover.APART]
        told = handover.handover_context(hand_over(act, [lent], logistics))
        assert (told.transfer, told.return_on.value) == ("pret", back)
        assert handover.handover_context(hand_over(act, [given], logistics)).transfer == "don"


def test_a_device_that_holds_data_is_prepared_with_its_number_a_lot_of_mice_is_not(logistics):
    equipment = [{"nature": "ordinateur"}, {"nature": "souris", "holds_data": False, "quantity": 5}]
    act = ActFactory(state=ActState.SIGNED, equipment=equipment)
    computer, mice = act.equipmentterm_set.order_by("pk")
    assert refused(lambda: handover.set_aside(computer, [("", "")], by=logistics)) == [handover.UNMARKED]
    assert len(handover.set_aside(mice, [("", "")] * 5, by=logistics)) == 5


@pytest.mark.parametrize(
    ("reprise", "values", "told"),
    [
        (True, {"quantity": 10}, "séries non relevées"),
        (True, {"quantity": None}, "séries non relevées"),
        (True, {"quantity": 1}, ""),
        (False, {"quantity": 10}, ""),
    ],
)
def test_a_lot_of_the_archive_says_that_its_serials_were_not_noted(reprise, values, told):
    act = ActFactory(reprise=reprise, equipment=[{"nature": "ordinateur"} | values])
    assert act.equipmentterm_set.get().unlisted == told
