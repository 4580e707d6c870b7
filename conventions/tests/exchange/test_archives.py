"""Archives of stored PDFs: what goes in, under which name, and how it is checked on arrival."""

import csv
import datetime
import io
import os
import shutil
import subprocess
import tracemalloc
import zipfile
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import storages

from conventions.domain.documents import storage as documents
from conventions.enums import ActState, DocumentKind
from conventions.exchange.archives import ArchiveVersion, archive_chunks, archive_plan, archive_response
from conventions.models import Act
from conventions.tests.factories import (
    ActFactory,
    ConventionFactory,
    DocumentFactory,
    PublicSheetFactory,
    PublicSheetPartnerFactory,
    small_pdf,
)

PUBLIC, SIGNED = ArchiveVersion.PUBLIC, ArchiveVersion.SIGNED
pytestmark = pytest.mark.django_db


def published(**values):
    """A signed convention with its page and its public PDF."""
    convention = ConventionFactory(act=ActState.SIGNED, **values)
    document = DocumentFactory(act=convention.acts.get(), kind=DocumentKind.PUBLIC)
    PublicSheetFactory(convention=convention, document=document)
    return convention


def plan_of(*conventions, version=PUBLIC):
    return archive_plan([convention.pk for convention in conventions], version)


def opened(plan) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(archive_chunks(plan))))


def index_of(archive) -> list[dict[str, str]]:
    text = archive.read("index.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def reasons(plan) -> list[str]:
    return [entry.reason for entry in plan.entries]


def damage(document):
    """Other bytes under the name of the document."""
    storage = storages["private"]
    with open(storage.path(document.storage_name), "wb") as file:
        file.write(b"%PDF-1.7 autre chose")


def test_archive_holds_the_stored_bytes_its_index_and_its_checks():
    first, second = published(), published()
    archive = opened(plan_of(first, second))
    names = [f"documents/{documents.file_name(row.sheets.get().document)}" for row in (first, second)]
    assert archive.namelist() == [*names, "index.csv", "LISEZMOI.txt", "SHA256SUMS"]
    assert [archive.read(name) for name in names] == [
        documents.read_bytes(row.sheets.get().document) for row in (first, second)
    ]
    assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    assert archive.testzip() is None


def test_names_are_ascii_and_no_longer_than_a_file_system_takes():
    convention = published(title="Cœur d’élèves à Ponérihouen", slug="coeur-d-eleves-a-ponerihouen")
    (entry,) = plan_of(convention).present
    reference = convention.acts.get().number
    assert entry.name == f"documents/{reference}-coeur-d-eleves-a-ponerihouen-public.pdf"
    assert entry.name.isascii()


def test_two_documents_of_the_same_name_get_two_names():
    """A long address is cut: two conventions may then share the beginning of their file names."""
    stem = "un-soutien-dont-le-titre-est-si-long-que-le-nom-du-fichier-en-est-coupe-avant-la-fin-de-l-adresse"
    rows = [
        ConventionFactory(slug=f"{stem}-{rank}", act=None, title=f"Soutien {rank} (fictif)")
        for rank in (1, 2, 3)
    ]
    for row in rows:
        act = ActFactory(convention=row, reprise=True)
        DocumentFactory(act=act, kind=DocumentKind.SCAN)
    names = [entry.name for entry in plan_of(*rows, version=SIGNED).present]
    cut = "un-soutien-dont-le-titre-est-si-long-que-le-nom-du-fichier-en-est-coupe-avant-la"
    assert names == [f"documents/{cut}-scan{suffix}.pdf" for suffix in ("", "-2", "-3")]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_accepts_the_unpacked_archive(tmp_path):
    opened(plan_of(published(), published())).extractall(tmp_path)
    command = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    checked = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"}, check=False
    )
    assert (checked.returncode, checked.stdout.count(": OK"), checked.stderr) == (0, 4, "")


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_unzip_finds_nothing_wrong(tmp_path):
    path = tmp_path / "archive.zip"
    path.write_bytes(b"".join(archive_chunks(plan_of(published(), published()))))
    assert subprocess.run(["unzip", "-tqq", path], check=False).returncode == 0


def test_local_headers_carry_sizes_so_that_streaming_tools_can_unpack():
    archive = opened(plan_of(published()))
    assert {info.flag_bits & 0x08 for info in archive.infolist()} == {0}


