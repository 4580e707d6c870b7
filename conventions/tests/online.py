"""An act signed online, for tests: frozen with its first seal, then signed and sealed by each signatory."""

import datetime
import shutil
import tempfile
from functools import cache
from pathlib import Path

from django.utils import timezone

from conventions.domain.acts.lifecycle import apply
from conventions.domain.documents import sealing, storage
from conventions.domain.documents.sealing import authority
from conventions.enums import Event, PartyRole, SignatureMethod
from conventions.models import Act, SealedRevision, Signatory, SignatureAct, SignatureRequest
from conventions.tests.factories import (
    BoardDecisionFactory,
    ConventionFactory,
    RepresentativeFactory,
    UserFactory,
)

CLAUSE = {
    "code": "objet",
    "heading": "Objet",
    "body": "L’OPT-NC soutient {{ du_beneficiaire }} : {{ objet }}",
}
FUNDING = {"amount": 2_000_000, "budget_year": 2026}


@cache
def keys() -> Path:
    """A folder of keys of the embedded authority, made once for the whole run: two RSA keys take a second."""
    folder = Path(tempfile.mkdtemp(prefix="opt-sceau-")) / "sceau"
    authority.create_embedded(folder)
    return folder


def give_keys() -> None:
    """Put these keys where this test's site looks for its own."""
    folder = authority.embedded_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(keys(), folder)


def frozen_act(**values) -> Act:
    """A fictitious convention to be signed online by its two parties, frozen and certified."""
    officer, lawyer = UserFactory(role="gestionnaire"), UserFactory(role="juriste")
    convention = ConventionFactory(
        **{
            "act__clauses": [CLAUSE],
            "act__fundings": [FUNDING],
            "act__path": "en_ligne",
            "act__prepared_by": officer,
            **values,
        }
    )
    act = convention.acts.get()
    _invitable(act)
    Act.objects.filter(pk=act.pk).update(board_decision=BoardDecisionFactory())
    act = apply(Act.objects.get(pk=act.pk), Event.SUBMIT, by=officer)
    act = apply(act, Event.APPROVE, by=lawyer)
    return apply(act, Event.FREEZE, by=officer)


def _invitable(act: Act) -> None:
    """Give each partner's signatory an address, and OPT-NC's a mandate with an account."""
    for person in act.signatories.select_related("party__partner"):
        if person.party.role == PartyRole.OPT:
            mandate = RepresentativeFactory(
                partner=person.party.partner,
                user=UserFactory(role="direction"),
                first_name=person.first_name,
                last_name=person.last_name,
                title=person.title,
            )
            Signatory.objects.filter(pk=person.pk).update(representative=mandate)
        else:
            Signatory.objects.filter(pk=person.pk).update(email="presidence@exemple.invalid")


def sign(
    act: Act,
    signatory: Signatory,
    *,
    at: datetime.datetime | None = None,
    request: SignatureRequest | None = None,
) -> SignatureAct:
    """What the ceremony records when somebody signs."""
    moment = at or timezone.now()
    is_opt = signatory.party.role == PartyRole.OPT
    Signatory.objects.filter(pk=signatory.pk).update(signed_on=timezone.localdate(moment))
    return SignatureAct.objects.create(
        document=act.frozen_document,
        signatory=signatory,
        request=request or SignatureRequest.objects.get(document=act.frozen_document, signatory=signatory),
        method=SignatureMethod.ACCOUNT if is_opt else SignatureMethod.EMAIL_CODE,
        document_sha256=act.frozen_document.sha256,
        typed_name=str(signatory),
        consent="Je signe ce document.",
        signed_at=moment,
        signed_on=timezone.localdate(moment),
    )


def signed_act(**values) -> Act:
    """The same act, every signature made and sealed."""
    act = frozen_act(**values)
    for signatory in act.signatories.all():
        sign(act, signatory)
    sealing.apply_seals(act.frozen_document)
    return act


def contents(act: Act) -> list[bytes]:
    """The file as it was after each seal, the first one included."""
    rows = SealedRevision.objects.filter(document=act.frozen_document).order_by("revision")
    return [storage.read_bytes(row) for row in rows]
