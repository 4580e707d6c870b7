"""`verifier_archives` finds and names a lost file, a changed byte, a changed journal row, a lost lock."""

import io

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from conventions.domain import documents, immutability, journal, reading
from conventions.domain.rendering import render_agreement
from conventions.enums import DocumentKind
from conventions.tests.factories import ConventionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture
def document():
    act = ConventionFactory(act__clauses=[{"heading": "Objet", "body": "{{ objet }}"}]).acts.get()
    context = reading.agreement_context(act, is_draft=False)
    pdf = render_agreement(context)
    return documents.store(pdf, kind=DocumentKind.FROZEN, title="Essai", by=None, act=act, context=context)


def problems() -> list[str]:
    """What the command says is wrong, line by line."""
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verifier_archives", stderr=said)
    return said.getvalue().splitlines()


def test_whole_archives_pass(document):
    said = io.StringIO()
    call_command("verifier_archives", stdout=said)
    assert said.getvalue().startswith("Tout concorde : 1\u00a0document, 1\u00a0ligne de journal")


def test_changed_byte_is_named(document):
    with open(storages["private"].path(document.storage_name), "r+b") as file:
        file.seek(20)
        file.write(b"X")
    assert problems() == [f"Document {document.pk} : Le fichier du document « Essai » a été modifié."]


def test_lost_file_is_named(document):
    storages["private"].delete(document.storage_name)
    assert problems() == [f"Document {document.pk} : Le fichier du document « Essai » a disparu."]


def test_changed_journal_row_is_named(document):
    chain = f"convention:{document.act.convention_id}"
    immutability.remove()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE conventions_journalentry SET payload = REPLACE(payload, 'Essai', 'Autre')")
    immutability.install()
    assert problems() == [f"Journal {chain}, ligne 1 : son contenu a été modifié."]


def test_changed_snapshot_is_named(document):
    immutability.remove()
    document.snapshot["data"]["title"] = "Autre titre"
    document.save()
    immutability.install()
    assert problems() == [f"Document {document.pk} (Essai) : son contenu figé a été modifié."]


def test_lost_lock_is_named(document):
    on = " ON conventions_document" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER lock_document_delete{on}")
    found = problems()
    immutability.install()
    assert found == [
        "Verrou absent sur conventions_document (lock_document_delete) : "
        "lancez « manage.py migrate » pour le remettre."
    ]


def test_every_chain_is_followed(document):
    with transaction.atomic():
        journal.record("essai", by=None)
    immutability.remove()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM conventions_journalentry WHERE chain = 'site'")
        cursor.execute("UPDATE conventions_journalentry SET previous_hash = 'x'")
    immutability.install()
    assert len(problems()) == 2
