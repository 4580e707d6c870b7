"""What a line of an act may name: kinds of support, duties that a payment may wait for, papers. A query each."""

from django.db.models import Q

from conventions.enums import ActKind, AttachmentKind
from conventions.models import Act, Attachment, Convention, InKind, Obligation, SupportKind


def support_kinds(act: Act) -> list[SupportKind]:
    """The kinds that the office proposes, and those retired since that lines of this convention hold."""
    held = InKind.objects.filter(act__convention=act.convention_id).values("kind")
    return list(SupportKind.objects.filter(Q(active=True) | Q(slug__in=held)))


def duties_awaited(act: Act, *, read: list[Obligation] | None = None) -> list[Obligation]:
    """The duties of this act, and for a later one those in force that it does not change. `read`: its own, if read."""
    if read is not None and act.kind == ActKind.INITIAL:
        return [row for row in read if not row.removed]
    own = Q(act=act, removed=False)
    if act.kind == ActKind.INITIAL:
        return list(Obligation.objects.filter(own).order_by("position", "pk"))
    rows = Obligation.objects.filter(act__convention=act.convention_id)
    in_force = Q(pk__in=rows.current().values("pk")) & ~Q(replaced_by__act=act)
    return list(rows.filter(own | in_force).order_by("act__rank", "position", "pk"))


def annexable(convention: Convention, *, read: list[Attachment] | None = None) -> list[Attachment]:
    """The papers of a file that an act may take as annexes; bank details never are. `read`: all those of the file."""
    rows = list(Attachment.objects.filter(convention=convention)) if read is None else read
    found = [row for row in rows if not row.pending and row.kind != AttachmentKind.BANK]
    return sorted(found, key=lambda row: (row.uploaded_at, row.pk))
