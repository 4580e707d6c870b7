"""The address one signs in with: two days before it counts; mandates follow; a lost mailbox takes two of staff."""

import datetime

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conventions.domain import worklist
from conventions.domain.foundation.failures import Failures
from conventions.domain.foundation.refusals import Refused
from conventions.domain.mails import delivery
from conventions.domain.people import login_codes
from conventions.domain.people.security import proving
from conventions.domain.space import addresses
from conventions.enums import Role
from conventions.formats import NBSP
from conventions.models import AddressChange, JournalEntry, OutgoingMail, ProofCode
from conventions.tests import factories as f
from conventions.tests.accounts.codes import sent_digits
from conventions.tests.factories.people import days_from_today

pytestmark = pytest.mark.django_db
OLD, NEW = "ancienne@exemple.invalid", "neuve@exemple.invalid"


@pytest.fixture
def partner():
    return f.PartnerFactory(name="Association du Banian (fictif)")


@pytest.fixture
def president(partner):
    return f.PresidentFactory(partner=partner, email=OLD)


@pytest.fixture
def planned(president) -> AddressChange:
    addresses.ask(president, NEW)
    return addresses.confirm(president, sent_digits())


def after(days=2, **more) -> int:
    """What the sweep does then."""
    failures = Failures()
    done = addresses.apply_due(failures, at=timezone.now() + datetime.timedelta(days=days, **more))
    assert failures.told == []
    return done


def where(user) -> tuple[str, list[str]]:
    user.refresh_from_db()
    return user.email, list(user.mandates.order_by("pk").values_list("email", flat=True))


def test_nothing_moves_before_two_days_then_all_does(president, planned):
    mandate = president.mandates.get().email
    assert (after(days=1, hours=23), where(president)) == (0, (OLD, [mandate]))
    assert (after(), where(president)) == (1, (NEW, [NEW]))
    assert after() == 0
    assert JournalEntry.objects.filter(event="adresse_de_connexion_changee").count() == 1


def test_old_address_is_told_at_once_and_when_it_counts_no_more(president, planned):
    sent = [(one.to, one.subject) for one in mail.outbox]
    for row in OutgoingMail.objects.filter(template="adresse_va_changer"):
        delivery.deliver(row.pk)
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([OLD], "Votre adresse de connexion va changer")
    assert len(mail.outbox) == len(sent) + 1
    after()
    row = OutgoingMail.objects.get(template="adresse_changee")
    delivery.deliver(row.pk)
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([OLD], "Votre adresse de connexion a changé")


def test_old_address_opens_the_space_meanwhile_and_keeps_it(as_role, president, planned):
    assert login_codes.accounts_at(OLD) == [president]
    assert login_codes.accounts_at(NEW) == []
    client = as_role(president)
    assert NEW in client.get(reverse("portal:me")).content.decode()
    assert client.post(reverse("portal:my_address_cancel"))["Location"] == reverse("portal:me")
    assert (after(), where(president)[0]) == (0, OLD)
    assert client.get(reverse("portal:my_address")).status_code in (200, 403)


@pytest.mark.unproven
def test_keeping_ones_address_asks_no_proof(as_role, president):
    f.AddressChangeFactory(user=president, applies_at=timezone.now() + addresses.DELAY)
    as_role(president).post(reverse("portal:my_address_cancel"))
    assert AddressChange.objects.get().cancelled_at is not None


def test_second_change_waits_for_the_first(as_role, president, planned):
    with pytest.raises(Refused, match="déjà prévu"):
        addresses.ask(president, "autre@exemple.invalid")
    answer = as_role(president).get(reverse("portal:my_address"))
    assert answer["Location"] == reverse("portal:me")


def test_codes_under_way_stop_when_the_address_counts(president, as_role, planned):
    client = as_role(president)
    login = login_codes.request_code(OLD, browser="b", network="n")
    proof = proving.ask_code(president, client.session)
    after()
    login.refresh_from_db()
    assert login.expires_at <= login.created_at
    assert (ProofCode.objects.waiting().count(), proving.mint(proof.pk)) == (0, None)


def test_change_is_dropped_when_the_mandate_ended_meanwhile(president, planned):
    president.mandates.update(mandate_end=days_from_today(-1))
    assert (after(), where(president)[0]) == (0, OLD)
    assert AddressChange.objects.get().cancelled_at is not None
    assert JournalEntry.objects.get(event="adresse_de_connexion_abandonnee").actor is None


