"""What an agreement prints, from its context: parties, articles, tables, signature boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from django.utils.html import format_html, format_html_join

from conventions.domain.documents.context import (
    AgreementContext,
    ChangeContext,
    EquipmentContext,
    FundingContext,
    ObligationContext,
    PartyContext,
)
from conventions.domain.documents.merge_fields import (
    FIELD,
    granted,
    obligations_of,
    show_partial,
    signed_phrase,
)
from conventions.domain.documents.rendering.text import (
    NOT_STATED,
    Column,
    Table,
    cell,
    compose,
    full_name,
    paragraphs,
)
from conventions.enums import ActKind, SigningPath, Transfer
from conventions.formats import (
    Agreement,
    Piece,
    as_phrase,
    as_sentence,
    bare_label,
    capitalise,
    counted,
    date_phrase,
    due_phrase,
    duty_phrase,
    join_list,
    join_phrases,
    party_labels,
    pickup_phrase,
    show_amount,
    show_code,
    show_number,
    show_xpf,
    tally,
    word_differences,
)
from conventions.reference.clauses import CLOSING

LONG_TEXT = 120  # characters from which a change is shown word by word


def page(ctx: AgreementContext) -> dict[str, Any]:
    """The template context of an agreement, an amendment or a termination."""
    articles, closing = _articles(ctx)
    return {
        "doc": _heading(ctx),
        "parties": _parties(ctx),
        "visas": [compose(capitalise(text)) for text in ctx.visas],
        "recitals": [compose(text) for text in ctx.recitals],
        "articles": articles,
        "closing": closing,
        "signatures": _signatures(ctx),
        "attendees": _attendees(ctx),
        "equipment": equipment_table(ctx.equipment) if ctx.equipment else None,
        "agreed": compose("Il a été convenu ce qui suit :"),
        "online": ctx.path == SigningPath.ONLINE,
    }


def _heading(ctx: AgreementContext) -> dict[str, Any]:
    kicker = ctx.kind_label
    if ctx.act_kind == ActKind.AMENDMENT:
        kicker = f"Avenant n° {ctx.act_number}" if ctx.act_number else "Avenant"
    elif ctx.act_kind == ActKind.TERMINATION:
        kicker = "Résiliation"
    reference = f"N° {ctx.reference}" if ctx.reference else "Numéro attribué lorsque le texte est figé"
    return {
        "title": compose(ctx.title),
        "kicker": compose(kicker),
        "reference": compose(reference),
        "amends": compose(_amends(ctx)),
        "draft": ctx.is_draft,
        "running": _running(ctx, kicker),
        "description": compose(ctx.object or ctx.title),
    }


def _amends(ctx: AgreementContext) -> str:
    if ctx.amends is None:
        return ""
    number = f" n° {ctx.amends.reference}" if ctx.amends.reference else ""
    signed = signed_phrase(ctx.amends)
    return f"à la convention{number} « {ctx.amends.title} »{f', {signed}' if signed else ''}"


def _running(ctx: AgreementContext, kicker: str) -> str:
    """The footer: « Brouillon », reference, verification code, then the title, which alone may wrap."""
    mark = "Brouillon" if ctx.is_draft else ""
    code = f"vérification {show_code(ctx.code)}" if ctx.code else ""
    return compose(" · ".join(part for part in (mark, kicker, ctx.reference, code, ctx.title) if part))


def _parties(ctx: AgreementContext) -> list[dict[str, Any]]:
    several = len(ctx.parties) > 1
    labels = party_labels(len(ctx.parties)) if several else [""]
    last = len(ctx.parties) - 1
    return [
        _party(party, label + ("." if index == last else ",") if label else "")
        for index, (party, label) in enumerate(zip(ctx.parties, labels, strict=True))
    ]


def _party(party: PartyContext, label: str) -> dict[str, Any]:
    agreement = Agreement("f" if party.gender == "f" else "m", many=party.plural)
    people = sorted(party.signatories, key=lambda person: person.order)
    represented = join_list(
        [", ".join(part for part in (full_name(p), p.title, p.capacity) if part) for p in people]
    )
    return {
        "name": compose(party.name),
        "presentation": compose(party.presentation),
        "lines": [
            compose(line) for line in (" · ".join(party.identifiers), ", ".join(party.address)) if line
        ],
        "represented": compose(f"{agreement.represented} par {represented}") if represented else "",
        "named": compose(f"ci-après {agreement.named} « {party.short_name} »"),
        "label": label,
    }


def _articles(ctx: AgreementContext) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Numbered articles, and the closing formula which bears no number."""
    numbers, articles, closing = count(1), [], []
    for clause in ctx.clauses:
        blocks = _blocks(clause.body, ctx)
        if clause.code == CLOSING:
            closing = blocks
        else:
            heading = compose(clause.heading)
            articles.append({"number": next(numbers), "heading": heading, "blocks": blocks})
    return articles, closing


