"""Messages between an association and the office: each visitor at each address, and what stays on a page."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from conventions.domain.mails import delivery
from conventions.domain.space import threads
from conventions.models import Message, OutgoingMail, Thread
from conventions.tests import factories as f
from conventions.tests.harness import captured_queries
from conventions.tests.portal.reading import main, text

pytestmark = pytest.mark.django_db
WORDS = "Quand a lieu la remise ? (fictif)"
SECRET = "Des mots privés (fictif)"


@pytest.fixture
def convention(partner):
    officer = f.UserFactory(role="gestionnaire", email="maelle@exemple.invalid")
    return f.ConventionFactory(partner=partner, officer=officer, act="signe")


@pytest.fixture
def thread(convention, partner, president):
    """A question of the president that waits for the office."""
    return threads.ask(convention, partner=partner, subject="La convention", body=SECRET, by=president)


def ask_url(convention) -> str:
    return reverse("portal:ask", args=[convention.slug])


def thread_url(thread) -> str:
    return reverse("portal:thread", args=[thread.convention.slug, thread.pk])


def answer_url(thread) -> str:
    return reverse("admin:conventions_convention_message_answer", args=[thread.convention_id, thread.pk])


def letters(thread, template) -> list:
    mail = OutgoingMail.objects.get(template=template)
    return delivery.BUILDERS[template](mail.params)


def body_of(letter) -> str:
    return delivery.message(letter, reference="1:1").body


def test_mail_of_an_answer_goes_to_people_in_office_alone(thread, partner, president):
    f.PresidentFactory(partner=partner, former=True)
    threads.answer(thread, body=SECRET, by=thread.convention.officer)
    found = letters(thread, "message_reponse")
    assert [letter.to for letter in found] == [president.email]
    body = body_of(found[0])
    assert (thread_url(thread) in body, "privés" in body) == (True, False)


def test_too_many_messages_in_a_day_are_refused_and_said(as_role, thread, president):
    for _ in range(threads.MAX_A_DAY):
        f.MessageFactory(thread=thread, author=president)
    answer = as_role(president).post(thread_url(thread), {"body": WORDS})
    assert ("beaucoup de messages aujourd’hui" in main(answer), WORDS in answer.content.decode()) == (
        True,
        True,
    )


@pytest.mark.parametrize("who", ["foreign", "former", "reader", "gestionnaire", "juriste", "superuser"])
def test_others_neither_read_nor_write(as_role, thread, partner, who):
    if who == "former":
        who = f.PresidentFactory(partner=partner, former=True)
    elif who == "reader":
        who = f.UserFactory()
        f.RepresentativeFactory(partner=partner, user=who, reads_only=True)
    client = as_role("president" if who == "foreign" else who)
    for url in (ask_url(thread.convention), thread_url(thread)):
        assert (client.get(url).status_code, client.post(url, {"body": WORDS}).status_code) == (404, 404)
    assert Message.objects.count() == 1


def test_thread_of_another_convention_is_not_answered(as_role, thread, partner, president):
    other = f.ConventionFactory(partner=partner, act="signe")
    url = reverse("portal:thread", args=[other.slug, thread.pk])
    assert as_role(president).post(url, {"body": WORDS}).status_code == 404


def test_refused_answer_stays_on_the_page(as_role, thread):
    words = "y" * (threads.MAX_LENGTH + 1)
    answer = as_role("gestionnaire").post(answer_url(thread), {"body": words})
    assert (words in answer.content.decode(), thread.messages.count()) == (True, 1)


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        ("comptable", True),
        ("logistique", True),
        ("direction", True),
        ("communication", False),
        ("lecture", False),
    ],
)
def test_other_roles_do_not_answer(as_role, thread, role, reads):
    client = as_role(role)
    page = client.get(reverse("admin:conventions_convention_messages", args=[thread.convention_id]))
    assert (page.status_code, SECRET in text(page)) == ((200, True) if reads else (403, False))
    assert client.post(answer_url(thread), {"body": WORDS}).status_code == 403


def test_thread_of_another_file_does_not_exist_in_the_admin(as_role, convention, thread):
    other = f.ConventionFactory()
    url = reverse("admin:conventions_convention_message_answer", args=[other.pk, thread.pk])
    assert as_role("gestionnaire").post(url, {"body": WORDS}).status_code == 404


def test_erased_message_leaves_its_place_and_no_words(as_role, thread, president):
    message = thread.messages.get()
    url = reverse("admin:conventions_convention_message_erase", args=[thread.convention_id, message.pk])
    assert as_role("gestionnaire").post(url).status_code == 403
    as_role("superuser").post(url)
    page = main(as_role(president).get(thread_url(thread)))
    assert ("Message effacé le" in page, "privés" in page) == (True, False)


# --- The first page of the space tells that the office answered ---------------------------------------------


def answers_told(client) -> list[str]:
    page = client.get(reverse("portal:home"))
    return [item.what.replace("\u00a0", " ") for item in page.context["home"].todo]


def test_answer_is_told_until_the_association_writes_again(as_role, thread, president):
    client = as_role(president)
    assert answers_told(client) == []
    threads.answer(thread, body=SECRET, by=thread.convention.officer)
    assert answers_told(client) == ["L’OPT-NC vous a répondu : La convention"]
    told = client.get(reverse("portal:home"))
    assert (f'href="{thread_url(thread)}"' in told.content.decode(), SECRET in main(told)) == (True, False)
    client.get(thread_url(thread))
    assert answers_told(client) == ["L’OPT-NC vous a répondu : La convention"]
    threads.reply(thread, body=WORDS, by=president)
    assert answers_told(client) == []


def test_answer_is_no_longer_told_once_closed_or_old(as_role, thread, president):
    client = as_role(president)
    threads.answer(thread, body=SECRET, by=thread.convention.officer)
    for days, told in ((29, 1), (31, 0)):
        Thread.objects.update(updated_at=timezone.now() - datetime.timedelta(days=days))
        assert len(answers_told(client)) == told
    Thread.objects.update(updated_at=timezone.now())
    threads.close(thread, by=thread.convention.officer)
    assert answers_told(client) == []


def test_answer_is_told_to_who_may_write_alone(as_role, thread, partner):
    threads.answer(thread, body=SECRET, by=thread.convention.officer)
    reader, other = f.UserFactory(), f.PartnerFactory(name="Association du Kaori (fictif)")
    f.RepresentativeFactory(partner=partner, user=reader, reads_only=True)
    f.PartyFactory(convention=thread.convention, partner=other)
    for user in (reader, f.PresidentFactory(partner=other), f.PresidentFactory(partner=partner, former=True)):
        assert answers_told(as_role(user)) == []


def test_thirty_answers_cost_what_one_costs(as_role, thread, president, django_assert_num_queries):
    client = as_role(president)
    threads.answer(thread, body=SECRET, by=thread.convention.officer)
    with captured_queries() as one:
        assert len(answers_told(client)) == 1
    for _ in range(29):
        f.ThreadFactory(convention=thread.convention, waits_for_staff=False)
    with django_assert_num_queries(len(one)):
        assert len(answers_told(client)) == 30