def test_public_version_holds_only_what_the_public_reads(at):
    with at(2026, 3, 2, 9):
        embargoed = ConventionFactory(act=ActState.SIGNED)
        PublicSheetFactory(convention=embargoed, embargo_until=_moment(2026, 4, 1))
        withdrawn = ConventionFactory(act=ActState.SIGNED)
        PublicSheetFactory(convention=withdrawn, withdrawn_at=_moment(2026, 3, 1))
        without_pdf = ConventionFactory(act=ActState.SIGNED)
        PublicSheetFactory(convention=without_pdf)
        never = ConventionFactory(act=ActState.SIGNED)
        plan = plan_of(embargoed, withdrawn, without_pdf, never)
    assert reasons(plan) == [
        "Sous embargo jusqu’au 1er avril 2026.",
        "Retirée du site public.",
        "Sa page publique n’a pas de PDF.",
        "Pas encore publiée.",
    ]
    assert plan.present == []


def _moment(*day):
    return datetime.datetime(*day, tzinfo=ZoneInfo("Pacific/Noumea"))


def test_public_version_takes_the_current_sheet_alone():
    convention = ConventionFactory(act=ActState.SIGNED)
    act = convention.acts.get()
    old = DocumentFactory(act=act, kind=DocumentKind.PUBLIC, version=1)
    new = DocumentFactory(act=act, kind=DocumentKind.PUBLIC, version=2)
    PublicSheetFactory(convention=convention, document=old, version=1, is_current=False)
    PublicSheetFactory(convention=convention, document=new, version=2)
    assert [entry.document for entry in plan_of(convention).entries] == [new]


def test_signed_version_takes_every_signed_act_and_says_what_lacks():
    convention = ConventionFactory(act=ActState.SIGNED)
    amendment = ActFactory(convention=convention, amendment=True, state=ActState.SIGNED, reason="Montant")
    ActFactory(convention=convention, amendment=True, rank=2, reason="Durée")
    ActFactory(convention=convention, amendment=True, rank=3, state=ActState.ABANDONED, reason="Objet")
    plan = plan_of(convention, version=SIGNED)
    initial = convention.acts.get(rank=0)
    assert [(entry.act.rank, entry.document, entry.reason) for entry in plan.entries] == [
        (0, initial.signed_document, ""),
        (1, amendment.signed_document, ""),
        (2, None, "Pas encore signé (acte brouillon)."),
    ]


@pytest.mark.parametrize("state", [state for state in ActState if state != ActState.SIGNED])
def test_signed_version_leaves_out_an_act_that_is_not_signed(state):
    convention = ConventionFactory(act=state)
    label = ActState(state).label
    when = "Jamais" if state in ("abandonne", "annule", "refuse", "expire") else "Pas encore"
    assert reasons(plan_of(convention, version=SIGNED)) == [f"{when} signé (acte {label})."]


def test_signed_version_of_a_reprise_is_its_newest_scan_or_the_reason():
    bare, scanned = ConventionFactory(reprise=True), ConventionFactory(reprise=True)
    DocumentFactory(act=scanned.acts.get(), kind=DocumentKind.SCAN, version=1)
    newest = DocumentFactory(act=scanned.acts.get(), kind=DocumentKind.SCAN, version=2)
    plan = plan_of(bare, scanned, version=SIGNED)
    assert [entry.document for entry in plan.entries] == [None, newest]
    assert reasons(plan) == [
        "Reprise d’un acte signé sur papier avant l’application : aucun scan n’est déposé.",
        "",
    ]


def test_signed_version_chooses_as_the_documents_module_does():
    rows = [
        ConventionFactory(act=ActState.SIGNED),
        ConventionFactory(reprise=True),
        ConventionFactory(reprise=True),
    ]
    DocumentFactory(act=rows[2].acts.get(), kind=DocumentKind.SCAN)
    plan = plan_of(*rows, version=SIGNED)
    acts = list(Act.objects.order_by("pk"))
    copies = documents.signed_copies(acts)
    assert [entry.document for entry in plan.entries] == [copies.get(act.pk) for act in acts]


def test_convention_without_an_act_is_named():
    assert reasons(plan_of(ConventionFactory(act=None), version=SIGNED)) == ["Aucun acte préparé."]


def test_damaged_document_is_left_out_and_named():
    whole, broken, lost = published(), published(), published()
    damage(broken.sheets.get().document)
    storages["private"].delete(lost.sheets.get().document.storage_name)
    archive = opened(plan_of(whole, broken, lost))
    assert [name for name in archive.namelist() if name.startswith("documents/")] == [
        f"documents/{documents.file_name(whole.sheets.get().document)}"
    ]
    rows = index_of(archive)
    assert [row["Fichier"] != "" for row in rows] == [True, False, False]
    assert [row["SHA-256"] != "" for row in rows] == [True, False, False]
    remark = "Document abîmé dans le stockage : laissé de côté. Prévenez l’administrateur de l’application."
    assert [row["Remarque"] for row in rows] == ["", remark, remark]
    readme = archive.read("LISEZMOI.txt").decode("utf-8-sig")
    assert [row.title in readme for row in (whole, broken, lost)] == [False, True, True]


