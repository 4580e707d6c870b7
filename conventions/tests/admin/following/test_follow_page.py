"""The page « Suivi »: who may record what, errors beside the field, files kept, the remise from end to end."""

import datetime
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain import following
from conventions.domain.acts import handover
from conventions.enums import DocumentKind, Role
from conventions.models import (
    Attachment,
    EquipmentItem,
    Handover,
    PaperRule,
    Payment,
    ReportReceived,
    Return,
    Sanitisation,
)
from conventions.tests import factories as f
from conventions.tests.pdf.reading import text_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate().isoformat()
TOMORROW = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()


@pytest.fixture
def convention():
    convention = f.ConventionFactory(
        act="signe",
        act__fundings=[{"amount": 500_000}],
        act__instalments=[{"label": "solde", "amount": 500_000}],
        act__equipment=[{"nature": "ordinateur", "quantity": 3}],
        act__in_kind=[{"loan": True, "quantity": 1}],
        act__obligations=[{}],
    )
    f.account_of(convention)
    PaperRule.objects.all().delete()  # what a missing paper refuses is tried with the steps of a payment
    return convention


@pytest.fixture
def act(convention):
    return convention.acts.get()


def url(convention, code="", **row):
    name = f"follow_{code}" if code else "follow"
    return reverse(f"admin:conventions_convention_{name}", kwargs={"pk": convention.pk, **row})


def post(client, convention, code, row=None, **values):
    return client.post(url(convention, code, **({"row": row} if row else {})), values)


def errors_of(response, code, row=None) -> dict:
    panels = response.context["panels"]
    panel = panels.get(code.replace("-", "_"))
    return dict(panel.form.errors)


def page_text(response) -> str:
    return unescape(response.content.decode())


# -- payments ---------------------------------------------------------------------------------------------
def test_officer_sends_a_payment_and_comes_back_to_the_section(as_role, convention, act):
    line = act.instalmentterm_set.get()
    response = post(
        as_role(Role.OFFICER), convention, "versement", instalment=line.pk, amount="500 000", sent_on=TODAY
    )
    assert response["Location"] == url(convention) + "#versements"
    payment = Payment.objects.get()
    assert (payment.amount, payment.instalment, payment.paid_on) == (500_000, line, None)


def test_officer_posting_a_paid_date_only_sends(as_role, convention):
    post(
        as_role(Role.OFFICER),
        convention,
        "versement",
        amount="1",
        sent_on=TODAY,
        paid_on=TODAY,
        reference="M-1",
    )
    payment = Payment.objects.get()
    assert (payment.paid_on, payment.reference) == (None, "")


def test_accountant_pays_what_was_sent(as_role, convention):
    payment = f.PaymentFactory(convention=convention, funding=None)
    response = post(as_role(Role.ACCOUNTANT), convention, "paye", payment.pk, paid_on=TODAY, reference="M-9")
    payment.refresh_from_db()
    assert (response.status_code, payment.paid_on.isoformat(), payment.reference) == (302, TODAY, "M-9")


def test_payment_beyond_what_is_granted_is_not_sent_and_recorded_with_a_warning_once_paid(
    as_role, convention
):
    client = as_role(Role.ACCOUNTANT)
    response = post(client, convention, "versement", amount="600 000", sent_on=TODAY)
    assert list(errors_of(response, "versement")) == ["amount"]
    post(client, convention, "versement", amount="600 000", paid_on=TODAY)
    told = [str(message) for message in client.get(url(convention)).context["messages"]]
    assert told[1].replace("\u202f", " ").replace("\u00a0", " ") == (
        "Les versements dépassent de 100 000 F CFP ce qui est accordé. Vérifiez les montants."
    )


def test_wrong_payment_keeps_what_was_typed_beside_its_error(as_role, convention):
    response = post(as_role(Role.OFFICER), convention, "versement", amount="12 patates", sent_on=TOMORROW)
    assert sorted(errors_of(response, "versement")) == ["amount", "sent_on"]
    assert 'value="12 patates"' in page_text(response)
    assert Payment.objects.count() == 0


def test_instalment_link_prefills_the_form(as_role, convention, act):
    line = act.instalmentterm_set.get()
    response = as_role(Role.OFFICER).get(url(convention), {"preparer": line.pk})
    panel = response.context["panels"]["preparer"]
    assert (panel.is_open, panel.form.initial["instalment"], panel.form.initial["amount"]) == (
        True,
        line,
        500_000,
    )


