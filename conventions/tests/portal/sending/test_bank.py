"""A RIB sent from the space: checked, encrypted, used by nobody before an officer accepts it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conventions.domain.foundation.refusals import Refused
from conventions.domain.people import bank_accounts
from conventions.domain.space import proposals
from conventions.enums import ProposalState
from conventions.models import BankAccount, BankProposal, JournalEntry, OutgoingMail
from conventions.tests import factories as f
from conventions.tests.factories.people import fictitious_iban
from conventions.tests.portal.reading import main, text

pytestmark = pytest.mark.django_db
IBAN = fictitious_iban(7)
WRONG_KEY = "FR2314168000010123456789011"  # right check number, wrong RIB


@pytest.fixture
def president():
    return f.PresidentFactory(partner=f.PartnerFactory(name="Association Banian (fictif)"))


@pytest.fixture
def convention(president):
    return f.ConventionFactory(
        partner=president.mandates.get().partner, act="signe", act__fundings=[{"amount": 100_000}]
    )


def url(convention) -> str:
    return reverse("portal:bank", args=[convention.slug])


def pdf(name="rib.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, f.small_pdf("RIB"))


def test_number_sent_waits_and_is_never_shown_back(as_role, president, convention):
    client = as_role(president)
    sent = client.post(url(convention), {"number": IBAN, "holder": "Association Banian", "bank_name": ""})
    assert sent["Location"] == reverse("portal:convention", args=[convention.slug])
    row = BankProposal.objects.get()
    assert (row.state, row.sent_by, BankAccount.objects.count()) == (ProposalState.WAITING, president, 0)
    pages = [client.get(url(convention)), client.get(sent["Location"]), client.get("/espace/")]
    assert [IBAN in page.content.decode().replace(" ", "") for page in pages] == [False] * 3
    assert IBAN not in "".join(JournalEntry.objects.values_list("payload", flat=True))
    assert list(OutgoingMail.objects.values_list("template", flat=True)) == ["demande_recue"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"number": IBAN[:-1] + ("0" if IBAN[-1] != "0" else "1")}, "clé"),
        ({"number": "FR76"}, "caractères"),
        ({"number": WRONG_KEY}, "Dans cet IBAN, la clé RIB (les deux derniers chiffres) ne correspond pas"),
        ({"number": f"IBAN {WRONG_KEY.lower()}"}, "S’il y est écrit ainsi, demandez-lui un autre RIB."),
        ({"number": ""}, "Écrivez le numéro du compte, ou joignez le RIB."),
        ({"number": IBAN, "holder": ""}, "Écrivez le nom du titulaire"),
    ],
)
def test_wrong_entry_is_told_and_what_was_typed_stays(as_role, president, convention, values, message):
    data = {"holder": "Association Banian", "bank_name": "Banque du Lagon"} | values
    page = as_role(president).post(url(convention), data)
    assert message in main(page)
    assert 'value="Banque du Lagon"' in page.content.decode()
    assert BankProposal.objects.count() == 0


def test_file_alone_is_enough_and_staff_type_its_number(president, convention):
    partner = convention.parties.exclude(role="opt").get().partner
    row = proposals.send_account(partner, holder="Banian", upload=pdf(), by=president)
    officer = f.UserFactory(role="gestionnaire")
    with pytest.raises(proposals.DecisionRefused, match="Recopiez le numéro"):
        proposals.accept_account(row, by=officer)
    account = proposals.accept_account(row, number=IBAN, by=officer)
    assert (bank_accounts.reveal(account, by=officer), account.attachment) == (IBAN, row.attachment)


def test_number_typed_by_staff_is_checked_as_any_other(as_role, president, convention):
    partner = convention.parties.exclude(role="opt").get().partner
    row = proposals.send_account(partner, holder="Banian", upload=pdf(), by=president)
    page = decide(as_role("gestionnaire"), row, accepter="1", checked="on", number=WRONG_KEY)
    assert "Dans cet IBAN, la clé RIB (les deux derniers chiffres)" in page.content.decode()
    assert (f'value="{WRONG_KEY}"' in page.content.decode(), BankAccount.objects.count()) == (True, 0)


def test_wrong_number_sent_before_the_check_is_to_be_refused(as_role, president, convention):
    partner = convention.parties.exclude(role="opt").get().partner
    row = f.BankProposalFactory(partner=partner, sent_by=president, iban=WRONG_KEY)
    client = as_role("gestionnaire")
    page = text(decide(client, row, accepter="1", checked="on"))
    told = "aucun compte ne peut le porter. Refusez cette demande en le disant : l’association enverra un autre RIB."
    assert (told in page, BankAccount.objects.count()) == (True, 0)
    assert decide(client, row, refuser="1", reason="La clé du RIB est fausse.").status_code == 302


def test_accepted_number_makes_an_account_and_leaves_the_proposal(president, convention):
    partner = convention.parties.exclude(role="opt").get().partner
    row = proposals.send_account(partner, number=IBAN, holder="Banian", by=president)
    account = proposals.accept_account(row, by=f.UserFactory(role="gestionnaire"))
    row.refresh_from_db()
    assert (row.state, row.account, row.iban_encrypted) == (ProposalState.ACCEPTED, account, "")
    assert [mail.template for mail in OutgoingMail.objects.order_by("pk")] == [
        "demande_recue",
        "demande_examinee",
    ]


def test_refusal_wants_a_reason_that_the_association_reads(as_role, president, convention):
    partner = convention.parties.exclude(role="opt").get().partner
    row = proposals.send_account(partner, number=IBAN, holder="Banian", by=president)
    officer = f.UserFactory(role="gestionnaire")
    with pytest.raises(proposals.DecisionRefused, match="Un refus se motive"):
        proposals.refuse(row, reason=" ", by=officer)
    proposals.refuse(row, reason="Le titulaire n’est pas l’association.", by=officer)
    page = main(as_role(president).get(reverse("portal:convention", args=[convention.slug])))
    assert "Le précédent n’a pas pu être accepté : Le titulaire n’est pas l’association." in page


def test_proposal_is_decided_once(president, convention):
    partner = convention.parties.exclude(role="opt").get().partner
    row = proposals.send_account(partner, number=IBAN, holder="Banian", by=president)
    officer = f.UserFactory(role="gestionnaire")
    proposals.refuse(row, reason="Illisible.", by=officer)
    with pytest.raises(proposals.DecisionRefused, match="déjà été examinée"):
        proposals.accept_account(row, by=officer)


def test_second_proposal_waits_for_the_answer_to_the_first(president, convention):
    partner = convention.parties.exclude(role="opt").get().partner
    proposals.send_account(partner, number=IBAN, holder="Banian", by=president)
    with pytest.raises(Refused, match="Un RIB est déjà à l’examen"):
        proposals.send_account(partner, number=fictitious_iban(8), holder="Banian", by=president)


@pytest.mark.parametrize(
    "role", ["comptable", "juriste", "direction", "lecture", "communication", "logistique"]
)
def test_only_officers_decide(president, convention, role):
    row = f.BankProposalFactory(partner=convention.parties.exclude(role="opt").get().partner)
    with pytest.raises(PermissionDenied):
        proposals.accept_account(row, by=f.UserFactory(role=role))


def test_foreign_former_and_reading_people_send_nothing(convention):
    partner = convention.parties.exclude(role="opt").get().partner
    reader = f.PresidentFactory(partner=partner)
    reader.mandates.update(reads_only=True)
    people = [f.PresidentFactory(), f.PresidentFactory(partner=partner, former=True), reader]
    for person in people:
        with pytest.raises(PermissionDenied):
            proposals.send_account(partner, number=IBAN, holder="Banian", by=person)


def test_reader_sees_the_convention_and_no_form(as_role, convention):
    reader = f.PresidentFactory(partner=convention.parties.exclude(role="opt").get().partner)
    reader.mandates.update(reads_only=True)
    client = as_role(reader)
    page = client.get(reverse("portal:convention", args=[convention.slug]))
    assert (page.status_code, client.get(url(convention)).status_code) == (200, 404)
    assert "Ce qui vous attend" not in main(page)


def decide(client, row, **typed):
    """The page after « Accepter » or « Refuser », with the fields of that proposal."""
    data = {name: value for name, value in typed.items() if name in ("accepter", "refuser")}
    data |= {f"rib-{row.pk}-{name}": value for name, value in typed.items() if name not in data}
    return client.post(reverse("admin:partner_decide", args=[row.partner_id, "rib", row.pk]), data)


@pytest.fixture
def proposed(convention, president):
    partner = convention.parties.exclude(role="opt").get().partner
    f.BankAccountFactory(partner=partner, holder="Ancien titulaire (fictif)")
    return proposals.send_account(partner, number=IBAN, holder="Banian", by=president)


def test_acceptance_asks_to_have_checked(as_role, proposed):
    client = as_role("gestionnaire")
    page = decide(client, proposed, accepter="1")
    assert "Cochez cette case une fois la vérification faite." in page.content.decode()
    assert BankAccount.objects.filter(partner=proposed.partner).count() == 1
    decide(client, proposed, accepter="1", checked="on")
    assert [(row.holder, row.active) for row in BankAccount.objects.order_by("pk")] == [
        ("Ancien titulaire (fictif)", True),
        ("Banian", True),
    ]


def test_accounts_before_are_no_longer_used_when_asked(as_role, proposed):
    decide(as_role("gestionnaire"), proposed, accepter="1", checked="on", retire="on")
    assert [row.active for row in BankAccount.objects.order_by("pk")] == [False, True]
    assert JournalEntry.objects.filter(event="compte_bancaire_modifie").count() == 1


def test_page_shows_the_proposal_beside_what_is_in_force(as_role, proposed):
    page = text(as_role("gestionnaire").get(reverse("admin:partner_proposals", args=[proposed.partner_id])))
    before, _today, after = page.partition("Aujourd’hui")
    assert (proposed.iban_masked.replace("\u00a0", " ") in before, "Banian" in before) == (True, True)
    assert "Ancien titulaire (fictif)" in after


@pytest.mark.parametrize(("role", "status"), [("gestionnaire", 200), ("comptable", 200), ("juriste", 403)])
def test_number_proposed_is_read_in_full_and_the_look_is_kept(as_role, proposed, role, status):
    url = reverse("admin:partner_proposed", args=[proposed.partner_id, proposed.pk])
    page = as_role(role).post(url)
    assert page.status_code == status
    assert (IBAN in "".join(page.content.decode().split())) == (status == 200)
    assert JournalEntry.objects.filter(event="compte_bancaire_consulte").count() == (status == 200)


def test_number_already_examined_is_no_longer_read(as_role, proposed):
    officer = f.UserFactory(role="gestionnaire")
    proposals.refuse(proposed, reason="Illisible.", by=officer)
    url = reverse("admin:partner_proposed", args=[proposed.partner_id, proposed.pk])
    page = as_role(officer).post(url, follow=True)
    assert "Il n’y a pas de numéro à lire ici" in page.content.decode()
