"""The fingerprints of one document of each kind, as this layout makes them: `golden.json`, beside this file.

`python -m conventions.tests.pdf.golden` writes them again, once the number of the layout was raised.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

FILE = Path(__file__).with_suffix(".json")
# What a render takes from the machine: with others the bytes may differ, the pages laid out may not.
OF_THE_MACHINE = ("python", "weasyprint", "pydyf", "pango")


def documents() -> dict[str, Callable]:
    from conventions.domain.documents import rendering
    from conventions.enums import LetterKind
    from conventions.tests.pdf import samples

    enclosed = [("journal.json", "Journal", b"[]")]
    copies = (rendering.Copy(number=1, holder="l’OPT-NC"), rendering.Copy(number=2))

    def printed():
        frozen = rendering.render_agreement(samples.agreement()).content
        return rendering.render_copies(frozen, copies, code="23456789ABCDE", site_url="https://p.example")

    return {
        "acte papier": lambda: rendering.render_agreement(samples.agreement()),
        "acte en ligne": lambda: rendering.render_agreement(samples.agreement(path="en_ligne")),
        "brouillon": lambda: rendering.render_agreement(samples.agreement(is_draft=True, reference=None)),
        "avenant": lambda: rendering.render_agreement(samples.amendment()),
        "résiliation": lambda: rendering.render_agreement(samples.termination()),
        "procès-verbal": lambda: rendering.render_handover(samples.handover()),
        "attestation": lambda: rendering.render_attestation(samples.attestation(), enclosed=enclosed),
        "version publique": lambda: rendering.render_public(samples.public_sheet()),
        "reconstitution": lambda: rendering.render_reconstitution(samples.kimonos()),
        "communiqué": lambda: rendering.render_press_release(samples.press_release()),
        "communiqué de cérémonie": lambda: rendering.render_press_release(samples.ceremony_release()),
        "exemplaires": printed,
    } | {
        f"courrier : {kind.label}": lambda kind=kind: rendering.render_letter(samples.letter(kind))
        for kind in LetterKind
    }


def fingerprints() -> dict[str, dict[str, str]]:
    """{document: SHA-256 of the laid out page and of the bytes}."""
    found = {}
    for name, render in documents().items():
        pdf = render()
        found[name] = {"page": hashlib.sha256(pdf.html.encode()).hexdigest(), "octets": pdf.sha256}
    return found


def current() -> dict:
    """What `golden.json` should hold now."""
    from conventions.domain.documents.rendering import tool_versions

    return {"outils": tool_versions(), "documents": fingerprints()}


def kept() -> dict:
    return json.loads(FILE.read_text())


def main() -> int:
    import django

    django.setup()
    made = current()
    before = kept() if FILE.exists() else None
    if before and before["outils"]["layout"] == made["outils"]["layout"] and before != made:
        sys.stderr.write("Augmentez d’abord LAYOUT (conventions/domain/documents/rendering/layout.py).\n")
        return 1
    FILE.write_text(json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
