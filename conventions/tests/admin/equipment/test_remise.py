"""The remise: seven of ten, refused on the spot, missing when the boxes are opened; loans that come back one by one."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts import handover
from conventions.domain.documents.context import from_snapshot
from conventions.domain.equipment import loans, reserving
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.domain.mails import daily_reminders
from conventions.enums import Role
from conventions.equipment_enums import DeviceEventKind, DeviceState
from conventions.models import Device, DeviceEvent, EquipmentItem, Handover
from conventions.tests import factories as f
from conventions.tests.conftest import sign_in
from conventions.tests.formats.test_files import picture
from conventions.tests.pdf.reading import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def logistics():
    return f.UserFactory(role=Role.LOGISTICS)


def reserved(count: int, by, **line) -> list[EquipmentItem]:
    convention = f.ConventionFactory(
        title="Atelier du lagon (fictif)", act="signe", act__equipment=[{"quantity": count, **line}]
    )
    term = convention.acts.get().equipmentterm_set.get()
    return reserving.reserve(term, f.DeviceFactory.create_batch(count, holds_data=False), by=by)


def given(items: list[EquipmentItem], by, **values) -> Handover:
    said = {"handed_on": timezone.localdate(), "place": "Nouméa", "given_by": "Noa AGENT (fictif)"} | values
    act = items[0].equipment.act
    return handover.record_handover(act, items=items, received_by="Alix (fictif)", by=by, **said)


def follow(convention, code: str = "", **row) -> str:
    return reverse(f"admin:conventions_convention_follow{code}", kwargs={"pk": convention.pk, **row})


def test_seven_of_ten_are_given_two_refused_one_waits(logistics):
    items = reserved(10, logistics)
    convention = items[0].equipment.act.convention
    client = sign_in(logistics)
    page = client.get(follow(convention)).content.decode()
    assert "10 appareils" in plain(page)
    assert page.count("Kaori") < 10
    sent = {
        "items": [item.pk for item in items[:7]], "refused": [item.pk for item in items[7:9]],
        f"refused-motif-{items[7].pk}": "clavier absent", "refusal": "écran cassé", "note": "", "place": "Nouméa",
        "handed_on": timezone.localdate().isoformat(), "given_by": "Noa AGENT (fictif), magasinier",
        "received_by": "Alix (fictif), présidente",
    }  # fmt: skip
    answer = client.post(follow(convention, "_remise"), sent)
    assert answer.status_code == 302, answer.context["panels"]["remise"].form.errors
    made = Handover.objects.get()
    assert made.items.count() == 7
    told = f"Refusé à la remise : {items[7]} (clavier absent) ; {items[8]} (écran cassé)."
    printed = from_snapshot(made.document.snapshot)
    assert plain(printed.remarks) == told
    assert printed == handover.handover_context(made)
    assert told in plain(client.get(follow(convention)).content.decode())
    assert Device.objects.in_state(DeviceState.GIVEN).count() == 7
    assert Device.objects.free().count() == 2
    assert list(EquipmentItem.objects.to_hand()) == items[9:]
    assert DeviceEvent.objects.filter(kind=DeviceEventKind.REFUSED, handover=made).count() == 2


@pytest.mark.parametrize(
    ("refused", "refusal", "told"),
    [(slice(2, 3), " ", "Dites pourquoi"), (slice(0, 1), "rayé", "À la fois remis et refusés")],
)
def test_a_refusal_has_its_reason_and_is_not_a_remise(logistics, refused, refusal, told):
    items = reserved(3, logistics)
    with pytest.raises(EquipmentRefused, match=told):
        given(items[:2], logistics, refused=dict.fromkeys(items[refused], refusal))
    assert not Handover.objects.exists()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Dites pourquoi est refusé"),
        ({"ticked": False, "own": "rayé"}, "sans que la case soit cochée"),
        ({"own": "x" * 121}, "plus de 120 caractères"),
        ({"ticked": False, "refusal": "rayé"}, "Cochez ce que l’association refuse"),
    ],
)
def test_a_reason_that_stands_alone_is_asked_and_what_was_written_stays(logistics, sent, told):
    items = reserved(2, logistics)
    own = sent.get("own", "")
    posted = {
        "items": [items[0].pk], "refused": [items[1].pk] if sent.get("ticked", True) else [],
        f"refused-motif-{items[1].pk}": own, "refusal": sent.get("refusal", ""),
        "handed_on": timezone.localdate().isoformat(), "place": "Nouméa", "given_by": "Noa", "received_by": "Alix",
    }  # fmt: skip
    convention = items[0].equipment.act.convention
    answer = sign_in(logistics).post(follow(convention, "_remise"), posted)
    page = answer.content.decode()
    assert told in plain(page)
    assert f'name="refused-motif-{items[1].pk}" value="{own}"' in page
    assert not Handover.objects.exists()


def test_what_is_missing_at_opening_is_told_later_then_settled(logistics):
    items = reserved(3, logistics)
    convention = items[0].equipment.act.convention
    made = given(items, logistics)
    partner = convention.parties.get(partner__is_opt=False).partner
    president = f.PresidentFactory(partner=partner)
    client = sign_in(president)
    page = reverse("portal:handover", args=[convention.slug, made.pk])
    client.post(page, {"complete": "oui"})
    assert "Signaler un manque" in plain(client.get(page).content.decode())
    client.post(page, {"complete": "non", "devices": [items[0].pk, items[1].pk]})
    made.refresh_from_db()
    assert str(items[0]) in made.missing
    assert DeviceEvent.objects.filter(kind=DeviceEventKind.MISSING, handover=made).count() == 2

    client = sign_in(logistics)
    assert "Régler ce manque" in plain(client.get(follow(convention)).content.decode())
    today = timezone.localdate().isoformat()
    settle = follow(convention, "_manque", row=made.pk)
    client.post(settle, {"items": [items[0].pk], "outcome": "ici", "on": today})
    client.post(settle, {"items": [items[1].pk], "outcome": "perdu", "on": today})
    states = dict(Device.objects.with_state().values_list("pk", "state"))
    assert [states[item.device_id] for item in items] == [
        DeviceState.IN_STOCK,
        DeviceState.LOST,
        DeviceState.GIVEN,
    ]
    again = client.post(settle, {"items": [items[0].pk], "outcome": "recu", "on": today})
    assert again.status_code == 200


def test_all_arrived_and_something_missing_is_refused_in_words(logistics):
    items = reserved(2, logistics)
    made = given(items, logistics)
    convention = items[0].equipment.act.convention
    client = sign_in(f.PresidentFactory(partner=convention.parties.get(partner__is_opt=False).partner))
    page = reverse("portal:handover", args=[convention.slug, made.pk])
    wrong = client.post(page, {"complete": "oui", "devices": [items[0].pk]})
    assert "Vous dites avoir tout reçu" in plain(wrong.content.decode())
    none = client.post(page, {"complete": "non"})
    assert "Dites ce qui manque" in plain(none.content.decode())


def test_lent_devices_come_back_one_by_one_and_late_is_told(logistics):
    due = timezone.localdate() - datetime.timedelta(days=3)
    items = reserved(3, logistics, transfer="pret", return_on=due)
    given(items, logistics)
    assert loans.late(timezone.localdate()).count() == 3
    client = sign_in(logistics)
    page = plain(client.get(reverse("admin:conventions_device_loans")).content.decode())
    assert "3 appareils devaient être rendus" in page
    back = reverse("admin:conventions_device_together", args=["rendre"])
    sent = {"on": timezone.localdate().isoformat(), "condition": "usage", "words": "rayé"}
    answer = client.post(f"{back}?appareils={items[0].device_id}&appareils={items[1].device_id}", sent)
    assert plain(str(list(get_messages(answer.wsgi_request))[-1])) == "2 appareils rendus."
    assert [item.pk for item in loans.out()] == [items[2].pk]
    assert Device.objects.free().count() == 2
    with pytest.raises(EquipmentRefused, match="Déjà rendus"):
        loans.give_back(items[:1], on=timezone.localdate(), condition="bon", by=logistics)
    assert EquipmentItem.objects.filter(pk=items[0].pk).get().released_at


def test_after_a_year_one_tap_tells_what_became_of_it(logistics):
    items = reserved(2, logistics)
    made = given(items, logistics, handed_on=timezone.localdate() - datetime.timedelta(days=366))
    assert [reminder.params for reminder in daily_reminders.due(today=timezone.localdate())] == [
        {"remise": made.pk}
    ]
    convention = items[0].equipment.act.convention
    client = sign_in(f.PresidentFactory(partner=convention.parties.get(partner__is_opt=False).partner))
    page = reverse("portal:handover_news", args=[convention.slug, made.pk])
    assert "Sert toujours" in plain(client.get(page).content.decode())
    assert "Choisissez une réponse" in plain(client.post(page, {"words": "bien"}).content.decode())
    client.post(page, {"news": "sert", "words": "Au club, chaque soir."})
    told = DeviceEvent.objects.filter(kind=DeviceEventKind.BECOME)
    assert [event.details["nouvelles"] for event in told] == ["sert toujours"] * 2
    assert daily_reminders.due(today=timezone.localdate()) == []
    sheet = sign_in(logistics).get(reverse("admin:conventions_device_change", args=[items[0].device_id]))
    assert "Au club, chaque soir." in plain(sheet.content.decode())


def test_what_was_only_lent_has_no_news_to_tell(logistics):
    items = reserved(1, logistics, transfer="pret", return_on=timezone.localdate())
    made = given(items, logistics)
    convention = items[0].equipment.act.convention
    client = sign_in(f.PresidentFactory(partner=convention.parties.get(partner__is_opt=False).partner))
    page = reverse("portal:handover_news", args=[convention.slug, made.pk])
    told = plain(client.post(page, {"news": "sert", "words": "Au club."}).content.decode())
    assert ("n’est un don" in told, "Au club." in told) == (True, True)
    assert not DeviceEvent.objects.filter(kind=DeviceEventKind.BECOME).exists()


def test_the_proces_verbal_signed_on_paper_is_filed_with_its_remise(logistics):
    made = given(reserved(2, logistics), logistics)
    convention = made.act.convention
    client = sign_in(logistics)
    address = follow(convention, "_piece", row=made.pk)
    nothing = client.post(address, {"what": "signe"})
    assert "Choisissez le fichier" in plain(nothing.content.decode())
    scan = SimpleUploadedFile("pv.pdf", f.small_pdf("Procès-verbal signé"))
    assert client.post(address, {"what": "signe", "file": scan}).status_code == 302
    photo = SimpleUploadedFile("remise.jpg", picture("JPEG"))
    assert client.post(address, {"what": "photo", "file": photo}).status_code == 302
    page = plain(client.get(follow(convention)).content.decode())
    assert f"{made.document.title}, signé" in page
    assert f"{made.document.title}, photo" in page
