"""The sentences of changes, and those above crowded boxes: each that the layout can write is declared, no other is."""

import itertools

from django.utils.html import strip_tags

from conventions.domain.documents.context import ChangeContext
from conventions.domain.documents.rendering import agreement, amending, sentences
from conventions.enums import ActKind
from conventions.formats import capitalise
from conventions.tests.pdf import samples
from conventions.tests.pdf.reading import plain

ANY = "…"
PLACE = f"À {ANY}, "
LINES = ("funding", "instalmentterm", "inkind", "equipmentterm", "obligation", "budgetline", "indicator")
PAIRS = (("", ANY), (ANY, ""), (ANY, ANY))  # added, removed, replaced


def change(before, after, **more):
    return ChangeContext(label=ANY, before=before, after=after, **more)


def every_sort():
    for term, (before, after), place in itertools.product((*LINES, "duree"), PAIRS, ("", ANY)):
        if term != "duree" or after:
            yield change(before, after, term=term, place=place)
    for before, after in PAIRS:
        yield change(before, after, term="clause", number=ANY, heading=ANY)
    yield change(ANY, ANY, term="clause", number=ANY, heading=f"{ANY}{ANY}")
    yield change("", ANY, term="clause", number=ANY, heading=ANY, follows=ANY)
    for before, after, higher in (
        (ANY, "", None),
        (ANY, ANY, None),
        ("", ANY, None),
        (ANY, ANY, True),
        (ANY, ANY, False),
    ):
        yield change(before, after, term="total", higher=higher)
    for heading, before in itertools.product(("dénomination", "adresse", "identification"), ("", ANY)):
        yield change(before, ANY, term="partie", heading=heading)
    yield change("", ANY, term="adhesion", heading=ANY)
    yield change(ANY, ANY)


def told(one):
    first, *_text = amending.changes(samples.replace(samples.amendment(), changes=(one,)))
    said = plain(strip_tags(str(first["text"]))).removeprefix("1° ")
    place, _comma, rest = said.partition(PLACE)
    return {PLACE + ANY, capitalise(rest)} if rest and not place else {said.replace(f"{ANY}{ANY}", ANY)}


def test_every_sentence_of_a_change_is_declared_and_printed():
    written = {said for one in every_sort() for said in told(one)}
    assert written == {plain(one) for one in sentences.OF_CHANGES}


def test_every_sentence_above_crowded_boxes_is_declared_and_printed():
    first = samples.OPT.signatories[0]
    crowd = tuple(samples.replace(first, order=rank) for rank in range(1, 13))
    party = samples.replace(samples.OPT, name=ANY, short_name=ANY, signatories=crowd)
    written = set()
    for kind in ActKind:
        ctx = samples.bare_agreement(parties=(party, party), act_kind=kind, reference=ANY, title=ANY)
        written |= {plain(line) for line in agreement.page(ctx)["signatures"]["recall"]}
    assert written - {f"{ANY}, ci-après « {ANY} »."} == {plain(one) for one in sentences.RECALL}


def html_of(*found):
    return [
        str(block["text"]) for block in amending.changes(samples.replace(samples.amendment(), changes=found))
    ]


def test_guillemets_inside_those_of_a_change_are_the_inner_ones():
    kinds = (
        change('la fête "Nuits du lagon"', "la fête « Jours du lagon »", term="inkind"),
        change("", "Association « L'Élan »", term="adhesion", heading="le « Club »"),
        change("", "« Fête » : la « nuit »", term="clause", number="3", heading="« Nuits »"),
    )
    for one in kinds:
        for said in map(plain, map(strip_tags, html_of(samples.replace(one, label="la « Fête »")))):
            depth = 0
            for sign in said:
                depth += {"«": 1, "»": -1}.get(sign, 0)
                assert depth in (0, 1), said
            assert [mark for mark in ("'", '"', "&quot;", "&#x27;") if mark in said] == []


def test_an_article_of_several_paragraphs_opens_and_closes_once():
    body = 'La fête « Nuits » a lieu.\n\n- le prix « du lagon » ;\n- le "grand" prix.'
    _first, *blocks = amending.changes(
        samples.replace(
            samples.amendment(), changes=(change("", body, term="clause", number="3", heading="Fêtes"),)
        )
    )
    said = plain(strip_tags(" ".join([str(blocks[0]["text"]), *map(str, blocks[1]["items"])])))
    assert said == "« La fête “Nuits” a lieu. le prix “du lagon” ; le “grand” prix. »"
