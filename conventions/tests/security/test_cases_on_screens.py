"""Files that people bring, ten of each kind, sent to the real pages: what each page answers, and what is kept.

Three doors: the report of an association (« espace »), a piece of a partner (« partenaire »), the scan of a reprise
(« scan »). Each test sends its files one after the other, and compares all the answers at once.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conventions.domain.documents import storage
from conventions.models import Attachment, Document
from conventions.tests import factories as f
from conventions.tests.admin.test_scans_beside import picture
from conventions.tests.domain.acts.scans import overlays
from conventions.tests.domain.acts.scans.overlays import Overlay
from conventions.tests.domain.foundation import test_received_pdfs as pdfs
from conventions.tests.factories.people import days_from_today
from conventions.tests.formats import test_files as files
from conventions.tests.portal.reading import main

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TO_DO = "Imprimez-le en PDF ou numérisez-le, puis envoyez cette copie."


@pytest.fixture
def send(as_role):
    """`send(door, name, content)`: (the words of the page that follows, the bytes that are kept or None)."""
    president = f.PresidentFactory(partner=f.PartnerFactory(name="Association Banian (fictif)"))
    partner = president.mandates.get().partner
    # Each report is awaited once: one promise for each file.
    due = [{"due_on": days_from_today(10)}] * 12
    signed = f.ConventionFactory(partner=partner, act="signe", act__obligations=due)
    promises = iter(signed.acts.get().obligation_set.all())
    reprise = f.ConventionFactory(reprise=True)
    doors = {
        "espace": (
            as_role(president),
            "",
            "file",
            {},
        ),
        "partenaire": (
            as_role("gestionnaire"),
            reverse("admin:partner_files", args=[partner.pk]),
            "file",
            {"kind": "autre"},
        ),
        "scan": (
            as_role("gestionnaire"),
            reverse("admin:conventions_convention_reprise_scan", args=[reprise.pk]),
            "scan",
            {"signed_on": "2021-06-14"},
        ),
    }

    def post(door: str, name: str, content: bytes) -> tuple[str, bytes | None]:
        client, url, field, fields = doors[door]
        url = url or reverse("portal:report", args=[signed.slug, next(promises).pk])
        before = (Attachment.objects.count(), Document.objects.count())
        page = client.post(url, fields | {field: SimpleUploadedFile(name, content)}, follow=door != "scan")
        assert page.status_code in (200, 302)
        kept = None
        if (Attachment.objects.count(), Document.objects.count()) != before:
            rows = Document.objects if door == "scan" else Attachment.objects
            kept = storage.read_bytes(rows.latest("pk"))
        return main(page) if door == "espace" else page.content.decode().replace("\u00a0", " "), kept

    return post


def answer(told: str, kept: bytes | None, sent: bytes, words: str) -> str:
    """« gardé tel quel », « refusé », with what is missing of the words that the page should say."""
    state = "refusé" if kept is None else "gardé tel quel" if kept == sent else "gardé autrement"
    return state if words in told else f"{state}, sans dire « {words} »"


def answers(send, door: str, sent: dict[str, tuple[str, bytes]], words: str) -> dict[str, str]:
    return {
        case: answer(*send(door, name, content), content, words) for case, (name, content) in sent.items()
    }


def named(name: str, contents: dict[str, bytes]) -> dict[str, tuple[str, bytes]]:
    return {case: (name, content) for case, content in contents.items()}


# -- PDFs that an association sends -----------------------------------------------------------------------
EMPTY = (
    "empty list of files", "empty tree of files", "empty dictionary of files", "empty tree of scripts", "empty names",
    "empty associated files", "empty events", "file specification without a file", "empty form",
)  # fmt: skip
TREES = {name: pdfs.TAKEN[name] for name in EMPTY} | {
    "tree of empty trees": pdfs.pdf(root={"/Names": {"/EmbeddedFiles": {"/Kids": [{"/Names": []}] * 2}}}),
    "empty portfolio": pdfs.pdf(root={"/Collection": {"/View": "/D"}, "/Names": {"/EmbeddedFiles": {}}}),
}
IN_FRONT = {name: content for name, content in pdfs.TAKEN.items() if name.endswith("in front")}
XML = b"<?xml version='1.0'?><rsm:CrossIndustryInvoice/>"
INVOICES = {
    name: pdfs.pdf(files={name: XML})
    for name in (
        "factur-x.xml", "FACTUR-X.XML", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "order-x.xml",
        "cii.xml", "ubl.xml", "facture.xml", "invoice-2026-014.xml", "Facture n° 7.xml",
    )
}  # fmt: skip
FORMS = {name: content for name, (content, word) in pdfs.REFUSED.items() if word == "script"} | {
    "sum of a page of the form": pdfs.pdf(root={"/AcroForm": {"/CO": [], "/Fields": [{"/AA": {"/K": pdfs.SCRIPT}}]}}),
    "check of what is typed": pdfs.pdf(root={"/AcroForm": {"/Fields": [{"/AA": {"/V": pdfs.SCRIPT}}]}}),
    "script when it is printed": pdfs.pdf(root={"/AA": {"/WP": pdfs.SCRIPT}}),
}  # fmt: skip


def protected(algorithm: str, **options) -> bytes:
    return pdfs.resaved(
        options.pop("content", pdfs.PAGE),
        user_password="",
        owner_password="x",
        algorithm=algorithm,
        **options,
    )


PROTECTED = {
    **{name: protected(name) for name in ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")},
    "nothing is allowed": protected("AES-256", permissions_flag=0),
    "printing alone": protected("AES-128", permissions_flag=4),
    "copying alone": protected("RC4-128", permissions_flag=16),
    "with a mark in front": b"\xef\xbb\xbf" + protected("AES-256"),
    "with an empty list of files": protected("AES-256", content=pdfs.TAKEN["empty list of files"]),
    "with a link": protected("AES-128", content=pdfs.TAKEN["link of the Web"]),
}
TAKEN = {
    "arbre_de_pieces_vide": TREES,
    "octets_devant_l_entete": IN_FRONT,
    "facture_electronique_xml_joint": INVOICES,
    "protege_en_modification_seulement": PROTECTED,
}


@pytest.mark.parametrize("case", TAKEN)
def test_pdf_of_an_association_is_kept_whole(send, case):
    assert len(TAKEN[case]) >= 10
    found = answers(send, "espace", named(f"{case}.pdf", TAKEN[case]), "Votre document est envoyé (PDF, ")
    assert found == dict.fromkeys(TAKEN[case], "gardé tel quel")


def test_form_that_computes_is_refused_with_the_way_out(send):
    assert len(FORMS) >= 10
    found = answers(send, "espace", named("formulaire.pdf", FORMS), f"Ce PDF contient un script. {TO_DO}")
    assert found == dict.fromkeys(FORMS, "refusé")


# -- PDFs that staff file as the signed copy --------------------------------------------------------------
INK = (
    "ink with a picture", "ink without", "text with a picture", "text without", "stamp", "highlight", "square",
    "said to be invisible", "on a turned page", "in a layer that is on", "text field",
)  # fmt: skip


def test_copy_signed_on_a_tablet_is_filed_with_its_signature(send):
    """Filed as the preview shows it, the file as it came beside."""
    base, found = pdfs.PAGE, {}
    for name in INK:
        content = bytes(overlays.DRAWN[name](Overlay(base)))
        _told, kept = send("scan", f"{name}.pdf", content)
        seen, drawn = picture(content), picture(content, over=False)
        beside = storage.read_bytes(Document.objects.latest("pk").received.get())
        found[name] = kept is not None and picture(kept) == seen != drawn and beside == content
    assert found == dict.fromkeys(INK, True)


SCANNED = {
    "empty list of files": TREES["empty list of files"],
    "mark of UTF-8 in front": IN_FRONT["mark of UTF-8 in front"],
    "protected against change": PROTECTED["AES-256"],
    "form that computes": FORMS["script of a sum"],
    "invoice with its data": INVOICES["factur-x.xml"],
}


def test_scan_of_any_of_these_is_filed_without_what_acts(send):
    found = {}
    for name, content in SCANNED.items():
        _told, kept = send("scan", "scan.pdf", content)
        found[name] = kept and (
            b"/JS" in kept or b"EmbeddedFile /" in kept,
            picture(kept) == picture(content),
        )
    assert found == dict.fromkeys(SCANNED, (False, True))


# -- tables and books -------------------------------------------------------------------------------------
MONEY = (
    "RIDET;Association;Montant;Période\r\n0101012.001;Forêt à vivre;45 000,00;mars-23\r\n"
    "8,03E+13;D’Ouvéa;.77;2023\r\n"
)


def table(text: str = MONEY, **changes: str) -> str:
    for old, new in changes.items():
        text = text.replace({"separator": ";", "lines": "\r\n"}[old], new)
    return text


TABLES = {
    "2_identifiants_devenus_nombres": {
        "UTF-8": ("a.csv", table().encode(), "UTF-8"),
        "UTF-8 with a mark": ("a.csv", table().encode("utf-8-sig"), "UTF-8"),
        "Windows": ("a.csv", table().encode("cp1252"), "windows-1252"),
        "commas": ("a.csv", table(separator=",").encode(), "UTF-8"),
        "tabs": ("a.tsv", table(separator="\t").encode(), "UTF-8"),
        "bars": ("a.csv", table(separator="|").encode(), "UTF-8"),
        "lines of Unix": ("a.csv", table(lines="\n").encode(), "UTF-8"),
        "separator said": ("a.csv", ("sep=;\r\n" + table()).encode("cp1252"), "windows-1252"),
        "name in capitals": ("A.CSV", table().encode(), "UTF-8"),
        "no name": ("export", table().encode(), "UTF-8"),
        "blank lines": ("a.csv", (table() + "\r\n" * 9).encode(), "UTF-8"),
    },
    "3_texte_unicode_excel": {
        "UTF-16 as Excel writes it": ("a.txt", table(separator="\t").encode("utf-16"), "UTF-16"),
        "UTF-16, small end first": ("a.txt", table(separator="\t").encode("utf-16-le"), "UTF-16"),
        "UTF-16, big end first": ("a.txt", table(separator="\t").encode("utf-16-be"), "UTF-16"),
        "UTF-16, big end first, with its mark": (
            "a.txt", b"\xfe\xff" + table(separator="\t").encode("utf-16-be"), "UTF-16"),
        "UTF-32": ("a.txt", table(separator="\t").encode("utf-32"), "UTF-32"),
        "UTF-8": ("a.txt", table(separator="\t").encode(), "UTF-8"),
        "semicolons": ("a.txt", table().encode("utf-16"), "UTF-16"),
        "lines inside cells": ("a.txt", table().replace("Forêt à vivre", '"Forêt\nverte"').encode("utf-16"), "UTF-16"),
        "headings on two lines": ("a.txt", table().replace("RIDET", '"N°\nRIDET"').encode("utf-16"), "UTF-16"),
        "marks nobody sees": ("a.txt", table().replace("D’", "\u2066D’\u200b\u2069").encode("utf-16"), "UTF-16"),
        "okina": ("a.txt", table().replace("D’Ouvéa", "ʻAta TĒIN").encode("utf-16"), "UTF-16"),
    },
    "5_mac_roman_guillemets_orphelins": {
        "Mac": ("a.csv", table(lines="\r").encode("mac_roman"), "macintosh"),
        "Mac, lines of Windows": ("a.csv", table().encode("mac_roman"), "macintosh"),
        "Mac, lines of Unix": ("a.csv", table(lines="\n").encode("mac_roman"), "macintosh"),
        "Mac, tabs": ("a.txt", table(separator="\t", lines="\r").encode("mac_roman"), "macintosh"),
        "Mac, orphan quotes": (
            "a.csv", table(lines="\r").replace("Forêt", '"Forêt').encode("mac_roman"), "macintosh"),
        "Mac, quotes in the middle": (
            "a.csv", table(lines="\r").replace("à vivre", '"à" vivre').encode("mac_roman"), "macintosh"),
        "Mac, French quotes": (
            "a.csv", table(lines="\r").replace("Forêt à vivre", "« Forêt »").encode("mac_roman"), "macintosh"),
        "Mac, total": ("a.csv", (table(lines="\r") + "Total;;45 000,00;\r").encode("mac_roman"), "macintosh"),
        "DOS": ("a.csv", table().replace("’", "'").encode("cp850"), "IBM850"),
        "Windows": ("a.csv", table(lines="\r").encode("cp1252"), "windows-1252"),
        "Mac, commas": ("a.csv", table(separator=",", lines="\r").encode("mac_roman"), "macintosh"),
    },
}  # fmt: skip


@pytest.mark.parametrize("door", ["espace", "partenaire"])
@pytest.mark.parametrize("case", TABLES)
def test_table_is_kept_whole_and_its_encoding_told(send, door, case):
    assert len(TABLES[case]) >= 10
    sent = "Votre document est envoyé (" if door == "espace" else "La pièce est classée : "
    found = {
        name: answer(*send(door, called, content), content, f"{sent}Tableau CSV ({charset}), ")
        for name, (called, content, charset) in TABLES[case].items()
    }
    assert found == dict.fromkeys(TABLES[case], "gardé tel quel")


BOOKS = {
    "a.xlsx": ("Excel", "Classeur Excel, "),
    "b.xlsx": ("Excel of another program", "Classeur Excel, "),
    "c.xls": ("Excel 97", "Classeur Excel ancien (.xls), "),
    "d.xls": ("Excel 95", "Classeur Excel ancien (.xls), "),
    "e.ods": ("Calc", "Classeur LibreOffice, "),
    "f.ods": ("Calc without its first part", "Classeur LibreOffice, "),
    "g.docx": ("Word Online", "Document Word, "),
    "h.doc": ("Word 97", "Document Word ancien (.doc), "),
    "i.odt": ("Writer", "Texte LibreOffice, "),
    "j.csv": ("Excel", "Classeur Excel, "),
    "k": ("Calc", "Classeur LibreOffice, "),
}
NO_BOOKS = {
    "a.xlsm": ("Excel with macros", "Enregistrez-le sans macro, ou en PDF"),
    "b.xlsx": ("Excel with macros of 1992", "Enregistrez-le sans macro, ou en PDF"),
    "c.xls": ("Excel 97 with a program", "Enregistrez-le sans macro, ou en PDF"),
    "d.xls": ("Excel 97 with macros of 1992", "Enregistrez-le sans macro, ou en PDF"),
    "e.ods": ("Calc with macros", "Enregistrez-le sans macro, ou en PDF"),
    "f.docx": ("Word with a program", "Enregistrez-le sans macro, ou en PDF"),
    "g.doc": ("Word 97 with macros", "Enregistrez-le sans macro, ou en PDF"),
    "h.xlsx": ("Excel with a password", "Enregistrez-le sans mot de passe"),
    "i.ods": ("Calc with a password", "Enregistrez-le sans mot de passe"),
    "j.pptx": ("PowerPoint", "imprimez-le en PDF, puis envoyez ce PDF"),
    "k.csv": ("message of Outlook", "imprimez-le en PDF, puis envoyez ce PDF"),
}


@pytest.mark.parametrize("door", ["espace", "partenaire"])
@pytest.mark.parametrize(("books", "state"), [(BOOKS, "gardé tel quel"), (NO_BOOKS, "refusé")])
def test_book_is_kept_whole_and_told_or_refused_with_the_way_out(send, door, books, state):
    found = {
        name: answer(*send(door, name, files.KINDS[kind][0]), files.KINDS[kind][0], words)
        for name, (kind, words) in books.items()
    }
    assert found == dict.fromkeys(books, state)
