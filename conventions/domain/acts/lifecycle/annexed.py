"""What an act says of its annexes against those it has: named in the checklist, and refused before freezing.

A text that promises « l’annexe 2 » and has one file, that cites « l’annexe « Plan » » which nobody chose, a RIB, more
than a phone can open.
"""

import re
from collections.abc import Iterator

from conventions.domain.acts.content import assembling
from conventions.domain.acts.content.loading import LINE_MODELS, amendments_before, initial_of, rows_of
from conventions.domain.acts.lifecycle.table import Missing
from conventions.domain.documents import annexes
from conventions.enums import PageSection
from conventions.formats import bare_label, search_key, show_size, whole_number
from conventions.models import Act, Clause, EquipmentTerm
from conventions.models.budget import BudgetLine, Indicator

FILES = PageSection.FILES.value
# Of another text: « l’annexe 2 du décret ».
_ELSEWHERE = r"(?!\s*(?:du code|de la loi|du décret|de l’arrêté|de la délibération|du règlement|du contrat))"
_NUMBERS = re.compile(
    rf"\bannexes?\s+(?:n[°o]s?\s*)?((?:\d+|[IVX]+)(?:\s*(?:,|et|à|-)\s*(?:\d+|[IVX]+))*)\b{_ELSEWHERE}",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+|[IVX]+", re.IGNORECASE)
_TITLE = re.compile(rf"\bannexe\s+«\s*([^»]+?)\s*»{_ELSEWHERE}", re.IGNORECASE)
_ANY = re.compile(r"\b(?:en annexe|(?:ci[- ])?annexée?s?\b|ci[- ]jointe?s?\b)" + _ELSEWHERE, re.IGNORECASE)
_ROMAN = {"i": 1, "v": 5, "x": 10}
_TYPESET = (
    ("Équipements", EquipmentTerm),
    ("Budget du projet", BudgetLine),
    ("Indicateurs", Indicator),
)


def annexes_to_mend(row: Act) -> list[Missing]:
    """What of a `loaded` act must be chosen, removed or reworded before it is frozen."""
    return [*_of_files(row), *_of_promises(row)]


def _of_files(row: Act) -> Iterator[Missing]:
    chosen = list(row.annexes.all())
    bank = annexes.bank_papers([annex.attachment for annex in chosen])
    for annex in chosen:
        if annex.attachment_id in bank:
            yield Missing(
                code=f"rib-{annex.pk}", label=f"Retirer l’annexe « {annex} ». {annexes.BANK}", anchor=FILES
            )
    total = annexes.total_size(chosen)
    if total > annexes.MAX_BYTES:
        label = (
            f"Alléger les annexes : elles font {show_size(total)}, plus que {show_size(annexes.MAX_BYTES)}. Chaque "
            "signataire doit pouvoir les ouvrir sur un téléphone."
        )
        yield Missing(code="annexes-lourdes", label=label, anchor=FILES)


def _of_promises(row: Act) -> Iterator[Missing]:
    """What the text names and the act has not; a later act may also name those of the acts before it."""
    texts = list(_texts(row))
    if not any("annex" in text.casefold() or "joint" in text.casefold() for _where, text in texts):
        return
    titles, count = _had(row)
    spare = {search_key(heading) for heading in assembling.left_over(row)}  # printed after the articles
    told: set[str] = set()
    for where, text in texts:
        for promised in _promised(text, titles, spare, count):
            if promised not in told:
                told.add(promised)
                label = (
                    f"{where} renvoie à {promised}, que l’acte n’a pas : choisir ce fichier parmi les pièces, dans "
                    "« Annexes de l’acte », ou corriger le texte."
                )
                yield Missing(code=f"annexe-{search_key(promised)}", label=label, anchor=FILES)


def vague_promises(row: Act) -> list[str]:
    """Where the text speaks of something annexed or enclosed, while the act has no annex at all.

    Told as a doubt: « les pièces annexées au compte rendu » promises nothing of this act.
    """
    places = [where for where, text in _texts(row) if _ANY.search(text)]
    return places if places and not _had(row)[0] else []


def _promised(text: str, titles: set[str], spare: set[str], count: int) -> Iterator[str]:
    for found in _NUMBERS.finditer(text):
        for word in _NUMBER.findall(found[1]):
            number = whole_number(word) if word.isdecimal() else _roman(word)
            if number is None or number > count:
                yield f"l’annexe {number or word[:20]}"
    for found in _TITLE.finditer(text):
        if search_key(found[1]) not in titles | spare:
            yield f"l’annexe « {found[1]} »"


def _roman(word: str) -> int:
    values = [_ROMAN[letter] for letter in word.casefold()]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _had(row: Act) -> tuple[set[str], int]:
    """The titles of the annexes that the act may name, as search keys, and how many are numbered."""
    acts = [row]
    if row.rank:
        acts += [assembling.once(row, initial_of), *assembling.once(row, amendments_before)]
    titles, count = set(), 0
    for act in acts:
        files = list(act.annexes.all())
        count += len(files)
        titles |= {search_key(file.title) for file in files}
        titles |= {search_key(title) for title, model in _TYPESET if assembling.kept(rows_of(act, model))}
    return titles, count


def _texts(row: Act) -> Iterator[tuple[str, str]]:
    """(where, text) of all that somebody typed and the act prints."""
    if row.preamble:
        yield "Le préambule", row.preamble
    for clause in assembling.own_articles(row):
        yield f"L’article « {bare_label(clause.heading)} »", f"{clause.heading} {clause.body}"
    for model in (model for model in LINE_MODELS if model is not Clause):
        for line in assembling.kept(rows_of(row, model)):
            texts = (getattr(line, field.attname) for field in line._meta.fields if field.editable)
            yield f"« {bare_label(str(line))} »", " ".join(text for text in texts if isinstance(text, str))
