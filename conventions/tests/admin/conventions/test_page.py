"""The one page: what is typed is saved, refused beside its field, or kept."""

import datetime
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from conventions.enums import AmountStatus
from conventions.models import Attachment, Convention, JournalEntry, Kind, Signatory
from conventions.tests.admin.conventions.browser_post import add_line, form_data
from conventions.tests.factories import (
    AttachmentFactory,
    BoardDecisionFactory,
    ConventionFactory,
    EquipmentTermFactory,
    FundingFactory,
    PartnerFactory,
    PhotoFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
    small_pdf,
)

FUNDING = {"budget_year": 2027, "status": "connu", "figure": "accorde", "publishable": "on"}


def last_changes(convention) -> dict:
    entry = JournalEntry.objects.filter(convention=convention).order_by("-sequence").first()
    return json.loads(entry.payload)["changes"]


def test_saving_an_untouched_page_changes_nothing(as_role, officer, draft, page_of):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    response = client.post(page_of(draft), data)
    assert response.status_code == 302
    assert JournalEntry.objects.filter(convention=draft).count() == 1
    assert Convention.objects.get().version == 1


def test_saving_tells_the_journal_before_and_after(as_role, officer, draft, page_of):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["title"] = ["Dojo solidaire (fictif)"]
    data["ends_on"] = ["2028-12-31"]
    client.post(page_of(draft), data)
    assert last_changes(draft) == {
        "convention.title": ["Dojo (fictif)", "Dojo solidaire (fictif)"],
        "act.ends_on": ["2027-12-31", "2028-12-31"],
    }
    assert Convention.objects.get().version == 2


@pytest.mark.parametrize(
    ("typed", "amount"), [("2 000 000 F CFP", 2_000_000), ("2 M", 2_000_000), ("500 k", 500_000)]
)
def test_amount_is_read_as_people_write_it(as_role, officer, draft, page_of, the_act, typed, amount):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["funding-0-amount"] = [typed]
    client.post(page_of(draft), data)
    row = the_act.funding_set.get()
    assert (row.amount, row.status, row.budget_year) == (amount, AmountStatus.KNOWN, 2027)


def test_unreadable_amount_stays_typed_with_its_reason(as_role, officer, draft, page_of, the_act):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["funding-0-amount"] = ["abc"]
    data["title"] = ["Titre gardé (fictif)"]
    page = client.post(page_of(draft), data)
    form = page.context["sheet"].formsets["funding"].forms[0]
    assert list(form.errors) == ["amount"]
    assert form["amount"].value() == "abc"
    assert page.context["sheet"].convention_form["title"].value() == "Titre gardé (fictif)"
    assert page.context["faults"] == [("soutien", "Soutien de l’OPT-NC")]
    assert the_act.funding_set.count() == 0


def test_known_without_amount_and_unknown_with_one_are_refused(as_role, officer, draft, page_of):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["funding-0-label"] = ["Subvention"]
    add_line(data, "funding", **FUNDING | {"status": "inconnu", "amount": "500 000"})
    page = client.post(page_of(draft), data)
    errors = [form.errors for form in page.context["sheet"].formsets["funding"]]
    assert [list(error) for error in errors] == [["amount"], ["amount"]]


def test_every_kind_of_line_is_saved(as_role, officer, draft, page_of, the_act):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    party = draft.parties.last()
    add_line(data, "attendee", civility="mme", first_name="Lou", last_name="TÉMOIN (fictif)", title="maire")
    add_line(data, "instalmentterm", label="solde", amount="1 M", due_on="2027-06-30")
    add_line(
        data, "inkind", kind="pret", description="téléphone", quantity=1, status="inconnu", amount="30 000"
    )
    add_line(data, "obligation", kind="autre", text="Inviter l’OPT-NC", party=party.pk)
    add_line(data, "clause", position=95, heading="Divers", body="Texte libre.")
    add_line(data, "source", title="Communiqué", publishable="on", url="https://exemple.invalid/x")
    assert client.post(page_of(draft), data).status_code == 302
    loan = the_act.inkind_set.get()
    assert the_act.attendees.get().last_name == "TÉMOIN (fictif)"
    assert the_act.instalmentterm_set.get().amount == 1_000_000
    assert (loan.amount, loan.status) == (30_000, AmountStatus.KNOWN)
    assert the_act.obligation_set.get(text="Inviter l’OPT-NC").party == party
    assert the_act.clause_set.get(heading="Divers").differs_from_template
    assert draft.sources.get().title == "Communiqué"


def test_names_of_people_go_to_the_erasable_side_of_the_journal(as_role, officer, draft, page_of, the_act):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["signatory-0-title"] = ["directeur général par intérim"]
    client.post(page_of(draft), data)
    person = Signatory.objects.filter(act=the_act).first()
    entry = JournalEntry.objects.filter(convention=draft).order_by("-sequence").first()
    key = f"signatory.{person.pk}.title"
    assert json.loads(entry.payload)["changes"] == {}
    assert entry.personal.data == {
        key: ["directeur général", "directeur général par intérim"],
        "lignes": {f"signatory.{person.pk}": str(person)},
    }
    assert str(person) not in entry.payload


