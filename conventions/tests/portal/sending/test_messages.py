"""Messages on a convention or an article: both sides write, nothing of the text is in the journal or a mail."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conventions.domain import space, worklist
from conventions.domain.documents.context import to_snapshot
from conventions.domain.foundation.refusals import Refused
from conventions.domain.mails import delivery
from conventions.domain.space import threads
from conventions.enums import DocumentKind, Role
from conventions.models import Act, JournalEntry, Message, OutgoingMail, Thread
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today
from conventions.tests.pdf import samples
from conventions.tests.portal.reading import main, text

pytestmark = pytest.mark.django_db
SECRET = "Le mot que personne d’autre ne lit."


@pytest.fixture
def president():
    return f.PresidentFactory()


@pytest.fixture
def officer():
    return f.UserFactory(role="gestionnaire")


@pytest.fixture
def convention(president, officer):
    return f.ConventionFactory(partner=president.mandates.get().partner, act="signe", officer=officer)


@pytest.fixture
def thread(convention, president):
    return threads.ask(
        convention, partner=president.mandates.get().partner, subject="Article 3", body=SECRET, by=president
    )


def waiting(user) -> list[str]:
    """The threads that « À faire » shows this person."""
    found = worklist.sections(user, today=days_from_today(0), mine="gestionnaire" in user.roles)
    return [task.key for section in found if section.code == "messages" for task in section.tasks]


def ask_url(convention) -> str:
    return reverse("portal:ask", args=[convention.slug])


def test_question_and_answer_reach_both_sides(as_role, president, officer, convention):
    client = as_role(president)
    sent = client.post(ask_url(convention), {"body": SECRET})
    thread = Thread.objects.get()
    assert sent["Location"] == reverse("portal:thread", args=[convention.slug, thread.pk])
    staff = as_role(officer)
    address = reverse("admin:conventions_convention_message_answer", args=[convention.pk, thread.pk])
    staff.post(address, {"body": "Le 12 mars."})
    assert SECRET in main(client.get(sent["Location"]))
    assert "Le 12 mars." in main(client.get(sent["Location"]))
    assert [row.template for row in OutgoingMail.objects.order_by("pk")] == [
        "message_recu",
        "message_reponse",
    ]


def test_text_is_neither_in_the_journal_nor_in_a_mail(thread):
    for row in OutgoingMail.objects.all():
        delivery.deliver(row.pk)
    assert mail.outbox != []
    assert SECRET not in "".join(str(letter.message()) for letter in mail.outbox)
    assert SECRET not in "".join(JournalEntry.objects.values_list("payload", flat=True))


def test_question_waits_for_the_officer_until_answered(thread, officer):
    assert waiting(officer) == [str(thread.pk)]
    threads.answer(thread, body="Oui.", by=officer)
    assert waiting(officer) == []


def test_question_on_an_article_names_it(as_role, president):
    convention = f.ConventionFactory(partner=president.mandates.get().partner, act=None)
    act = f.ActFactory(convention=convention)
    context = samples.agreement(is_draft=False, reference="2026-014")
    document = f.DocumentFactory(act=act, kind=DocumentKind.FROZEN, snapshot=to_snapshot(context))
    Act.objects.filter(pk=act.pk).update(
        state="a_signer",
        path="papier",
        number="2026-014",
        frozen_document=document,
        frozen_at=document.created_at,
    )
    client = as_role(president)
    read = client.get(reverse("portal:agreement", args=[convention.slug]))
    link = f"{ask_url(convention)}?acte=0&amp;article=2"
    assert link in read.content.decode()
    client.post(ask_url(convention) + "?acte=0&article=2", {"body": "Pourquoi ?"})
    asked = Thread.objects.get()
    assert (asked.subject.startswith("Article 2, "), asked.on_clause) == (True, True)


@pytest.mark.parametrize("query", ["?acte=9&article=1", "?article=999", "?article=<b>", "?acte=&article="])
def test_odd_article_counts_for_the_convention(convention, president, query):
    from django.http import QueryDict

    asked = QueryDict(query[1:])
    file = space.file_for(president, convention.slug)
    assert space.subject_of(file, asked.get("acte", ""), asked.get("article", "")) == "La convention"


@pytest.mark.parametrize(
    ("body", "message"),
    [("", "Écrivez votre message."), ("   \n", "Écrivez votre message."), ("a" * 2001, "2000")],
)
def test_message_empty_or_too_long_is_refused(as_role, president, convention, body, message):
    page = as_role(president).post(ask_url(convention), {"body": body})
    assert message in main(page)
    assert Thread.objects.count() == 0


def test_markup_is_shown_as_typed(as_role, president, convention):
    client = as_role(president)
    client.post(ask_url(convention), {"body": "<script>alert(1)</script>"})
    page = client.get(reverse("portal:thread", args=[convention.slug, Thread.objects.get().pk]))
    assert "<script>alert" not in page.content.decode()
    assert "<script>alert(1)</script>" in main(page)


def test_a_day_has_its_limit(president, convention, monkeypatch):
    monkeypatch.setattr(threads, "MAX_A_DAY", 1)
    partner = president.mandates.get().partner
    threads.ask(convention, partner=partner, subject="La convention", body="Un.", by=president)
    with pytest.raises(Refused, match="beaucoup de messages"):
        threads.ask(convention, partner=partner, subject="La convention", body="Deux.", by=president)


def test_thread_of_another_association_does_not_exist(as_role, thread):
    address = reverse("portal:thread", args=[thread.convention.slug, thread.pk])
    assert as_role("president").get(address).status_code == 404


def test_other_party_of_the_convention_reads_nothing_of_it(as_role, thread):
    other = f.PartnerFactory()
    f.PartyFactory(convention=thread.convention, partner=other)
    address = reverse("portal:thread", args=[thread.convention.slug, thread.pk])
    assert as_role(f.PresidentFactory(partner=other)).get(address).status_code == 404


def test_former_president_writes_no_more(thread, president):
    president.mandates.update(mandate_end=days_from_today(-1))
    with pytest.raises(PermissionDenied):
        threads.reply(thread, body="Encore moi.", by=president)


ANSWERING = {"gestionnaire", "juriste"}


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("act", [lambda *a, **k: threads.answer(*a, body="Oui.", **k), threads.close])
def test_officers_and_lawyers_alone_answer_and_close(thread, role, act):
    by = f.UserFactory(role=role)
    if role in ANSWERING:
        act(thread, by=by)
    else:
        with pytest.raises(PermissionDenied):
            act(thread, by=by)
    thread.refresh_from_db()
    assert thread.waits_for_staff == (role not in ANSWERING)


@pytest.mark.parametrize("role", Role.values)
def test_page_of_a_convention_shows_messages_to_who_may_read_them(as_role, thread, role):
    client = as_role(role)
    page = client.get(reverse("admin:conventions_convention_change", args=[thread.convention_id]))
    may = role not in {"lecture", "communication"}
    assert (
        reverse("admin:conventions_convention_messages", args=[thread.convention_id]) in page.content.decode()
    ) == may
    read = client.get(reverse("admin:conventions_convention_messages", args=[thread.convention_id]))
    assert read.status_code == (200 if may else 403)
    if may:
        assert (SECRET in text(read), "Votre réponse" in text(read)) == (True, role in ANSWERING)


@pytest.mark.parametrize(("subject", "lawyers"), [("Article 3, Durée", True), ("La convention", False)])
def test_question_on_an_article_is_told_to_the_lawyers_too(president, convention, officer, subject, lawyers):
    lawyer = f.UserFactory(role="juriste")
    partner = president.mandates.get().partner
    asked = threads.ask(convention, partner=partner, subject=subject, body="Pourquoi ?", by=president)
    for row in OutgoingMail.objects.all():
        delivery.deliver(row.pk)
    told = {letter.to[0] for letter in mail.outbox}
    assert (officer.email in told, lawyer.email in told) == (True, lawyers)
    assert (waiting(lawyer) == [str(asked.pk)]) == lawyers
    assert waiting(officer) == [str(asked.pk)]


def test_answer_by_a_lawyer_ends_the_wait_of_everybody(thread, officer):
    lawyer = f.UserFactory(role="juriste")
    threads.answer(thread, body="C’est la loi.", by=lawyer)
    assert (waiting(officer), waiting(lawyer)) == ([], [])
    assert JournalEntry.objects.get(event="message_repondu").actor == lawyer


def test_message_answered_before_its_mail_leaves_is_told_to_nobody(thread, officer):
    threads.answer(thread, body="Oui.", by=officer)
    row = OutgoingMail.objects.get(template="message_recu")
    assert delivery.deliver(row.pk) is None
    assert mail.outbox == []


def test_erased_text_is_gone_and_its_row_stays(thread):
    row = Message.objects.get()
    threads.erase(row, by=f.UserFactory(superuser=True))
    row.refresh_from_db()
    assert (row.body, row.erased_at is not None) == ("", True)
    assert JournalEntry.objects.filter(event="message_efface").count() == 1


def test_only_an_administrator_erases(thread, officer):
    with pytest.raises(PermissionDenied):
        threads.erase(Message.objects.get(), by=officer)


def answer_url(thread) -> str:
    return reverse("admin:conventions_convention_message_answer", args=[thread.convention_id, thread.pk])


def test_thread_is_closed_without_an_answer_and_a_message_opens_it_again(as_role, thread, officer, president):
    client, seen = as_role(officer), Message.objects.get().pk
    client.post(answer_url(thread), {"clore": "1", "body": "", "vu": seen})
    thread.refresh_from_db()
    assert (thread.waits_for_staff, thread.closed_at is None, Message.objects.count()) == (False, False, 1)
    client.post(answer_url(thread), {"clore": "1", "body": "", "vu": seen})
    assert JournalEntry.objects.filter(event="message_classe").count() == 1
    space_page = as_role(president).get(reverse("portal:thread", args=[thread.convention.slug, thread.pk]))
    assert "L’OPT-NC a clos cet échange" in main(space_page)
    threads.reply(thread, body="Encore une question.", by=president)
    thread.refresh_from_db()
    assert (thread.waits_for_staff, thread.closed_at) == (True, None)


def test_message_that_came_meanwhile_is_not_buried(as_role, thread, officer, president):
    seen = Message.objects.get().pk
    threads.reply(thread, body="Une précision.", by=president)
    client = as_role(officer)
    page = client.post(answer_url(thread), {"body": "Ma réponse.", "vu": seen})
    assert "L’association a écrit entre-temps" in text(page)
    assert "Ma réponse." in text(page)
    closed = client.post(answer_url(thread), {"clore": "1", "body": "", "vu": seen}, follow=True)
    assert "L’association a écrit entre-temps" in closed.content.decode()
    thread.refresh_from_db()
    assert (thread.waits_for_staff, Message.objects.count()) == (True, 2)


def test_answer_written_but_not_sent_is_not_lost_by_closing(as_role, thread, officer):
    page = as_role(officer).post(answer_url(thread), {"clore": "1", "body": "Le 12 mars.", "vu": ""})
    assert "Cette réponse n’est pas partie" in text(page)
    assert "Le 12 mars." in text(page)
    thread.refresh_from_db()
    assert thread.waits_for_staff
