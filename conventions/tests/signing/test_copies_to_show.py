"""« Une copie à montrer »: of each signed act, how it was signed and the code that is printed on its pages."""

import html
import io
import re
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conventions.domain import space
from conventions.domain.acts import drafting
from conventions.domain.acts.lifecycle import apply
from conventions.domain.acts.paper import copies as printing
from conventions.domain.acts.scans import reprises
from conventions.domain.documents import storage
from conventions.enums import ActState, DocumentKind, Event
from conventions.formats import long_date, normalise_code
from conventions.models import Act, Document
from conventions.tests import factories as f
from conventions.tests.pdf.reading import page_texts, plain, reader
from conventions.tests.signing import world as worlds
from conventions.tests.signing.people import signs_with_account, signs_with_code

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf, pytest.mark.slow]
ONLINE, INK, REPRISE, LOST = "en ligne", "papier", "reprise", "reprise sans scan"
FOLLOWING = {
    "avenant": (Event.START_AMENDMENT, {"ends_on": f.acts.days_from_today(500)}),
    "résiliation": (Event.START_TERMINATION, {"effective_on": f.acts.days_from_today(30)}),
}
TODAY = f"({long_date(timezone.localdate())})"
SEALED = (
    "Le fichier porte un sceau électronique pour chaque signature : donnez-le tel quel, une copie imprimée n’a plus de "
    "sceau. Près de chaque signature, un code QR mène à la vérification."
)
SCANNED = "Le fichier est une copie numérisée de l’exemplaire signé : l’original sur papier fait foi."
ABSENT = (
    "Le document signé n’est pas classé ici. Votre interlocuteur à l’OPT-NC peut vous en remettre une copie."
)
LABELS = {"initial": "Convention", "avenant": "Avenant n° 1", "résiliation": "Résiliation"}


@dataclass
class Shown:
    """A section of the page, as its reader sees it."""

    title: str
    text: str
    code: str
    links: list[str]


def sections(client, convention) -> list[Shown]:
    page = client.get(reverse("portal:copy", args=[convention.slug])).content.decode()
    return [_section(part) for part in re.split(r'<section class="section">', page)[1:]]


def _section(part: str) -> Shown:
    part = part.partition("</section>")[0]
    code = re.search(r'<strong class="nowrap">([^<]+)</strong>', part)
    return Shown(
        title=plain(html.unescape(re.search(r"<h2>(.*?)</h2>", part)[1])),
        text=plain(html.unescape(re.sub(r"<[^>]+>", "", part))),
        code=code[1] if code else "",
        links=re.findall(r'href="([^"]+)"', part),
    )


def scan_of(act, by) -> bytes:
    """The first of the copies printed from the frozen text, as a scanner gives it back."""
    from pypdf import PdfWriter

    copies = storage.read_bytes(printing.print_copies(act, by=by))
    writer = PdfWriter()
    for page in reader(copies).pages[: act.frozen_document.page_count]:
        writer.add_page(page)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def sign(world, way, mailbox, sign_in_staff) -> None:
    """From frozen to signed."""
    if way == ONLINE:
        signs_with_code(world, mailbox)
        for user in world.directors:
            signs_with_account(sign_in_staff(user), world, user)
    else:
        scan = scan_of(world.refreshed(), world.officer)
        apply(world.act, Event.FILE_SCAN, by=world.officer, scan=scan, signed_on=timezone.localdate())
    assert world.refreshed().state == ActState.SIGNED


def begin(world, what, way) -> None:
    """The act that follows, frozen."""
    event, details = FOLLOWING[what]
    initial = world.convention.acts.get(kind="initial")
    act = apply(initial, event, by=world.officer, reason="Une suite (fictif).", **details)
    Act.objects.filter(pk=act.pk).update(board_decision=f.BoardDecisionFactory())
    world.act = act
    choose(world, way)
    worlds.freeze(world)


def choose(world, way) -> None:
    """How the draft will be signed."""
    Act.objects.filter(pk=world.act.pk).update(path="en_ligne" if way == ONLINE else "papier")
    drafting.refresh_clauses(world.refreshed(), by=world.officer)


@pytest.fixture
def signed_convention(keep, mailoutbox, sign_in_staff):
    """`signed_convention(way, [(what, way), …])`: a convention signed in this way, then what follows it in theirs."""

    def signed(first, following):
        def make():
            if following:
                world = signed(first, following[:-1])
                what, way = following[-1]
                begin(world, what, way)
            else:
                world, way = worlds.drafted(), first
                choose(world, way)
                worlds.freeze(world)
            sign(world, way, mailoutbox, sign_in_staff)
            return world

        return keep(f"copies {first} {following}", make)

    return signed


CASES = {
    "en ligne": (ONLINE, []),
    "papier": (INK, []),
    "en ligne, avenant en ligne": (ONLINE, [("avenant", ONLINE)]),
    "en ligne, avenant sur papier": (ONLINE, [("avenant", INK)]),
    "papier, avenant en ligne": (INK, [("avenant", ONLINE)]),
    "papier, résiliation en ligne": (INK, [("résiliation", ONLINE)]),
    "en ligne, résiliation sur papier": (ONLINE, [("résiliation", INK)]),
    "en ligne, avenant sur papier, résiliation en ligne": (
        ONLINE,
        [("avenant", INK), ("résiliation", ONLINE)],
    ),
}
HOW = {ONLINE: "en ligne, par toutes les parties", INK: "sur papier, à l’encre"}