def test_signatory_typed_by_hand_is_linked_to_the_mandate_of_that_name(
    as_role, officer, draft, page_of, the_act
):
    person = the_act.signatories.last()
    mandate = person.representative
    Signatory.objects.filter(pk=person.pk).update(representative=None)
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["signatory-1-title"] = ["présidente en exercice"]
    client.post(page_of(draft), data)
    person.refresh_from_db()
    assert person.representative == mandate


def test_wrong_dates_are_told_beside_the_end(as_role, officer, draft, page_of):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["ends_on"] = ["2026-01-01"]
    page = client.post(page_of(draft), data)
    assert page.context["sheet"].act_form.errors == {
        "ends_on": ["La date de fin précède la prise d’effet. Corrigez l’une des deux dates."]
    }


def test_new_project_decision_and_ceremony_are_made_on_the_way(as_role, officer, draft, page_of, the_act):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["new_project"] = ["Dojo solidaire"]
    data["new_decision_number"], data["new_decision_date"] = ["12-FICTIF"], ["2026-11-02"]
    data["new_ceremony_title"], data["new_ceremony_date"] = ["Signature (fictif)"], ["2027-01-15"]
    client.post(page_of(draft), data)
    the_act.refresh_from_db()
    draft.refresh_from_db()
    assert (draft.project.name, draft.project.holder) == ("Dojo solidaire", draft.parties.last().partner)
    assert the_act.board_decision.decided_on == datetime.date(2026, 11, 2)
    assert the_act.ceremony.held_on == datetime.date(2027, 1, 15)


def test_articles_follow_the_file_until_someone_writes_one(as_role, officer, draft, page_of, the_act):
    client = as_role(officer)
    before = {row.template.variant for row in the_act.clause_set.filter(code="versement")}
    data = form_data(client.get(page_of(draft)))
    data["funding-0-amount"] = ["2 M"]
    client.post(page_of(draft), data)
    codes = list(the_act.clause_set.values_list("code", flat=True))
    assert len(codes) == len(set(codes))
    assert {row.template.variant for row in the_act.clause_set.all()} != before
    assert "montant_connu" in {
        row.template.condition for row in the_act.clause_set.select_related("template")
    }


def test_article_written_by_hand_stays_when_the_file_changes(as_role, officer, draft, page_of, the_act):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["clause-0-body"] = ["Un texte à nous."]
    client.post(page_of(draft), data)
    data = form_data(client.get(page_of(draft)))
    data["funding-0-amount"] = ["2 M"]
    client.post(page_of(draft), data)
    client.post(reverse("admin:conventions_convention_clauses", args=[draft.pk]))
    assert the_act.clause_set.first().body == "Un texte à nous."
    assert "montant_connu" in {
        row.template.condition for row in the_act.clause_set.select_related("template")
    }


def test_unknown_merge_field_in_an_article_is_refused_with_its_line(as_role, officer, draft, page_of):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["clause-0-body"] = ["Bonjour.\n{{ montant_totale }}"]
    page = client.post(page_of(draft), data)
    [message] = page.context["sheet"].formsets["clause"].forms[0].errors["body"]
    assert message.startswith("Ligne 2\u00a0: Champ inconnu")


def test_opt_cannot_stop_being_a_party(as_role, officer, draft, page_of):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["party-0-DELETE"] = ["on"]
    page = client.post(page_of(draft), data)
    assert page.context["sheet"].formsets["party"].non_form_errors() == [
        "L’OPT-NC est toujours partie à la convention. Rétablissez sa ligne."
    ]
    assert draft.parties.count() == 2


def test_files_of_a_failed_form_are_kept_then_attached(as_role, officer, draft, page_of):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    pdf = small_pdf("statuts")
    files = [
        SimpleUploadedFile("statuts.pdf", pdf, "application/pdf"),
        SimpleUploadedFile("virus.exe", b"MZ"),
    ]
    page = client.post(page_of(draft), data | {"uploads": files})
    kept = Attachment.objects.get()
    assert (kept.pending, kept.original_name, kept.convention) == (True, "statuts.pdf", draft)
    assert page.context["pending"] == [kept]
    assert page.context["sheet"].upload_form.errors["uploads"][0].startswith("virus.exe : Ce type de fichier")
    client.post(page_of(draft), data)
    kept.refresh_from_db()
    assert kept.pending is False


