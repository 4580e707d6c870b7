"""Press pages, pages of text, health, robots: what each owes its reader."""

import datetime
import gzip
import re

import pytest
import time_machine
from django.conf import settings as project_settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from conventions.domain import publication
from conventions.enums import ActState
from conventions.models import PressContact
from conventions.tests import factories
from conventions.tests.public.kimonos import kimonos
from conventions.tests.public.reading import visible_text

pytestmark = pytest.mark.django_db

TEXT_PAGES = {
    "legal": "Mentions légales",
    "privacy": "Politique de confidentialité",
    "accessibility": "Accessibilité : audit non réalisé",
    "cookies": "Cookies",
    "sitemap": "Plan du site",
    "press_contact": "Contact presse",
}
KILOBYTES = 1000


@pytest.fixture
def communication():
    return factories.UserFactory(role="communication")


@pytest.fixture
def release(communication):
    draft = publication.draft_press_release(by=communication, convention=kimonos())
    return publication.publish_press_release(draft, by=communication)


def test_press_page_shows_the_published_text_and_its_contact(client, release):
    text = visible_text(client.get(release.get_absolute_url()))
    facts = [
        "Mardi 14 mars 2023",
        "L’OPT-NC s’engage aux côtés de l’association Les Kimonos du Cœur",
        "Laurent CALLEJA, président de l’association Les Kimonos du Cœur",
        "montant non communiqué",
        "Camille DUMARTY",
        "82.77.67 / 26.82.38",
        "camille.dumarty@opt.nc",
    ]
    assert [fact for fact in facts if fact not in text] == []


def test_press_page_links_the_convention_only_once_published(client, communication, release):
    assert client.get(release.get_absolute_url()).context["sheets"] == []
    sheet = publication.publish(release.convention, by=communication)
    assert client.get(release.get_absolute_url()).context["sheets"] == [sheet]
    assert [item.release for item in client.get(sheet.get_absolute_url()).context["releases"]] == [release]


def test_press_page_keeps_the_published_text_while_it_is_edited(client, release):
    release.title = "Un titre en cours de correction"
    release.save()
    PressContact.objects.update(email="autre@exemple.invalid")
    text = visible_text(client.get(release.get_absolute_url()))
    assert ("Un titre en cours" in text, "autre@exemple.invalid" in text) == (False, False)


@pytest.mark.parametrize("suffix", ["", "communique.pdf"])
def test_press_page_is_hidden_as_a_draft_under_embargo_and_once_withdrawn(client, communication, suffix):
    convention = factories.ConventionFactory(act=ActState.SIGNED)
    release = publication.draft_press_release(by=communication, convention=convention)
    address = f"{release.get_absolute_url()}{suffix}"
    codes = [client.get(address).status_code]
    release = publication.publish_press_release(release, by=communication)
    codes.append(client.get(address).status_code)
    release.embargo_until = timezone.now() + datetime.timedelta(hours=1)
    release.save()
    codes.append(client.get(address).status_code)
    release.embargo_until = None
    release.save()
    publication.withdraw_press_release(release, by=communication)
    codes.append(client.get(address).status_code)
    assert codes == [404, 200, 404, 404]


def test_press_list_without_release_shows_the_way_out(client):
    assert "Aucun communiqué publié" in visible_text(client.get("/presse/"))


@pytest.mark.parametrize(("name", "title"), TEXT_PAGES.items())
def test_page_of_text_has_its_title_its_address_and_no_cookie(client, settings, name, title):
    response = client.get(reverse(f"public:{name}"))
    page = response.content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", page)[1].replace("\u00a0", " ")
    assert heading == title
    assert f'<link rel="canonical" href="{settings.SITE_URL}{reverse(f"public:{name}")}">' in page
    assert dict(response.cookies) == {}


def test_legal_page_says_what_was_not_given(client, settings):
    settings.HOSTING_PROVIDER = "Hébergeur (fictif)"
    text = visible_text(client.get(reverse("public:legal")))
    assert "Directeur de la publication Non renseigné à ce jour." in text
    assert "Hébergement Hébergeur (fictif)" in text


def test_accessibility_page_claims_nothing(client):
    text = visible_text(client.get(reverse("public:accessibility")))
    assert "Aucun audit n’a été réalisé" in text
    assert re.search(r"\d+\s?%", text) is None


def test_press_contact_page_reads_published_sheets_alone(client, communication):
    publication.publish(kimonos(), by=communication)
    factories.PressContactFactory(last_name="JAMAIS PUBLIÉ (fictif)")
    assert [contact.name for contact in client.get("/contact-presse/").context["contacts"]] == [
        "Camille DUMARTY"
    ]


