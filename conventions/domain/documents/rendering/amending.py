"""What an amendment changes, sentence by sentence, as lawyers write it: « L’article 3 est remplacé par : … »."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.html import escape
from django.utils.safestring import mark_safe

from conventions.domain.documents.context import AgreementContext, ChangeContext
from conventions.domain.documents.rendering.text import compose, paragraphs
from conventions.formats import (
    NBSP,
    ActWords,
    capitalise,
    contract,
    elide,
    lists,
    typeset,
    word_differences,
)

Block = dict[str, Any]
# How the sentence of a change calls the line, by the table it stands in.
_LINES = {
    "funding": ActWords("ligne de financement", "f"),
    "instalmentterm": ActWords("versement", "m"),
    "inkind": ActWords("soutien en nature", "m"),
    "equipmentterm": ActWords("ligne", "f"),
    "obligation": ActWords("engagement", "m"),
    "budgetline": ActWords("ligne", "f"),
    "indicator": ActWords("ligne", "f"),
}
_OF_PARTY = {
    "dénomination": ActWords("dénomination", "f"),
    "adresse": ActWords("adresse", "f"),
    "identification": ActWords("identification", "f"),
}


def changes(ctx: AgreementContext) -> list[Block]:
    """A numbered paragraph for each change; after that of an article comes its text, what is new in it underlined."""
    blocks: list[Block] = []
    for rank, change in enumerate(ctx.changes, start=1):
        said = _SENTENCES.get(change.term, _line)(change)
        blocks.append(
            {"kind": "text", "text": _html(f"{rank}° {capitalise(said)}"), "intro": said.endswith(":")}
        )
        if change.term == ARTICLE and change.after:
            blocks += _article_text(change)
    return blocks


def removed(term: str) -> str:
    """« supprimé », « supprimée »: as the sentence of a change says it of a line of this table."""
    return _LINES[term].agree("supprimé") if term in _LINES else "supprimé"


def _line(change: ChangeContext) -> str:
    noun = _LINES[change.term]
    place = f"{contract('à', _set(change.place))}, " if change.place else ""
    before, after = _marked(change)
    if not change.before:
        return f"{place}il est ajouté {noun.one} : {_quoted(after)}."
    if not change.after:
        return f"{place}{noun.the} {_quoted(before)} est {removed(change.term)}."
    return f"{place}{noun.the} {_quoted(before)} est {noun.agree('remplacé')} par : {_quoted(after)}."


def _duration(change: ChangeContext) -> str:
    place = f"{contract('à', _set(change.place))}, " if change.place else ""
    before, after = _marked(change)
    if not change.before:
        return f"{place}la durée de la convention est fixée : {_quoted(after)}."
    note = f" {_set(change.note)}" if change.note else ""
    return f"{place}la durée de la convention, {_quoted(before)}, est remplacée par : {_quoted(after)}.{note}"


def _article(change: ChangeContext) -> str:
    """The sentence that announces the text of an article, or says that it is no more."""
    named = f"{change.number} {_cited(change.label)}".strip()
    if not change.after:
        return f"l’article {named} est supprimé."
    if change.before:
        renamed = f", désormais intitulé {_cited(change.heading)}," if change.heading != change.label else ""
        return f"l’article {named}{renamed} est remplacé par les stipulations suivantes :"
    after = f", après l’article {change.follows}," if change.follows else ""
    verb = "inséré" if change.follows else "ajouté"
    return f"il est {verb} à la convention{after} un article {named} ainsi rédigé :"


def _article_text(change: ChangeContext) -> list[Block]:
    """The new text between guillemets, in paragraphs and lists."""
    blocks = paragraphs(_marked(change)[1])
    for block in blocks:
        _set_quoted(block, opens=block is blocks[0], closes=block is blocks[-1])
        block["quoted"] = True
    return blocks


def _set_quoted(block: Block, *, opens: bool = False, closes: bool = False) -> None:
    """Make HTML of the texts of a block, the lists inside its items too; guillemets where the whole begins and ends."""
    texts = block["items"] if block["kind"] == "list" else [block["text"]]
    inner = [one[-1] for one in block.get("nested") or block.get("ordered") or ()]
    for place, found in enumerate(inner):
        for one in found:
            _set_quoted(one, closes=closes and place == len(texts) - 1 and one is found[-1])
    if opens:
        texts[0] = f"«{NBSP}{texts[0]}"
    if closes and not (inner and inner[-1]):
        texts[-1] += f"{NBSP}»"
    texts = [_html(text) for text in texts]
    if block["kind"] == "text":
        block["text"] = texts[0]
        return
    marks = [one[0] for one in block["ordered"]]
    nested = list(zip(texts, inner, strict=True)) if block["nested"] else []
    block |= {"items": texts, "ordered": list(zip(marks, texts, inner, strict=False)), "nested": nested}


def _total(change: ChangeContext) -> str:
    label, before, after = (_set(text) for text in (change.label, change.before, change.after))
    if change.before and change.higher is not None:
        return f"{label} est {'porté' if change.higher else 'ramené'} de {before} à {after}."
    if not change.after:
        return f"{label}, de {before} jusqu’ici, n’est plus fixé."
    return f"{label} {'demeure fixé' if change.before == change.after else 'est fixé'} à {after}."


def _party(change: ChangeContext) -> str:
    noun = _OF_PARTY[change.heading]
    whose = f"{noun.the} {contract('de', _set(change.label))}"
    before, after = _cited(change.before), _cited(change.after)
    if not change.before:
        return f"{whose} est désormais : {after}."
    return f"{whose}, {before}, est {noun.agree('remplacé')} par : {after}."


def _joining(change: ChangeContext) -> str:
    """A party that signs this act for the first time."""
    name, quality = _set(change.label), _set(change.after)
    return (
        f"{name}, que le texte désigne par {_cited(change.heading)}, devient partie à la convention, en qualité "
        f"{elide('de', quality)}. Cette partie accepte toutes les stipulations de la convention, dans leur rédaction "
        "issue du présent avenant."
    )


def _unplaced(change: ChangeContext) -> str:
    """Of a content frozen before its table was told."""
    return f"{_set(change.label)} : {_cited(change.before)} devient {_cited(change.after)}."


ARTICLE = "clause"
_SENTENCES: dict[str, Callable[[ChangeContext], str]] = {
    "": _unplaced,
    ARTICLE: _article,
    "duree": _duration,
    "total": _total,
    "partie": _party,
    "adhesion": _joining,
}


# Marks


def _html(text: str) -> str:
    return mark_safe(compose(text))


def _set(text: str) -> str:
    """A typed text as HTML: its straight quotes are made French before they become entities."""
    return escape(typeset(text))


def _cited(text: str) -> str:
    """A typed text between guillemets, its own made “ ”."""
    return _quoted(escape(typeset(text, is_quoted=True)))


def _quoted(html: str) -> str:
    return f"«{NBSP}{html}{NBSP}»"


def _marked(change: ChangeContext) -> tuple[str, str]:
    """Before and after, to be set between guillemets: the words that leave struck out, those that come underlined."""
    texts = [typeset(text, is_quoted=True) for text in (change.before, change.after)]
    pieces = word_differences(*texts)
    if not any(piece.text.strip() for piece in pieces if not (piece.is_added or piece.is_removed)):
        return escape(texts[0]), escape(texts[1])
    before = (_tagged("del", piece.text, piece.is_removed) for piece in pieces if not piece.is_added)
    after = (_tagged("ins", piece.text, piece.is_added) for piece in pieces if not piece.is_removed)
    return "".join(before), "".join(after)


def _tagged(tag: str, text: str, changed: bool) -> str:
    """A piece of text, escaped; one that changes is marked line by line, the blanks around it left out."""
    if not changed:
        return escape(text)
    return "\n".join(_tagged_line(tag, line) for line in text.split("\n"))


def _tagged_line(tag: str, line: str) -> str:
    bare = line.strip()
    if not bare:
        return line
    head, tail = line[: line.index(bare)], line[line.index(bare) + len(bare) :]
    item = lists.leading_mark(bare)
    return f"{head}{item}<{tag}>{escape(bare.removeprefix(item))}</{tag}>{tail}"
