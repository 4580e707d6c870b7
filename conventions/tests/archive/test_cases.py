"""Each case typed from the screens, attested beside its facts, published, then read back from every door."""

import html
import re

import pytest
from django.urls import reverse

from conventions.domain.documents import storage
from conventions.enums import ActState
from conventions.models import Act, Convention, PublicSheet
from conventions.tests.archive.cases import CASES
from conventions.tests.archive.shapes import Case
from conventions.tests.archive.typing_in import Archivist, address
from conventions.tests.pdf.reading import plain, text_of

pytestmark = pytest.mark.django_db
# What each case takes: fields typed, screens opened, buttons pressed. `docs/benchmarks.md` tells them.
EFFORT: dict[str, tuple[int, int, int]] = {
    "C01": (30, 2, 3),
    "C04": (25, 2, 3),
    "C06": (19, 2, 3),
    "C07": (19, 2, 3),
    "C08": (19, 2, 3),
    "C09": (20, 2, 3),
    "C12": (12, 2, 3),
    "C16": (17, 2, 3),
    "avenant après une interruption": (26, 5, 7),
    "préfet signataire, par son titre seul": (14, 2, 3),
    "prénom inconnu": (10, 2, 3),
    "manifestation de chaque année, argent collecté": (19, 2, 3),
    "la source se trompe de jour": (7, 2, 3),
    "tant de messages, à un prix": (14, 2, 3),
    "résiliation saisie avant l’avenant": (15, 4, 7),
    "bénéficiaires finaux et tiers créés sur place": (12, 2, 3),
    "local prêté, mois connu": (12, 2, 3),
    "visibilité donnée en échange": (11, 2, 3),
}


def words(page: str) -> str:
    """The text of a page, entities read, tags away, every space plain."""
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.pdf
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_case_is_typed_attested_published_and_read_back(as_role, client, case: Case):
    archivist = Archivist(as_role("gestionnaire"))
    convention = archivist.record(case)
    attested = _attest(as_role("direction"), convention)
    assert [fact for fact in case.told if plain(fact) not in attested] == []
    as_role("communication").post(address("publication", convention), {"embargo_until": ""})
    sheet = PublicSheet.objects.get(convention=convention)
    public = words(client.get(convention.get_absolute_url()).content.decode()).lower()
    printed = text_of(storage.read_bytes(sheet.document)).lower()
    wanted = [plain(fact).lower() for fact in (*case.told, *case.shown)]
    assert [fact for fact in wanted if fact not in public] == []
    assert [fact for fact in wanted if fact not in printed] == []
    listed = plain(
        archivist.client.get(reverse("admin:conventions_convention_export", args=["csv"])).getvalue().decode()
    )
    assert [fact for fact in case.exported if plain(fact) not in listed] == []
    assert (archivist.fields, archivist.screens, archivist.gestures) == EFFORT[case.key]


def _attest(director, convention: Convention) -> str:
    """Every act attested, from its page of facts; the text of these pages."""
    told = []
    for act in Act.objects.filter(convention=convention).order_by("rank"):
        url = f"{address('event', convention, 'attester_reprise')}?acte={act.rank}"
        told.append(words(director.get(url).content.decode()))
        director.post(url, {"_confirmer": "1"})
        act.refresh_from_db()
        assert (act.state, act.attested_at is not None) == (ActState.SIGNED, True)
    return " ".join(told)
