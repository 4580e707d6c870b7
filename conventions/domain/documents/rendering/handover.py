"""What a procès-verbal de remise prints, from its context."""

from __future__ import annotations

from typing import Any

from conventions.domain.documents.context import HandoverContext, HandoverItemContext, PartyContext
from conventions.domain.documents.merge_fields import BLANK_DATE, show_partial
from conventions.domain.documents.rendering.text import (
    Column,
    Table,
    cell,
    compose,
    decision_wording,
    facts,
    full_name,
    name_and_title,
    short_date,
)
from conventions.domain.documents.rendering.verify import running_code, verify_block
from conventions.enums import Transfer
from conventions.formats import capitalise, contract, counted, date_phrase, long_date


def page(ctx: HandoverContext) -> dict[str, Any]:
    """The template context of a handover."""
    reference = f"N° {ctx.reference}" if ctx.reference else ""
    kicker = "Procès-verbal de remise"
    running = " · ".join(
        part for part in (kicker, ctx.reference or "", running_code(ctx.code), ctx.title) if part
    )
    return {
        "doc": {
            "title": compose(ctx.title),
            "kicker": kicker,
            "reference": compose(reference),
            "draft": ctx.is_draft,
            "running": compose(f"Brouillon · {running}" if ctx.is_draft else running),
            "description": compose(f"{kicker} : {ctx.title}"),
            "verify": verify_block(ctx.code, ctx.address),
        },
        "facts": _facts(ctx),
        "statement": compose(_statement(ctx)),
        "terms": [compose(line) for line in _terms(ctx)],
        "table": _table(ctx.items),
        "remarks": compose(ctx.remarks),
        "closing": compose(_closing(ctx)),
        "signatures": [box for party in (ctx.giver, ctx.receiver) for box in _boxes(party, ctx)],
    }


def _facts(ctx: HandoverContext) -> list[tuple[str, list[str]]]:
    number = f"n° {ctx.agreement_reference}, " if ctx.agreement_reference else ""
    return facts(
        (
            ("Remis par", _identity(ctx.giver)),
            ("Reçu par", _identity(ctx.receiver)),
            ("Convention", f"{number}« {ctx.agreement_title} »"),
            ("Décision", decision_wording(ctx.board_decision)),
            ("Date de remise", short_date(ctx.handed_on)),
            ("Lieu", ctx.place),
        )
    )


def _identity(party: PartyContext) -> list[str]:
    people = [name_and_title(person) for person in party.signatories]
    return [party.name, *party.identifiers, *people]


def _statement(ctx: HandoverContext) -> str:
    verb = "donne" if ctx.transfer == Transfer.GIVEN else "prête"
    giver = capitalise(ctx.giver.short_name)
    receiver = contract("à", ctx.receiver.short_name)
    return (
        f"{giver} {verb} et remet {receiver}, qui le reconnaît, le matériel désigné ci-dessous, "
        f"soit {counted(len(ctx.items), 'appareil')}."
    )


def _terms(ctx: HandoverContext) -> list[str]:
    """The rules of a gift or of a loan; erasure is stated only where every item has its proof."""
    if ctx.transfer == Transfer.GIVEN:
        rules = [
            "Le matériel est remis gratuitement, en l’état et sans garantie.",
            "La propriété passe au bénéficiaire à la date de la remise.",
            "Il ne peut être revendu et sert l’objet du bénéficiaire.",
        ]
    else:
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


def _erasure(item: HandoverItemContext) -> tuple[str, ...]:
    if not item.bears_data:
        return cell("sans support de données")
    if not item.erased_on:
        return cell("effacement non renseigné")
    by = f"par {item.erased_by}" if item.erased_by else ""
    on = f"le {short_date(item.erased_on)}"
    certificate = f"certificat {item.certificate}" if item.certificate else ""
    return cell(item.erasure_method, " ".join(part for part in (on, by) if part), certificate)


def _table(items: tuple[HandoverItemContext, ...]) -> Table:
    columns = (
        Column(label="N°", css="w-rank"),
        Column(label="Nature, marque et modèle"),
        Column(label="N° de série, inventaire", css="w-serial"),
        Column(label="État", css="w-short"),
        Column(label="Effacement des données", css="w-third"),
    )
    rows = tuple(
        (
            cell(str(item.number)),
            cell(item.nature, " ".join(part for part in (item.brand, item.model) if part)),
            cell(item.serial, item.tag),
            cell(item.condition),
            _erasure(item),
        )
        for item in items
    )
    foot = f"Total : {counted(len(items), 'appareil')}"
    return Table(caption="Matériel remis", columns=columns, rows=rows, foot=compose(foot))


def _closing(ctx: HandoverContext) -> str:
    place = contract("à", ctx.place or "……………………")
    on = long_date(ctx.handed_on) if ctx.handed_on else BLANK_DATE
    return f"Fait {place}, le {on}, en deux exemplaires originaux."


def _boxes(party: PartyContext, ctx: HandoverContext) -> list[dict[str, str]]:
    mark = "Remis par" if party is ctx.giver else "Reçu par"
    people = [
        {"name": full_name(p), "title": capitalise(p.title), "capacity": p.capacity}
        for p in party.signatories
    ] or [{"name": "", "title": "", "capacity": ""}]
    return [
        {"party": compose(f"{mark} {party.short_name}")}
        | {key: compose(text) for key, text in person.items()}
        for person in people
    ]