def test_rows_of_another_convention_are_not_choices(as_role):
    convention = f.ConventionFactory(
        act="signe",
        act__fundings=[{"budget_year": 2026}, {"budget_year": 2027}],
        act__instalments=[{}],
        act__equipment=[{}],
        act__obligations=[{}],
    )
    other = f.ConventionFactory(
        act="signe", act__fundings=[{}], act__instalments=[{}], act__equipment=[{}], act__obligations=[{}]
    )
    theirs = other.acts.get()
    client = as_role("superuser")
    answer = post(
        client,
        convention,
        "versement",
        amount="1",
        sent_on=TODAY,
        instalment=theirs.instalmentterm_set.get().pk,
        funding=theirs.funding_set.get().pk,
    )
    assert sorted(errors_of(answer, "versement")) == ["funding", "instalment"]
    answer = post(client, convention, "appareils", term=theirs.equipmentterm_set.get().pk, devices="SN-1")
    assert list(errors_of(answer, "appareils")) == ["term"]
    answer = post(
        client, convention, "compte-rendu", obligation=theirs.obligation_set.get().pk, received_on=TODAY
    )
    assert list(errors_of(answer, "compte-rendu")) == ["obligation"]
    payment = f.PaymentFactory()
    assert post(client, convention, "paye", payment.pk, paid_on=TODAY).status_code == 404
    report = f.ReportReceivedFactory()
    assert post(client, convention, "accepte", report.pk, accepted_on=TODAY).status_code == 404
    payment.refresh_from_db()
    assert (Payment.objects.count(), payment.paid_on, EquipmentItem.objects.count()) == (1, None, 0)


# -- equipment --------------------------------------------------------------------------------------------
@pytest.mark.pdf
def test_equipment_goes_from_serials_to_its_signed_paper(as_role, convention, act):
    client, term = as_role(Role.LOGISTICS), act.equipmentterm_set.get()
    post(client, convention, "appareils", term=term.pk, devices="SN-1;INV-1\r\nSN-2", note="bon état")
    items = list(EquipmentItem.objects.order_by("pk"))
    assert [(item.serial, item.inventory_tag, item.note) for item in items] == [
        ("SN-1", "INV-1", "bon état"),
        ("SN-2", "", "bon état"),
    ]
    given = {"items": [item.pk for item in items], "handed_on": TODAY, "place": "Nouméa"}
    people = {"given_by": "Noa AGENT, logistique", "received_by": "Alix PRÉSIDENT, président"}
    blocked = post(client, convention, "remise", **given, **people)
    assert blocked.context["panels"]["remise"].form.non_field_errors() == [
        f"L’appareil {item} contient des données : enregistrez d’abord leur effacement." for item in items
    ]
    assert Handover.objects.count() == 0
    post(
        client, convention, "effacement", items=[item.pk for item in items], method="ecrasement", erased_on=TODAY,
        agent="Noa AGENT", certificate="C-1", file=SimpleUploadedFile("certificat.pdf", f.small_pdf("certificat")),
    )  # fmt: skip
    assert {(row.certificate, row.attachment.original_name) for row in Sanitisation.objects.all()} == {
        ("C-1", "certificat.pdf")
    }
    done = post(client, convention, "remise", **given, **people)
    document = Handover.objects.get().document
    assert (done.status_code, document.kind, document.act) == (302, DocumentKind.HANDOVER, act)
    link = reverse("admin:conventions_convention_document", args=[convention.pk, document.pk])
    page = client.get(url(convention))
    assert link in page_text(page)
    words = text_of(b"".join(client.get(link).streaming_content))
    assert [serial in words for serial in ("SN-1", "SN-2", "Alix PRÉSIDENT")] == [True, True, True]


def test_too_many_devices_are_refused_and_kept_in_the_box(as_role, convention, act):
    term = act.equipmentterm_set.get()
    response = post(as_role(Role.LOGISTICS), convention, "appareils", term=term.pk, devices="A\nB\nC\nD")
    form = response.context["panels"]["appareils"].form
    assert (len(form.non_field_errors()), form["devices"].value()) == (1, "A\nB\nC\nD")
    response = post(as_role(Role.LOGISTICS), convention, "appareils", term=term.pk, devices="A;1;2")
    assert errors_of(response, "appareils") == {
        "devices": ["Ligne 1 : écrivez le numéro de série, puis au plus le numéro d’inventaire."]
    }
    assert EquipmentItem.objects.count() == 0


