"""No document of any kind holds a string that no French text holds; ordinals are raised, and read as words."""

import re

import pytest

from conventions.domain.documents import reading
from conventions.domain.documents.rendering.engine import printed
from conventions.tests.pdf import golden
from conventions.tests.pdf.reading import faults_of, plain, poppler, raw_faults_of, reader, text_of

pytestmark = pytest.mark.pdf
KINDS = golden.documents()
BROKEN = re.compile(r"\b1\s+(?:er|re)\b")


@pytest.mark.parametrize("kind", KINDS)
def test_no_document_holds_a_forbidden_string(kind):
    made = KINDS[kind]()
    content = getattr(made, "content", made)
    assert faults_of(text_of(content)) == []
    assert raw_faults_of(reading.page_texts(content)) == []
    texts = [text_of(content), plain(" ".join(reading.page_texts(content)))]
    assert [BROKEN.findall(text) for text in texts] == [[], []]
    if hasattr(made, "html"):
        raised = printed(made.html).count("1<sup>er</sup>")
        assert all(text.count("1er") >= raised for text in texts)


def test_an_ordinal_is_raised_in_smaller_letters():
    import pypdfium2
    from pypdfium2 import raw

    made = KINDS["acte papier"]()
    title, body = printed(made.html).split("</head>")
    assert "<sup>" not in title
    assert "1<sup>er</sup>" in body
    found = []
    for page in pypdfium2.PdfDocument(made.content, autoclose=True):
        text = page.get_textpage()
        for rank in (match.start() for match in re.finditer("1er", text.get_text_range())):
            one, letter = (raw.FPDFText_GetFontSize(text, rank + step) for step in (0, 1))
            found.append((round(letter / one, 2), text.get_charbox(rank + 1)[1] > text.get_charbox(rank)[1]))
    assert (0.66, True) in found
    assert set(found) <= {(0.66, True), (1.0, True), (1.0, False)}  # the foot of a page is left as it is


def test_a_hash_stands_on_two_lines_of_eight_groups_as_wide_as_each_other(tmp_path):
    made = KINDS["attestation"]()
    hashes = set(re.findall(r"\b[0-9a-f]{64}\b", made.html))
    lines = [line.strip() for page in reader(made.content).pages for line in page.extract_text().split("\n")]
    assert hashes
    for one in hashes:
        groups = re.findall(".{4}", one)
        assert any(line.endswith(" ".join(groups[:8])) for line in lines), one
        assert any(line.startswith(" ".join(groups[8:])) for line in lines), one
    assert "Noto-Sans-Mono" in poppler("pdffonts", made.content, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "La dotation est de None.", "Vu {{ demande }}", "La liste [] suit.", "Le titre « » suit.", "Un don ( ).",
        "Le siège du du Comité", "La fin de la la convention", "Avis de Association", "Il faut que Alice signe",
        "Le avenant", "La annexe", "remis au le Comité", "Avis du le Comité", "convention n° n° 12", "R&amp;D",
    ],
)  # fmt: skip
def test_a_fault_is_seen(text):
    assert faults_of(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "le onze mars", "que oui", "de 8 à 12", "la une du journal", "dans le hall", "le huit mai", "du Mont-Dore",
        "de l’Association (fictif)", "de A à Z", "Nous nous engageons", "vous vous engagez", "de un à dix",
        "Acceptez-le ou redemandez-le en disant pourquoi.", "Dites-le à votre interlocuteur.", "Gardez-la avec vous.",
    ],
)  # fmt: skip
def test_right_french_is_no_fault(text):
    assert faults_of(text) == []


def test_two_spaces_in_a_line_are_seen():
    assert raw_faults_of(["un  mot", "un mot"]) == ["un  mot"]
