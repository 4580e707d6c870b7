"""Equipment acknowledged, reports sent, asked again, accepted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain import following, space, worklist
from conventions.domain.foundation.refusals import Refused
from conventions.models import Attachment, Handover, OutgoingMail, ReportReceived
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today
from conventions.tests.portal.reading import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def president():
    return f.PresidentFactory()


@pytest.fixture
def convention(president):
    return f.ConventionFactory(
        partner=president.mandates.get().partner,
        officer=f.UserFactory(role="gestionnaire"),
        act="signe",
        act__equipment=[{"quantity": 2}],
        act__obligations=[{"due_on": days_from_today(10)}],
    )


@pytest.fixture
def handover(convention):
    act = convention.acts.get()
    row = f.HandoverFactory(act=act)
    row.items.add(f.EquipmentItemFactory(equipment=act.equipmentterm_set.get(), serial="SN-1"))
    return row


def report_url(convention) -> str:
    return reverse("portal:report", args=[convention.slug, convention.acts.get().obligation_set.get().pk])


def handover_url(handover) -> str:
    return reverse("portal:handover", args=[handover.act.convention.slug, handover.pk])


def pdf(name="bilan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, f.small_pdf("Bilan"))


def titles(user) -> list[str]:
    return [item.what for item in space.home(user).todo]


def test_everything_received_is_told_once(as_role, president, handover):
    client = as_role(president)
    assert "N° de série SN-1" in main(client.get(handover_url(handover)))
    client.post(handover_url(handover), {"complete": "oui", "missing": ""})
    first = Handover.objects.get().acknowledged_at
    client.post(handover_url(handover), {"complete": "oui", "missing": ""})
    row = Handover.objects.get()
    assert (row.acknowledged_at, row.acknowledged_by, row.missing) == (first, president, "")
    told = set(OutgoingMail.objects.values_list("template", flat=True))
    assert (told, OutgoingMail.objects.count()) == ({"materiel_accuse", "recu_de_remise"}, 2)


def test_what_is_missing_waits_for_logistics(as_role, president, handover):
    as_role(president).post(handover_url(handover), {"complete": "non", "missing": "Un chargeur."})
    logistics = f.UserFactory(role="logistique")
    found = worklist.sections(logistics, today=days_from_today(0), mine=False)
    assert [task.why for section in found for task in section.tasks if section.code == "manques"] == [
        "Un chargeur."
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Choisissez une réponse."),
        ({"complete": "non"}, "Dites ce qui manque."),
        ({"complete": "oui", "missing": "un câble"}, "Vous dites avoir tout reçu."),
    ],
)
def test_unclear_receipt_is_asked_again(as_role, president, handover, values, message):
    page = as_role(president).post(handover_url(handover), values)
    assert message in main(page)
    assert Handover.objects.get().acknowledged_at is None


def test_handover_of_another_convention_does_not_exist(as_role, president, convention, handover):
    other = f.HandoverFactory()
    address = reverse("portal:handover", args=[convention.slug, other.pk])
    assert as_role(president).post(address, {"complete": "oui"}).status_code == 404


def test_report_sent_waits_for_staff(as_role, president, convention):
    data = {"file": pdf(), "spent": "1 200 000", "note": "Bonne lecture"}
    answer = as_role(president).post(report_url(convention), data)
    assert answer["Location"] == reverse("portal:convention", args=[convention.slug])
    row = ReportReceived.objects.get()
    assert (row.spent, row.note, row.recorded_by, row.accepted_on) == (
        1_200_000,
        "Bonne lecture",
        president,
        None,
    )
    assert (row.attachment.convention, row.attachment.original_name) == (convention, "bilan.pdf")
    assert "Envoyer : compte rendu d’emploi".replace(" :", "\u00a0:") not in titles(president)
    sections = worklist.sections(convention.officer, today=days_from_today(0), mine=True)
    assert "recus" in [section.code for section in sections]


def test_report_asked_again_comes_back_first_with_its_reason(president, convention):
    obligation = convention.acts.get().obligation_set.get()
    partner = president.mandates.get().partner
    row = space.send_report(obligation, partner=partner, upload=pdf(), by=president)
    following.ask_again(row, reason="Il manque la page 2.", by=convention.officer)
    (item,) = space.home(president).todo
    assert item.why.replace("\u00a0", " ") == "À reprendre : Il manque la page 2."
    again = space.send_report(obligation, partner=partner, upload=pdf("bilan-2.pdf"), by=president)
    following.accept_report(again, accepted_on=days_from_today(0), by=convention.officer)
    assert space.home(president).todo == ()
    with pytest.raises(Refused, match="redemandé"):
        following.accept_report(row, accepted_on=days_from_today(0), by=convention.officer)


def test_report_is_not_sent_twice(president, convention):
    obligation, partner = convention.acts.get().obligation_set.get(), president.mandates.get().partner
    space.send_report(obligation, partner=partner, upload=pdf(), by=president)
    with pytest.raises(Refused):
        space.send_report(obligation, partner=partner, upload=pdf(), by=president)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("bilan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        ("bilan.html", b"<html><script>alert(1)</script></html>", "Imprimez-la en PDF"),
        ("bilan.pdf", b"<html><script>alert(1)</script></html>", "Imprimez-la en PDF"),
        ("bilan.png", b"%PDF-1.7\n<script>", "abîmé"),
        ("bilan.exe", b"MZ" + bytes(100), "pas accepté"),
        ("bilan.pdf", b"", "vide"),
    ],
)
def test_hostile_file_is_refused(as_role, president, convention, name, content, message):
    page = as_role(president).post(
        report_url(convention), {"file": SimpleUploadedFile(name, content), "note": "gardé"}
    )
    assert message in main(page)
    assert "gardé" in page.content.decode()
    assert (ReportReceived.objects.count(), Attachment.objects.count()) == (0, 0)


def test_file_beyond_the_limit_is_refused(as_role, president, convention, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    heavy = SimpleUploadedFile("bilan.pdf", b"%PDF-1.7\n" + bytes(2000))
    assert "trop lourd" in main(as_role(president).post(report_url(convention), {"file": heavy}))


def test_name_of_a_file_is_never_a_path(as_role, president, convention):
    as_role(president).post(report_url(convention), {"file": pdf("../../etc/passwd.pdf")})
    row = Attachment.objects.get()
    assert (row.original_name, "/" in row.original_name, ".." in row.storage_name) == (
        "passwd.pdf",
        False,
        False,
    )


def test_amount_that_is_none_keeps_the_rest_and_the_file(as_role, president, convention):
    page = as_role(president).post(
        report_url(convention), {"file": pdf(), "spent": "beaucoup", "note": "merci"}
    )
    assert ("« bilan.pdf » est gardé." in main(page), "merci" in page.content.decode()) == (True, True)
    assert ReportReceived.objects.count() == 0


def test_obligation_of_opt_or_another_partner_is_not_ours(as_role, president, convention):
    other = f.ConventionFactory(act="signe", act__obligations=[{}]).acts.get().obligation_set.get()
    address = reverse("portal:report", args=[convention.slug, other.pk])
    assert as_role(president).post(address, {"file": pdf()}).status_code == 404


def test_what_was_taken_back_is_told_and_no_longer_counted_as_handed_over(president, handover):
    item, slug = handover.items.get(), handover.act.convention.slug
    f.DeviceEventFactory(device=item.device, kind="refuse", handover=handover)
    type(item).objects.filter(pk=item.pk).update(released_at=timezone.now())
    (goods,) = space.page(president, space.file_for(president, slug)).support.equipment
    (device,) = goods.devices
    assert device.state.endswith(", repris")
    assert (goods.prepared, goods.handed) == (1, 0)
