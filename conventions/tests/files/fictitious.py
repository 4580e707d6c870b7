"""An invented partnership from its creation to its end: the convention, an amendment, a termination, its equipment."""

# ruff: noqa: E501 (one line of a page a line)

import datetime
from dataclasses import replace
from typing import Any, cast

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from conventions.demonstration.loading import online
from conventions.demonstration.plan.fictive.varied import Line, VariedFile
from conventions.demonstration.plan.shapes import DemoPartner, Person
from conventions.domain import publication
from conventions.domain.acts import amending, handover, letters
from conventions.domain.acts.content import assembling
from conventions.domain.acts.signing import attestation
from conventions.domain.acts.templates import letters as texts
from conventions.domain.documents import attachments, storage
from conventions.domain.documents.context import AttestationContext, LetterContext, from_snapshot
from conventions.domain.documents.sealing import authority
from conventions.enums import AttachmentKind, Event, LetterKind, PartnerNature
from conventions.formats import show_code
from conventions.models import (
    Act,
    EquipmentItem,
    Funding,
    Handover,
    LetterTemplate,
    Representative,
    SignatureRequest,
)
from conventions.tests import factories as f
from conventions.tests.conftest import sign_in
from conventions.tests.factories import small_pdf
from conventions.tests.files.desk import Desk
from conventions.tests.files.kept import at_work, standing

DAY = datetime.date
CODE = "23456789ABCDE"
PARTNERS = (
    DemoPartner(
        slug="les-voiles-du-recif",
        name="Association fictive Les Voiles du Récif",
        designation="l’Association",
        commune="noumea",
        address="12 rue Fictive",
        ridet="0000000.001",
        rna="W9N0000000",
        people=(
            Person(civility="mme", first_name="Éloïse", last_name="WAMYTAN FICTIVE", title="présidente"),
        ),
    ),
    DemoPartner(
        slug="comite-fictif",
        name="Comité fictif du sport solidaire",
        gender="m",
        designation="le Comité",
        commune="koumac",
        people=(
            Person(
                civility="m", first_name="Ousmane", last_name="ŒUVRARD FICTIF", title="secrétaire général"
            ),
        ),
    ),
    DemoPartner(
        slug="commune-fictive",
        name="Commune fictive du Grand Sud",
        nature=PartnerNature.LOCAL_AUTHORITY,
        designation="la Commune",
        people=(Person(first_name="Claude", last_name="FICTIF", title="maire"),),
    ),
)
OPT_PEOPLE = (
    ("mme", "Alix", "DE FICTIF", "présidente fictive du conseil d’administration"),
    (
        "m",
        "Jean-Noël",
        "BESSARD FICTIF",
        "directeur général par intérim fictif, par délégation du 2 février 2026",
    ),
)
PREAMBLE = (
    "Considérant que l’Association est à l’initiative du projet, qu’elle en définit seule le contenu et qu’elle en assure la réalisation ;",
    "Considérant que ce projet rejoint les valeurs de cohésion et de responsabilité que l’OPT-NC promeut au travers de ses partenariats ;",
)
SCREEN = "Écran 24 pouces"


def _devices(count: int) -> list[dict[str, Any]]:
    """Retired computers and screens; one line in five has no known value."""
    return [
        {
            "nature": "Ordinateur de bureau" if number % 3 else SCREEN,
            "brand": "Marque fictive",
            "model": f"Modèle {800 + number % 4}",
            "serial": f"FICTIF-{number:05d}",
            "inventory_tag": f"INV-{2000 + number}",
            "amount": "" if number % 5 == 0 else 12_500,
            "pickup_place": "Dépôt fictif de Ducos",
        }
        for number in range(1, count + 1)
    ]


def _typed(device: dict[str, Any]) -> Line:
    status = "connu" if device["amount"] else "inconnu"
    more = {"quantity": 1, "purchased_on": DAY(2018, 4, 12), "pickup_by": DAY(2026, 6, 1), "transfer": "don"}
    return "equipmentterm", device | more | {
        "status": status,
        "publishable": True,
        "holds_data": device["nature"] != SCREEN,
    }


def _pasted(devices: list[dict[str, Any]]) -> str:
    """The same from a spreadsheet, which says the month of purchase."""
    names = ("nature", "brand", "model", "serial", "inventory_tag", "amount", "pickup_place")
    heads = "Nature\tMarque\tModèle\tN° de série\tN° d’inventaire\tValeur\tLieu\tDate d’achat"
    rows = ["\t".join([*(str(device[name]) for name in names), "04/2018"]) for device in devices]
    return "\r\n".join([heads, *rows])


