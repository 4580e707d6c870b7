"""The number of the layout: everything of ours that decides the bytes of a document.

Templates, style sheets, fonts, wording and the library that lays out, for all kinds of documents at once. The number is
kept with each stored document. While it stays the same, the same context gives the same bytes, for ever: a golden test
(`conventions/tests/pdf/test_golden.py`) fails when bytes change and the number does not. Raising it takes a line here
and in docs/operations.md, « Vérifier les archives ».

0  what was frozen before the number existed
1  one wording for amounts, durations and sums; outcomes and ceilings outside totals; obligations and their dates
2  the act says all that its file promises: money of each sort, goods, loans, engagements by party, budget, indicators;
   the structure that PDF/UA-1 asks
3  the second legal model; annexes under the seal; amendments that say what they replace; signature boxes, pages filled,
   letters outside the font; the attestation and the report of delivery carry their code
4  what no line says stands once under its table; lines before a reference are full
"""

LAYOUT = 4
