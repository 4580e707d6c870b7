"""The list of partners, its exports, and the pages beside the form."""

import csv
from io import BytesIO, StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from conventions.domain.people import bank_accounts, key_rotation, partners
from conventions.enums import Role
from conventions.models import Area, Attachment, BankAccount, JournalEntry
from conventions.tests.factories import (
    AttachmentFactory,
    BankAccountFactory,
    ConventionFactory,
    PartnerFactory,
    RepresentativeFactory,
    UserFactory,
    small_pdf,
)
from conventions.tests.factories.people import fictitious_iban
from conventions.tests.portal.reading import text

pytestmark = pytest.mark.django_db
LIST = "/admin/conventions/partner/"
IBAN = fictitious_iban(5)
WRONG_KEY = "FR2314168000010123456789011"  # right check number, wrong RIB
ADVICE = "aucun compte ne peut le porter. Demandez un nouveau RIB avant de verser."


def page(name, *args):
    return reverse(f"admin:partner_{name}", args=args)


@pytest.fixture
def officer(as_role):
    return as_role(Role.OFFICER)


def names(response):
    return [row.name for row in response.context["cl"].result_list]


def make(count):
    for _rank in range(count):
        RepresentativeFactory(partner=PartnerFactory(commune=Area.objects.get(slug="poya")))
        ConventionFactory()


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_the_same_for_1_and_30(officer, query_budget, count):
    make(count)
    with query_budget(12):
        assert officer.get(LIST).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_export_costs_the_same_for_1_and_30(officer, query_budget, count):
    make(count)
    with query_budget(16):
        response = officer.get(f"{LIST}export/csv/")
        b"".join(response.streaming_content)


@pytest.mark.parametrize("text", ["kimonos du coeur", "KIMONOS", "lkdc", "733089", "l'œuvre"])
def test_search_ignores_accents_case_and_ligatures(officer, text):
    PartnerFactory(name="Les Kimonos du Cœur, l’Œuvre", acronym="LKDC", ridet="0733089.001")
    PartnerFactory(name="Association Kaori", ridet="")
    assert names(officer.get(LIST, {"q": text})) == ["Les Kimonos du Cœur, l’Œuvre"]


def test_filters_narrow_by_province_and_conventions(officer):
    both = PartnerFactory(name="A", commune=Area.objects.get(slug="poya"))
    PartnerFactory(name="B", commune=Area.objects.get(slug="lifou"))
    assert names(officer.get(LIST, {"province": "province-nord"})) == [both.name]
    assert names(officer.get(LIST, {"province": "province-sud"})) == [both.name]
    convention = ConventionFactory()
    partner = convention.parties.get(role="beneficiaire").partner
    assert set(names(officer.get(LIST, {"conventions": "avec"}))) == {
        partner.name,
        "Office des postes et télécommunications de Nouvelle-Calédonie",
    }
    assert set(names(officer.get(LIST, {"conventions": "sans"}))) == {"A", "B"}


def test_merged_files_are_apart(officer):
    kept, gone = PartnerFactory(name="Reste"), PartnerFactory(name="Part")
    partners.merge(gone, kept, by=officer.user)
    assert "Part" not in names(officer.get(LIST))
    assert names(officer.get(LIST, {"fiches": "fusionnees"})) == ["Part"]
    html = officer.get(reverse("admin:conventions_partner_change", args=[gone.pk])).content.decode()
    assert "Cette fiche a été fusionnée avec" in html
    assert 'name="_save"' not in html


def test_empty_search_says_what_to_do(officer):
    html = officer.get(LIST, {"q": "introuvable"}).content.decode()
    assert "Rien ne correspond" in html
    assert "Tout afficher" in html


