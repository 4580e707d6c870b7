"""Own PDFs: stored bytes, never a render, and a clear page when the bytes are not what was stored."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.urls import reverse

from conventions.enums import DocumentKind
from conventions.tests import factories as f


@pytest.fixture
def own(db, as_role):
    """(client, act) of a president in office."""
    partner = f.PartnerFactory()
    officer = f.UserFactory(role="gestionnaire", phone="268217")
    convention = f.ConventionFactory(partner=partner, act="signe", officer=officer, slug="atelier")
    return as_role(f.PresidentFactory(partner=partner)), convention.acts.get()


def url(document) -> str:
    return reverse("portal:document", args=[document.pk])


def test_download_gives_the_stored_bytes(own):
    client, act = own
    document = act.signed_document
    response = client.get(url(document))
    with storages["private"].open(document.storage_name) as stored:
        assert b"".join(response.streaming_content) == stored.read()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{act.number}-atelier-scan.pdf"'
    assert response["Cache-Control"] == "private, no-cache"


def test_download_again_sends_nothing(own):
    client, act = own
    document = act.signed_document
    response = client.get(url(document), headers={"If-None-Match": f'"{document.sha256}"'})
    assert (response.status_code, response.content) == (304, b"")


def test_download_costs_few_queries(own, query_budget):
    client, act = own
    with query_budget(8):
        client.get(url(act.signed_document))


@pytest.mark.parametrize(
    "kind", [DocumentKind.DRAFT, DocumentKind.PUBLIC, DocumentKind.PRESS, DocumentKind.FROZEN]
)
def test_document_not_meant_for_partners_does_not_exist(own, kind):
    """An earlier frozen version counts among them: only the one that was signed is shown."""
    client, act = own
    document = f.DocumentFactory(act=act, kind=kind, version=7)
    assert client.get(url(document)).status_code == 404


@pytest.mark.parametrize("damage", ["changed", "lost"])
def test_damaged_document_is_refused_with_what_to_do(own, damage):
    client, act = own
    name = act.signed_document.storage_name
    path = settings.PRIVATE_ROOT / name
    if damage == "lost":
        path.unlink()
    else:
        path.write_bytes(b"%PDF-1.7 autre chose")
    response = client.get(url(act.signed_document))
    page = response.content.decode()
    assert response.status_code == 503
    assert "Prévenez votre interlocuteur à l’OPT-NC" in page
    assert "26.82.17" in page


@pytest.mark.slow
def test_space_and_worker_never_load_the_renderer():
    """A process that serves the space and sends mails has no need of weasyprint."""
    code = (
        "import django, sys; django.setup();"
        "import conventions.domain.foundation.work, conventions.urls.portal, conventions.views.portal;"
        "from conventions.domain import space;"
        "from conventions.domain.documents.rendering import agreement_html;"
        "from conventions.tests.pdf import samples;"
        "assert 'Article 1' in agreement_html(samples.agreement(is_draft=False));"
        "print(sorted({'weasyprint', 'pypdf', 'openpyxl', 'pyhanko'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "opt_partners.settings", "DEBUG": "1", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
