"""What was made before the house was arranged anew stays whole and verifiable."""

import collections
import hashlib
import io

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from conventions.domain.documents import storage, verification
from conventions.domain.documents.archives.files import stored_models
from conventions.domain.documents.verification import Verdict
from conventions.domain.foundation import triggers
from conventions.domain.people import bank_accounts
from conventions.enums import DocumentKind, PressState
from conventions.models import (
    Act,
    BankAccount,
    Convention,
    Document,
    EquipmentItem,
    Handover,
    Payment,
    PressRelease,
    PublicSheet,
    Representative,
    Sanitisation,
    SealedRevision,
    User,
)
from conventions.reference.lists import DECREE_OF, DECREE_SOURCES
from conventions.tests.landed.reading import AMENDED, PARTLY_SIGNED, SHOWCASE, SIGNED_ONLINE, act_of, verified
from conventions.tests.landed.rows import encoded

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def altered(sql: str, *values) -> int:
    """Run this past the locks; how many rows it changed."""
    triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        changed = cursor.rowcount
    triggers.install()
    return changed


def test_the_archive_holds_what_there_is_to_keep(world):
    acts = collections.Counter(Act.objects.values_list("kind", "state", "path"))
    assert acts == {
        ("initial", "signe", ""): 2,
        ("initial", "signe", "papier"): 2,
        ("initial", "signe", "en_ligne"): 1,
        ("avenant", "signe", "papier"): 2,
        ("resiliation", "signe", "papier"): 1,
        ("avenant", "brouillon", "papier"): 1,
        ("initial", "a_signer", "papier"): 1,
        ("initial", "partiellement_signe", "en_ligne"): 1,
        ("initial", "valide", "papier"): 1,
        ("initial", "en_relecture", "papier"): 1,
        ("initial", "brouillon", ""): 1,
    }
    kinds = set(Document.objects.values_list("kind", flat=True))
    assert kinds == {"fige", "scan", "signe", "attestation", "pv_remise", "public", "presse"}
    assert not any("layout" in row.tool_versions for row in Document.objects.all())
    assert (Act.objects.exclude(attested_at=None).count(), Handover.objects.count()) == (1, 1)
    assert PressRelease.objects.filter(state=PressState.PUBLISHED).count() == 1
    assert Payment.objects.waiting().count() == 1


def stored(name) -> dict:
    """{key: values} of the rows of a table."""
    return {row.pk: encoded(row) for row in apps.get_model(name)._base_manager.all()}


def reserved(name) -> dict:
    """What a device was stood beside its line; it stands in the stock."""
    kept = ("serial", "inventory_tag", "holds_data", "written_off_on")
    devices = stored("conventions.device")
    return {
        key: row | {column: devices[row["device_id"]][column] for column in kept}
        for key, row in stored(name).items()
    }


def erased(name) -> dict:
    """The proof of an erasure was that of the device; it is a try on its medium, whose event names who did it."""
    found = {}
    rows = Sanitisation.objects.select_related("event__text").order_by("pk")
    for rank, row in enumerate(rows, start=1):
        values, words = encoded(row), row.event.text.data
        item = EquipmentItem.objects.get(device=row.medium.device_id)
        kept = ("certificate", "attachment_id", "recorded_by_id", "recorded_at")
        found[rank] = {column: values[column] for column in kept} | {
            "id": rank,
            "item_id": item.pk,
            "method": row.technique,
            "erased_on": values["done_on"],
            "agent": words["agent"],
            "note": words.get("mots", ""),
        }
    return found


def paid(name) -> dict:
    """What became of a payment was beside its sum; it stands in its events, and where these lead."""
    places = stored("conventions.paymentposition")
    kept = ("bank_account_id", "sent_on", "paid_on", "reference", "returned_on")
    reasons = dict(Payment.objects.with_reasons().values_list("pk", "position__last_event__text__data"))
    return {
        key: row
        | {column: places[key][column] for column in kept}
        | {"return_reason": (reasons[key] or {}).get("motif", "")}
        for key, row in stored(name).items()
    }