@pytest.mark.parametrize(("first", "following"), CASES.values(), ids=CASES)
def test_each_signed_act_says_how_and_gives_the_code_of_its_pages(
    signed_convention, as_role, first, following
):
    world = signed_convention(first, following)
    client = as_role(world.president)
    shown = sections(client, world.convention)
    expected = [("initial", first), *following]
    assert [part.title for part in shown] == [f"{LABELS[what]}, document signé" for what, _way in expected]
    for part, (what, way), act in zip(shown, expected, world.convention.acts.order_by("rank"), strict=True):
        signed = "Signé" if what == "avenant" else "Signée"
        told = f"{signed} {HOW[way]} {TODAY}. {SEALED if way == ONLINE else SCANNED}"
        assert part.text.startswith(f"{part.title} {told}")
        assert normalise_code(part.code) == act.frozen_document.code
        content = b"".join(client.get(part.links[0]).streaming_content)
        assert storage.read_bytes(act.signed_document) == content
        assert [part.code in text for text in page_texts(content)] == [True] * act.frozen_document.page_count
        address = next(link for link in part.links if act.frozen_document.code in link)
        checked = plain(Client().get(address).content.decode())
        assert act.reference in checked
        assert f"Signé le {long_date(timezone.localdate())}" in checked


@pytest.mark.parametrize("way", [REPRISE, LOST])
@pytest.mark.parametrize("kind", ["initial", "avenant", "résiliation"])
def test_reprise_says_that_it_was_signed_on_paper_before_and_gives_no_code(as_role, way, kind):
    partner = f.PartnerFactory(name="Association Niaouli (fictif)")
    convention = f.ConventionFactory(reprise=True, partner=partner, act__signed_on_wording="mars 2019")
    trait = {"initial": {}, "avenant": {"amendment": True}, "résiliation": {"termination": True}}[kind]
    if trait:
        f.ActFactory(convention=convention, reprise=True, signed_on_wording="mars 2019", **trait)
    act = convention.acts.order_by("rank").last()
    if way == REPRISE:
        reprises.file_scan(act, by=f.UserFactory(role="gestionnaire"), scan=f.small_pdf("retrouvé"))
    client = as_role(f.PresidentFactory(partner=partner))
    part = sections(client, convention)[-1]
    signed = "Signé" if kind == "avenant" else "Signée"
    file = SCANNED if way == REPRISE else ABSENT
    told = f"{signed} sur papier, avant l’ouverture de cet espace (mars 2019). {file}"
    assert part.text.startswith(f"{LABELS[kind]}, document signé {told}")
    assert part.code == ""
    assert ("n’a pas de code de vérification" in part.text, bool(part.links)) == (way == REPRISE,) * 2


@pytest.mark.parametrize("way", [ONLINE, INK])
def test_reprise_amended_here_gives_the_code_of_its_amendment_alone(
    keys, mailoutbox, sign_in_staff, as_role, way
):
    world = worlds.drafted()
    Act.objects.filter(pk=world.act.pk).update(
        origin="reprise", path="papier", state="signe", signed_on=f.acts.days_from_today(-400)
    )
    begin(world, "avenant", way)
    sign(world, way, mailoutbox, sign_in_staff)
    first, second = sections(as_role(world.president), world.convention)
    assert first.text.startswith(
        "Convention, document signé Signée sur papier, avant l’ouverture de cet espace"
    )
    assert (first.code, normalise_code(second.code)) == ("", world.act.frozen_document.code)
    assert second.text.startswith(f"Avenant n° 1, document signé Signé {HOW[way]} {TODAY}.")


def test_text_frozen_before_codes_gives_that_of_its_printed_copies():
    act = f.ConventionFactory(act="a_signer").acts.get()
    assert (act.frozen_document.code, storage.verification_codes([act])) == ("", {})
    code = storage.new_code()
    Document.objects.create(
        act=act,
        kind=DocumentKind.COPIES,
        code=code,
        made_from=act.frozen_document,
        sha256="0" * 64,
        size=1,
        page_count=1,
        title="Exemplaires",
    )
    assert storage.verification_codes([act]) == {act.pk: code}


def test_former_president_shows_only_what_he_or_she_signed(signed_convention, as_role):
    world = signed_convention(ONLINE, [])
    f.ActFactory(convention=world.convention, amendment=True, state="signe", number="2026-900-A1")
    world.president.mandates.update(mandate_end=f.acts.days_from_today(-1))
    assert [part.title for part in sections(as_role(world.president), world.convention)] == [
        "Convention, document signé"
    ]


def test_copies_cost_three_queries_whatever_their_number(query_budget):
    president = f.PresidentFactory()
    convention = f.ConventionFactory(act="signe", partner=president.mandates.get().partner)
    for rank in range(1, 9):
        f.ActFactory(
            convention=convention, amendment=True, rank=rank, state="signe", number=f"2026-900-A{rank}"
        )
    file = space.file_for(president, convention.slug)
    with query_budget(3):
        assert len(space.copies_of(file).acts) == 9
