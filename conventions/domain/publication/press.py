"""Press releases: drafted from the data, edited by communication, published with a stored PDF."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.documents import storage
from conventions.domain.documents.context import (
    PartialDate,
    PressContactContext,
    PressItemContext,
    PressReleaseContext,
    PublicSheetContext,
    SectionContext,
    SnapshotError,
    context_hash,
    from_snapshot,
)
from conventions.domain.documents.rendering import render_press_release
from conventions.domain.publication import embargo, press_drafting, wording
from conventions.domain.publication.errors import PublicationError
from conventions.domain.publication.sheet_context import announced_context, press_contact
from conventions.enums import ActKind, ActState, DocumentKind, PressState
from conventions.formats import capitalise, join_list, long_date, slugify_fr, typeset
from conventions.models import Act, Ceremony, Convention, PressContact, PressRelease, PublicSheet, User
from conventions.models.publication import under_embargo

UNTIL_SIGNED = "Sous embargo jusqu’à la signature"
NOT_SIGNED = (
    "Le communiqué reste sous embargo : tout n’est pas encore signé. Publiez-le après la dernière signature."
)
PAGE_HELD_BACK = (
    "La page « {title} » est sous embargo jusqu’au {moment} : le communiqué dirait son soutien avant elle. "
    "Donnez-lui un embargo au moins aussi long."
)
CHANGED_MEANWHILE = "Le communiqué a changé pendant sa mise en page. Relisez-le, puis publiez de nouveau."


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRelease:
    """A release and the text it was published with."""

    release: PressRelease
    text: PressReleaseContext


def draft_press_release(
    *, by: User, convention: Convention | None = None, ceremony: Ceremony | None = None
) -> PressRelease:
    """Write the first text of a press release, for one convention or for those of one ceremony.

    Nothing has to be signed yet: the text is drafted before the day. Raises PublicationError when there is nothing
    to tell, ValueError when both subjects or none are given.
    """
    permissions.require(permissions.can_publish, by)
    if (convention is None) == (ceremony is None):
        raise ValueError("A press release has one subject: a convention or a ceremony")
    subjects = _subjects(convention, ceremony)
    contexts = [announced_context(subject) for subject in subjects]
    signed = all_signed(subjects)
    if ceremony is not None:
        text = press_drafting.for_ceremony(ceremony, contexts, signed=signed)
        dated, place = ceremony.held_on, ceremony.place
    else:
        text = press_drafting.for_convention(contexts[0], signed=signed)
        dated, place = None, contexts[0].place
    dateline = dated or _signature_day(contexts[0]) or timezone.localdate()
    with transaction.atomic():
        release = PressRelease.objects.create(
            convention=convention,
            ceremony=ceremony,
            slug=_free_slug(f"{dateline.isoformat()} {(ceremony or subjects[0]).slug}"),
            title=text.title,
            standfirst=text.standfirst,
            body=text.body,
            dateline=dateline,
            place=place,
            contact=_contact(subjects),
            is_demo=any(subject.is_demo for subject in subjects),
        )
        journal.record(
            "communique_prepare", by=by, convention=convention, details={"communique": release.slug}
        )
    return release


def _subjects(convention: Convention | None, ceremony: Ceremony | None) -> list[Convention]:
    if convention is not None:
        return [convention]
    found = Convention.objects.filter(acts__ceremony=ceremony, acts__kind=ActKind.INITIAL)
    subjects = list(found.select_related("press_contact").order_by("pk").distinct())
    if not subjects:
        raise PublicationError(
            "Aucune convention n’est rattachée à cette cérémonie. Rattachez-les, puis préparez le communiqué.",
            "empty_ceremony",
        )
    return subjects


def all_signed(subjects: list[Convention]) -> bool:
    """Whether the initial act of every convention is signed."""
    initial = Act.objects.filter(convention__in=subjects, kind=ActKind.INITIAL, state=ActState.SIGNED)
    return initial.count() == len(subjects)


def _signature_day(ctx: PublicSheetContext) -> datetime.date | None:
    return ctx.signed_on.value if ctx.signed_on else None


def _contact(subjects: list[Convention]) -> PressContact | None:
    named = [subject.press_contact for subject in subjects if subject.press_contact]
    return named[0] if named else PressContact.objects.filter(active=True).first()


def _free_slug(text: str) -> str:
    stem = slugify_fr(text, 120)
    taken = set(PressRelease.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    rank, slug = 1, stem
    while slug in taken:
        rank += 1
        slug = f"{stem}-{rank}"
    return slug


def sections(body: str) -> tuple[SectionContext, ...]:
    """An edited text as titled runs of paragraphs: a blank line parts two paragraphs, « ## » opens a title."""
    found: list[tuple[str, list[str]]] = [("", [])]
    open_paragraph = False
    for line in (raw.strip() for raw in body.replace("\r\n", "\n").split("\n")):
        if line.startswith("##"):
            found.append((line.lstrip("# "), []))
            open_paragraph = False
        elif not line:
            open_paragraph = False
        elif open_paragraph:
            found[-1][1][-1] += f" {line}"
        else:
            found[-1][1].append(line)
            open_paragraph = True
    return tuple(
        SectionContext(heading=heading, paragraphs=tuple(texts))
        for heading, texts in found
        if heading or texts
    )


