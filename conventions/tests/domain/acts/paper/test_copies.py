"""Copies to print: one per party, each page marked in the margin, made once and stored."""

import re

import pytest

from conventions.domain.acts.paper import copies
from conventions.domain.documents import storage
from conventions.enums import ActState, DocumentKind
from conventions.models import Document, JournalEntry
from conventions.tests.factories import (
    ActFactory,
    ConventionFactory,
    DocumentFactory,
    PartnerFactory,
    UserFactory,
    small_pdf,
)

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


@pytest.fixture
def act():
    partner = PartnerFactory(name="Association Niaouli (fictif)")
    return ConventionFactory(act=ActState.TO_SIGN, partner=partner).acts.get()


def codes(content: bytes) -> list[list[str]]:
    """What the QR codes of each page hold, at 150 dpi."""
    import pypdfium2
    import zxingcpp

    pdf = pypdfium2.PdfDocument(content)
    images = [page.render(scale=150 / 72, grayscale=True).to_pil() for page in pdf]
    return [[code.text for code in zxingcpp.read_barcodes(image)] for image in images]


def test_copies_are_one_per_party_each_page_with_its_address(act, officer, settings):
    settings.SITE_URL = "https://exemple.invalid"
    made = copies.print_copies(act, by=officer)
    content = storage.read_bytes(made)
    assert (made.kind, made.page_count, made.made_from) == (DocumentKind.COPIES, 2, act.frozen_document)
    base = f"https://exemple.invalid/verifier/{made.code}/"
    assert codes(content) == [[f"{base}?e=1&p=1"] * 2, [f"{base}?e=2&p=1"] * 2]


def test_copies_say_whose_they_are(act, officer):
    from conventions.tests.pdf.reading import page_texts

    first, second = page_texts(storage.read_bytes(copies.print_copies(act, by=officer)))
    assert re.match(r"Exemplaire 1 sur 2 – OPT-NC page 1 sur 1 · code [\w-]{15} Paraphes$", first)
    assert second.startswith("Exemplaire 2 sur 2 – Association Niaouli (fictif) page 1 sur 1")


def test_copies_carry_the_code_of_the_frozen_document(officer):
    act = ActFactory(convention=ConventionFactory(act=None), state=ActState.TO_SIGN)
    paper = DocumentFactory(act=act, version=2, code="7K3M9QTRV2X4B", pdf=small_pdf("avec code"))
    type(act).objects.filter(pk=act.pk).update(frozen_document=paper)
    act.refresh_from_db()
    made = copies.print_copies(act, by=officer)
    assert made.code == ""
    assert codes(storage.read_bytes(made))[0][0].split("/")[-2] == "7K3M9QTRV2X4B"


def test_copies_are_made_once(act, officer):
    made = copies.print_copies(act, by=officer)
    assert copies.print_copies(act, by=officer) == made
    assert Document.objects.of_kind(DocumentKind.COPIES).count() == 1
    entry = JournalEntry.objects.get(convention=act.convention)
    assert (entry.event, entry.actor) == ("document_produit", officer)


def test_copies_are_not_shown_to_the_partner(act, officer):
    copies.print_copies(act, by=officer)
    assert list(storage.shown_to_partner(act)) == [act.frozen_document]


@pytest.mark.parametrize(
    "values", [{"act": ActState.DRAFT}, {"act": ActState.TO_SIGN, "act__path": "en_ligne"}]
)
def test_act_that_is_not_to_be_signed_in_ink_is_not_printed(officer, values):
    with pytest.raises(copies.NothingToPrint):
        copies.print_copies(ConventionFactory(**values).acts.get(), by=officer)


def test_act_taken_back_meanwhile_is_not_printed(act, officer):
    other = DocumentFactory(act=act, version=2)
    type(act).objects.filter(pk=act.pk).update(frozen_document=other)
    with pytest.raises(copies.NothingToPrint, match="repris"):
        copies.print_copies(act, by=officer)
    assert Document.objects.of_kind(DocumentKind.COPIES).count() == 0