def headings(ctx: AgreementContext) -> list[tuple[int, str]]:
    """(number, heading) of the articles as they are printed; the closing formula bears none."""
    titles = [clause.heading for clause in ctx.clauses if clause.code != CLOSING]
    return [(number, compose(title)) for number, title in enumerate(titles, start=1)]


def _blocks(body: str, ctx: AgreementContext) -> list[dict[str, Any]]:
    blocks = []
    for block in paragraphs(body):
        name = FIELD.fullmatch(block.get("text", ""))
        blocks.append(_BLOCKS[name[1]](ctx) if name and name[1] in _BLOCKS else block)
    return blocks


def _table(table: Table) -> dict[str, Any]:
    return {"kind": "table", "table": table}


def _list(items: list[str] | tuple[str, ...]) -> dict[str, Any]:
    said = [bare_label(item) for item in items]
    ended = [f"{item} ;" for item in said[:-1]] + [as_sentence(item) for item in said[-1:]]
    return {"kind": "list", "items": [compose(item) for item in ended]}


def _fundings(ctx: AgreementContext) -> dict[str, Any]:
    """One row per line, the total saying what it could not count."""
    lines = granted(ctx)
    columns = (
        Column(label="Exercice", css="w-year"),
        Column(label="Destination"),
        Column(label="Montant", css="w-money number"),
    )
    rows = tuple(
        (
            cell(str(line.budget_year or "")),
            cell(bare_label(line.label)),
            cell(show_amount(line.amount, line.status)),
        )
        for line in lines
    )
    return _table(
        Table(
            caption="Répartition du soutien financier",
            columns=columns,
            rows=rows,
            foot=compose(_total(lines)),
        )
    )


def _total(lines: Sequence[FundingContext]) -> str:
    """« Total : 300 000 F CFP, sans compter … »; nothing where one line says it all, or none can be counted."""
    found = tally((line.amount, line.status) for line in lines)
    if found.total is None and found.ceiling is None:
        return ""
    return f"{'Total' if found.total is not None else 'Total maximal'} : {found.words}"


def _instalments(ctx: AgreementContext) -> dict[str, Any]:
    columns = (
        Column(label="Rang", css="w-rank"),
        Column(label="Échéance", css="w-date"),
        Column(label="Condition"),
        Column(label="Montant", css="w-money number"),
    )
    rows = tuple(
        (
            cell(str(line.order)),
            cell(show_partial(line.due)),
            cell(line.condition),
            cell(*_share(line.amount, line.percentage)),
        )
        for line in sorted(ctx.instalments, key=lambda line: line.order)
    )
    return _table(Table(caption="Échéancier des versements", columns=columns, rows=rows))


def _share(amount: int | None, percentage: int | None) -> tuple[str, ...]:
    figure = show_xpf(amount) if amount is not None else ""
    share = f"{percentage} %" if percentage is not None else ""
    return (figure, share) if figure or share else (NOT_STATED,)


def _in_kind(ctx: AgreementContext) -> dict[str, Any]:
    items = []
    for line in ctx.in_kind:
        # A quantity printed in front would repeat a label that already says « 1 local ».
        quantity = f"{show_number(line.quantity)} {line.unit}".strip() if line.quantity and line.unit else ""
        details = [
            quantity,
            f"valeur estimée {show_xpf(line.value)}" if line.value is not None else "",
            f"à restituer {date_phrase('le', show_partial(line.return_on))}" if line.return_on else "",
        ]
        stated = join_phrases(*details)
        items.append(f"{line.kind_label} : {as_phrase(line.label)}" + (f" ({stated})" if stated else ""))
    return _list(items)


def _obligations(ctx: AgreementContext, *, visibility: bool) -> dict[str, Any]:
    return _list([duty_phrase(line.label, _due(line)) for line in obligations_of(ctx, visibility=visibility)])


def _due(line: ObligationContext) -> str:
    if line.due is None:
        return due_phrase(None, line.due_wording)
    return due_phrase(line.due.value, line.due_wording or line.due.wording, line.due.precision)


def _annexes(ctx: AgreementContext) -> dict[str, Any]:
    return _list([*ctx.annexes, *(["Équipements"] if ctx.equipment else [])])


def _changes(ctx: AgreementContext) -> dict[str, Any]:
    columns = (Column(label="Stipulation", css="w-third"), Column(label="Avant"), Column(label="Après"))
    rows = tuple((cell(line.label), *_before_after(line)) for line in ctx.changes)
    return _table(Table(caption="Modifications apportées", columns=columns, rows=rows))