def test_export_follows_the_filters_in_both_formats(officer):
    partner = PartnerFactory(name="=Piège", commune=Area.objects.get(slug="poya"), phone="+687 82.77.67")
    RepresentativeFactory(partner=partner, first_name="Ève", last_name="MARTIN", title="présidente")
    PartnerFactory(name="Ailleurs")
    response = officer.get(f"{LIST}export/csv/", {"province": "province-nord"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text), delimiter=";"))
    assert [(row["Nom"], row["Province"], row["Téléphone"]) for row in rows] == [
        ("'=Piège", "Province Sud et Province Nord", "'+687 82.77.67")
    ]
    assert rows[0]["Représentants en fonction"] == "Ève MARTIN, présidente"
    book = officer.get(f"{LIST}export/xlsx/", {"province": "province-nord"})
    sheet = load_workbook(BytesIO(book.content)).active
    assert sheet["A2"].value == "=Piège"
    assert sheet["A2"].data_type == "s"


def test_autocompletion_finds_without_accents_and_skips_merged(officer):
    kept, gone = PartnerFactory(name="Les Kimonos du Cœur"), PartnerFactory(name="Kimonos bis")
    partners.merge(gone, kept, by=officer.user)
    query = {
        "app_label": "conventions",
        "model_name": "project",
        "field_name": "holder",
        "term": "kimonos coeur",
    }
    found = officer.get("/admin/autocomplete/", query).json()["results"]
    assert found == [{"id": str(kept.pk), "text": "Les Kimonos du Cœur"}]
    again = officer.get("/admin/autocomplete/", query | {"term": "kimonos"}).json()["results"]
    assert [row["id"] for row in again] == [str(kept.pk)]


# -- bank accounts ------------------------------------------------------------------------------------------


def test_account_is_added_masked_with_its_file(officer):
    partner = PartnerFactory()
    file = SimpleUploadedFile("rib.pdf", small_pdf("RIB"), content_type="application/pdf")
    response = officer.post(page("bank", partner.pk), {"number": IBAN, "holder": "Association", "file": file})
    assert response.status_code == 302
    account = BankAccount.objects.get(partner=partner)
    assert account.attachment.kind == "rib"
    html = officer.get(page("bank", partner.pk)).content.decode()
    assert account.iban_masked in html
    assert IBAN not in html.replace("\u00a0", "")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("FR76 1", "Cet IBAN n’est pas complet."),
        (WRONG_KEY, "Dans cet IBAN, la clé RIB (les deux derniers chiffres)"),
    ],
)
def test_wrong_number_is_told_beside_its_field_and_kept(officer, typed, message):
    partner = PartnerFactory()
    response = officer.post(page("bank", partner.pk), {"number": typed, "holder": "Association"})
    assert response.status_code == 200
    assert [name for name, errors in response.context["form"].errors.items() if message in errors[0]] == [
        "number"
    ]
    assert f'value="{typed}"' in response.content.decode()
    assert BankAccount.objects.count() == 0


def test_wrong_number_of_before_reads_on_with_an_advice(as_role, officer, settings):
    sound, wrong = BankAccountFactory(), BankAccountFactory(iban=WRONG_KEY)
    assert [ADVICE in text(officer.get(page("bank", row.partner_id))) for row in (sound, wrong)] == [
        False,
        True,
    ]
    shown = as_role(Role.ACCOUNTANT).post(page("bank_reveal", wrong.partner_id, wrong.pk))
    assert "FR23 1416 8000 0101 2345 6789 011" in text(shown)
    officer.post(page("bank_use", wrong.partner_id, wrong.pk))
    assert ADVICE not in text(officer.get(page("bank", wrong.partner_id)))
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]
    assert [batch.renewed for batch in key_rotation.rotate_keys()] == [2, 0, 0, 0]


def test_account_that_no_key_opens_has_no_advice(officer, settings):
    account = BankAccountFactory(iban=WRONG_KEY)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    answer = officer.get(page("bank", account.partner_id))
    assert (answer.status_code, ADVICE in text(answer)) == (200, False)


@pytest.mark.parametrize("role", Role.values)
def test_number_in_full_is_for_officers_and_the_accountant(as_role, role):
    partner = PartnerFactory()
    account = bank_accounts.add_account(partner, number=IBAN, holder="X", by=UserFactory(role=Role.OFFICER))
    response = as_role(role).post(page("bank_reveal", partner.pk, account.pk))
    if role in {Role.OFFICER, Role.ACCOUNTANT}:
        assert IBAN in response.content.decode().replace("\u00a0", "")
        assert response["Cache-Control"].startswith("no-store")
        assert JournalEntry.objects.filter(event="compte_bancaire_consulte").count() == 1
    else:
        assert response.status_code == 403
        assert not JournalEntry.objects.filter(event="compte_bancaire_consulte").exists()


