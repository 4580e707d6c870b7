"""A stored PDF served by the site's own view, against rendering the same PDF again.

    python -m benchmarks.stored_download [rounds]

In one process, on the demonstration's longest documents: the public PDF as a visitor gets it, the frozen agreement as
its president gets it. The whole path of a request is counted: address, session, queries, rights, hash check. Renders
and downloads alternate. Aim: at least 50 times faster.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from benchmarks._ground import cpu_ms, machine, set_up, there

if TYPE_CHECKING:
    from conventions.domain.documents.context import AgreementContext
    from conventions.models import Document, User

ROUNDS = 15
DOWNLOADS_PER_RENDER = 10


def public_pdf(rounds: int) -> None:
    from django.test import Client

    from conventions.domain.documents.rendering import render_public, render_reconstitution
    from conventions.domain.publication import stored_context
    from conventions.models import PublicSheet

    sheets = PublicSheet.objects.published().exclude(document=None).select_related("document")
    row = sheets.order_by("-document__page_count", "-document__size", "pk").first()
    sheet = there(row, "de fiche publiée")
    context, client = stored_context(sheet), Client(HTTP_HOST="127.0.0.1")
    render = render_reconstitution if context.origin == "reprise" else render_public
    address = sheet.get_absolute_url() + "convention.pdf"
    document = there(sheet.document, "de PDF public")
    compare("PDF public", document, lambda: read(client.get(address)), lambda: render(context), rounds)


def agreement(rounds: int) -> None:
    from django.test import Client
    from django.urls import reverse

    from conventions.domain.documents.context import from_snapshot
    from conventions.domain.documents.rendering import render_agreement

    document, reader = frozen_document()
    context, client = (
        cast("AgreementContext", from_snapshot(document.snapshot or {})),
        Client(HTTP_HOST="127.0.0.1"),
    )
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("portal:document", args=[document.pk])
    served = lambda: read(client.get(address))  # noqa: E731
    compare("Convention figée", document, served, lambda: render_agreement(context), rounds)


def frozen_document() -> tuple[Document, User]:
    """The longest frozen agreement that somebody may read in the associations' space, and who."""
    from conventions.domain import space
    from conventions.enums import DocumentKind
    from conventions.models import Document, User

    frozen = Document.objects.of_kind(DocumentKind.FROZEN).exclude(snapshot=None)
    for document in frozen.order_by("-page_count", "-size", "pk"):
        act = there(document.act, "d’acte de ce document")
        partners = act.convention.parties.values_list("partner", flat=True)
        for user in User.objects.filter(mandates__partner__in=partners).distinct():
            if space.document_for(user, document.pk):
                return document, user
    raise SystemExit("Aucune convention figée n’est lisible dans l’espace partenaire.")


def read(response: Any) -> int:
    """Number of bytes sent."""
    if response.status_code != 200:
        raise SystemExit(f"Réponse {response.status_code} : rien n’est mesuré.")
    return len(b"".join(response.streaming_content))


def compare(
    name: str, document: Document, served: Callable[[], int], rendered: Callable[[], object], rounds: int
) -> None:
    if served() != document.size:
        raise SystemExit(f"{name} : ce qui est servi n’est pas ce qui est enregistré.")
    rendered()
    downloads, renders = [], []
    for _ in range(rounds):
        renders.append(cpu_ms(rendered))
        downloads += [cpu_ms(served) for _ in range(DOWNLOADS_PER_RENDER)]
    stored, made = statistics.median(downloads), statistics.median(renders)
    print(f"{name} : {document.page_count} pages, {document.size / 1000:.0f} ko")
    print(f"  servi {stored:6.2f} ms   rendu {made:6.1f} ms   {made / stored:.0f} fois plus vite")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    set_up()
    print(machine())
    public_pdf(rounds)
    agreement(rounds)


if __name__ == "__main__":
    main()
