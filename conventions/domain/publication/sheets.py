"""Publishing a convention: one more version of its sheet, with its own stored PDF."""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass
from enum import Enum

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.documents import storage
from conventions.domain.documents.context import (
    PublicSheetContext,
    SnapshotError,
    context_hash,
    from_snapshot,
    to_snapshot,
)
from conventions.domain.documents.context.snapshot import SNAPSHOT_VERSION
from conventions.domain.documents.rendering import RenderedPdf, render_public, render_reconstitution
from conventions.domain.publication import embargo, wording
from conventions.domain.publication.errors import PublicationError
from conventions.domain.publication.sheet_context import mentions, public_nature, sheet_context
from conventions.enums import ActKind, ActOrigin, DocumentKind
from conventions.formats import search_key
from conventions.models import (
    Act,
    Convention,
    PublicSheet,
    PublicSheetFunding,
    PublicSheetPartner,
    User,
)
from conventions.models.publication import PublicSheetQuerySet

CHANGED_MEANWHILE = (
    "La convention a changé pendant la préparation de la page. Relisez-la, puis publiez de nouveau."
)
# What staff read beside « à republier ».
LABELS = {
    "title": "le titre",
    "slug": "l’adresse de la page",
    "kind_label": "la nature",
    "kind_wording": "la nature",
    "edition": "l’édition",
    "reference": "la référence",
    "origin": "l’origine de l’acte",
    "summary": "le résumé public",
    "object": "l’objet",
    "project": "le projet",
    "project_place": "le projet",
    "area": "les territoires",
    "parties": "les parties et leurs signataires",
    "beneficiaries": "les bénéficiaires finaux",
    "cofunders": "les co-financeurs",
    "sections": "le récit",
    "fundings": "les montants",
    "supports": "les soutiens en nature",
    "term": "la durée",
    "signed_on": "la date de signature",
    "signed_wording": "la date de signature",
    "place": "le lieu de signature",
    "ceremony": "la cérémonie",
    "ceremony_id": "la cérémonie",
    "attendees": "les personnes présentes",
    "board_decision": "la délibération",
    "values": "les valeurs",
    "themes": "les thèmes",
    "plan": "le plan stratégique",
    "sources": "les sources",
    "press_contacts": "le contact presse",
    "acts": "les avenants et résiliations",
    "is_demo": "la marque « fictif »",
    "closed_on": "la clôture",
}


class Keep(Enum):
    """Stands for « the embargo as it is »."""

    EMBARGO = "keep"


KEEP = Keep.EMBARGO


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationState:
    """Where a convention stands before the public; `changes` are French labels of what differs."""

    code: str  # non_publiee | sous_embargo | publiee | a_republier | retiree
    label: str
    sheet: PublicSheet | None = None
    changes: tuple[str, ...] = ()


def stored_context(sheet: PublicSheet) -> PublicSheetContext:
    """The facts a sheet was published with. Raises SnapshotError when its content is not one of ours."""
    stored = {"type": PublicSheetContext.__name__, "version": SNAPSHOT_VERSION, "data": sheet.data}
    ctx = from_snapshot(stored)
    if not isinstance(ctx, PublicSheetContext):
        raise SnapshotError("not a public sheet")
    return ctx


def published_sheets() -> PublicSheetQuerySet:
    """Published sheets, the latest signature first; those whose date is not known come last on every engine."""
    latest = F("signed_on").desc(nulls_last=True)
    return PublicSheet.objects.published().order_by(latest, "title", "pk")


def publish(
    convention: Convention, *, by: User, embargo_until: datetime.datetime | Keep | None = KEEP
) -> PublicSheet:
    """Publish the next version of a convention's sheet, with its PDF, and return it.

    Order: read, render (outside the transaction), lock the convention, read again, store. The sheet before it is
    no longer current, embargo or not. An embargo that runs is kept unless `embargo_until` gives another moment, or
    None to lift it: correcting a page must not reveal it. Raises PublicationError when no act is signed, when the
    convention changed in between, or when another page already has this address.
    """
    permissions.require(permissions.can_publish, by)
    today = timezone.localdate()
    ctx = sheet_context(convention, on=today)
    pdf = _render(ctx)
    with transaction.atomic():
        locked = Convention.objects.select_for_update().get(pk=convention.pk)
        if context_hash(sheet_context(locked, on=today)) != context_hash(ctx):
            raise PublicationError(CHANGED_MEANWHILE, "changed")
        _refuse_taken_address(locked)
        until = _running_embargo(locked) if embargo_until is KEEP else embargo_until
        return _store(locked, ctx, pdf, by=by, embargo_until=until)


def _running_embargo(convention: Convention) -> datetime.datetime | None:
    current = PublicSheet.objects.filter(convention=convention, is_current=True).first()
    return embargo.runs_until(current) if current is not None else None


def _render(ctx: PublicSheetContext) -> RenderedPdf:
    return render_reconstitution(ctx) if ctx.origin == ActOrigin.REPRISE else render_public(ctx)