def test_one_refused_erasure_leaves_none_and_no_file(as_role, convention, act, monkeypatch):
    logistics = f.UserFactory(role=Role.LOGISTICS)
    items = handover.set_aside(act.equipmentterm_set.get(), [("A", ""), ("B", "")], by=logistics)
    values = {"method": "ecrasement", "erased_on": TODAY, "agent": "  ", "items": [item.pk for item in items]}
    response = post(as_role(logistics), convention, "effacement", **values)
    assert (list(errors_of(response, "effacement")), Sanitisation.objects.count()) == (["agent"], 0)


# -- reports, loans, review, closing ----------------------------------------------------------------------
def test_file_of_a_report_that_failed_is_kept_and_filed_next_time(as_role, convention, act):
    client, obligation = as_role(Role.OFFICER), act.obligation_set.get()
    file = SimpleUploadedFile("bilan.pdf", f.small_pdf("bilan"))
    failed = post(
        client, convention, "compte-rendu", obligation=obligation.pk, received_on=TOMORROW, file=file
    )
    kept = Attachment.objects.get(pending=True)
    assert list(errors_of(failed, "compte-rendu")) == ["received_on"]
    assert f'name="kept" value="{kept.pk}"' in page_text(failed)
    post(
        client,
        convention,
        "compte-rendu",
        obligation=obligation.pk,
        received_on=TODAY,
        kept=kept.pk,
        spent="9 000",
    )
    report = ReportReceived.objects.get()
    kept.refresh_from_db()
    assert (report.attachment, report.spent, kept.pending) == (kept, 9_000, False)


def test_file_kept_for_someone_else_is_not_taken(as_role, convention, act):
    theirs = f.AttachmentFactory(convention=convention, pending=True, uploaded_by=f.UserFactory(staff=True))
    obligation = act.obligation_set.get()
    client = as_role(Role.OFFICER)
    post(client, convention, "compte-rendu", obligation=obligation.pk, received_on=TODAY, kept=theirs.pk)
    theirs.refresh_from_db()
    assert (ReportReceived.objects.get().attachment, theirs.pending) == (None, True)


def test_wrong_file_is_told_beside_its_field(as_role, convention, act):
    file = SimpleUploadedFile("bilan.pdf", b"rien")
    values = {"obligation": act.obligation_set.get().pk, "received_on": TODAY, "file": file}
    response = post(as_role(Role.OFFICER), convention, "compte-rendu", **values)
    assert (list(errors_of(response, "compte-rendu")), Attachment.objects.count()) == (["file"], 0)


def test_report_is_accepted_from_its_line(as_role, convention, act, officer):
    report = following.record_report(act.obligation_set.get(), received_on=timezone.localdate(), by=officer)
    client = as_role(officer)
    early = post(client, convention, "accepte", report.pk, accepted_on="2001-01-01")
    assert "L’acceptation précède la réception. Corrigez la date." in page_text(early)
    post(client, convention, "accepte", report.pk, accepted_on=TODAY)
    report.refresh_from_db()
    assert report.accepted_on.isoformat() == TODAY


@pytest.fixture
def officer():
    return f.UserFactory(role=Role.OFFICER)


def test_loan_comes_back(as_role, convention, act):
    client, loan = as_role(Role.LOGISTICS), act.inkind_set.get()
    refused = post(client, convention, "pret", in_kind=loan.pk, returned_on=TODAY, quantity="2")
    assert list(errors_of(refused, "pret")) == ["quantity"]
    post(client, convention, "pret", in_kind=loan.pk, returned_on=TODAY, condition="bon état")
    assert Return.objects.get().condition == "bon état"
    assert client.get(url(convention)).context["panels"]["pret"] is None


def test_review_then_closing_that_must_be_confirmed(as_role, convention):
    client = as_role(Role.OFFICER)
    post(
        client, convention, "bilan", reviewed_on=TODAY, conclusion="Les engagements sont tenus.", renew="oui"
    )
    assert convention.reviews.get().renew is True
    refused = post(client, convention, "cloture", closed_on=TODAY)
    assert list(errors_of(refused, "cloture")) == ["confirmed"]
    post(client, convention, "cloture", closed_on=TODAY, confirmed="on")
    convention.refresh_from_db()
    assert convention.closed_on.isoformat() == TODAY
    assert client.get(url(convention)).context["panels"]["cloture"] is None


