"""When a reader wants a letter: at once, in one summary a day, never; what always leaves does."""

import datetime

import pytest
from django.utils import timezone

from conventions.domain.foundation import mail_catalogue, outbox
from conventions.domain.foundation.refusals import Refused
from conventions.domain.mails import delivery, log, preferences
from conventions.domain.mails.builders import BUILDERS
from conventions.enums import MailRhythm, MailState
from conventions.models import HeldMail, OutgoingMail
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db


def approved(officer):
    """A mail that tells the officer that the text is approved."""
    act = f.ActFactory(state="valide", convention=f.ConventionFactory(act=None, officer=officer))
    act.prepared_by = officer
    act.save()
    return outbox.queue("acte_valide", params={"act": act.pk}, convention=act.convention)


def choose(user, rhythm, letter="acte_valide"):
    preferences.choose(user, {letter: rhythm})


@pytest.fixture
def officer():
    return f.UserFactory(role="gestionnaire")


def test_every_letter_is_in_the_catalogue():
    assert set(BUILDERS) == set(mail_catalogue.BY_CODE)


def test_letter_of_a_reader_who_chose_nothing_leaves(officer, mailoutbox):
    mail = delivery.deliver(approved(officer).pk)
    assert (mail.state, [one.to for one in mailoutbox]) == (MailState.SENT, [[officer.email]])


def test_letter_never_wanted_is_set_aside(officer, mailoutbox):
    choose(officer, MailRhythm.NEVER)
    mail = delivery.deliver(approved(officer).pk)
    assert (mail.state, mailoutbox, HeldMail.objects.count()) == (MailState.SET_ASIDE, [], 0)


def test_letters_kept_leave_in_one_summary_a_day(officer, mailoutbox, at):
    choose(officer, MailRhythm.DAILY)
    for _ in range(2):
        delivery.deliver(approved(officer).pk)
    assert mailoutbox == []
    with at(2026, 3, 2, 7, 59):
        assert delivery.queue_summaries() == 0
    with at(2026, 3, 2, 8):
        assert delivery.queue_summaries() == 1
        assert delivery.queue_summaries() == 0
    summary = delivery.deliver(OutgoingMail.objects.get(template="resume_quotidien").pk)
    (sent,) = mailoutbox
    assert (summary.state, sent.to) == (MailState.SENT, [officer.email])
    assert sent.subject == "OPT Partenariats\u00a0: 2\u00a0messages aujourd’hui"
    assert sent.body.count("/admin/conventions/convention/") == 2


def test_second_summary_of_a_day_waits_for_the_next(officer, at):
    choose(officer, MailRhythm.DAILY)
    delivery.deliver(approved(officer).pk)
    with at(2026, 3, 2, 9):
        delivery.queue_summaries()
    delivery.deliver(approved(officer).pk)
    with at(2026, 3, 2, 18):
        assert delivery.queue_summaries() == 0
    with at(2026, 3, 3, 8):
        assert delivery.queue_summaries() == 1


def test_summary_without_anything_left_to_say_does_not_leave(officer, mailoutbox):
    choose(officer, MailRhythm.DAILY, "reprise_a_attester")
    row = f.OutgoingMailFactory(template="reprise_a_attester", params={"act": 0})
    HeldMail.objects.create(mail=row, user=officer, summary_on=timezone.localdate())
    made = outbox.queue("resume_quotidien", params={"user": officer.pk, "jour": str(timezone.localdate())})
    assert delivery.deliver(made.pk) is None
    assert mailoutbox == []


def test_legal_letters_leave_whatever_was_chosen(mailoutbox):
    president = f.PresidentFactory()
    f.MailPreferenceFactory(user=president, letter="convention_a_signer", rhythm=MailRhythm.NEVER)
    act = f.ActFactory(signatories=None)
    representative = president.mandates.get()
    f.SignatoryFactory(act=act, representative=representative)
    act = f.settle(act, "a_signer")
    mail = delivery.deliver(outbox.queue("convention_a_signer", params={"act": act.pk}).pk)
    assert (mail.state, len(mailoutbox)) == (MailState.SENT, 1)
    assert "List-Unsubscribe" not in mailoutbox[0].extra_headers


def test_choice_of_a_legal_letter_is_ignored(officer):
    assert preferences.choose(officer, {"code_connexion": "jamais", "convention_a_signer": "jamais"}) == 0


