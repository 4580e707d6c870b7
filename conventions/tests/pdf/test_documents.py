"""What each document says, read back from its real PDF."""

import logging
import re
from dataclasses import replace
from datetime import date

import pytest

from conventions.domain.documents.context import (
    FundingContext,
    ObligationContext,
    PartialDate,
    PublicFundingContext,
    SignatoryContext,
    TermContext,
)
from conventions.domain.documents.merge_fields import UnresolvedField
from conventions.domain.documents.rendering import (
    agreement_html,
    render_agreement,
    render_handover,
    render_press_release,
    render_public,
    render_reconstitution,
)
from conventions.tests.pdf import samples
from conventions.tests.pdf.reading import page_texts, plain, poppler, text_of

pytestmark = pytest.mark.pdf


def watermarks(content: bytes) -> int:
    """How many pages carry the watermark: a form painted as an artifact before anything else."""
    from conventions.tests.pdf.reading import reader

    return sum(page.get_contents().get_data()[:300].count(b" Do\nEMC") for page in reader(content).pages)


def test_agreement_states_every_article_in_order():
    text = text_of(render_agreement(samples.agreement()).content)
    headings = [
        "Entre les soussignés :", "Préambule", "Il a été convenu ce qui suit :", "Article 1 Objet",
        "Article 2 Durée et prise d’effet", "Article 3 Soutien financier de l’OPT-NC",
        "Article 4 Modalités de versement", "Article 5 Soutien en nature", "Article 6 Don de matériel réformé",
        "Article 7 Engagements du bénéficiaire", "Article 8 Communication et visibilité",
        "Article 9 Compte rendu d’emploi et bilan", "Article 10 Contrôle et sanctions",
        "Article 11 Assurance et responsabilité", "Article 12 Données personnelles",
        "Article 13 Évaluation et renouvellement", "Article 14 Avenant", "Article 15 Résiliation",
        "Article 16 Litiges", "Article 17 Annexes", "Fait à Nouméa", "Annexe Équipements",
    ]  # fmt: skip
    places = [text.find(heading) for heading in headings]
    assert -1 not in places
    assert places == sorted(places)


def test_amount_is_written_in_figures_and_in_letters():
    text = text_of(render_agreement(samples.agreement()).content)
    assert text.count("un montant de 2 000 000 F CFP (deux millions de francs CFP)") == 1


def test_unknown_amount_is_said_and_never_zero():
    ctx = samples.agreement(fundings=(FundingContext(amount=None, status="inconnu"),), instalments=())
    text = text_of(render_agreement(ctx).content)
    assert text.count("un soutien financier dont le montant n’est pas communiqué") == 1
    assert " 0 F CFP" not in text


def test_cap_is_printed_as_a_cap():
    fundings = (
        FundingContext(amount=300_000, status="connu", budget_year=2026),
        FundingContext(amount=200_000, status="plafonne", budget_year=2027),
    )
    text = text_of(render_agreement(samples.agreement(fundings=fundings)).content)
    assert "un montant certain, soit 300 000 F CFP (trois cent mille francs CFP), est ferme" in text
    assert "soit 200 000 F CFP (deux cent mille francs CFP) au plus." in text
    assert "2027 — jusqu’à 200 000 F CFP" in text
    assert "Total 300 000 F CFP Sans compter 1 montant plafonné (jusqu’à 200 000 F CFP)" in text


def test_missing_value_stops_the_clauses_with_the_list():
    with pytest.raises(UnresolvedField) as caught:
        samples.agreement(term=TermContext(kind="dates"))
    assert [(item.label, item.where) for item in caught.value.missing] == [
        ("Date de début", "Durée"),
        ("Date de fin", "Durée"),
    ]


def test_words_agree_with_the_gender_of_each_party():
    text = text_of(
        render_agreement(
            samples.agreement(parties=(samples.OPT, samples.ASSOCIATION, samples.COMMITTEE))
        ).content
    )
    assert "représenté par Mme Alix DE FICTIF" in text
    assert (
        "représentée par Mme Éloïse WAMYTAN FICTIVE, présidente, ci-après dénommée « l’Association »" in text
    )
    assert (
        "représenté par M. Ousmane ŒUVRARD FICTIF, secrétaire général, ci-après dénommé « le Comité »" in text
    )


