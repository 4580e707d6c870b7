"""A file and what it proves are recorded together."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from conventions.domain.documents import attachments
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people import bank_accounts
from conventions.enums import AttachmentKind, Role
from conventions.formats import NBSP
from conventions.models import Attachment, BankAccount
from conventions.tests import factories as f
from conventions.tests.factories.people import fictitious_iban

pytestmark = pytest.mark.django_db


def recorded_with(content: bytes) -> None:
    by, partner = f.UserFactory(role=Role.OFFICER), f.PartnerFactory()
    with transaction.atomic():
        account = bank_accounts.add_account(partner, number=fictitious_iban(7), holder="X", by=by)
        attachments.file_statement(SimpleUploadedFile("rib.pdf", content), account, by=by)


def test_statement_is_tied_to_its_account_under_its_masked_number():
    recorded_with(f.small_pdf("RIB"))
    account, row = BankAccount.objects.get(), Attachment.objects.get()
    assert (account.attachment, row.kind, row.partner) == (row, AttachmentKind.BANK, account.partner)
    assert row.title == f"RIB{NBSP}: {account}"


def test_account_is_not_recorded_without_the_statement_it_came_with():
    with pytest.raises(Refused):
        recorded_with(b"rien")
    assert (BankAccount.objects.count(), Attachment.objects.count()) == (0, 0)