def press_context(release: PressRelease, *, draft: bool = False) -> PressReleaseContext:
    """What the release prints: its edited text, and for a ceremony the table of its conventions."""
    subjects = _subjects(release.convention, release.ceremony)
    contexts = [announced_context(subject) for subject in subjects]
    return PressReleaseContext(
        headline=release.title,
        lead=release.standfirst,
        is_draft=draft,
        embargo=_embargo(release, subjects) if draft else "",
        place=release.place,
        dated=PartialDate(value=release.dateline),
        items=tuple(_item(ctx) for ctx in contexts) if release.ceremony_id else (),
        sections=sections(release.body),
        contacts=(press_contact(release.contact),) if release.contact else (),
        is_demo=release.is_demo,
    )


def _item(ctx: PublicSheetContext) -> PressItemContext:
    return PressItemContext(
        partner=capitalise(join_list(party.name for party in wording.supported(ctx))),
        title=ctx.title,
        support=capitalise(wording.support_phrase(ctx)) or "Soutien non précisé",
        slug=ctx.slug,
    )


def _embargo(release: PressRelease, subjects: list[Convention]) -> str:
    if not all_signed(subjects):
        return UNTIL_SIGNED
    until = embargo.runs_until(release)
    return typeset(f"Sous embargo jusqu’au {_moment(until)}") if until else ""


def published_releases(
    *, convention_id: int | None = None, ceremony_id: int | None = None, limit: int | None = None
) -> list[PublishedRelease]:
    """Published releases as they were stored, the latest first; about a convention or its ceremony when given."""
    found = PressRelease.objects.published().select_related("document")
    if convention_id is not None:
        about = Q(convention=convention_id)
        found = found.filter(about | Q(ceremony=ceremony_id) if ceremony_id is not None else about)
    return [PublishedRelease(release=release, text=stored_release(release)) for release in found[:limit]]


def stored_release(release: PressRelease) -> PressReleaseContext:
    """The text a release was published with: later edits wait for the next publication."""
    snapshot = release.document.snapshot if release.document else None
    ctx = from_snapshot(snapshot or {})
    if not isinstance(ctx, PressReleaseContext):
        raise SnapshotError("not a press release")
    return ctx


def preview_press_release(release: PressRelease) -> bytes:
    """The PDF as it stands, marked « brouillon » and, before the signature, « sous embargo »; nothing is stored."""
    return render_press_release(press_context(release, draft=True)).content


