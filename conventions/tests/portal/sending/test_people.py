"""Change of president, colleagues who read, own address and phone, contact of the association."""

import re

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain import space, worklist
from conventions.domain.acts import signing
from conventions.domain.foundation.failures import Failures
from conventions.domain.foundation.one_time_codes import CodeOver, WrongCode
from conventions.domain.foundation.refusals import Refused
from conventions.domain.mails import delivery
from conventions.domain.space import addresses, proposals
from conventions.enums import MandateKind
from conventions.formats import elide
from conventions.models import (
    AddressChange,
    JournalEntry,
    MandateProposal,
    OutgoingMail,
    Partner,
    Representative,
    User,
)
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today
from conventions.tests.portal.reading import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return f.UserFactory(role="gestionnaire")


def proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("pv.pdf", f.small_pdf("Procès-verbal"))


def person(**values) -> proposals.Person:
    given = {
        "civility": "mme",
        "first_name": "Nadia",
        "last_name": "TEIN (fictif)",
        "title": "présidente",
        "email": "nadia@exemple.invalid",
        "mandate_start": days_from_today(0),
    }
    return proposals.Person(**(given | values))


def declared(partner, president, **values) -> MandateProposal:
    return proposals.declare_person(
        partner,
        person(**values),
        kind=MandateKind.PRESIDENT,
        replaces=president.mandates.get(),
        upload=proof(),
        by=president,
    )


def test_declaration_alone_changes_nothing(partner, president):
    declared(partner, president)
    assert [row.user for row in Representative.objects.in_office().filter(partner=partner)] == [president]
    assert not User.objects.filter(email="nadia@exemple.invalid").exists()
    assert list(OutgoingMail.objects.values_list("template", flat=True)) == ["demande_recue"]


def test_names_of_a_declaration_are_personal_details_of_the_journal(partner, president):
    declared(partner, president)
    line = JournalEntry.objects.get(event="mandat_declare")
    assert ("TEIN" in line.payload, "TEIN" in str(line.personal.data)) == (False, True)


def test_accepted_president_enters_and_the_former_leaves(partner, president, officer, as_role):
    client = as_role(president)
    f.ConventionFactory(partner=partner, act="signe")
    mandate = proposals.accept_person(declared(partner, president), by=officer)
    former = president.mandates.get()
    assert (former.mandate_end, former.usual_signatory) == (days_from_today(-1), False)
    assert (mandate.mandate_start, mandate.usual_signatory, mandate.user.has_usable_password()) == (
        days_from_today(0),
        True,
        False,
    )
    assert [len(space.home(user).groups) for user in (president, mandate.user)] == [0, 1]
    left = client.get(reverse("portal:association", args=[partner.slug]))
    assert left["Location"].startswith("/espace/connexion/")


def test_future_mandate_opens_on_its_day(partner, president, officer):
    f.ConventionFactory(partner=partner, act="signe")
    row = declared(partner, president, mandate_start=days_from_today(5))
    mandate = proposals.accept_person(row, by=officer)
    assert [len(space.home(user).groups) for user in (president, mandate.user)] == [1, 0]


def test_signatory_of_a_signed_act_stays_and_former_president_keeps_it(partner, president, officer):
    convention = f.ConventionFactory(partner=partner, act=None)
    act = f.ActFactory(convention=convention, signatories=None)
    party = convention.parties.get(partner=partner)
    signatory = f.SignatoryFactory(act=act, party=party, representative=president.mandates.get())
    f.settle(act, "signe")
    before = (signatory.first_name, signatory.last_name, signatory.title)
    proposals.accept_person(declared(partner, president), by=officer)
    signatory.refresh_from_db()
    assert (signatory.first_name, signatory.last_name, signatory.title) == before
    (file,) = [space.file_for(president, convention.slug)]
    assert (file.in_office, [one.pk for one in file.acts]) == (False, [act.pk])
    assert space.home(president).todo == ()


