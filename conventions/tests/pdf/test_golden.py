"""The same layout number, the same bytes: whoever changes what is printed raises the number."""

import pytest

from conventions.domain.documents.rendering import LAYOUT
from conventions.tests.pdf import golden

pytestmark = pytest.mark.pdf

RAISE = (
    "Ce qui s’imprime a changé. Augmentez LAYOUT (conventions/domain/documents/rendering/layout.py), dites pourquoi "
    "sur sa ligne, puis lancez : python -m conventions.tests.pdf.golden"
)


def test_the_number_is_that_of_the_fingerprints():
    assert golden.kept()["outils"]["layout"] == str(LAYOUT)


def test_what_is_printed_did_not_change():
    """Pages, style sheet and fonts on every machine; bytes too where the tools are those of the fingerprints."""
    made, kept = golden.current(), golden.kept()
    same_tools = all(made["outils"][name] == kept["outils"][name] for name in golden.OF_THE_MACHINE)
    assert compared(made, with_bytes=same_tools) == compared(kept, with_bytes=same_tools), RAISE


def compared(found: dict, *, with_bytes: bool) -> dict:
    documents = found["documents"].items()
    return {
        "feuille": found["outils"]["sheet"],
        "polices": found["outils"]["fonts"],
        **{name: marks if with_bytes else marks["page"] for name, marks in documents},
    }


@pytest.mark.parametrize("what", ["page", "octets"])
def test_a_change_is_seen(what):
    changed = golden.kept()
    changed["documents"]["acte papier"][what] = "0" * 64
    assert compared(changed, with_bytes=True) != compared(golden.kept(), with_bytes=True)
