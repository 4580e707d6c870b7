"""The list, the story of a convention, its PDF, the partners and the figures: what is there, and what never is."""

import datetime

import pytest
from django.utils import timezone

from conventions.domain import publication
from conventions.enums import ActState
from conventions.models import Area, Convention, Kind, PublicSheet, Theme, Value
from conventions.tests import factories
from conventions.tests.pdf.reading import plain, text_of
from conventions.tests.public.kimonos import SECRETS, kimonos
from conventions.tests.public.reading import body, visible_text

pytestmark = pytest.mark.django_db

KIMONOS = "/conventions/kimonos-du-coeur-dojo-solidaire/"
PUBLIC_LIST = "/conventions/"


@pytest.fixture
def communication():
    return factories.UserFactory(role="communication")


def published(by, **values):
    return publication.publish(factories.ConventionFactory(act=ActState.SIGNED, **values), by=by)


def titles(response):
    return [card.sheet.title for card in response.context["cards"]]


def test_page_of_the_kimonos_says_every_fact_of_the_press_release(client, communication):
    publication.publish(kimonos(), by=communication)
    text = visible_text(client.get(KIMONOS))
    facts = [
        "Soutien au dojo solidaire des Kimonos du Cœur",
        "Le mardi 14 mars 2023, l’OPT-NC et l’association Les Kimonos du Cœur ont signé une convention de partenariat.",
        "Yoann LECOURIEUX, président du conseil d’administration",
        "Thomas DE DECCKER, directeur général",
        "Laurent CALLEJA, président",
        "un soutien financier (montant non communiqué) ainsi que le don de 10 ordinateurs de bureautique réformés",
        "Dojo solidaire, Tours de Magenta",
        "Des bénévoles qui agissent contre les inégalités, dans tous les domaines, auprès des enfants de "
        "Nouvelle-Calédonie et du Pacifique.",
        "Cohésion Qualité de service Innovation Responsabilité",
        "« Construire Demain | OPT 2025 »",
        "Camille DUMARTY Chargée de communication externe 82.77.67 / 26.82.38 camille.dumarty@opt.nc",
        "Communiqué de presse de l’OPT-NC, OPT-NC, 14 mars 2023",
        "Reconstitution d’après les informations publiées",
    ]
    assert [fact for fact in facts if fact not in text] == []


def test_page_never_shows_zero_for_an_amount_that_is_not_communicated(client, communication):
    publication.publish(kimonos(), by=communication)
    rows = client.get(KIMONOS).context["money"]
    assert [(row["year"], row["amount"], row["known"]) for row in rows] == [
        ("2023", "montant non communiqué", False)
    ]


def test_secrets_are_on_no_public_address(client, communication):
    publication.publish(kimonos(with_secrets=True), by=communication)
    release = publication.draft_press_release(by=communication, convention=Convention.objects.get())
    release = publication.publish_press_release(release, by=communication)
    addresses = [
        "/",
        PUBLIC_LIST,
        f"{PUBLIC_LIST}?format=csv",
        KIMONOS,
        "/partenaires/",
        "/partenaires/les-kimonos-du-coeur/",
        "/presse/",
        release.get_absolute_url(),
        "/chiffres/",
        "/contact-presse/",
        "/sitemap.xml",
        "/sante/",
    ]
    pages = {address: plain(body(client.get(address)).decode()) for address in addresses}
    pages |= {
        address: text_of(body(client.get(address)))
        for address in (f"{KIMONOS}convention.pdf", f"{release.get_absolute_url()}communique.pdf")
    }
    secrets = [*map(str, SECRETS.values()), "7 654 321"]
    assert [(a, secret) for a, text in pages.items() for secret in secrets if secret in text] == []


def test_person_present_is_named(client, communication):
    convention = factories.ConventionFactory(act=None)
    act = factories.ActFactory(convention=convention)
    factories.AttendeeFactory(act=act, first_name="Lou", last_name="TÉMOIN (fictif)", title="maire adjointe")
    factories.settle(act, "signe")
    sheet = publication.publish(convention, by=communication)
    assert "En présence de Lou TÉMOIN (fictif), maire adjointe" in visible_text(
        client.get(sheet.get_absolute_url())
    )