def test_signature_pending_for_the_former_president_waits_for_staff(partner, president, officer):
    convention = f.ConventionFactory(partner=partner, act=None, officer=officer)
    act = f.ActFactory(convention=convention, path="en_ligne", signatories=None)
    party = convention.parties.get(partner=partner)
    person_ = f.SignatoryFactory(act=act, party=party, representative=president.mandates.get())
    f.settle(act, "a_signer")
    act.refresh_from_db()
    asked = f.SignatureRequestFactory(document=act.frozen_document, signatory=person_)
    proposals.accept_person(declared(partner, president), by=officer)
    with pytest.raises(signing.SigningRefused, match="Votre mandat a pris fin"):
        signing.refuse_unless_turn(signing.for_reader(asked.pk))
    sections = {
        section.code: section for section in worklist.sections(officer, today=days_from_today(0), mine=True)
    }
    (task,) = sections["signataires"].tasks
    of = elide("de", str(person_))
    assert task.why == f"Le mandat {of} a pris fin. Reprenez le texte, puis inscrivez son successeur"
    assert sections["signataires"].action == "Remplacer le signataire"


def test_president_without_proof_is_refused(partner, president):
    with pytest.raises(Refused, match="Joignez le procès-verbal"):
        proposals.declare_person(partner, person(), kind=MandateKind.PRESIDENT, by=president)


def test_sixth_declaration_waits_for_the_answer_to_the_others(partner, president, officer):
    first, *_others = (declared(partner, president, email=f"n{rank}@exemple.invalid") for rank in range(5))
    with pytest.raises(Refused, match="Cinq demandes attendent déjà"):
        declared(partner, president, email="n6@exemple.invalid")
    assert (MandateProposal.objects.count(), partner.attachments.count()) == (5, 5)
    proposals.refuse(first, reason="Le procès-verbal manque.", by=officer)
    assert declared(partner, president, email="n6@exemple.invalid").pk


def test_mandate_of_another_association_is_not_ended(partner, president):
    other = f.RepresentativeFactory()
    with pytest.raises(Refused, match="ne représente pas votre association"):
        proposals.declare_person(
            partner, person(), kind=MandateKind.PRESIDENT, replaces=other, upload=proof(), by=president
        )


def test_posted_mandate_of_another_association_is_not_a_choice(partner, president, as_role):
    other = f.RepresentativeFactory()
    data = {
        "first_name": "Nadia", "last_name": "TEIN", "title": "présidente", "email": "n@exemple.invalid",
        "mandate_start": days_from_today(0).isoformat(), "replaces": str(other.pk), "file": proof(),
    }  # fmt: skip
    page = as_role(president).post(reverse("portal:president", args=[partner.slug]), data)
    assert "Ce choix n’est plus possible." in main(page)
    assert MandateProposal.objects.count() == 0


def test_colleague_reads_and_sends_nothing(partner, president, officer):
    row = proposals.declare_person(partner, person(title="trésorière"), kind=MandateKind.READER, by=president)
    mandate = proposals.accept_person(row, by=officer)
    assert (mandate.reads_only, mandate.usual_signatory) == (True, False)
    with pytest.raises(PermissionDenied):
        proposals.declare_person(partner, person(), kind=MandateKind.READER, by=mandate.user)


def test_refused_person_gets_no_account(partner, president, officer):
    proposals.refuse(declared(partner, president), reason="Procès-verbal illisible.", by=officer)
    assert not User.objects.filter(email="nadia@exemple.invalid").exists()


def test_several_associations_of_one_person_stand_apart(partner, president):
    other = f.PartnerFactory(name="Association Kaori (fictif)")
    f.RepresentativeFactory(user=president, partner=other)
    for one in (partner, other):
        f.ConventionFactory(partner=one, act="signe")
    assert [(group.partner, group.slug) for group in space.home(president).groups] == [
        ("Association du Banian (fictif)", partner.slug),
        ("Association Kaori (fictif)", other.slug),
    ]


# --- Own address and phone ---------------------------------------------------------------------------------


def sent_code() -> str:
    """Send the mails that wait, and read the code of the last one."""
    for row in OutgoingMail.objects.filter(state="a_envoyer").order_by("pk"):
        delivery.deliver(row.pk)
    return "".join(re.search(r"\n\s+(\d{3}).(\d{3})\n", mail.outbox[-1].body).groups())


def two_days_later():
    """What the sweep does then."""
    assert addresses.apply_due(Failures(), at=timezone.now() + addresses.DELAY) == 1


