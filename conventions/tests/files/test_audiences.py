"""Forty files made on the screens: whoever reads an amount or a duration of one reads the same words."""

import datetime

import pytest
from django.utils.html import strip_tags

from conventions.domain import publication, space
from conventions.domain.acts import amending
from conventions.domain.acts.content import changes
from conventions.domain.acts.drafting.readings import shown
from conventions.domain.documents import storage
from conventions.domain.documents.reading import Words
from conventions.domain.documents.rendering import consolidated_html
from conventions.domain.documents.rendering.public import sheet_page
from conventions.domain.following.granted import with_granted
from conventions.domain.money import figures as money_figures
from conventions.domain.publication import wording
from conventions.enums import FundingFigure
from conventions.exchange.columns import CONVENTION_COLUMNS
from conventions.exchange.public import CONVENTION_COLUMNS as PUBLIC_COLUMNS
from conventions.exchange.public import published_rows
from conventions.formats import Amount, is_line, moment, show_amount, show_term, tally
from conventions.models import Act, Convention, Funding
from conventions.tests import factories as f
from conventions.tests.pdf.reading import plain
from conventions.views import presenting

pytestmark = [pytest.mark.pdf, pytest.mark.slow]


@pytest.fixture
def files(made) -> list[Convention]:
    acts = Act.objects.filter(pk__in=made["forty"]).select_related("convention").order_by("pk")
    return [act.convention for act in acts]


def money_of(convention: Convention) -> list[Funding]:
    """OPT-NC's money in force, as its rows hold it."""
    rows = amending.lines_in_force(convention)[Funding]
    return [row for row in rows if row.figure == FundingFigure.GRANTED and is_line(row.status)]


def told(row: Funding) -> str:
    return plain(show_amount(row.amount, row.status))


def public(row: Funding) -> Amount:
    """What the public may know of it."""
    return Amount(row.amount, row.status) if row.publishable else Amount(None, "inconnu")


def reader_of(convention: Convention):
    partner = convention.parties.filter(partner__is_opt=False).first().partner
    mandate = partner.representatives.filter(user__isnull=False).first()
    return mandate.user if mandate else f.PresidentFactory(partner=partner)


def test_there_are_forty_of_every_status_precision_kind_and_number_of_parties(files):
    acts = Act.objects.filter(convention__in=files)
    rows = Funding.objects.filter(act__in=acts)
    assert len(files) == 40
    assert len({row.status for row in rows}) == 6
    assert len({(act.starts_on_precision, act.ends_on_precision) for act in acts}) >= 4
    assert len({act.term_kind for act in acts}) == 4
    assert len({convention.kind_id for convention in files}) == 5
    assert {convention.parties.count() for convention in files} == {2, 3, 5}


def test_staff_and_association_are_told_the_same_amounts(files):
    """Act, amendment, text in force, space, statistics, page of the file."""
    by_file: dict[int, list[str]] = {}
    rows = [row for year in (*money_figures.years(), None) for row in money_figures.granted_rows(year)]
    for row in rows:
        by_file.setdefault(row.convention_id, []).append(plain(row.text))
    for convention in files:
        rows, act = money_of(convention), convention.acts.get()
        expected = sorted(map(told, rows))
        person = reader_of(convention)
        support = space.page(person, space.file_for(person, convention.slug)).support
        text = plain(strip_tags(consolidated_html(amending.consolidated(convention))))
        assert sorted(plain(line.amount) for line in support.fundings) == expected, convention
        assert sorted(by_file.get(convention.pk, [])) == expected, convention
        assert sorted(plain(shown(row, "amount")) for row in rows) == expected, convention
        assert [row for row in rows if told(row) not in plain(changes.describe(row))] == [], convention
        assert [row for row in rows if told(row) not in text] == [], convention
        if act.frozen_document:
            words = Words.of_act(storage.read_bytes(act.frozen_document))
            assert [
                row for row in rows if row.amount and not words.holds(told(row).removeprefix("jusqu’à "))
            ] == []


def test_the_public_is_told_the_same_amounts(files):
    """Public page, public PDF, press, public export; a line that may not be published is one of unknown amount."""
    communication = f.UserFactory(role="communication")
    for convention in files:
        facts = publication.sheet_context(convention)
        expected = [public(row) for row in money_of(convention)]
        words = sorted(plain(show_amount(*amount)) for amount in expected)
        pdf = [
            line
            for label, lines in sheet_page(facts)["facts"]
            if label == "Soutien financier"
            for line in lines
        ]
        assert sorted(plain(row["amount"]) for row in presenting.money_rows(facts)) == words, convention
        assert len(pdf) >= len(words), convention
        assert [one for one in words if not any(one in plain(line) for line in pdf)] == [], convention
        press = plain(wording.money_phrase(wording.granted(facts)))
        found = tally(expected)
        assert (found.text == "" and press == "") or plain(found.text).removeprefix("jusqu’à ") in press, (
            convention
        )
        exported = next(
            iter(published_rows([publication.publish(convention, by=communication)], site_url=""))
        )
        cells = {column.heading: column.value(exported) for column in PUBLIC_COLUMNS}
        assert cells["Montant communiqué (F CFP)"] == found.total, convention
        assert cells["Montants non communiqués ou non fixés"] == found.left_out, convention


def test_the_list_exports_the_same_sums(files):
    rows = with_granted(Convention.objects.filter(pk__in=[one.pk for one in files])).with_status()
    columns = {column.heading: column.value for column in CONVENTION_COLUMNS}
    for row in rows:
        found = tally((line.amount, line.status) for line in money_of(row))
        assert columns["Montant (F CFP)"](row) == found.total, row
        assert columns["Montants non comptés"](row) == (found.left_out or None), row


def duration_of(act: Act) -> str:
    start, end = moment(act.starts_on, act.starts_on_precision), moment(act.ends_on, act.ends_on_precision)
    return plain(show_term(act.term_kind, start, end, act.term_wording))


def test_everybody_is_told_the_same_duration(files):
    """Amendment, text in force, public page, public PDF, space; the act says each of its dates."""
    for convention in files:
        act, facts = convention.acts.get(), publication.sheet_context(convention)
        page, pdf = dict(presenting.convention_facts(facts)), dict(sheet_page(facts)["facts"])
        person = reader_of(convention)
        expected = duration_of(act)
        read = {
            "texte en vigueur": changes.whole_term([act]),
            "PDF public": pdf.get("Durée", [""])[0],
        }
        if expected:
            read["page publique"] = page["Durée"][:1].lower() + page["Durée"][1:]
            read["avenant"] = changes.term_wording(act)
            read["espace"] = space.page(person, space.file_for(person, convention.slug)).overview.period
        assert {who: plain(words) for who, words in read.items()} == dict.fromkeys(read, expected), convention


def test_no_reader_is_told_a_day_that_nobody_said(files):
    """A month or a year is told as such: never its first day."""
    first = datetime.date(2023, 4, 1)
    for act in Act.objects.filter(convention__in=files, starts_on=first).exclude(starts_on_precision="jour"):
        assert "1er" not in duration_of(act)