def _sails(start: DAY, end: DAY) -> tuple[Line, ...]:
    money = {"status": "connu", "figure": "accorde"}
    return (
        ("funding", money | {"budget_year": 2026, "amount": 1_200_000, "label": "Matériel nautique et encadrement", "publishable": True}),
        ("funding", money | {"budget_year": 2027, "amount": 800_000, "label": "Encadrement"}),
        ("instalmentterm", {"label": "premier versement", "amount": 1_200_000, "condition_kind": "signature"}),
        ("instalmentterm", {"label": "solde", "amount": 800_000, "condition_kind": "justificatifs", "condition": "bilan intermédiaire", "due_on": DAY(2027, 2, 1)}),
        ("inkind", {"kind": "competences", "description": "atelier de formation à la bureautique", "quantity": 3, "unit": "demi-journées", "status": "connu", "amount": 90_000, "publishable": True}),
        ("obligation", {"party": "les-voiles-du-recif", "kind": "autre", "text": "Organiser au moins vingt sorties encadrées."}),
        ("attendee", {"first_name": "Ida", "last_name": "FICTIVE", "title": "marraine du projet"}),
        *map(_typed, _devices(10)),
    )  # fmt: skip


SAILS = VariedFile(
    key="voiles",
    title="Voiles solidaires : apprendre à naviguer",
    kind="partenariat",
    partner="les-voiles-du-recif",
    purpose="le soutien de l’OPT-NC au projet fictif « Voiles solidaires », qui fait découvrir la voile à des enfants de quartiers éloignés du lagon.",
    lines=_sails,
)
FOUR = VariedFile(
    key="quatre-parties",
    title="Cent appareils pour quatre parties",
    kind="partenariat",
    partner="les-voiles-du-recif",
    purpose="Équiper quatre bases nautiques inventées.",
    others=(("comite-fictif", "cofinanceur"), ("commune-fictive", "organisateur")),
    lines=lambda start, end: (),
)


def desk() -> Desk:
    """An officer who knows the invented partners, OPT-NC's two signatories and its délibération."""
    made = Desk()
    made.known |= {row.slug: row for row in PARTNERS}
    people = Representative.objects.filter(partner=f.opt_partner()).order_by("position")
    for person, (civility, first_name, last_name, title) in zip(people, OPT_PEOPLE, strict=True):
        Representative.objects.filter(pk=person.pk).update(
            civility=civility, first_name=first_name, last_name=last_name, title=title
        )
    made.decision = f.BoardDecisionFactory(number="2026-03 (fictive)", decided_on=DAY(2026, 3, 3))
    made.start = DAY(2026, 4, 1)
    return made


@override_settings(DPO_CONTACT="protection.donnees@exemple.invalid")
def contexts(desk: Desk) -> dict[str, Any]:
    """The convention, its parties and lines by the hundred, then its life: published, handed over, amended, ended."""
    found = {}
    with standing(2026, 3, 10):
        project = f.ProjectFactory(name="Voiles solidaires (fictif)", holder=desk.partner(SAILS.partner))
        summary = "L’OPT-NC aide une association fictive à faire découvrir la voile à des enfants."
        act = desk.draft(SAILS, preamble="\r\n".join(PREAMBLE), place="Nouméa", project=project.pk, public_summary=summary)  # fmt: skip
        for kind in (AttachmentKind.PROJECT, AttachmentKind.BUDGET):
            upload = SimpleUploadedFile(f"{kind}.pdf", small_pdf(kind))
            attachments.file_upload(upload, kind=kind, by=desk.officer.user, convention=act.convention)
        found["convention"], act = _frozen(desk, act)
        many = desk.draft(FOUR, place="Nouméa", equipment_paste=_pasted(_devices(100)))
        found["quatre-parties"] = assembling.agreement_context(many)
    found["attestation"] = attested(desk)
    with standing(2026, 4, 14):
        act = desk.signed(act)
    with standing(2026, 4, 15):
        sheet = publication.publish(act.convention, by=f.UserFactory(role="communication"))
        found["version-publique"] = publication.stored_context(sheet)
    with standing(2026, 4, 20):
        found |= {
            f"courrier-{kind.replace('_', '-')}": _letter(desk, act, kind) for kind in LetterKind.values
        }
    found["proces-verbal"] = _handed_over(act)
    with at_work(desk, 2027, 1, 11):
        found["avenant"], later = _frozen(desk, _amendment(desk, act))
    with at_work(desk, 2027, 1, 18):
        desk.signed(later)
        reason = "l’Association cesse son activité."
        last = amending.start_termination(
            act.convention, by=desk.officer.user, reason=reason, effective_on=DAY(2028, 3, 31)
        )
        desk.save(last, {"board_decision": desk.decision.pk, "path": "papier", "place": "Nouméa"})
        found["resiliation"], _ended = _frozen(desk, last)
    return found


def _frozen(desk: Desk, act: Act) -> tuple[Any, Act]:
    """What the act says once it is frozen on its screens; the code of its paper, drawn by lot, is left out."""
    for event in (Event.SUBMIT, Event.APPROVE, Event.FREEZE):
        act = desk.advance(act, event)
    return assembling.agreement_context(act, is_draft=False), act


