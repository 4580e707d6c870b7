"""Looked at as pictures: pages full enough, boxes as said, no word cut or over another, letters of every name."""

import dataclasses
import datetime
import io

import pypdfium2
import pytest
import segno
from PIL import Image, ImageDraw

from conventions.domain.documents import reading
from conventions.domain.documents.context import ClauseContext
from conventions.domain.documents.rendering import (
    Copy,
    VignetteContext,
    engine,
    render_agreement,
    render_copies,
    render_letter,
    render_vignette,
)
from conventions.domain.documents.rendering.letterhead import TEXT_LINES
from conventions.domain.documents.rendering.letters import letters_without_glyph
from conventions.enums import LetterKind
from conventions.tests.pdf import golden, looking, samples
from conventions.tests.pdf.reading import page_texts, plain, poppler, reader, text_of
from conventions.tests.pdf.test_tagging import elements

pytestmark = pytest.mark.pdf
LEAST = 0.6
NAMES = "Nguyễn Thị Hương, Xenɛɔ̃, Ʉmɔ ɨ ŋ, Tāne ʻĀina"


@pytest.fixture(scope="module", params=golden.documents())
def printed(request):
    return request.param, golden.documents()[request.param]()


def with_articles(count, words, body=""):
    """An act of so many articles, of so many words each or of one body, and its closing formula."""
    ctx = samples.agreement()
    body = body or " ".join(f"mot{rank % 7}" for rank in range(words)) + "."
    articles = tuple(
        ClauseContext(code=f"a{rank}", heading=f"Sujet {rank}", body=body) for rank in range(count)
    )
    return dataclasses.replace(
        ctx, clauses=(*articles, ctx.clauses[-1]), equipment=(), budget=(), indicators=()
    )


