"""The certificate of the seal: made by the application, or given by setting; each fault a French sentence."""

import datetime
import io
import multiprocessing
import stat

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conventions.domain.documents import sealing
from conventions.domain.documents.sealing import authority
from conventions.tests import online
from conventions.tests.factories import SealedRevisionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pem(settings, tmp_path):
    """A purchased certificate: leaf and issuer in one PEM file, the key in another."""
    folder = online.keys()
    chain = tmp_path / "chaine.pem"
    chain.write_bytes((folder / "sceau.pem").read_bytes() + (folder / "autorite.pem").read_bytes())
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = str(chain), str(folder / "sceau.key")
    return tmp_path


def test_embedded_key_is_private_and_issued_by_its_own_authority():
    key, folder = sealing.seal_key(), authority.embedded_folder()
    assert key.embedded is True
    assert key.certificate.public_key().key_size == 3072
    key.certificate.verify_directly_issued_by(key.anchor)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o400}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_embedded_key_is_made_on_first_use_and_kept(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    first = sealing.seal_key()
    authority.forget()
    assert sealing.seal_key().fingerprint == first.fingerprint


def _create(folder, answers):
    authority.create_embedded(folder)
    answers.put((folder / "sceau.pem").read_bytes())


def test_two_processes_that_start_together_make_one_key(tmp_path):
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    workers = [
        context.Process(target=_create, args=(tmp_path / "donnees" / "sceau", answers)) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    assert answers.get(timeout=60) == answers.get(timeout=60)
    for worker in workers:
        worker.join()
    assert [path.name for path in (tmp_path / "donnees").iterdir() if path.is_dir()] == ["sceau"]


def test_key_lost_on_a_site_that_sealed_is_not_replaced_silently(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    SealedRevisionFactory()
    with pytest.raises(sealing.SealUnavailable, match=r"a disparu.*Restaurez sa sauvegarde"):
        sealing.seal_key()
    assert not (tmp_path / "sceau").exists()


def test_folder_with_a_file_missing_is_told(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    authority.create_embedded(tmp_path / "sceau")
    (tmp_path / "sceau" / "sceau.key").unlink()
    with pytest.raises(sealing.SealUnavailable, match=r"incomplet : sceau\.key"):
        sealing.seal_key()


def test_renewed_certificate_has_the_same_authority(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    before = sealing.seal_key()
    authority.renew_embedded(tmp_path / "sceau")
    after = sealing.seal_key()
    assert after.fingerprint != before.fingerprint
    assert after.anchor == before.anchor
    assert len([path for path in tmp_path.iterdir() if path.name.startswith("sceau-avant-")]) == 1


def test_certificate_expires_soon_sixty_days_before():
    key = sealing.seal_key()
    assert key.expires_soon(at=key.expires_at - datetime.timedelta(days=60)) is True
    assert key.expires_soon(at=key.expires_at - datetime.timedelta(days=61)) is False


def test_certificate_given_in_pem_is_used_with_its_chain(pem):
    key = sealing.seal_key()
    assert (key.embedded, len(key.chain)) == (False, 1)
    assert key.fingerprint == authority.fingerprint(key.certificate)


def test_certificate_given_in_pkcs12_is_opened_by_its_passphrase(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "a"
    own = sealing.seal_key()
    secret = serialization.BestAvailableEncryption(b"phrase")
    bundle = pkcs12.serialize_key_and_certificates(b"sceau", own.key, own.certificate, own.chain, secret)
    (tmp_path / "sceau.p12").write_bytes(bundle)
    settings.SEAL_CERTIFICATE, settings.SEAL_PASSPHRASE = str(tmp_path / "sceau.p12"), "phrase"
    assert sealing.seal_key().fingerprint == own.fingerprint
    settings.SEAL_PASSPHRASE = "fausse"
    with pytest.raises(sealing.SealUnavailable, match="SEAL_PASSPHRASE"):
        sealing.seal_key()


def test_certificate_path_that_leads_nowhere_is_told(settings):
    settings.SEAL_CERTIFICATE = "/nulle/part.pem"
    with pytest.raises(
        sealing.SealUnavailable, match=r"SEAL_CERTIFICATE : le fichier /nulle/part\.pem est absent"
    ):
        sealing.seal_key()


def test_key_of_another_certificate_is_refused(pem, settings):
    settings.SEAL_KEY = str(online.keys() / "autorite.key")
    with pytest.raises(sealing.SealUnavailable, match="n’est pas celle du certificat"):
        sealing.seal_key()


def test_key_protected_without_passphrase_is_told(pem, settings):
    path = pem / "protegee.key"
    key = serialization.load_pem_private_key((online.keys() / "sceau.key").read_bytes(), None)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"phrase"),
        )
    )
    settings.SEAL_KEY = str(path)
    with pytest.raises(sealing.SealUnavailable, match="ne s’ouvre pas"):
        sealing.seal_key()


def test_certificate_that_is_not_rsa_is_refused(settings, tmp_path):
    """A P-256 seal would raise the file to PDF 2.0, out of PDF/A-3."""
    key = ec.generate_private_key(ec.SECP256R1())
    root = serialization.load_pem_private_key((online.keys() / "autorite.key").read_bytes(), None)
    (issuer,) = authority._certificates((online.keys() / "autorite.pem").read_bytes())
    certificate = authority._issued(key, by=issuer, signer=root)
    (tmp_path / "courbe.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "courbe.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = str(tmp_path / "courbe.pem"), str(tmp_path / "courbe.key")
    with pytest.raises(sealing.SealUnavailable, match="clé RSA"):
        sealing.seal_key()


def test_expired_certificate_seals_nothing(at):
    with at(2099, 1, 1, 9), pytest.raises(sealing.SealUnavailable, match="a expiré le"):
        sealing.certify(b"%PDF-1.7")


def test_bytes_that_are_no_pdf_are_not_sealed():
    with pytest.raises(sealing.SealRefused, match="ne peut pas être scellé"):
        sealing.certify(b"%PDF-1.7 and nothing else")


# --- the revocation list ---


def published() -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl(Client().get(reverse("public:verify_revocations")).content)


def test_certificate_names_where_its_authority_publishes_the_list(settings):
    points = sealing.seal_key().certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    (name,) = points.value[0].full_name
    assert name.value == settings.SITE_URL + reverse("public:verify_revocations")


def test_list_is_signed_by_the_authority_and_names_nobody_at_first(at):
    with at(2026, 3, 2, 9, 20):
        found = published()
        later = timezone.now() + datetime.timedelta(days=29)
        assert found.last_update_utc < timezone.now() < later < found.next_update_utc
    assert found.is_signature_valid(sealing.seal_key().anchor.public_key())
    assert list(found) == []


def test_stolen_key_joins_the_list_and_stays_in_it(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    former = sealing.seal_key()
    assert list(published()) == []
    call_command("sceau", "--cle-volee", stdout=io.StringIO())
    call_command("sceau", "--renouveler", stdout=io.StringIO())
    assert [row.serial_number for row in published()] == [former.certificate.serial_number]
    assert stat.S_IMODE((tmp_path / "sceau" / "revoques.txt").stat().st_mode) == 0o400


def test_site_without_an_authority_of_its_own_has_no_list(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert Client().get(reverse("public:verify_revocations")).status_code == 404