def _letter(desk: Desk, act: Act, kind: str) -> Any:
    """A letter about the signed act, from its delivered text; the codes and the address are fixed ones."""
    template = LetterTemplate.objects.get(code=kind)
    texts.put_in_force(template, by=desk.lawyer.user)
    (party,) = letters.others(act)
    order = letters.Order(
        kind=LetterKind(kind), party=party, signer=letters.signers()[0], place="Nouméa",
        reason="Les ateliers n’ont pas ouvert (fictif) :\n- aucun enfant n’a été accueilli ;\n- aucun bilan n’a été remis.",
        message="Le matériel se retire sur rendez-vous (fictif).", effective_on=DAY(2026, 9, 30),
    )  # fmt: skip
    letter = letters.prepare(act, order, by=desk.officer.user)
    made = cast(LetterContext, from_snapshot(letter.document.snapshot))
    code = storage.verification_codes([act])[act.pk]
    body = made.body.replace(show_code(code), show_code(CODE)).replace(code, CODE)
    return replace(made, body=body, code=CODE, address=f"https://partenaires.example/verifier/{CODE}")


def _amendment(desk: Desk, act: Act) -> Act:
    """A year more, and its money."""
    by = desk.officer.user
    reason = "prolonger d’un an le projet et le soutien de l’OPT-NC."
    later = amending.start_amendment(act.convention, by=by, reason=reason, ends_on=DAY(2028, 3, 31))
    money = {"amount": 800_000, "status": "connu", "figure": "accorde", "label": "Encadrement"}
    amending.add_line(later, Funding, by=by, position=9, budget_year=2028, **money)
    desk.save(later, {"board_decision": desk.decision.pk, "path": "papier", "place": "Nouméa"})
    return later


def _handed_over(act: Act) -> Any:
    """The ten devices set aside, erased, then handed over, on the page « Suivi »."""
    with standing(2026, 5, 4):
        client = sign_in(f.UserFactory(role="logistique", last_name="PERSONNE 5 (fictif)"))
        for term in act.equipmentterm_set.order_by("position", "pk"):
            devices = f"{term.serial};{term.inventory_tag}"
            _told(client, act, "appareils", term=term.pk, devices=devices, note="fonctionne")
        items = list(EquipmentItem.objects.filter(equipment__act=act).order_by("pk"))
        for rank, item in enumerate(items, start=1):
            if item.holds_data:
                _told(client, act, "effacement", items=[item.pk], method="ecrasement", erased_on=DAY(2026, 5, 4), agent="agent fictif", certificate=f"EFF-{rank:03d}")  # fmt: skip
    with standing(2026, 5, 6):
        client = sign_in(client.user)
        people = {
            "given_by": "Noa AGENT FICTIF, logistique",
            "received_by": "Éloïse WAMYTAN FICTIVE, présidente",
        }
        _told(client, act, "remise", items=[item.pk for item in items], handed_on=DAY(2026, 5, 6), place="Nouméa", **people)  # fmt: skip
        told = handover.handover_context(Handover.objects.get(act=act))
        return replace(told, code=CODE, address=told.address.replace(told.code, CODE))


def _told(client: Any, act: Act, code: str, **values: Any) -> None:
    """A fact recorded on the page « Suivi »; what it refuses fails, and is told."""
    url = reverse(f"admin:conventions_convention_follow_{code}", kwargs={"pk": act.convention_id})
    answer = client.post(url, values)
    assert answer.status_code == 302, answer.context["panels"][code].form.errors


def attested(desk: Desk) -> AttestationContext:
    """What attests the same convention, signed online that morning; what is drawn by lot is put aside."""
    with at_work(desk, 2026, 3, 11):
        authority.create_embedded(authority.embedded_folder())
        for person in Representative.objects.filter(partner__slug=SAILS.partner):
            Representative.objects.filter(pk=person.pk).update(email="presidence@exemple.invalid")
        for person in Representative.objects.filter(partner=f.opt_partner()):
            Representative.objects.filter(pk=person.pk).update(user=f.UserFactory(role="direction"))
        act = desk.frozen(SAILS, place="Nouméa", path="en_ligne")
        requests = SignatureRequest.objects.filter(document=act.frozen_document).order_by("rank", "pk")
        for key in list(requests.values_list("pk", flat=True)):
            online.sign(key)
            online.seal(act.convention)  # as the worker does between two signatures
        act = Act.objects.select_related("convention", "frozen_document").get(pk=act.pk)
        lines = attestation.lines_of(act)
        return _without_chance(attestation.attestation_context(act, act.frozen_document, lines, code=CODE))


def _without_chance(context: AttestationContext) -> AttestationContext:
    """The code, the key and the bytes differ each time: fixed ones stand for them."""
    files = tuple(
        replace(file, size=1024, sha256=f"{rank:02d}" * 32) for rank, file in enumerate(context.files)
    )
    address = context.address.replace(context.code, CODE)
    return replace(context, code=CODE, address=address, certificate="ab" * 32, files=files)