@pytest.mark.parametrize(
    ("parties", "sides"),
    [
        ((samples.OPT, samples.ASSOCIATION), ["d’une part,", "d’autre part."]),
        (
            (samples.OPT, samples.ASSOCIATION, samples.COMMITTEE),
            ["de première part,", "de deuxième part,", "de troisième part."],
        ),
        (
            (samples.OPT, samples.ASSOCIATION, samples.COMMITTEE, samples.TOWN),
            ["de première part,", "de deuxième part,", "de troisième part,", "de quatrième part."],
        ),
    ],
    ids=["two", "three", "four"],
)
def test_each_party_has_its_side_and_its_original(parties, sides):
    words = {2: "deux", 3: "trois", 4: "quatre"}[len(parties)]
    text = text_of(render_agreement(samples.agreement(parties=parties)).content)
    assert [side for side in sides if text.count(side) == 1] == sides
    assert text.count(f"en {words} exemplaires originaux") == 1


def test_several_signatories_of_a_party_have_each_a_box():
    pages = page_texts(render_agreement(samples.agreement()).content)
    (signatures,) = [text for text in pages if "Fait à" in text]
    ours, theirs = signatures.index("Pour l’OPT-NC"), signatures.index("Pour l’Association")
    assert signatures[ours:theirs].count("Signature") == 2
    assert signatures[theirs:].count("Signature") == 1
    assert "Directeur général par intérim fictif, par délégation du 2 février 2026" in signatures


def test_party_without_signatory_leaves_a_box_to_fill_in():
    parties = (samples.OPT, replace(samples.ASSOCIATION, signatories=()))
    text = text_of(render_agreement(samples.agreement(parties=parties)).content)
    assert "Pour l’Association Nom : Qualité : Signature" in text


def test_ink_leaves_the_date_blank_and_online_leaves_it_to_each_signature():
    ink = text_of(render_agreement(samples.agreement(path="papier")).content)
    online = text_of(render_agreement(samples.agreement(path="en_ligne")).content)
    assert "Fait à Nouméa, le …………" in ink
    assert "Fait à Nouméa, en un document numérique unique, signé en ligne" in online
    assert "exemplaires originaux" not in online


def test_only_a_draft_carries_the_watermark():
    draft = render_agreement(samples.agreement(is_draft=True, reference=None))
    frozen = render_agreement(samples.agreement())
    assert watermarks(draft.content) == draft.page_count
    assert watermarks(frozen.content) == 0
    assert sum("Brouillon" in page for page in page_texts(draft.content)) == draft.page_count
    assert "brouillon" not in text_of(frozen.content).lower()
    assert "Numéro attribué lorsque le texte est figé" in text_of(draft.content)


def test_watermark_is_not_read_aloud(tmp_path):
    draft = render_press_release(samples.press_release(is_draft=True))
    assert watermarks(draft.content) == draft.page_count
    assert "BROUILLON" not in poppler("pdfinfo", draft.content, tmp_path, "-struct-text")


def test_equipment_total_says_what_it_could_not_count():
    lines = (*samples.equipment(4), replace(samples.equipment(1)[0], number=5, quantity=None, value=None))
    text = text_of(render_agreement(samples.agreement(equipment=lines)).content)
    assert (
        "Total 4 50 000 F CFP 1 ligne sans quantité connue, non comptée ; 1 ligne sans valeur connue, non comptée"
    ) in text
    assert "soit 4 appareils et 1 lot dont la quantité n’est pas précisée" in text


def test_hundred_lines_of_equipment_are_all_printed():
    made = render_agreement(samples.agreement(equipment=samples.equipment(100)))
    pages = page_texts(made.content)
    text = " ".join(pages)
    assert [n for n in range(1, 101) if text.count(f"FICTIF-{n:05d}") != 1] == []
    annex = [page for page in pages if "FICTIF-0" in page]
    assert [page.count("N° de série, inventaire") for page in annex] == [1] * len(annex)


def test_places_that_differ_have_their_own_column():
    lines = samples.equipment(2)
    text = text_of(
        render_agreement(
            samples.agreement(equipment=(lines[0], replace(lines[1], place="Agence fictive")))
        ).content
    )
    assert "Lieu, retrait" in text
    assert text.count("Agence fictive") == 1


