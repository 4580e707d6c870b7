"""The proof before what changes who one is, as an attacker and as a person in a hurry meet it."""

import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conventions.domain.people.security import proofs, proving
from conventions.enums import Role
from conventions.models import (
    AddressChange,
    BankAccount,
    BankProposal,
    Delegation,
    JournalEntry,
    KeptFile,
    MandateProposal,
    ProofCode,
    User,
)
from conventions.tests import factories as f
from conventions.tests.accounts.codes import asks, code, hidden
from conventions.tests.factories.people import PASSWORD, days_from_today, fictitious_iban

pytestmark = [pytest.mark.django_db, pytest.mark.unproven]


# --- staff --------------------------------------------------------------------------------------------------
@pytest.fixture
def partner():
    return f.PartnerFactory(name="Association du Banian (fictif)")


@pytest.fixture
def officer(as_role):
    return as_role(Role.OFFICER)


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("rib.pdf", f.small_pdf("RIB"))


def account_form(**values) -> dict:
    return {
        "number": fictitious_iban(7),
        "holder": "Association du Banian (fictif)",
        "bank_name": "",
        **values,
    }


def test_account_typed_without_a_proof_waits_and_is_kept_once_proven(officer, partner):
    url = reverse("admin:partner_bank", args=[partner.pk])
    answer = officer.post(url, account_form())
    assert (asks(answer), BankAccount.objects.count()) == (True, 0)
    assert hidden(answer)["number"] == [fictitious_iban(7)]
    assert "no-store" in answer["Cache-Control"]
    wrong = officer.post(url, hidden(answer) | {"preuve": "faux"})
    assert "Ce mot de passe n’est pas le vôtre." in wrong.content.decode()
    assert (asks(wrong), BankAccount.objects.count()) == (True, 0)
    done = officer.post(url, hidden(wrong) | {"preuve": PASSWORD})
    assert (done.status_code, BankAccount.objects.get().partner) == (302, partner)


def test_file_sent_without_a_proof_is_kept_too(officer, partner):
    url = reverse("admin:partner_bank", args=[partner.pk])
    answer = officer.post(url, account_form(file=pdf()))
    assert KeptFile.objects.get().user == officer.user
    officer.post(url, hidden(answer) | {"preuve": PASSWORD})
    assert BankAccount.objects.get().attachment is not None


def test_file_of_somebody_else_does_not_come_with_the_proof(officer, as_role, partner):
    url = reverse("admin:partner_bank", args=[partner.pk])
    theirs = hidden(as_role(Role.OFFICER).post(url, account_form(file=pdf())))
    officer.post(url, theirs | {"preuve": PASSWORD})
    assert BankAccount.objects.get().attachment is None


def test_proof_lasts_ten_minutes_for_this_session_alone(officer, partner, as_role):
    url = reverse("admin:partner_bank", args=[partner.pk])
    with time_machine.travel(timezone.now(), tick=False) as clock:
        officer.post(url, hidden(officer.post(url, account_form())) | {"preuve": PASSWORD})
        assert officer.post(url, account_form(number=fictitious_iban(8))).status_code == 302
        assert asks(as_role(officer.user).post(url, account_form(number=fictitious_iban(9))))
        clock.shift(600)
        assert asks(officer.post(url, account_form(number=fictitious_iban(9))))
        clock.shift(-3600)
        assert asks(officer.post(url, account_form(number=fictitious_iban(9))))


def test_proof_gives_the_session_a_new_key(officer, partner):
    url = reverse("admin:partner_bank", args=[partner.pk])
    before = officer.session.session_key
    officer.post(url, hidden(officer.post(url, account_form())) | {"preuve": PASSWORD})
    assert officer.session.session_key != before
    assert officer.get("/admin/").status_code == 200


def test_proof_from_another_site_is_refused(officer, partner):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = officer.cookies
    url = reverse("admin:partner_bank", args=[partner.pk])
    answer = strict.post(url, account_form() | {"preuve": PASSWORD, "preuve_pour": "POST"})
    assert (answer.status_code, BankAccount.objects.count()) == (403, 0)
    assert proofs.MARK not in officer.session


def test_signing_in_with_the_password_is_a_proof(partner):
    user, client = f.UserFactory(role=Role.OFFICER), Client()
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert client.post(reverse("admin:partner_bank", args=[partner.pk]), account_form()).status_code == 302


def test_who_has_a_second_factor_proves_with_it_not_with_the_password(as_role, partner):
    user = f.SecondFactorFactory(user__role=Role.OFFICER).user
    client, url = as_role(user), reverse("admin:partner_bank", args=[partner.pk])
    asked = hidden(client.post(url, account_form()))
    assert asks(client.post(url, asked | {"preuve": PASSWORD}))
    assert client.post(url, asked | {"preuve": code()}).status_code == 302
    other = as_role(user)
    assert asks(other.post(url, hidden(other.post(url, account_form())) | {"preuve": code()}))  # used once


def test_administrator_needs_a_second_factor_to_change_accounts(as_role):
    root, other = as_role("superuser"), f.UserFactory(role=Role.READER)
    url = reverse("admin:user_verb", args=[other.pk, "inviter"])
    answer = root.post(url)
    assert "votre compte n’en a pas encore" in answer.content.decode()
    told = root.post(url, hidden(answer) | {"preuve": PASSWORD}).content.decode()
    assert "Ajoutez d’abord votre second facteur" in told
    f.SecondFactorFactory(user=root.user)
    assert root.post(url, hidden(answer) | {"preuve": code()}).status_code == 302
    assert JournalEntry.objects.filter(event="invitation_envoyee").count() == 1


