"""A file of a refused form is kept: for its sender and this form alone, two hours, through the same checks."""

import datetime
import re

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from conventions.domain.people import bank_accounts
from conventions.domain.space import kept_files
from conventions.models import (
    Attachment,
    BankProposal,
    JournalEntry,
    KeptFile,
    MandateProposal,
    ReportReceived,
)
from conventions.tests import factories as f
from conventions.tests.domain.acts.scans.test_reading import with_script
from conventions.tests.factories.people import days_from_today, fictitious_iban
from conventions.tests.portal.reading import main

pytestmark = pytest.mark.django_db
CONTENT = f.small_pdf("RIB gardé")
IBAN = fictitious_iban(7)
NO_HOLDER = {"number": IBAN, "holder": "", "bank_name": ""}
COMPLETE = NO_HOLDER | {"holder": "Association Banian"}


@pytest.fixture
def president():
    return f.PresidentFactory(partner=f.PartnerFactory(name="Association Banian (fictif)"))


@pytest.fixture
def convention(president):
    return f.ConventionFactory(
        partner=president.mandates.get().partner,
        act="signe",
        act__fundings=[{"amount": 100_000}],
        act__obligations=[{"due_on": days_from_today(10)}],
    )


@pytest.fixture
def url(convention) -> str:
    return reverse("portal:bank", args=[convention.slug])


def report_url(convention) -> str:
    return reverse("portal:report", args=[convention.slug, convention.acts.get().obligation_set.get().pk])


def pdf(name="rib.pdf", content=CONTENT) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def kept_key(page) -> str:
    """What the hidden field of a page sends back."""
    (key,) = re.findall(r'name="kept" value="(\d+)"', page.content.decode())
    return key


def stored() -> list[str]:
    """Names of the bytes that are kept."""
    store = storages["private"]
    return sorted(store.listdir("kept")[1]) if store.exists("kept") else []


def test_file_is_kept_then_sent_without_being_chosen_again(as_role, president, url):
    client = as_role(president)
    page = client.post(url, NO_HOLDER | {"file": pdf()})
    assert "« rib.pdf » est gardé." in main(page)
    assert (
        Attachment.objects.count(),
        JournalEntry.objects.filter(event="piece_jointe_ajoutee").count(),
    ) == (0, 0)
    client.post(url, COMPLETE | {"kept": kept_key(page)})
    row = BankProposal.objects.get().attachment
    with storages["private"].open(row.storage_name) as file:
        assert (row.original_name, row.uploaded_by, file.read()) == ("rib.pdf", president, CONTENT)
    assert KeptFile.objects.count() == 0


def test_kept_file_stands_when_the_form_is_refused_again(as_role, president, url):
    client = as_role(president)
    first = kept_key(client.post(url, NO_HOLDER | {"file": pdf()}))
    page = client.post(url, NO_HOLDER | {"kept": first})
    assert ("« rib.pdf » est gardé." in main(page), kept_key(page)) == (True, first)


def test_what_the_domain_refuses_keeps_the_file_too(as_role, president, url):
    partner = president.mandates.get().partner
    bank_accounts.add_account(partner, number=IBAN, holder="Banian", by=f.UserFactory(role="gestionnaire"))
    page = as_role(president).post(url, COMPLETE | {"file": pdf()})
    assert "Ce compte est déjà enregistré" in main(page)
    assert KeptFile.objects.get().form == f"rib:{partner.pk}"


def test_file_that_is_refused_is_not_kept(as_role, president, url):
    page = as_role(president).post(url, NO_HOLDER | {"file": pdf("rib.exe", b"MZ" + bytes(50))})
    assert ("est gardé" in main(page), KeptFile.objects.count()) == (False, 0)


def test_hostile_file_of_an_incomplete_form_is_told_at_once_and_not_kept(as_role, president, url):
    page = as_role(president).post(url, NO_HOLDER | {"file": pdf(content=with_script())})
    assert ("Ce PDF contient un script" in main(page), "est gardé" in main(page)) == (True, False)
    assert KeptFile.objects.count() == 0


def test_new_choice_replaces_what_was_kept(as_role, president, url):
    client = as_role(president)
    first = kept_key(client.post(url, NO_HOLDER | {"file": pdf()}))
    page = client.post(url, NO_HOLDER | {"kept": first, "file": pdf("autre.pdf", f.small_pdf("Autre"))})
    assert KeptFile.objects.get().original_name == "autre.pdf"
    client.post(url, COMPLETE | {"kept": kept_key(page), "file": pdf("dernier.pdf", f.small_pdf("Dernier"))})
    assert BankProposal.objects.get().attachment.original_name == "dernier.pdf"
    assert KeptFile.objects.count() == 0


def test_file_taken_out_is_not_sent(as_role, president, url):
    client = as_role(president)
    key = kept_key(client.post(url, NO_HOLDER | {"file": pdf()}))
    client.post(url, COMPLETE | {"kept": key, "drop": "on"})
    assert (BankProposal.objects.get().attachment, KeptFile.objects.count()) == (None, 0)