FOUND = {"conventions.equipmentitem": reserved, "conventions.erasure": erased, "conventions.payment": paid}


def test_nothing_is_lost_on_the_way(world):
    """Every row, each column that there still is with its value of then; the thresholds name their decree."""
    kept = collections.defaultdict(dict)
    for name, values in world.rows:
        if name == "conventions.legalthreshold":
            values = values | {
                "source": DECREE_SOURCES[values["code"]],
                "effective_from": DECREE_OF.isoformat(),
            }
        kept[name][values["id"]] = values
    lost = {}
    for name, rows in kept.items():
        found = FOUND.get(name, stored)(name)
        lost |= {(name, pk): row for pk, row in rows.items() if not row.items() <= found.get(pk, row).items()}
        lost |= {(name, pk): "absent" for pk in rows.keys() - found.keys()}
    assert lost == {}
    assert (len(world.rows), len(kept)) > (1_000, 40)


def test_archives_are_whole(world):
    """With today's layout; every frozen document of then is read, not a sample."""
    [said] = verified(echantillon=100)
    assert said.startswith("Tout concorde : 48\u00a0fichiers")


def test_each_file_has_the_bytes_that_were_recorded(world):
    for model in stored_models():
        for row in model._default_manager.all():
            with storages["private"].open(row.storage_name) as file:
                assert hashlib.sha256(file.read()).hexdigest() == row.sha256


def test_bank_accounts_open_with_the_key_of_then(world):
    accountant = User.objects.get(username="comptable")
    told = [bank_accounts.reveal(row, by=accountant) for row in BankAccount.objects.all()]
    assert {number[:2] for number in told} == {"FR"}


def test_sealed_bytes_are_told_conforming(world, client):
    signed = storage.read_bytes(act_of(SIGNED_ONLINE).signed_document)
    assert verification.of_file(signed).verdict == Verdict.CONFORMING
    page = client.post("/verifier/fichier/", {"file": io.BytesIO(signed)}).content.decode()
    assert "Ce fichier est, octet pour octet, le document scellé" in page


def test_every_other_file_of_an_act_keeps_its_verdict(world):
    """Each seal of then is read, and known for what it is."""
    revisions = {
        title: [
            verification.of_file(storage.read_bytes(row)).verdict
            for row in SealedRevision.objects.filter(document=act_of(title).frozen_document).order_by(
                "revision"
            )
        ]
        for title in (SIGNED_ONLINE, PARTLY_SIGNED)
    }
    assert revisions == {
        SIGNED_ONLINE: [Verdict.INTERMEDIATE] * 3 + [Verdict.CONFORMING],
        PARTLY_SIGNED: [Verdict.INTERMEDIATE, Verdict.PENDING],
    }
    attestation = Document.objects.get(kind=DocumentKind.ATTESTATION)
    assert verification.of_file(storage.read_bytes(attestation)).verdict == Verdict.CONFORMING
    for row in Document.objects.filter(kind=DocumentKind.SCAN):
        assert verification.of_file(storage.read_bytes(row)).verdict == Verdict.WITHOUT_SEAL


def test_every_code_printed_then_still_leads_to_its_document(world, client):
    codes = Document.objects.exclude(code="").exclude(code=None).values_list("code", flat=True).distinct()
    pages = [client.get(reverse("public:verify_code", args=[code])).status_code for code in codes]
    assert (set(pages), len(pages)) == ({200}, 8)


def test_pages_of_the_staff_open(world, as_role):
    client = as_role(User.objects.get(username="administration"))
    for title in (SIGNED_ONLINE, PARTLY_SIGNED, AMENDED):
        key = [act_of(title).convention_id]
        assert client.get(reverse("admin:conventions_convention_change", args=key)).status_code == 200


