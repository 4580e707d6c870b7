"""French grammar for legal acts and screens: plurals, elision, gender agreement, lists."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from .base import NBSP
from .money import show_number
from .search import search_key

Gender = Literal["m", "f"]

_ELIDED: Final = {
    "de": "d’", "le": "l’", "la": "l’", "que": "qu’", "ne": "n’", "se": "s’", "je": "j’", "me": "m’",
    "te": "t’", "ce": "c’", "jusque": "jusqu’", "lorsque": "lorsqu’", "puisque": "puisqu’",
}  # fmt: skip
# No elision before these: aspirated h, semi-vowels, numbers. Without the « s » or « x » of a plural.
_NO_ELISION: Final = frozenset({
    "hache", "hachette", "haie", "haillon", "haine", "hall", "halle", "halo", "halte", "hamac", "hameau", "hamster",
    "hanche", "hand", "handball", "handballeur", "handballeuse", "handicap", "handicape", "handicapee", "hangar",
    "hanneton", "hardi", "hardie", "harcelement", "hareng", "haricot", "harki", "harnai", "harpe", "harpon", "hasard",
    "hausse", "haut", "haute", "hauteur", "haut-parleur", "havre", "hawai", "herisson", "hernie", "hero", "heron",
    "herse", "hetre", "heurt", "hibou", "hic", "hideux", "hierarchie", "hierarchique", "hienghene", "hip", "hippie",
    "hit", "hobby", "hockey", "hollandai", "hollandaise", "hollande", "homard", "hongrie", "hongroi", "hongroise",
    "honte", "hoquet", "hor", "hotte", "houaillou", "houailou", "houle", "housse", "houx", "hublot", "hui", "huit",
    "huitaine", "huitieme", "hurlement", "hutte", "onze", "onzieme", "oui", "ouistiti", "ululement", "yaourt",
})  # fmt: skip
_ORDINALS: Final = (
    "première", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième",
    "neuvième", "dixième", "onzième", "douzième",
)  # fmt: skip


def plural(count: int, singular: str, many: str | None = None) -> str:
    """The right form of a word for a number: French is singular for 0 and 1.

    `many` defaults to the singular with an « s ».
    """
    return singular if abs(count) < 2 else (many if many is not None else f"{singular}s")


def counted(count: int, singular: str, many: str | None = None) -> str:
    """A number with its word: « 0 convention », « 1 convention », « 2 conventions » (U+00A0 between)."""
    return f"{show_number(count)}{NBSP}{plural(count, singular, many)}"


def elides(word: str) -> bool:
    """Whether « de » becomes « d’ » before the word: « association », « OPT-NC », but not « handball »."""
    first = search_key(word).partition(" ")[0]
    if not first or first.removesuffix("s").removesuffix("x") in _NO_ELISION or first in _NO_ELISION:
        return False
    if first[0] == "y":
        return len(first) > 1 and first[1] not in "aeiou"
    if first[0] == "h":  # « Hnathalo », « HLM »: no vowel is heard first
        return len(first) > 1 and first[1] in "aeiouy"
    return first[0] in "aeiou"


def elide(particle: str, word: str) -> str:
    """A particle before a word: « d’association », « de Nouméa », « l’OPT-NC », « la commune ».

    A particle that never elides is put before the word as it is. For « de l’ » and « du », see of_the().
    """
    if elides(word) and particle in _ELIDED:
        return f"{_ELIDED[particle]}{word}"
    return f"{particle} {word}"


def with_article(noun: str, gender: Gender, many: bool = False) -> str:
    """« l’association », « le gouvernement », « la commune », « les associations »."""
    if many:
        return f"les {noun}"
    return elide("le" if gender == "m" else "la", noun)


def of_the(noun: str, gender: Gender, many: bool = False) -> str:
    """« de l’association », « du gouvernement », « de la commune », « des associations »."""
    return _contracted("de", "du", "des", noun, gender, many)


def to_the(noun: str, gender: Gender, many: bool = False) -> str:
    """« à l’association », « au gouvernement », « à la commune », « aux associations »."""
    return _contracted("à", "au", "aux", noun, gender, many)


def _contracted(particle: str, masculine: str, several: str, noun: str, gender: Gender, many: bool) -> str:
    if many:
        return f"{several} {noun}"
    if gender == "m" and not elides(noun):
        return f"{masculine} {noun}"
    return f"{particle} {with_article(noun, gender)}"


_CONTRACTIONS: Final = {"de": (("les ", "des "), ("le ", "du ")), "à": (("les ", "aux "), ("le ", "au "))}


def contract(preposition: str, name: str) -> str:
    """« de » or « à » before a name that may hold its article: « du Comité », « à l’Association », « d’ADAVI »."""
    for article, contracted in _CONTRACTIONS[preposition]:
        if name.lower().startswith(article):
            return contracted + name[len(article) :]
    has_article = name.lower().startswith(("la ", "l’", "l'"))
    return f"{preposition} {name}" if has_article else elide(preposition, name)


def named_with_article(name: str, designation: str) -> str:
    """A full name with the article of what an act calls it: « l’Association des amis », « la Province Sud ».

    « ADAVI », called « l’Association », takes none: only a name that begins with that very noun does.
    """
    found = re.match(r"(?i)(l[’']|le |la |les )(.+)", designation)
    if found is None or search_key(name).split()[:1] != search_key(found[2]).split()[:1]:
        return name
    return f"{found[1]}{name}"


def capitalise(text: str) -> str:
    """First letter in capital, the rest untouched (`str.capitalize` would lower DE DECCKER)."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How words agree with a person or a party. An unknown gender (None) gives « dénommé(e) »."""

    gender: Gender | None
    many: bool = False

    @classmethod
    def of_civility(cls, civility: str) -> "Agreement":
        """The agreement of a person from the code of a civility: « m », « mme », or empty when not given."""
        genders: dict[str, Gender] = {"m": "m", "mme": "f"}
        return cls(genders.get(civility))

    def agree(self, masculine: str) -> str:
        """A participle or adjective in -é, -i, -u…: « représenté » → « représentée », « représentées »."""
        ending = {"m": "", "f": "e", None: "(e)"}[self.gender]
        return f"{masculine}{ending}{'s' if self.many else ''}"

    def choose(self, masculine: str, feminine: str) -> str:
        """One of two forms: « directeur » / « directrice », or both with « / » for an unknown gender."""
        return {"m": masculine, "f": feminine, None: f"{masculine}/{feminine}"}[self.gender]

    @property
    def represented(self) -> str:
        """« représenté » / « représentée »."""
        return self.agree("représenté")

    @property
    def named(self) -> str:
        """« dénommé » / « dénommée », as in « ci-après dénommée »."""
        return self.agree("dénommé")

    @property
    def civility(self) -> str:
        """« M. » / « Mme »; empty when unknown, for a civility is never guessed."""
        return {"m": "M.", "f": "Mme", None: ""}[self.gender]