def test_timeline_tells_amendment_and_termination(client, communication):
    convention = factories.ConventionFactory(act=ActState.SIGNED)
    factories.ActFactory(convention=convention, amendment=True, state="signe")
    factories.ActFactory(convention=convention, termination=True, rank=2, state="signe")
    sheet = publication.publish(convention, by=communication)
    response = client.get(sheet.get_absolute_url())
    told = [moment.title for moment in response.context["moments"]]
    assert told == ["Signature de la convention", "Avenant n° 1", "Résiliation"]
    assert response.context["status"].label == "Résiliée"


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [(-60, 300, "En cours"), (-400, -30, "Terminée"), (30, 300, "À venir")],
)
def test_status_follows_the_term(client, communication, start, end, label):
    today = timezone.localdate()
    sheet = published(
        communication,
        act__starts_on=today + datetime.timedelta(days=start),
        act__ends_on=today + datetime.timedelta(days=end),
    )
    assert client.get(sheet.get_absolute_url()).context["status"].label == label


def test_status_is_not_told_when_the_term_is_unknown(client, communication):
    publication.publish(kimonos(), by=communication)
    assert client.get(KIMONOS).context["status"] is None


def test_fictitious_convention_is_marked_everywhere(client, communication):
    sheet = published(communication, is_demo=True)
    for address in ("/", PUBLIC_LIST, sheet.get_absolute_url()):
        assert (
            client.get(address).content.decode().count('<span class="badge badge-fictif">Fictif</span>') == 1
        )
    pdf = text_of(body(client.get(f"{sheet.get_absolute_url()}convention.pdf")))
    assert pdf.count("Fictif : convention inventée pour la démonstration") == 1


@pytest.mark.parametrize("suffix", ["", "convention.pdf"])
def test_page_and_pdf_are_hidden_while_under_embargo(client, communication, suffix, at):
    convention = factories.ConventionFactory(act=ActState.SIGNED)
    hour = timezone.now() + datetime.timedelta(hours=2)
    sheet = publication.publish(convention, by=communication, embargo_until=hour)
    assert client.get(f"{sheet.get_absolute_url()}{suffix}").status_code == 404
    assert client.get("/").context["figures"]["conventions"] == 0


@pytest.mark.parametrize("suffix", ["", "convention.pdf"])
def test_page_and_pdf_are_gone_once_withdrawn(client, communication, suffix):
    sheet = published(communication)
    address = f"{sheet.get_absolute_url()}{suffix}"
    assert client.get(address).status_code == 200
    publication.withdraw(sheet.convention, by=communication)
    assert client.get(address).status_code == 404
    assert titles(client.get(PUBLIC_LIST)) == []


def test_page_without_publication_does_not_exist(client):
    convention = factories.ConventionFactory(act=ActState.SIGNED)
    assert client.get(convention.get_absolute_url()).status_code == 404


def test_pages_do_not_follow_live_rows_until_published_again(client, communication):
    sheet = published(communication, title="Le titre publié (fictif)")
    Convention.objects.filter(pk=sheet.convention_id).update(title="Un brouillon de titre", notes="secret")
    assert titles(client.get(PUBLIC_LIST)) == ["Le titre publié (fictif)"]
    assert "Un brouillon de titre" not in visible_text(client.get(sheet.get_absolute_url()))


def test_pdf_streams_the_stored_bytes_and_answers_304(client, communication, monkeypatch):
    from conventions.domain.documents.rendering import engine

    sheet = published(communication)

    def no_render(*args, **kwargs):
        raise AssertionError("a download must not render")

    monkeypatch.setattr(engine, "write", no_render)
    address = f"{sheet.get_absolute_url()}convention.pdf"
    first = client.get(address)
    assert body(first)[:5] == b"%PDF-"
    assert first["ETag"] == f'"{sheet.document.sha256}"'
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_page_answers_304_when_nothing_changed(client, communication):
    sheet = published(communication)
    first = client.get(sheet.get_absolute_url())
    again = client.get(sheet.get_absolute_url(), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "words",
    ["coeur", "CŒUR", "Cœur", "kimonos coeur", "les-kimonos", "KIMONÔS", "dojo solidaire", "  du   coeur "],
)
def test_search_ignores_accents_case_and_ligatures(client, communication, words):
    publication.publish(kimonos(), by=communication)
    published(communication)
    assert titles(client.get(PUBLIC_LIST, {"q": words})) == ["Soutien au dojo solidaire des Kimonos du Cœur"]


def test_search_that_finds_nothing_shows_the_way_out(client, communication):
    published(communication)
    response = client.get(PUBLIC_LIST, {"q": "introuvable"})
    text = visible_text(response)
    assert titles(response) == []
    assert "Aucune convention ne correspond" in text
    assert "Voir toutes les conventions" in text


