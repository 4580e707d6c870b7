"""Every letter of the catalogue, made from rows of its own: what it is called, its code, what it is asked with."""

import datetime
from dataclasses import dataclass, field

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from conventions.domain.acts import handover
from conventions.domain.documents.context import to_snapshot
from conventions.domain.mails import delivery, preferences
from conventions.domain.mails.builders import BUILDERS
from conventions.domain.people import login_codes
from conventions.enums import ActKind, ActState, PartyRole, ProposalState, SigningPath
from conventions.models import Act, Convention, Handover, Partner, SignatureRequest, User
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today

TITLE = "Atelier « Lagon & Co » (fictif)"
REASON = "Le montant n’est pas le bon : 3 000 F au lieu de 30 000."


@dataclass
class World:
    """One association and its president, the staff, a text that both sides sign online."""

    officer: User
    president: User
    partner: Partner
    asked: list[SignatureRequest] = field(default_factory=list)

    def convention(self, **values) -> Convention:
        return f.ConventionFactory(title=TITLE, partner=self.partner, officer=self.officer, **values)

    def act(self, state: str, **values) -> Act:
        """An act whose partner is signed for by the president."""
        convention = self.convention(act=None)
        act = f.ActFactory(convention=convention, signatories=None, **values)
        people = (self.president.mandates.get(), self.asked[1].signatory.representative)
        for order, person in enumerate(people, start=1):
            party = convention.parties.get(partner=person.partner)
            f.SignatoryFactory(
                act=act, party=party, representative=person, order=order,
                first_name=person.first_name, last_name=person.last_name,
            )  # fmt: skip
        return f.settle(act, state)


def build() -> World:
    for role in ("juriste", "communication", "logistique", "comptable"):
        f.UserFactory(role=role)
    officer = f.UserFactory(role="gestionnaire", job_title="chargée de partenariats (fictif)", phone="268217")
    partner = f.PartnerFactory(name="L’Anse « Niaouli » (fictif)")
    president = f.PresidentFactory(partner=partner, first_name="Léa", last_name="WABEALO")
    director = f.UserFactory(role="direction", first_name="Alix", last_name="KADDOUR")
    mandate = f.RepresentativeFactory(
        partner=f.opt_partner(), user=director, email=director.email, first_name="Alix", last_name="KADDOUR"
    )
    world = World(officer=officer, president=president, partner=partner)
    convention = world.convention(act=None)
    act = f.ActFactory(convention=convention, path=SigningPath.ONLINE, signatories=None)
    people = [
        f.SignatoryFactory(
            act=act, party=convention.parties.get(partner=person.partner), representative=person, order=order,
            first_name=person.first_name, last_name=person.last_name,
        )
        for order, person in enumerate((president.mandates.get(), mandate), start=1)
    ]  # fmt: skip
    f.settle(act, ActState.TO_SIGN)
    world.asked = [
        f.SignatureRequestFactory(
            document=act.frozen_document, signatory=person,
            expires_at=timezone.now() + datetime.timedelta(days=30), sent_at=timezone.now(),
        )
        for person in people
    ]  # fmt: skip
    return world


def _invited(world, rank=0, **others):
    return {"request": world.asked[rank].pk, **others}


def _signing_code(world):
    return {"signature_code": f.SignatureCodeFactory(request=world.asked[0]).pk}


def _has_signed(world, rank=0):
    request = world.asked[rank]
    f.SignatureActFactory(
        document=request.document, signatory=request.signatory, request=request, method="code",
        signed_at=timezone.now(), consent="Je signe (fictif).", typed_name="Léa WABEALO",
    )  # fmt: skip
    return {
        "act": request.document.act_id,
        "document": request.document_id,
        "signataire": request.signatory_id,
    }


def _stopped(world, state):
    """The online act, ended."""
    act = world.asked[0].document.act
    reason = "Le délai pour signer est passé." if state == ActState.EXPIRED else REASON
    Act.objects.filter(pk=act.pk).update(state=state, ended_at=timezone.now(), end_reason=reason)
    return {"act": act.pk, "document": act.frozen_document_id}


def _taken_back(world):
    act = world.asked[0].document.act
    unfrozen = {"frozen_document": None, "frozen_at": None, "approved_at": None, "approved_by": None}
    Act.objects.filter(pk=act.pk).update(state=ActState.TO_CORRECT, correction_note=REASON, **unfrozen)
    return {"act": act.pk, "document": act.frozen_document_id}


