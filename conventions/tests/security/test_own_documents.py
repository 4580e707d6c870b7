"""A document that the application made comes back as a paper, whoever sends it, if not one of its bytes changed."""

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conventions.domain import publication
from conventions.domain.acts.paper.copies import print_copies
from conventions.domain.documents import attachments, storage
from conventions.domain.foundation import pdf_sandbox
from conventions.enums import DocumentKind
from conventions.models import Attachment, Document, KeptFile
from conventions.tests import attacks, online
from conventions.tests import factories as f
from conventions.tests.domain.acts import test_handover as handovers
from conventions.tests.domain.acts.scans.test_reading import with_attachment
from conventions.tests.factories.people import days_from_today
from conventions.tests.portal.reading import main
from conventions.tests.portal.sending.test_kept_file import kept_key
from conventions.tests.public.kimonos import kimonos

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
REFUSAL = "fichiers joints"


@pytest.fixture
def president():
    """Of an association that has nothing to do with the documents it sends."""
    return f.PresidentFactory(partner=f.PartnerFactory(name="Association Banian (fictif)"))


@pytest.fixture
def doors(president):
    """{what is sent: (address, the other fields)} of the space."""
    partner = president.mandates.get().partner
    convention = f.ConventionFactory(
        partner=partner,
        act="signe",
        act__number="2025-001",
        act__obligations=[{"due_on": days_from_today(10)}],
    )
    obligation = convention.acts.get().obligation_set.get()
    person = {"first_name": "Nadia", "last_name": "TEIN", "title": "présidente", "email": "nadia@exemple.invalid",
              "mandate_start": days_from_today(0).isoformat()}  # fmt: skip
    return {
        "report": (reverse("portal:report", args=[convention.slug, obligation.pk]), {"note": ""}),
        "rib": (reverse("portal:bank", args=[convention.slug]), {"holder": "Association Banian"}),
        "proof": (reverse("portal:president", args=[partner.slug]), person),
    }


def frozen(_at) -> Document:
    return online.frozen_act(act__path="papier").frozen_document


def copies(_at) -> Document:
    act = online.frozen_act(act__path="papier")
    return print_copies(act, by=f.UserFactory(role="gestionnaire"))


def public(_at) -> Document:
    return publication.publish(
        f.ConventionFactory(act="signe"), by=f.UserFactory(role="communication")
    ).document


def reconstitution(_at) -> Document:
    return publication.publish(kimonos(), by=f.UserFactory(role="communication")).document


def press(_at) -> Document:
    communication, convention = f.UserFactory(role="communication"), f.ConventionFactory(act="signe")
    publication.publish(convention, by=communication)
    release = publication.draft_press_release(by=communication, convention=convention)
    return publication.publish_press_release(release, by=communication).document


def record_of_handover(at) -> Document:
    logistics = f.UserFactory(role="logistique")
    act = f.ActFactory(state="signe", equipment=[{"nature": "ordinateur", "quantity": 1}])
    with at(2026, 2, 20, 9):
        (item,) = handovers.handover.set_aside(act.equipmentterm_set.get(), [("SN-1", "")], by=logistics)
    with at(2026, 3, 2, 9):
        handovers.erase(item, logistics)
        return handovers.hand_over(act, [item], logistics).document


MADE = [frozen, copies, public, reconstitution, press, record_of_handover]


def post(client, door, content: bytes, **more):
    address, fields = door
    file = {"file": SimpleUploadedFile("acte.pdf", content)} if content else {}
    return client.post(address, fields | file | more)


@pytest.mark.parametrize("make", MADE, ids=[make.__name__ for make in MADE])
def test_document_we_made_comes_back_as_a_paper(as_role, president, doors, at, make):
    document = make(at)
    content = storage.read_bytes(document)
    answer = post(as_role(president), doors["report"], content)
    row = Attachment.objects.get(uploaded_by=president)
    assert (answer.status_code, row.sha256) == (302, document.sha256)
    with storages["private"].open(row.storage_name) as kept:
        assert kept.read() == content


@pytest.mark.parametrize("door", ["report", "rib", "proof"])
def test_own_act_is_accepted_at_every_door_and_a_changed_one_refused(as_role, president, doors, door):
    content = storage.read_bytes(frozen(None))
    client = as_role(president)
    for changed in (attacks.flip_a_byte(content), attacks.append_bytes(content), attacks.attach(content)):
        page = post(client, doors[door], changed)
        assert (REFUSAL in main(page), "tel que vous l’avez reçu" in main(page)) == (True, True)
    assert (Attachment.objects.count(), KeptFile.objects.count()) == (0, 0)
    assert post(client, doors[door], content).status_code == 302
    assert Attachment.objects.get().uploaded_by == president


def test_own_act_is_kept_with_an_incomplete_form_then_sent(as_role, president, doors):
    content, client = storage.read_bytes(frozen(None)), as_role(president)
    page = post(client, doors["rib"], content, holder="")
    assert "« acte.pdf » est gardé." in main(page)
    assert post(client, doors["rib"], b"", kept=kept_key(page)).status_code == 302
    assert Attachment.objects.get().size == len(content)


def test_own_act_is_filed_by_staff(as_role):
    content, partner = storage.read_bytes(frozen(None)), f.PartnerFactory()
    door = (reverse("admin:partner_files", args=[partner.pk]), {"kind": "autre", "title": "Reçu"})
    assert post(as_role("gestionnaire"), door, content).status_code == 302
    assert partner.attachments.get().size == len(content)


def test_answer_is_the_same_to_a_party_and_to_a_stranger(as_role, president, doors):
    act = online.frozen_act(act__path="papier", partner=president.mandates.get().partner)
    content = storage.read_bytes(act.frozen_document)
    stranger = f.PresidentFactory()
    theirs = f.ConventionFactory(partner=stranger.mandates.get().partner, act="signe", act__number="2025-002")
    door = (reverse("portal:bank", args=[theirs.slug]), doors["rib"][1])
    own, others = post(as_role(president), doors["rib"], content), post(as_role(stranger), door, content)
    assert (own.status_code, others.status_code) == (302, 302)
    told = [
        main(client.get(page["Location"])) for client, page in ((own.client, own), (others.client, others))
    ]
    assert ["Votre RIB est envoyé (PDF, " in page for page in told] == [True, True]
    assert act.convention.title not in told[1]


def test_scan_that_was_filed_is_inspected_as_any_other_file(as_role, president, doors):
    """Kept in the register too, by its hash, but it came from outside."""
    content = with_attachment()
    f.DocumentFactory(kind=DocumentKind.SCAN, pdf=content)
    assert REFUSAL in main(post(as_role(president), doors["report"], content))


def test_own_document_is_hashed_once_and_opened_by_nobody(president, doors, monkeypatch):
    content, hashed = storage.read_bytes(frozen(None)), []
    sha256 = attachments.hashlib.sha256
    monkeypatch.setattr(pdf_sandbox, "CHILD", "/nulle/part.py")

    def spied(given=b"", **options):
        hashed.extend([given] if given == content else [])
        return sha256(given, **options)

    monkeypatch.setattr(attachments.hashlib, "sha256", spied)
    received = attachments.inspect(SimpleUploadedFile("acte.pdf", content))
    attachments.file_upload(received, by=president, partner=president.mandates.get().partner)
    assert len(hashed) == 1


def test_register_is_read_in_two_queries_at_most(django_assert_num_queries):
    document = f.DocumentFactory()
    with django_assert_num_queries(2):
        assert storage.is_made_here(document.sha256)
    with django_assert_num_queries(2):
        assert not storage.is_made_here("0" * 64)
