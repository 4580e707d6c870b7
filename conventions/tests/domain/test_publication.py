"""Publishing sheets and press releases: versions, refusals, what is told apart, who sees when."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from conventions.domain import documents, publication
from conventions.domain.context import PublicFundingContext, from_snapshot
from conventions.domain.publication import PublicationError, drafting, figures, press, sheets, wording
from conventions.enums import ActState, AmountStatus, DocumentKind, PressState
from conventions.models import Convention, JournalEntry, PressRelease, PublicSheet
from conventions.tests import factories
from conventions.tests.pdf.reading import plain, text_of
from conventions.tests.public.kimonos import SECRETS, kimonos


@pytest.fixture
def communication(db):
    return factories.UserFactory(role="communication")


def signed(**values):
    return factories.ConventionFactory(act=ActState.SIGNED, **values)


def test_publish_of_an_unsigned_convention_is_refused(communication):
    convention = factories.ConventionFactory(act=ActState.TO_SIGN)
    with pytest.raises(PublicationError) as refusal:
        publication.publish(convention, by=communication)
    assert refusal.value.code == "not_signed"
    assert PublicSheet.objects.count() == 0


def test_publish_stores_the_sheet_its_rows_and_its_pdf(communication):
    convention = signed(act__fundings=[{"budget_year": 2026, "amount": 500_000}])
    sheet = publication.publish(convention, by=communication)
    assert (sheet.version, sheet.is_current, sheet.slug) == (1, True, convention.slug)
    assert publication.stored_context(sheet) == publication.sheet_context(convention, on=timezone.localdate())
    assert [row.role for row in sheet.partners.order_by("position")] == ["opt", "beneficiaire"]
    assert list(sheet.fundings.values_list("budget_year", "amount")) == [(2026, 500_000)]
    assert sheet.document.kind == DocumentKind.PUBLIC
    assert from_snapshot(sheet.document.snapshot) == publication.stored_context(sheet)
    assert JournalEntry.objects.filter(convention=convention, event="publication").count() == 1


def test_publish_of_a_reprise_stores_the_marked_reconstitution(communication):
    sheet = publication.publish(kimonos(), by=communication)
    text = text_of(documents.read_bytes(sheet.document))
    assert text.count("Reconstitution d’après les informations publiées, document non signé") == 1


def test_publish_again_makes_the_next_version_the_current_one(communication):
    convention = signed()
    first = publication.publish(convention, by=communication)
    second = publication.publish(convention, by=communication)
    first.refresh_from_db()
    assert [(first.version, first.is_current), (second.version, second.is_current)] == [(1, False), (2, True)]
    assert list(PublicSheet.objects.published()) == [second]


def test_publish_is_refused_when_the_convention_changes_during_the_render(communication, monkeypatch):
    convention = signed()
    render = sheets._render

    def change_then_render(ctx):
        Convention.objects.filter(pk=convention.pk).update(title="Un autre titre (fictif)")
        return render(ctx)

    monkeypatch.setattr(sheets, "_render", change_then_render)
    with pytest.raises(PublicationError) as refusal:
        publication.publish(convention, by=communication)
    assert refusal.value.code == "changed"
    assert PublicSheet.objects.count() == 0


def test_publish_is_refused_when_another_page_has_the_address(communication):
    first = signed(slug="dojo")
    publication.publish(first, by=communication)
    Convention.objects.filter(pk=first.pk).update(slug="dojo-ancien")
    second = signed(slug="dojo")
    with pytest.raises(PublicationError) as refusal:
        publication.publish(second, by=communication)
    assert refusal.value.code == "address_taken"


@pytest.mark.django_db(transaction=True)
def test_publish_by_two_at_once_leaves_one_current_version():
    convention, by = signed(), factories.UserFactory(role="communication")
    barrier, failures = threading.Barrier(2), []

    def publish():
        try:
            barrier.wait()
            publication.publish(convention, by=by)
        except Exception as error:  # noqa: BLE001 — reported by the assertion below
            failures.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    versions = PublicSheet.objects.order_by("version").values_list("version", "is_current")
    assert list(versions) == [(1, False), (2, True)]


def test_withdraw_takes_the_page_off_until_it_is_published_again(communication):
    convention = signed()
    publication.publish(convention, by=communication)
    publication.withdraw(convention, by=communication)
    assert publication.publication_state(convention).code == "retiree"
    assert PublicSheet.objects.published().count() == 0
    with pytest.raises(PublicationError):
        publication.withdraw(convention, by=communication)
    again = publication.publish(convention, by=communication)
    assert list(PublicSheet.objects.published()) == [again]


def test_publishable_changes_name_what_differs(communication):
    convention = signed()
    assert publication.publication_state(convention).code == "non_publiee"
    publication.publish(convention, by=communication)
    assert publication.publishable_changes(convention) == []
    convention.title = "Un titre corrigé (fictif)"
    convention.public_story = "Un récit nouveau."
    convention.save()
    assert publication.publishable_changes(convention) == ["le titre", "le récit"]
    assert publication.publication_state(convention).code == "a_republier"
    publication.publish(convention, by=communication)
    assert publication.publication_state(convention).code == "publiee"


def test_publishable_changes_see_a_signed_amendment(communication):
    convention = signed()
    publication.publish(convention, by=communication)
    factories.ActFactory(convention=convention, amendment=True, state="signe", fundings=[{"amount": 100_000}])
    assert publication.publishable_changes(convention) == ["les montants", "les avenants et résiliations"]


def test_embargo_holds_the_page_back_until_its_hour(communication):
    convention = signed()
    hour = timezone.now() + datetime.timedelta(hours=2)
    publication.publish(convention, by=communication, embargo_until=hour)
    assert publication.publication_state(convention).code == "sous_embargo"
    assert PublicSheet.objects.published().count() == 0
    assert PublicSheet.objects.published(at=hour).count() == 1


def test_publish_again_keeps_an_embargo_that_runs_unless_it_is_lifted(communication):
    convention = signed()
    hour = timezone.now() + datetime.timedelta(hours=2)
    publication.publish(convention, by=communication, embargo_until=hour)
    assert publication.publish(convention, by=communication).embargo_until == hour
    assert publication.publish(convention, by=communication, embargo_until=None).embargo_until is None


def test_sheet_context_takes_the_term_and_the_money_of_a_signed_amendment(communication):
    convention = signed(
        act__starts_on=datetime.date(2026, 1, 1),
        act__ends_on=datetime.date(2026, 12, 31),
        act__fundings=[{"amount": 300_000}],
    )
    factories.ActFactory(
        convention=convention,
        kind="avenant",
        rank=1,
        state="signe",
        starts_on=datetime.date(2026, 1, 1),
        ends_on=datetime.date(2027, 12, 31),
        fundings=[{"budget_year": 2027, "amount": 200_000}],
    )
    ctx = publication.sheet_context(convention)
    assert (ctx.term.start.value, ctx.term.end.value) == (
        datetime.date(2026, 1, 1),
        datetime.date(2027, 12, 31),
    )
    assert [line.amount for line in ctx.fundings] == [300_000, 200_000]
    assert [act.label for act in ctx.acts] == ["Signature de la convention", "Avenant n° 1"]


def test_sheet_context_costs_the_same_for_one_line_and_thirty(communication, django_assert_num_queries):
    small = signed(act__equipment=[{}])
    large = signed(act__equipment=[{"nature": f"appareil {n}"} for n in range(30)])
    with django_assert_num_queries(13):
        publication.sheet_context(small)
    with django_assert_num_queries(13):
        publication.sheet_context(large)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ({"amount": 500_000}, "500 000 F CFP"),
        ({"amount": 500_000, "publishable": False}, "montant non communiqué"),
        ({"amount": None, "status": AmountStatus.UNKNOWN}, "montant non communiqué"),
        ({"amount": None, "status": AmountStatus.TO_BE_SET}, "montant non communiqué"),
        ({"amount": 500_000, "status": AmountStatus.CAPPED}, "jusqu’à 500 000 F CFP"),
        ({"amount": 500_000, "status": AmountStatus.CAPPED, "publishable": False}, "montant non communiqué"),
        ({"amount": 90_000, "status": AmountStatus.OUTCOME}, "90 000 F CFP (selon résultat)"),
    ],
)
def test_amount_is_shown_as_its_status_and_publicity_allow(communication, line, shown):
    (published,) = publication.sheet_context(signed(act__fundings=[line])).fundings
    assert plain(wording.amount_phrase(published)) == shown


def test_funding_without_object_is_left_out(communication):
    convention = signed(act__fundings=[{"amount": None, "status": AmountStatus.NOT_APPLICABLE}])
    assert publication.sheet_context(convention).fundings == ()


def test_equipment_of_one_nature_is_added_and_serials_are_left_out(communication):
    lines = [{"nature": "ordinateur de bureautique", "serial": f"S-{n}"} for n in range(3)]
    convention = signed(act__equipment=[*lines, {"nature": "Matériel informatique", "quantity": None}])
    labels = [plain(line.label) for line in publication.sheet_context(convention).supports]
    assert labels == [
        "3 ordinateurs de bureautique",
        "Matériel informatique (quantité non communiquée)",
    ]


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


def test_secrets_are_nowhere_in_what_publication_stores(communication):
    convention = kimonos(with_secrets=True)
    sheet = publication.publish(convention, by=communication)
    release = publication.draft_press_release(by=communication, convention=convention)
    release = publication.publish_press_release(release, by=communication)
    rows = [*sheet.partners.values(), *sheet.fundings.values(), PublicSheet.objects.values().get()]
    stored = " ".join(
        [
            plain(str(rows)),
            plain(str(sheet.document.snapshot)),
            plain(str(release.document.snapshot)),
            plain(f"{release.title} {release.standfirst} {release.body}"),
            text_of(documents.read_bytes(sheet.document)),
            text_of(documents.read_bytes(release.document)),
        ]
    )
    forms = [str(SECRETS["amount"]), "7 654 321"]
    found = [secret for secret in [*map(str, SECRETS.values()), *forms] if secret in stored]
    assert found == []


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
    pdf = text_of(documents.read_bytes(published.document))
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


def test_key_figures_say_what_they_could_not_count(communication):
    lines = [
        {"budget_year": 2026, "amount": 500_000},
        {"budget_year": 2026, "amount": 900_000, "publishable": False},
        {"budget_year": 2026, "amount": 100_000, "status": AmountStatus.CAPPED},
        {"budget_year": 2026, "amount": 70_000, "figure": "collecte"},
    ]
    equipment = [{"quantity": 4}, {"nature": "écran", "quantity": None}]
    publication.publish(signed(act__fundings=lines, act__equipment=equipment), by=communication)
    key = figures.key_figures()
    assert key.granted == figures.Amount(total=500_000, counted=1, uncounted=2)
    assert key.equipment == figures.Equipment(total=4, uncounted=1)
    assert (key.conventions, key.partners, key.fictitious) == (1, 1, 0)
    (year,) = figures.granted_by_budget_year()
    assert (year.label, year.granted) == ("2026", key.granted)
    (raised,) = figures.other_money()
    assert raised.granted == figures.Amount(total=70_000, counted=1, uncounted=0)


def test_key_figures_of_nothing_are_not_zero_money(db):
    key = figures.key_figures()
    assert (key.conventions, key.granted.total, key.equipment.total) == (0, None, None)


def test_province_figures_count_poya_in_both_provinces(communication):
    convention = signed()
    convention.areas.set([factories.AreaFactory(slug="poya")])
    publication.publish(convention, by=communication)
    publication.publish(signed(), by=communication)
    found = [(row.label, row.conventions) for row in figures.by_province()]
    assert found == [("Province Nord", 1), ("Province Sud", 1), ("Territoire non précisé", 1)]


def test_release_of_an_agreement_without_signatory_still_reads(communication):
    convention = factories.ConventionFactory(act=ActState.SIGNED, act__signatories=None)
    ctx = publication.sheet_context(convention)
    assert "a été signée" not in drafting.for_convention(ctx, signed=True).body


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


def test_published_sheets_of_unknown_date_come_last(communication):
    undated = factories.ConventionFactory(reprise=True, act__signed_on_wording="date non communiquée")
    dated = signed(act__signed_on=datetime.date(2020, 1, 1))
    sheets_made = [publication.publish(convention, by=communication) for convention in (undated, dated)]
    assert list(publication.published_sheets()) == sheets_made[::-1]
