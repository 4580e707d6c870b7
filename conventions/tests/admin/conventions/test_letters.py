"""« Courriers » of an act, as staff use it: look, prepare, send, note; bad input says what to do and keeps the rest."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts.templates import letters as texts
from conventions.enums import LetterKind, LetterRoute
from conventions.models import FormalLetter, LetterTemplate
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db


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


def url(convention, name="letters", **parts):
    return reverse(f"admin:conventions_convention_{name}", kwargs={"pk": convention.pk, **parts})


def typed(convention, **changes):
    party = convention.parties.exclude(role="opt").order_by("pk").first()
    values = {"kind": LetterKind.NOTICE, "parties": [party.pk], "reason": "Le bilan manque.", "days": 30}
    return values | changes


def test_letter_is_looked_at_then_prepared_then_sent(officer, convention, mailoutbox):
    seen = officer.post(url(convention), typed(convention, _apercu="1"))
    assert (seen["Content-Type"], FormalLetter.objects.count()) == ("application/pdf", 0)
    assert officer.post(url(convention), typed(convention)).status_code == 302
    letter = FormalLetter.objects.get()
    page = officer.get(url(convention)).content.decode()
    assert letter.number in page
    assert "Pas encore remis" in page
    answer = officer.post(url(convention, "letter_send", letter=letter.pk), follow=True)
    assert "part par courriel" in answer.content.decode()
    assert "Envoyé par courriel le" in answer.content.decode()
    letter.refresh_from_db()
    assert letter.route == LetterRoute.MAIL


def test_each_party_chosen_has_its_own_letter(officer, convention):
    other = f.PartyFactory(
        convention=convention, partner=f.PartnerFactory(name="Mairie (fictif)"), role="cofinanceur"
    )
    parties = [party.pk for party in convention.parties.exclude(role="opt")]
    officer.post(url(convention), typed(convention, kind=LetterKind.NOTIFICATION, parties=parties, reason=""))
    assert FormalLetter.objects.count() == 2
    assert FormalLetter.objects.filter(party=other).count() == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": ""}, "Écrivez ce qui est reproché"),
        ({"parties": []}, "Choisissez au moins une partie."),
        ({"parties": ["999999"]}, "Ce choix n’est plus possible"),
        ({"parties": ["x"]}, "Ce choix n’est plus possible"),
        ({"days": "0"}, "1"),
        ({"days": "-3"}, "1"),
        ({"days": "deux"}, "nombre"),
        ({"days": ""}, "Remplissez ce champ."),
        ({"kind": "lettre"}, "Ce choix n’est plus possible"),
        ({"signer": "999999"}, "Ce choix n’est plus possible"),
        ({"place": "x" * 161}, "160"),
    ],
)
def test_bad_input_is_told_and_what_was_typed_stays(officer, convention, change, told):
    answer = officer.post(url(convention), typed(convention, **change))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert told in page
    assert "reason" in change or "Le bilan manque." in page
    assert not FormalLetter.objects.exists()


def test_day_on_paper_is_noted_or_refused(officer, convention):
    letter = f.FormalLetterFactory(act=convention.acts.get())
    address = url(convention, "letter_handed", letter=letter.pk)
    for wrong in ("", "demain", "2020-01-01", "2999-01-01"):
        officer.post(address, {"on": wrong})
    letter.refresh_from_db()
    assert letter.sent_on is None
    officer.post(address, {"on": timezone.localdate().isoformat()})
    letter.refresh_from_db()
    assert letter.route == LetterRoute.PAPER


def test_letter_of_another_convention_is_not_found(officer, convention):
    other = f.FormalLetterFactory()
    for name in ("letter_send", "letter_handed"):
        assert officer.post(url(convention, name, letter=other.pk)).status_code == 404


def test_page_is_offered_once_the_act_is_signed(officer, convention):
    draft = f.ConventionFactory()
    for one, offered in ((convention, True), (draft, False)):
        page = officer.get(reverse("admin:conventions_convention_change", args=[one.pk])).content.decode()
        assert (url(one) in page) == offered
    answer = officer.post(url(draft), typed(draft))
    assert "attendez sa signature" in answer.content.decode()


def test_queries_do_not_grow_with_the_letters(officer, convention, django_assert_max_num_queries):
    act = convention.acts.get()
    for count in (1, 12):
        for _ in range(count):
            f.FormalLetterFactory(act=act)
        with django_assert_max_num_queries(22):
            officer.get(url(convention))
