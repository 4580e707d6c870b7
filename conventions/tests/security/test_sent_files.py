"""What an association sends is never a program; what anybody sends is weighed before it is read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conventions.models import Attachment
from conventions.tests import attacks
from conventions.tests import factories as f
from conventions.tests.domain.acts.scans.test_reading import with_attachment, with_script
from conventions.tests.factories.documents import small_pdf
from conventions.tests.factories.people import days_from_today
from conventions.tests.portal.reading import main

pytestmark = pytest.mark.django_db
HOSTILE = {
    "script": (with_script, "Ce PDF contient un script."),
    "file inside": (with_attachment, "Ce PDF contient des fichiers joints."),
    "password": (lambda: attacks.encrypt(small_pdf("Bilan"), user="ouvrir"), "protégé par un mot de passe"),
    "bomb": (attacks.bomb, "abîmé"),
    "cut": (lambda: b"%PDF-1.7\n1 0 obj", "abîmé"),
}


@pytest.fixture
def president():
    return f.PresidentFactory(partner=f.PartnerFactory(name="Association Banian (fictif)"))


@pytest.fixture
def addresses(president):
    """{what is sent: (address, the other fields)}"""
    partner = president.mandates.get().partner
    convention = f.ConventionFactory(
        partner=partner, act="signe", act__obligations=[{"due_on": days_from_today(10)}]
    )
    obligation = convention.acts.get().obligation_set.get()
    person = {"first_name": "Nadia", "last_name": "TEIN", "title": "présidente", "email": "nadia@exemple.invalid",
              "mandate_start": days_from_today(0).isoformat()}  # fmt: skip
    return {
        "report": (reverse("portal:report", args=[convention.slug, obligation.pk]), {"note": "gardé"}),
        "rib": (reverse("portal:bank", args=[convention.slug]), {"holder": "gardé"}),
        "proof": (reverse("portal:president", args=[partner.slug]), person | {"phone": "gardé"}),
    }


@pytest.mark.parametrize("sort", ["report", "rib", "proof"])
@pytest.mark.parametrize(("make", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pdf_is_refused_in_words_and_the_rest_kept(
    as_role, president, addresses, sort, make, message
):
    url, fields = addresses[sort]
    page = as_role(president).post(url, fields | {"file": SimpleUploadedFile("piece.pdf", make())})
    assert message in main(page)
    assert "gardé" in page.content.decode()
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("sort", ["report", "rib", "proof"])
def test_sound_pdf_is_kept_whole(as_role, president, addresses, sort):
    url, fields = addresses[sort]
    content = small_pdf("Une pièce")
    answer = as_role(president).post(url, fields | {"file": SimpleUploadedFile("piece.pdf", content)})
    assert (answer.status_code, Attachment.objects.get().size) == (302, len(content))


HEAVY = {"content_type": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(41 * 2**20)}


@pytest.mark.parametrize("who", ["anonymous", "president"])
def test_heavy_body_is_refused_before_it_is_read(as_role, who):
    client = Client() if who == "anonymous" else as_role("president")
    for name in ("portal:sign_in", "public:verify_file", "admin:login", "portal:me"):
        answer = client.post(reverse(name), b"", **HEAVY)
        assert (answer.status_code, "trop lourd" in answer.content.decode().lower()) == (413, True)


def test_body_of_staff_is_weighed_by_its_form(as_role):
    assert as_role("gestionnaire").post(reverse("admin:mail_preferences"), b"", **HEAVY).status_code != 413
