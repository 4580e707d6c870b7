"""A stored PDF served by the public page's own view, against rendering the same PDF again.

    python -m benchmarks.stored_download [rounds]

Both in one process, on the demonstration's longest public PDF and longest frozen agreement. The whole
path of a request is counted: address, middleware, queries, hash check. Aim: at least 50 times faster.
"""

import sys

from benchmarks._ground import machine, median_ms, set_up

ROUNDS = 30
RENDER_ROUNDS = 7


def public_pdf(rounds: int) -> None:
    from django.test import Client

    from conventions.domain.publication import stored_context
    from conventions.domain.rendering import render_public, render_reconstitution
    from conventions.models import PublicSheet

    sheets = PublicSheet.objects.published().exclude(document=None).select_related("document")
    sheet = sheets.order_by("-document__page_count", "-document__size", "pk").first()
    context, client = stored_context(sheet), Client(HTTP_HOST="127.0.0.1")
    render = render_reconstitution if context.origin == "reprise" else render_public
    address = sheet.get_absolute_url() + "convention.pdf"
    compare("PDF public", sheet.document, lambda: read(client.get(address)), lambda: render(context), rounds)


def agreement(rounds: int) -> None:
    from django.test import RequestFactory

    from conventions.domain import documents
    from conventions.domain.context import from_snapshot
    from conventions.domain.rendering import render_agreement
    from conventions.enums import DocumentKind
    from conventions.models import Document

    frozen = Document.objects.of_kind(DocumentKind.FROZEN).exclude(snapshot=None)
    document = frozen.order_by("-page_count", "-size", "pk").first()
    context, request = from_snapshot(document.snapshot), RequestFactory().get("/")
    served = lambda: read(documents.download_response(document, request=request))  # noqa: E731
    compare("Convention figée", document, served, lambda: render_agreement(context), rounds)


def read(response) -> int:
    """Number of bytes sent."""
    if response.status_code != 200:
        raise SystemExit(f"Réponse {response.status_code} : rien n’est mesuré.")
    return len(b"".join(response.streaming_content))


def compare(name: str, document, served, rendered, rounds: int) -> None:
    if served() != document.size:
        raise SystemExit(f"{name} : ce qui est servi n’est pas ce qui est enregistré.")
    stored, made = median_ms(served, rounds), median_ms(rendered, RENDER_ROUNDS)
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