def test_mandate_that_ended_keeps_its_address_where_another_runs(president, planned, partner):
    ended = president.mandates.get()
    ended.mandate_end = days_from_today(-1)
    ended.save()
    f.RepresentativeFactory(partner=f.PartnerFactory(), user=president, email=OLD)
    before = ended.email
    assert (after(), where(president)) == (1, (NEW, [before, NEW]))


@pytest.mark.parametrize("what", ["closed", "moved", "staff"])
def test_change_is_dropped_when_its_ground_went(president, planned, what):
    if what == "staff":
        f.UserFactory(role=Role.OFFICER, email=NEW.upper())
    elif what == "closed":
        president.is_active = False
    else:
        president.email = "tierce@exemple.invalid"
    president.save()
    before = president.email
    assert (after(), where(president)[0]) == (0, before)


@pytest.mark.parametrize("email", [OLD, OLD.upper(), "pas une adresse", "agent@opt.invalid"])
def test_address_that_cannot_be_taken_is_refused(president, email):
    f.UserFactory(role=Role.OFFICER, email="Agent@opt.invalid")
    with pytest.raises(Refused):
        addresses.ask(president, email)
    with pytest.raises(Refused):
        addresses.ask_for(president, email, reason="Vue.", by=f.UserFactory(role=Role.OFFICER))
    assert AddressChange.objects.count() == 0


def test_planned_change_is_not_purged(president, planned):
    AddressChange.objects.update(created_at=timezone.now() - addresses.KEPT * 2)
    assert addresses.purge() == 0
    after()
    assert addresses.purge() == 1


def test_sweep_makes_it_count(president, planned):
    with time_machine.travel(timezone.now() + addresses.DELAY, tick=False):
        call_command("balayer")
    assert where(president)[0] == NEW


# --- a lost mailbox -----------------------------------------------------------------------------------------
@pytest.fixture
def officer():
    return f.UserFactory(role=Role.OFFICER, first_name="Anaïs", last_name="WAMO (fictif)")


@pytest.fixture
def asked(president, officer) -> AddressChange:
    return addresses.ask_for(president, NEW, reason="Venue à l’agence avec sa pièce d’identité.", by=officer)


def test_two_of_staff_give_another_address_two_days_later(president, asked, as_role):
    client = as_role(president)
    second = f.UserFactory(role=Role.OFFICER)
    assert after() == 0
    addresses.approve(asked, by=second)
    assert (after(days=1), after()) == (0, 1)
    assert where(president) == (NEW, [NEW])
    assert JournalEntry.objects.get(event="adresse_de_connexion_remplacee").actor == second
    assert client.get(reverse("portal:me")).status_code == 302  # the lost mailbox may be in other hands
    assert SESSION_KEY not in client.session


def waiting_for(user) -> list[tuple[str, list[str]]]:
    found = worklist.sections(user, today=timezone.localdate(), mine=False)
    return [(section.code, [worklist.address_of(task) for task in section.tasks]) for section in found]


def test_colleagues_learn_that_an_address_waits_for_them(partner, asked, officer):
    colleague, page = f.UserFactory(role=Role.OFFICER), reverse("admin:partner_addresses", args=[partner.pk])
    assert waiting_for(colleague) == [("demandes", [page])]
    assert waiting_for(officer) == [("attente", [page])]
    assert waiting_for(f.UserFactory(role=Role.LAWYER)) == []
    delivery.deliver(OutgoingMail.objects.get(template="adresse_a_approuver").pk)
    told = mail.outbox[-1]
    assert told.subject == f"À approuver{NBSP}: une adresse de connexion, {partner.name}"
    assert told.to == [colleague.email]
    assert page in told.body
    assert not [address for address in (OLD, NEW) if address in told.body]
    addresses.approve(asked, by=colleague)
    assert waiting_for(colleague) == waiting_for(officer) == []


def test_nobody_floods_colleagues_with_requests(president, partner):
    officers = [f.UserFactory(role=Role.OFFICER) for _ in range(3)]

    def ask(user, by):
        addresses.cancel(addresses.ask_for(user, NEW, reason="Vue.", by=by), by=by)

    for by in officers:
        ask(president, by)
    with pytest.raises(Refused, match="Trois changements ont été demandés pour ce compte"):
        ask(president, officers[0])
    for _ in range(addresses.OF_ONE - 1):
        ask(f.PresidentFactory(partner=partner), officers[0])
    with pytest.raises(Refused, match="Vous avez demandé cinq changements d’adresse en un jour"):
        ask(f.PresidentFactory(partner=partner), officers[0])
    ask(f.PresidentFactory(partner=partner), officers[1])
    with time_machine.travel(timezone.now() + addresses.DAY, tick=False):
        ask(president, officers[0])


