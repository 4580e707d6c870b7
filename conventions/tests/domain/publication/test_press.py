"""Press releases: every fact, in words that agree; drafted, edited, published, withdrawn."""

import datetime

import pytest
from django.utils import timezone

from conventions.domain import publication
from conventions.domain.documents import storage
from conventions.domain.documents.context import PublicFundingContext
from conventions.domain.publication import PublicationError, press, press_drafting, wording
from conventions.enums import ActState, PressState
from conventions.models import PressRelease
from conventions.tests import factories
from conventions.tests.pdf.reading import plain, text_of
from conventions.tests.public.kimonos import kimonos


@pytest.fixture
def communication(db):
    return factories.UserFactory(role="communication")


def signed(**values):
    return factories.ConventionFactory(act=ActState.SIGNED, **values)


@pytest.mark.parametrize(
    ("phrase", "many"),
    [
        ("ordinateur de bureautique réformé", "ordinateurs de bureautique réformés"),
        ("unité centrale", "unités centrales"),
        ("téléphone mobile", "téléphones mobiles"),
        ("tableau blanc", "tableaux blancs"),
        ("terminal", "terminaux"),
        ("clé USB", "clés USB"),
        ("écran 24 pouces", "écrans 24 pouces"),
        ("poste d’accueil rouge", "postes d’accueil rouges"),
        ("écran et unité centrale réformés", "écrans et unités centrales réformés"),
        ("atelier de lecture et écriture", "ateliers de lecture et écriture"),
    ],
)
def test_plural_phrase(phrase, many):
    assert wording.plural_phrase(phrase) == many


@pytest.mark.parametrize(
    ("lines", "phrase"),
    [
        ([], ""),
        ([(None, False)], "un soutien financier (montant non communiqué)"),
        ([(2_000_000, False)], "un soutien financier de 2 000 000 F CFP"),
        ([(500_000, True)], "un soutien financier jusqu’à 500 000 F CFP"),
        (
            [(1_000_000, False), (1_000_000, False)],
            "un soutien financier de 2 000 000 F CFP sur deux exercices (2025-2026)",
        ),
        (
            [(1_000_000, False), (None, False)],
            "un soutien financier (1 000 000 F CFP en 2025 ; montant non communiqué en 2026)",
        ),
    ],
)
def test_money_phrase(lines, phrase):
    fundings = [
        PublicFundingContext(amount=amount, capped=capped, budget_year=2025 + rank)
        for rank, (amount, capped) in enumerate(lines)
    ]
    assert plain(wording.money_phrase(fundings)) == phrase


def test_press_release_of_the_kimonos_says_every_fact(communication):
    release = publication.draft_press_release(by=communication, convention=kimonos())
    assert release.title == "L’OPT-NC s’engage aux côtés de l’association Les Kimonos du Cœur"
    assert release.dateline == datetime.date(2023, 3, 14)
    text = plain(f"{release.title}\n{release.standfirst}\n{release.body}")
    facts = [
        "mardi 14 mars 2023",
        "une convention de partenariat",
        "Yoann LECOURIEUX, président du conseil d’administration de l’OPT-NC",
        "Thomas DE DECCKER, directeur général de l’OPT-NC",
        "Laurent CALLEJA, président de l’association Les Kimonos du Cœur",
        "un soutien financier (montant non communiqué)",
        "le don de 10 ordinateurs de bureautique réformés",
        "« dojo solidaire » (Tours de Magenta)",
        "Des bénévoles qui agissent contre les inégalités",
        "enfants de Nouvelle-Calédonie et du Pacifique",
        "quatre valeurs de l’OPT-NC : cohésion, qualité de service, innovation et responsabilité",
        "« Construire Demain | OPT 2025 »",
    ]
    assert [fact for fact in facts if fact not in text] == []
    published = publication.publish_press_release(release, by=communication)
    pdf = text_of(storage.read_bytes(published.document))
    contact = [
        "Camille DUMARTY",
        "chargée de communication externe",
        "82.77.67",
        "26.82.38",
        "camille.dumarty@opt.nc",
    ]
    assert [fact for fact in contact if fact not in pdf] == []


