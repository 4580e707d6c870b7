"""« Vérifier un document » in a browser, with and without script."""

import pytest

from conventions.domain.documents import storage
from conventions.enums import DocumentKind
from conventions.models import Document

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without"])
def test_file_with_something_after_it_names_its_origin(site, scripts):
    """With script only its hash leaves first; unknown, the page asks for the file itself."""
    document = Document.objects.filter(act__isnull=False, kind=DocumentKind.FROZEN).first()
    file = {"name": "acte.pdf", "mimeType": "application/pdf", "buffer": storage.read_bytes(document) + b"\n"}
    context = site.context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{site.url}/verifier/")
    page.set_input_files("[name=file]", [file])
    page.get_by_role("button", name="Vérifier le fichier").click()
    if scripts:
        assert page.locator("h1").inner_text() == "Empreinte inconnue"
        page.set_input_files("[name=file]", [file])
        page.get_by_role("button", name="Envoyer le fichier").click()
    told = page.locator("main").inner_text().replace("\xa0", " ")
    assert page.locator("h1").inner_text() == "Modifié"
    assert "auquel on a ajouté des blancs ou des zéros après la fin (1 octet)." in told
    assert document.act.number in told
    context.close()
