"""Letters in the space: each party reads its own once it was handed over; the association prepares its receipt."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts import letters
from conventions.domain.acts.templates import letters as texts
from conventions.enums import LetterKind, LetterRoute
from conventions.models import FormalLetter, LetterTemplate
from conventions.tests import factories as f
from conventions.tests.portal.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_force():
    for template in LetterTemplate.objects.all():
        texts.put_in_force(template, by=f.UserFactory(role="juriste"))


@pytest.fixture
def partner():
    return f.PartnerFactory(name="Association Niaouli (fictif)")


@pytest.fixture
def donation(partner):
    return f.ConventionFactory(partner=partner, kind=f.KindFactory(slug="mecenat"), act="signe")


def page(convention):
    return reverse("portal:convention", args=[convention.slug])


def receipt(convention):
    return reverse("portal:receipt", args=[convention.slug])


def letter_for(convention, **values):
    return f.FormalLetterFactory(act=convention.acts.get(), **values)


def test_letter_is_read_once_it_was_handed_over(as_role, partner, donation):
    client = as_role(f.PresidentFactory(partner=partner))
    letter = letter_for(donation)
    url = reverse("portal:document", args=[letter.document_id])
    assert letter.number not in text(client.get(page(donation)))
    assert client.get(url).status_code == 404
    letters.note_handed(letter, timezone.localdate(), by=f.UserFactory(role="gestionnaire"))
    assert letter.number in text(client.get(page(donation)))
    assert client.get(url).status_code == 200


def test_letter_of_another_party_is_nobody_s(as_role, partner):
    other = f.PartnerFactory(name="Co-financeur (fictif)")
    convention = f.ConventionFactory(partner=partner, act="signe")
    theirs = f.PartyFactory(convention=convention, partner=other, role="cofinanceur")
    letter = letter_for(convention, party=theirs, sent_on=timezone.localdate(), route=LetterRoute.PAPER)
    url = reverse("portal:document", args=[letter.document_id])
    reads = as_role(f.PresidentFactory(partner=partner))
    assert letter.number not in text(reads.get(page(convention)))
    assert reads.get(url).status_code == 404
    assert as_role(f.PresidentFactory(partner=other)).get(url).status_code == 200


def test_former_president_and_another_association_read_no_letter(as_role, partner, donation):
    letter = letter_for(donation, sent_on=timezone.localdate(), route=LetterRoute.MAIL)
    url = reverse("portal:document", args=[letter.document_id])
    for user in (f.PresidentFactory(partner=partner, former=True), f.PresidentFactory()):
        assert as_role(user).get(url).status_code == 404


def test_association_prepares_its_receipt_once_a_day_and_reads_it(as_role, partner, donation, in_force):
    client = as_role(f.PresidentFactory(partner=partner))
    assert receipt(donation) in client.get(page(donation)).content.decode()
    assert client.get(receipt(donation)).status_code == 200
    assert not FormalLetter.objects.exists()
    answers = [client.post(receipt(donation)) for _ in range(3)]
    made = FormalLetter.objects.get()
    assert {answer["Location"] for answer in answers} == {reverse("portal:document", args=[made.document_id])}
    assert (made.kind, made.route, made.party.partner) == (LetterKind.RECEIPT, LetterRoute.SPACE, partner)
    assert client.get(answers[0]["Location"]).status_code == 200
    assert made.number in text(client.get(page(donation)))


def test_receipt_before_its_text_is_in_force_says_what_to_do(as_role, partner, donation):
    client = as_role(f.PresidentFactory(partner=partner))
    assert "Aucun texte n’est en vigueur" in text(client.post(receipt(donation)))
    assert not FormalLetter.objects.exists()


@pytest.mark.parametrize("who", ["reader", "former", "foreign", "staff", "anonymous"])
def test_nobody_else_prepares_a_receipt(client, as_role, partner, donation, in_force, who):
    users = {
        "reader": lambda: (
            f.RepresentativeFactory(partner=partner, reads_only=True, user=f.UserFactory()).user
        ),
        "former": lambda: f.PresidentFactory(partner=partner, former=True),
        "foreign": f.PresidentFactory,
        "staff": lambda: f.UserFactory(role="gestionnaire"),
    }
    asks = as_role(users[who]()) if who in users else client
    assert asks.post(receipt(donation)).status_code == (302 if who == "anonymous" else 404)
    assert not FormalLetter.objects.exists()


def test_receipt_is_offered_for_a_signed_donation_alone(as_role, partner):
    client = as_role(f.PresidentFactory(partner=partner))
    for convention in (
        f.ConventionFactory(partner=partner, act="signe"),
        f.ConventionFactory(partner=partner, kind=f.KindFactory(slug="mecenat"), act="a_signer"),
    ):
        assert receipt(convention) not in client.get(page(convention)).content.decode()
        assert client.get(receipt(convention)).status_code == 404
