"""The papers of a remise: its procès-verbal once signed on paper and scanned, its photos."""

from collections.abc import Iterable

from conventions import permissions
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.enums import AttachmentKind
from conventions.models import Attachment, Convention, Handover, HandoverSignature, User

SIGNED, PHOTO = "signe", "photo"
SIGNED_ONLINE = (
    "Ce procès-verbal est signé en ligne : il n’a pas d’exemplaire sur papier. Classez une photo, ou joignez ce "
    "fichier à la convention."
)
PAPERS = {SIGNED: "signé", PHOTO: "photo"}


def file(handover: Handover, attachment: Attachment | None, *, what: str, by: User) -> Attachment:
    """Name a file of the convention as a paper of a remise: its signed procès-verbal, or a photo.

    Raises EquipmentRefused without a file, or when the procès-verbal is signed on screen already.
    """
    permissions.require(permissions.can_edit_equipment, by)
    if attachment is None or what not in PAPERS:
        raise EquipmentRefused(
            {"file": "Choisissez le fichier : le procès-verbal signé, numérisé, ou une photo."}
        )
    if what == SIGNED and HandoverSignature.objects.filter(handover=handover).exists():
        raise EquipmentRefused({"what": SIGNED_ONLINE})
    attachment.title = _paper_title(handover, what)
    attachment.kind = AttachmentKind.SCAN if what == SIGNED else AttachmentKind.OTHER
    attachment.save(update_fields=["title", "kind"])
    return attachment


def is_filed_signed(handover: Handover) -> bool:
    """Whether its procès-verbal signed on paper is filed."""
    rows = handover.act.convention.attachments.filter(pending=False, kind=AttachmentKind.SCAN)
    return rows.filter(title=_paper_title(handover, SIGNED)).exists()


def of(convention: Convention, handovers: Iterable[Handover]) -> dict[int, list[Attachment]]:
    """{remise: its papers}, signed procès-verbal and photos; one query."""
    titles = {_paper_title(row, what): row.pk for row in handovers for what in PAPERS}
    found: dict[int, list[Attachment]] = {}
    for paper in convention.attachments.filter(title__in=titles, pending=False).order_by("pk"):
        found.setdefault(titles[paper.title], []).append(paper)
    return found


def _paper_title(handover: Handover, what: str) -> str:
    """« Procès-verbal de remise n° 2026-014-PV1, signé »: which remise, by the number of its document."""
    named = handover.document.title if handover.document else f"Remise n° {handover.pk}"
    return f"{named}, {PAPERS[what]}"
