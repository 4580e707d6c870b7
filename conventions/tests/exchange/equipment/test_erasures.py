"""Two hundred certificates matched by serial: each file is listed with what it will be; failed tries are kept."""

import datetime
import json
import time
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from conventions.domain.equipment import media
from conventions.domain.foundation.refusals import Refused
from conventions.enums import Role
from conventions.equipment_enums import (
    MediaState,
    SanitisationOutcome,
    SanitisationSource,
    SanitisationTechnique,
)
from conventions.exchange.equipment import erasures
from conventions.exchange.equipment.matching import Fate, plan
from conventions.models import Attachment, Device, Sanitisation
from conventions.tests import factories as f
from conventions.tests.exchange.equipment.test_certificates import ENDED, archive, report
from conventions.tests.factories import small_pdf

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
    return {one.file: one.fate for one in plan(row.content["files"]).files}


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
    [one] = plan(row.content["files"], only=other).files
    assert one.fate == Fate.REFUSED
    assert "autre appareil" in one.why
    assert plan(row.content["files"], only=medium.device).going


def test_serial_of_a_device_with_listed_disks_says_which_to_ask(by):
    device = f.DeviceFactory(serial="PCPC0001")
    disk("AAAA1", by, device)
    [one] = plan(erasures.receive([file("PCPC0001")], by=by).content["files"]).files
    assert one.fate == Fate.REFUSED


def test_o_for_zero_is_said_and_never_taken(by):
    f.DeviceFactory(serial="5CGO291X")
    [one] = plan(erasures.receive([file("5CG0291X")], by=by).content["files"]).files
    assert one.fate == Fate.UNKNOWN
    assert "ressemble" in one.why


def test_destroyed_medium_takes_no_certificate(by):
    medium = disk("AAAA1", by)
    media.destroy([medium], on=medium.recorded_at.date(), agent="Ana", by=by)
    [one] = plan(erasures.receive([file("AAAA1")], by=by).content["files"]).files
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
        assert len(plan(row.content["files"]).going) == 200
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


def test_pdf_in_an_archive_is_joined_to_the_try_of_its_serial(by):
    medium = disk("WD-WCC4N", by)
    files = {"WD-WCC4N.json": file("WD-WCC4N")[1], "certificat_WD-WCC4N (1).pdf": small_pdf("Effacement")}
    row = erasures.receive([("lot.zip", archive(**files))], by=by)
    assert set(fates(row).values()) == {Fate.MATCHED}
    assert not erasures.plan_of(row).asks_day
    erasures.confirm(row, by=by)
    [proof] = Sanitisation.objects.select_related("attachment")
    assert (proof.medium, proof.source) == (medium, SanitisationSource.NWIPE)
    assert (proof.attachment.device, proof.attachment.pending) == (medium.device, False)
    assert set(fates(row).values()) == {Fate.KNOWN}


def test_pdf_alone_is_a_try_whose_day_a_person_says(by):
    medium = disk("AAAA-1", by)
    telephone = f.DeviceFactory(serial="IMEI35693803")
    files = [("eff AAAA-1.pdf", small_pdf("Un")), ("IMEI35693803.pdf", small_pdf("Deux"))]
    row = erasures.receive([*files, ("certificat.pdf", small_pdf("Trois"))], by=by)
    assert fates(row) == {
        "eff AAAA-1.pdf": Fate.MATCHED, "IMEI35693803.pdf": Fate.MATCHED, "certificat.pdf": Fate.UNKNOWN,
    }  # fmt: skip
    with pytest.raises(Refused, match="dites le jour"):
        erasures.confirm(row, by=by)
    assert Sanitisation.objects.count() == 0
    day = timezone.localdate() - datetime.timedelta(days=2)
    erasures.confirm(row, by=by, done_on=day, agent="Camille (fictif)", outcome=SanitisationOutcome.FAILED)
    found = Sanitisation.objects.order_by("pk")
    assert [(one.medium.device, one.done_on, one.outcome, one.source) for one in found] == [
        (device, day, SanitisationOutcome.FAILED, SanitisationSource.CERTIFICATE)
        for device in (medium.device, telephone)
    ]
    assert all(one.attachment.device_id == one.medium.device_id for one in found)


def test_pdf_that_does_not_open_is_refused_alone(by):
    disk("AAAA1", by)
    row = erasures.receive([("AAAA1.pdf", b"%PDF-1.4 rien"), file("AAAA1")], by=by)
    assert fates(row) == {"AAAA1.pdf": Fate.REFUSED, "AAAA1.json": Fate.MATCHED}
    assert Attachment.objects.count() == 0


def test_certificate_of_another_device_is_refused_on_the_page_of_one(by):
    own, other = disk("AAAA1", by), disk("BBBB2", by)
    files = [file("AAAA1"), file("BBBB2"), ("BBBB2.pdf", small_pdf("Un")), ("scan.pdf", small_pdf("Deux"))]
    row = erasures.receive(files, by=by, device=own.device)
    found = {one.file: one for one in erasures.plan_of(row).files}
    assert found["AAAA1.json"].fate == Fate.MATCHED
    assert {found[name].fate for name in ("BBBB2.json", "BBBB2.pdf")} == {Fate.REFUSED}
    assert "autre appareil" in found["BBBB2.json"].why
    assert found["scan.pdf"].fate == Fate.REFUSED  # its disk has a serial: the name must say it
    assert "dans le nom du PDF" in found["scan.pdf"].why
    bare = f.DeviceFactory()
    row = erasures.receive([("scan.pdf", small_pdf("Trois"))], by=by, device=bare)
    erasures.confirm(row, by=by, done_on=timezone.localdate())
    assert Sanitisation.objects.get().medium.device == bare
    assert not other.sanitisations.exists()


def test_pdf_waits_for_who_sent_it(by):
    disk("AAAA1", by)
    row = erasures.receive([("AAAA1.pdf", small_pdf("Un"))], by=by)
    another = f.UserFactory(role=Role.LOGISTICS)
    with pytest.raises(PermissionDenied):
        erasures.confirm(row, by=another, done_on=timezone.localdate())
    assert Sanitisation.objects.count() == 0