def _on_paper(world, state):
    return {"act": world.act(state).pk}


def _without_account(world, state):
    """On paper, and the president has no account: nothing in the letter leads to the space."""
    params = _on_paper(world, state)
    world.president.mandates.update(user=None)
    return params


def _ended(world):
    act = world.act(ActState.CANCELLED)
    Act.objects.filter(pk=act.pk).update(end_reason=REASON)
    return {"act": act.pk, "en_relecture": 1}


def ended_alone(world: World) -> Act:
    """A termination that OPT-NC signed alone; nobody of the association is among its signatories."""
    first = world.act(ActState.SIGNED)
    ours = first.convention.parties.get(role=PartyRole.OPT)
    act = f.ActFactory(
        convention=first.convention, kind=ActKind.TERMINATION, rank=1, ground="interet_general", ended_by=ours,
        effective_on=datetime.date(2027, 5, 1), notice_on=datetime.date(2027, 2, 1), signatories=None,
    )  # fmt: skip
    f.SignatoryFactory(act=act, party=ours, order=1)
    return f.settle(act, ActState.SIGNED)


def _reprise(world):
    return {"act": world.convention(act=None, reprise=True).acts.get().pk}


def _bank(world, state=ProposalState.WAITING):
    return {"sorte": "rib", "demande": f.BankProposalFactory(**_decided(world, state)).pk}


def _mandate(world, state=ProposalState.WAITING, **values):
    return {"sorte": "mandat", "demande": f.MandateProposalFactory(**_decided(world, state), **values).pk}


def _decided(world, state):
    values = {"partner": world.partner, "sent_by": world.president, "state": state}
    if state == ProposalState.WAITING:
        return values
    reason = "Le nom du titulaire ne se lit pas." if state == ProposalState.REFUSED else ""
    return values | {"decided_by": world.officer, "decided_at": timezone.now(), "reason": reason}


def _welcome(world):
    person = f.RepresentativeFactory(partner=world.partner, user=f.UserFactory(first_name="Nadia"))
    return _mandate(world, ProposalState.ACCEPTED, representative=person)


def _given_a_year_ago(world):
    act = world.convention(act="signe", act__equipment=[{"quantity": 10}]).acts.get()
    made = f.HandoverFactory(act=act, handed_on=days_from_today(-370))
    made.items.add(f.EquipmentItemFactory(equipment=act.equipmentterm_set.get()))
    return {"remise": made.pk}


def _handover(world, missing):
    act = world.convention(act="signe", act__equipment=[{"quantity": 10}]).acts.get()
    who = {"acknowledged_at": timezone.now(), "acknowledged_by": world.president}
    return {"remise": f.HandoverFactory(act=act, missing=missing, **who).pk}


def _to_sign(world, **values):
    """A remise whose procès-verbal names the president, who may sign it on screen."""
    act = world.convention(act="signe", act__equipment=[{"quantity": 10}]).acts.get()
    made = f.HandoverFactory(act=act, received_by=f"{world.president.mandates.get()}, présidente", **values)
    printed = handover.handover_context(made, code="ABCDEFGHJKLMN")
    paper = f.DocumentFactory(act=act, kind="pv_remise", snapshot=to_snapshot(printed))
    Handover.objects.update(document=paper)
    return made


def _signed_remise(world):
    made = _to_sign(world, acknowledged_at=timezone.now(), acknowledged_by=world.president)
    f.HandoverSignatureFactory(
        handover=made, representative=world.president.mandates.get(), user=world.president
    )
    return {"remise": made.pk}


def _remise_code(world):
    return {"handover_code": f.HandoverCodeFactory(handover=_to_sign(world), user=world.president).pk}


def _report(world, **values):
    act = world.convention(act="signe", act__obligations=[{"kind": "compte_rendu"}]).acts.get()
    return {"compte_rendu": f.ReportReceivedFactory(obligation=act.obligation_set.get(), **values).pk}


def _payment(world, **values):
    convention = world.convention(
        act="signe", act__fundings=[{"budget_year": 2026}], act__instalments=[{"label": "solde"}]
    )
    act = convention.acts.get()
    row = f.PaymentFactory(
        funding=act.funding_set.get(), instalment=act.instalmentterm_set.get(), recorded_by=world.officer, **values
    )  # fmt: skip
    return {"versement": row.pk, "par": world.officer.pk}