def test_pages_of_the_associations_open(world, as_role):
    seen = set()
    for mandate in Representative.objects.exclude(user=None).filter(partner__is_opt=False):
        client = as_role(mandate.user)
        files = Convention.objects.for_user(mandate.user)
        for convention in files:
            assert client.get(reverse("portal:convention", args=[convention.slug])).status_code == 200
            assert client.get(reverse("portal:agreement", args=[convention.slug])).status_code == 200
            seen.add(convention.title)
    assert seen >= {SIGNED_ONLINE, PARTLY_SIGNED, AMENDED}


def test_public_pages_open(world, client):
    sheets = PublicSheet.objects.published()
    for sheet in sheets:
        assert client.get(reverse("public:convention_detail", args=[sheet.slug])).status_code == 200
        pdf = client.get(reverse("public:convention_pdf", args=[sheet.slug]))
        assert b"".join(pdf.streaming_content) == storage.read_bytes(sheet.document)
    assert sheets.count() == 3


def test_altered_byte_is_told(world):
    signed = act_of(SIGNED_ONLINE).signed_document
    with open(storages["private"].path(signed.storage_name), "r+b") as file:
        content = bytearray(file.read())
        content[2_000] ^= 1
        file.seek(0)
        file.write(content)
    said = "\n".join(verified(seulement=["fichiers"]))
    assert f"Document {signed.pk} : le fichier de « {signed.title} » a été modifié." in said
    assert verification.of_file(bytes(content)).verdict == Verdict.ALTERED


CHANGES = {
    "conventions_funding": "label = 'autre' WHERE act_id = %s",
    "conventions_clause": "body = 'autre' WHERE act_id = %s",
    "conventions_signatory": "last_name = 'AUTRE' WHERE act_id = %s",
    "conventions_act": "ends_on = NULL WHERE id = %s",
    "conventions_document": "sha256 = 'autre' WHERE act_id = %s",
}


@pytest.mark.parametrize("table", CHANGES)
def test_terms_and_documents_of_then_are_locked(world, table):
    act = act_of(SHOWCASE)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {CHANGES[table]}", [act.pk])


ALTERATIONS = {
    "funding": ("amount = amount + 1", "financements"),
    "instalmentterm": ("percent = percent + 1", "versements prévus"),
    "inkind": ("quantity = 77", "soutiens en nature"),
    "equipmentterm": ("serial = 'autre'", "matériel"),
}


@pytest.mark.parametrize("table", ALTERATIONS)
def test_altered_term_is_told(world, table):
    """Past the locks, by SQL."""
    (change, name), act = ALTERATIONS[table], act_of(SHOWCASE)
    row = getattr(act, f"{table}_set").first()
    assert altered(f"UPDATE conventions_{table} SET {change} WHERE id = %s", row.pk) == 1
    document = act.frozen_document
    said = verified(seulement=["rendus"])
    assert said[0] == f"Document {document.pk} ({document}) : la base ne dit plus les mêmes termes : {name}."


def test_altered_content_is_told(world):
    document = act_of(SHOWCASE).frozen_document
    again = "::jsonb" if connection.vendor == "postgresql" else ""
    sql = f"REPLACE(CAST(snapshot AS text), 'ordinateur', 'ordinateurs'){again} WHERE id = %s"
    assert altered(f"UPDATE conventions_document SET snapshot = {sql}", document.pk) == 1
    said = verified(seulement=["rendus"])
    assert said[0] == f"Document {document.pk} ({document}) : son contenu figé a été modifié."


def test_altered_line_of_the_journal_is_told(world):
    line = act_of(SHOWCASE).convention.journal.earliest("sequence")
    sql = "UPDATE conventions_journalentry SET payload = REPLACE(payload, 'version', 'Version') WHERE id = %s"
    assert altered(sql, line.pk) == 1
    said = verified(seulement=["journal"])
    assert said[0] == f"Journal {line.chain}, ligne 1 : son contenu a été modifié."