def test_number_in_full_needs_a_post_and_the_right_partner(officer):
    partner = PartnerFactory()
    account = bank_accounts.add_account(partner, number=IBAN, holder="X", by=officer.user)
    assert officer.get(page("bank_reveal", partner.pk, account.pk)).status_code == 405
    assert officer.post(page("bank_reveal", PartnerFactory().pk, account.pk)).status_code == 404


def test_account_is_set_aside_and_taken_up_again(officer):
    partner = PartnerFactory()
    account = bank_accounts.add_account(partner, number=IBAN, holder="X", by=officer.user)
    for expected in (False, True):
        officer.post(page("bank_use", partner.pk, account.pk))
        account.refresh_from_db()
        assert account.active is expected


# -- attachments ---------------------------------------------------------------------------------------------


def test_attachment_is_filed_and_comes_back(officer):
    partner, content = PartnerFactory(), small_pdf("Statuts")
    file = SimpleUploadedFile("statuts.pdf", content, content_type="application/pdf")
    response = officer.post(
        page("files", partner.pk), {"file": file, "kind": "statuts", "title": "Statuts 2026"}
    )
    assert response.status_code == 302
    row = Attachment.objects.get(partner=partner)
    download = officer.get(page("file", partner.pk, row.pk))
    assert b"".join(download.streaming_content) == content
    assert download["Content-Disposition"] == 'attachment; filename="statuts.pdf"'


def test_attachment_of_a_wrong_kind_is_refused(officer):
    partner = PartnerFactory()
    file = SimpleUploadedFile("virus.pdf", b"MZ rien d'un PDF", content_type="application/pdf")
    response = officer.post(page("files", partner.pk), {"file": file, "kind": "statuts"})
    assert list(response.context["form"].errors) == ["file"]
    assert Attachment.objects.count() == 0


def test_bank_statement_is_for_those_who_may_read_accounts(as_role):
    partner = PartnerFactory()
    row = AttachmentFactory(convention=None, partner=partner, kind="rib")
    assert as_role(Role.READER).get(page("file", partner.pk, row.pk)).status_code == 403
    download = as_role(Role.ACCOUNTANT).get(page("file", partner.pk, row.pk))
    assert b"".join(download.streaming_content).startswith(b"%PDF")
    assert JournalEntry.objects.get().event == "rib_consulte"


# -- merging -------------------------------------------------------------------------------------------------


def test_merge_asks_for_a_confirmation_then_leads_to_the_kept_file(officer):
    gone, kept = PartnerFactory(), PartnerFactory()
    response = officer.post(page("merge", gone.pk), {"target": kept.pk})
    assert list(response.context["form"].errors) == ["confirmed"]
    done = officer.post(page("merge", gone.pk), {"target": kept.pk, "confirmed": "on"})
    assert done.url == reverse("admin:conventions_partner_change", args=[kept.pk])
    gone.refresh_from_db()
    assert gone.merged_into == kept


def test_merge_refusal_is_told_beside_the_choice(officer):
    from conventions.tests.factories import PartyFactory

    convention = ConventionFactory()
    one = convention.parties.get(role="beneficiaire").partner
    other = PartyFactory(convention=convention).partner
    response = officer.post(page("merge", one.pk), {"target": other.pk, "confirmed": "on"})
    assert list(response.context["form"].errors) == ["target"]
    assert convention.title in response.content.decode()


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.OFFICER}))
def test_pages_that_write_are_closed_to_other_roles(as_role, role):
    client, partner = as_role(role), PartnerFactory()
    assert client.get(page("merge", partner.pk)).status_code == 403
    assert client.post(page("bank", partner.pk), {"number": IBAN, "holder": "X"}).status_code == 403
    assert client.post(page("files", partner.pk), {}).status_code == 403
    assert client.get(page("bank", partner.pk)).status_code == 200
