"""A termination by OPT-NC alone and the letter that goes before it, by their forms: each takes from the other."""

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts import amending, letters, lifecycle
from conventions.domain.acts.letters import LetterRefused, Order
from conventions.domain.acts.templates import letters as texts
from conventions.domain.documents import storage
from conventions.enums import ActState, Event, LetterKind
from conventions.formats import later_day, long_date
from conventions.models import FormalLetter, LetterTemplate
from conventions.tests import factories as f
from conventions.tests.pdf.reading import plain, text_of

pytestmark = pytest.mark.django_db

REASON = "Les ateliers n’ont jamais ouvert (fictif)."


@pytest.fixture
def convention():
    for template in LetterTemplate.objects.all():
        texts.put_in_force(template, by=f.UserFactory(role="juriste"))
    partner = f.PartnerFactory(name="Association Niaouli (fictif)")
    f.PresidentFactory(partner=partner, email="lea@exemple.invalid")
    return f.ConventionFactory(partner=partner, act="signe")


@pytest.fixture
def officer(as_role):
    return as_role("gestionnaire")


def ended(convention, ground, after=70):
    return amending.start_termination(
        convention, by=f.UserFactory(role="gestionnaire"), reason=REASON, ground=ground,
        effective_on=timezone.localdate() + datetime.timedelta(days=after),
    )  # fmt: skip


def url(convention, name="letters", **parts):
    return reverse(f"admin:conventions_convention_{name}", kwargs={"pk": convention.pk, **parts})


def shown(officer, convention):
    return officer.get(url(convention) + "?acte=0").context["form"]


def prepared(officer, convention, **changes):
    """The form as it opens, sent back with what is typed over it."""
    form = shown(officer, convention)
    values = {name: form[name].value() for name in form.fields} | changes
    sent = {name: value for name, value in values.items() if value is not None}
    answer = officer.post(url(convention) + "?acte=0", sent, follow=True)
    return answer, FormalLetter.objects.order_by("-pk").first()


@pytest.mark.parametrize(
    ("ground", "kind", "said"),
    [
        ("faute", LetterKind.NOTICE, "dans un délai de 30 jours à compter de la réception"),
        ("interet_general", LetterKind.PRIOR_NOTICE, "Le préavis, de 2 mois au moins, court de la réception"),
    ],
)
def test_letter_opens_with_what_its_termination_says(officer, convention, ground, kind, said):
    act = ended(convention, ground)
    form = shown(officer, convention)
    assert (form["kind"].value(), form["reason"].value(), form["days"].value()) == (kind, REASON, 30)
    _answer, letter = prepared(officer, convention)
    text = plain(text_of(storage.read_bytes(letter.document)))
    assert (letter.kind, letter.act.rank) == (kind, 0)
    assert said in text
    assert REASON in text
    assert (plain(long_date(act.effective_on)) in text) == (kind == LetterKind.PRIOR_NOTICE)


@pytest.mark.parametrize("ground", ["", "force_majeure"])
def test_no_letter_goes_before_the_other_terminations(officer, convention, ground):
    act = ended(convention, ground)
    form = shown(officer, convention)
    assert (form["kind"].value(), form["reason"].value()) == (None, None)
    assert "Courrier avant résiliation" not in page_of(officer, act)


def test_nothing_is_taken_from_a_termination_that_the_association_decides(officer, convention):
    act = ended(convention, "faute")
    act.ended_by = letters.others(convention.acts.get(rank=0))[0]
    act.save()
    assert shown(officer, convention)["reason"].value() is None
    letter = f.FormalLetterFactory(act=convention.acts.get(rank=0))
    letters.note_handed(letter, timezone.localdate(), by=f.UserFactory(role="gestionnaire"))
    act.refresh_from_db()
    assert act.notice_on is None


def page_of(officer, act):
    address = reverse("admin:conventions_convention_change", args=[act.convention_id])
    return officer.get(f"{address}?acte={act.rank}").content.decode()


def test_letter_and_termination_point_to_each_other(officer, convention):
    act = ended(convention, "faute")
    assert f"{url(convention)}?acte=0" in page_of(officer, act)
    page = officer.get(url(convention) + "?acte=0").content.decode()
    assert f"?acte={act.rank}" in page
    assert "Ouvrir la résiliation" in page


@pytest.mark.parametrize("ground", ["faute", "interet_general"])
def test_letter_handed_over_gives_its_day_to_the_termination(officer, convention, ground):
    act, today = ended(convention, ground), timezone.localdate()
    assert "preavis" in {one.code for one in lifecycle.missing_actions(act, Event.SUBMIT)}
    _answer, letter = prepared(officer, convention)
    version = type(convention).objects.get(pk=convention.pk).version
    officer.post(url(convention, "letter_handed", letter=letter.pk), {"on": today.isoformat()})
    act.refresh_from_db()
    assert act.notice_on == today
    assert "preavis" not in {one.code for one in lifecycle.missing_actions(act, Event.SUBMIT)}
    assert type(convention).objects.get(pk=convention.pk).version == version + 1
    events = list(convention.journal.order_by("sequence").values_list("event", flat=True))
    assert events[-2:] == ["courrier_remis", "preavis_recu"]
    assert journal.broken_links(f"convention:{convention.pk}") == []


