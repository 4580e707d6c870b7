"""Every page of the twenty files, and of six that try a layout, looked at as pictures: full, nothing cut nor overprinted.

`LOOK=folder` keeps their PDFs there, to be looked at by eye. All names are invented (« fictif »).
"""

# ruff: noqa: E501 (one line of a page a line)

import os
from pathlib import Path

import pytest

from conventions.demonstration.plan.fictive import varied
from conventions.demonstration.plan.fictive.varied import VariedFile
from conventions.demonstration.plan.shapes import DemoPartner, Person
from conventions.domain.acts import coverage
from conventions.domain.acts.content import loading
from conventions.domain.documents import storage
from conventions.domain.documents.reading import Words, page_texts
from conventions.models import Act
from conventions.tests.pdf import looking
from conventions.tests.pdf.reading import faults_of, raw_faults_of

pytestmark = [pytest.mark.pdf, pytest.mark.slow]
LEAST = 0.6
LONG = (
    "Accompagner les familles des tribus éloignées vers les services numériques de la poste, avec des ateliers mobiles, "
    "des relais formés sur place et un réseau de médiatrices bénévoles (200)"
)


def person(first_name, last_name, title):
    return Person(civility="mme", first_name=first_name, last_name=last_name, title=title, usual=True)


NEW = {
    row.slug: row
    for row in (
        DemoPartner(
            slug="hoi-viet",
            name="Hội Người Việt Nouvelle-Calédonie (fictif)",
            designation="l’Association",
            people=(person("Thị Hương", "NGUYỄN (fictif)", "présidente"),),
        ),
        DemoPartner(
            slug="drehu",
            name="Ɛjën ɔ̃ hnɛŋɛ ʉ Drehu, cercle des langues (fictif)",
            designation="le Cercle",
            gender="m",
            people=(person("Ʉmɔ", "XENƐJË (fictif)", "porte-parole"),),
        ),
        DemoPartner(
            slug="tres-long",
            name="Fédération " + "calédonienne " * 8 + "des associations de médiation (fictif)",
            designation="la Fédération",
            ridet="0000000.001",
            address="Immeuble fictif, 1200 avenue " + "Très-Longue-" * 6 + "Fictive",
            people=(
                person("Marie-Antoinette-Joséphine", "DE LA TOUR-DU-PIN-CHAMBLY (fictif)", "présidente " * 8),
            ),
        ),
    )
}
TRIED = (
    VariedFile(
        key="noms-vietnamiens", title="Đọc sách cùng nhau", kind="partenariat", partner="hoi-viet",
        purpose="Faire lire le tiếng Việt aux enfants, en français et en Việt ngữ.",
        lines=lambda start, end: (varied._money(start, 300_000, label="sách và truyện"),),
    ),
    VariedFile(
        key="noms-kanak", title="Ɔ̃ hnɛŋɛ : lire en drehu", kind="subvention", partner="drehu",
        purpose="Éditer un recueil en drehu, en nengone et en iaai (ɨ, ʉ, ɛ, ɔ, ŋ).",
        lines=lambda start, end: (varied._money(start, 250_000, label="édition du recueil « Ʉmɔ ɨ ŋ »"),),
    ),
    VariedFile(
        key="titre-long", title=LONG, kind="partenariat", partner="tres-long",
        purpose="Une adresse : mediation.numerique.des.familles.eloignees@federation-caledonienne.exemple.invalid",
        lines=lambda start, end: (
            varied._money(start, 1_234_567, label="déplacements-et-hébergements-des-médiatrices-" * 3),
            varied._device("borne", serial="SN-" + "0123456789ABCDEF" * 3, brand="Kaori", inventory_tag="INV" + "9" * 30),
        ),
    ),
    VariedFile(
        key="annexe-large", title="Quarante bornes en quarante lieux", kind="mecenat", partner="recycl-ile",
        purpose="Poser quarante bornes.",
        lines=lambda start, end: tuple(
            varied._device(f"borne n° {rank}", brand="Kaori", serial=f"FICTIF-B-{rank:04d}", status="connu", amount=10_000 * rank, pickup_place=f"maison commune n° {rank} de la tribu de démonstration (fictif)", pickup_by=varied._quarter(start, 1))
            for rank in range(1, 41)
        ),
    ),
    VariedFile(
        key="annexe-longue", title="Trois cents appareils réformés", kind="mecenat", partner="lycee-de-la-plaine",
        purpose="Équiper dix lycées.",
        lines=lambda start, end: tuple(
            varied._device("ordinateur portable réformé", brand=f"Kaori {rank % 9}", purchased_on=start.replace(year=start.year - 5, day=1), purchased_on_precision="mois")
            for rank in range(1, 301)
        ),
    ),
    VariedFile(
        key="quatre-parties", title="Quatre parties, huit signatures", kind="partenariat", partner="mangroves-vivantes",
        purpose="Réunir quatre parties.",
        others=(("fondation-horizon-pacifique", "cofinanceur"), ("hoi-viet", "organisateur"), ("tres-long", "intermediaire")),
        lines=lambda start, end: (
            varied._money(start, 400_000, label="sonorisation"),
            *(varied._sign(party, f"Prénom{rank}", "SECOND (fictif)", "trésorier", 8 + rank) for rank, party in enumerate(("mangroves-vivantes", "fondation-horizon-pacifique", "hoi-viet"))),
        ),
    ),
)  # fmt: skip
KEYS = [file.key for file in (*varied.FILES, *TRIED)]


def frozen_bytes(act: Act) -> bytes:
    row = loading.loaded(Act.objects.get(pk=act.pk))
    content = storage.read_bytes(row.frozen_document)
    if folder := os.environ.get("LOOK"):
        (Path(folder) / f"{row.convention.title[:40].replace('/', '-')}.pdf").write_bytes(content)
    return content


@pytest.fixture
def files(made):
    """{key: (bytes, what its text does not hold)} of the files tried here, made once; the others are read as is."""
    if "looks" not in made:
        desk, made["looks"] = made["desk"], {}
        desk.known |= NEW
        for file in TRIED:
            act = desk.frozen(file)
            row = loading.loaded(Act.objects.get(pk=act.pk))
            content = frozen_bytes(act)
            words = Words.of_act(content, row.frozen_document.code)
            lost = [str(promise) for promise in coverage.lost(coverage.case_of(row), words, fresh=True)]
            made["looks"][file.key] = (content, lost)
    return made["looks"]


@pytest.mark.parametrize("key", KEYS)
def test_every_page_is_full_and_clear(made, files, key):
    content = files[key][0] if key in files else frozen_bytes(Act.objects.get(pk=made["acts"][key]))
    assert [fill for fill in looking.fills(content)[:-1] if fill < LEAST] == []
    assert looking.faults(content) == []


@pytest.mark.parametrize("key", [file.key for file in TRIED])
def test_every_promise_is_read_in_right_french(files, key):
    content, lost = files[key]
    assert lost == []
    assert faults_of(" ".join(page_texts(content))) == []
    assert raw_faults_of(page_texts(content)) == []