def test_press_release_of_a_ceremony_tells_its_conventions_together(communication):
    ceremony = factories.CeremonyFactory(held_on=datetime.date(2020, 8, 20), place="Nouméa")
    names = ["SOS Alpha (fictif)", "SOS Bêta (fictif)"]
    for name in names:
        convention = factories.ConventionFactory(partner=factories.PartnerFactory(name=name), act=None)
        act = factories.ActFactory(convention=convention, ceremony=ceremony, in_kind=[{}])
        factories.AttendeeFactory(act=act, first_name="Lou", last_name="TÉMOIN (fictif)")
        factories.settle(act, "signe")
    release = publication.draft_press_release(by=communication, ceremony=ceremony)
    assert release.title == ("L’OPT-NC signe deux conventions avec SOS Alpha (fictif) et SOS Bêta (fictif)")
    assert plain(release.standfirst).startswith(
        "Le jeudi 20 août 2020, à Nouméa, l’OPT-NC a signé deux conventions"
    )
    assert release.body.count("Lou TÉMOIN (fictif), maire adjointe") == 1
    published = publication.publish_press_release(release, by=communication)
    assert [item.partner for item in publication.stored_release(published).items] == names
    assert published.document.ceremony == ceremony


def test_press_release_of_a_ceremony_does_not_come_out_before_a_page_under_embargo(communication):
    ceremony = factories.CeremonyFactory()
    for _number in range(2):
        convention = factories.ConventionFactory(act=None)
        factories.ActFactory(
            convention=convention, ceremony=ceremony, state="signe", fundings=[{"amount": 7000}]
        )
    until = timezone.now() + datetime.timedelta(days=2)
    publication.publish(convention, by=communication, embargo_until=until)
    release = publication.draft_press_release(by=communication, ceremony=ceremony)
    with pytest.raises(PublicationError) as refusal:
        publication.publish_press_release(release, by=communication)
    assert (refusal.value.code, release.document) == ("embargo", None)
    assert "est sous embargo jusqu’au" in publication.held_back(release)
    release.embargo_until = until
    release.save()
    published = publication.publish_press_release(release, by=communication)
    assert list(PressRelease.objects.published()) == []
    assert list(PressRelease.objects.published(at=until)) == [published]


def test_press_release_waits_for_the_last_signature(communication):
    convention = factories.ConventionFactory(act=ActState.TO_SIGN)
    release = publication.draft_press_release(by=communication, convention=convention)
    assert plain(release.standfirst).startswith("L’OPT-NC et l’Association Niaouli")
    with pytest.raises(PublicationError) as refusal:
        publication.publish_press_release(release, by=communication)
    assert refusal.value.code == "not_signed"
    preview = text_of(publication.preview_press_release(release))
    assert preview.count("Sous embargo jusqu’à la signature") == 1


def test_press_release_published_again_keeps_the_text_it_had_until_then(communication):
    release = publication.draft_press_release(by=communication, convention=signed())
    release = publication.publish_press_release(release, by=communication)
    release.title = "Un titre corrigé (fictif)"
    release.save()
    release.refresh_from_db()
    before = publication.stored_release(release).headline
    release = publication.publish_press_release(release, by=communication)
    assert (before != release.title, publication.stored_release(release).headline) == (True, release.title)
    assert release.document.version == 2


def test_press_release_withdrawn_is_no_longer_published(communication):
    release = publication.draft_press_release(by=communication, convention=signed())
    with pytest.raises(PublicationError):
        publication.withdraw_press_release(release, by=communication)
    release = publication.publish_press_release(release, by=communication)
    assert publication.withdraw_press_release(release, by=communication).state == PressState.WITHDRAWN
    assert PressRelease.objects.published().count() == 0


def test_press_releases_of_one_convention_have_each_their_address(communication):
    convention = signed()
    slugs = [publication.draft_press_release(by=communication, convention=convention).slug for _ in range(3)]
    assert slugs[1:] == [f"{slugs[0]}-2", f"{slugs[0]}-3"]