def test_letter_sent_by_mail_gives_a_day_only_once_it_is_known_to_be_received(officer, convention):
    act, today = ended(convention, "faute"), timezone.localdate()
    _answer, letter = prepared(officer, convention)
    officer.post(url(convention, "letter_send", letter=letter.pk))
    act.refresh_from_db()
    assert act.notice_on is None
    assert "preavis" in {one.code for one in lifecycle.missing_actions(act, Event.SUBMIT)}
    page = officer.get(url(convention) + "?acte=0").content.decode()
    assert "jour de réception pas encore connu : aucun délai ne court." in page
    door = url(convention, "letter_handed", letter=letter.pk)
    for day in (today + datetime.timedelta(days=1), today - datetime.timedelta(days=1)):
        answer = officer.post(door, {"on": day.isoformat()}, follow=True)
        assert "dans le futur, ou avant l’envoi du courrier" in answer.content.decode()
    officer.post(door, {"on": today.isoformat()})
    act.refresh_from_db()
    assert act.notice_on == today
    assert "preavis" not in {one.code for one in lifecycle.missing_actions(act, Event.SUBMIT)}
    events = list(convention.journal.order_by("sequence").values_list("event", flat=True))
    assert events[-2:] == ["courrier_recu", "preavis_recu"]
    answer = officer.post(door, {"on": today.isoformat()}, follow=True)
    assert "déjà notée" in answer.content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        FormalLetter.objects.filter(pk=letter.pk).update(received_on=None)


def test_delay_waits_for_the_last_party_and_for_what_nobody_knows(convention):
    initial, today = convention.acts.get(), timezone.localdate()
    by = f.UserFactory(role="juriste")
    first, again = (f.FormalLetterFactory(act=initial) for _ in range(2))
    letters.send(first, by=by)
    assert ended(convention, "faute").notice_on is None
    letters.note_handed(again, today, by=by)
    assert ended(convention, "faute").notice_on == today
    other = f.PartyFactory(convention=convention)
    late = f.FormalLetterFactory(act=initial, party=other)
    type(late).objects.filter(pk=late.pk).update(route="courriel", sent_on=today)
    assert ended(convention, "faute").notice_on is None


def test_a_letter_of_another_kind_gives_no_day(officer, convention):
    act = ended(convention, "interet_general")
    _answer, letter = prepared(officer, convention, kind=LetterKind.NOTICE)
    officer.post(url(convention, "letter_send", letter=letter.pk))
    act.refresh_from_db()
    assert act.notice_on is None


def test_termination_begun_after_the_letter_knows_its_day(convention):
    letter = f.FormalLetterFactory(act=convention.acts.get())
    assert ended(convention, "faute").notice_on is None
    letters.note_handed(letter, timezone.localdate(), by=f.UserFactory(role="juriste"))
    assert ended(convention, "faute").notice_on == timezone.localdate()
    assert ended(convention, "interet_general").notice_on is None


def test_termination_that_is_no_draft_any_more_is_left_as_it_is(convention):
    act = ended(convention, "faute")
    type(act).objects.filter(pk=act.pk).update(state=ActState.IN_REVIEW)
    letter = f.FormalLetterFactory(act=convention.acts.get(rank=0))
    letters.note_handed(letter, timezone.localdate(), by=f.UserFactory(role="gestionnaire"))
    act.refresh_from_db()
    assert act.notice_on is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": " "}, "Écrivez le motif d’intérêt général"),
        ({"effective_on": ""}, "Donnez la date d’effet"),
        ({"effective_on": "demain"}, "date"),
        ({"effective_on": "2026-01-01"}, "Repoussez la date d’effet au "),
    ],
)
def test_prior_notice_that_cannot_stand_is_refused_and_nothing_typed_is_lost(
    officer, convention, change, told
):
    ended(convention, "interet_general")
    answer, letter = prepared(officer, convention, place="Bourail", **change)
    page = answer.content.decode()
    assert letter is None
    assert told in page
    assert "Bourail" in page


def test_prior_notice_takes_the_first_day_that_leaves_two_months(convention):
    by, today, act = f.UserFactory(role="juriste"), timezone.localdate(), convention.acts.get()
    first = later_day(today, 2, 0)
    order = {"kind": LetterKind.PRIOR_NOTICE, "party": letters.others(act)[0], "reason": REASON}
    with pytest.raises(LetterRefused, match="Repoussez"):
        letters.prepare(act, Order(**order, effective_on=first - datetime.timedelta(days=1)), by=by)
    assert letters.prepare(act, Order(**order, effective_on=first), by=by).pk


def test_nothing_is_announced_of_a_convention_that_is_ended(convention):
    act = ended(convention, "faute")
    f.settle(act, ActState.SIGNED)
    first, by = convention.acts.get(rank=0), f.UserFactory(role="gestionnaire")
    for kind in (LetterKind.NOTICE, LetterKind.PRIOR_NOTICE):
        order = Order(kind=kind, party=letters.others(first)[0], reason=REASON, effective_on=act.effective_on)
        with pytest.raises(LetterRefused, match="déjà résiliée"):
            letters.prepare(first, order, by=by)
    assert letters.prepare(first, Order(kind=LetterKind.NOTIFICATION, party=order.party), by=by).pk