def test_index_tells_each_document():
    convention = published(is_demo=True)
    (row,) = index_of(opened(plan_of(convention)))
    document = convention.sheets.get().document
    assert row == {
        "Fichier": f"documents/{documents.file_name(document)}",
        "Convention": convention.title,
        "Partenaires": "",
        "Acte": "convention",
        "Référence": "",
        "Signé le": "2 mars 2026",
        "Document": "version publique",
        "Pages": "1",
        "Taille (octets)": str(document.size),
        "SHA-256": document.sha256,
        "Remarque": "",
        "Fictif": "oui",
    }


def test_index_of_the_signed_version_names_what_is_missing():
    signed, draft = ConventionFactory(act=ActState.SIGNED), ConventionFactory(act=ActState.DRAFT)
    first, second = index_of(opened(plan_of(signed, draft, version=SIGNED)))
    act = signed.acts.get()
    partner = signed.parties.get(position=1).partner
    assert (first["Référence"], first["Partenaires"]) == (act.number, partner.name)
    assert (second["Convention"], second["Fichier"]) == (draft.title, "")
    assert second["Remarque"] == "Pas encore signé (acte brouillon)."


def test_public_archive_says_nothing_of_what_is_not_public():
    """It may be passed on: neither a draft's title nor a title changed since the publication is in it."""
    convention = published(title="Titre publié (fictif)")
    convention.title = "Titre encore secret (fictif)"
    convention.save()
    partner = convention.parties.get(position=1).partner
    sheet = convention.sheets.get()
    PublicSheetPartnerFactory(sheet=sheet, partner=partner, name="Nom publié (fictif)")
    draft = ConventionFactory(title="Projet secret (fictif)")
    archive = opened(plan_of(convention, draft))
    (row,) = index_of(archive)
    assert (row["Convention"], row["Partenaires"]) == ("Titre publié (fictif)", "Nom publié (fictif)")
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    assert "secret" not in everything
    readme = archive.read("LISEZMOI.txt").decode("utf-8-sig")
    assert "1\u00a0autre convention choisie sans version publique." in readme


def test_index_shows_a_formula_as_text():
    (row,) = index_of(opened(plan_of(ConventionFactory(title="=1+1"), version=SIGNED)))
    assert row["Convention"] == "'=1+1"


def test_readme_warns_about_the_signed_version_alone():
    convention = published()
    texts = [
        opened(plan_of(convention, version=version)).read("LISEZMOI.txt").decode("utf-8-sig")
        for version in (PUBLIC, SIGNED)
    ]
    assert ["USAGE INTERNE" in text for text in texts] == [False, True]
    for system in ("Linux", "macOS", "Windows"):
        assert [f"    {system}" in text for text in texts] == [True, True]


def test_archive_name_says_version_and_day_in_noumea(at):
    convention = published()
    names = []
    with at(2026, 11, 24, 7):  # still the 23rd in UTC
        for version in (PUBLIC, SIGNED):
            names.append(archive_response(plan_of(convention, version=version))["Content-Disposition"])
    assert names == [
        'attachment; filename="conventions-version-publique-2026-11-24.zip"',
        'attachment; filename="conventions-version-signee-interne-2026-11-24.zip"',
    ]


@pytest.mark.parametrize("version", ArchiveVersion)
def test_plan_costs_the_same_for_1_and_for_30(version, django_assert_num_queries):
    rows = [published() for _ in range(20)] + [ConventionFactory(reprise=True) for _ in range(10)]
    for row in rows[20:25]:
        DocumentFactory(act=row.acts.get(), kind=DocumentKind.SCAN)
    expected = {PUBLIC: 3, SIGNED: 4}[version]
    with django_assert_num_queries(expected):
        plan_of(rows[{PUBLIC: 0, SIGNED: 20}[version]], version=version)
    with django_assert_num_queries(expected):
        plan = plan_of(*rows, version=version)
        b"".join(archive_chunks(plan))


def test_memory_stays_flat_whatever_the_archive_weighs():
    """Thirty documents of 2 MB: the peak is that of a few documents, not of sixty megabytes."""
    size, count = 2_000_000, 30
    rows = []
    for rank in range(count):
        pdf = small_pdf(f"Document {rank}") + bytes([rank]) * size
        convention = ConventionFactory(reprise=True)
        DocumentFactory(act=convention.acts.get(), kind=DocumentKind.SCAN, pdf=pdf)
        rows.append(convention)
    plan = plan_of(*rows, version=SIGNED)
    tracemalloc.start()
    sent = sum(len(chunk) for chunk in archive_chunks(plan))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent > size * count
    assert peak < 6 * size