def test_filters_narrow_the_list_and_combine(client, communication):
    wanted = factories.ConventionFactory(
        title="Cherchée (fictif)", kind=Kind.objects.get(slug="mecenat"), act=None
    )
    wanted.areas.set(Area.objects.filter(slug__in=["kone", "poya"]))
    wanted.themes.set(Theme.objects.filter(slug="sport"))
    wanted.values.set(Value.objects.filter(slug="innovation"))
    factories.ActFactory(convention=wanted, state="signe", signed_on=datetime.date(2024, 5, 6))
    publication.publish(wanted, by=communication)
    published(communication, title="Autre (fictif)")
    filters = {
        "annee": "2024",
        "nature": "mecenat",
        "territoire": Area.objects.get(name="Province Nord").slug,
        "theme": "sport",
        "valeur": "innovation",
    }
    for name, value in filters.items():
        assert titles(client.get(PUBLIC_LIST, {name: value})) == ["Cherchée (fictif)"], name
    assert titles(client.get(PUBLIC_LIST, filters)) == ["Cherchée (fictif)"]
    assert titles(client.get(PUBLIC_LIST, {**filters, "q": "autre"})) == []


def test_filter_that_means_nothing_is_told_and_ignored(client, communication):
    sheet = published(communication)
    response = client.get(PUBLIC_LIST, {"annee": "1999", "nature": "' OR 1=1"})
    assert titles(response) == [sheet.title]
    assert "Ce choix n’existe pas ou plus : Année de signature, Nature." in visible_text(response)


def test_filter_choices_count_the_published_conventions(client, communication):
    published(communication, act__signed_on=datetime.date(2024, 5, 6))
    published(communication, act__signed_on=datetime.date(2024, 7, 8))
    published(communication, act__signed_on=datetime.date(2025, 7, 8))
    form = client.get(PUBLIC_LIST).context["form"]
    assert [plain(str(label)) for _, label in form.fields["annee"].choices] == [
        "Toutes",
        "2025 (1)",
        "2024 (2)",
    ]


def test_pagination_keeps_the_search(client, communication):
    for _ in range(21):
        published(communication)
    page = client.get(PUBLIC_LIST, {"q": "soutien", "page": "2"})
    assert len(titles(page)) == 1
    assert page.context["query"] == "q=soutien"
    assert len(titles(client.get(PUBLIC_LIST, {"page": "abc"}))) == 20


def test_search_with_a_null_byte_is_an_ordinary_search(client, communication):
    assert client.get(PUBLIC_LIST, {"q": "a\x00b"}).status_code == 200
    assert client.get("/partenaires/", {"q": "a\x00b"}).status_code == 200


def test_title_with_markup_is_escaped(client, communication):
    sheet = published(communication, title="<script>alert(1)</script> (fictif)")
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert "<script>alert" not in page


def many(by, count):
    for rank in range(count):
        published(
            by,
            partner=factories.PartnerFactory(slug=f"partenaire-{rank}"),
            act__fundings=[{"amount": 100_000, "budget_year": 2020 + rank % 5}],
            act__equipment=[{"quantity": 2}],
        )


@pytest.mark.parametrize("count", [1, 30])
def test_public_pages_cost_at_most_eight_queries(client, communication, query_budget, count):
    many(communication, count)
    sheet = PublicSheet.objects.published().first()
    release = publication.draft_press_release(by=communication, convention=sheet.convention)
    release = publication.publish_press_release(release, by=communication)
    addresses = [
        "/",
        PUBLIC_LIST,
        f"{PUBLIC_LIST}?q=soutien&annee=2026",
        f"{PUBLIC_LIST}?format=csv",
        sheet.get_absolute_url(),
        f"{sheet.get_absolute_url()}convention.pdf",
        "/partenaires/",
        "/partenaires/partenaire-0/",
        "/presse/",
        release.get_absolute_url(),
        "/chiffres/",
        "/contact-presse/",
        "/sitemap.xml",
    ]
    for address in addresses:
        # One of them asks for what sources declare of whole years.
        with query_budget(9):
            body(client.get(address))


def test_public_pages_read_no_live_table(client, communication, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    many(communication, 2)
    sheet = PublicSheet.objects.published().first()
    release = publication.draft_press_release(by=communication, convention=sheet.convention)
    release = publication.publish_press_release(release, by=communication)
    live = [
        f'"conventions_{name}"'
        for name in (
            "convention", "party", "partner", "act", "signatory", "funding", "inkind", "equipmentterm",
            "attendee", "project", "source", "payment", "representative", "bankaccount", "journalentry",
        )
    ]  # fmt: skip
    addresses = [
        "/", PUBLIC_LIST, f"{PUBLIC_LIST}?format=csv", sheet.get_absolute_url(), "/partenaires/",
        "/partenaires/partenaire-0/", "/presse/", release.get_absolute_url(), "/chiffres/", "/contact-presse/",
    ]  # fmt: skip
    touched = []
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            body(client.get(address))
        touched += [(address, name) for query in queries for name in live if name in query["sql"]]
    assert touched == []