def test_no_page_but_the_last_is_half_empty(printed):
    name, made = printed
    pages = looking.fills(made.content)
    if name == "exemplaires":  # copies one after the other: each ends where it ends
        pages = pages[: len(pages) // 2]
    assert [fill for fill in pages[:-1] if fill < LEAST] == []


def test_no_word_leaves_its_page_or_stands_on_another(printed):
    assert looking.faults(printed[1].content) == []


def test_words_on_words_are_seen():
    ctx = samples.public_sheet(summary="Un résumé (fictif)")
    from conventions.domain.documents.rendering import engine, render_public

    html = render_public(ctx).html.replace('class="lead"', 'class="lead" style="margin-bottom: -9mm"')
    made = engine.write(html, draft=False, attachment=("a.json", "a", b"{}"))
    assert looking.faults(made.content) != []


@pytest.mark.parametrize(
    ("count", "words"),
    [*((count, 55) for count in range(4, 22)), *((count, 12) for count in range(12, 30, 2))],
)
def test_boxes_stand_with_text_and_pages_are_full_at_every_length(count, words):
    made = render_agreement(with_articles(count, words))
    pages = page_texts(made.content)
    (last,) = (page for page in pages if "Fait à" in page)
    lines = [line for line in _lines(made.content, pages.index(last)) if "Pour l’" not in line]
    assert lines.index(next(line for line in lines if "Mme Alix" in line)) >= TEXT_LINES
    assert last.count("Signature") == 3
    assert [fill for fill in looking.fills(made.content)[:-1] if fill < LEAST] == []


def of_sizes(*sizes):
    """Parties with so many signatories each."""
    models = (samples.OPT, samples.ASSOCIATION, samples.COMMITTEE, samples.TOWN)
    made = []
    for rank, size in enumerate(sizes):
        people = [
            dataclasses.replace(samples.OPT.signatories[0], last_name=f"FICTIF{rank}X{order}", order=order)
            for order in range(1, size + 1)
        ]
        made.append(
            dataclasses.replace(models[rank % 4], short_name=f"Partie {rank:02}", signatories=tuple(people))
        )
    return tuple(made)


@pytest.mark.parametrize("count", [6, 9, 12, 14])
@pytest.mark.parametrize(
    "sizes",
    [(1, 1), (2, 1), (1,) * 4, (1,) * 5, (2, 2, 2), (2, 7, 1), (4, 4), (2, 2, 2, 2, 1), (2, 9), (1,) * 12],
    ids=str,
)
def test_boxes_of_many_stand_with_text_and_party_by_party(sizes, count):
    ctx = dataclasses.replace(with_articles(count, 40), parties=of_sizes(*sizes))
    made = render_agreement(ctx)
    pages = page_texts(made.content)
    (first,) = (rank for rank, page in enumerate(pages) if "Fait à" in page)
    lines = _lines(made.content, first)
    assert lines.index(next(line for line in lines if line.startswith("Pour Partie 00"))) >= TEXT_LINES
    assert [fill for fill in looking.fills(made.content)[:-1] if fill < LEAST] == []
    for number in range(first, len(pages)):
        said = _lines(made.content, number)
        boxes = [rank for rank, line in enumerate(said) if line.startswith("Pour Partie ")]
        assert not boxes or boxes[0] >= TEXT_LINES, number
    signing = [plain(page) for page in pages[first:]]
    assert sum(page.count("Signature") for page in signing) == sum(sizes)
    for party, size in enumerate(sizes):
        (page,) = (page for page in signing if f"Pour Partie {party:02}" in page)
        assert [order for order in range(1, size + 1) if f"FICTIF{party}X{order}" not in page] == []


def _lines(content, number):
    said = reading.page_texts(content)[number]
    return [plain(line) for line in said.splitlines() if line.strip()]


def test_boxes_are_grouped_by_party_in_two_columns():
    made = render_agreement(samples.agreement(path="en_ligne"))
    text = text_of(made.content)
    assert text.count("Pour l’OPT-NC") == text.count("Pour l’Association") == 1


def test_total_is_the_foot_of_its_table_once():
    pdf = reader(render_agreement(samples.agreement(equipment=samples.equipment(90))).content)
    tables = [element for element in elements(pdf) if element["/S"] == "/Table"]
    feet = [[kid.get_object()["/S"] for kid in table["/K"]].count("/TFoot") for table in tables]
    assert sorted(feet) == [0, 1, 1]
    assert (
        text_of(render_agreement(samples.agreement(equipment=samples.equipment(90))).content).count("Total")
        == 2
    )


def test_wide_annex_lies_on_its_side_and_its_copies_too():
    places = [
        dataclasses.replace(line, place=f"Dépôt fictif {line.number}") for line in samples.equipment(30)
    ]
    frozen = render_agreement(samples.agreement(equipment=tuple(places)))
    pages = reader(frozen.content).pages
    assert [page.mediabox.width > page.mediabox.height for page in pages][-1]
    assert [fill for fill in looking.fills(frozen.content)[:-1] if fill < LEAST] == []
    copies = (Copy(number=1, holder="l’OPT-NC"), Copy(number=2, holder="l’Association"))
    made = render_copies(frozen.content, copies, code="23456789ABCDE", site_url="https://p.example")
    assert [page.mediabox.width for page in reader(made.content).pages] == [
        page.mediabox.width for page in pages
    ] * 2
    assert looking.faults(made.content) == []
    for number, page in enumerate(looking.pages_of(made.content), start=1):
        edges = _code_edges(page)
        assert min(edges) >= 9.5, (number, edges)  # millimetres
        assert "Paraphes" in page.get_textpage().get_text_range()


def _code_edges(page):
    """How far the codes of a page are from its right, upper and lower edges, in millimetres."""
    picture = page.render(scale=2, grayscale=True).to_pil()
    margin = picture.crop((picture.width - int(24.5 * looking.MM * 2), 0, picture.width, picture.height))
    box = margin.point(lambda grey: 255 if grey < 120 else 0).getbbox()
    far = (margin.width - box[2], box[1], margin.height - box[3])
    return [edge / 2 / looking.MM for edge in far]


def test_letters_of_every_name_are_printed_from_our_own_fonts(tmp_path):
    party = dataclasses.replace(samples.ASSOCIATION, name=f"Association fictive {NAMES}")
    made = render_agreement(samples.agreement(parties=(samples.OPT, party)))
    fonts = poppler("pdffonts", made.content, tmp_path)
    families = {line.split()[0].partition("+")[2].split("-")[0] for line in fonts.splitlines()[2:-1]}
    assert families <= {"Figtree", "Noto"}
    assert reading.letters(NAMES) in reading.letters(" ".join(reading.page_texts(made.content)))


def test_every_latin_letter_reads_back_as_itself():
    """A glyph that its font takes apart is read as two letters."""
    wanted = [chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)) if chr(code).isalpha()]
    wanted = [letter for letter in wanted if not letters_without_glyph(letter)]
    lines = [" ".join(wanted[start : start + 30]) for start in range(0, len(wanted), 30)]
    made = render_agreement(with_articles(1, 0, "\n\n".join(lines)))
    read = plain(" ".join(reading.page_texts(made.content)))
    assert len(wanted) > 600
    assert [line for line in lines if line not in read] == []


def test_documents_without_such_letters_hold_one_family(tmp_path):
    assert "Noto" not in poppler("pdffonts", render_agreement(samples.agreement()).content, tmp_path)


