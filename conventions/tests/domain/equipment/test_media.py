"""Every medium of a device is accounted for: erased and proven, removed or destroyed, before the device leaves."""

import datetime

import pytest
from django.utils import timezone

from conventions.domain.equipment import media, reserving
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.equipment_enums import (
    MediaState,
    SanitisationMethod,
    SanitisationOutcome,
    SanitisationTechnique,
)
from conventions.models import Device, DeviceEvent, JournalEntry, Medium, Sanitisation
from conventions.tests.domain.equipment.conftest import entered
from conventions.tests.factories import HandoverFactory

pytestmark = pytest.mark.django_db
AGENT = "Noa AGENT (fictif)"


def today() -> datetime.date:
    return timezone.localdate()


def media_state(device) -> str:
    return Device.objects.with_media_state().get(pk=device.pk).media_state


def reasons(action) -> list[str]:
    with pytest.raises(EquipmentRefused) as caught:
        action()
    return caught.value.reasons


@pytest.fixture
def disks(devices, logistics):
    """The two disks of the first computer."""
    wanted = [media.NewMedium(device=devices[0], kind="ssd", serial=f"DISQUE-{rank}") for rank in (1, 2)]
    return media.add(wanted, by=logistics)


def tried(medium, by, **values):
    one = media.Try(**({"medium": medium, "done_on": today(), "agent": AGENT} | values))
    return media.sanitise([one], by=by)[0]


def test_a_device_with_two_disks_waits_for_both(devices, disks, logistics):
    assert media_state(devices[0]) == MediaState.TO_ERASE
    tried(disks[0], logistics)
    assert media_state(devices[0]) == MediaState.TO_ERASE
    tried(disks[1], logistics)
    assert media_state(devices[0]) == MediaState.DONE


def test_a_failed_try_is_kept_and_blocks_until_another_succeeds(devices, disks, logistics):
    media.remove(disks[1:], on=today(), by=logistics)
    tried(disks[0], logistics)
    tried(disks[0], logistics, outcome=SanitisationOutcome.FAILED)
    assert media_state(devices[0]) == MediaState.FAILED
    tried(disks[0], logistics)
    assert media_state(devices[0]) == MediaState.DONE
    outcomes = Sanitisation.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["reussi", "echoue", "reussi"]
    assert JournalEntry.objects.filter(event="effacement_echoue").count() == 1


def test_of_two_tries_of_one_day_the_later_counts_whatever_the_order_of_the_files(devices, disks, logistics):
    media.remove(disks[1:], on=today(), by=logistics)
    day = today() - datetime.timedelta(days=1)
    early = timezone.make_aware(datetime.datetime.combine(day, datetime.time(8)))
    late = early + datetime.timedelta(hours=3)
    tried(disks[0], logistics, done_on=day, ended_at=late)
    tried(disks[0], logistics, done_on=day, ended_at=early, outcome=SanitisationOutcome.FAILED)
    assert media_state(devices[0]) == MediaState.DONE


def test_what_is_removed_or_destroyed_no_longer_blocks(devices, disks, logistics):
    media.remove(disks[:1], on=today(), by=logistics, words="gardé à l’atelier")
    media.destroy(disks[1:], on=today(), agent=AGENT, by=logistics)
    assert media_state(devices[0]) == MediaState.DONE
    assert "détruits" in str(reasons(lambda: tried(Medium.objects.get(pk=disks[1].pk), logistics)))
    kinds = DeviceEvent.objects.filter(device=devices[0]).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["entre", "support", "support", "support_retire", "support_detruit"]


def test_a_device_without_a_list_of_media_gets_one_when_it_is_erased(devices, logistics):
    assert media_state(devices[0]) == MediaState.NOT_LISTED
    (proof,) = media.erase(
        devices[:1], done_on=today(), agent=AGENT, technique=SanitisationTechnique.CRYPTO, by=logistics
    )
    assert (proof.medium.kind, proof.method, media_state(devices[0])) == (
        "non_precise",
        SanitisationMethod.PURGE,
        MediaState.DONE,
    )


def test_a_device_without_data_needs_nothing(logistics):
    (screen,) = entered(1, by=logistics, prefix="ECRAN", holds_data=False)
    assert media_state(screen) == MediaState.NO_DATA
    media.add([media.NewMedium(device=screen, kind="carte")], by=logistics)
    assert media_state(screen) == MediaState.TO_ERASE


