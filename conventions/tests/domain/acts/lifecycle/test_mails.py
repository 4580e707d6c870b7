"""Who waits for what comes next is told; who was told to sign hears that it changes or stops."""

import pytest
from django.utils import timezone

from conventions.domain.acts import lifecycle
from conventions.domain.foundation import outbox
from conventions.domain.mails import delivery
from conventions.enums import Event, MailState
from conventions.models import OutgoingMail
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db


def asked():
    return list(OutgoingMail.objects.order_by("pk").values_list("template", flat=True))


@pytest.mark.parametrize(
    ("state", "event", "letters"),
    [
        ("en_relecture", Event.REQUEST_CORRECTION, ["correction_demandee"]),
        ("valide", Event.TAKE_BACK, []),
        ("a_signer", Event.TAKE_BACK, ["signature_suspendue"]),
        ("a_signer", Event.CORRECT_BEFORE_SIGNING, ["correction_demandee", "signature_suspendue"]),
        ("a_signer", Event.DECLINE, ["signature_arretee", "acte_arrete"]),
        ("a_signer", Event.CANCEL, ["signature_arretee", "acte_arrete"]),
        ("a_signer", Event.EXPIRE, ["signature_arretee", "acte_arrete"]),
        ("brouillon", Event.ABANDON, ["acte_arrete"]),
    ],
)
def test_event_asks_for_its_letters(state, event, letters):
    act = f.ActFactory(state=state)
    lifecycle.apply(
        act, event, by=f.UserFactory(roles=["gestionnaire", "juriste", "direction"]), reason="Motif."
    )
    assert asked() == letters


def told(kind, event, mailoutbox):
    convention = f.ConventionFactory(act="signe" if kind else "a_signer")
    act = convention.acts.get()
    if kind:
        act = f.ActFactory(convention=convention, state="a_signer", **{kind: True})
    act.signatories.filter(party__role="beneficiaire").update(email="presidence@niaouli.invalid")
    lifecycle.apply(act, event, by=f.UserFactory(role="gestionnaire"), reason="Motif interne.")
    mail = OutgoingMail.objects.get(template__startswith="signature_")
    assert delivery.deliver(mail.pk).state == MailState.SENT
    return mailoutbox[-1]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("", "La convention est annulée : il n’y a plus rien à signer."),
        ("amendment", "L’avenant est annulé : il n’y a plus rien à signer."),
        ("termination", "La résiliation est annulée : il n’y a plus rien à signer."),
    ],
)
def test_letter_agrees_with_the_act(kind, sentence, mailoutbox):
    mail = told(kind, Event.CANCEL, mailoutbox)
    assert sentence in mail.body.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Motif interne" not in mail.body


@pytest.mark.parametrize(("kind", "words"), [("", "la convention"), ("amendment", "l’avenant")])
def test_letter_of_a_text_taken_back_says_not_to_sign(kind, words, mailoutbox):
    mail = told(kind, Event.TAKE_BACK, mailoutbox)
    assert f"L’OPT-NC reprend {words} que vous deviez signer" in mail.body
    assert "Ne signez pas la version que vous avez." in mail.body


def test_letter_of_a_text_frozen_again_has_no_point(mailoutbox):
    act = f.ActFactory(state="a_signer")
    mail = outbox.queue("signature_suspendue", params={"act": act.pk})
    assert delivery.deliver(mail.pk) is None
    assert mailoutbox == []


def test_who_ended_the_act_is_not_told(mailoutbox):
    officer = f.UserFactory(role="gestionnaire")
    act = f.ActFactory(state="a_signer", convention=f.ConventionFactory(act=None, officer=officer))
    type(act).objects.filter(pk=act.pk).update(prepared_by=officer)
    lifecycle.apply(act, Event.CANCEL, by=officer, reason="Motif.")
    assert delivery.deliver(OutgoingMail.objects.get(template="acte_arrete").pk) is None


def test_signed_convention_is_told_to_who_publishes(mailoutbox):
    act = f.ActFactory(state="a_signer")
    reader = f.UserFactory(role="communication")
    day = timezone.localdate()
    lifecycle.apply(
        act, Event.FILE_SCAN, by=f.UserFactory(role="gestionnaire"), scan=f.small_pdf("x"), signed_on=day
    )
    assert asked() == ["convention_signee", "acte_signe", "convention_a_publier"]
    delivery.deliver(OutgoingMail.objects.get(template="convention_a_publier").pk)
    assert [mail.to for mail in mailoutbox] == [[reader.email]]