def test_password_of_an_administrator_does_in_the_demonstration(as_role, settings):
    settings.DEMO, settings.ROOT_URLCONF = True, "conventions.tests.demo_urls"
    root, other = as_role("superuser"), f.UserFactory(role=Role.READER)
    url = reverse("admin:user_verb", args=[other.pk, "inviter"])
    assert root.post(url, hidden(root.post(url)) | {"preuve": PASSWORD}).status_code == 302


def staff_doors(partner) -> dict:
    """{door: (who, address, what is sent, what must not have changed)}."""
    other = f.UserFactory(role=Role.READER, email="lectrice@exemple.invalid")
    mandate = f.RepresentativeFactory(partner=partner, user=None, email="")
    account = f.BankAccountFactory(partner=partner)
    asked = f.AddressChangeFactory(
        user=f.PresidentFactory(partner=partner),
        asked_by=f.UserFactory(role=Role.OFFICER),
        reason="Vue à l’agence.",
    )
    duplicate = f.PartnerFactory()
    absent = f.RepresentativeFactory(partner=f.opt_partner())
    proposal = f.MandateProposalFactory(partner=partner)
    rib = f.BankProposalFactory(partner=partner)
    f.SecondFactorFactory(user=other)
    people = {
        "representatives-TOTAL_FORMS": 1, "representatives-INITIAL_FORMS": 1, "representatives-0-id": mandate.pk,
        "representatives-0-partner": partner.pk, "representatives-0-first_name": "Autre",
        "representatives-0-last_name": mandate.last_name, "representatives-0-title": mandate.title,
        "representatives-0-position": 1,
    }  # fmt: skip
    here = {
        "name": partner.name,
        "nature": partner.nature,
        "version": partner.version,
        "gender": "f",
        "country": "FR",
    }
    return {
        "account": ("gestionnaire", "partner_bank", [partner.pk], account_form(), BankAccount),
        "use": ("gestionnaire", "partner_bank_use", [partner.pk, account.pk], {}, BankAccount),
        "merge": ("gestionnaire", "partner_merge", [partner.pk], {"target": duplicate.pk, "confirmed": "on"}, None),
        "mandate": ("gestionnaire", "conventions_partner_change", [partner.pk], here | people, None),
        "mandate accepted": (
            "gestionnaire", "partner_decide", [partner.pk, "mandat", proposal.pk],
            {"accepter": 1, f"mandat-{proposal.pk}-checked": "on"}, MandateProposal),
        "account accepted": (
            "gestionnaire", "partner_decide", [partner.pk, "rib", rib.pk],
            {"accepter": 1, f"rib-{rib.pk}-checked": "on", f"rib-{rib.pk}-number": fictitious_iban(5)}, BankProposal),
        "address approved": (
            "gestionnaire", "partner_address_decide", [partner.pk, asked.pk, "approuver"], {}, AddressChange),
        "absence": (
            "direction", "conventions_delegation_add", [],
            {"absent": absent.pk, "starts_on": days_from_today(0), "kind": "interim"}, Delegation),
        "factor reset": ("superuser", "user_verb", [other.pk, "reinitialiser"], {}, None),
        "invitation": ("superuser", "user_verb", [other.pk, "inviter"], {}, None),
        "roles": (
            "superuser", "conventions_user_change", [other.pk],
            {"username": other.username, "roles": ["direction"], "is_active": "on", "email": other.email}, User),
        "new account": (
            "superuser", "conventions_user_add", [],
            {"username": "neuve", "roles": ["direction"], "is_active": "on", "email": "n@exemple.invalid"}, User),
    }  # fmt: skip


DOORS = (
    "account", "use", "merge", "mandate", "mandate accepted", "account accepted", "address approved", "absence",
    "factor reset", "invitation", "roles", "new account",
)  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_each_door_of_staff_asks_and_writes_nothing_before(as_role, partner, door):
    who, name, args, data, _table = staff_doors(partner)[door]
    client = as_role(who)
    f.SecondFactorFactory(user=client.user)
    url, lines = reverse(f"admin:{name}", args=args), JournalEntry.objects.count()
    answer = client.post(url, data)
    assert (asks(answer), JournalEntry.objects.count()) == (True, lines)
    assert client.post(url, hidden(answer) | {"preuve": code()}).status_code == 302
    assert JournalEntry.objects.count() > lines


def test_change_of_password_asks_before_it_is_typed(officer):
    url = reverse("admin:password_change")
    answer = officer.get(url)
    assert asks(answer)
    assert officer.post(url, hidden(answer) | {"preuve": PASSWORD})["Location"] == url
    assert officer.get(url).status_code == 200


def test_password_typed_meanwhile_is_not_repeated_on_the_page(officer):
    url = reverse("admin:password_change")
    secret = "un mot de passe tout neuf"
    answer = officer.post(url, {"old_password": PASSWORD, "new_password1": secret, "new_password2": secret})
    assert asks(answer)
    assert secret not in answer.content.decode()


def test_verbs_called_by_a_command_are_asked_nothing(partner):
    proofs.require(f.UserFactory(role=Role.OFFICER))
    with proofs.within({}), pytest.raises(proofs.ProofNeeded):
        proofs.require(f.UserFactory(role=Role.OFFICER))


def test_proof_of_one_account_does_nothing_for_another():
    one, other, session = f.UserFactory(), f.UserFactory(), {}
    proofs.note(session, one, proofs.Way.FACTOR)
    assert (proofs.is_fresh(session, one), proofs.is_fresh(session, other)) == (True, False)


def test_old_codes_are_purged():
    row = f.ProofCodeFactory()
    ProofCode.objects.update(created_at=row.created_at - datetime.timedelta(days=8))
    assert (proving.purge(), ProofCode.objects.count()) == (1, 0)
