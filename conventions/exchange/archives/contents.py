"""What an archive of PDFs will hold: a document, or the reason why there is none, for each convention."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from django.db.models import Prefetch, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.domain.documents import storage
from conventions.domain.publication import embargo
from conventions.enums import ENDED_STATES, ActState, DocumentKind
from conventions.formats import join_list, long_date, show_date, told_date
from conventions.models import Act, Convention, Document, Party, PublicSheet, PublicSheetPartner

FOLDER = "documents"


class ArchiveVersion(TextChoices):
    """Which text of each convention is exported; people choose every time."""

    PUBLIC = "publique", _("version publique")
    SIGNED = "signee-interne", _("version signée (interne)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the archive: `name` is its path in it, empty with a French `reason` when no document exists.

    In the public version, title, partners, reference and date are those of the published sheet.
    """

    convention: Convention
    title: str
    act: Act | None = None
    partners: str = ""
    reference: str = ""
    signed_on: str = ""
    document: Document | None = None
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePlan:
    """What was chosen, in order; reading it makes no query."""

    version: ArchiveVersion
    entries: tuple[Entry, ...]

    @property
    def present(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.document]

    @property
    def absent(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.document]

    @property
    def size(self) -> int:
        """Bytes of the documents together."""
        return sum(entry.document.size for entry in self.entries if entry.document)

    @property
    def named(self) -> list[Entry]:
        """What the archive itself may name: of the public version, only what the public reads."""
        return self.present if self.version == ArchiveVersion.PUBLIC else list(self.entries)


def archive_plan(keys: Iterable[int], version: ArchiveVersion) -> ArchivePlan:
    """The documents of these conventions (primary keys), in their order. As many queries for 1 as for 300.

    Public: the PDF of the page that the public reads today. Signed: the signed copy of each signed act.
    """
    chosen = list(keys)
    found = _public_entries(chosen) if version == ArchiveVersion.PUBLIC else _signed_entries(chosen)
    return ArchivePlan(version=version, entries=tuple(_named(found)))


def _in_order(rows: Iterable[Convention], keys: list[int]) -> list[Convention]:
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]


def _public_entries(keys: list[int]) -> Iterator[Entry]:
    now = timezone.now()
    rows = _in_order(Convention.objects.filter(pk__in=keys), keys)
    partners = PublicSheetPartner.objects.filter(partner__is_opt=False)
    sheets = (
        PublicSheet.objects.filter(convention__in=rows, is_current=True)
        .select_related("document__act")
        .prefetch_related(Prefetch("partners", queryset=partners))
    )
    by_convention = {sheet.convention_id: sheet for sheet in sheets}
    for convention in rows:
        sheet = by_convention.get(convention.pk)
        reason = _why_not_public(sheet, now)
        if reason or sheet is None or sheet.document is None or sheet.document.act is None:
            yield Entry(convention=convention, title=convention.title, reason=reason)
        else:
            yield _of_sheet(convention, sheet, sheet.document, sheet.document.act)


def _of_sheet(convention: Convention, sheet: PublicSheet, document: Document, act: Act) -> Entry:
    act.convention = convention
    if document is not None:
        document.act = act
    return Entry(
        convention=convention,
        title=sheet.title,
        act=act,
        partners=join_list([partner.name for partner in sheet.partners.all()]),
        reference=sheet.data.get("reference", ""),
        signed_on=show_date(sheet.signed_on, sheet.signed_on_precision) if sheet.signed_on else "",
        document=document,
    )


def _why_not_public(sheet: PublicSheet | None, now: datetime.datetime) -> str:
    if sheet is None:
        return "Pas encore publiée."
    if sheet.withdrawn_at is not None:
        return "Retirée du site public."
    if until := embargo.runs_until(sheet, at=now):
        return f"Sous embargo jusqu’au {long_date(timezone.localtime(until).date())}."
    if sheet.document is None or sheet.document.kind != DocumentKind.PUBLIC:
        return "Sa page publique n’a pas de PDF."
    return ""


def _signed_entries(keys: list[int]) -> Iterator[Entry]:
    partners = Party.objects.filter(partner__is_opt=False).select_related("partner")
    rows = Convention.objects.filter(pk__in=keys).prefetch_related(Prefetch("parties", queryset=partners))
    found = Act.objects.filter(convention__in=keys).select_related("signed_document").order_by("rank", "pk")
    acts = defaultdict(list)
    for act in found:
        acts[act.convention_id].append(act)
    copies = storage.signed_copies([act for act in found if act.state == ActState.SIGNED])
    for convention in _in_order(rows, keys):
        shown = [act for act in acts[convention.pk] if act.rank == 0 or act.state not in ENDED_STATES]
        if not shown:
            yield Entry(convention=convention, title=convention.title, reason="Aucun acte préparé.")
        for act in shown:
            yield _of_act(convention, act, copies.get(act.pk))


def _of_act(convention: Convention, act: Act, document: Document | None) -> Entry:
    act.convention = convention
    if document is not None:
        document.act = act
    return Entry(
        convention=convention,
        title=convention.title,
        act=act,
        partners=join_list([party.partner.name for party in convention.parties.all()]),
        reference=act.reference,
        signed_on=told_date(act.signed_on, act.signed_on_precision, act.signed_on_wording),
        document=document,
        reason="" if document else _why_not_signed(act),
    )


def _why_not_signed(act: Act) -> str:
    if act.state == ActState.SIGNED:
        return "Reprise d’un acte signé sur papier avant l’application : aucun scan n’est déposé."
    if act.state in ENDED_STATES:
        return f"Jamais signé (acte {act.get_state_display()})."
    return f"Pas encore signé (acte {act.get_state_display()})."


def _named(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Each document with a name of its own: the second « a.pdf » becomes « a-2.pdf »."""
    taken: set[str] = set()
    for entry in entries:
        if entry.document is None:
            yield entry
            continue
        path = PurePosixPath(FOLDER, storage.file_name(entry.document))
        name, rank = path, 2
        while str(name) in taken:
            name, rank = path.with_stem(f"{path.stem}-{rank}"), rank + 1
        taken.add(str(name))
        yield replace(entry, name=str(name))
