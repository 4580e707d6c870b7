"""Limit the Figtree family to the letters we print, for the web (woff2) and for PDF (TrueType).

Usage: python scripts/subset_fonts.py <folder of the unpacked source package>
       python scripts/subset_fonts.py <folder of the unpacked package of Noto Sans> fallback
       python scripts/subset_fonts.py <folder of the unpacked package of Noto Sans Mono> hashes

The letters missing from the family (narrow spaces, non-breaking hyphen, okina, check mark) are added:
a PDF must not fall back on another font for « 2 000 000 F CFP ».
Runs rarely, by hand; its results are committed with their SHA-256 in static/fonts/LICENCES.md.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from fontTools.ttLib.tables._g_l_y_f import Glyph

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"

# Latin letters of French, of the languages of the Pacific and of the neighbours' names.
LETTERS = (
    [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x1CD, 0x1CE, 0x1E9E]
    + [0x2BB, 0x2BC, 0x300, 0x301, 0x302, 0x303, 0x304, 0x308, 0x327]
    + [0x2009, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E]
    + [0x2022, 0x2026, 0x202F, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193]
    + [0x2212, 0x2260, 0x2264, 0x2265, 0x2713]
)
# Of the fallback: every Latin letter, the phonetic ones of Kanak languages, Greek, Cyrillic, signs of prices and units.
FALLBACK_LETTERS = [
    *range(0x20, 0x460), *range(0x1E00, 0x1F00), *range(0x2000, 0x20C1), *range(0x2100, 0x2190),
    0xA78B, 0xA78C, 0x2212, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265,
]  # fmt: skip
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "ordn", "sups", "case"]

# source face → names of the results; two faces only travel over the network.
FACES = {
    "400Regular/Figtree_400Regular.ttf": ("pdf/Figtree-Regular.ttf", "figtree-400.woff2"),
    "600SemiBold/Figtree_600SemiBold.ttf": ("pdf/Figtree-SemiBold.ttf", "figtree-600.woff2"),
    "700Bold/Figtree_700Bold.ttf": ("pdf/Figtree-Bold.ttf", None),
    "400Regular_Italic/Figtree_400Regular_Italic.ttf": ("pdf/Figtree-Italic.ttf", None),
}
FALLBACK_FACES = {
    "400Regular/NotoSans_400Regular.ttf": "pdf/NotoSans-Regular.ttf",
    "600SemiBold/NotoSans_600SemiBold.ttf": "pdf/NotoSans-SemiBold.ttf",
}
HASH_FACES = {"400Regular/NotoSansMono_400Regular.ttf": "pdf/NotoSansMono-Regular.ttf"}


def check_mark(stroke: int) -> "Glyph":
    """Return a check mark drawn as two strokes of the given thickness, in font units."""
    pen = TTGlyphPen(None)
    points = [(40, 300), (40 + stroke, 300 + stroke), (240, 300 - 200 + 2 * stroke), (560, 620)]
    points += [(560 + stroke, 620 - stroke), (240, 100 - stroke // 2)]
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def add_missing_letters(font: TTFont, stroke: int) -> None:
    """Give the font the signs of our texts it lacks, from its own glyphs where they exist."""
    cmap = font.getBestCmap()
    glyphs, metrics = font["glyf"], font["hmtx"]
    width = metrics[cmap[0x20]][0]
    empty = TTGlyphPen(None).glyph()
    drawn = {
        "nnbspace": (empty, (width * 4 // 5, 0)),
        "thinspace": (empty, (width * 4 // 5, 0)),
        "checkmark": (check_mark(stroke), (660, 40)),
    }
    for name, (glyph, metric) in drawn.items():
        glyphs[name] = glyph
        metrics[name] = metric
    added = {0x202F: "nnbspace", 0x2009: "thinspace", 0x2713: "checkmark"}
    added |= {0x2011: cmap[0x2D], 0x2BB: cmap[0x2018], 0x2BC: cmap[0x2019], 0xAD: cmap[0x2D]}
    for table in font["cmap"].tables:
        if table.isUnicode():
            for code, name in added.items():
                table.cmap.setdefault(code, name)


def limit(
    source: Path, target: Path, flavour: str | None, letters: list[int] = LETTERS, *, is_ours: bool = True
) -> None:
    """Write the face limited to these letters; without hinting, which no current renderer of ours needs."""
    # Of the fallback no letter is taken apart: « ị » made of two glyphs is read as two letters.
    features = FEATURES if is_ours else [name for name in FEATURES if name != "ccmp"]
    options = subset.Options(
        layout_features=features, flavor=flavour, hinting=False, notdef_outline=True, name_IDs=["*"]
    )
    options.recalc_timestamp = False
    font = TTFont(source, recalcTimestamp=False)
    if is_ours:
        add_missing_letters(font, stroke=95 if "SemiBold" in source.name or "Bold" in source.name else 62)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    target.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(target), options)


def main(folder: Path) -> None:
    for source, (for_pdf, for_web) in FACES.items():
        limit(folder / source, FONTS / for_pdf, None)
        if for_web:
            limit(folder / source, FONTS / for_web, "woff2")


def fallback(folder: Path) -> None:
    for source, for_pdf in FALLBACK_FACES.items():
        limit(folder / source, FONTS / for_pdf, None, FALLBACK_LETTERS, is_ours=False)


def hashes(folder: Path) -> None:
    for source, for_pdf in HASH_FACES.items():
        limit(folder / source, FONTS / for_pdf, None, [*map(ord, " 0123456789abcdef")], is_ours=False)


if __name__ == "__main__":
    {"fallback": fallback, "hashes": hashes}.get("".join(sys.argv[2:]), main)(Path(sys.argv[1]))