def test_watermark_is_a_drawing(tmp_path):
    draft = render_agreement(samples.agreement(is_draft=True, reference=None))
    assert "BROUILLON" not in poppler("pdftotext", draft.content, tmp_path)
    assert "BROUILLON" not in text_of(draft.content)


def test_pasted_lists_are_lists_in_the_structure():
    body = "Elle prévoit :\n•\tun atelier\n•\tune sortie\n\n1° une visite ;\n2° un bilan."
    made = render_agreement(with_articles(1, 0, body))
    pdf = reader(made.content)
    found = [element for element in elements(pdf) if element["/S"] == "/L"]
    assert [len([kid for kid in elements(pdf, element) if kid["/S"] == "/LI"]) for element in found][:2] == [
        2,
        2,
    ]
    assert "1° une visite ; 2° un bilan." in text_of(made.content)


def test_address_or_reference_never_breaks_at_its_hyphen():
    whole = ("jean-luc.wea@aide-aux-jeunes.example", "2026-014-A1", "https://opt-partenariats.example/")
    shifted = [f"{'m' * width} mots avant {word} puis après" for word in whole for width in range(30, 66, 2)]
    made = render_agreement(with_articles(1, 0, "\n\n".join(f"{text} {text}." for text in shifted)))
    raw = "\n".join(page.extract_text() for page in reader(made.content).pages)
    assert [raw.count(word) for word in whole] == [36, 36, 36]
    longer = f"{'jean-luc-' * 12}fictif@aide-aux-jeunes.example"  # wider than a line: broken, and on its page
    made = render_agreement(with_articles(1, 0, f"Écrire à {longer}."))
    assert longer in text_of(made.content).replace(" ", "")
    assert looking.faults(made.content) == []


LONG_TITLE = "présidente du conseil d’administration de la fédération fictive des associations de l’archipel"


def vignette(name, drawing=b"", title=LONG_TITLE):
    """A vignette, and the words that can be read on it."""
    made = render_vignette(
        VignetteContext(
            name=name,
            title=title,
            signed_at=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC),
            method="Signé en ligne, code envoyé par courriel",
            code="23456789ABCDE",
            address="https://p.example/verifier/23456789ABCDE/",
            drawing=drawing,
        )
    )
    return made, " ".join(reading.page_texts(made))


def stroke():
    picture = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(20, 150), (200, 30), (560, 80)], fill=(22, 40, 46, 255), width=4)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("drawing", [b"", stroke()], ids=["alone", "drawn"])
@pytest.mark.parametrize(
    "name",
    [
        "Mme Éloïse FICTIVE",
        "Mme " + "Marie-Antoinette-Joséphine " * 4 + "DE LA TOUR FICTIVE",
        "M. " + "X" * 80,
    ],
)
def test_vignette_never_cuts_a_name(name, drawing):
    made, read = vignette(name, drawing)
    assert reading.letters(name) in reading.letters(read)
    assert reading.letters("code 2345-6789-ABCDE") in reading.letters(read)
    assert pypdfium2.PdfDocument(made)[0].get_height() == pytest.approx(20 * looking.MM, abs=0.5)


def test_vignette_shows_what_was_drawn():
    def right(made):
        picture = pypdfium2.PdfDocument(made)[0].render(scale=2, grayscale=True).to_pil()
        return picture.crop((picture.width - 60, 0, picture.width, picture.height)).getextrema()[0]

    name = "Mme Éloïse FICTIVE"
    assert right(vignette(name, stroke(), "présidente")[0]) < 120
    assert right(vignette(name, title="présidente")[0]) > 200


def test_code_of_a_copy_is_large_enough():
    """Squares of 0.35 mm at least: four points of a scan at 300 dpi."""
    squares = segno.make(
        "https://partenariats.opt.nc/verifier/23456789ABCDE/?e=2&p=12", error="m", micro=False
    )
    assert 14 / squares.symbol_size(border=0)[0] >= 0.35


def test_what_hangs_on_a_reference_is_kept_with_it():
    kept = ("n°\xa02026-014", "(n°\xa02026-014),", "«\xa02026-014\xa0»", "a@b-c.nc.")
    for text in kept:
        assert engine.printed(f"</head>la convention {text} du jour") == (
            f'</head>la convention <span class="whole">{text}</span> du jour'
        )


def test_title_of_a_letter_fills_its_lines():
    made = render_letter(samples.letter(LetterKind.PRIOR_NOTICE))
    lines = reader(made.content).pages[0].extract_text().splitlines()
    assert "Préavis de résiliation de la convention" in [line.strip() for line in lines]