def test_too_heavy_file_is_refused_with_its_size(as_role, officer, draft, page_of, settings):
    settings.UPLOAD_MAX_BYTES = 1024
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    upload = SimpleUploadedFile("gros.pdf", small_pdf("x") + b" " * 2048, "application/pdf")
    page = client.post(page_of(draft), data | {"uploads": [upload]})
    assert (
        page.context["sheet"]
        .upload_form.errors["uploads"][0]
        .startswith("gros.pdf : Ce fichier est trop lourd")
    )
    assert Attachment.objects.count() == 0


def test_attachment_is_downloaded_by_readers_and_filed_once(as_role, officer, draft, page_of):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    content = small_pdf("budget")
    client.post(
        page_of(draft),
        data | {"uploads": [SimpleUploadedFile("budget.pdf", content)], "upload_kind": "budget"},
    )
    row = Attachment.objects.get()
    url = reverse("admin:conventions_convention_attachment", args=[draft.pk, row.pk])
    assert b"".join(as_role("lecture").get(url).streaming_content) == content
    assert (row.kind, row.pending) == ("budget", False)


def picture() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "PNG")
    return SimpleUploadedFile("remise.png", buffer.getvalue(), "image/png")


def test_photo_is_stored_with_its_credit(as_role, draft, page_of):
    client = as_role("communication")
    data = form_data(client.get(page_of(draft)))
    add_line(data, "photo", alternative_text="La remise", credit="OPT-NC", image="")
    client.post(page_of(draft), data | {"photo-0-image": picture()})
    photo = draft.photos.get()
    assert (photo.width, photo.height, photo.credit, photo.publishable) == (40, 30, "OPT-NC", False)


def test_photo_of_children_is_not_publishable_without_consent(as_role, draft, page_of):
    client = as_role("communication")
    data = form_data(client.get(page_of(draft)))
    add_line(
        data, "photo", alternative_text="Un cours", credit="OPT-NC", shows_children="on", publishable="on"
    )
    page = client.post(page_of(draft), data | {"photo-0-image": picture()})
    errors = page.context["sheet"].formsets["photo"].forms[0].errors
    assert list(errors) == ["consent"]
    assert draft.photos.count() == 0


def test_retired_choices_already_held_stay_on_the_page(as_role, officer, draft, page_of):
    left = UserFactory(role="gestionnaire", is_active=False)
    project = ProjectFactory(is_demo=True)
    Kind.objects.filter(pk=draft.kind_id).update(active=False)
    Convention.objects.filter(pk=draft.pk).update(officer=left, project=project)
    partner = draft.parties.last().partner
    partner.merged_into = PartnerFactory()
    partner.save()
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    assert client.post(page_of(draft), data | {"notes": ["Vu."]}).status_code == 302
    draft.refresh_from_db()
    assert (draft.officer, draft.project, draft.parties.last().partner) == (left, project, partner)


def test_attachment_cited_by_a_decision_is_kept(as_role, officer, draft, page_of):
    cited, free = AttachmentFactory(convention=draft), AttachmentFactory(convention=draft)
    BoardDecisionFactory(attachment=cited)
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    rank = {data[f"attachment-{rank}-id"][0]: rank for rank in (0, 1)}
    page = client.post(page_of(draft), data | {f"attachment-{rank[str(cited.pk)]}-DELETE": ["on"]})
    assert len(page.context["sheet"].formsets["attachment"].non_form_errors()) == 1
    client.post(page_of(draft), data | {f"attachment-{rank[str(free.pk)]}-DELETE": ["on"]})
    assert list(draft.attachments.all()) == [cited]


def test_one_more_line_is_given_by_the_server_to_a_page_without_script(
    as_role, officer, draft, page_of, the_act
):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["title"] = [""]
    page = client.post(page_of(draft), data | {"_ajouter": "inkind"})
    assert len(page.context["sheet"].formsets["inkind"].forms) == 1
    assert page.context["failed"] is False
    assert page.context["sheet"].convention_form.errors == {}
    assert the_act.inkind_set.count() == 0


def test_page_costs_the_same_with_1_or_30_lines(as_role, officer, draft, page_of, the_act, query_budget):
    client = as_role(officer)
    EquipmentTermFactory(act=the_act)
    FundingFactory(act=the_act)
    SourceFactory(convention=draft)
    PhotoFactory(convention=draft)
    with query_budget(110) as few:
        client.get(page_of(draft))
    for _rank in range(29):
        EquipmentTermFactory(act=the_act)
        FundingFactory(act=the_act)
        SourceFactory(convention=draft)
        PhotoFactory(convention=draft)
    with query_budget(len(few)):
        client.get(page_of(draft))


@pytest.mark.parametrize(("count", "folded"), [(20, False), (21, True)])
def test_a_long_table_that_is_only_read_is_folded_with_its_count(as_role, page_of, count, folded):
    convention = ConventionFactory(act="signe", act__equipment=[{"serial": f"N{n}"} for n in range(count)])
    html = as_role("lecture").get(page_of(convention)).content.decode()
    assert (f"<summary>{count} lignes</summary>" in html) is folded
    assert f"N{count - 1}" in html