def test_new_address_counts_once_its_code_is_typed(president, as_role):
    client, old = as_role(president), president.email
    client.post(reverse("portal:my_address"), {"email": "neuve@exemple.invalid"})
    digits = sent_code()
    president.refresh_from_db()
    assert (mail.outbox[-1].to, president.email) == (["neuve@exemple.invalid"], old)
    client.post(reverse("portal:my_address_code"), {"code": digits})
    two_days_later()
    president.refresh_from_db()
    assert (president.email, president.mandates.get().email) == ("neuve@exemple.invalid",) * 2
    for row in OutgoingMail.objects.filter(template="adresse_changee"):
        delivery.deliver(row.pk)
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([old], "Votre adresse de connexion a changé")


def test_new_address_kills_the_code_to_sign_sent_to_the_old(partner, president):
    convention = f.ConventionFactory(partner=partner, act=None)
    act = f.ActFactory(convention=convention, path="en_ligne", signatories=None)
    mine, another = (
        f.SignatoryFactory(act=act, party=convention.parties.get(partner=partner), representative=mandate)
        for mandate in (president.mandates.get(), f.PresidentFactory(partner=partner).mandates.get())
    )
    f.settle(act, "a_signer")
    act.refresh_from_db()
    asked, other = (
        f.SignatureRequestFactory(document=act.frozen_document, signatory=row) for row in (mine, another)
    )
    for row in (asked, other):
        signing.ask_code(signing.for_reader(row.pk), shown_sha256=act.frozen_document.sha256)
    addresses.ask(president, "neuve@exemple.invalid")
    addresses.confirm(president, sent_code())
    two_days_later()
    assert [signing.live_code(row) is not None for row in (asked, other)] == [False, True]


def test_wrong_codes_run_out(president, settings):
    addresses.ask(president, "neuve@exemple.invalid")
    digits = sent_code()
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    for _try in range(settings.LOGIN_CODE_TRIES - 1):
        with pytest.raises(WrongCode):
            addresses.confirm(president, wrong)
    with pytest.raises(CodeOver):
        addresses.confirm(president, wrong)
    with pytest.raises(CodeOver):
        addresses.confirm(president, digits)


def test_code_of_another_person_does_nothing(president):
    addresses.ask(president, "neuve@exemple.invalid")
    digits = sent_code()
    with pytest.raises(CodeOver):
        addresses.confirm(f.PresidentFactory(), digits)


def test_fourth_code_for_an_address_leaves_later_and_the_page_says_when(president, as_role):
    client = as_role(president)
    for _time in range(4):
        page = client.post(reverse("portal:my_address"), {"email": "neuve@exemple.invalid"}, follow=True)
    assert "Un code part dans 1\u00a0minute pour neuve@exemple.invalid." in page.content.decode()
    assert addresses.pending(president).digits == 8


def test_old_changes_are_purged(president):
    row = addresses.ask(president, "neuve@exemple.invalid")
    AddressChange.objects.filter(pk=row.pk).update(created_at=row.created_at - addresses.KEPT * 2)
    assert (addresses.purge(), AddressChange.objects.count()) == (1, 0)


def test_phone_is_kept_and_told_without_its_number(president, as_role):
    as_role(president).post(reverse("portal:me"), {"phone": "82.77.67"})
    president.refresh_from_db()
    line = JournalEntry.objects.get(event="coordonnees_modifiees")
    assert (president.phone, president.mandates.get().phone) == ("82.77.67", "82.77.67")
    assert "82.77" not in line.payload


def test_public_contact_is_changed_unless_staff_did_meanwhile(partner, president, as_role):
    address = reverse("portal:public_contact", args=[partner.slug])
    data = {"address": "2 rue Neuve", "postal_code": "98800", "email": "", "phone": "", "website": ""}
    client = as_role(president)
    client.post(address, data | {"version": partner.version})
    assert Partner.objects.get(pk=partner.pk).address == "2 rue Neuve"
    page = client.post(address, data | {"version": partner.version, "address": "3 rue Neuve"})
    assert "La fiche a changé pendant votre saisie." in main(page)
    assert Partner.objects.get(pk=partner.pk).address == "2 rue Neuve"


def test_website_is_never_a_script(partner, president, as_role):
    address = reverse("portal:public_contact", args=[partner.slug])
    data = {"version": partner.version, "website": "javascript:alert(1)"}
    as_role(president).post(address, data)
    assert Partner.objects.get(pk=partner.pk).website == ""
