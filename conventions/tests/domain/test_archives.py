"""`verifier_archives` finds and names a lost file, a changed byte, a changed journal row, a lost lock."""

import io

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from conventions.domain import digests, documents, immutability, journal, reading
from conventions.domain.rendering import render_agreement
from conventions.enums import DocumentKind
from conventions.formats import long_date
from conventions.models import Document, JournalDigest, JournalEntry
from conventions.tests.factories import (
    AttachmentFactory,
    ConventionFactory,
    JournalEntryFactory,
    SignatureActFactory,
    UserFactory,
)

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
    assert said.getvalue().startswith("Tout concorde : 1\u00a0fichier, 1\u00a0ligne de journal")


def test_changed_byte_is_named(document):
    with open(storages["private"].path(document.storage_name), "r+b") as file:
        file.seek(20)
        file.write(b"X")
    assert problems() == [f"Document {document.pk} : le fichier de « Essai » a été modifié."]


def test_lost_file_is_named(document):
    storages["private"].delete(document.storage_name)
    assert problems() == [f"Document {document.pk} : le fichier de « Essai » a disparu."]


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


WEAKENED = {
    "sqlite": [
        [
            "DROP TRIGGER lock_document_delete",
            "CREATE TRIGGER lock_document_delete BEFORE DELETE ON conventions_document FOR EACH ROW WHEN 0"
            " BEGIN SELECT RAISE(ABORT, 'non'); END",
        ]
    ],
    "postgresql": [
        ["ALTER TABLE conventions_document DISABLE TRIGGER lock_document_delete"],
        [
            "CREATE OR REPLACE FUNCTION lock_document_delete() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN OLD; END $$"
        ],
        [
            "DROP TRIGGER lock_document_delete ON conventions_document",
            "CREATE TRIGGER lock_document_delete BEFORE DELETE ON conventions_document FOR EACH ROW WHEN (false)"
            " EXECUTE FUNCTION lock_document_delete()",
        ],
    ],
}


def test_lock_that_holds_nothing_is_named(document):
    """Disabled, emptied or held back by a condition: its name alone is there."""
    connection.check_constraints()  # nothing waits for the end of the transaction
    for statements in WEAKENED[connection.vendor]:
        with connection.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql)
        found = problems()
        immutability.install()
        assert [line.partition(" :")[0] for line in found] == [
            "Verrou absent sur conventions_document (lock_document_delete)"
        ]


def tampered(*statements: str) -> list[str]:
    """What the command says once raw SQL has run past the locks."""
    immutability.remove()
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
    immutability.install()
    return problems()


def test_every_chain_is_followed(document):
    with transaction.atomic():
        journal.record("essai", by=None)
    found = tampered(
        "DELETE FROM conventions_journalentry WHERE chain = 'site'",
        "UPDATE conventions_journalentry SET previous_hash = 'x'",
    )
    assert len(found) == 2


def test_removed_journal_row_is_named(document):
    chain = f"convention:{document.act.convention_id}"
    with transaction.atomic():
        journal.record("essai", by=None, convention=document.act.convention)
    found = tampered("DELETE FROM conventions_journalentry WHERE sequence = 1")
    assert found[0] == f"Journal {chain}, ligne 2 : la ligne 1 manque."


def test_added_journal_row_is_named(document):
    chain = f"convention:{document.act.convention_id}"
    JournalEntryFactory(chain=chain, sequence=2, convention=document.act.convention)
    assert f"Journal {chain}, ligne 2 : elle ne suit pas la ligne précédente." in problems()


def test_details_that_vanished_are_named(document):
    convention = document.act.convention
    with transaction.atomic():
        journal.record("essai", by=None, convention=convention, personal={"nom": "X"})
    found = tampered("DELETE FROM conventions_journalpersonal")
    assert found == [f"Journal convention:{convention.pk}, ligne 2 : détail effacé sans trace."]


def test_erased_details_are_no_anomaly(document):
    convention = document.act.convention
    with transaction.atomic():
        entry = journal.record("essai", by=None, convention=convention, personal={"nom": "X"})
    journal.erase_personal(entry, by=UserFactory(superuser=True))
    call_command("verifier_archives", stdout=io.StringIO())


def test_lost_attachment_is_named():
    row = (
        AttachmentFactory(stored=True)
        if "stored" in AttachmentFactory._meta.parameters
        else AttachmentFactory()
    )
    storages["private"].delete(row.storage_name)
    assert problems() == [f"Pièce jointe {row.pk} : son fichier a disparu."]


def test_changed_signature_row_is_named():
    ConventionFactory(act="signe")
    row = SignatureActFactory()
    digests.seal_day()
    found = tampered("UPDATE conventions_signatureact SET signed_on = '2020-01-01'")
    day = long_date(JournalDigest.objects.get().day)
    assert f"Signature {row.pk} : sa ligne, scellée par l’empreinte du {day}, a été modifiée." in found


def test_signature_of_other_bytes_is_named():
    row = SignatureActFactory()
    found = tampered(f"UPDATE conventions_signatureact SET document_sha256 = '{'0' * 64}'")
    assert f"Signature {row.pk} : l’empreinte lue n’est pas celle du document {row.document_id}." in found


def rewrite(chain: str, keep: int) -> None:
    """Truncate a chain, or write its last line anew, with hashes that agree."""
    immutability.remove()
    rows = list(JournalEntry.objects.of_chain(chain))
    for row in rows[keep:]:
        row.delete()
    immutability.install()


@pytest.fixture
def sealed():
    convention = ConventionFactory()
    with transaction.atomic():
        for rank in range(3):
            journal.record("essai", by=None, convention=convention, details={"rang": rank})
    return convention, digests.seal_day()


def test_truncated_chain_is_named(sealed):
    convention, digest = sealed
    rewrite(journal.chain_of(convention), keep=2)
    assert problems() == [
        f"Journal convention:{convention.pk} : il a été raccourci. La ligne 3, scellée par l’empreinte du "
        f"{long_date(digest.day)}, a disparu."
    ]


def test_chain_rewritten_with_hashes_that_agree_is_named(sealed):
    convention, digest = sealed
    rewrite(journal.chain_of(convention), keep=1)
    with transaction.atomic():
        for _rank in range(4):
            journal.record("autre", by=None, convention=convention)
    assert journal.broken_links(journal.chain_of(convention)) == []
    assert problems() == [
        f"Journal convention:{convention.pk} : il a été réécrit. La ligne 3, scellée par l’empreinte du "
        f"{long_date(digest.day)}, n’est plus la même."
    ]


def test_changed_digest_is_named(sealed):
    _convention, digest = sealed
    found = tampered("UPDATE conventions_journaldigest SET entries_count = 2")
    assert found == [f"Empreinte du {long_date(digest.day)} : elle a été modifiée."]


def test_other_tools_with_the_same_text_are_no_anomaly(document):
    immutability.remove()
    Document.objects.update(tool_versions={"weasyprint": "1"})
    immutability.install()
    call_command("verifier_archives", stdout=io.StringIO())


def test_only_the_checks_asked_for_are_made(document):
    storages["private"].delete(document.storage_name)
    call_command("verifier_archives", "--seulement", "journal", "verrous", stdout=io.StringIO())


def test_file_without_a_row_is_only_told(document):
    name = f"documents/00/{'0' * 64}.pdf"
    documents.put_bytes(b"%PDF-", name)
    said = io.StringIO()
    call_command("verifier_archives", stdout=said)
    assert said.getvalue().splitlines()[0] == f"Pour information. Fichier sans ligne, gardé : {name}"
