"""Every letter: one thing to do, the same words in both parts, nothing that acts when it is only looked at."""

import html
import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from conventions.domain.mails.builders import BUILDERS
from conventions.formats import typeset
from conventions.models import User
from conventions.tests.domain.mails import letters
from conventions.tests.harness import Kept, captured_queries
from conventions.tests.matrix.world import sign_in, undone
from conventions.tests.pdf.reading import faults_of

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r"https?://[^\s\"<>]+")
PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\bIBAN\b|valeur (?:juridique|légale|probante)|fait foi")
BLANKS = re.compile(r"[ \t\n\u00a0\u202f]+")
WRITES = re.compile(r"^(INSERT INTO|UPDATE|DELETE FROM) \"?(?!django_session)", re.IGNORECASE)
# To an address that is no account's, or to open one.
APART = {
    "adresse changée",
    "adresse d’un agent changée",
    "code d’adresse",
    "empreinte",
    "invitation du personnel",
}
# Six digits to copy, a line to keep: nothing to open. A summary has one link per line.
WITHOUT_BUTTON = {
    "code_connexion",
    "code_de_signature",
    "code_de_remise",
    "code_adresse",
    "code_de_confirmation",
    "empreinte_du_journal",
    "resume_quotidien",
}
SUBJECT_MAX = 150
CHOICES = ("/admin/mes-courriels/", "/espace/courriels/")
FORBIDDEN_TAGS = {"img", "script", "form", "iframe", "link", "style", "svg"}


