"""The commands of the demonstration, and its clock."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from conventions.demonstration.loading.clock import standing_at
from conventions.demonstration.loading.communication import without_past_mails
from conventions.domain.foundation import outbox
from conventions.models import Convention, OutgoingMail, User
from conventions.tests.factories import ConventionFactory

TODAY = datetime.date(2026, 11, 24)


@pytest.mark.parametrize("command", ["charger_demo", "comptes_demo"])
def test_commands_refuse_outside_a_demonstration(command, settings, db):
    settings.DEMO = False
    with pytest.raises(CommandError, match="n’est pas une démonstration"):
        call_command(command, stdout=io.StringIO())
    assert (User.objects.count(), Convention.objects.count()) == (0, 0)


def test_charger_demo_if_empty_leaves_existing_conventions_alone(settings, db):
    settings.DEMO = True
    ConventionFactory()
    out = io.StringIO()
    call_command("charger_demo", "--si-vide", stdout=out)
    assert out.getvalue() == "Des conventions existent déjà : rien n’est chargé.\n"
    assert (Convention.objects.count(), User.objects.count()) == (1, 0)


def test_charger_demo_fictives_does_nothing_unless_they_are_awaited(settings, db):
    settings.DEMO = True
    out = io.StringIO()
    call_command("charger_demo", "--fictives", stdout=out)
    assert out.getvalue() == "Aucune convention fictive n’attend d’être chargée.\n"
    assert (Convention.objects.count(), User.objects.count()) == (0, 0)


def test_comptes_demo_before_the_load_says_what_to_run(settings, db):
    settings.DEMO = True
    out = io.StringIO()
    call_command("comptes_demo", stdout=out)
    assert out.getvalue() == "Aucun compte de démonstration. Chargez-les : python manage.py charger_demo\n"


def test_the_clock_stands_at_a_day_and_comes_back():
    real = timezone.now
    with standing_at(datetime.date(2023, 3, 14)):
        first, second = timezone.now(), timezone.now()
        assert timezone.localdate() == datetime.date(2023, 3, 14)
    assert first < second
    assert timezone.now is real


def test_the_clock_never_tells_the_future(at):
    with at(2026, 3, 2, 7), standing_at(datetime.date(2026, 3, 2)):
        assert timezone.localtime().hour == 7


def test_mails_of_past_events_are_forgotten_and_recent_ones_kept(db):
    row = ConventionFactory(is_demo=True)
    days = [TODAY - datetime.timedelta(days=ago) for ago in (200, 2)]
    with without_past_mails(TODAY):
        for day in days:
            with standing_at(day):
                outbox.queue("convention_signee", params={"act": 1}, convention=row)
    assert [timezone.localdate(mail.created_at) for mail in OutgoingMail.objects.all()] == days[1:]
    with standing_at(days[0]):
        outbox.queue("convention_signee", params={"act": 1}, convention=row)
    assert OutgoingMail.objects.count() == 2