def _message(world, *, from_partner):
    thread = f.ThreadFactory(
        convention=world.convention(act="signe"), partner=world.partner, subject="Article 3, Durée",
        on_clause=True, waits_for_staff=from_partner,
    )  # fmt: skip
    author = world.president if from_partner else world.officer
    return {"message": f.MessageFactory(thread=thread, author=author, from_partner=from_partner).pk}


def _address(world, **values):
    return {"changement": f.AddressChangeFactory(**{"user": world.president, **values}).pk}


def _owed(world):
    line = world.convention(
        act="signe", act__obligations=[{"kind": "compte_rendu", "due_on": days_from_today(-3)}]
    ).acts.get().obligation_set.get().line  # fmt: skip
    return {"regle": "comptes_rendus", "cle": str(line)}


def _held(world):
    """Two letters that the officer reads in a summary."""
    for act in (world.act(ActState.APPROVED), world.act(ActState.APPROVED)):
        mail = f.OutgoingMailFactory(template="acte_valide", params={"act": act.pk})
        f.HeldMailFactory(mail=mail, user=world.officer, summary_on=days_from_today(0))
    return {"user": world.officer.pk, "jour": days_from_today(0).isoformat()}


def _sign_in(world):
    return {"login_code": login_codes.request_code(world.president.email, browser="b", network="n").pk}


def _damaged(world: World) -> dict:
    f.UserFactory(superuser=True)
    return {"fichier": "documents/ab/abcdef.pdf"}


def _letter(world: World) -> dict:
    act = world.act(ActState.SIGNED)
    party = act.convention.parties.get(partner=world.partner)
    return {"courrier": f.FormalLetterFactory(act=act, party=party).pk}


