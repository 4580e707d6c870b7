"""What a procès-verbal de remise prints, from its context."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

from conventions.domain.documents.context import HandoverContext, HandoverItemContext, PartyContext
from conventions.domain.documents.merge_fields import BLANK_DATE, show_partial
from conventions.domain.documents.rendering.letterhead import boxes_by_party, heading, identity, running_title
from conventions.domain.documents.rendering.text import (
    Column,
    Table,
    cell,
    compose,
    decision_wording,
    facts,
    short_date,
)
from conventions.domain.documents.rendering.verify import running_code, verify_block
from conventions.enums import Transfer
from conventions.formats import as_sentence, capitalise, contract, counted, date_phrase, elide, long_date


def page(ctx: HandoverContext) -> dict[str, Any]:
    """The template context of a handover."""
    number = f"n° {ctx.reference}" if ctx.reference else ""
    kicker = "Procès-verbal de remise"
    running = " · ".join(
        part
        for part in (kicker, ctx.reference or "", running_code(ctx.code), running_title(ctx.title))
        if part
    )
    return {
        "doc": {
            **heading(ctx.title, kicker, number, (ctx.giver, ctx.receiver)),
            "draft": ctx.is_draft,
            **identity(code=ctx.code, reference=ctx.reference, on=ctx.handed_on),
            "running": compose(f"Brouillon · {running}" if ctx.is_draft else running),
            "description": compose(f"{kicker} : {ctx.title}"),
            "verify": verify_block(ctx.code, ctx.address),
        },
        "facts": _facts(ctx),
        "statement": compose(_statement(ctx)),
        "terms": [compose(line) for line in _terms(ctx)],
        "table": _table(ctx.items),
        "erasures": [compose(line) for line in _erasure_words(ctx.items)],
        "remarks": compose(ctx.remarks),
        "closing": compose(_closing(ctx)),
        "signatures": _signatures(ctx),
    }


def _signatures(ctx: HandoverContext) -> dict[str, Any]:
    """The boxes of both sides; only that of who receives may be signed on screen, and is numbered then."""
    found = boxes_by_party(
        (f"{mark} {party.short_name}", party.signatories)
        for mark, party in (("Remis par", ctx.giver), ("Reçu par", ctx.receiver))
    )
    if ctx.signed_on_screen:
        ours, theirs = found["groups"]
        for box in ours["boxes"]:
            box["rank"] = 0
        for rank, box in enumerate(theirs["boxes"], start=1):
            box["rank"] = rank
    return found


def _facts(ctx: HandoverContext) -> list[tuple[str, list[str]]]:
    number = f"n° {ctx.agreement_reference}, " if ctx.agreement_reference else ""
    when = short_date(ctx.handed_on)
    where = contract("à", ctx.place) if ctx.place else ""
    return facts(
        (
            ("Remis par", _identity(ctx.giver)),
            ("Reçu par", _identity(ctx.receiver)),
            ("Convention", f"{number}« {ctx.agreement_title} »"),
            ("Décision", decision_wording(ctx.board_decision)),
            ("État", _shared_condition(ctx.items)),
            ("Remise", capitalise(", ".join(part for part in (f"le {when}" if when else "", where) if part))),
        )
    )


def _identity(party: PartyContext) -> str:
    """The party alone: who signs for it stands in the boxes."""
    return ", ".join((party.name, *party.identifiers))


def _statement(ctx: HandoverContext) -> str:
    verb = {Transfer.GIVEN: "donne et remet", Transfer.LENT: "prête et remet"}.get(
        Transfer(ctx.transfer), "remet"
    )
    giver = capitalise(ctx.giver.short_name)
    receiver = contract("à", ctx.receiver.short_name)
    return (
        f"{giver} {verb} {receiver}, qui le reconnaît, le matériel désigné ci-dessous, "
        f"soit {counted(len(ctx.items), 'appareil')}."
    )


def _terms(ctx: HandoverContext) -> list[str]:
    """The rules of a gift or of a loan, none of what no paper says; erasure only where every item has its proof."""
    rules: list[str] = []
    if ctx.transfer == Transfer.GIVEN:
        rules = [
            "Le matériel est remis gratuitement, en l’état et sans garantie.",
            "La propriété passe au bénéficiaire à la date de la remise.",
            "Il ne peut être revendu et sert l’objet du bénéficiaire.",
        ]
    elif ctx.transfer == Transfer.LENT:
        day = show_partial(ctx.return_on)
        back = date_phrase("le", day) if day else "au terme de la convention"
        rules = [
            f"Le matériel demeure la propriété de celui qui le prête. Il est restitué {back}.",
            "L’emprunteur en assure la garde et l’entretien courant.",
        ]
    bearing = [item for item in ctx.items if item.bears_data]
    if bearing and all(item.erased_on for item in bearing):
        rules.append(
            "Les données des supports de stockage ont été effacées avant la remise, comme indiqué ci-dessus."
        )
    return rules


def _erasures(items: tuple[HandoverItemContext, ...]) -> list[tuple[str, str, str]]:
    """The erasures that were done, each once: method, day, by whom."""
    done = [_erasure(item) for item in items if item.bears_data and item.erased_on]
    return list(dict.fromkeys(done))


def _erasure(item: HandoverItemContext) -> tuple[str, str, str]:
    return item.erasure_method, short_date(item.erased_on), item.erased_by


def _erasure_words(items: tuple[HandoverItemContext, ...]) -> list[str]:
    """« Données effacées le 4 mai 2026 par … : effacement logiciel avec écrasement. », with its letter when several."""
    found = _erasures(items)
    told = []
    for rank, (method, on, by) in enumerate(found):
        letter = f"({ascii_lowercase[rank % 26]}) " if len(found) > 1 else ""
        who = f" par {by}" if by else ""
        told.append(
            as_sentence(f"{letter}Données effacées le {on}{who}" + (f" : {method}" if method else ""))
        )
    return told


def _erasure_cell(item: HandoverItemContext, found: list[tuple[str, str, str]]) -> tuple[str, ...]:
    if not item.bears_data:
        return cell("sans données")
    if not item.erased_on:
        return cell("effacement non renseigné")
    letter = f"({ascii_lowercase[found.index(_erasure(item)) % 26]})" if len(found) > 1 else ""
    certificate = f"certificat {item.certificate}" if item.certificate else "effacées"
    return cell(" ".join(part for part in (letter, certificate) if part))


def _shared_condition(items: tuple[HandoverItemContext, ...]) -> str:
    """The condition of all, said once; empty when they differ."""
    found = {item.condition for item in items}
    return found.pop() if len(found) == 1 and len(items) > 1 else ""


def _table(items: tuple[HandoverItemContext, ...]) -> Table:
    """One line a device; columns that would say the same, or nothing, on each are left out."""
    found, shared, tagged = _erasures(items), _shared_condition(items), any(item.tag for item in items)
    columns = (
        Column(label="N°", css="w-rank"),
        Column(label="Nature, marque et modèle"),
        Column(label="N° de série", css="w-serial"),
        *([Column(label="Inventaire", css="w-tag")] if tagged else []),
        *([] if shared else [Column(label="État", css="w-tag")]),
        Column(label="Données", css="w-code"),
    )
    rows = tuple(
        (
            cell(str(item.number)),
            cell(", ".join(part for part in (item.nature, f"{item.brand} {item.model}".strip()) if part)),
            cell(item.serial),
            *([cell(item.tag)] if tagged else []),
            *([] if shared else [cell(item.condition)]),
            _erasure_cell(item, found),
        )
        for item in items
    )
    return Table(caption="Matériel remis", columns=columns, rows=rows)


def _closing(ctx: HandoverContext) -> str:
    place = contract("à", ctx.place or "……………………")
    on = long_date(ctx.handed_on) if ctx.handed_on else BLANK_DATE
    if ctx.signed_on_screen:
        by = f" Établi pour l’OPT-NC avec le compte {elide('de', ctx.made_by)}." if ctx.made_by else ""
        return f"Fait {place}, le {on}.{by}"
    return f"Fait {place}, le {on}, en deux exemplaires originaux."
