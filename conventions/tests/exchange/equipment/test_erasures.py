"""Two hundred certificates matched by serial: each file is listed with what it will be; failed tries are kept."""

import json
import time
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from conventions.domain.equipment import media
from conventions.domain.foundation.refusals import Refused
from conventions.enums import Role
from conventions.equipment_enums import MediaState, SanitisationTechnique
from conventions.exchange.equipment import erasures
from conventions.exchange.equipment.erasures import Fate
from conventions.models import Device, Sanitisation
from conventions.tests import factories as f
from conventions.tests.exchange.equipment.test_certificates import ENDED, archive, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return f.UserFactory(role=Role.LOGISTICS, email="logistique@exemple.nc")


def file(serial: str, **result) -> tuple[str, bytes]:
    return f"{serial}.json", json.dumps(report(serial, result=result)).encode()


def disk(serial: str, by, device=None):
    device = device or f.DeviceFactory()
    [medium] = media.add([media.NewMedium(device=device, kind="disque", serial=serial)], by=by)
    return medium


def fates(row) -> dict:
    return {one.file: one.fate for one in erasures.plan(row.content["files"]).files}


def test_each_file_is_listed_and_what_matches_is_kept(by):
    first, second = disk("AAAA1", by), disk("BBBB2", by)
    telephone = f.DeviceFactory(serial="IMEI35693803")
    files = [
        file("AAAA1"),
        file("BBBB2", verify_errors=3),
        file("IMEI35693803"),
        file("ZZZZ9"),
        ("x.json", b"{"),
    ]
    row = erasures.receive([("lot.zip", archive(**dict(files)))], by=by)
    assert fates(row) == {
        "AAAA1.json": Fate.MATCHED, "BBBB2.json": Fate.FAILED, "IMEI35693803.json": Fate.MATCHED,
        "ZZZZ9.json": Fate.UNKNOWN, "x.json": Fate.REFUSED,
    }  # fmt: skip
    assert Sanitisation.objects.count() == 0
    told = erasures.confirm(row, by=by)
    assert told == "2\u00a0effacements enregistrés, 1\u00a0essai échoué gardé."
    kept = Sanitisation.objects.get(medium=first)
    assert (kept.outcome, kept.technique, kept.source) == ("reussi", SanitisationTechnique.UNKNOWN, "nwipe")
    assert kept.agent == "Ana WÉA (fictif)"
    assert Sanitisation.objects.get(medium=second).outcome == "echoue"
    states = dict(Device.objects.with_media_state().values_list("pk", "media_state"))
    assert states[first.device_id] == states[telephone.pk] == MediaState.DONE
    assert states[second.device_id] == MediaState.FAILED
    again = erasures.receive([file("AAAA1")], by=by)
    assert fates(again) == {"AAAA1.json": Fate.KNOWN}
    with pytest.raises(Refused):
        erasures.confirm(again, by=by)


def test_two_certificates_of_one_disk_are_two_tries_and_one_file_twice_is_one(by):
    medium = disk("AAAA1", by)
    failed, done = file("AAAA1", status="failed", end_time=ENDED - 90000), file("AAAA1")
    row = erasures.receive([("a.json", failed[1]), ("b.json", done[1]), ("c.json", done[1])], by=by)
    assert fates(row) == {"a.json": Fate.FAILED, "b.json": Fate.MATCHED, "c.json": Fate.REFUSED}
    erasures.confirm(row, by=by)
    assert [one.outcome for one in Sanitisation.objects.filter(medium=medium).latest_first()] == [
        "reussi",
        "echoue",
    ]


def test_certificate_of_another_computer_is_refused_on_a_page(by):
    medium, other = disk("AAAA1", by), f.DeviceFactory()
    row = erasures.receive([file("AAAA1")], by=by)
    [one] = erasures.plan(row.content["files"], only=other).files
    assert one.fate == Fate.REFUSED
    assert "autre appareil" in one.why
    assert erasures.plan(row.content["files"], only=medium.device).going


def test_serial_of_a_device_with_listed_disks_says_which_to_ask(by):
    device = f.DeviceFactory(serial="PCPC0001")
    disk("AAAA1", by, device)
    [one] = erasures.plan(erasures.receive([file("PCPC0001")], by=by).content["files"]).files
    assert one.fate == Fate.REFUSED


def test_o_for_zero_is_said_and_never_taken(by):
    f.DeviceFactory(serial="5CGO291X")
    [one] = erasures.plan(erasures.receive([file("5CG0291X")], by=by).content["files"]).files
    assert one.fate == Fate.UNKNOWN
    assert "ressemble" in one.why


def test_destroyed_medium_takes_no_certificate(by):
    medium = disk("AAAA1", by)
    media.destroy([medium], on=medium.recorded_at.date(), agent="Ana", by=by)
    [one] = erasures.plan(erasures.receive([file("AAAA1")], by=by).content["files"]).files
    assert one.fate == Fate.REFUSED


def test_two_hundred_certificates_in_time(by, django_assert_max_num_queries):
    devices = f.DeviceFactory.create_batch(200)
    media.add(
        [media.NewMedium(device=device, serial=f"DISK{n:04d}") for n, device in enumerate(devices)], by=by
    )
    content = archive(**dict(file(f"DISK{n:04d}") for n in range(200)))
    start = time.process_time()
    row = erasures.receive([("lot.zip", content)], by=by)
    with django_assert_max_num_queries(6):
        assert len(erasures.plan(row.content["files"]).going) == 200
    erasures.confirm(row, by=by)
    assert time.process_time() - start < 5
    assert Sanitisation.objects.count() == 200


def test_rights(by):
    row = erasures.receive([file("AAAA1")], by=by)
    reader = f.UserFactory(role=Role.LAWYER)
    for verb in (lambda: erasures.receive([file("A")], by=reader), lambda: erasures.confirm(row, by=reader)):
        with pytest.raises(PermissionDenied):
            verb()


def test_command_says_then_records(by, tmp_path):
    disk("AAAA1", by)
    path = tmp_path / "AAAA1.json"
    path.write_bytes(file("AAAA1")[1])
    out = StringIO()
    call_command("importer_effacements", str(path), "--essai", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["essai"], told["comptes"]) == (True, {"rapproche": 1})
    assert Sanitisation.objects.count() == 0
    with pytest.raises(CommandError, match="--par"):
        call_command("importer_effacements", str(path))
    call_command("importer_effacements", str(path), "--par", by.email, stdout=out)
    assert Sanitisation.objects.count() == 1