def _refuse_taken_address(convention: Convention) -> None:
    others = PublicSheet.objects.filter(slug=convention.slug, is_current=True)
    if others.exclude(convention=convention).exists():
        raise PublicationError(
            "Une autre page publique a déjà cette adresse. Changez « adresse de la page », puis publiez.",
            "address_taken",
        )


def _store(
    convention: Convention,
    ctx: PublicSheetContext,
    pdf: RenderedPdf,
    *,
    by: User,
    embargo_until: datetime.datetime | None,
) -> PublicSheet:
    initial = Act.objects.signed().get(convention=convention, kind=ActKind.INITIAL)
    title = f"{ctx.title} – version publique"
    document = storage.store(pdf, kind=DocumentKind.PUBLIC, act=initial, title=title, by=by, context=ctx)
    previous = PublicSheet.objects.filter(convention=convention)
    version = (previous.aggregate(last=Max("version"))["last"] or 0) + 1
    previous.filter(is_current=True).update(is_current=False)
    sheet = PublicSheet.objects.create(
        convention=convention,
        version=version,
        slug=ctx.slug,
        title=ctx.title,
        summary=ctx.summary,
        kind_label=convention.kind.name,
        kind_slug=convention.kind.slug,
        signed_on=ctx.signed_on.value if ctx.signed_on else None,
        signed_on_precision=ctx.signed_on.precision if ctx.signed_on else "jour",
        year=ctx.signed_on.value.year if ctx.signed_on else None,
        data=to_snapshot(ctx)["data"],
        document=document,
        is_demo=ctx.is_demo,
        embargo_until=embargo_until,
        published_by=by,
    )
    _store_rows(sheet, convention, ctx)
    journal.record(
        "publication",
        by=by,
        convention=convention,
        details={
            "version": version,
            "document": document.sha256,
            "embargo": embargo_until.isoformat() if embargo_until else "",
        },
    )
    return sheet


def _store_rows(sheet: PublicSheet, convention: Convention, ctx: PublicSheetContext) -> None:
    """The rows that lists filter and add up; a ceiling is not an amount granted, so it is left uncounted."""
    sheet.areas.set(convention.areas.all())
    sheet.values.set(convention.values.all())
    sheet.themes.set(convention.themes.all())
    PublicSheetPartner.objects.bulk_create(
        PublicSheetPartner(
            sheet=sheet,
            partner=party.partner,
            slug=party.partner.slug,
            name=party.partner.name,
            acronym=party.partner.acronym,
            nature_label=public_nature(party.partner),
            presentation=party.partner.presentation,
            role=party.role,
            commune=party.partner.commune.name if party.partner.commune else party.partner.country,
            search_key=search_key(f"{party.partner.name} {party.partner.acronym}"),
            position=rank,
        )
        for party, rank in mentions(convention)
    )
    PublicSheetFunding.objects.bulk_create(
        PublicSheetFunding(
            sheet=sheet,
            budget_year=line.budget_year,
            amount=line.amount if line.countable else None,
            position=rank,
        )
        for rank, line in enumerate(wording.granted(ctx))
    )


def withdraw(convention: Convention, *, by: User) -> None:
    """Take the page of a convention off the public site; its versions stay on record.

    Raises PublicationError when no page is published.
    """
    permissions.require(permissions.can_publish, by)
    with transaction.atomic():
        Convention.objects.select_for_update().get(pk=convention.pk)
        sheet = PublicSheet.objects.filter(
            convention=convention, is_current=True, withdrawn_at__isnull=True
        ).first()
        if sheet is None:
            raise PublicationError("Cette convention n’a pas de page publique à retirer.", "not_published")
        sheet.withdrawn_at = timezone.now()
        sheet.save(update_fields=["withdrawn_at"])
        journal.record(
            "publication_retiree", by=by, convention=convention, details={"version": sheet.version}
        )


def publication_state(convention: Convention, *, at: datetime.datetime | None = None) -> PublicationState:
    """Where the convention stands before the public, for the admin."""
    sheet = PublicSheet.objects.filter(convention=convention, is_current=True).first()
    if sheet is None:
        return PublicationState(code="non_publiee", label="Non publiée")
    if sheet.withdrawn_at is not None:
        return PublicationState(code="retiree", label="Page retirée", sheet=sheet)
    changes = _differences(stored_context(sheet), convention)
    if changes:
        return PublicationState(code="a_republier", label="À republier", sheet=sheet, changes=changes)
    if embargo.runs_until(sheet, at=at):
        return PublicationState(code="sous_embargo", label="Publiée, sous embargo", sheet=sheet)
    return PublicationState(code="publiee", label="Publiée", sheet=sheet)


def _differences(stored: PublicSheetContext, convention: Convention) -> tuple[str, ...]:
    live = sheet_context(convention, on=stored.published_on)
    changed = [
        LABELS[field.name]
        for field in dataclasses.fields(stored)
        if getattr(stored, field.name) != getattr(live, field.name)
    ]
    return tuple(dict.fromkeys(changed))
