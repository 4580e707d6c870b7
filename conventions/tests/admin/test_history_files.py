"""From a line of the journal to the file as it came, for the staff."""

import pytest

from conventions.domain.acts.paper import signed_copy
from conventions.domain.acts.scans import reprises
from conventions.domain.documents import attachments
from conventions.domain.documents.storage import read_bytes
from conventions.enums import ActState, AttachmentKind, Role
from conventions.models import Attachment, ReceivedFile
from conventions.tests.admin.test_history import history_of
from conventions.tests.domain.acts.scans import overlays
from conventions.tests.domain.acts.scans.scanner import drawn
from conventions.tests.domain.acts.scans.test_beside import with_ink
from conventions.tests.factories import AttachmentFactory, ConventionFactory, PartnerFactory, UserFactory
from conventions.tests.security.test_stored_files import body_of

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def filed_by(door: str, content: bytes):
    """The convention where a scan was filed by this verb."""
    officer = UserFactory(role=Role.OFFICER)
    if door == "a reprise":
        convention = ConventionFactory(reprise=True)
        reprises.file_scan(convention.acts.get(), by=officer, scan=content)
    else:
        convention = ConventionFactory(act=ActState.SIGNED)
        signed_copy.add_copy(convention.acts.get(), by=officer, scan=content)
    return convention


def links(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('<ul class="journal-files"><li><a href="')[1:]]


@pytest.mark.parametrize("door", ["a reprise", "a further copy"])
@pytest.mark.parametrize("role", [Role.READER, Role.ACCOUNTANT])
def test_line_of_a_scan_leads_to_the_file_as_it_came(as_role, door, role):
    content = overlays.signed_by_a_stranger(with_ink(drawn(["Une page"])))
    convention = filed_by(door, content)
    assert read_bytes(ReceivedFile.objects.get()) == content
    client = as_role(role)
    page = client.get(history_of(convention)).content.decode()
    found = links(page)
    assert len(found) == 2  # the line of the verb, that of the document
    assert [body_of(client.get(url)) for url in found] == [content] * 2
    assert "tel qu’il est arrivé" in page


@pytest.mark.parametrize("door", ["a reprise", "a further copy"])
def test_line_of_a_scan_kept_whole_leads_to_it(as_role, door):
    content = drawn(["Une page"])
    convention = filed_by(door, content)
    assert not ReceivedFile.objects.exists()
    client = as_role(Role.READER)
    found = links(client.get(history_of(convention)).content.decode())
    assert [body_of(client.get(url)) for url in found] == [content] * 2


@pytest.mark.parametrize("owner", ["convention", "partner"])
def test_line_of_an_attachment_leads_to_it(as_role, owner):
    row = ConventionFactory() if owner == "convention" else PartnerFactory()
    waiting = AttachmentFactory(pending=True, convention=None, uploaded_by=UserFactory(role=Role.OFFICER))
    attachments.attach(waiting, by=waiting.uploaded_by, **{owner: row})
    client = as_role(Role.READER)
    (url,) = links(client.get(history_of(row)).content.decode())
    assert body_of(client.get(url)) == read_bytes(waiting)


def test_line_of_a_bank_statement_leads_nowhere(as_role):
    partner, officer = PartnerFactory(), UserFactory(role=Role.OFFICER)
    waiting = AttachmentFactory(pending=True, convention=None, uploaded_by=officer, kind=AttachmentKind.BANK)
    attachments.attach(waiting, by=officer, partner=partner)
    assert Attachment.objects.filter(kind=AttachmentKind.BANK, pending=False).exists()
    assert links(as_role("superuser").get(history_of(partner)).content.decode()) == []


def test_files_cost_the_same_for_1_or_20_lines(as_role, query_budget):
    convention, officer = ConventionFactory(act=ActState.SIGNED), UserFactory(role=Role.OFFICER)
    client = as_role(Role.READER)

    def file_one(rank: int) -> None:
        scan = with_ink(drawn([f"Page {rank}"]))
        signed_copy.add_copy(convention.acts.get(), by=officer, scan=scan)
        waiting = AttachmentFactory(pending=True, convention=None, uploaded_by=officer)
        attachments.attach(waiting, by=officer, convention=convention)

    file_one(0)
    with query_budget(30) as few:
        client.get(history_of(convention))
    for rank in range(1, 5):
        file_one(rank)
    with query_budget(len(few)):
        client.get(history_of(convention))
