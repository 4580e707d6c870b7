"""What a convention is for, after « a pour objet »: an infinitive, a thing, or words that only a colon can announce."""

import re
from typing import Final

from .deadlines import as_sentence, in_sentence
from .grammar import elide
from .search import search_key

_WORDS = re.compile(r"(?P<elided>[A-Za-z]{1,2}[’'])?(?P<word>[^\W\d_]+)(?:[\s-]+(?P<next>[^\W\d_]+))?")
_SEVERAL = re.compile(r"[;\n]|(?:\w{3,}|[»)])[.!?…]\s+[«(]?\s*[A-ZÀ-ÖØ-ÞŒ]")
_DETERMINERS: Final = frozenset({
    "le", "la", "les", "un", "une", "des", "du", "ce", "cet", "cette", "ces", "son", "sa",
    "ses", "leur", "leurs", "notre", "nos", "chaque", "tout", "toute", "tous", "toutes", "deux", "trois",
    "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze",
    "seize", "vingt", "trente", "quarante", "cinquante", "soixante", "cent", "plusieurs", "quelques", "l",
    "d",
})  # fmt: skip
# Nouns that end as infinitives do.
_NOUNS: Final = frozenset({
    "mer", "hiver", "enfer", "fer", "dessert", "dejeuner", "diner", "souper", "gouter", "lever", "coucher",
    "danger", "etranger", "verger", "berger", "poster", "leader", "reporter", "container", "master",
    "charter", "manager", "designer", "cancer", "laser", "cluster", "hacker", "avenir", "loisir", "plaisir",
    "desir", "souvenir", "soupir", "elixir", "menhir", "cuir", "saphir", "martyr", "soir", "espoir",
    "couloir", "miroir", "terroir", "savoir", "pouvoir", "devoir", "trottoir", "comptoir", "manoir",
    "lavoir", "tiroir", "abattoir", "dortoir", "parloir", "reservoir", "affaire", "pourboire",
})  # fmt: skip
_VERBS_IN_IER: Final = frozenset({
    "allier", "apprecier", "approprier", "associer", "beneficier", "concilier", "confier", "copier",
    "dedier", "etudier", "expedier", "initier", "lier", "negocier", "oublier", "parier", "planifier",
    "publier", "rallier", "reconcilier", "relier", "remedier", "remercier", "trier", "varier",
})  # fmt: skip
_VERBS_IN_RE: Final = (
    "mettre", "battre", "faire", "dire", "elire", "lire", "crire", "vivre", "suivre", "rendre", "prendre",
    "etendre", "entendre", "attendre", "defendre", "pendre", "vendre", "descendre", "pondre", "fondre",
    "soudre", "duire", "struire", "extraire", "distraire", "boire", "croire", "clure", "croitre", "naitre",
    "paraitre", "joindre", "teindre", "treindre", "peindre", "plaindre", "vaincre", "rompre", "perdre",
)  # fmt: skip


def purpose_phrase(text: str) -> str:
    """A purpose ready to follow « a pour objet », its full stop included; empty for an empty text.

    « de soutenir un atelier. », « le soutien au projet. », « : atelier de musique. » when neither an infinitive nor an
    article begins it, or when it says several things.
    """
    said = as_sentence(text)
    if not said:
        return ""
    found = _WORDS.match(said)
    alone = said.endswith(".") and not _SEVERAL.search(said.rstrip(". "))
    if found and alone and _is_infinitive(found):
        return elide("de", said[:1].lower() + said[1:])
    if found and alone and _has_determiner(found):
        return said[:1].lower() + said[1:]
    return f": {in_sentence(said)}"


def _has_determiner(found: re.Match[str]) -> bool:
    first = found["elided"] or found["word"]
    key = search_key(first.rstrip("’'"))
    return key in _DETERMINERS or (key == "de" and bool(found["next"]))


def _is_infinitive(found: re.Match[str]) -> bool:
    word = found["word"]
    if word[1:] != word[1:].lower():
        return False
    if found["elided"]:
        return found["elided"][0].lower() == "s" and is_infinitive(word)
    if search_key(word) == "se" and found["next"]:
        return is_infinitive(found["next"])
    return is_infinitive(word)


def is_infinitive(word: str) -> bool:
    """Whether a word is surely a verb in the infinitive: « soutenir », « créer », not « atelier » nor « centre »."""
    key = search_key(word)
    if len(key) < 4 or key in _NOUNS:
        return False
    if key.endswith("ier"):
        return key in _VERBS_IN_IER or key.endswith("fier")
    if key.endswith("re"):
        return key.endswith(_VERBS_IN_RE)
    return key.endswith(("er", "ir"))