class Page(HTMLParser):
    """The links, buttons and words of an HTML mail; `hidden` is the line that lists of mails show."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.buttons: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.words = self.hidden = ""
        self._label: list[str] | None = None
        self._skipped = ""
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.add(tag)
        if tag in ("head",) or "display:none" in (values.get("style") or ""):
            self._skipped = tag
        if tag == "a":
            is_button = "display:inline-block" in values["style"]
            self._label = [values["href"]] if is_button else None
            if not is_button:
                self.links.append(values["href"])
        self.words += " " if tag in ("p", "h1", "div", "td", "br", "table") else ""

    def handle_endtag(self, tag):
        if tag == self._skipped:
            self._skipped = ""
        if tag == "a" and self._label:
            self.buttons.append((self._label[0], "".join(self._label[1:])))
            self._label = None
        self.words += " " if tag in ("p", "h1", "div", "td") else ""

    def handle_data(self, data):
        if self._skipped == "div":
            self.hidden += data
        elif not self._skipped:
            self.words += data
            if self._label:
                self._label.append(data)


@pytest.fixture(scope="module")
def _made(django_db_setup, django_db_blocker, tmp_path_factory):
    """Who writes and who reads, once for these tests; and every mail, as (name, code, mail, page)."""
    with Kept.around(django_db_blocker, tmp_path_factory.mktemp("letters")) as kept:
        kept.values["JOURNAL_DIGEST_EMAIL"] = "empreintes@exemple.invalid"
        with kept.being_made():
            world, every = letters.build(), []
            for name, (code, _arguments) in letters.SAMPLES.items():
                with undone():
                    mails = letters.mails(name, world)
                assert mails != [], name
                every += [(name, code, mail, Page(html_of(mail))) for mail in mails]
        yield kept, world, every


@pytest.fixture
def world(_made, db, settings):
    kept, world, _every = _made
    kept.found_by(settings)
    return world


@pytest.fixture
def every(_made, world):
    return _made[2]


def html_of(mail) -> str:
    return mail.alternatives[0][0]


def _buttons(name: str, code: str) -> int:
    """One; none without an account, where nothing would open."""
    return 0 if code in WITHOUT_BUTTON or name.endswith("sans compte") else 1


def squeezed(text: str) -> str:
    return BLANKS.sub(" ", text).strip()


def test_every_letter_has_a_sample():
    assert {code for code, _arguments in letters.SAMPLES.values()} == set(BUILDERS)


def test_letter_has_one_button_and_its_text_the_same_link(every, settings):
    wrong = {}
    for name, code, mail, page in every:
        lines = mail.body.splitlines()
        found = [
            (lines[lines.index(url) - 1], lines.count(url)) for url, _label in page.buttons if url in lines
        ]
        expected = [(f"{label.strip()}\u00a0:", 1) for _url, label in page.buttons]
        if found != expected or len(page.buttons) != _buttons(name, code):
            wrong[name] = (page.buttons, found)
        if not all(url.startswith(f"{settings.SITE_URL}/") for url, _label in page.buttons):
            wrong[name] = page.buttons
    assert wrong == {}


def test_letter_leads_nowhere_else(every, settings):
    """Besides the button: the site, and the page where one chooses which letters to receive; in both parts."""
    wrong = {}
    for name, code, mail, page in every:
        usual = {f"{settings.SITE_URL}/", settings.SITE_URL + CHOICES[0], settings.SITE_URL + CHOICES[1]}
        links = {*page.links, *(url for url, _label in page.buttons)}
        if set(ADDRESS.findall(mail.body)) != links or (
            set(page.links) - usual and code != "resume_quotidien"
        ):
            wrong[name] = (links, ADDRESS.findall(mail.body))
    assert wrong == {}


def test_both_parts_say_the_same(every):
    """Every line of the text is in the HTML, button and signature aside."""
    wrong = {}
    for name, _code, mail, page in every:
        shown = squeezed(page.words)
        apart = {"", "--", "OPT-NC Partenariats"} | {f"{squeezed(label)} :" for _url, label in page.buttons}
        lines = [squeezed(line) for line in ADDRESS.sub("", mail.body).splitlines()]
        missing = [
            line
            for line in lines
            if line not in apart and line.removeprefix("- ").removesuffix(" :") not in shown
        ]
        if missing:
            wrong[name] = missing
    assert wrong == {}


def test_letter_is_typeset(every):
    wrong = {}
    for name, _code, mail, page in every:
        lines = [mail.subject, *mail.body.splitlines(), *page.words.splitlines(), page.hidden]
        lines = [ADDRESS.sub("", line) for line in lines]
        if bad := [line for line in lines if typeset(line) != line or html.unescape(line) != line]:
            wrong[name] = bad
    assert wrong == {}


def test_letter_is_right_french(every):
    """Read as a lawyer reads an act; the first of a month is « 1er », and « appelez » has a number."""
    wrong = {}
    for name, _code, mail, _page in every:
        lines = [ADDRESS.sub("", line) for line in (mail.subject, *mail.body.splitlines())]
        bad = [fault for line in lines for fault in faults_of(line)]
        bad += [line for line in lines if re.search(r"\ble 1 |\S  +\S|\bappelez (?!.*\d\d\.\d\d)", line)]
        if bad:
            wrong[name] = bad
    assert wrong == {}


def test_letter_is_in_the_name_of_opt_and_plain_to_read(every):
    wrong = {}
    for name, _code, mail, page in every:
        content = html_of(mail)
        checks = {
            "expéditeur": mail.message()["From"].startswith("OPT-NC Partenariats <"),
            "objet": mail.subject[0].isupper() and len(mail.subject) <= SUBJECT_MAX,
            "aperçu": page.hidden.strip()[-1:] in (".", "?", "!"),
            "balises": page.tags.isdisjoint(FORBIDDEN_TAGS),
            "rien d’ailleurs": "src=" not in content and "url(" not in content,
            "langue": '<html lang="fr">' in content,
            "poids": len(content.encode()) < 20_000,
        }
        if failed := [check for check, passed in checks.items() if not passed]:
            wrong[name] = failed
    assert wrong == {}


def test_letter_tells_no_address_no_account_and_claims_no_legal_value(every):
    wrong = {}
    for name, _code, mail, page in every:
        for text in (mail.body, page.words):
            if found := PRIVATE.findall(text):
                wrong[name] = found
    assert wrong == {}


def test_looking_at_a_link_writes_nothing(world):
    wrong, looked = {}, set()  # the same pages end every mail: one look each
    for name in letters.SAMPLES:
        with undone():
            for mail in letters.mails(name, world):
                page = Page(html_of(mail))
                for url in {*page.links, *(url for url, _label in page.buttons)} - looked:
                    if wrote := _looked_at(url):
                        wrong[name] = wrote
                looked |= set(page.links) if name != "résumé" else set()
    assert wrong == {}


def _looked_at(url: str) -> list[str]:
    """What a look at an address wrote, or how it failed; a mail scanner looks too, with HEAD or GET."""
    path, client, found = "/" + url.split("/", 3)[3].partition("#")[0], Client(), []
    for look in (client.head, client.get):
        with captured_queries() as captured:
            response = look(path)
        found += [query["sql"] for query in captured if WRITES.match(query["sql"])]
    return found if response.status_code in (200, 302) else [*found, f"{path} : {response.status_code}"]


def test_button_opens_for_its_reader(world):
    """Signed in, who receives a letter reads a page; nobody is sent to a door that stays shut."""
    wrong = {}
    for name in letters.SAMPLES:
        with undone():
            for mail in letters.mails(name, world):
                client = sign_in(User.objects.get(email=mail.to[0])) if name not in APART else Client()
                for url, _label in Page(html_of(mail)).buttons:
                    path = "/" + url.split("/", 3)[3]
                    status = client.get(path, follow=True).status_code
                    if status != 200:
                        wrong[name] = f"{path} : {status}"
    assert wrong == {}


def test_long_title_leaves_a_subject_that_can_be_read(world, monkeypatch):
    monkeypatch.setattr(letters, "TITLE", ("Programme pluriannuel d’accompagnement des écoles " * 4)[:200])
    wrong = {}
    for name in letters.SAMPLES:
        with undone():
            subjects = [mail.subject for mail in letters.mails(name, world)]
        if long := [subject for subject in subjects if len(subject) > SUBJECT_MAX]:
            wrong[name] = long
    assert wrong == {}
