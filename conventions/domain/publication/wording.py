"""How published facts are worded: parties with their article, people with their title, support in one phrase."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from conventions.domain.documents.context import (
    AttendeeContext,
    PartialDate,
    PublicFundingContext,
    PublicPartyContext,
    PublicSheetContext,
    PublicSupportContext,
    SignatoryContext,
)
from conventions.enums import (
    FundingFigure,
    GrammaticalGender,
    PartnerNature,
    PartyRole,
)
from conventions.formats import (
    capitalise,
    contract,
    counted,
    counted_thing,
    date_phrase,
    elide,
    elides,
    join_list,
    search_key,
    show_amount,
    tally,
    told_date,
    with_article,
    words_for_count,
)

UNKNOWN_QUANTITY = "quantité non communiquée"
_NOUNS = {
    PartnerNature.ASSOCIATION: "l’association",
    PartnerNature.FOUNDATION: "la fondation",
    PartnerNature.COMPANY: "l’entreprise",
}
# After one of these a noun's complement begins: « ordinateurs de bureautique », « clés à molette ».
_COMPLEMENT = re.compile(r"(de|du|des|à|au|aux|en|sans|avec|pour|sur|d[’'].*|l[’'].*)", re.IGNORECASE)
_ADDING_X = ("eau", "eu")
# « présidente de l’association » names no party yet: the name comes in the place of these words.
_GENERIC_PARTY = re.compile(
    r" (de l[’']association|de la fondation|de l[’']entreprise|de la société|de l[’']établissement|de l[’']office)$",
    re.IGNORECASE,
)


def plural_phrase(phrase: str) -> str:
    """The plural of a short noun phrase: « ordinateur de bureautique réformé » → « ordinateurs … réformés ».

    The word after « de », « à », « en »… stays as it is; so do what already ends in s, x or z, figures and acronyms.
    """
    words: list[str] = []
    inside_complement = after_complement = False
    for word in phrase.split(" "):
        if word == "et":
            # « écran et unité centrale »: both are counted; « atelier de lecture et écriture »: one is.
            inside_complement = after_complement
            words.append(word)
            continue
        if _COMPLEMENT.fullmatch(word):
            # « d’accueil » holds its noun, « de » waits for it.
            inside_complement = not re.match(r"[dl][’']", word, re.IGNORECASE)
            after_complement = True
            words.append(word)
            continue
        words.append(word if inside_complement else _plural_word(word))
        inside_complement, after_complement = False, inside_complement
    return " ".join(words)


def _plural_word(word: str) -> str:
    if not word.isalpha() or word.isupper() or word[-1] in "sxz":
        return word
    if word.endswith("al") and len(word) > 3:
        return f"{word[:-2]}aux"
    return f"{word}x" if word.endswith(_ADDING_X) else f"{word}s"


def quantity_phrase(quantity: int | None, nature: str) -> str:
    """« 10 ordinateurs de bureautique réformés »; says so when the quantity is not known."""
    if quantity is None:
        return f"{nature} ({UNKNOWN_QUANTITY})"
    thing = counted_thing(nature)
    return counted(quantity, thing, plural_phrase(thing))


def party_phrase(party: PublicPartyContext) -> str:
    """A party inside a sentence: « l’association Les Kimonos du Cœur », « l’OPT-NC », « le Gouvernement … »."""
    if party.role == PartyRole.OPT:
        return f"l’{party.acronym}" if elides(party.acronym) else party.acronym or party.name
    if search_key(party.name).startswith("plusieurs "):
        return party.name[:1].lower() + party.name[1:]
    noun = _NOUNS.get(PartnerNature(party.nature)) if party.nature else None
    if noun is None:
        return with_article(party.name, "f" if party.gender == GrammaticalGender.FEMININE else "m")
    if search_key(party.name).startswith(search_key(noun.partition("’")[2] or noun.split()[-1])):
        return with_article(party.name, "f")
    return f"{noun} {party.name}"


def short_phrase(party: PublicPartyContext) -> str:
    """A party in a title that names several: an association by its name alone, the others with their article."""
    return party.name if party.nature in _NOUNS else party_phrase(party)


def of_party(party: PublicPartyContext) -> str:
    """« de l’association … », « du Gouvernement … », « de l’OPT-NC »."""
    return contract("de", party_phrase(party))


def others(ctx: PublicSheetContext) -> list[PublicPartyContext]:
    """Every party but OPT-NC."""
    return [party for party in ctx.parties if party.role != PartyRole.OPT]


def supported(ctx: PublicSheetContext) -> list[PublicPartyContext]:
    """Who receives the support: the beneficiaries, or every other party where none is named so."""
    found = [party for party in ctx.parties if party.role == PartyRole.BENEFICIARY]
    return found or others(ctx)


def person_name(person: SignatoryContext | AttendeeContext) -> str:
    return f"{person.first_name} {person.last_name}".strip()


def full_title(person: SignatoryContext, party: PublicPartyContext) -> str:
    """The printed title, with the party unless the title already says it."""
    if not person.title:
        return f"pour {party_phrase(party)}"
    key = f" {search_key(person.title)} "
    names = [search_key(name) for name in (party.name, party.acronym) if name]
    if any(f" {name} " in key for name in names if name):
        return person.title
    return f"{_GENERIC_PARTY.sub('', person.title)} {of_party(party)}"


def named_with_title(person: SignatoryContext, party: PublicPartyContext) -> str:
    """« Yoann LECOURIEUX, président de l’OPT-NC »; one whose name nobody gives is known by the title."""
    name, title = person_name(person), full_title(person, party)
    return f"{name}, {title}" if name else title


def signatories(ctx: PublicSheetContext) -> list[tuple[SignatoryContext, PublicPartyContext]]:
    """Signatories in the order in which they sign, each with the party he or she signs for."""
    pairs = [(person, party) for party in ctx.parties for person in party.signatories]
    return sorted(pairs, key=lambda pair: pair[0].order)


def signatories_phrase(ctx: PublicSheetContext) -> str:
    """« X, titre, Y, titre, et Z, titre »: a comma before « et » since each name has its own title."""
    named = [named_with_title(person, party) for person, party in signatories(ctx)]
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])}, et {named[-1]}"


def attendees_phrase(people: Iterable[AttendeeContext]) -> str:
    """« X, titre ; Y, titre »."""
    return " ; ".join(", ".join(part for part in (person_name(p), p.title) if part) for p in people)


def signature_date(when: PartialDate | None, wording: str = "") -> str:
    """« mardi 14 mars 2023 »; only as precise as what is known, with the source's words where they disagree."""
    if when is None:
        return wording
    return told_date(when.value, when.precision, when.wording or wording, weekday=True)