def test_who_asked_does_not_approve(asked, officer):
    with pytest.raises(Refused, match="une autre personne"):
        addresses.approve(asked, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        AddressChange.objects.update(approved_by=officer)


@pytest.mark.parametrize(
    "other",
    [
        {"first_name": "ANAIS", "last_name": "Wamo (fictif)"},
        {"email": "Meme.Boite@exemple.invalid", "first_name": "Autre"},
    ],
)
def test_two_accounts_of_one_person_are_one_person(president, officer, other):
    officer.email = "meme.boite@exemple.invalid"
    officer.save()
    change = addresses.ask_for(president, NEW, reason="Vue.", by=officer)
    with pytest.raises(Refused, match="même nom ou la même adresse"):
        addresses.approve(change, by=f.UserFactory(role=Role.OFFICER, **other))
    assert AddressChange.objects.get().approved_by is None


@pytest.mark.parametrize("role", [Role.LAWYER, Role.READER, Role.ACCOUNTANT])
def test_other_roles_neither_ask_nor_approve(president, asked, role):
    by = f.UserFactory(role=role)
    for verb in (
        lambda: addresses.ask_for(president, "x@exemple.invalid", reason="Vue.", by=by),
        lambda: addresses.approve(asked, by=by),
        lambda: addresses.cancel(asked, by=by),
    ):
        with pytest.raises(PermissionDenied):
            verb()


def test_president_of_another_association_cancels_nothing(planned):
    with pytest.raises(PermissionDenied):
        addresses.cancel(planned, by=f.PresidentFactory())


def test_what_was_cancelled_or_approved_is_over(asked):
    second = f.UserFactory(role=Role.OFFICER)
    addresses.cancel(asked, by=second)
    for verb in (addresses.approve, addresses.cancel):
        with pytest.raises(Refused, match="n’attend plus rien"):
            verb(asked, by=second)


def test_code_typed_by_the_person_does_not_settle_what_staff_asked(president, asked):
    with pytest.raises(Refused):
        addresses.confirm(president, "123456")
    assert addresses.mint(asked.pk) is None


def test_pages_of_staff_ask_then_approve(as_role, president, partner):
    url = reverse("admin:partner_addresses", args=[partner.pk])
    one, two = as_role(Role.OFFICER), as_role(Role.OFFICER)
    empty = one.post(url, {"person": president.pk, "email": NEW, "reason": " "})
    assert "Écrivez comment vous avez reconnu cette personne." in empty.content.decode()
    one.post(url, {"person": president.pk, "email": NEW, "reason": "Vue à l’agence."})
    change = AddressChange.objects.get()
    assert "Une autre personne doit approuver." in one.get(url).content.decode()
    decide = reverse("admin:partner_address_decide", args=[partner.pk, change.pk, "approuver"])
    assert "Vous avez demandé ce changement" in one.post(decide, follow=True).content.decode()
    two.post(decide)
    assert "remplacera" in one.get(url).content.decode()
    elsewhere = reverse("admin:partner_address_decide", args=[f.PartnerFactory().pk, change.pk, "annuler"])
    assert two.post(elsewhere).status_code == 404


def test_staff_do_not_change_the_address_alone(as_role, president, partner):
    root = as_role("superuser")
    data = {"first_name": "Marie", "last_name": "TEIN (fictif)", "email": NEW, "phone": "", "is_active": "on"}
    root.post(reverse("admin:conventions_user_change", args=[president.pk]), data)
    assert where(president)[0] == OLD


def test_address_of_a_mandate_with_an_account_is_not_typed_over(president):
    from django.forms.models import model_to_dict

    from conventions.forms.partners import RepresentativeForm

    mandate = president.mandates.get()
    data = {name: value for name, value in model_to_dict(mandate).items() if value is not None}
    assert RepresentativeForm(data, instance=mandate).is_valid()
    form = RepresentativeForm(data | {"email": NEW}, instance=mandate)
    assert "Adresses de connexion" in form.errors["email"][0]


def test_address_of_a_colleague_is_changed_by_an_administrator_and_the_old_one_told(as_role):
    user = f.UserFactory(role=Role.READER, email=OLD)
    data = {"username": user.username, "first_name": "A", "last_name": "B", "email": NEW, "is_active": "on"}
    as_role("superuser").post(
        reverse("admin:conventions_user_change", args=[user.pk]), data | {"roles": ["lecture"]}
    )
    assert where(user)[0] == NEW
    delivery.deliver(OutgoingMail.objects.get(template="adresse_changee").pk)
    assert mail.outbox[-1].to == [OLD]
