"""What an attestation of signature prints, from its context. It says what was done and what can be verified."""

from __future__ import annotations

from typing import Any

from conventions.domain.documents.context import AttestationContext, AttestedSignatureContext
from conventions.domain.documents.rendering.letterhead import heading, identity, named, running_title
from conventions.domain.documents.rendering.text import Column, Table, cell, compose, facts
from conventions.domain.documents.rendering.verify import running_code, verify_block
from conventions.formats import HANDOVER_WORDS, act_words, counted, elide, show_code, show_number

HONEST = (
    "Cette attestation rapporte ce que l’application a constaté : qui a signé, quand, et comment cette personne a été "
    "reconnue. Elle permet de vérifier que le document n’a pas changé depuis. Elle ne dit rien de sa valeur juridique."
)
NOT_SEEN = "affichage non constaté : le navigateur ne l’a pas dit"


def page(ctx: AttestationContext) -> dict[str, Any]:
    """The template context of an attestation."""
    words = HANDOVER_WORDS if ctx.is_handover else act_words(ctx.act_kind)
    running = (
        "Attestation de signature",
        ctx.reference,
        running_code(ctx.own_code),
        running_title(ctx.title),
    )
    return {
        "doc": {
            **heading(ctx.title, "Attestation de signature", f"{elide('de', words.noun)} n° {ctx.reference}"),
            "draft": False,
            **identity(code=ctx.own_code, reference=ctx.reference),
            "name": named(f"Attestation de signature {words.of} n° {ctx.reference}", ctx.title),
            "running": compose(" · ".join(part for part in running if part)),
            "description": compose(f"Attestation de signature {words.of} n° {ctx.reference}"),
            "verify": verify_block(ctx.own_code, ctx.own_address),
        },
        "honest": compose(HONEST),
        "facts": facts(
            (
                (
                    "Document",
                    f"{words.noun.capitalize()} n° {ctx.reference}, {counted(ctx.page_count, 'page')}",
                ),
                ("Annexes", _annexes(ctx)),
                (f"{words.agree('Signé')}{'' if ctx.is_handover else ' par tous'} le", ctx.completed_at),
                ("Heure donnée par", ctx.time_source),
                (f"Code {words.of}", show_code(ctx.code)),
                ("Pour vérifier", ctx.address),
            )
        ),
        "signatures": [_signature(row, by_link=not ctx.is_handover) for row in ctx.signatures],
        "files": _files(ctx),
        "certificate": ctx.certificate,
        "proof": compose(ctx.proof),
        "events": _events(ctx),
    }


def _annexes(ctx: AttestationContext) -> str:
    """« 2, de 15 pages en tout, dans le document et sous son sceau »."""
    if not ctx.annexes:
        return ""
    pages = counted(sum(annex.page_count for annex in ctx.annexes), "page")
    return f"{len(ctx.annexes)}, de {pages} en tout, dans le document et sous son sceau"


def _signature(row: AttestedSignatureContext, *, by_link: bool) -> dict[str, Any]:
    """`by_link`: the text was opened by the link of a mail, and may have been seen to its end."""
    end = f"affichée le {row.end_shown}" if row.end_shown else NOT_SEEN
    return {
        "name": compose(row.name),
        "facts": facts(
            (
                ("Qualité", f"{row.title}, pour « {row.party} »" if row.title else f"pour « {row.party} »"),
                ("Signé le", row.signed_at),
                ("Lien du courriel", f"ouvert le {row.link_opened}" if row.link_opened else ""),
                ("Fin du texte", end if by_link else ""),
                ("Méthode", row.method),
                ("Identité", row.identity_check),
                ("Nom saisi", row.typed_name),
                ("Dessin", _drawing(row)),
                ("Accord donné", f"« {row.consent} »"),
            )
        ),
    }


def _drawing(row: AttestedSignatureContext) -> list[str]:
    """Where the drawing is, with its hash; nothing is said of one that is not enclosed."""
    if not row.drawing_sha256:
        return ["une signature a été dessinée"] if row.has_drawing else []
    return [f"joint à ce PDF et au dossier, {row.drawing_file} ; empreinte SHA-256 :", row.drawing_sha256]


def _files(ctx: AttestationContext) -> Table:
    columns = (Column(label="État du document", css="w-third"), Column(label="Empreinte SHA-256, taille"))
    rows = tuple(
        (cell(row.label), (row.sha256, compose(f"{show_number(row.size)} octets"))) for row in ctx.files
    )
    return Table(caption="Chaque état contient le précédent, octet pour octet", columns=columns, rows=rows)


def _events(ctx: AttestationContext) -> Table:
    columns = (Column(label="Quand (Nouméa)", css="w-third"), Column(label="Ce qui s’est passé"))
    rows = tuple((cell(row.at), cell(row.text)) for row in ctx.events)
    return Table(caption="Le fil des signatures", columns=columns, rows=rows)