def test_choice_is_journalled(officer):
    from conventions.models import JournalEntry

    choose(officer, MailRhythm.NEVER)
    entry = JournalEntry.objects.latest("pk")
    assert (entry.event, entry.actor) == ("courriels_choisis", officer)


def test_letter_that_may_be_chosen_says_where(officer, mailoutbox, settings):
    delivery.deliver(approved(officer).pk)
    url = f"{settings.SITE_URL}/admin/mes-courriels/"
    assert mailoutbox[0].extra_headers["List-Unsubscribe"] == f"<{url}>"
    assert url in mailoutbox[0].body


def test_opening_the_page_of_choices_changes_nothing(as_role, officer):
    f.MailPreferenceFactory(user=officer, letter="acte_valide", rhythm=MailRhythm.DAILY)
    as_role(officer).get("/admin/mes-courriels/?acte_valide=jamais")
    assert preferences.choices_of(officer)["acte_valide"] == MailRhythm.DAILY


@pytest.mark.parametrize("who", ["staff", "president"])
def test_page_keeps_the_choices(as_role, who, officer):
    user = officer if who == "staff" else f.PresidentFactory()
    url = "/admin/mes-courriels/" if who == "staff" else "/espace/courriels/"
    data = dict.fromkeys((kind.code for kind in mail_catalogue.chosen_by(user)), "jamais")
    response = as_role(user).post(url, data)
    assert (response.status_code, response["Location"]) == (302, url)
    assert set(preferences.choices_of(user).values()) == {MailRhythm.NEVER}


def test_page_refuses_a_rhythm_that_does_not_exist(as_role, officer):
    data = dict.fromkeys((kind.code for kind in mail_catalogue.chosen_by(officer)), "toujours")
    assert as_role(officer).post("/admin/mes-courriels/", data).status_code == 200
    assert preferences.choices_of(officer)["acte_valide"] == MailRhythm.NOW


def test_letter_sent_again_is_another_row_and_does_not_wait(officer, mailoutbox):
    choose(officer, MailRhythm.DAILY)
    first = delivery.deliver(approved(officer).pk)
    again = delivery.send_again(first, by=officer)
    delivery.deliver(again.pk)
    first.refresh_from_db()
    assert (first.state, again.again_of, len(mailoutbox)) == (MailState.SET_ASIDE, first, 1)
    assert first.convention.journal.last().event == "courriel_envoye_de_nouveau"


@pytest.mark.parametrize(
    "template", ["code_connexion", "invitation_personnel", "resume_quotidien", "inconnu"]
)
def test_security_letters_are_not_sent_again_by_staff(officer, template):
    mail = f.OutgoingMailFactory(template=template, sent=True)
    with pytest.raises(Refused, match="ne s’envoie pas de nouveau"):
        delivery.send_again(mail, by=officer)


def test_letter_that_waits_is_not_sent_again(officer):
    with pytest.raises(Refused, match="attend déjà"):
        delivery.send_again(approved(officer), by=officer)


def test_log_names_people_never_addresses(officer):
    mail = delivery.deliver(approved(officer).pk)
    assert log.recipients([mail]) == {mail.pk: [str(officer)]}


def test_log_of_a_mail_not_sent_says_who_it_is_for():
    mail = f.OutgoingMailFactory(template="acte_a_relire")
    assert log.recipients([mail]) == {mail.pk: ["les juristes"]}


def test_same_key_asks_once_even_inside_a_transaction():
    made = [outbox.queue_once("acte_valide", key="k", params={"act": 1}) for _ in range(2)]
    assert [row is None for row in made] == [False, True]


def test_failed_mail_sent_again_no_longer_waits():
    mail = f.OutgoingMailFactory(template="acte_valide", state=MailState.FAILED)
    assert list(OutgoingMail.objects.failed()) == [mail]
    f.OutgoingMailFactory(template="acte_valide", again_of=mail)
    assert list(OutgoingMail.objects.failed()) == []


def test_summary_day_is_a_day_in_noumea(officer):
    f.HeldMailFactory(user=officer)
    evening = datetime.datetime(2026, 3, 1, 22, tzinfo=datetime.UTC)  # 2 March, 9 h in Nouméa
    assert preferences.summaries_due(at=evening) == {officer.pk: datetime.date(2026, 3, 2)}