def party_labels(count: int) -> list[str]:
    """How an act closes the description of each party.

    Two parties: « d’une part », « d’autre part ». From three: « de première part », « de deuxième part »…
    Raises ValueError below two parties or above twelve.
    """
    if not 2 <= count <= len(_ORDINALS):
        raise ValueError(f"An act has 2 to {len(_ORDINALS)} parties, not {count}")
    if count == 2:
        return ["d’une part", "d’autre part"]
    return [f"de {ordinal} part" for ordinal in _ORDINALS[:count]]


def join_list(items: Iterable[str], last: str = "et") -> str:
    """« A », « A et B », « A, B et C »; empty for no item."""
    *firsts, final = list(items) or [""]
    return f"{', '.join(firsts)} {last} {final}" if firsts else final


def join_first(items: Sequence[str], most: int) -> str:
    """« A, B et C »; beyond `most`, « A, B et 8 autres »."""
    others = len(items) - most
    return join_list([*items[:most], counted(others, "autre")] if others > 0 else items)


@dataclass(frozen=True, slots=True)
class ActWords:
    """How sentences name an act: « la convention », « de l’avenant », « cette résiliation », « signée »."""

    noun: str
    gender: Gender

    @property
    def the(self) -> str:
        return with_article(self.noun, self.gender)

    @property
    def of(self) -> str:
        return of_the(self.noun, self.gender)

    @property
    def to(self) -> str:
        return to_the(self.noun, self.gender)

    @property
    def one(self) -> str:
        return f"{'une' if self.gender == 'f' else 'un'} {self.noun}"

    @property
    def this(self) -> str:
        masculine = "cet" if elides(self.noun) else "ce"
        return f"{'cette' if self.gender == 'f' else masculine} {self.noun}"

    def agree(self, masculine: str) -> str:
        """A regular participle or adjective in the act’s gender: « signé » gives « signée »."""
        return f"{masculine}e" if self.gender == "f" and not masculine.endswith("e") else masculine


_ACTS: Final[dict[str, ActWords]] = {
    "initial": ActWords("convention", "f"),
    "avenant": ActWords("avenant", "m"),
    "resiliation": ActWords("résiliation", "f"),
}


HANDOVER_WORDS: Final = ActWords("procès-verbal de remise", "m")


def act_words(kind: str) -> ActWords:
    """The words of an act of this kind (a value of enums.ActKind). Raises KeyError for anything else."""
    return _ACTS[kind]