def test_needed_file_taken_out_is_asked_for_again(as_role, president, convention):
    client, url = as_role(president), report_url(convention)
    key = kept_key(client.post(url, {"file": pdf("bilan.pdf"), "spent": "beaucoup"}))
    page = client.post(url, {"kept": key, "drop": "on", "spent": ""})
    assert ("Choisissez un fichier." in main(page), "est gardé" in main(page)) == (True, False)
    assert (ReportReceived.objects.count(), KeptFile.objects.count()) == (0, 0)


def test_needed_file_is_taken_from_what_was_kept(as_role, president, convention):
    client, url = as_role(president), report_url(convention)
    key = kept_key(client.post(url, {"file": pdf("bilan.pdf"), "spent": "beaucoup"}))
    client.post(url, {"kept": key, "spent": "12 000"})
    row = ReportReceived.objects.get()
    assert (row.attachment.original_name, row.spent) == ("bilan.pdf", 12_000)


def test_proof_of_a_new_president_is_kept(as_role, president):
    partner = president.mandates.get().partner
    client, url = as_role(president), reverse("portal:president", args=[partner.slug])
    values = {
        "first_name": "Léa", "last_name": "WABEALO", "title": "présidente", "email": "pas une adresse",
        "mandate_start": timezone.localdate().isoformat(),
    }  # fmt: skip
    page = client.post(url, values | {"file": pdf("pv.pdf")})
    client.post(url, values | {"email": "lea@exemple.invalid", "kept": kept_key(page)})
    assert MandateProposal.objects.get().attachment.original_name == "pv.pdf"


@pytest.mark.parametrize("form", ["same", "other"])
def test_file_of_another_person_or_form_is_refused(as_role, president, url, form):
    other = f.PresidentFactory(partner=president.mandates.get().partner)
    owner = other if form == "same" else president
    name = f"rib:{president.mandates.get().partner.pk}" if form == "same" else "rapport:1"
    row = kept_files.Desk(owner, name).keep(pdf("secret.pdf"))
    page = as_role(president).post(url, COMPLETE | {"kept": str(row.pk)})
    assert "Ce fichier n’est plus gardé. Choisissez-le de nouveau." in main(page)
    assert ("secret.pdf" in page.content.decode(), BankProposal.objects.count()) == (False, 0)
    assert list(KeptFile.objects.all()) == [row]


@pytest.mark.parametrize("key", ["x", "-1", "9" * 40, "１"])
def test_odd_keys_find_nothing(as_role, president, url, key):
    assert "Ce fichier n’est plus gardé." in main(as_role(president).post(url, COMPLETE | {"kept": key}))


def test_file_kept_too_long_is_asked_for_again(as_role, president, url):
    client = as_role(president)
    key = kept_key(client.post(url, NO_HOLDER | {"file": pdf()}))
    KeptFile.objects.update(kept_at=timezone.now() - kept_files.FOR)
    page = client.post(url, COMPLETE | {"kept": key})
    assert "Ce fichier n’est plus gardé." in main(page)
    assert BankProposal.objects.count() == 0


def test_kept_file_is_on_no_page_but_its_sender_s(as_role, president, convention, url):
    as_role(president).post(url, NO_HOLDER | {"file": pdf("secret.pdf")})
    partner = president.mandates.get().partner
    colleague = as_role(f.PresidentFactory(partner=partner))
    officer = as_role("superuser")
    pages = [
        colleague.get(url),
        colleague.get(reverse("portal:association", args=[partner.slug])),
        officer.get(reverse("admin:partner_files", args=[partner.pk])),
        officer.get(reverse("admin:conventions_convention_change", args=[convention.pk])),
    ]
    assert [(page.status_code, "secret.pdf" in page.content.decode()) for page in pages] == [(200, False)] * 4


def test_one_person_keeps_few_files(president):
    for rank in range(kept_files.MOST + 2):
        kept_files.Desk(president, f"rib:{rank}").keep(pdf())
    kept = list(KeptFile.objects.values_list("form", flat=True))
    assert kept == [f"rib:{rank}" for rank in range(2, kept_files.MOST + 2)]


def test_sweep_erases_old_rows_and_their_bytes(president, django_capture_on_commit_callbacks):
    old = kept_files.Desk(president, "rib:1").keep(pdf())
    fresh = kept_files.Desk(president, "rib:2").keep(pdf())
    KeptFile.objects.filter(pk=old.pk).update(
        kept_at=timezone.now() - kept_files.FOR - datetime.timedelta(minutes=1)
    )
    with django_capture_on_commit_callbacks(execute=True):
        call_command("balayer")
    assert list(KeptFile.objects.all()) == [fresh]
    assert stored() == [fresh.stored_as.removeprefix("kept/")]


def test_bytes_go_when_the_file_is_sent(as_role, president, url, django_capture_on_commit_callbacks):
    client = as_role(president)
    with django_capture_on_commit_callbacks(execute=True):
        key = kept_key(client.post(url, NO_HOLDER | {"file": pdf()}))
    assert len(stored()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, COMPLETE | {"kept": key})
    assert stored() == []
