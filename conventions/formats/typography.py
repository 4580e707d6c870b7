"""French typography for texts that people type: spaces before punctuation, apostrophes, guillemets.

Works on plain text and on HTML. Addresses, codes, entities, tags and their attributes are left alone.
"""

import re
from typing import Final

from .base import NBSP, NNBSP

# What is left alone is taken out, one stand-in character each, and put back at the end.
_WORD: Final = "\ue000"
_OPENING: Final = "\ue001"
_CLOSING: Final = "\ue002"
_STAND_IN = re.compile(f"[{_WORD}{_OPENING}{_CLOSING}]")

_CLOSING_TAG = re.compile(r"</[A-Za-z]")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_PROTECTED = re.compile(
    rf"""
      [{_WORD}{_OPENING}{_CLOSING}]
    | <(?P<raw>code|pre|script|style|kbd|samp)\b[^<>]*>.*?</(?P=raw)\s*>
    | <!--.*?-->
    | </?[A-Za-z!][^<>]*>
    | `[^`\n]*`
    | &(?:\#[0-9]+|\#x[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);
    | (?:(?<![a-z0-9+.\-])[a-z][a-z0-9+.\-]*://|www\.|mailto:|tel:)[^\s<>«»"]*[^\s<>«»".,;:!?…)\]'’]
    | (?<![\w.+%\-])[\w.+%\-]+@[\w\-]+(?:\.[\w\-]+)+
    | (?<![\w.\-])(?:[\w\-]+\.)+[a-z]{{2,}}/[^\s<>«»"]*[^\s<>«»".,;:!?…)\]'’]
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)

# « 1er », « 1re », « 2e », « 2nd »: a word of its own, outside tags; never a piece of an address or of a code.
_ORDINAL = re.compile(
    r"(?<![^\s(\[«“‘’'>;])(?=1ers?\b|1res?\b|2nde?s?\b|\d{1,2}es?\b)(\d+)([a-z]++)(?!@|[-./]\w|[^<>]*>)"
)

_INNER_QUOTES: Final = ("“”", "‘’")
_SP = " \t\u00a0\u2009\u202f"
_AFTER = rf"(?=\s|$|[)\]»”’…,]|[{_OPENING}{_CLOSING}])"
_UNITS = (
    "F CFP|FCFP|XPF|F|€|euros?|%|‰|°C|km/h|km²|km|m²|m³|cm|mm|m|kg|g|t|ha|kWh|kW|W|V|"
    "Go|Mo|ko|To|Gbit/s|Mbit/s|GHz|MHz|h|min|s|ans?|mois|jours?|semaines?|heures?|minutes?|"
    "francs?|millions?|milliards?"
)
_LETTER = r"[^\W\d_]"

_QUOTES: Final = (
    (re.compile(rf"(?<={_LETTER})'(?=[\w«{_WORD}{_OPENING}{_CLOSING}])"), "’"),
    (re.compile(r"(?<![\w'])'(?=[^\s'])([^'\n]*?[^\s'])'(?![\w'])"), r"«\1»"),
    (re.compile(r'(?<![\w"])"(?=[^\s"])([^"\n]*?[^\s"])"(?![\w"])'), r"«\1»"),
    (re.compile(rf"(?<={_LETTER})'"), "’"),
)
_RULES: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<!\.)\.\.\.(?!\.)", "…"),
        # ; ! ? after a word: the space is made narrow, or added; after an address never added.
        (rf"(?<=[^\s;!?:([«/{_WORD}{_OPENING}])[{_SP}]*(?=[;!?]+{_AFTER})", NNBSP),
        (rf"(?<={_WORD})[{_SP}]+(?=[;!?]+{_AFTER})", NNBSP),
        (rf"(?<=[^\s;!?:([«/{_WORD}{_OPENING}])[{_SP}]*:{_AFTER}", f"{NBSP}:"),
        (rf"(?<={_WORD})[{_SP}]+:{_AFTER}", f"{NBSP}:"),
        (rf"\b([nN]°)[{_SP}]*(?=\w)", rf"\1{NBSP}"),
        (
            rf"(?<![\w.,/-])(\d{{1,3}})((?:[{_SP}]\d{{3}}){{1,4}})(?=[{_SP}]*(?:(?:F|FCFP|XPF|francs?)\b|€))",
            None,
        ),
        (rf"(?<=\d)[{_SP}]+(?=(?:{_UNITS})(?![\w/’'-]))", NBSP),
        (r"(?<=\d)(?=[%€](?!\w))", NBSP),
        (rf"(?<=\d{NBSP}h)[{_SP}]+(?=\d{{2}}(?!\d))", NBSP),
        (rf"(?<=\bF)[{_SP}]+(?=CFP\b)", NBSP),
        (rf"«[{_SP}]*(?=\S)", f"«{NBSP}"),
        (rf"(?<=\S)[{_SP}]*»", f"{NBSP}»"),
    )
)


def typeset(text: str, *, is_quoted: bool = False) -> str:
    """The text with French spaces and signs; the words are never changed. Idempotent.

    U+202F before ; ! ?, U+00A0 before « : », inside « », after « n° » and between a number and its unit;
    ' becomes ’, paired straight quotes become « », those inside a quotation “ ”, three dots become …. No sign special
    to HTML is added. `is_quoted`: the whole is to be set between « ».
    """
    kept: list[str] = []

    def take_out(found: re.Match[str]) -> str:
        kept.append(found[0])
        if _CLOSING_TAG.match(found[0]):
            return _CLOSING
        return _OPENING if _TAG.fullmatch(found[0]) else _WORD

    bare = _curl_quotes(_PROTECTED.sub(take_out, text))
    for pattern, replacement in _RULES:
        bare = pattern.sub(_narrow_groups if replacement is None else replacement, bare)
    bare = _nest_quotes(bare, int(is_quoted))
    put_back = iter(kept)
    return _STAND_IN.sub(lambda _: next(put_back), bare)


def raised(html: str) -> str:
    """A fragment of HTML whose ordinals are written as printers do: « 1<sup>er</sup> juillet ». Idempotent.

    Nothing typed goes into the tags that it adds.
    """
    return _ORDINAL.sub(r"\1<sup>\2</sup>", html)


def _curl_quotes(text: str) -> str:
    """Straight quotes made French, until none can be: one change may free another, and each leaves fewer."""
    before = None
    while text != before:
        before = text
        for pattern, replacement in _QUOTES:
            text = pattern.sub(replacement, text)
    return text


def _nest_quotes(text: str, depth: int) -> str:
    """The pairs of « » inside another as “ ”, those inside them as ‘ ’; a guillemet without its pair stays as it is.

    A pair never goes from one line to another: a quotation of several paragraphs opens each one.
    """
    return "\n".join(_nested_line(line, depth) if "«" in line else line for line in text.split("\n"))


def _nested_line(line: str, depth: int) -> str:
    signs, opened, paired = list(line), list[int](), set[int]()
    for place, sign in enumerate(line):
        if sign == "«":
            opened.append(place)
        elif sign == "»" and opened:
            paired |= {opened.pop(), place}
    for place in sorted(paired):
        opens = line[place] == "«"
        depth += 0 if opens else -1
        if depth:
            signs[place] = _INNER_QUOTES[(depth - 1) % len(_INNER_QUOTES)][0 if opens else 1]
            beside = place + (1 if opens else -1)
            signs[beside] = signs[beside].strip(_SP)
        depth += 1 if opens else 0
    return "".join(signs)


def _narrow_groups(found: re.Match[str]) -> str:
    """The groups of digits of an amount, held together."""
    return found[1] + "".join(NNBSP + group for group in found[2].split())
