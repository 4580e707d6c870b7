"""Promises and their dates inside a sentence: labels, due dates and due words, however people typed them.

The one grammar of « remettre le bilan, dans les six mois qui suivent, et au plus tard le 30 juin 2028 ». The words stay
those that were typed; only what joins them is ours.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from .base import NBSP, NNBSP, FormatError
from .dates import MONTHS, WEEKDAYS, long_date, parse_date_fr, show_date
from .grammar import capitalise, contract, elide, with_article
from .search import search_key

_BLANKS = re.compile(r"[ \t\r\n]+")
_SPACES: Final = f" {NBSP}{NNBSP}"

# Words that are nobody's name: they alone lose the capital that began a sentence.
_COMMON: Final = frozenset({
    "a", "au", "aux", "le", "la", "les", "un", "une", "des", "du", "de", "en", "dans", "sur", "sous", "par",
    "pour", "avec", "sans", "avant", "apres", "depuis", "pendant", "durant", "jusque", "lors", "si", "ne",
    "pas", "se", "y", "et", "ou", "ce", "cet", "cette", "ces", "son", "sa", "ses", "leur", "leurs", "notre",
    "nos", "votre", "vos", "tout", "toute", "tous", "toutes", "chaque", "fin", "debut", "courant", "deux",
    "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "douze", "quinze", "vingt", "trente",
    "quarante", "soixante", "cent", "premier", "premiere", "deuxieme", "troisieme", "dernier", "derniere",
    "compte", "bilan", "rapport", "remise", "copie", "liste", "mise", "retour", "respect", "budget",
    "programme", "facture", "factures", "justificatif", "justificatifs", "solde", "acompte", "echeance",
    *(search_key(name) for name in (*MONTHS, *WEEKDAYS)),
})  # fmt: skip
_COMMON_ENDING = re.compile(r"(?:er|ir|re|tion|sion|ment|ments)$")
_FIRST_WORD = re.compile(r"(?P<elided>[DLNSQdlnsq][’'])?(?P<word>[^\W\d_]+(?:-\w+)*)(?:\s+(?P<next>\w))?")
# « Etablir », « Ecrire »: without its capital, the accent that nobody types on one would be missed.
_UNACCENTED = re.compile(r"E(?:[bcdgjlpqrtv]|m[^bmp])")
_SEVERAL_SENTENCES = re.compile(r"(?:\w{3,}|[»)])[.!?…]\s+[«(]?\s*[A-ZÀ-ÖØ-ÞŒ]")

_MONTH_NAMES: Final = {search_key(name): rank for rank, name in enumerate(MONTHS, 1)}
_WRITTEN = re.compile(
    rf"(?:(?P<weekday>(?:{'|'.join(WEEKDAYS)}),? )?(?P<day>\d{{1,2}})(?: ?er)? )?"
    rf"(?P<month>{'|'.join(dict.fromkeys([*MONTHS, *_MONTH_NAMES]))})(?: (?P<year>\d{{4}}))?"
)
_BY: Final = "au plus tard"
# What joins each word to a day, then to a month or a year.
_ARTICLES: Final = {
    _BY: (" le ", " en "),
    "avant": (" le ", " "),
    "pour": (" le ", " "),
    "d’ici": (" au ", " "),
    "jusqu’": ("au ", "en "),
}
_LINK = re.compile(r"(?P<link>au plus tard|avant|pour|d’ici|jusqu’)? ?(?:(?:le|au|en|à) )?")
# A date inside other words, with what announces a last day.
_MONTH = "|".join(dict.fromkeys([*MONTHS, *_MONTH_NAMES]))
_DATE_INSIDE = re.compile(
    rf"(?P<link>\b(?:au plus tard|avant|pour|d’ici|jusqu’)[ ]?(?:(?:le|au|en|à) )?)?"
    rf"(?P<date>\b(?:(?:{'|'.join(WEEKDAYS)}),? )?(?:\d{{1,2}} ?[/.\-] ?\d{{1,2}} ?[/.\-] ?\d{{4}}"
    rf"|(?P<day>\d{{1,2}})(?: ?er)? (?P<month>{_MONTH})\b(?: (?P<year>\d{{4}}))?))(?![\w/])"
)
_DELAY = re.compile(
    r"\b(?:dans|sous) (?:les |un délai de |le délai de )?[\w-]+ (?:jours?|semaines?|mois|ans?|années?)\b",
    re.IGNORECASE,
)
_DAYS_IN_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_COARSENESS: Final = {"jour": 0, "mois": 1, "annee": 2}

_FEMININE_TEXTS: Final = frozenset(  # and the bodies that decide
    {
        "loi", "délibération", "ordonnance", "décision", "convention", "constitution", "charte", "directive",
        "procuration", "délégation", "résolution", "lettre", "note", "circulaire", "commission", "assemblée",
        "direction", "présidence", "réunion", "instruction", "notice", "demande",
    }
)  # fmt: skip


def bare_label(text: str) -> str:
    """A typed label on one line, without the stop that ends it: « Remettre le bilan. » → « Remettre le bilan »."""
    kept = _BLANKS.sub(" ", text).replace("...", "…").strip(_SPACES).rstrip(f"{_SPACES}.;,:")
    return f"{kept}." if kept.endswith((" etc", ",etc")) else kept


def as_phrase(text: str) -> str:
    """The same inside a sentence: « Remettre le bilan. » → « remettre le bilan ».

    The capital of an acronym, or of what may be a name, stays: « RIB », « Nouméa », « Alix DUPONT ».
    """
    return in_sentence(bare_label(text))


def in_sentence(text: str) -> str:
    """A text that may be a sentence of its own, after a colon: only its capital goes, as for as_phrase."""
    found = _FIRST_WORD.match(text)
    if found is None or not _is_common(found):
        return text
    return f"à{text[1:]}" if text.startswith("A ") else text[0].lower() + text[1:]


def _is_common(first: re.Match[str]) -> bool:
    word, key = first["word"], search_key(first["word"])
    if first["elided"] or key in _COMMON:
        return True
    if word[1:] != word[1:].lower() or _UNACCENTED.match(word) or (first["next"] or "").isupper():
        return False
    return bool(_COMMON_ENDING.search(key))


def as_sentence(text: str) -> str:
    """With its full stop, once; an empty text stays empty."""
    kept = text.strip(_SPACES).rstrip(f"{_SPACES};,:")
    return f"{kept}." if kept and kept[-1] not in ".!?…" else kept


def join_phrases(*parts: str) -> str:
    """Labels and facts one after the other: « borne, 12 bornes, sans plafond »; empty ones are left out."""
    return ", ".join(kept for part in parts if (kept := bare_label(part)))


@dataclass(frozen=True, slots=True)
class _Said:
    """A date alone, as words say it: day, month and year as far as they say them, and the word before it."""

    link: str
    shown: str
    precision: str
    parts: tuple[int | None, int | None, int | None]

    def is_date(self, on: date, precision: str) -> bool:
        """Do they say this date? A month says a day only as the last one that is allowed."""
        if _COARSENESS[self.precision] > _COARSENESS[precision] and self.link != _BY:
            return False
        known = (on.day, on.month, on.year)
        pairs = list(zip(self.parts, known, strict=True))[_COARSENESS[precision] :]
        return all(said is None or said == told for said, told in pairs)


def _said(words: str) -> _Said | None:
    """What words say when they say a date and nothing else: « avant le 30 juin », « juin 2027 », « 30/06/2027 »."""
    typed = bare_label(words).lower().replace("'", "’")
    found = _LINK.match(typed)
    start, link = (found.end(), found["link"]) if found else (0, None)
    text = typed[start:].removesuffix(f" {_BY}").rstrip(" ,")
    read = _read_date(text)
    return None if read is None else _Said(link or _BY, *read)


def _read_date(text: str) -> tuple[str, str, tuple[int | None, int | None, int | None]] | None:
    """(as shown, precision, parts) of a date that stands alone; its year may be missing."""
    found = _WRITTEN.fullmatch(text)
    if found:
        day, month = found["day"], _MONTH_NAMES[search_key(found["month"])]
        number = "1er" if day == "1" else day
        names = (found["weekday"], number, MONTHS[month - 1], found["year"])
        shown = " ".join(name.strip() for name in names if name)
        year = int(found["year"]) if found["year"] else None
        return shown, "jour" if day else "mois", (int(day) if day else None, month, year)
    try:
        known = parse_date_fr(text)
    except FormatError:
        return None
    when, kept = known.date, _COARSENESS[known.precision]
    parts = (when.day if kept < 1 else None, when.month if kept < 2 else None, when.year)
    return show_date(when, known.precision), known.precision, parts


def impossible_date(words: str) -> str:
    """The first date inside these words that no calendar has, as it was typed: « 31 février 2027 »; else empty."""
    for found in _DATE_INSIDE.finditer(_plain(words)):
        if found["day"] and not found["year"]:
            exists = 1 <= int(found["day"]) <= _DAYS_IN_MONTH[_MONTH_NAMES[search_key(found["month"])] - 1]
        else:
            exists = _exists(found["date"])
        if not exists:
            return found["date"]
    return ""


def _exists(text: str) -> bool:
    try:
        parse_date_fr(text)
    except FormatError:
        return False
    return True


def other_deadline(on: date | None, words: str) -> str:
    """The last day that these words give when it is not the day beside them: « 31 mars 2027 »; else empty.

    Without a year it is compared by day and month. « Dans les six mois qui suivent le 31 décembre 2027 » gives none.
    """
    for found in _DATE_INSIDE.finditer(_plain(words)) if on else ():
        if not found["link"] or on is None:
            continue
        read = _read_date(found["date"])
        if read and any(
            said is not None and said != told for said, told in zip(read[2], _parts(on), strict=True)
        ):
            return read[0]
    return ""


def delay_in(words: str) -> str:
    """The delay that a text sets, as it says it: « dans les six mois »; else empty."""
    found = _DELAY.search(_BLANKS.sub(" ", words))
    return found[0] if found else ""


def _parts(on: date) -> tuple[int, int, int]:
    return on.day, on.month, on.year


def _plain(words: str) -> str:
    return _BLANKS.sub(" ", words.replace(NBSP, " ").replace(NNBSP, " ")).lower().replace("'", "’")


def date_phrase(link: str, shown: str) -> str:
    """A shown date after « le », « du », « au », « jusqu’au » or « à compter du »: « le 14 mars 2023 ».

    A month or a year takes what French gives it: « en mars 2023 », « d’avril 2023 », « jusqu’en 2023 ». Words that say
    something else stand alone: « courant 2021 ».
    """
    read = _read_date(shown)
    if read is None:
        return as_phrase(shown)
    if read[1] == "jour":
        return f"{link} {shown}"
    *before, article = link.split(" ")
    joined = {"le": "en", "au": "à", "jusqu’au": "jusqu’en"}.get(article)
    return " ".join([*before, f"{joined} {shown}" if joined else elide("de", shown)])


def after_word(word: str, text: str, *, sort: Literal["texte", "date", "phrase"] = "texte") -> str:
    """A typed text after the word that a sentence puts before it: « au Mont-Dore », « d’ADAVI », « en mars 2026 ».

    After a colon, what is typed as a sentence of its own (« phrase ») loses its capital.
    """
    key = word.lower()
    if key == ":":
        return f": {in_sentence(text) if sort == 'phrase' else text}"
    linked = date_phrase(key, text) if sort == "date" else f"{key} {text}"
    placed = contract(key, text) if key in ("à", "de") else linked
    return capitalise(placed) if word[0].isupper() else placed


_OF: Final = ("de ", "du ", "des ", "d’", "d'")


def condition_phrase(label: str, words: str) -> str:
    """A condition from its kind and the words typed beside it: « à la signature, sur présentation du RIB ».

    Words that say of what follow it without a comma: « sur décision du comité ». Those that say the kind themselves
    stand alone; so does either one when the other is empty.
    """
    said = as_phrase(words)
    if not label or not said or search_key(label) in search_key(said):
        return said or label
    link = " " if said.startswith(_OF) else ", "
    return f"{label}{link}{said}"


def due_phrase(on: date | None, words: str = "", precision: str = "jour") -> str:
    """By when, ready to follow a comma: the date, the typed words, or both; empty when neither is known.

    « au plus tard le 30 juin 2028 », « avant le 30 juin 2027 », « dans les six mois », « dans les six mois, et au plus
    tard le 30 juin 2028 ». A date that the words say too is said once. Raises ValueError for an unknown precision.
    """
    said = _said(words)
    told = _linked(said.link, said.shown, said.precision) if said else as_phrase(words)
    if on is None:
        return told
    shown = show_date(on, precision)
    if said and said.is_date(on, precision):
        return _linked(said.link, shown, precision)
    latest = _linked(_BY, shown, precision)
    if not told or f" {search_key(shown)} " in f" {search_key(told)} ":
        return told or latest
    return f"{told} et{latest.removeprefix(_BY)}" if told.startswith(_BY) else f"{told}, et {latest}"


def _linked(link: str, shown: str, precision: str) -> str:
    return f"{link}{_ARTICLES[link][precision != 'jour']}{shown}"


def duty_phrase(label: str, due: str = "") -> str:
    """What is promised and by when (of due_phrase): « remettre le bilan, au plus tard le 30 juin 2028 ».

    After several sentences, the date is that of them all: « tenir un stand. Former dix agents, le tout avant … ».
    """
    said = as_phrase(label)
    if not due or not said or search_key(due) in search_key(said):
        return said or due
    return f"{said}, {'le tout ' if _SEVERAL_SENTENCES.search(said) else ''}{due}"


def legal_text(text: str) -> str:
    """A typed legal text, or a body, with the article that it wants: « le code des impôts », « l’article Lp. 37-2 »."""
    kept = bare_label(text)
    said = kept[:1].lower() + kept[1:] if kept[1:2].islower() else kept  # it begins with a common noun
    noun = said.partition(" ")[0]
    if noun in ("le", "la", "les") or noun.lower().startswith(("l’", "l'")):
        return said
    return with_article(
        said, "f" if noun in _FEMININE_TEXTS else "m", many=noun.endswith("s") and noun != "avis"
    )


def loan_phrases(starts: str, returns: str, custody: str, insurance: str, state: str) -> tuple[str, ...]:
    """What a loan says, fact by fact; empty ones stay empty. `starts`, `returns`: shown dates."""
    return (
        date_phrase("à partir du", starts) if starts else "",
        f"à restituer {date_phrase('le', returns)}" if returns else "",
        f"garde et entretien : {as_phrase(custody)}" if custody else "",
        f"assurance : {as_phrase(insurance)}" if insurance else "",
        f"état au départ : {as_phrase(state)}" if state else "",
    )


def proof_phrase(proof: str) -> str:
    """What shows that something was done: « fait foi : la liste des présents »; may be empty."""
    return f"fait foi : {as_phrase(proof)}" if proof else ""


def pickup_phrase(place: str, by: date | None) -> str:
    """Where equipment is fetched and before when: « dépôt de Nouville, avant le 30 juin 2027 »; may be empty."""
    return join_phrases(place, f"avant le {long_date(by)}" if by else "")