SAMPLES = {
    "code de connexion": ("code_connexion", _sign_in),
    "essais de connexion": ("essais_de_connexion", _sign_in),
    "nouvelle connexion, personnel": (
        "nouvelle_connexion", lambda w: {"session": f.UserSessionFactory(user=w.officer).pk}),
    "nouvelle connexion, association": (
        "nouvelle_connexion", lambda w: {"session": f.UserSessionFactory(user=w.president).pk}),
    "invitation du personnel": ("invitation_personnel", lambda w: {"user": w.officer.pk}),
    "second facteur": ("second_facteur_reinitialise", lambda w: {"user": w.officer.pk}),
    "courrier officiel": ("courrier_officiel", _letter),
    "à signer sur papier": ("convention_a_signer", lambda w: _on_paper(w, ActState.TO_SIGN)),
    "invitation, association": ("invitation_a_signer", _invited),
    "invitation, OPT-NC": ("invitation_a_signer", lambda w: _invited(w, 1)),
    "rappel d’invitation, association": ("invitation_a_signer", lambda w: _invited(w, 0, rappel=1)),
    "rappel d’invitation, OPT-NC": ("invitation_a_signer", lambda w: _invited(w, 1, rappel=3)),
    "code pour signer": ("code_de_signature", _signing_code),
    "reçu de signature, association": ("recu_de_signature", _has_signed),
    "reçu de signature, OPT-NC": ("recu_de_signature", lambda w: _has_signed(w, 1)),
    "suspendue en ligne": ("signature_suspendue", _taken_back),
    "suspendue sur papier": ("signature_suspendue", lambda w: _on_paper(w, ActState.TO_CORRECT)),
    "refusée en ligne": ("signature_arretee", lambda w: _stopped(w, ActState.DECLINED)),
    "annulée en ligne": ("signature_arretee", lambda w: _stopped(w, ActState.CANCELLED)),
    "expirée en ligne": ("signature_arretee", lambda w: _stopped(w, ActState.EXPIRED)),
    "annulée sur papier": ("signature_arretee", lambda w: _on_paper(w, ActState.CANCELLED)),
    "à signer, sans compte": ("convention_a_signer", lambda w: _without_account(w, ActState.TO_SIGN)),
    "rappel de signature, sans compte": ("rappel_signature", lambda w: _without_account(w, ActState.TO_SIGN)),
    "annulée, sans compte": ("signature_arretee", lambda w: _without_account(w, ActState.CANCELLED)),
    "signée, sans compte": ("convention_signee", lambda w: _without_account(w, ActState.SIGNED)),
    "signée": ("convention_signee", lambda w: _on_paper(w, ActState.SIGNED)),
    "signée par une seule partie": ("convention_signee", lambda w: {"act": ended_alone(w).pk}),
    "signé par une seule partie, côté OPT-NC": ("acte_signe", lambda w: {"act": ended_alone(w).pk}),
    "signé, côté OPT-NC": ("acte_signe", lambda w: _on_paper(w, ActState.SIGNED)),
    "rappel de signature": ("rappel_signature", lambda w: _on_paper(w, ActState.TO_SIGN)),
    "rappel au partenaire": ("rappel_partenaire", _owed),
    "à relire": ("acte_a_relire", lambda w: _on_paper(w, ActState.IN_REVIEW)),
    "à corriger": ("correction_demandee", lambda w: _on_paper(w, ActState.TO_CORRECT)),
    "validé": ("acte_valide", lambda w: _on_paper(w, ActState.APPROVED)),
    "arrêté": ("acte_arrete", _ended),
    "reprise à attester": ("reprise_a_attester", _reprise),
    "à publier": ("convention_a_publier", lambda w: _on_paper(w, ActState.SIGNED)),
    "RIB reçu": ("demande_recue", _bank),
    "présidence reçue": ("demande_recue", _mandate),
    "accès demandé": ("demande_recue", lambda w: _mandate(w, reader=True)),
    "RIB accepté": ("demande_examinee", lambda w: _bank(w, ProposalState.ACCEPTED)),
    "RIB refusé": ("demande_examinee", lambda w: _bank(w, ProposalState.REFUSED)),
    "présidence acceptée": ("demande_examinee", _welcome),
    "présidence refusée": ("demande_examinee", lambda w: _mandate(w, ProposalState.REFUSED)),
    "reçu de remise": ("recu_de_remise", lambda w: _handover(w, "")),
    "reçu de remise, avec un manque": ("recu_de_remise", lambda w: _handover(w, "Deux claviers.")),
    "procès-verbal à signer": ("remise_a_signer", lambda w: {"remise": _to_sign(w).pk}),
    "code pour un procès-verbal": ("code_de_remise", _remise_code),
    "procès-verbal signé": ("recu_de_remise", _signed_remise),
    "matériel reçu": ("materiel_accuse", lambda w: _handover(w, "")),
    "matériel manquant": ("materiel_accuse", lambda w: _handover(w, "Deux claviers.")),
    "nouvelles du matériel": ("nouvelles_du_materiel", _given_a_year_ago),
    "compte rendu déposé": ("compte_rendu_depose", _report),
    "compte rendu à reprendre": (
        "compte_rendu_a_reprendre",
        lambda w: _report(w, refused_on=days_from_today(0), refusal="La page 2 manque.")),
    "message": ("message_recu", lambda w: _message(w, from_partner=True)),
    "réponse": ("message_reponse", lambda w: _message(w, from_partner=False)),
    "versement à payer": ("versement_transmis", _payment),
    "versement renvoyé": (
        "versement_renvoye",
        lambda w: _payment(w, returned_on=days_from_today(0), return_reason="Le RIB n’est pas à jour.")),
    "code d’adresse": ("code_adresse", _address),
    "adresse à approuver": (
        "adresse_a_approuver", lambda w: _address(w, asked_by=f.UserFactory(role="gestionnaire"))),
    "adresse qui va changer": ("adresse_va_changer", lambda w: _address(w, applies_at=timezone.now())),
    "adresse changée": ("adresse_changee", lambda w: _address(w, applied_at=timezone.now())),
    "adresse d’un agent changée": (
        "adresse_changee", lambda w: _address(w, user=w.officer, applied_at=timezone.now())),
    "code de confirmation": ("code_de_confirmation", lambda w: {"code": f.ProofCodeFactory(user=w.president).pk}),
    "essais de mot de passe": ("essais_de_mot_de_passe", lambda w: {"user": w.officer.pk}),
    "rappel de dossier": ("rappel_dossier", _owed),
    "résumé": ("resume_quotidien", _held),
    "fichier abîmé": ("fichier_abime", _damaged),
    "empreinte": ("empreinte_du_journal", lambda w: {"digest": f.JournalDigestFactory().pk}),
}  # fmt: skip


def mails(name: str, world: World) -> list[EmailMultiAlternatives]:
    """The mails of one letter, one per reader, as they leave."""
    code, arguments = SAMPLES[name]
    letters = BUILDERS[code](arguments(world))
    return [
        delivery.message(letter, reference=letter.key, choose_url=preferences.page_of(letter, code))
        for letter in letters
    ]
