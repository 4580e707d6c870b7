"""A new president or a colleague: declared in the space, decided by staff; access follows the mandates."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conventions.domain.mails import delivery
from conventions.domain.space import proposals
from conventions.enums import ProposalState
from conventions.models import MandateProposal, OutgoingMail, Representative
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today
from conventions.tests.portal.reading import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandate(president):
    return president.mandates.get()


@pytest.fixture
def declared(partner, president, mandate):
    return f.MandateProposalFactory(
        partner=partner, sent_by=president, replaces=mandate, email="nadia@exemple.invalid"
    )


@pytest.fixture
def officer():
    return f.UserFactory(role="gestionnaire")


def page(partner, name="president") -> str:
    return reverse(f"portal:{name}", args=[partner.slug])


def decide_url(row) -> str:
    return reverse("admin:partner_decide", args=[row.partner_id, "mandat", row.pk])


def typed(mandate=None, **values) -> dict:
    return {
        "civility": "mme",
        "first_name": "Nadia",
        "last_name": "TEIN (fictif)",
        "title": "présidente",
        "email": "nadia@exemple.invalid",
        "mandate_start": days_from_today(0).isoformat(),
        "replaces": mandate.pk if mandate else "",
        "file": SimpleUploadedFile("pv.pdf", f.small_pdf("PV")),
        **values,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"file": ""},
        {"file": SimpleUploadedFile("pv.pdf", b"<html>")},
        {"email": "nadia"},
        {"last_name": ""},
        {"mandate_start": "hier"},
        {"mandate_end": "1900-01-01"},
        {"replaces": "999999"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_absurd_declaration_is_refused_and_what_was_typed_stays(as_role, partner, president, mandate, wrong):
    answer = as_role(president).post(page(partner), typed(mandate, title="présidente élue (fictif)", **wrong))
    assert (answer.status_code, MandateProposal.objects.count()) == (200, 0)
    assert "présidente élue (fictif)" in answer.content.decode()


@pytest.mark.parametrize("name", ["president", "colleague"])
@pytest.mark.parametrize("who", ["foreign", "former", "reader", "gestionnaire", "superuser"])
def test_others_declare_nobody(as_role, partner, who, name):
    if who == "former":
        who = f.PresidentFactory(partner=partner, former=True)
    elif who == "reader":
        who = f.UserFactory()
        f.RepresentativeFactory(partner=partner, user=who, reads_only=True)
    client = as_role("president" if who == "foreign" else who)
    assert client.get(page(partner, name)).status_code == 404
    assert client.post(page(partner, name), typed()).status_code == 404
    assert MandateProposal.objects.count() == 0


def test_accepted_president_gets_the_access_and_the_former_loses_it(
    as_role, declared, partner, president, mandate
):
    convention = f.ConventionFactory(partner=partner, act="a_signer")
    url = reverse("portal:convention", args=[convention.slug])
    before = as_role(president)
    assert before.get(url).status_code == 200
    as_role("gestionnaire").post(
        decide_url(declared), {"accepter": "1", f"mandat-{declared.pk}-checked": "on"}
    )
    mandate.refresh_from_db()
    new = Representative.objects.get(partner=partner, email="nadia@exemple.invalid")
    assert (mandate.mandate_end, mandate.usual_signatory) == (days_from_today(-1), False)
    assert (new.mandate_start, new.usual_signatory, new.reads_only) == (days_from_today(0), True, False)
    assert before.get(url).status_code == 302  # its session is closed
    assert [as_role(user).get(url).status_code for user in (president, new.user)] == [404, 200]


def test_accepted_person_and_the_one_replaced_are_told(declared, partner, mandate, officer):
    """Also when somebody else of the association declared the change."""
    secretary = f.PresidentFactory(partner=partner, email="secretaire@exemple.invalid")
    MandateProposal.objects.filter(pk=declared.pk).update(sent_by=secretary)
    proposals.accept_person(declared, by=officer)
    mail = OutgoingMail.objects.get(template="demande_examinee")
    letters = delivery.BUILDERS["demande_examinee"](mail.params)
    assert [letter.to for letter in letters] == [
        "secretaire@exemple.invalid",
        "nadia@exemple.invalid",
        mandate.user.email,
    ]
    bodies = [delivery.message(letter, reference="1:1").body for letter in letters]
    assert "Votre mandat dans l’espace de « Association du Banian (fictif) » prend fin le" in " ".join(
        bodies[2].replace("\u00a0", " ").replace("\u202f", " ").split()
    )


def test_refusal_wants_a_reason(as_role, declared):
    answer = as_role("gestionnaire").post(decide_url(declared), {"refuser": "1"})
    declared.refresh_from_db()
    assert (answer.status_code, declared.state) == (200, ProposalState.WAITING)


def test_refusal_is_read_by_the_association_and_changes_nothing(
    as_role, declared, partner, president, mandate
):
    prefix = f"mandat-{declared.pk}-reason"
    as_role("gestionnaire").post(decide_url(declared), {"refuser": "1", prefix: "Le PV n’est pas signé."})
    declared.refresh_from_db()
    mandate.refresh_from_db()
    assert (declared.state, mandate.mandate_end) == (ProposalState.REFUSED, None)
    association = as_role(president).get(reverse("portal:association", args=[partner.slug]))
    assert "Le PV n’est pas signé." in main(association)


def test_decided_once(declared, officer):
    proposals.accept_person(declared, by=officer)
    with pytest.raises(proposals.DecisionRefused, match="déjà été examinée"):
        proposals.refuse(declared, reason="Trop tard (fictif)", by=officer)


@pytest.mark.parametrize(
    "role", ["juriste", "comptable", "logistique", "communication", "direction", "lecture"]
)
def test_other_roles_read_and_do_not_decide(as_role, declared, role):
    client = as_role(role)
    assert client.get(reverse("admin:partner_proposals", args=[declared.partner_id])).status_code == 200
    assert client.post(decide_url(declared), {"accepter": "1"}).status_code == 403


def test_mandate_that_begins_before_the_one_it_replaces_is_refused(declared, mandate, officer):
    Representative.objects.filter(pk=mandate.pk).update(mandate_start=days_from_today(10))
    with pytest.raises(proposals.DecisionRefused, match="commence avant"):
        proposals.accept_person(declared, by=officer)
    assert Representative.objects.filter(partner=declared.partner).count() == 1
