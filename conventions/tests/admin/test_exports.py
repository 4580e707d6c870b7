"""« Exporter les PDF »: who may, what the choice page says, what leaves and what the journal keeps."""

import io
import json
import re
import zipfile

import pytest
from django.urls import reverse

from conventions.domain import journal
from conventions.domain.documents import storage
from conventions.domain.journal import story
from conventions.enums import ActState, DocumentKind, Role
from conventions.models import JournalEntry
from conventions.tests.factories import ConventionFactory, DocumentFactory, PublicSheetFactory

pytestmark = pytest.mark.django_db
ALLOWED = [Role.COMMUNICATION, Role.OFFICER, Role.LAWYER, Role.DIRECTOR, "superuser"]
REFUSED = [Role.ACCOUNTANT, Role.LOGISTICS, Role.READER]


def published():
    convention = ConventionFactory(act=ActState.SIGNED)
    document = DocumentFactory(act=convention.acts.get(), kind=DocumentKind.PUBLIC)
    PublicSheetFactory(convention=convention, document=document)
    return convention


def export(client, *conventions, **answers):
    """The action of the list, then its choice page when `version` is given."""
    values = {
        "action": "export_documents_action",
        "_selected_action": [convention.pk for convention in conventions],
        **({} if answers else {"index": "0"}),
        **answers,
    }
    return client.post(reverse("admin:conventions_convention_changelist"), values)


def names_in(response) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        return archive.namelist()


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("role", ALLOWED)
def test_export_is_offered_and_done_for_roles_that_may(as_role, role):
    convention, client = published(), as_role(role)
    listing = client.get(reverse("admin:conventions_convention_changelist")).content.decode()
    assert listing.count('value="export_documents_action"') == 1
    assert export(client, convention, version="publique")["Content-Type"] == "application/zip"


@pytest.mark.parametrize("role", REFUSED)
def test_export_is_neither_offered_nor_done_for_other_roles(as_role, role):
    convention, client = published(), as_role(role)
    listing = client.get(reverse("admin:conventions_convention_changelist")).content.decode()
    assert listing.count('value="export_documents_action"') == 0
    response = export(client, convention, version="publique")
    assert response["Content-Type"] != "application/zip"
    assert JournalEntry.objects.filter(event="documents_exportes").count() == 0


def test_export_refuses_a_president(as_role):
    response = export(as_role("president"), published(), version="publique")
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("admin:login"))


def test_choice_page_says_what_each_version_holds_and_lacks(as_role):
    ready, draft = published(), ConventionFactory(act=ActState.DRAFT, title="Un brouillon (fictif)")
    reprise = ConventionFactory(reprise=True, title="Une reprise (fictif)")
    text = text_of(export(as_role(Role.COMMUNICATION), ready, draft, reprise))
    assert "Vous avez choisi 3 conventions." in text
    assert text.count("1 document ") == 2
    assert text.count("2 absents de l’archive") == 2
    assert "Un brouillon (fictif). Pas encore publiée." in text
    assert "Un brouillon (fictif). Pas encore signé (acte brouillon)." in text
    assert "Une reprise (fictif). Reprise d’un acte signé sur papier avant l’application" in text
    assert "À ne pas transmettre hors de l’OPT-NC." in text


def test_public_version_holds_the_public_pdf_alone(as_role):
    convention = published()
    response = export(as_role(Role.COMMUNICATION), convention, version="publique")
    document = convention.sheets.get().document
    assert names_in(response) == [
        f"documents/{storage.file_name(document)}",
        "index.csv",
        "LISEZMOI.txt",
        "SHA256SUMS",
    ]


def test_signed_version_holds_the_signed_copy_alone(as_role):
    convention = published()
    answers = {"version": "signee-interne", "kept_inside": "on"}
    response = export(as_role(Role.COMMUNICATION), convention, **answers)
    document = convention.acts.get().signed_document
    assert names_in(response)[0] == f"documents/{storage.file_name(document)}"


def test_signed_version_asks_for_a_promise(as_role):
    convention = published()
    response = export(as_role(Role.COMMUNICATION), convention, version="signee-interne")
    assert "Cochez cette case pour télécharger les exemplaires signés." in text_of(response)
    assert f'value="{convention.pk}"' in response.content.decode()
    assert JournalEntry.objects.filter(event="documents_exportes").count() == 0


def test_export_of_nothing_says_so(as_role):
    response = export(as_role(Role.COMMUNICATION), ConventionFactory(), version="publique")
    assert "Aucune des conventions choisies n’a de document dans cette version." in text_of(response)


def test_unknown_version_is_refused(as_role):
    response = export(as_role(Role.COMMUNICATION), published(), version="../secret")
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert JournalEntry.objects.filter(event="documents_exportes").count() == 0


def test_export_writes_one_journal_line(as_role):
    first, second, draft = published(), published(), ConventionFactory()
    client = as_role(Role.COMMUNICATION)
    export(client, second, first, draft, version="publique")
    entry = JournalEntry.objects.get(event="documents_exportes")
    assert (entry.chain, entry.actor) == (journal.SITE_CHAIN, client.user)
    assert json.loads(entry.payload)["details"] == {
        "exemplaires": "version publique",
        "conventions": [first.pk, second.pk],
        "documents": sorted(row.sheets.get().document_id for row in (first, second)),
    }


def test_journal_page_tells_the_export_in_words(as_role):
    convention = published()
    export(as_role(Role.COMMUNICATION), convention, version="publique")
    entry = JournalEntry.objects.select_related("actor", "personal").get(event="documents_exportes")
    line = story.read_lines([entry], with_personal=True)[0]
    assert (line.told, line.details) == ("a exporté des PDF", (("Exemplaires", "version publique"),))


def test_export_renders_nothing(as_role, monkeypatch):
    import weasyprint

    convention, client = published(), as_role(Role.COMMUNICATION)

    def refuse(*args, **kwargs):
        raise AssertionError("a download must not render")

    monkeypatch.setattr(weasyprint.HTML, "render", refuse)
    assert len(names_in(export(client, convention, version="publique"))) == 4


@pytest.mark.parametrize(
    "answers", [{}, {"version": "publique"}, {"version": "signee-interne", "kept_inside": "on"}]
)
def test_export_costs_the_same_for_1_and_for_30(as_role, query_budget, answers):
    rows, client = [published() for _ in range(30)], as_role(Role.COMMUNICATION)
    export(client, rows[0], **answers)
    counts = []
    for chosen in (rows[:1], rows):
        with query_budget(20) as captured:
            response = export(client, *chosen, **answers)
            if response.streaming:
                b"".join(response.streaming_content)
        counts.append(len(captured))
    assert counts[0] == counts[1]
