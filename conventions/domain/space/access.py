"""What someone may read in the space: the one place where it is decided."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from conventions.domain.acts import letters
from conventions.domain.documents.storage import is_shown_to_partner, shown_to_partner
from conventions.enums import (
    AWAITING_SIGNATURE_STATES,
    SHOWN_TO_PARTNERS_STATES,
    ActState,
    DocumentKind,
)
from conventions.models import Act, Convention, Document, Party, Representative, Signatory, User
from conventions.models.documents import HANDOVER_KINDS

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class InOffice(TypedDict):
        reader_in_office: bool

    class Signed(TypedDict):
        signed_by_reader: bool

    ReadConvention = WithAnnotations[Convention, InOffice]
    ReadAct = WithAnnotations[Act, Signed]

Reader = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class File:
    """One convention as one reader may see it: `acts` in order, `in_office` or a former representative."""

    convention: Convention
    acts: tuple[Act, ...]
    in_office: bool

    @property
    def signed_acts(self) -> list[Act]:
        return [act for act in self.acts if act.state == ActState.SIGNED]

    @property
    def pending_act(self) -> Act | None:
        """The act that awaits signatures, if there is one."""
        return next((act for act in self.acts if act.state in AWAITING_SIGNATURE_STATES), None)

    @property
    def source_acts(self) -> list[Act]:
        """Acts whose terms hold: those that are signed or, before any is, the one to be signed."""
        return self.signed_acts or ([self.pending_act] if self.pending_act else [])

    @property
    def reference(self) -> str:
        """Number of the convention, or its old reference."""
        return self.acts[0].reference if self.acts else ""


def conventions_for(user: Reader) -> QuerySet[ReadConvention]:
    """Conventions this person reads in the space, with their status; staff read theirs in the admin."""
    if not user.is_authenticated or user.is_staff:
        return cast("QuerySet[ReadConvention]", Convention.objects.none())
    mine = _speaks_for(user, OuterRef("pk"))
    rows = Convention.objects.for_user(user).with_status().annotate(reader_in_office=Exists(mine))
    return cast("QuerySet[ReadConvention]", rows.select_related("kind", "officer", "project"))


def _speaks_for(user: Reader, convention: OuterRef) -> QuerySet[Party]:
    """The parties of a convention that this person represents today."""
    mandates = Representative.objects.with_access(user)
    return Party.objects.filter(convention=convention, partner__in=mandates.values("partner"))


def _readable_acts(user: Reader) -> QuerySet[ReadAct]:
    """Acts that partners may see, with whether this person signed them."""
    signed_by_me = Signatory.objects.filter(act=OuterRef("pk"), representative__user=user.pk)
    return Act.objects.filter(state__in=SHOWN_TO_PARTNERS_STATES).annotate(
        signed_by_reader=Exists(signed_by_me)
    )


def files_for(user: Reader, conventions: Iterable[ReadConvention]) -> list[File]:
    """Each convention (from `conventions_for`) with the acts this person may read: one query."""
    rows = list(conventions)
    acts = (
        _readable_acts(user)
        .filter(convention__in=[row.pk for row in rows])
        .select_related("board_decision", "ceremony", "frozen_document")
        .order_by("rank")
    )
    of_convention: dict[int, list[ReadAct]] = {}
    for act in acts:
        of_convention.setdefault(act.convention_id, []).append(act)
    return [_file(row, of_convention.get(row.pk, [])) for row in rows]


def _file(convention: ReadConvention, acts: list[ReadAct]) -> File:
    in_office = convention.reader_in_office
    kept = [act for act in acts if in_office or _signed_by_reader(act)]
    for act in kept:
        act.convention = convention  # already loaded: not read again for each act
    return File(convention=convention, acts=tuple(kept), in_office=in_office)


def _signed_by_reader(act: ReadAct) -> bool:
    return act.state == ActState.SIGNED and act.signed_by_reader


def file_for(user: Reader, slug: str) -> File | None:
    """One convention of this person, by its address; None when it is not theirs."""
    files = files_for(user, conventions_for(user).filter(slug=slug))
    return files[0] if files and files[0].acts else None


def documents_of(file: File) -> QuerySet[Document]:
    """Documents this person may download."""
    shown = [_downloadable(act, in_office=file.in_office) for act in file.acts]
    return functools.reduce(operator.or_, shown)


def _downloadable(act: Act, *, in_office: bool) -> QuerySet[Document]:
    """Papers made after a mandate are not the former representative's."""
    shown = shown_to_partner(act)
    return shown if in_office else shown.exclude(kind__in=HANDOVER_KINDS)


def document_for(user: Reader, pk: int) -> Document | None:
    """A document this person may download, or None. Short queries and no wide one, so that a download stays quick."""
    if not (user.is_authenticated and user.is_active) or user.is_staff:
        return None
    shown = Document.objects.filter(pk=pk, act__state__in=SHOWN_TO_PARTNERS_STATES)
    document = shown.defer("snapshot").select_related("act__convention").first()
    if document is None or document.act is None:
        return None
    if document.kind != DocumentKind.LETTER and not is_shown_to_partner(document, document.act):
        return None
    if document.kind == DocumentKind.LETTER:
        return (
            document if letters.letters_for(user, [document.act]).filter(document=document).exists() else None
        )
    if _is_in_office(user, document.act):
        return document
    signed = document.act.state == ActState.SIGNED and _has_signed(user, document.act)
    return document if signed and document.kind not in HANDOVER_KINDS else None


def _is_in_office(user: Reader, act: Act) -> bool:
    partners = act.convention.parties.values("partner")
    return Representative.objects.with_access(user).filter(partner__in=partners).exists()


def _has_signed(user: Reader, act: Act) -> bool:
    return Signatory.objects.filter(act=act, representative__user=user.pk).exists()