def signature_moment(ctx: PublicSheetContext) -> str:
    """« le mardi 14 mars 2023 », « en mars 2023 », « en 2023 »; empty when the sources give no date."""
    if ctx.signed_on is None:
        return ""
    return date_phrase("le", signature_date(ctx.signed_on))


def agreement_phrase(ctx: PublicSheetContext) -> str:
    """« une convention de partenariat », « un contrat de parrainage »."""
    label = ctx.kind_label[:1].lower() + ctx.kind_label[1:]
    return f"{'une' if label.startswith(('convention', 'charte', 'lettre')) else 'un'} {label}"


def opening_sentence(ctx: PublicSheetContext, *, signed: bool = True) -> str:
    """Who, when, what, in one sentence.

    Without a date of signature the sources may tell of a decision or a programme: then nothing is said to be signed.
    """
    parties = join_list(party_phrase(party) for party in ctx.parties)
    if not signed:
        return f"{capitalise(parties)} signent {agreement_phrase(ctx)}."
    if ctx.signed_on is None:
        return f"L’OPT-NC soutient {join_list(party_phrase(party) for party in supported(ctx))}."
    place = contract("à", ctx.place) if ctx.place else ""
    moment = ", ".join(part for part in (signature_moment(ctx), place) if part)
    return f"{capitalise(moment)}, {parties} ont signé {agreement_phrase(ctx)}."


def granted(ctx: PublicSheetContext) -> list[PublicFundingContext]:
    """The lines of OPT-NC's own money."""
    return [line for line in ctx.fundings if line.figure == FundingFigure.GRANTED]


def money_phrase(lines: Sequence[PublicFundingContext]) -> str:
    """« un soutien financier de 2 000 000 F CFP », « un soutien financier (montant non communiqué) »; may be empty."""
    if not lines:
        return ""
    found = tally(line.stated for line in lines)
    if found.total is not None and not found.left_out:
        return f"un soutien financier de {found.text}{_years(lines)}"
    if len(lines) == 1 and lines[0].amount is not None:
        return f"un soutien financier {'' if lines[0].capped else 'de '}{show_amount(*lines[0].stated)}"
    if all(line.amount is None for line in lines):
        return f"un soutien financier ({found.words})"
    parts = [
        f"{show_amount(*line.stated)}{f' en {line.budget_year}' if line.budget_year else ''}"
        for line in lines
    ]
    return f"un soutien financier ({' ; '.join(parts)})"


def _years(lines: Sequence[PublicFundingContext]) -> str:
    years = sorted({line.budget_year for line in lines if line.budget_year})
    if len(years) < 2:
        return ""
    return f" sur {words_for_count(len(years))} exercices ({years[0]}-{years[-1]})"


def in_kind_phrase(supports: Sequence[PublicSupportContext]) -> str:
    """« le don de 10 ordinateurs de bureautique réformés et un soutien en nature : local prêté »."""
    equipment = [line.label for line in supports if line.equipment]
    services = [line.label for line in supports if not line.equipment]
    parts = [f"le don {join_list(elide('de', label) for label in equipment)}"] if equipment else []
    return join_list([*parts, *([f"un soutien en nature : {' ; '.join(services)}"] if services else [])])


def support_phrase(ctx: PublicSheetContext) -> str:
    """All of OPT-NC's support in one phrase: « un soutien financier (…) ainsi que le don de 10 ordinateurs … »."""
    money, in_kind = money_phrase(granted(ctx)), in_kind_phrase(ctx.supports)
    return f"{money} ainsi {elide('que', in_kind)}" if money and in_kind else money or in_kind


def support_tags(ctx: PublicSheetContext) -> list[str]:
    """A few words for a card: amount, equipment, services."""
    lines = granted(ctx)
    tags = [tally(line.stated for line in lines).words] if lines else []
    return [*tags, *[line.label for line in ctx.supports[:2]]]
