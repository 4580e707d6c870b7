"""The log of mails, « Envoyer de nouveau », « Relancer », absences: pages of the admin."""

import csv
import io

import pytest
from django.urls import reverse

from conventions.domain.foundation import outbox
from conventions.domain.mails import delivery
from conventions.enums import MailState, Role
from conventions.models import Attachment, Delegation, OutgoingMail
from conventions.tests import factories as f
from conventions.tests.domain.mails.test_delivery import signed_up

pytestmark = pytest.mark.django_db
LOG = "/admin/conventions/outgoingmail/"


def failed(**values):
    return f.OutgoingMailFactory(
        template="convention_a_signer",
        state=MailState.FAILED,
        error="Aucune adresse.",
        convention=f.ConventionFactory(title="Atelier du lagon (fictif)"),
        **values,
    )


def test_log_shows_what_left_and_to_whom(as_role):
    failed()
    page = as_role("gestionnaire").get(LOG).content.decode()
    for text in ("Acte à signer", "Les signataires du partenaire", "Atelier du lagon", "Aucune adresse."):
        assert text in page


def test_log_is_found_by_convention(as_role):
    mail = failed()
    f.OutgoingMailFactory(template="acte_valide")
    page = as_role("gestionnaire").get(LOG, {"q": "LAGON"})
    assert [row.pk for row in page.context["cl"].result_list] == [mail.pk]


@pytest.mark.parametrize("template", ["code_connexion", "nouvelle_connexion", "invitation_personnel"])
def test_log_hides_letters_of_accounts_from_staff(as_role, template):
    mail = f.OutgoingMailFactory(template=template)
    seen = {who: as_role(who).get(LOG).context["cl"].result_count for who in ("gestionnaire", "superuser")}
    assert seen == {"gestionnaire": 0, "superuser": 1}
    client = as_role("gestionnaire")
    assert client.post(reverse("admin:mail_again", args=[mail.pk])).status_code == 404


def test_failed_mail_is_sent_again(as_role):
    mail = failed()
    response = as_role("gestionnaire").post(reverse("admin:mail_again", args=[mail.pk]))
    made = OutgoingMail.objects.get(again_of=mail)
    assert response["Location"] == f"{LOG}{made.pk}/change/"
    assert (made.template, made.params, made.state) == (mail.template, mail.params, MailState.PENDING)


def test_mail_that_failed_says_who_received_it_who_did_not_and_why(as_role):
    act = signed_up(emails=("une@niaouli.invalid", "a@b"))
    mail = delivery.deliver(outbox.queue("convention_a_signer", params={"act": act.pk}).pk)
    page = as_role("gestionnaire").get(f"{LOG}{mail.pk}/change/").content.decode()
    told = "L’adresse est mal écrite, rien ne peut partir. Corrigez-la sur la fiche de la personne"
    assert f"Léa WABEALO\u00a0: {told}" in page
    assert "Non reçu par" in page
    assert "a@b" not in page


def test_mail_that_left_does_not_ask_who_received_nothing(as_role):
    mail = f.OutgoingMailFactory(template="acte_valide", sent=True)
    assert "Non reçu par" not in as_role("gestionnaire").get(f"{LOG}{mail.pk}/change/").content.decode()


def test_log_exports_without_address(as_role):
    failed(params={"remis": ["signataire:1"]})
    response = as_role("gestionnaire").get(f"{LOG}export/csv/")
    (row,) = csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";")
    assert (row["Courriel"], row["Pour qui"], row["Personnes servies"]) == (
        "Acte à signer",
        "les signataires du partenaire",
        "1",
    )


def test_todo_exports_what_the_page_shows(as_role):
    convention = f.ConventionFactory(act="a_corriger")
    response = as_role("gestionnaire").get("/admin/a-faire.csv?dossiers=tous")
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert [(row["Rubrique"], row["Dossier"]) for row in rows] == [("À corriger", convention.title)]


def test_partner_is_reminded_from_the_dashboard(as_role):
    act = f.ConventionFactory(act="a_signer").acts.get()
    client = as_role("gestionnaire")
    url = reverse("admin:todo_remind", args=["scan", act.pk])
    assert f'action="{url}"' in client.get("/admin/?dossiers=tous").content.decode()
    assert client.post(url)["Location"] == "/admin/#scan"
    assert OutgoingMail.objects.get().template == "rappel_signature"


def test_get_reminds_nobody(as_role):
    act = f.ConventionFactory(act="a_signer").acts.get()
    assert as_role("gestionnaire").get(reverse("admin:todo_remind", args=["scan", act.pk])).status_code == 405
    assert OutgoingMail.objects.count() == 0


def test_navigation_counts_what_the_dashboard_found(as_role):
    f.ConventionFactory(act="en_relecture")
    f.ConventionFactory(act="en_relecture")
    client, count = as_role("juriste"), 'À faire <span class="opt-count">2</span>'
    assert count not in client.get("/admin/chiffres/").content.decode()
    client.get("/admin/")
    assert count in client.get("/admin/chiffres/").content.decode()


def test_absence_is_recorded_with_its_proof(as_role):
    absent, deputy = (f.RepresentativeFactory(partner=f.opt_partner()) for _ in range(2))
    proof = io.BytesIO(f.small_pdf("arrêté"))
    proof.name = "arrete.pdf"
    data = {
        "absent": absent.pk,
        "deputy": deputy.pk,
        "kind": "interim",
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-20",
        "printed_title": "directeur général par intérim",
        "basis": "Arrêté n° 1 (fictif)",
        "file": proof,
    }
    assert as_role("direction").post("/admin/conventions/delegation/add/", data).status_code == 302
    row = Delegation.objects.get()
    assert (row.deputy, row.attachment) == (deputy, Attachment.objects.get(partner=f.opt_partner()))


def test_absence_that_overlaps_is_explained_and_kept_on_the_form(as_role):
    row = f.DelegationFactory()
    data = {"absent": row.absent.pk, "kind": "interim", "starts_on": row.starts_on.isoformat()}
    response = as_role("juriste").post("/admin/conventions/delegation/add/", data)
    assert "Cette personne a déjà une absence sur ces dates" in response.content.decode()
    assert Delegation.objects.count() == 1


def test_absence_names_only_people_of_opt(as_role):
    stranger = f.RepresentativeFactory()
    data = {"absent": stranger.pk, "kind": "interim", "starts_on": "2026-03-02"}
    assert as_role("juriste").post("/admin/conventions/delegation/add/", data).status_code == 200
    assert Delegation.objects.count() == 0


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LAWYER])
def test_deputy_takes_the_place_from_the_page(as_role, role):
    row = f.DelegationFactory()
    convention = f.ConventionFactory()
    person = convention.acts.get().signatories.get(party__role="opt")
    person.representative = row.absent
    person.save()
    client = as_role(role)
    page = client.get(f"/admin/conventions/convention/{convention.pk}/change/").content.decode()
    url = reverse("admin:conventions_convention_replace", args=[convention.pk, person.pk])
    status = client.post(url).status_code
    person.refresh_from_db()
    if role == Role.OFFICER:
        assert (f'name="_puis" value="{url}' in page, status, person.title) == (True, 302, row.printed_title)
    else:
        assert (url in page, status, person.representative) == (False, 403, row.absent)