def duties_read(*obligations: ObligationContext) -> str:
    ctx = replace(samples.agreement(), obligations=obligations)
    return plain(re.sub(r"<[^>]+>", " ", agreement_html(ctx)))


def test_obligations_of_one_wording_keep_each_their_date():
    first, last = (
        ObligationContext(party="l’Association", label="Remettre un point.", due=PartialDate(value=day))
        for day in (date(2027, 3, 31), date(2027, 9, 30))
    )
    text = duties_read(first, last)
    assert "remettre un point, au plus tard le 31 mars 2027 ;" in text
    assert "remettre un point, au plus tard le 30 septembre 2027." in text


@pytest.mark.parametrize(
    "due",
    [
        {
            "due": PartialDate(value=date(2027, 6, 30), wording="Dans les six mois.")
        },  # frozen before `due_wording`
        {"due": PartialDate(value=date(2027, 6, 30)), "due_wording": "Dans les six mois."},
    ],
)
def test_due_words_and_date_are_both_printed(due):
    text = duties_read(ObligationContext(party="l’Association", label="Remettre le bilan.", **due))
    assert "remettre le bilan, dans les six mois, et au plus tard le 30 juin 2027." in text


def test_convention_amended_was_signed_no_more_precisely_than_known():
    amended = replace(
        samples.amendment().amends, signed_on=PartialDate(value=date(2023, 4, 1), precision="mois")
    )
    text = text_of(render_agreement(replace(samples.amendment(), amends=amended)).content)
    assert "« Voiles solidaires : apprendre à naviguer (fictif) », signée en avril 2023" in text


def test_amendment_shows_what_was_and_what_is_agreed():
    text = text_of(render_agreement(samples.amendment()).content)
    assert "Avenant n° 1" in text
    assert (
        "à la convention n° 2026-001 « Voiles solidaires : apprendre à naviguer (fictif) », signée le 14 avril 2026"
        in text
    )
    assert (
        "1° À l’article 2 « Durée et prise d’effet », la durée de la convention, « du 1er avril 2026 au 31 mars "
        "2027 », est remplacée par : « du 1er avril 2026 au 31 mars 2028 »."
    ) in text
    assert (
        "3° Le montant total du soutien financier de l’OPT-NC est porté de 2 000 000 F CFP (deux millions de francs "
        "CFP) à 2 800 000 F CFP (deux millions huit cent mille francs CFP)."
    ) in text
    assert "de prolonger la convention jusqu’au 31 mars 2028 et de modifier le financement." in text


def test_termination_names_the_convention_and_its_date():
    text = text_of(render_agreement(samples.termination()).content)
    assert (
        "de la convention n° 2026-001 « Voiles solidaires : apprendre à naviguer (fictif) », signée" in text
    )
    assert "les parties mettent fin à la convention n° 2026-001" in text
    assert "La résiliation prend effet le 31 mars 2028." in text


def test_reprise_has_no_text_to_print():
    with pytest.raises(ValueError, match="no text"):
        render_agreement(samples.agreement(origin="reprise"))


def test_what_people_type_is_text_and_never_markup():
    title = 'Projet <script>alert(1)</script> & <img src="file:///etc/passwd">'
    text = text_of(render_agreement(samples.agreement(title=title)).content)
    assert title in text


def test_html_for_the_screen_says_the_same_as_the_pdf():
    ctx = samples.agreement()
    html = plain(agreement_html(ctx))
    assert html.count("<h2>") == 20
    assert "style=" not in html
    assert "L’OPT-NC apporte à l’Association un soutien financier d’un montant de 2 000 000 F CFP" in html


def test_reconstitution_states_the_published_facts_and_its_mark():
    made = render_reconstitution(samples.kimonos())
    text = text_of(made.content)
    facts = [
        "Reconstitution d’après les informations publiées, document non signé",
        "mardi 14 mars 2023",
        "Yoann LECOURIEUX, président du conseil d’administration",
        "Thomas DE DECCKER, directeur général",
        "Laurent CALLEJA, président",
        "Soutien financier montant non communiqué",
        "10 ordinateurs de bureautique réformés",
        "Tours de Magenta",
        "cohésion, qualité de service, innovation, responsabilité",
        "Plan stratégique Construire Demain | OPT 2025",
        "Camille DUMARTY",
        "82.77.67 / 26.82.38",
        "camille.dumarty@opt.nc",
        "en s’engageant auprès de l’association Les Kimonos du cœur, OPT-NC, communiqué de presse, 14 mars 2023",
    ]
    assert [fact for fact in facts if fact not in text] == []
    assert "Article" not in text
    assert made.page_count == 1


