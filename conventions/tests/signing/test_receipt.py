"""Who has signed online receives at once the text that was signed."""

import hashlib

import pytest
from django.conf import settings

from conventions.domain.documents import storage
from conventions.domain.mails import delivery, signing_letters
from conventions.enums import MailState
from conventions.models import OutgoingMail
from conventions.tests.pdf.reading import plain
from conventions.tests.signing.people import signs_with_code

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]


def receipts(mailbox):
    return [mail for mail in mailbox if mail.subject.startswith("Votre signature")]


def test_receipt_leaves_with_the_signature_and_encloses_the_text(world, mailoutbox):
    frozen = world.act.frozen_document
    signs_with_code(world, mailoutbox)
    (mail,) = receipts(mailoutbox)
    ((name, content, kind),) = mail.attachments
    assert (mail.to, kind, name) == ([world.president.email], "application/pdf", storage.file_name(frozen))
    assert hashlib.sha256(content).hexdigest() == frozen.sha256
    assert frozen.sha256 in mail.body
    assert "Vous avez signé la convention le" in mail.body
    assert "(heure de Nouméa)" in mail.body


def test_text_that_was_damaged_does_not_leave(world, mailoutbox):
    signs_with_code(world, mailoutbox)
    row = OutgoingMail.objects.get(template="recu_de_signature")
    OutgoingMail.objects.filter(pk=row.pk).update(
        state=MailState.PENDING, sent_at=None, params=row.params | {"remis": []}
    )
    path = settings.PRIVATE_ROOT / world.act.frozen_document.storage_name
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7 autre")
    before = len(receipts(mailoutbox))
    delivery.deliver(row.pk)
    assert len(receipts(mailoutbox)) == before


def test_receipt_names_the_annexes_that_were_signed_with_the_text(world):
    frozen = world.act.frozen_document
    assert signing_letters._annexed(frozen) == []
    files = [
        {"number": rank, "title": title, "page_count": pages, "size": 9, "sha256": str(rank) * 64}
        for rank, (title, pages) in enumerate((("Plan (fictif)", 1), ("Cahier (fictif)", 40)), start=1)
    ]
    for count, said in (
        (1, "Il contient une annexe de 1 page, signée avec lui : « Plan (fictif) »."),
        (
            2,
            "Il contient 2 annexes de 41 pages au total, signées avec lui : « Plan (fictif) » et « Cahier (fictif) ».",
        ),
    ):
        frozen.snapshot["data"]["files"] = files[:count]
        assert [plain(line) for line in signing_letters._annexed(frozen)] == [said]
