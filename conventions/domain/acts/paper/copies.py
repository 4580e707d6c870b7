"""Copies to print and sign in ink: one per party, made once from the frozen document and stored like it.

`print_copies` is asked for when somebody wants to print, not when the act is frozen: an act frozen before this existed
gets its copies in the same way, and an act that is taken back before it is printed costs nothing.
"""

from django.conf import settings
from django.db import transaction

from conventions import permissions
from conventions.domain.documents import annexes, storage
from conventions.domain.documents.context import AgreementContext, SnapshotError, from_snapshot
from conventions.domain.documents.merge_fields import originals_count
from conventions.domain.documents.rendering import Copy, render_copies
from conventions.domain.foundation.refusals import Refused
from conventions.enums import DocumentKind, SigningPath
from conventions.models import Act, Document, User

NOT_FROZEN = "Cet acte n’est pas à signer sur papier. Seul un acte figé, signé à l’encre, s’imprime ainsi."
MOVED_ON = "L’acte vient d’être repris. Rechargez la page."


class NothingToPrint(Refused):
    """The act has no frozen text to sign in ink."""


def is_printable(act: Act) -> bool:
    """Whether the act has a frozen text to sign in ink; it may still be printed once signed."""
    return act.path == SigningPath.INK and act.frozen_document_id is not None


def copies_of(act: Act) -> Document | None:
    """The copies already made from the act's present frozen document."""
    if act.frozen_document_id is None:
        return None
    return Document.objects.of_kind(DocumentKind.COPIES).filter(made_from=act.frozen_document_id).first()


def print_copies(act: Act, *, by: User) -> Document:
    """The copies to print, made now if they are not there yet. Composed outside the transaction that stores them.

    Raises NothingToPrint, also when the frozen bytes are lost.
    """
    permissions.require(permissions.can_print_copies, by)
    paper = act.frozen_document
    if paper is None or not is_printable(act):
        raise NothingToPrint(NOT_FROZEN)
    made = copies_of(act)
    if made is not None:
        return made
    code = paper.code or storage.new_code()
    try:
        frozen = storage.read_bytes(paper)
        enclosed = tuple(map(annexes.bytes_of, annexes.frozen_in(paper)))
    except storage.DamagedDocument as damage:
        raise NothingToPrint(str(damage)) from damage
    pdf = render_copies(frozen, copies_to_make(act), code=code, site_url=settings.SITE_URL, annexes=enclosed)
    with transaction.atomic():
        locked = Act.objects.select_for_update(of=("self",)).select_related("convention").get(pk=act.pk)
        if locked.frozen_document_id != paper.pk:
            raise NothingToPrint(MOVED_ON)
        return copies_of(locked) or storage.store(
            pdf,
            kind=DocumentKind.COPIES,
            title=f"{paper.title} – exemplaires à imprimer",
            by=by,
            act=locked,
            code="" if paper.code else code,
            made_from=paper,
        )


def copies_to_make(act: Act) -> tuple[Copy, ...]:
    """As many copies as the act itself says (« en deux exemplaires originaux »), each with the party that keeps it."""
    holders = [
        party.partner.acronym or party.partner.name
        for party in act.convention.parties.select_related("partner", "joined_by").order_by("position", "pk")
        if party.is_of(act)
    ]
    count = _originals(act.frozen_document) or len(holders)
    return tuple(
        Copy(number=rank + 1, holder=holders[rank] if rank < len(holders) else "") for rank in range(count)
    )


def _originals(paper: Document | None) -> int:
    """The number of originals that the frozen text states; 0 when it is not known."""
    try:
        context = from_snapshot((paper.snapshot if paper else None) or {})
    except SnapshotError:
        return 0
    return originals_count(context) if isinstance(context, AgreementContext) else 0
