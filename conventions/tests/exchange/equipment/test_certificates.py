"""Certificates of erasure, alone and by hundreds: what they say is kept, nothing made up, each fault named."""

import datetime
import io
import json
import zipfile

import pytest

from conventions.exchange.equipment import certificates
from conventions.exchange.equipment.certificates import (
    Sent,
    UnreadableCertificate,
    read_certificates,
    unpacked,
)

TODAY = datetime.date(2026, 11, 30)
ENDED = int(datetime.datetime(2026, 11, 3, 20, 30, tzinfo=datetime.UTC).timestamp())


def report(serial="WD-WX11A1234567", *, device=None, result=None, **parts) -> dict:
    """What nwipe writes for one disk (fictif)."""
    return {
        "report_metadata": {"generated_at": "2026-11-04 07:31:00", "software": "nwipe", "version": "0.39"},
        "organization": {"business_name": "OPT-NC (fictif)", "op_tech_name": "Ana WÉA (fictif)"},
        "device": {"name": "/dev/sdb", "model": "WDC WD5000", "serial_no": serial, "size_bytes": 500107862016,
                   "size_text": "500GB"} | (device or {}),
        "wipe_result": {"status": "success", "rounds_requested": 3, "pass_errors": 0, "verify_errors": 0,
                        "start_time": ENDED - 9000, "end_time": ENDED, "duration_seconds": 9000} | (result or {}),
    } | parts  # fmt: skip


def sent(content, name="disque.json") -> Sent:
    return Sent(name, content if isinstance(content, bytes) else json.dumps(content).encode())


def read(content):
    [found] = read_certificates(sent(content), today=TODAY)
    return found


def archive(**files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def test_certificate_says_what_the_file_says():
    found = read(report())
    assert (found.serial, found.key) == ("WD-WX11A1234567", "WDWX11A1234567")
    assert found.succeeded
    assert found.done_on == datetime.date(2026, 11, 4)  # in Nouméa
    assert (found.tool, found.tool_version, found.size_bytes) == ("nwipe", "0.39", 500107862016)
    assert found.agent == "Ana WÉA (fictif)"
    assert "WÉA" not in json.dumps(found.raw, ensure_ascii=False)
    assert not hasattr(found, "method")


@pytest.mark.parametrize(
    "result",
    [
        {"pass_errors": 2},
        {"verify_errors": 1},
        {"verify_errors": "1"},
        {"status": "failed"},
        {"status": "aborted"},
    ],
)
def test_success_with_errors_is_a_failure(result):
    found = read(report(result=result))
    assert not found.succeeded
    assert found.why


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding_is_read(codec):
    content = json.dumps(report(device={"model": "Disque à mémoire"}), ensure_ascii=False).encode(codec)
    assert read(content).model == "Disque à mémoire"


def test_list_of_reports_is_several_certificates():
    found = read_certificates(sent([report("AAAA1"), report("BBBB2")]), today=TODAY)
    assert [one.key for one in found] == ["AAAA1", "BBBB2"]
    assert found[0].sha256 != found[1].sha256


TWICE = b'{"device": {"serial_no": "AAAA1", "serial_no": "BBBB2"}, "wipe_result": {"status": "success"}}'
FAULTS = {
    "duplicate key": (TWICE, "deux fois"),
    "no serial": (report(""), "numéro de série"),
    "placeholder": (report("Default string"), "numéro de série"),
    "serial rounded": (report("3.56E+14"), "numéro de série"),
    "no end": (report(result={"end_time": None}, report_metadata={}), "quand"),
    "to come": (report(result={"end_time": ENDED + 90 * 86400}), "futur"),
    "status unknown": (report(result={"status": "paused"}), "paused"),
    "no status": (report(result={"status": None}), "réussi"),
    "no count of errors": (report(result={"pass_errors": None}), "erreurs"),
    "negative errors": (report(result={"pass_errors": -1}), "erreurs"),
    "not nwipe": ({"a": 1}, "nwipe"),
    "a number": (3, "nwipe"),
    "nothing": ([], "aucun rapport"),
    "cut": (json.dumps(report()).encode()[:-40], "abîmé"),
    "not a number": (b'{"device": {"size_bytes": NaN}}', "NaN"),
    "huge number": (b'{"device": {"size_bytes": ' + b"9" * 5000 + b"}}", "impossible"),
    "deep": (b"[" * 200_000, "nwipe"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x01\x02" * 40, "JSON"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_said(name):
    content, said = FAULTS[name]
    with pytest.raises(UnreadableCertificate) as refusal:
        read_certificates(sent(content), today=TODAY)
    assert said in str(refusal.value)


def test_one_megabyte_is_read_and_more_than_two_is_not():
    big = report(notes="x" * 1_000_000)
    assert read(big).key == "WDWX11A1234567"
    [found] = unpacked([("a.json", b" " * (certificates.MAX_JSON + 1))])
    assert "Dépasse" in found.fault


def test_archive_gives_each_file_and_names_what_is_none():
    content = archive(
        **{
            "lot/a.json": json.dumps(report("AAAA1")),
            "lot/a.pdf": b"%PDF-1.7",
            "__MACOSX/lot/._a.json": "x",
            "lot/.DS_Store": "x",
            "lot/interne.zip": archive(b="c"),
            "lot/trop.json": b"1" * (certificates.MAX_JSON + 1),
        }
    )
    found = {one.name: one.fault for one in unpacked([("lot.zip", content)])}
    assert set(found) == {"a.json", "a.pdf", "interne.zip", "trop.json"}
    assert found["a.json"] == found["a.pdf"] == ""
    assert "à part" in found["interne.zip"]
    assert "Dépasse" in found["trop.json"]


def test_bombs_are_refused_whole():
    bomb = archive(**{f"{n}.bin": b"0" * (10 << 20) for n in range(22)})
    with pytest.raises(UnreadableCertificate, match="une fois ouverte"):
        list(unpacked([("bombe.zip", bomb)]))
    many = archive(**{f"{n}.json": "1" for n in range(2_001)})
    with pytest.raises(UnreadableCertificate, match="plus de 2000"):
        list(unpacked([("foule.zip", many)]))
    with pytest.raises(UnreadableCertificate, match="abîmée"):
        list(unpacked([("cut.zip", archive(a="b" * 500)[:-30])]))