def test_a_disk_stands_in_one_device(devices, disks, logistics):
    again = [media.NewMedium(device=devices[1], serial="disque 1")]
    assert "est déjà dans l’appareil" in str(reasons(lambda: media.add(again, by=logistics)))
    media.remove(disks[:1], on=today(), by=logistics)
    assert media.add(again, by=logistics)[0].device == devices[1]


def test_two_certificates_of_one_disk_are_both_kept_and_the_same_file_once(disks, logistics):
    tried(disks[0], logistics, certificate="C-1", sha256="a" * 64)
    tried(disks[0], logistics, certificate="C-2", sha256="b" * 64)
    assert "déjà enregistré" in str(reasons(lambda: tried(disks[0], logistics, sha256="a" * 64)))
    assert Sanitisation.objects.filter(medium=disks[0]).count() == 2


def test_120_lines_with_one_wrong_write_nothing(logistics):
    found = entered(120, by=logistics)
    made = media.add([media.NewMedium(device=device) for device in found], by=logistics)
    tries = [media.Try(medium=one, done_on=today(), agent=AGENT) for one in made]
    tries[57] = media.Try(medium=made[57], done_on=today() + datetime.timedelta(days=1), agent=AGENT)
    assert "futur" in str(reasons(lambda: media.sanitise(tries, by=logistics)))
    assert Sanitisation.objects.count() == 0


def test_120_devices_are_erased_in_as_many_queries_as_one(logistics, django_assert_max_num_queries):
    for count in (1, 120):
        found = entered(count, by=logistics, prefix=f"LOT{count}")
        with django_assert_max_num_queries(22):
            media.erase(found, done_on=today(), agent=AGENT, by=logistics)
    assert Sanitisation.objects.count() == 121


def test_what_has_left_is_no_longer_written_about(devices, term, logistics):
    items = reserving.reserve(term, devices[:1], by=logistics)
    media.erase(devices[:1], done_on=today(), agent=AGENT, by=logistics)
    HandoverFactory(act=term.act).items.set(items)
    new = [media.NewMedium(device=devices[0])]
    assert "a déjà été remis" in str(reasons(lambda: media.add(new, by=logistics)))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"certificate": "C" * 81}, "Numéro de certificat"),
        ({"technique": "magie"}, "Technique"),
        ({"tool": "o" * 90}, "Outil"),
        ({"agent": "  "}, "Indiquez l’agent"),
    ],
)
def test_a_try_that_no_row_can_hold_is_refused_and_nothing_is_cut(disks, logistics, values, told):
    assert told in " ".join(reasons(lambda: tried(disks[0], logistics, **values)))
    assert Sanitisation.objects.count() == 0


def test_a_medium_whose_serial_is_too_long_is_refused(devices, logistics):
    new = [media.NewMedium(device=devices[0], serial="9" * 81)]
    assert "Numéro de série" in " ".join(reasons(lambda: media.add(new, by=logistics)))


def test_the_journal_says_who_erased_and_how_where_all_share_it(disks, logistics):
    tries = [
        media.Try(medium=one, done_on=today(), agent=AGENT, technique=technique)
        for one, technique in zip(disks, ("ecrasement", "blocs"), strict=True)
    ]
    media.sanitise(tries, by=logistics)
    line = JournalEntry.objects.get(event="donnees_effacees")
    assert line.personal.data == {"agent": AGENT}
    assert '"methode"' not in line.payload
    assert '"date"' in line.payload


def test_no_journal_names_who_worked_for_another(devices, disks, term, logistics):
    """One disk of a reserved device, one of a device in stock, erased in one send by two people."""
    reserving.reserve(term, devices[1:2], by=logistics)
    (other,) = media.add([media.NewMedium(device=devices[1])], by=logistics)
    people = {disks[0].pk: "Alix (fictif)", other.pk: "Camille (fictif)"}
    tries = [media.Try(medium=one, done_on=today(), agent=people[one.pk]) for one in (disks[0], other)]
    media.sanitise(tries, by=logistics)
    told = JournalEntry.objects.filter(event="donnees_effacees").select_related("personal")
    assert {line.convention_id: line.personal.data["agent"] for line in told} == {
        None: "Alix (fictif)",
        term.act.convention_id: "Camille (fictif)",
    }