def test_pages_of_an_empty_site_read_well(client):
    texts = [
        visible_text(client.get(address)) for address in ("/", "/conventions/", "/partenaires/", "/chiffres/")
    ]
    assert "Aucune convention n’est publiée pour le moment." in texts[0]
    assert "Aucune convention publiée" in texts[1]
    assert "Aucun partenaire publié" in texts[2]
    assert "Les chiffres apparaîtront ici" in texts[3]


def test_description_of_a_convention_is_its_story(client, communication):
    sheet = publication.publish(kimonos(), by=communication)
    page = client.get(sheet.get_absolute_url()).content.decode()
    description = re.search(r'<meta property="og:description" content="(.*?)">', page)[1]
    assert description.startswith(
        "Le mardi 14 mars 2023, l’OPT-NC et l’association Les Kimonos du Cœur ont signé"
    )


def test_public_pages_weigh_at_most_sixty_kilobytes_with_styles_and_fonts(client, communication, release):
    publication.publish(release.convention, by=communication)
    for _ in range(20):
        publication.publish(factories.ConventionFactory(act=ActState.SIGNED), by=communication)
    static = project_settings.BASE_DIR / "static"
    fonts = sum((static / "fonts" / f"figtree-{weight}.woff2").stat().st_size for weight in (400, 600))
    sheets = sum(
        len(gzip.compress((static / "css" / name).read_bytes(), 9)) for name in ("tokens.css", "site.css")
    )
    pictures = sum(path.stat().st_size for path in (static / "img").glob("*.svg"))
    addresses = ["/", "/conventions/", "/chiffres/", "/partenaires/", release.get_absolute_url()]
    addresses.append("/conventions/kimonos-du-coeur-dojo-solidaire/")
    for address in addresses:
        page = len(gzip.compress(client.get(address).content, 9))
        assert page + fonts + sheets + pictures <= 60 * KILOBYTES, address


def test_health_of_a_site_that_works(client):
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (200, {"etat": "ok"})
    assert storages["private"].listdir("sante") == ([], [])


def test_health_fails_when_nothing_takes_up_the_tasks(client):
    task = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="conventions.tests",
        run_after=timezone.now(),
        backend_name="default",
    )
    assert client.get("/sante/").status_code == 200
    long_ago = timezone.now() - datetime.timedelta(minutes=6)
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=long_ago, run_after=long_ago)
    assert client.get("/sante/").status_code == 200  # a yes holds for five seconds
    cache.clear()
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (503, {"etat": "en panne"})


def test_task_put_off_is_late_from_its_own_hour(client):
    """A code that leaves thirty minutes later: neither while it waits, nor as its hour comes."""
    now = timezone.now()
    task = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="conventions.tests",
        run_after=now + datetime.timedelta(minutes=30),
        backend_name="default",
    )
    found = []
    for minutes in (10, 31, 36):
        with time_machine.travel(now + datetime.timedelta(minutes=minutes), tick=False):
            found.append(client.get("/sante/").status_code)
    assert (found, task.run_after > now) == ([200, 200, 503], True)


def test_health_fails_when_private_storage_takes_nothing(client, settings, tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder")
    private = settings.STORAGES["private"]
    settings.STORAGES = {**settings.STORAGES, "private": {**private, "OPTIONS": {"location": str(blocked)}}}
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (503, {"etat": "en panne"})


def test_robots_leave_a_demonstration_alone(client, settings):
    assert "Disallow: /admin/" in client.get("/robots.txt").content.decode().splitlines()
    settings.DEMO = True
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_sitemap_for_robots_lists_published_pages_alone(client, communication, settings):
    sheet = publication.publish(factories.ConventionFactory(act=ActState.SIGNED), by=communication)
    hidden = publication.publish(factories.ConventionFactory(act=ActState.SIGNED), by=communication)
    publication.withdraw(hidden.convention, by=communication)
    addresses = re.findall(r"<loc>(.*?)</loc>", client.get("/sitemap.xml").content.decode())
    assert f"{settings.SITE_URL}{sheet.get_absolute_url()}" in addresses
    assert f"{settings.SITE_URL}{hidden.get_absolute_url()}" not in addresses


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_public_pages_are_read_only(client, method):
    codes = {getattr(client, method)(address).status_code for address in ("/", "/conventions/", "/sante/")}
    assert codes == {405}


def test_unknown_page_is_a_404_with_a_way_out(client):
    response = client.get("/conventions/nulle-part/")
    assert response.status_code == 404
    assert "Chercher une convention" in visible_text(response)
