"""`verifier_archives` finds and names a lost file, a changed byte, a changed journal row, a lost lock."""

import io
from dataclasses import replace

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from conventions.domain import journal
from conventions.domain.acts.content import assembling
from conventions.domain.documents import storage
from conventions.domain.documents.archives.values import lost_values
from conventions.domain.documents.context import AttendeeContext
from conventions.domain.documents.rendering import render_agreement
from conventions.domain.foundation import triggers
from conventions.domain.journal import digests, erasure
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
from conventions.tests.pdf import samples
from conventions.tests.pdf.reading import page_texts

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture
def document():
    act = ConventionFactory(act__clauses=[{"heading": "Objet", "body": "{{ objet }}"}]).acts.get()
    context = assembling.agreement_context(act, is_draft=False)
    pdf = render_agreement(context)
    return storage.store(pdf, kind=DocumentKind.FROZEN, title="Essai", by=None, act=act, context=context)


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
    triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE conventions_journalentry SET payload = REPLACE(payload, 'Essai', 'Autre')")
    triggers.install()
    assert problems() == [f"Journal {chain}, ligne 1 : son contenu a été modifié."]


def test_changed_snapshot_is_named(document):
    triggers.remove()
    document.snapshot["data"]["title"] = "Autre titre"
    document.save()
    triggers.install()
    assert problems() == [f"Document {document.pk} (Essai) : son contenu figé a été modifié."]


def test_lost_lock_is_named(document):
    on = " ON conventions_document" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER lock_document_delete{on}")
    found = problems()
    triggers.install()
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
        triggers.install()
        assert [line.partition(" :")[0] for line in found] == [
            "Verrou absent sur conventions_document (lock_document_delete)"
        ]


def tampered(*statements: str) -> list[str]:
    """What the command says once raw SQL has run past the locks."""
    triggers.remove()
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
    triggers.install()
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
    erasure.erase([entry.pk], reason="Demande", by=UserFactory(superuser=True))
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
    triggers.remove()
    rows = list(JournalEntry.objects.of_chain(chain))
    for row in rows[keep:]:
        row.delete()
    triggers.install()


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
    triggers.remove()
    Document.objects.update(tool_versions={"weasyprint": "1"})
    triggers.install()
    call_command("verifier_archives", stdout=io.StringIO())


def laid_out_otherwise(number: str) -> None:
    triggers.remove()
    Document.objects.update(tool_versions={"layout": number} if number else {})
    triggers.install()


@pytest.mark.parametrize("number", ["", "0", "999"])
def test_document_of_any_layout_is_no_anomaly(document, number):
    laid_out_otherwise(number)
    call_command("verifier_archives", stdout=io.StringIO())


def a_document_that_says_something_else(**changes) -> Document:
    """Its content is whole and its bytes are those of its row, but they were not made from it."""
    act = ConventionFactory(act__clauses=[{"heading": "Objet", "body": "{{ objet }}"}]).acts.get()
    context = assembling.agreement_context(act, is_draft=False)
    pdf = render_agreement(replace(context, **changes))
    return storage.store(pdf, kind=DocumentKind.FROZEN, title="Essai", by=None, act=act, context=context)


def test_value_that_the_text_of_another_layout_lost_is_named():
    row = a_document_that_says_something_else(title="Autre chose")
    laid_out_otherwise("999")
    said = "son texte ne dit plus tout son contenu figé"
    assert problems() == [f"Document {row.pk} (Essai) : {said} : « {row.act.convention.title} »."]


def test_the_same_layout_is_rendered_again():
    row = a_document_that_says_something_else(object="Autre chose, que personne ne lit")
    assert problems() == [f"Document {row.pk} (Essai) : un nouveau rendu donne un autre document."]


def test_values_are_found_across_pages_and_line_breaks():
    context = samples.agreement()
    content = render_agreement(context).content
    assert len(page_texts(content)) > 2
    assert lost_values(context, content) == []


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"title": "Un autre titre"}, ["Un autre titre"]),
        ({"recitals": ("Considérant autre chose.",)}, ["Considérant autre chose."]),
        ({"attendees": (AttendeeContext(first_name="A", last_name="FICTIF"),)}, ["A FICTIF"]),
    ],
)
def test_lost_value_is_given_as_it_was_written(change, lost):
    context = samples.agreement()
    assert lost_values(replace(context, **change), render_agreement(context).content) == lost


def test_word_lost_in_an_article_is_seen():
    context = samples.agreement()
    first, *others = context.clauses
    content = render_agreement(context).content
    changed = replace(first, body=first.body.replace(" ", " jamais ", 1))
    lost = lost_values(replace(context, clauses=(changed, *others)), content)
    assert lost == [changed.body.split("\n\n")[0]]


def test_only_the_checks_asked_for_are_made(document):
    storages["private"].delete(document.storage_name)
    call_command("verifier_archives", "--seulement", "journal", "verrous", stdout=io.StringIO())


def test_file_without_a_row_is_only_told(document):
    name = f"documents/00/{'0' * 64}.pdf"
    storage.put_bytes(b"%PDF-", name)
    said = io.StringIO()
    call_command("verifier_archives", stdout=said)
    assert said.getvalue().splitlines()[0] == f"Pour information. Fichier sans ligne, gardé : {name}"
