"""What is said to who looks after the site: at start, on the page « Sceau », in « À faire », by the commands."""

import datetime
import shutil

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.utils import timezone

from conventions.domain import worklist
from conventions.domain.documents import sealing
from conventions.domain.documents.sealing import authority
from conventions.tests import online
from conventions.tests.factories import SealedRevisionFactory, UserFactory

pytestmark = pytest.mark.django_db


def near_the_end(days: int) -> datetime.datetime:
    return sealing.seal_key().expires_at - datetime.timedelta(days=days, hours=-1)


def test_nothing_is_said_while_all_is_well():
    assert sealing.warnings() == []


def test_nothing_is_said_before_the_first_seal(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert sealing.warnings() == []


def test_certificate_that_expires_is_told_sixty_days_before_with_what_to_do():
    import time_machine

    with time_machine.travel(near_the_end(60), tick=False):
        (warning,) = sealing.warnings()
    assert "expire le" in warning
    assert "manage.py sceau --renouveler" in warning
    with time_machine.travel(near_the_end(62), tick=False):
        assert sealing.warnings() == []


def test_key_that_was_lost_is_told(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    SealedRevisionFactory()
    (warning,) = sealing.warnings()
    assert "a disparu" in warning


def test_alert_waits_for_superusers_alone(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    SealedRevisionFactory()
    today = timezone.localdate()
    found = {
        who: [section.code for section in worklist.sections(user, today=today, mine=False)]
        for who, user in {"root": UserFactory(superuser=True), "other": UserFactory(role="juriste")}.items()
    }
    assert "sceau" in found["root"]
    assert "sceau" not in found["other"]


def test_start_says_that_a_configured_certificate_is_missing(settings):
    settings.SEAL_CERTIFICATE = "/nulle/part.pem"
    (fault,) = sealing.check_settings(None)
    assert (fault.id, fault.is_serious()) == ("conventions.E001", True)
    assert "/nulle/part.pem est absent" in fault.msg


def test_start_says_that_a_key_is_readable_by_others(settings, tmp_path):
    for name in ("sceau.pem", "sceau.key"):
        shutil.copy(online.keys() / name, tmp_path / name)
    (tmp_path / "sceau.key").chmod(0o644)
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = str(tmp_path / "sceau.pem"), str(tmp_path / "sceau.key")
    assert [fault.id for fault in sealing.check_settings(None)] == ["conventions.W001"]
    (tmp_path / "sceau.key").chmod(0o400)
    assert sealing.check_settings(None) == []


def test_start_says_nothing_without_configuration():
    assert sealing.check_settings(None) == []


def test_page_shows_the_certificate_to_a_lawyer_and_never_its_key(as_role):
    page = as_role("juriste").get("/admin/sceau/").content.decode()
    assert sealing.seal_key().fingerprint in page
    assert "PRIVATE KEY" not in page
    assert as_role("lecture").get("/admin/sceau/").status_code == 403


def test_page_lists_the_last_seals(as_role):
    row = SealedRevisionFactory()
    assert str(row.document) in as_role("superuser").get("/admin/sceau/").content.decode()


def test_command_shows_and_renews(capsys):
    before = sealing.seal_key().fingerprint
    call_command("sceau")
    assert before in capsys.readouterr().out
    call_command("sceau", renouveler=True)
    assert before not in capsys.readouterr().out


def test_command_makes_a_new_authority_only_where_none_is(settings, tmp_path):
    with pytest.raises(CommandError, match="ses clés servent encore"):
        call_command("sceau", nouvelle_autorite=True)
    settings.DATA_DIR = tmp_path
    SealedRevisionFactory()
    call_command("sceau", nouvelle_autorite=True)
    assert (authority.embedded_folder() / "autorite.pem").exists()


def test_command_gives_the_verdict_of_a_file(tmp_path, capsys):
    from conventions.tests.factories import DocumentFactory
    from conventions.tests.factories.documents import small_pdf

    DocumentFactory(act__state="a_signer", kind="scan", pdf=small_pdf("Scan"))
    good, bad = tmp_path / "bon.pdf", tmp_path / "autre.pdf"
    good.write_bytes(small_pdf("Scan"))
    bad.write_bytes(small_pdf("Autre"))
    call_command("verifier_pdf", str(good))
    assert "Document connu, sans sceau" in capsys.readouterr().out
    with pytest.raises(CommandError) as refusal:
        call_command("verifier_pdf", str(good), str(bad))
    assert refusal.value.returncode == 1


def test_deployment_without_an_authority_is_warned_and_nothing_else_is(settings):
    settings.TSA_URL = ""
    assert [row.id for row in sealing.check_time_stamps(None)] == ["conventions.W002"]
    assert not any("horodatage" in str(row) for row in run_checks())
    settings.TSA_URL = "https://horodatage.example/"
    assert sealing.check_time_stamps(None) == []