def test_public_version_shows_publishable_figures_only():
    text = text_of(render_public(samples.public_sheet()).content)
    assert "2026 : 1 200 000 F CFP" in text
    assert "2027 : montant non communiqué" in text
    private = ["800 000", "rue Fictive", "RIDET", "IBAN", "FR76", "Article", "Reconstitution"]
    assert [word for word in private if word in text] == []


def test_public_version_writes_a_cap_as_a_cap():
    ctx = samples.public_sheet(fundings=(PublicFundingContext(amount=500_000, capped=True),))
    assert "jusqu’à 500 000 F CFP" in text_of(render_public(ctx).content)


def test_press_release_states_people_support_and_contact():
    text = text_of(render_press_release(samples.press_release()).content)
    facts = [
        "Mardi 14 mars 2023",
        "Yoann LECOURIEUX, président du conseil d’administration de l’OPT-NC",
        "un soutien financier (montant non communiqué) ainsi que le don de 10 ordinateurs de bureautique réformés",
        "quatre valeurs de l’OPT-NC : cohésion, qualité de service, innovation et responsabilité",
        "82.77.67 / 26.82.38",
    ]
    assert [fact for fact in facts if fact not in text] == []
    assert "embargo" not in text.lower()


def test_ceremony_release_lists_its_conventions_and_its_embargo():
    text = text_of(
        render_press_release(samples.ceremony_release(embargo="Sous embargo jusqu’à la signature")).content
    )
    assert "Sous embargo jusqu’à la signature" in text
    said = "Un soutien en nature : abonnement et consommations de la ligne {} (sans plafond)"
    assert [text.count(said.format(line)) for line in ("05.30.30", "05.11.11", "27.76.08")] == [1, 1, 1]


def test_signature_boxes_are_never_split_between_pages():
    people = tuple(
        SignatoryContext(first_name="Signataire", last_name=f"FICTIF {n:02d}", title="titre fictif", order=n)
        for n in range(1, 12)
    )
    made = render_agreement(
        samples.agreement(parties=(replace(samples.OPT, signatories=people), samples.ASSOCIATION))
    )
    seen = page_texts(made.content)
    for number in range(1, 12):
        name = f"FICTIF {number:02d} Titre fictif"
        (page,) = (page for page in seen if name in page)
        assert "Signature" in page[page.index(name) :]
    assert sum(page.count("Signature ") + page.endswith("Signature") for page in seen) == 12


@pytest.mark.parametrize(
    "made",
    [
        lambda: render_handover(samples.handover()),
        lambda: render_press_release(samples.press_release()),
        lambda: render_press_release(samples.ceremony_release()),
        lambda: render_reconstitution(samples.kimonos()),
        lambda: render_public(samples.public_sheet()),
    ],
)
def test_ordinary_sheet_holds_on_one_page(made):
    assert made().page_count == 1


@pytest.mark.parametrize(
    ("render", "sample"),
    [
        (render_agreement, samples.agreement),
        (render_handover, samples.handover),
        (render_press_release, samples.ceremony_release),
        (render_public, samples.public_sheet),
    ],
)
def test_rendering_is_silent(render, sample, caplog):
    with caplog.at_level(logging.WARNING):
        render(sample())
    assert caplog.messages == []


def test_lent_equipment_is_not_counted_among_what_is_given():
    given, lent = samples.equipment(2)
    ctx = samples.agreement(equipment=(given, replace(lent, transfer="pret")))
    text = text_of(render_agreement(ctx).content)
    assert "soit 1 appareil." in text
    assert "Biens prêtés" in text
    assert "le matériel prêté que décrit l’annexe « Équipements »" in text
    assert text.count("Ordinateur de bureau (prêt)") == 1