def test_press_release_has_one_subject(communication):
    with pytest.raises(ValueError, match="one subject"):
        publication.draft_press_release(by=communication)
    with pytest.raises(PublicationError):
        publication.draft_press_release(by=communication, ceremony=factories.CeremonyFactory())


def test_sections_of_an_edited_text():
    body = "Une accroche\nsur deux lignes.\r\n\r\n## Le soutien\nUn texte.\n\nUn autre.\n## Fin"
    found = [(section.heading, section.paragraphs) for section in press.sections(body)]
    assert found == [
        ("", ("Une accroche sur deux lignes.",)),
        ("Le soutien", ("Un texte.", "Un autre.")),
        ("Fin", ()),
    ]


def test_party_phrase_agrees_with_the_nature_of_the_partner(communication):
    natures = [
        ("Les Kimonos du Cœur", "association", "f", "de l’association Les Kimonos du Cœur"),
        ("Association des parents (fictif)", "association", "f", "de l’Association des parents (fictif)"),
        (
            "Gouvernement de la Nouvelle-Calédonie",
            "collectivite",
            "m",
            "du Gouvernement de la Nouvelle-Calédonie",
        ),
        ("Province Sud", "collectivite", "f", "de la Province Sud"),
        ("Plusieurs associations (fictif)", "association", "f", "de plusieurs associations (fictif)"),
        ("Fondation Horizon (fictif)", "fondation", "f", "de la Fondation Horizon (fictif)"),
    ]
    phrases = []
    for name, nature, gender, _ in natures:
        partner = factories.PartnerFactory(name=name, nature=nature, gender=gender)
        ctx = publication.sheet_context(signed(partner=partner))
        phrases.append(wording.of_party(wording.others(ctx)[0]))
    assert phrases == [expected for *_, expected in natures]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("président", "président de l’association Les Cagous (fictif)"),
        ("présidente de l’association", "présidente de l’association Les Cagous (fictif)"),
        ("trésorier de l'association", "trésorier de l’association Les Cagous (fictif)"),
        (
            "président des Cagous par intérim",
            "président des Cagous par intérim de l’association Les Cagous (fictif)",
        ),
        ("président de l’association Les Cagous (fictif)", "président de l’association Les Cagous (fictif)"),
        ("", "pour l’association Les Cagous (fictif)"),
    ],
)
def test_title_of_a_signatory_names_the_party_once(communication, title, told):
    partner = factories.PartnerFactory(name="Les Cagous (fictif)")
    convention = factories.ConventionFactory(act=None, partner=partner)
    act = factories.ActFactory(convention=convention, signatories=None)
    factories.SignatoryFactory(act=act, party=convention.parties.get(partner=partner), title=title)
    factories.settle(act, "signe")
    ((person, party),) = wording.signatories(publication.sheet_context(convention))
    assert wording.full_title(person, party) == told


def test_release_of_an_agreement_without_signatory_still_reads(communication):
    convention = factories.ConventionFactory(act=ActState.SIGNED, act__signatories=None)
    ctx = publication.sheet_context(convention)
    assert "a été signée" not in press_drafting.for_convention(ctx, signed=True).body


def test_opening_sentence_claims_no_signature_that_no_source_dates(communication):
    convention = factories.ConventionFactory(
        partner=factories.PartnerFactory(name="SOS Alpha (fictif)"),
        reprise=True,
        act__signed_on_wording="date de signature non communiquée",
    )
    ctx = publication.sheet_context(convention)
    assert wording.opening_sentence(ctx) == "L’OPT-NC soutient l’association SOS Alpha (fictif)."
    assert wording.signature_date(ctx.signed_on, ctx.signed_wording) == "date de signature non communiquée"


def test_support_phrase_elides_and_keeps_one_level_of_brackets(communication):
    line = {"description": "abonnement de la ligne 00.00.03", "conditions": "sans plafond"}
    convention = signed(act__fundings=[{"amount": 500_000}], act__in_kind=[line])
    assert plain(wording.support_phrase(publication.sheet_context(convention))) == (
        "un soutien financier de 500 000 F CFP ainsi qu’un soutien en nature : "
        "abonnement de la ligne 00.00.03 (sans plafond)"
    )