def _before_after(line: ChangeContext) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both cells; in long texts, the words that leave are struck out and those that come are underlined."""
    if min(len(line.before), len(line.after)) <= LONG_TEXT:
        return cell(line.before), cell(line.after)
    pieces = word_differences(line.before, line.after)
    before = [_marked("del", piece) for piece in pieces if not piece.is_added]
    after = [_marked("ins", piece) for piece in pieces if not piece.is_removed]
    return (format_html_join("", "{}", ((piece,) for piece in before)),), (
        format_html_join("", "{}", ((piece,) for piece in after)),
    )


def _marked(tag: str, piece: Piece) -> str:
    text = compose(piece.text)
    if not (piece.is_added or piece.is_removed):
        return text
    return format_html("<ins>{}</ins>" if tag == "ins" else "<del>{}</del>", text)


_BLOCKS: dict[str, Callable[[AgreementContext], dict[str, Any]]] = {
    "tableau_financements": _fundings,
    "tableau_echeancier": _instalments,
    "liste_soutiens_nature": _in_kind,
    "liste_engagements": lambda ctx: _obligations(ctx, visibility=False),
    "liste_contreparties": lambda ctx: _obligations(ctx, visibility=True),
    "liste_annexes": _annexes,
    "tableau_modifications": _changes,
}


def equipment_table(lines: tuple[EquipmentContext, ...]) -> Table:
    """The equipment annex: a place shared by every line is said once, totals say what they left out."""
    shared = len({(line.place, line.pickup_deadline) for line in lines}) == 1
    columns = [
        Column(label="N°", css="w-rank"),
        Column(label="Nature, marque et modèle"),
        Column(label="N° de série, inventaire", css="w-serial"),
        Column(label="Achat", css="w-short"),
        *([] if shared else [Column(label="Lieu, retrait", css="w-place")]),
        Column(label="Qté", css="w-qty number"),
        Column(label="Valeur estimée", css="w-value number"),
    ]
    rows = tuple(
        (
            cell(str(line.number)),
            cell(_nature(line), " ".join(part for part in (line.brand, line.model) if part)),
            cell(line.serial, line.tag),
            cell(show_partial(line.purchased)),
            *([] if shared else [cell(bare_label(line.place), pickup_phrase("", line.pickup_deadline))]),
            cell(show_number(line.quantity) if line.quantity is not None else NOT_STATED),
            cell(show_xpf(line.value) if line.value is not None else NOT_STATED),
        )
        for line in lines
    )
    place = pickup_phrase(lines[0].place, lines[0].pickup_deadline) if shared else ""
    caption = f"Retrait : {place}" if place else "Liste des équipements"
    return Table(caption=compose(caption), columns=tuple(columns), rows=rows, foot=_equipment_total(lines))


def _nature(line: EquipmentContext) -> str:
    return f"{line.nature} (prêt)" if line.transfer == Transfer.LENT else line.nature


def _equipment_total(lines: tuple[EquipmentContext, ...]) -> str:
    quantities = [line.quantity for line in lines if line.quantity is not None]
    values = [line.value for line in lines if line.value is not None]
    parts = [counted(sum(quantities), "appareil")] if quantities else []
    if values:
        parts.append(f"valeur estimée {show_xpf(sum(values))}")
    for kept, label in ((quantities, "sans quantité connue"), (values, "sans valeur connue")):
        if left_out := len(lines) - len(kept):
            parts.append(f"{counted(left_out, 'ligne')} {label}, non comptée{'s' if left_out > 1 else ''}")
    return compose(f"Total : {' ; '.join(parts)}")


def _signatures(ctx: AgreementContext) -> list[dict[str, str]]:
    """One box per signatory in signing order within each party; an empty one when nobody is named."""
    boxes = []
    for party in ctx.parties:
        people = sorted(party.signatories, key=lambda person: person.order)
        intro = f"Pour {party.short_name}"
        for person in people:
            name, title = full_name(person), capitalise(person.title)
            boxes.append({"party": intro, "name": name, "title": title, "capacity": person.capacity})
        if not people:
            boxes.append({"party": intro, "name": "", "title": "", "capacity": ""})
    return [{key: compose(value) for key, value in box.items()} for box in boxes]


def field_labels(page: dict[str, Any]) -> list[str]:
    """What each signature field is for, in the order of the boxes."""
    labels = []
    for box in page["signatures"]:
        who = ", ".join(part for part in (box["name"], box["title"]) if part)
        labels.append(f"Signature de {who} – {box['party']}" if who else f"Signature – {box['party']}")
    return labels


def _attendees(ctx: AgreementContext) -> str:
    present = [", ".join(part for part in (full_name(p), p.title) if part) for p in ctx.attendees]
    return compose(f"En présence de {' ; '.join(present)}.") if present else ""