def held_back(release: PressRelease) -> str:
    """Why this release may not be published yet, as a French sentence; empty when it may."""
    subjects = _subjects(release.convention, release.ceremony)
    return _before_its_pages(release, subjects) if all_signed(subjects) else NOT_SIGNED


def _before_its_pages(release: PressRelease, subjects: list[Convention]) -> str:
    """A release says what its conventions give: it does not come out before the embargo of their pages ends."""
    held = PublicSheet.objects.filter(
        under_embargo(), convention__in=subjects, is_current=True, withdrawn_at__isnull=True
    )
    last = held.select_related("convention").order_by("-embargo_until").first()
    until = last.embargo_until if last else None
    if last is None or until is None or (release.embargo_until and release.embargo_until >= until):
        return ""
    return typeset(PAGE_HELD_BACK.format(title=last.convention.title, moment=_moment(until)))


def _moment(at: datetime.datetime) -> str:
    """« 3 mars 2026 à 09 h 30 », in Nouméa."""
    local = timezone.localtime(at)
    return f"{long_date(local.date())} à {local:%H} h {local:%M}"


def publish_press_release(release: PressRelease, *, by: User) -> PressRelease:
    """Publish a release with its PDF; `release.embargo_until` holds it back after that.

    Order: read, render (outside the transaction), lock, read again, store. Publishing again after a correction
    stores the next version. Raises PublicationError while a convention it announces is not signed, or its page is
    under a longer embargo.
    """
    permissions.require(permissions.can_publish, by)
    if reason := held_back(release):
        raise PublicationError(reason, "not_signed" if reason == NOT_SIGNED else "embargo")
    ctx = press_context(release)
    pdf = render_press_release(ctx)
    with transaction.atomic():
        locked = PressRelease.objects.select_for_update().get(pk=release.pk)
        if context_hash(press_context(locked)) != context_hash(ctx):
            raise PublicationError(CHANGED_MEANWHILE, "changed")
        owner = {"ceremony": locked.ceremony} if locked.ceremony else {"act": _initial_act(locked)}
        locked.document = storage.store(
            pdf, kind=DocumentKind.PRESS, title=f"{locked.title} – communiqué", by=by, context=ctx, **owner
        )
        locked.state = PressState.PUBLISHED
        locked.published_at = timezone.now()
        locked.save(update_fields=["document", "state", "published_at", "updated_at"])
        journal.record(
            "communique_publie",
            by=by,
            convention=locked.convention,
            details={"communique": locked.slug, "document": locked.document.sha256},
        )
    return locked


def _initial_act(release: PressRelease) -> Act:
    return Act.objects.signed().get(convention=release.convention, kind=ActKind.INITIAL)


def withdraw_press_release(release: PressRelease, *, by: User) -> PressRelease:
    """Take a release off the public site. Raises PublicationError when it is not published."""
    permissions.require(permissions.can_publish, by)
    with transaction.atomic():
        locked = PressRelease.objects.select_for_update().get(pk=release.pk)
        if locked.state != PressState.PUBLISHED:
            raise PublicationError("Ce communiqué n’est pas publié.", "not_published")
        locked.state = PressState.WITHDRAWN
        locked.save(update_fields=["state", "updated_at"])
        journal.record(
            "communique_retire", by=by, convention=locked.convention, details={"communique": locked.slug}
        )
    return locked


def published_contacts(limit: int = 3) -> list[PressContactContext]:
    """Press contacts as the latest published sheets name them, each once; one query."""
    stored = (
        PublicSheet.objects.published()
        .order_by("-published_at", "-pk")
        .values_list("data__press_contacts", flat=True)[:200]
    )
    found: dict[str, PressContactContext] = {}
    for row in (row for rows in stored for row in rows or ()):
        contact = PressContactContext(**{**row, "phones": tuple(row["phones"])})
        found.setdefault(contact.name, contact)
    return list(found.values())[:limit]