# -- who sees and writes ----------------------------------------------------------------------------------
FORMS = {
    Role.OFFICER: {"versement", "preparer", "appareils", "compte_rendu", "pret", "bilan", "cloture"},
    Role.ACCOUNTANT: {"versement", "preparer"},
    Role.LOGISTICS: {"appareils", "pret"},
    Role.LAWYER: set(),
    Role.DIRECTOR: set(),
    Role.COMMUNICATION: set(),
    Role.READER: set(),
}


@pytest.mark.parametrize("role", FORMS)
def test_each_role_is_offered_what_it_may_record(as_role, convention, role):
    panels = as_role(role).get(url(convention)).context["panels"]
    assert {code for code, panel in panels.items() if panel} == FORMS[role]


@pytest.mark.parametrize("role", ["president", "anonymous"])
def test_page_is_for_staff(as_role, convention, role):
    assert as_role(role).get(url(convention)).status_code == 302


def test_unsigned_convention_has_no_follow_up(as_role):
    draft = f.ConventionFactory()
    client = as_role(Role.OFFICER)
    back = client.get(url(draft))
    assert back["Location"] == reverse("admin:conventions_convention_change", args=[draft.pk])
    assert post(client, draft, "bilan", reviewed_on=TODAY, conclusion="Non.").status_code == 403
    assert draft.reviews.count() == 0


def test_reading_the_address_of_a_form_goes_back_to_the_page(as_role, convention):
    response = as_role(Role.READER).get(url(convention, "remise"))
    assert response["Location"] == url(convention) + "#materiel"


def test_dashboard_buttons_lead_to_the_section(as_role, convention):
    html = as_role(Role.LOGISTICS).get("/admin/").content.decode()
    assert url(convention) + "#materiel" in html


def test_signed_convention_leads_to_its_follow_up_and_a_draft_does_not(as_role, convention):
    client = as_role(Role.READER)
    assert (
        url(convention)
        in client.get(reverse("admin:conventions_convention_change", args=[convention.pk])).content.decode()
    )
    draft = f.ConventionFactory()
    page = client.get(reverse("admin:conventions_convention_change", args=[draft.pk])).content.decode()
    assert url(draft) not in page


@pytest.mark.parametrize("count", [1, 30])
def test_page_costs_the_same_for_1_and_30(as_role, query_budget, count):
    convention = f.ConventionFactory(
        act="signe",
        act__fundings=[{}] * count,
        act__instalments=[{}] * count,
        act__equipment=[{"lot": True}] * count,
        act__in_kind=[{"loan": True}] * count,
        act__obligations=[{}] * count,
    )
    act = convention.acts.get()
    for term in act.equipmentterm_set.all():
        item = f.EquipmentItemFactory(equipment=term)
        f.SanitisationFactory(
            medium__device=item.device, attachment=f.AttachmentFactory(convention=convention)
        )
        f.HandoverFactory(act=act).items.add(item)
    for row in act.instalmentterm_set.all():
        f.PaymentFactory(convention=convention, funding=None, instalment=row)
    for row in act.inkind_set.all():
        f.ReturnFactory(in_kind=row)
    for row in act.obligation_set.all():
        f.ReportReceivedFactory(obligation=row, attachment=f.AttachmentFactory(convention=convention))
        f.ReviewFactory(convention=convention)
    client = as_role("superuser")
    client.get(url(convention))
    with query_budget(30) as captured:
        assert client.get(url(convention)).status_code == 200
    SEEN.append(len(captured))
    assert set(SEEN) == {SEEN[0]}


SEEN: list[int] = []


def test_a_lot_of_the_archive_reads_with_its_number_and_without_its_serials(as_role):
    """As the ten computers of 14 March 2023: nothing asks for serials that nobody noted."""
    line = {"nature": "ordinateurs de bureautique réformés", "quantity": 10}
    convention = f.ConventionFactory(reprise=True, act__equipment=[line])
    page = as_role("logistique").get(url(convention)).content.decode()
    assert "10, séries non relevées" in page
    assert "Rien n’est encore préparé" not in page
