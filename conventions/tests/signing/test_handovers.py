"""The procès-verbal of a remise, signed on a phone by who receives: what it takes, what stops it, what stays."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts import handover, handover_papers
from conventions.domain.acts.signing import handovers, sealing
from conventions.domain.documents import storage, verification
from conventions.domain.documents.verification.verdicts import Verdict
from conventions.domain.equipment import reserving
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.enums import AttachmentKind, DocumentKind, Role
from conventions.models import (
    Act,
    Document,
    Handover,
    HandoverCode,
    HandoverSignature,
    JournalEntry,
    Representative,
    SealedRevision,
)
from conventions.tests import factories as f
from conventions.tests.conftest import sign_in
from conventions.tests.factories.people import days_from_today
from conventions.tests.pdf.reading import plain
from conventions.tests.signing.people import other_code
from conventions.tests.signing.world import code_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]


class Remise:
    """Three devices handed over to Léa, president, one refused; her phone."""

    def __init__(self, mailbox) -> None:
        self.mailbox = mailbox
        self.logistics = f.UserFactory(role=Role.LOGISTICS, first_name="Noa", last_name="AGENT (fictif)")
        self.partner = f.PartnerFactory(name="Association du Banian (fictif)")
        self.president = f.PresidentFactory(
            partner=self.partner, first_name="Léa", last_name="WABEALO (fictif)"
        )
        self.president.mandates.update(title="présidente")
        self.convention = f.ConventionFactory(
            title="Atelier du lagon (fictif)",
            partner=self.partner,
            act="signe",
            act__equipment=[{"quantity": 4}],
        )
        act = self.convention.acts.get()
        term = act.equipmentterm_set.get()
        self.items = reserving.reserve(
            term, f.DeviceFactory.create_batch(4, holds_data=False), by=self.logistics
        )
        self.made = self.hand(self.items[:3], refused={self.items[3]: "écran cassé"})
        self.phone = sign_in(self.president)

    def hand(self, items, received_by="Léa WABEALO (fictif), présidente", **values) -> Handover:
        return handover.record_handover(
            self.convention.acts.get(),
            items=items,
            handed_on=timezone.localdate(),
            place="Koné",
            given_by="Noa AGENT (fictif), magasinier",
            received_by=received_by,
            by=self.logistics,
            **values,
        )

    def url(self, name: str = "handover_sign") -> str:
        return reverse(f"portal:{name}", args=[self.convention.slug, self.made.pk])

    def entry(self, **changes) -> dict[str, str]:
        filled = {
            "shown": self.made.document.sha256,
            "typed_name": "Léa Wabealo (fictif)",
            "consents": "on",
            "drawing": "",
        }
        return filled | changes

    def code(self) -> str:
        self.phone.post(self.url(), self.entry(_code="1"))
        return code_in(self.mailbox[-1])

    def signs(self, **changes):
        return self.phone.post(self.url(), self.entry(code=self.code(), **changes), follow=True)

    def sealed(self) -> Document:
        return Document.objects.get(kind=DocumentKind.HANDOVER_SIGNED)


@pytest.fixture
def remise(keys, mailoutbox):
    return Remise(mailoutbox)


def said(response) -> str:
    return plain(response.content.decode())


def test_who_receives_is_written_to_reads_and_signs(remise):
    asked = next(mail for mail in remise.mailbox if mail.to == [remise.president.email])
    assert (remise.url() in asked.body, "Procès-verbal à signer" in asked.subject) == (True, True)
    page = said(remise.phone.get(remise.url()))
    assert "j’ai reçu 3 appareils" in page
    assert f"Refusé à la remise : {remise.items[3]} (écran cassé)." in page
    answer = remise.signs()
    assert "Léa WABEALO (fictif), présidente, a signé le" in said(answer)
    row = HandoverSignature.objects.get()
    assert (row.handover, row.user, row.title) == (remise.made, remise.president, "présidente")
    assert row.document_sha256 == remise.made.document.sha256
    assert row.consent == (
        f"J’ai lu le procès-verbal de remise n° {handover.reference_of(remise.made)}, « Atelier du lagon (fictif) », "
        "j’ai reçu 3\u00a0appareils, et je le signe pour « Association du Banian (fictif) », en qualité de "
        "présidente."
    ).replace("n° ", "n°\u00a0").replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    remise.made.refresh_from_db()
    assert (remise.made.acknowledged_by, bool(remise.made.acknowledged_at)) == (remise.president, True)
    events = list(JournalEntry.objects.order_by("pk").values_list("event", flat=True))
    assert [name for name in events if "remise" in name or "proces" in name] == [
        "code_de_remise_demande",
        "remise_signee",
        "proces_verbal_scelle",
    ]


def test_the_sealed_paper_is_stored_once_attested_and_sent(remise):
    remise.signs()
    sealed = remise.sealed()
    content = storage.read_bytes(sealed)
    assert content.startswith(storage.read_bytes(remise.made.document))
    assert content.count(b"/FT /Sig") == 1
    receipt = remise.mailbox[-1]
    assert (receipt.to, receipt.attachments[0][1]) == ([remise.president.email], content)
    assert handovers.unfinished() == []
    pk = HandoverSignature.objects.get().pk
    assert handovers.seal(pk) == sealed
    assert Document.objects.filter(made_from=remise.made.document).count() == 2
    assert SealedRevision.objects.get().document == sealed


def test_verified_by_its_code_and_by_its_file(remise, client):
    before = storage.read_bytes(remise.made.document)
    assert verification.of_file(before).verdict == Verdict.WITHOUT_SEAL
    remise.signs()
    sealed = storage.read_bytes(remise.sealed())
    assert verification.of_file(sealed).verdict == Verdict.CONFORMING
    assert verification.of_file(before).verdict == Verdict.INTERMEDIATE
    assert verification.of_file(sealed[:-40]).verdict != Verdict.CONFORMING
    assert verification.of_file(sealed + b"\n%").verdict == Verdict.CHANGED
    page = said(client.get(reverse("public:verify_code", args=[remise.made.document.code])))
    assert "<strong>Léa WABEALO (fictif)</strong>, présidente" in page
    assert "identité vérifiée par un code envoyé par courriel" in page
    assert "Procès-verbal de remise, signé en ligne" in page
    assert remise.sealed().sha256 in page
    attestation = Document.objects.get(kind=DocumentKind.HANDOVER_ATTESTATION)
    assert verification.of_file(storage.read_bytes(attestation)).verdict == Verdict.CONFORMING
    assert remise.president.email not in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"shown": "0" * 64}, "n’est plus celui qui est à signer"),
        ({"typed_name": "Léa Autre"}, "Tapez votre prénom et votre nom"),
        ({"consents": ""}, "Cochez la phrase"),
        ({"code": "12 ab"}, "Le code n’a que des chiffres"),
        ({"drawing": "data:image/png;base64,AAAA"}, "Le dessin"),
    ],
)
def test_what_will_not_do_is_told_and_nothing_is_signed(remise, changes, told):
    code = remise.code()
    answer = remise.phone.post(remise.url(), remise.entry(code=code) | changes)
    assert (told in said(answer), HandoverSignature.objects.exists()) == (True, False)


def test_code_is_of_one_remise_one_person_and_works_once(remise):
    code = remise.code()
    wrong = remise.phone.post(remise.url(), remise.entry(code=other_code(code)))
    assert "Il vous reste 4 essais." in said(wrong)
    remise.phone.post(remise.url(), remise.entry(code=code))
    assert HandoverSignature.objects.count() == 1
    again = remise.phone.post(remise.url(), remise.entry(code=code))
    assert ("a signé le" in said(again), HandoverSignature.objects.count()) == (True, 1)
    assert HandoverCode.objects.get().used_at is not None


def test_code_of_another_remise_does_not_sign_this_one(remise):
    first, code = remise.made, remise.code()
    act = remise.convention.acts.get()
    term = act.equipmentterm_set.get()
    more = reserving.reserve(term, [f.DeviceFactory(holds_data=False)], by=remise.logistics)
    remise.made = remise.hand(more)
    answer = remise.phone.post(remise.url(), remise.entry(code=code))
    assert ("Demandez d’abord un code" in said(answer), HandoverSignature.objects.exists()) == (True, False)
    remise.made = first
    remise.phone.post(remise.url(), remise.entry(code=code))
    assert HandoverSignature.objects.get().handover == first


def test_only_the_person_that_the_paper_names_signs(remise):
    other = f.PresidentFactory(partner=remise.partner, first_name="Max", last_name="TRÉSORIER (fictif)")
    phone = sign_in(other)
    page = said(phone.get(remise.url()))
    assert "nomme Léa WABEALO (fictif) pour le recevoir" in page
    assert 'name="typed_name"' not in page
    phone.post(remise.url(), remise.entry(typed_name="Max Trésorier (fictif)", _code="1"))
    phone.post(remise.url(), remise.entry(code="123456"))
    assert not HandoverSignature.objects.exists()
    assert not HandoverCode.objects.exists()


@pytest.mark.parametrize("who", ["another", "reader", "former", "staff", "nobody"])
def test_the_page_is_nobody_elses(remise, client, who):
    if who == "reader":
        person = f.PresidentFactory(partner=remise.partner, first_name="Léa", last_name="WABEALO (fictif)")
        person.mandates.update(reads_only=True)
    elif who == "former":
        person = f.PresidentFactory(partner=remise.partner, former=True)
    else:
        person = {"another": f.PresidentFactory(), "staff": remise.logistics}.get(who)
    phone = sign_in(person) if person else client
    wanted = 404 if person else 302
    assert phone.get(remise.url()).status_code == wanted
    assert phone.post(remise.url(), remise.entry(_code="1")).status_code == wanted
    remise.signs()
    pk = remise.sealed().pk
    assert phone.get(reverse("portal:document", args=[pk])).status_code == wanted if who != "reader" else True
    assert HandoverSignature.objects.get().user == remise.president


def test_a_mandate_that_ended_meanwhile_signs_no_more(remise):
    code = remise.code()
    Representative.objects.filter(user=remise.president).update(mandate_end=days_from_today(-1))
    assert remise.phone.post(remise.url(), remise.entry(code=code)).status_code == 404
    assert not HandoverSignature.objects.exists()


def test_paper_signed_in_ink_is_not_signed_on_screen_nor_the_reverse(remise):
    scan = f.AttachmentFactory(convention=remise.convention)
    handover_papers.file(remise.made, scan, what=handover_papers.SIGNED, by=remise.logistics)
    assert "déjà signé sur papier" in said(remise.phone.get(remise.url()))
    scan.title, scan.kind = "autre chose", AttachmentKind.OTHER
    scan.save()
    remise.signs()
    with pytest.raises(EquipmentRefused, match="signé en ligne"):
        handover_papers.file(remise.made, scan, what=handover_papers.SIGNED, by=remise.logistics)
    assert handover_papers.file(remise.made, scan, what=handover_papers.PHOTO, by=remise.logistics)


def test_what_is_missing_stops_the_signature(remise):
    tells_missing(remise)
    assert "Vous avez signalé un manque" in said(remise.phone.get(remise.url()))
    remise.phone.post(remise.url(), remise.entry(_code="1"))
    assert not HandoverCode.objects.exists()


def test_what_is_missing_at_opening_is_told_after_the_signature(remise):
    remise.signs()
    tells_missing(remise)
    remise.made.refresh_from_db()
    assert remise.made.missing == "une boîte vide"


def tells_missing(remise) -> None:
    first = remise.made.items.order_by("pk").first()
    sent = {"complete": "non", "items": [first.pk], "missing": "une boîte vide"}
    assert remise.phone.post(remise.url("handover"), sent).status_code == 302


def test_nothing_that_was_signed_changes_by_any_route(remise):
    remise.signs()
    row = HandoverSignature.objects.filter(handover=remise.made)
    made = Handover.objects.filter(pk=remise.made.pk)
    for action in (
        lambda: row.update(typed_name="Autre"),
        lambda: row.delete(),
        lambda: made.update(received_by="Autre"),
        lambda: made.update(note="autre"),
        lambda: made.update(acknowledged_at=None),
        lambda: made.delete(),
        lambda: remise.made.items.clear(),
        lambda: Document.objects.filter(pk=remise.sealed().pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            action()


def test_a_seal_that_fails_is_kept_and_done_again_once(remise, settings, monkeypatch):
    settings.SEAL_SIGNER = "nowhere.signer"
    answer = remise.signs()
    assert "Le sceau du document se pose" in said(answer)
    act = Act.objects.get(pk=remise.made.act_id)
    assert "SEAL_SIGNER" in act.seal_error
    assert not Document.objects.filter(kind=DocumentKind.HANDOVER_SIGNED).exists()
    settings.SEAL_SIGNER = ""
    assert sealing.finish() == 1
    assert sealing.finish() == 0
    act.refresh_from_db()
    assert (act.seal_error, remise.sealed().made_from) == ("", remise.made.document)
