"""A bank statement is for those who may read accounts, wherever it is filed."""

import pytest
from django.urls import reverse

from conventions.enums import AttachmentKind
from conventions.models import JournalEntry
from conventions.tests.factories import AttachmentFactory


def address(statement) -> str:
    return reverse("admin:conventions_convention_attachment", args=[statement.convention_id, statement.pk])


@pytest.mark.parametrize("role", ["lecture", "communication", "juriste", "direction", "logistique"])
def test_statement_of_a_convention_is_refused_to_who_may_not_read_accounts(as_role, role):
    statement = AttachmentFactory(kind=AttachmentKind.BANK)
    assert as_role(role).get(address(statement)).status_code == 403
    assert JournalEntry.objects.filter(event="rib_consulte").count() == 0


@pytest.mark.parametrize("role", ["gestionnaire", "comptable"])
def test_statement_of_a_convention_is_given_and_journalled(as_role, role):
    statement = AttachmentFactory(kind=AttachmentKind.BANK)
    client = as_role(role)
    download = client.get(address(statement))
    assert b"".join(download.streaming_content).startswith(b"%PDF")
    assert JournalEntry.objects.get(event="rib_consulte").actor == client.user
